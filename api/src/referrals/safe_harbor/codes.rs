//! Numbers that stand for one person or thing: social security, records, plans, accounts, licences, vehicles, devices, and
//! whatever else is numbered.

use super::{
    Found, Kind,
    fold::Folded,
    rules::{Match, Rule, always, apply},
};
use std::sync::LazyLock;

/// What stands between a label and its number.
const BETWEEN: &str =
    r"(?:\s?(?:\bnos?\b\.?|\bnum(?:ber)?s?\b\.?|#|\bid(?:entifier)?\b|\bis\b|\bcode\b|:|=|\(s\)))*\s?";
/// A label that has to be there where the word before it says too little.
const NUMBERED: &str =
    r"\s?(?:\bnos?\b\.?|\bnum(?:ber)?s?\b\.?|#|\bid(?:entifier)?\b|\bcode\b)(?:\s?(?:\bnos?\b\.?|#|:|=|\bis\b))*\s?";
/// The number itself.
const TOKEN: &str = r"(?<id>#?[A-Za-z0-9](?:[A-Za-z0-9/_.\-]*[A-Za-z0-9])?(?:\s[0-9]{2,}[A-Za-z0-9\-]*)*)";

fn labelled(kind: Kind, name: &'static str, labels: &str, holds: fn(&Match<'_>) -> bool) -> Rule {
    Rule::new(kind, name, &format!(r"(?i)(?:\b|^)(?:{labels}){BETWEEN}{TOKEN}"), holds)
}

fn numbered(kind: Kind, name: &'static str, labels: &str) -> Rule {
    Rule::new(kind, name, &format!(r"(?i)\b(?:{labels}){NUMBERED}{TOKEN}"), is_number)
}

