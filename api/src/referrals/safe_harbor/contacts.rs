//! How somebody is reached: e-mail, web, internet addresses, fax and telephone.

use super::{
    Found, Kind,
    fold::Folded,
    rules::{Match, Rule, always, apply},
};
use std::{net::Ipv6Addr, sync::LazyLock};

/// Endings that no sentence has by chance.
const ENDINGS: &str =
    "com|org|net|edu|gov|mil|info|biz|io|app|dev|health|clinic|care|online|site|example|test|invalid|onion";

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let phone = r"[+(]{0,2}[0-9](?:[ \n().+/\-]{0,3}[0-9]){5,15}";
    let word = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)";
    let rule = Rule::new;
    vec![
        rule(
            Kind::Url,
            "scheme",
            r"(?i)\b(?:https?|hxxps?|ftp|file|mailto|tel)\s?:\s?/{0,2}\s?[^\s,;]*[^\s,;.)]",
            |seen| seen.text().contains("//") || seen.text().contains('@') || seen.digits() >= 7,
        ),
        rule(Kind::Url, "www", r"(?i)\bwww\s?\.\s?[^\s,;]*[^\s,;.)]", always),
        rule(Kind::Email, "address", r"(?i)[\w.+%'-]+@[\w-]+(?:\s?\.\s?[\w-]+)*\s?\.\s?\w{2,}", always),
        rule(
            Kind::Email,
            "address_with_blanks",
            &format!(r"(?i)[a-z0-9_.+%-]+\s?@\s?[a-z0-9_-]+(?:\s?\.\s?[a-z0-9_-]+)*\s?\.\s?(?:{ENDINGS}|[a-z]{{2}})\b"),
            |seen| !seen.text().contains(". ") || seen.text().ends_with(char::is_lowercase) && has_ending(seen.text()),
        ),
        rule(
            Kind::Email,
            "address_in_words",
            &format!(
                r"(?i)\b[a-z0-9_.+-]+(?:\s?[(\[<{{]?\s?\bdot\b\s?[)\]>}}]?\s?[a-z0-9_-]+)*\s?[(\[<{{]?\s?\bat\b\s?[)\]>}}]?\s?[a-z0-9_-]+(?:\s?[(\[<{{]?\s?(?:\bdot\b|\.)\s?[)\]>}}]?\s?[a-z0-9_-]+)*?\s?[(\[<{{]?\s?(?:\bdot\b|\.)\s?[)\]>}}]?\s?(?:{ENDINGS})\b"
            ),
            always,
        ),
        rule(
            Kind::Url,
            "domain",
            &format!(
                r"(?i)\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{ENDINGS}|co\.[a-z]{{2}})\b(?::[0-9]+)?(?:/[^\s,;]*[^\s,;.)])?"
            ),
            always,
        ),
        rule(Kind::Url, "domain_with_path", r"(?i)\b(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s,;]*[^\s,;.)]", |seen| {
            let domain = seen.text().split('/').next().unwrap_or_default();
            domain.rsplit('.').next().is_some_and(|ending| ending.chars().all(|c| c.is_ascii_lowercase()))
        }),
        rule(
            Kind::IpAddress,
            "v4",
            r"\b(?<a>[0-9]{1,3})\s?\[?\.\]?\s?(?<b>[0-9]{1,3})\s?\[?\.\]?\s?(?<c>[0-9]{1,3})\s?\[?\.\]?\s?(?<d>[0-9]{1,3})\b",
            |seen| {
                let parts = ["a", "b", "c", "d"].map(|name| seen.number(name).unwrap_or(999));
                let is_tight = !seen.text().contains(char::is_whitespace);
                parts.iter().all(|part| *part <= 255) && (is_tight || parts.iter().any(|part| *part >= 100))
            },
        ),
        rule(Kind::IpAddress, "v6", r"(?i)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.[0-9]{1,3}){0,3}", |seen| {
            seen.text().len() > 3 && seen.text().parse::<Ipv6Addr>().is_ok()
        }),
        rule(Kind::Device, "mac_address", r"(?i)\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b", |seen| seen.digits() > 0),
        rule(
            Kind::Fax,
            "labelled",
            &format!(r"(?i)\b(?:fax(?:ed)?|facsimile|telefax)\b[^0-9+(]{{0,25}}(?<id>{phone})"),
            |seen| seen.digits() >= 7,
        ),
        rule(
            Kind::Phone,
            "area_and_number",
            r"(?:\+?1[ \n.\-]{0,2})?(?:\(\s?[2-9][0-9]{2}\s?\)|\b[2-9][0-9]{2})[ \n.\-/]{0,3}[0-9]{3}[ \n.\-]{0,3}[0-9]{4}\b(?:,?\s?(?:ext|x)\.?\s?[0-9]{1,5})?",
            |seen| !seen.before(1).ends_with(|c: char| c.is_alphanumeric() || c == '.') && !is_code(&seen.before(24)),
        ),
        rule(Kind::Phone, "international", r"\+[0-9]{1,3}(?:[ \n().\-]{0,3}[0-9]){6,13}\b", always),
        rule(
            Kind::Phone,
            "labelled",
            &format!(
                r"(?i)\b(?:phone|tel(?:ephone)?|cell(?:phone)?|mobile|call(?:ed|s)?|text(?:s|ed)?|sms|ph|whatsapp|reach(?:ed|able)?|voicemail|(?:his|her|their|my|home|work|office|new|direct) (?:number|no\.?|line)|contact|landline|pager)\b[^0-9+(]{{0,20}}(?<id>{phone})"
            ),
            |seen| seen.digits() >= 7 && !is_code(&seen.before(24)) && !is_series(seen),
        ),
        rule(Kind::Phone, "local", r"\b[2-9][0-9]{2}[-.\u{2022}][0-9]{4}\b", |seen| {
            !seen.before(1).ends_with(['-', '.', '/']) && !is_code(&seen.before(24))
        }),
        rule(Kind::Phone, "one_by_one", r"\b[0-9](?:[ .\-]{1,3}[0-9]\b){8,10}", |seen| {
            let scores = ["pain", "score", "vas", "nrs", "rated", "rating", "scale"];
            !scores.iter().any(|word| seen.before(30).contains(word))
        }),
        rule(Kind::Phone, "in_words", &format!(r"(?i)\b(?:{word}[\s,-]{{1,2}}){{6,}}{word}\b"), always),
    ]
});

fn has_ending(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default().trim().to_lowercase();
    ENDINGS.split('|').any(|ending| ending == last)
}

/// Whether a label says that it is a number of another kind.
fn is_code(before: &str) -> bool {
    [
        "ssn",
        "npi",
        "mrn",
        "member",
        "account",
        "acct",
        "iban",
        "card",
        "serial",
        "policy",
        "subscriber",
        "medicaid",
        "chart",
    ]
    .iter()
    .any(|label| before.contains(label))
}

/// Single figures in a row: scores, not a number that is dialled.
fn is_series(seen: &Match<'_>) -> bool {
    let groups: Vec<_> = seen.text().split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    groups.len() > 4 && groups.iter().all(|group| group.len() <= 2)
}

/// Marks them.
pub(super) fn find(folded: &Folded, found: &mut Found) {
    apply(&RULES, folded, found);
}
