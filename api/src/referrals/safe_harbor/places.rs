//! Places smaller than a state: streets, cities, counties, codes of the post, and houses that have a name.

use super::{
    Found, Kind,
    fold::Folded,
    names::{is_common, is_of_a_test},
    rules::{Match, Rule, always, apply},
};
use std::{collections::HashSet, sync::LazyLock};

/// Cities of the United States whose names are hardly anything else; not complete.
static CITIES: LazyLock<Vec<String>> = LazyLock::new(|| {
    include_str!("words/cities.txt").lines().filter(|line| !line.starts_with('#')).map(regex::escape).collect()
});

/// Those that are words in small letters.
const CITIES_AND_WORDS: &[&str] =
    &["queens", "providence", "hollywood", "medford", "lincoln", "reno", "plano", "trenton", "durham"];

/// The states, which may be told, with the countries that are told most.
static STATES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("words/states.txt").lines().filter(|line| !line.starts_with('#')).collect());

const STATE_CODE: &str = "(?:AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR|GU)";
const CAPITAL: &str = r"[A-Z][A-Za-z'.-]*[A-Za-z]";

/// Whether this is a state or a country.
pub(super) fn is_state(words: &str) -> bool {
    STATES.contains(words.trim().to_lowercase().as_str())
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let kind = Kind::Geography;
    let new = |name, pattern: &str, holds| Rule::new(kind, name, pattern, holds);
    let suffix = "(?i:street|str|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|way|place|pl|terrace|ter|highway|hwy|route|parkway|pkwy|circle|cir|trail|trl|square|sq|alley|loop|crescent|row|pike|turnpike)";
    let unit = r"(?:,?\s?(?i:apt|apartment|unit|suite|ste|no|floor|rm|room)\b\.?\s?#?\s?[A-Za-z0-9-]+|,?\s?#\s?[0-9A-Za-z-]+)?";
    vec![
        new(
            "box",
            r"(?i)\bp\.?\s?o\.?\s?box\s?#?\s?[0-9]+(?:,\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)*)?(?:,?\s[A-Z]{2}\b)?(?:\s[0-9]{5}(?:-[0-9]{4})?)?",
            always,
        ),
        new(
            "street",
            &format!(
                r"\b[0-9]{{1,6}}[A-Za-z]?,?\s(?:[NSEW]{{1,2}}\.?\s|(?:North|South|East|West)\s)?(?:(?:[A-Z][A-Za-z'.-]*|[0-9]+(?:st|nd|rd|th))\s){{1,4}}{suffix}\b\.?{unit}"
            ),
            |seen| !seen.text().to_lowercase().ends_with(" dr") || !seen.after(1).starts_with(' '),
        ),
        new(
            "street",
            &format!(
                r"(?i)\b[0-9]{{1,6}}\s(?:[nsew]\.?\s)?(?:[a-z][a-z'.-]*\s){{1,3}}(?:street|avenue|boulevard|blvd|lane|hwy|highway|parkway|pkwy)\b\.?{unit}"
            ),
            |seen| {
                !seen.text().contains(" of ")
                    && !seen.text().contains(" per ")
                    && !seen.text().contains(" in ")
                    && !seen.text().contains(" on ")
            },
        ),
        new(
            "street",
            r"\b(?:[A-Z][A-Za-z'.-]+\s|[0-9]+(?:st|nd|rd|th)\s){1,3}(?:Street|St\.|Avenue|Ave\b\.?|Road|Rd\b\.?|Boulevard|Blvd\b\.?|Lane|Drive|Court|Highway|Hwy\b\.?|Parkway|Pkwy\b\.?|Terrace|Turnpike)",
            always,
        ),
        new(
            "highway",
            r"\b(?:I-[0-9]{1,3}|Interstate\s?[0-9]{1,3}|(?:US|State)\s(?:Route|Highway|Hwy)\s?[0-9]{1,3}|Hwy\.?\s[0-9]{1,3}|Route\s[0-9]{1,3})\b",
            always,
        ),
        new("unit", r"(?i)\b(?:apt|apartment)\b\.?\s?#?\s?[0-9]+[a-z]?\b", always),
        new("zip", r"\b[0-9]{5}-[0-9]{4}\b", always),
        new(
            "zip",
            r"(?i)\b(?:zip|postal|post)(?:\s?-?\s?codes?)?(?:\s?(?:is|:|#|no\.?))?\s?(?<id>[0-9]{3,5}(?:-[0-9]{4})?)\b",
            always,
        ),
        new(
            "city_and_state",
            &format!(r"\b(?:{CAPITAL}\s){{0,2}}{CAPITAL},?\s{STATE_CODE}\b(?:,?\s[0-9]{{5}}(?:-[0-9]{{4}})?)?"),
            |seen| {
                let text = seen.text();
                let is_zipped = text.ends_with(|c: char| c.is_ascii_digit());
                // MS, PT, OT and their like follow other words as well; PA, MD, DO follow names.
                is_zipped
                    || text.contains(',')
                        && !text.split([' ', ',']).next().is_some_and(is_common)
                        && !text.ends_with("MS")
            },
        ),
        new("zip", &format!(r"\b{STATE_CODE}\s[0-9]{{5}}\b"), always),
        new("zip", r"(?i)\b(?:in|near|area|around|from)\s(?<id>[0-9]{5})\b", |seen| {
            let after = seen.after(10);
            !["step", "unit", "iu", "case", "rep", "met", "foot", "feet", "mg", "peop", "cell"]
                .iter()
                .any(|word| after.trim_start().starts_with(word))
                && !seen.text().ends_with("000")
        }),
        new(
            "county",
            r"\b(?:[A-Z][A-Za-z'.-]+\s){1,2}(?:County|Parish|Township|Borough|Precinct|Province|Prefecture|Reservation|Heights|Neighborhood|District)\b|\b(?i:city|town|village|county|parish|suburb|district|borough) of\s[A-Z][a-z'.-]+(?:\s[A-Z][a-z'.-]+)?",
            |seen| !seen.text().split(' ').next().is_some_and(is_common),
        ),
        new(
            "named_house",
            r"\b(?:(?:[A-Z][A-Za-z.'&-]*|of|and|the)\s){1,5}(?:(?i:hospital|clinic|medical cent(?:er|re)|health cent(?:er|re)|health system|university|college|high school|middle school|elementary(?: school)?|school|church|academy|nursing home|rehab(?:ilitation)?(?: cent(?:er|re))?|hospice|prison|air base|army base|airport|mall|assisted living|senior living|physical therapy|physiotherapy|chiropractic|wellness|gym|pharmacy|library|stadium|cathedral|synagogue|mosque|temple|farm|mill|factory|plant|hotel))\b",
            is_named_house,
        ),
        new(
            "named_house",
            r"\b(?i:university|college|school|hospital|clinic|church|church|bank|port|fort|mount|lake|camp) of\s(?:the\s)?[A-Z][a-z'.-]+(?:\s[A-Z][a-z'.-]+)?|\bSt\.?\s[A-Z][a-z]+(?:'s)?\s(?:Hospital|Clinic|Church|School|Medical)",
            |seen| !seen.text().rsplit(' ').next().is_some_and(is_common),
        ),
        new("city", &format!(r"(?i)\b(?:{})\b", CITIES.join("|")), |seen| {
            let is_word = CITIES_AND_WORDS.contains(&seen.text());
            !is_word && !is_of_a_test(&seen.after(24))
        }),
        new(
            "water_or_hill",
            r"\b(?:Lake|Mount|Mt\.|Fort|Port|Camp|San|Santa|Saint|St\.|Los|Las|El|New|North|South|East|West)\s[A-Z][a-z'-]+(?:\s[A-Z][a-z'-]+)?\b",
            |seen| !is_state(seen.text()) && seen.text().split(' ').skip(1).any(|word| !is_common(word)),
        ),
        new(
            "after_a_word_of_place",
            r"(?i:\b(?:lives?|living|lived|resid(?:es?|ed|ing)|moved|moving|grew up|raised|commut(?:es?|ed|ing)|residents?|native|travel(?:s|l?ed|l?ing)?|relocat(?:ed|ing)|stationed|visit(?:s|ed|ing)?|vacation(?:s|ed|ing)?|born|back|home|drives?|flew|flying|trip|from|hails|based|located)\b[^.;\n]{0,20}?\b(?:in|from|to|near|at|outside|around|of|through)\s(?:the\s)?)(?<id>[A-Z][a-z'.-]+[a-z](?:\s[A-Z][a-z'-]+)?)",
            is_unknown_place,
        ),
        new(
            "after_a_word_of_place",
            r"\b(?i:in|near|from|outside|around)\s(?i:downtown\s|north\s|south\s|east\s|west\s)?(?<id>[A-Z][a-z'.-]+[a-z](?:\s[A-Z][a-z'-]+)?)",
            is_unknown_place,
        ),
        new("after_a_word_of_place", r"\b(?:at|At)\s(?<id>[A-Z]{4,8})\b", |seen| !is_common(seen.text())),
        new(
            "after_a_word_of_place",
            r"\b(?i:from)\s[A-Z][a-z'.-]+\s(?i:to|through|via)\s(?<id>[A-Z][a-z'.-]+[a-z](?:\s[A-Z][a-z'-]+)?)",
            is_unknown_place,
        ),
    ]
});

fn is_named_house(seen: &Match<'_>) -> bool {
    let words: Vec<_> = seen.text().split(' ').collect();
    let kept = words.iter().take(words.len().saturating_sub(1));
    kept.filter(|word| word.starts_with(char::is_uppercase)).any(|word| !is_common(word) && word.len() > 1)
}

fn is_unknown_place(seen: &Match<'_>) -> bool {
    let first = seen.text().split(' ').next().unwrap_or_default();
    !is_state(seen.text()) && !is_state(first) && !is_common(first)
}

/// Marks them.
pub(super) fn find(folded: &Folded, found: &mut Found) {
    apply(&RULES, folded, found);
}