/// Digits enough to tell somebody from others.
fn is_number(seen: &Match<'_>) -> bool {
    seen.digits() >= 3 || seen.digits() >= 2 && seen.letters() >= 1
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = Rule::new;
    vec![
        rule(Kind::OtherIdentifier, "uuid", r"(?i)\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b", always),
        rule(Kind::Ssn, "three_two_four", r"\b[0-9]{3}\s?[-.\s]\s?[0-9]{2}\s?[-.\s]\s?[0-9]{4}\b", |seen| {
            !seen.before(12).contains("account") && !seen.before(12).contains("card")
        }),
        rule(
            Kind::Ssn,
            "labelled",
            r"(?i)\b(?:ssn|ss\s?#|ss\s?no\.?|tin|itin|soc(?:ial)?\.?\s?sec(?:urity)?\.?|last (?:four|4)(?: digits)?(?: of)?(?: his| her| the| their)?(?: social)?|social)(?:\s?(?:\bno\b\.?|number|num|#|:|=|is|ends?|ending|in|with|security))*\s?(?<id>[0-9](?:[ .\-]?[0-9]){3,8})\b",
            |seen| seen.digits() == 4 || seen.digits() == 9,
        ),
        labelled(Kind::Device, "udi", r"udi(?:-[dp]i)?\b(?:\s?:)?\s?(?:\(01\))?", is_number),
        rule(Kind::Device, "udi", r"\(01\)\s?[0-9]{14}(?:\([0-9]{2,3}\)[A-Za-z0-9]+)*", always),
        labelled(
            Kind::Device,
            "serial",
            r"serial|\bs\s?/?\s?n\b|imei\b|device id\b|lot\s?(?:#|no\b\.?|number)|ref\s?#",
            |seen| is_number(seen) || seen.digits() >= 2,
        ),
        rule(Kind::Vehicle, "vin", r"(?i)\b[A-HJ-NPR-Z0-9]{17}\b", |seen| seen.digits() >= 4 && seen.letters() >= 2),
        rule(
            Kind::Vehicle,
            "plate",
            &format!(
                r"(?:(?i)\b(?:licen[cs]e plate|number plate|plates?|tag|registration|reg)\b){BETWEEN}(?:of\s)?(?<id>[A-Za-z0-9]{{1,4}}(?:[ \-][A-Z0-9]{{2,4}}){{0,2}}|[A-Za-z0-9]{{5,8}})\b"
            ),
            |seen| seen.digits() >= 2 && seen.letters() >= 1 && seen.text().len() >= 5,
        ),
        numbered(Kind::Vehicle, "numbered", r"plates?|tag|vin|vehicle(?: identification)?"),
        labelled(Kind::Vehicle, "labelled", r"\bvin\b", is_number),
        rule(Kind::LicenseNumber, "npi", r"\b[12][0-9]{9}\b", |seen| is_npi(seen.text())),
        rule(Kind::LicenseNumber, "dea", r"\b[A-Za-z]{2}[0-9]{7}\b", |seen| {
            seen.before(20).contains("dea") || seen.text().starts_with(|c: char| "ABCDEFGHJKLMPRSTUX".contains(c))
        }),
        labelled(
            Kind::LicenseNumber,
            "labelled",
            r"npi\b|dea\b|licen[cs]e|driver'?s licen[cs]e|passport|\blic\b\.?|\bdl\b|\blmt\b|\brmt\b|\blmft\b|\blcsw\b|\blpc\b|\bdpt\b",
            is_number,
        ),
        numbered(
            Kind::LicenseNumber,
            "numbered",
            r"certificat(?:e|ion)|cert|registration|permit|board|state|diploma|accreditation",
        ),
        labelled(
            Kind::MedicalRecordNumber,
            "labelled",
            r"\bmrn?\s?#|\bmrn\b|medical records?|health records?",
            is_number,
        ),
        numbered(
            Kind::MedicalRecordNumber,
            "numbered",
            r"chart|patient|pt|record|file|encounter|hospital|emr|ehr|visit|admission",
        ),
        rule(
            Kind::HealthPlanNumber,
            "mbi",
            r"(?i)\b[1-9][A-Z][A-Z0-9][0-9]\s?-?\s?[A-Z][A-Z0-9][0-9]\s?-?\s?[A-Z]{2}[0-9]{2}\b",
            always,
        ),
        labelled(
            Kind::HealthPlanNumber,
            "labelled",
            r"medicare|medicaid|bcbs|blue (?:cross|shield)|aetna|cigna|humana|kaiser|united ?health(?:care)?|tricare|prior auth(?:orization)?|member(?:ship)? id|subscriber|beneficiary|policy|insurance (?:id|policy|card)|mbi\b|hicn\b|rx\s?(?:bin|pcn|grp)",
            is_number,
        ),
        numbered(
            Kind::HealthPlanNumber,
            "numbered",
            r"member(?:ship)?|group|plan|insur(?:ance|er|ed)|health plan|coverage|authori[sz]ation|pre-?auth(?:orization)?|payer",
        ),
        rule(
            Kind::AccountNumber,
            "iban",
            r"\b[A-Z]{2}[0-9]{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b",
            |seen| seen.digits() >= 10,
        ),
        rule(Kind::AccountNumber, "card", r"\b[0-9](?:[\s\-]?[0-9]){12,18}\b", |seen| is_luhn(seen.text())),
        labelled(
            Kind::AccountNumber,
            "labelled",
            r"accounts?|acct\b\.?|iban\b|routing|invoices?|bank|credit card|debit card|card ending(?: in)?|visa|mastercard|amex|sort code",
            is_number,
        ),
        numbered(Kind::AccountNumber, "numbered", r"bill(?:ing)?|payment|card|receipt|transaction|check|cheque|ledger"),
        numbered(
            Kind::OtherIdentifier,
            "numbered",
            r"case|claim|ref(?:erence)?|study|trial|participant|subject|employee|student|inmate|prisoner|badge|order|ticket|tracking|confirmation|booking|voucher|customer|client|user|barcode|docket|locker|room|personnel|staff|service|military|military service|tax|tribal|enrol?lment|sample|specimen|accession|veteran|unit|loyalty",
        ),
        labelled(
            Kind::OtherIdentifier,
            "labelled",
            r"barcode|docket|accession|log entry|participant|inmate|employee|username|passcode|tracking",
            is_number,
        ),
        rule(
            Kind::OtherIdentifier,
            "handle",
            r"(?i)\b(?:instagram|insta|ig|twitter|tiktok|facebook|fb|snap(?:chat)?|telegram|venmo|cash ?app|skype|discord|reddit|youtube|linkedin|handle|username|screen name)\b[^\n@]{0,15}?(?<id>@[a-z0-9_.]*[a-z0-9_]|\b[a-z_.]*[0-9_][a-z0-9_.]*[a-z0-9_]\b)",
            always,
        ),
        rule(
            Kind::OtherIdentifier,
            "handle",
            r"(?:^|\s)(?<id>@[A-Za-z][A-Za-z0-9.]*[_0-9][A-Za-z0-9_.]*[A-Za-z0-9_])",
            always,
        ),
        rule(
            Kind::OtherIdentifier,
            "office",
            r"(?i)\bthe (?:(?:current|former|sitting|first|only|youngest|oldest) )*(?:mayor|governor|senator|congress(?:man|woman|person)|president|vice president|prime minister|ceo|sheriff|chief of police|fire chief|superintendent|bishop|ambassador|head coach|king|queen|prince|princess|attorney general)\b(?: of\b| at\b| here\b| in\b)?",
            always,
        ),
        rule(
            Kind::OtherIdentifier,
            "only_one",
            r"(?i)\b(?:the|our|this) (?:only|first|sole|last living|oldest|youngest|tallest) (?:[a-z]+ ){1,3}(?:in (?:the|this|our) (?:state|county|city|town|village|country|world|region|area|school)|to have ever|alive)\b|\b(?:world record holder|olympic (?:gold )?(?:medal(?:l?ist)?|champion)|nobel (?:prize|laureate)|lottery winner|(?:famous|well-known|celebrity) [a-z]+)\b",
            always,
        ),
    ]
});

