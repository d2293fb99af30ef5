//! The text that a patient signs, with every element of 45 CFR 164.508(c).

use chrono::{DateTime, Utc};
use rapport_contract::consents::Category;
use std::fmt::Write;

/// The version of the wording. A change of the text below is a new version.
pub(super) const VERSION: &str = "2026-11";

/// What a statement is made from.
pub(super) struct Terms<'t> {
    pub(super) patient: &'t str,
    pub(super) clinic: &'t str,
    pub(super) clinic_contact: Option<&'t str>,
    pub(super) recipients: &'t [String],
    pub(super) categories: &'t [Category],
    pub(super) purpose: &'t str,
    pub(super) starts_at: Option<DateTime<Utc>>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) two_way: bool,
}

/// A category in a patient's words.
pub(crate) const fn category_in_words(category: Category) -> &'static str {
    match category {
        Category::TreatmentPlan => "Treatment plans: what is going to be done, how often, with what goals and measures",
        Category::ProgressReport => "Progress reports: how treatment is going, with goals and measures",
        Category::OutcomeMeasures => "Measurements and scores by themselves, such as pain or range of motion",
        Category::History => "Your history as far as it stands in a report",
        Category::Attachments => "Files that go with a report",
        Category::Referral => "Referrals, and what is written to and fro about them",
        Category::MentalHealth => "Information about mental health",
        Category::SubstanceUse => "Information about the use of alcohol or drugs",
        Category::ReproductiveHealth => "Information about reproductive health",
        Category::Unknown => "Something that this version does not know",
    }
}

/// A purpose in a patient's words; one in the clinic's own words stays as it is.
pub(crate) fn purpose_in_words(purpose: &str) -> String {
    match purpose.trim().to_lowercase().as_str() {
        "treatment" => "your treatment".to_owned(),
        "care_coordination" => "coordinating your care between those who treat you".to_owned(),
        "second_opinion" => "a second opinion".to_owned(),
        "patient_request" => "your own request".to_owned(),
        _ => purpose.trim().to_owned(),
    }
}

pub(super) fn time_in_words(at: DateTime<Utc>) -> String {
    at.format("%B %-d, %Y, %H:%M UTC").to_string()
}

/// The text. The marks in the comments are paragraphs of 45 CFR 164.508.
pub(super) fn write(terms: &Terms<'_>) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let clinic = terms.clinic;
    line("PERMISSION TO SHARE HEALTH INFORMATION");
    line("");
    line(&format!("Patient: {}", terms.patient));
    line("");
    // (c)(1)(ii)
    line(&format!("1. Who may share. {clinic} and the people who treat you there."));
    // (c)(1)(iii)
    line("2. Who may receive.");
    for recipient in terms.recipients {
        line(&format!("   - {recipient}"));
    }
    // (c)(1)(i)
    line("3. What may be shared. Only what is listed here:");
    for category in terms.categories {
        line(&format!("   - {}", category_in_words(*category)));
    }
    // (c)(1)(iv)
    line(&format!("4. What for. {}.", capitalised(&purpose_in_words(terms.purpose))));
    // (c)(1)(v)
    let from = terms.starts_at.map_or_else(|| "your signature".to_owned(), time_in_words);
    line(&format!("5. How long. From {from} until {}. Then it ends by itself.", time_in_words(terms.expires_at)));
    if terms.two_way {
        line(&format!("6. Reporting back. Those who receive may report back to {clinic} on the same matters."));
    } else {
        line(&format!("6. Reporting back. This does not allow those who receive to report back to {clinic}."));
    }
    // (c)(2)(i)
    let mut revoke = format!(
        "7. You can take this back. At any time and without a reason: at the link that you were sent, or in writing to {clinic}"
    );
    if let Some(contact) = terms.clinic_contact {
        let _ = write!(revoke, " ({contact})");
    }
    revoke.push_str(
        ". From then on nothing more can be read under it. What had been read before that can't be made unread.",
    );
    line(&revoke);
    // (c)(2)(ii)
    line(&format!(
        "8. You need not sign. {clinic} does not make your treatment, payment, enrollment or eligibility for benefits depend on it."
    ));
    // (c)(2)(iii)
    line(
        "9. After it is shared. Those who receive may not pass it on through this service. Privacy law may not bind all of them in the same way, so information that was received could be disclosed again and no longer be protected by federal privacy rules.",
    );
    // (c)(4)
    line(
        "10. Your copy. You get a copy of this text; at the link you can read and print it as long as it is in force.",
    );
    line("");
    // (c)(1)(vi)
    line(
        "Signed by the patient, or by a personal representative who states the authority to act. The name, the date and the time of the signature are kept with this text.",
    );
    line(&format!("Wording {VERSION}"));
    text
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_holds_every_element_of_164_508_c() {
        let terms = Terms {
            patient: "Casey Sample",
            clinic: "North (demo)",
            clinic_contact: Some("1 Example Street, 555-0100"),
            recipients: &["South (demo)".to_owned()],
            categories: &[Category::ProgressReport, Category::MentalHealth],
            purpose: "treatment",
            starts_at: None,
            expires_at: DateTime::from_timestamp(1_826_928_000, 0).unwrap(),
            two_way: true,
        };
        let text = write(&terms);
        for (element, words) in [
            ("(c)(1)(i) what", "Progress reports"),
            ("(c)(1)(i) what", "mental health"),
            ("(c)(1)(ii) who discloses", "Who may share. North (demo)"),
            ("(c)(1)(iii) who receives", "- South (demo)"),
            ("(c)(1)(iv) purpose", "What for. Your treatment."),
            ("(c)(1)(v) expiration", "until November 23, 2027, 00:00 UTC"),
            ("(c)(1)(vi) signature, date, authority", "personal representative who states the authority"),
            ("(c)(2)(i) revocation and how", "in writing to North (demo) (1 Example Street, 555-0100)"),
            ("(c)(2)(ii) no conditions", "You need not sign."),
            ("(c)(2)(iii) redisclosure", "could be disclosed again"),
            ("(c)(4) copy", "You get a copy"),
        ] {
            assert!(text.contains(words), "{element}: {words:?} is not in:\n{text}");
        }
    }
}
