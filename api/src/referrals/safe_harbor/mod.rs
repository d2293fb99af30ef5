//! Finds, in what somebody wrote, what the safe harbor does not let out: the eighteen kinds of 45 CFR 164.514(b)(2)(i).
//!
//! **What it is for.** A second opinion goes without the patient's consent only when it identifies nobody. What stands in fields
//! is generalised; what stands in sentences is looked through here, and each finding has to be written away before the words
//! are kept. The author attests besides that nothing else identifies (164.514(b)(2)(ii)): detectors miss, and
//! `corpus/README.md` says how often on which texts.
//!
//! **How.** The text is folded (`fold.rs`: forms of digits, letters and dots, what cannot be seen, line breaks), then read by one
//! file for each family of identifiers. All patterns run in linear time. Findings are in characters of the text as it was
//! given, and [`Cleared`] holds that very text: what was looked through is what is kept.

mod codes;
mod contacts;
mod dates;
mod fold;
mod images;
mod known;
mod names;
mod places;
mod rules;
#[cfg(test)]
mod tests;

use fold::Folded;
pub(super) use known::Known;

/// The eighteen kinds, in the order of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// (A) Names, of relatives, employers and household members too.
    Name,
    /// (B) Whatever is smaller than a state.
    Geography,
    /// (C) Whatever of a date is finer than the year, and ages over 89.
    Date,
    /// (D) Telephone numbers.
    Phone,
    /// (E) Fax numbers.
    Fax,
    /// (F) E-mail addresses.
    Email,
    /// (G) Social security numbers.
    Ssn,
    /// (H) Medical record numbers.
    MedicalRecordNumber,
    /// (I) Health plan beneficiary numbers.
    HealthPlanNumber,
    /// (J) Account numbers.
    AccountNumber,
    /// (K) Certificate and licence numbers.
    LicenseNumber,
    /// (L) Vehicles, with their plates.
    Vehicle,
    /// (M) Devices and their serial numbers.
    Device,
    /// (N) Addresses of the web.
    Url,
    /// (O) Addresses of the internet protocol.
    IpAddress,
    /// (P) Finger and voice prints and their like.
    Biometric,
    /// (Q) Photographs of the full face and comparable images.
    Photograph,
    /// (R) Any other unique number, characteristic or code.
    OtherIdentifier,
}

impl Kind {
    /// Its word on the wire.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Geography => "geography",
            Self::Date => "date",
            Self::Phone => "phone",
            Self::Fax => "fax",
            Self::Email => "email",
            Self::Ssn => "ssn",
            Self::MedicalRecordNumber => "medical_record_number",
            Self::HealthPlanNumber => "health_plan_number",
            Self::AccountNumber => "account_number",
            Self::LicenseNumber => "license_number",
            Self::Vehicle => "vehicle",
            Self::Device => "device",
            Self::Url => "url",
            Self::IpAddress => "ip_address",
            Self::Biometric => "biometric",
            Self::Photograph => "photograph",
            Self::OtherIdentifier => "other_identifier",
        }
    }

    /// What somebody is told who is to write it away.
    pub(super) const fn advice(self) -> &'static str {
        match self {
            Self::Name => "look like a name. Say who it is by role: the patient, a relative, the physician.",
            Self::Geography => "look like a place smaller than a state. Name the state at most.",
            Self::Date => {
                "look like a date finer than its year, or an age over 89. Write the year, how long ago, or 90 or older."
            }
            Self::Phone => "look like a telephone number. Leave it out.",
            Self::Fax => "look like a fax number. Leave it out.",
            Self::Email => "look like an e-mail address. Leave it out.",
            Self::Ssn => "look like a social security number. Leave it out.",
            Self::MedicalRecordNumber => "look like a medical record number. Leave it out.",
            Self::HealthPlanNumber => "look like the number of a health plan. Leave it out.",
            Self::AccountNumber => "look like the number of an account. Leave it out.",
            Self::LicenseNumber => "look like the number of a licence or a certificate. Leave it out.",
            Self::Vehicle => "look like the number of a vehicle. Leave it out.",
            Self::Device => "look like the number of a device. Leave it out.",
            Self::Url => "look like an address of the web. Leave it out.",
            Self::IpAddress => "look like an internet address. Leave it out.",
            Self::Biometric => "look like a biometric identifier. Leave it out.",
            Self::Photograph => "look like a photograph that goes along. Describe what it shows.",
            Self::OtherIdentifier => "look like a number, a code or a trait of one person alone. Leave it out.",
        }
    }
}

/// Something that identifies, from character `start` up to `end`, which is not of it any more. Characters are Unicode scalar
/// values, counted from 0, of the text as it was given: not bytes, and not the units of UTF-16.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Which rule found it.
    pub(super) rule: &'static str,
}

/// A text in which nothing was found. Only [`clear`] makes one, and it holds that text to the letter.
#[derive(Debug, Clone)]
pub(super) struct Cleared(String);

impl Cleared {
    /// The text as it was looked through.
    pub(super) fn into_inner(self) -> String {
        self.0
    }
}

/// Looks through a text. `this_year` tells which years of birth are over 89 years ago.
pub(super) fn clear(text: &str, known: &Known, this_year: i32) -> Result<Cleared, Vec<Finding>> {
    let findings = scan(text, known, this_year);
    if findings.is_empty() { Ok(Cleared(text.to_owned())) } else { Err(findings) }
}

/// What of a text identifies, in its order. Where two rules see the same, the surer one counts.
pub(super) fn scan(text: &str, known: &Known, this_year: i32) -> Vec<Finding> {
    let folded = Folded::of(text);
    let mut found = Found { taken: vec![false; text.chars().count()], findings: Vec::new() };
    known.find(&folded, &mut found);
    contacts::find(&folded, &mut found);
    codes::find(&folded, &mut found);
    dates::find(&folded, this_year, &mut found);
    images::find(&folded, &mut found);
    places::find(&folded, &mut found);
    names::find(&folded, &mut found);
    codes::find_bare(&folded, &mut found);
    fold::find_other_alphabets(&folded, &mut found);
    found.findings.sort_by_key(|finding| finding.start);
    found.findings
}

/// The findings so far, none of which overlap.
struct Found {
    taken: Vec<bool>,
    findings: Vec<Finding>,
}

impl Found {
    /// Adds what stands at these bytes of the folded text, unless something was found there before.
    fn add(&mut self, folded: &Folded, kind: Kind, bytes: std::ops::Range<usize>, rule: &'static str) {
        let Some(characters) = folded.characters(bytes) else { return };
        let Some(taken) = self.taken.get_mut(characters.clone()) else { return };
        if taken.is_empty() || taken.iter().any(|is_taken| *is_taken) {
            return;
        }
        taken.fill(true);
        self.findings.push(Finding { kind, start: characters.start, end: characters.end, rule });
    }
}