/// Without any label: looked for last, when nothing else has claimed them.
static BARE: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = Rule::new;
    vec![
        rule(Kind::OtherIdentifier, "hash_number", r"#\s?[A-Za-z]{0,4}-?[0-9]{2,}[A-Za-z0-9\-]*", |seen| {
            seen.digits() >= 3
        }),
        rule(Kind::OtherIdentifier, "user_name", r"\b[A-Za-z0-9.]*[A-Za-z0-9]_[A-Za-z0-9_.]*[A-Za-z0-9]\b", |seen| {
            seen.letters() > 2
        }),
        rule(Kind::OtherIdentifier, "long_number", r"\b[0-9]{7,}\b", |seen| {
            !seen.before(1).ends_with('.') && !seen.after(4).trim_start().starts_with("iu")
        }),
        rule(Kind::OtherIdentifier, "long_number", r"\b[0-9]{2,}(?:-[0-9]{2,}){2,}\b", |seen| {
            // Repetitions go like this too, of one or two figures each.
            seen.digits() >= 8 && seen.text().split('-').any(|group| group.len() > 2)
        }),
        rule(Kind::OtherIdentifier, "mixed_code", r"\b[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*\b", |seen| {
            let longest = seen.text().split(['-', '_', '/']).map(str::len).max().unwrap_or_default();
            seen.text().len() >= 8
                && longest >= 5
                && seen.digits() >= 4
                && seen.letters() >= 1
                && !is_measured(seen.text())
        }),
        rule(Kind::OtherIdentifier, "mixed_code", r"\b[A-Z]{2,4}-?(?:[0-9]{2,4}-)?[0-9]{4,}[A-Z]?\b", |seen| {
            !["ICD", "CPT", "DSM", "ISO", "RFC"].iter().any(|known| seen.text().starts_with(known))
        }),
        rule(Kind::OtherIdentifier, "hexadecimal", r"(?i)\b(?:0x)?[0-9a-f]{16,}\b", always),
        rule(Kind::OtherIdentifier, "encoded", r"[A-Za-z0-9+/]{32,}={0,2}", always),
    ]
});

/// Whether it is an amount with its unit, such as `1000mgx2`.
fn is_measured(text: &str) -> bool {
    let lower = text.to_lowercase();
    let units = ["mg", "mcg", "ml", "iu", "kg", "lbs", "steps", "reps", "hz", "min", "mhz", "mmhg", "x"];
    lower.starts_with(|c: char| c.is_ascii_digit()) && units.iter().any(|unit| lower.contains(unit))
}

/// The check digit of bank cards (ISO/IEC 7812).
fn is_luhn(text: &str) -> bool {
    luhn(text.chars().rev().filter_map(|c| c.to_digit(10)), 0)
}

/// The same, over 80840 and the number (45 CFR 162.406).
fn is_npi(text: &str) -> bool {
    luhn(text.chars().rev().filter_map(|c| c.to_digit(10)), 24)
}

fn luhn(from_the_right: impl Iterator<Item = u32>, constant: u32) -> bool {
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let sum: u32 = from_the_right.enumerate().map(|(at, digit)| if at % 2 == 1 { doubled(digit) } else { digit }).sum();
    (sum + constant).is_multiple_of(10)
}

/// Marks what its form or a label tells.
pub(super) fn find(folded: &Folded, found: &mut Found) {
    apply(&RULES, folded, found);
}

/// Marks what nothing but its length tells.
pub(super) fn find_bare(folded: &Folded, found: &mut Found) {
    apply(&BARE, folded, found);
}
