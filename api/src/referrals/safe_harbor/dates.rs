//! Dates finer than their year, and ages over 89.

use super::{
    Found, Kind,
    fold::Folded,
    rules::{Match, Rule, always, apply},
};
use std::sync::LazyLock;

const MONTH: &str = r"(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?";
/// A year, and nothing that is not one.
const YEAR: &str = "(?:19|20)[0-9]{2}";

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let kind = Kind::Date;
    let new = |name, pattern: &str, holds| Rule::new(kind, name, pattern, holds);
    let weekday = "(?:mon|tues|wednes|thurs|fri|satur|sun)day";
    let short = "(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)";
    vec![
        new(
            "year_month_day",
            &format!(r"\b{YEAR}\s?[-/.]\s?(?<m>[0-9]{{1,2}})(?:\s?[-/.]\s?(?<d>[0-9]{{1,2}}))?(?:T[0-9:.Z+-]*)?\b"),
            |seen| {
                let month = seen.number("m").unwrap_or(0);
                (1..=12).contains(&month) && seen.number("d").unwrap_or(1) <= 31
            },
        ),
        new(
            "three_numbers",
            r"\b(?<a>[0-9]{1,2})\s?(?<s>[/.-])\s?(?<b>[0-9]{1,2})\s?[/.-]\s?(?<y>[0-9]{4}|[0-9]{2})\b",
            is_three_numbers,
        ),
        new("month_year", &format!(r"\b(?:0?[1-9]|1[0-2])\s?/\s?{YEAR}\b|\b(?:0[1-9]|1[0-2])[.-]{YEAR}\b"), always),
        new("without_separators", &format!(r"\b{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\b"), always),
        new(
            "weekday_and_day",
            &format!(
                r"\b(?:{short}|(?i:{weekday}))\.?,?\s(?:the\s)?(?:[0-9]{{1,2}}(?:st|nd|rd|th)?\s)?(?i:{MONTH})(?:\s[0-9]{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s{YEAR})?"
            ),
            is_month,
        ),
        new(
            "month_and_day",
            &format!(
                r"(?i)\b{MONTH}\s?(?:the\s)?(?<d>[0-9]{{1,2}})(?<th>\s?st|\s?nd|\s?rd|\s?th)?\b(?:,?\s?(?<y>{YEAR}|'[0-9]{{2}}))?"
            ),
            |seen| seen.number("d").is_some_and(|day| (1..=31).contains(&day)) && is_month_with_number(seen),
        ),
        new(
            "day_and_month",
            &format!(
                r"(?i)\b(?:the\s)?(?<d>[0-9]{{1,2}})(?<th>\s?st|\s?nd|\s?rd|\s?th)?[\s-](?:of\s|day of\s)?{MONTH}(?:[,\s-]{{1,2}}(?<y>{YEAR}|'?[0-9]{{2}}\b))?"
            ),
            |seen| seen.number("d").is_some_and(|day| (1..=31).contains(&day)) && is_month_with_number(seen),
        ),
        new(
            "ordinal_and_month",
            &format!(
                r"(?i)\b(?:the\s)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[a-z]+teenth|twentieth|twenty-[a-z]+|thirtieth|thirty-first)\sof\s{MONTH}"
            ),
            is_month,
        ),
        new(
            "month_and_year",
            &format!(
                r"(?i)\b(?:(?:early|mid|late|end of|beginning of)[\s-])?{MONTH},?\s?(?:of\s)?'?(?<y>{YEAR}|'[0-9]{{2}})\b"
            ),
            always,
        ),
        new(
            "month",
            &format!(
                r"(?i)\b(?:(?<before>in|since|last|until|till|by|during|of|early|mid|late|this|next|from|through|after|before|around)[\s-]){MONTH}"
            ),
            |seen| is_month(seen) && !seen.before(4).contains("you "),
        ),
        new(
            "month",
            r"(?i)\b(?:january|february|april|june|july|august|september|october|november|december)\b",
            |seen| seen.text().starts_with(char::is_uppercase),
        ),
        new(
            "weekday",
            &format!(
                r"(?i)\b(?:on|last|next|this|past|since|until|till|by|from|before|after|coming)\s(?:(?:the|a|last|this|next|past)\s)?(?<id>{weekday})\b"
            ),
            always,
        ),
        new("weekday", &format!(r"\b(?i:last|next|this|past|since)\s(?<id>{short})\b"), always),
        new(
            "holiday",
            r"(?i)\b(?:(?:last|this|next|on|at|since|before|after)\s)?(?:christmas(?: eve| day)?|thanksgiving|easter|halloween|new year'?s(?: eve| day)?|labou?r day|memorial day|fourth of july|4th of july|july 4th|independence day|valentine'?s(?: day)?|mother'?s day|father'?s day|ramadan|yom kippur|rosh hashanah|hanukkah|passover|diwali|juneteenth|veterans day|columbus day|groundhog day|st\.? patrick'?s day|boxing day|super bowl(?: sunday)?|mlk day|presidents'? day)\b",
            always,
        ),
        new(
            "day_of_the_month",
            r"(?i)\b(?:on|since|until|till|by|from|before|after)\s(?<id>the\s[0-9]{1,2}(?:st|nd|rd|th))\b",
            |seen| {
                let after = seen.after(14);
                ![
                    "rib", "visit", "session", "vert", "thor", "cran", "perc", "rep", "day", "week", "treat", "lumb",
                    "cerv", "month", "set", "time", "try", "attempt", "metatars", "digit", "toe", "finger", "meta",
                    "massage", "nerve",
                ]
                .iter()
                .any(|word| after.trim_start().starts_with(word))
            },
        ),
        new(
            "month_and_day_in_numbers",
            r"(?i)\b(?:on|since|dated?|dos|doi|dob|seen|visit(?:s|ed)?|session|massage|treatment|appt|appointment|surgery|injury|injured|onset|fell|accident|last|first|second|third|fourth|next|started|began|begun|eval(?:uation)?|exam|returned|came|arrived|called|left|sx|mri|x-?rays?|ct|scan|labs?|note|report|records?|letter|until|till|through|thru|thurs?|between|week of|intake|admitted|discharged|follow-?up|f/u|mva|mvc|mon|tues?|wed|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|by|from|and|due|rescheduled to|scheduled)\b[\s:,(]{0,2}(?:(?:on|of|was|is|was on|for|date)\s)?(?<id>(?:0?[1-9]|1[0-2])\s?/\s?(?<d>0?[1-9]|[12][0-9]|3[01]))\b",
            is_month_and_day,
        ),
        new(
            "season",
            &format!(
                r"(?i)\b(?:(?:early|late|mid|the|last|this)[\s-])?(?:spring|summer|autumn|fall|winter),?\s(?:of\s)?'?(?:{YEAR}|'[0-9]{{2}})\b"
            ),
            always,
        ),
        new(
            "season",
            r"(?i)\b(?:last|next|this past|this)\s(?:spring|summer|autumn|winter)\b|\b(?:since|until)\slast fall\b",
            always,
        ),
        new(
            "quarter",
            &format!(
                r"(?i)\bq[1-4]\s?(?:of\s)?(?:/\s?)?'?{YEAR}\b|\bweek\s[0-9]{{1,2}}\s(?:of|in)\s{YEAR}\b|\b(?:first|second|third|fourth) quarter of {YEAR}\b"
            ),
            always,
        ),
        // Ages over 89. "90 or older" is how it may be said.
        new("age", r"(?i)\b(?<n>[0-9]{2,3})\s?-?\s?(?:years?|yrs?|yr)[\s.-]{0,2}(?:old|young|of age)\b", is_over_89),
        new("age", r"(?i)\b(?<n>[0-9]{2,3})\s?-?\s?y\.?\s?/?\s?o\b", is_over_89),
        new("age", r"(?i)\b(?:aged?|ages)\s?(?:of\s|is\s|:\s?|=\s?|now\s)?(?<id>(?<n>[0-9]{2,3}))\b", is_over_89),
        new("age", r"(?i)\b(?:turn(?:ed|s|ing)?)\s(?:the age of\s)?(?<id>(?<n>[0-9]{2,3}))\b", |seen| {
            is_over_89(seen) && !seen.after(10).trim_start().starts_with("deg")
        }),
        new("age", r"(?i)\b(?<n>[0-9]{2,3})\s?-?\s?(?:m|f|male|female|man|woman|gentleman|lady)\b", |seen| {
            is_over_89(seen) && !seen.text().to_lowercase().ends_with("0 m") && (!seen.text().ends_with('m'))
        }),
        new(
            "age",
            r"(?i)\b(?:man|woman|male|female|gentleman|lady|she is|he is|they are|patient is|who is)[,:]?\s(?<id>(?<n>[0-9]{2,3}))\b(?<unit>\s?(?:%|kg|lb|cm|mm|m\b|bpm|deg|percent|min|in\b|steps|days))?",
            |seen| is_over_89(seen) && seen.part("unit").is_none(),
        ),
        new("age", r"(?i)\b(?<n>[0-9]{2,3})(?:st|nd|rd|th)\s(?:birthday|year of life)\b", is_over_89),
        new(
            "age_in_words",
            r"(?i)\b(?:aged?|turned|turns|is|was|now|at)\s(?<id>(?:ninety(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?:\s(?:and\s)?[a-z]+)?))\b",
            |seen| {
                !["deg", "per", "mg", "kg", "or old", "sec", "min"]
                    .iter()
                    .any(|word| seen.after(9).trim_start().starts_with(word))
            },
        ),
        new(
            "age_in_words",
            r"(?i)\b(?:ninety(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?:[\s-](?:and[\s-])?[a-z]+)?)[\s-](?:years?|yrs?)[\s-](?:old|of age)\b",
            always,
        ),
        new(
            "age_in_words",
            r"(?i)\b(?:nonagenarian|centenarian|supercentenarian)\b|\bin (?:his|her|their|the) (?:early |mid |late |mid-)?(?:nineties|90'?s|hundreds)\b",
            always,
        ),
    ]
});

static BIRTH_YEAR: LazyLock<Rule> = LazyLock::new(|| {
    let pattern = r"(?i)\b(?:born|dob|yob|birth\s?year|year of birth|date of birth|b\.)[^0-9\n]{0,12}(?<id>(?<y>(?:18|19)[0-9]{2}))\b";
    Rule::new(Kind::Date, "year_of_birth", pattern, always)
});

/// `3/14/2026`, and not repetitions that go down, such as `15-12-10`.
fn is_three_numbers(seen: &Match<'_>) -> bool {
    let (a, b) = (seen.number("a").unwrap_or(99), seen.number("b").unwrap_or(99));
    let is_day = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    if !is_day(a, b) && !is_day(b, a) {
        return false;
    }
    let is_long = seen.part("y").is_some_and(|year| year.len() == 4);
    let separator = seen.part("s").unwrap_or_default();
    if is_long || separator == "/" {
        let after = seen.after(6);
        let is_size = ["cm", "mm", "kg", "lb", "rep", "sec", "min", "%", "deg", "hz"]
            .iter()
            .any(|unit| after.trim_start().starts_with(unit));
        return !seen.before(1).ends_with('/') && !after.starts_with('/') && (is_long || !is_size);
    }
    let (before, after) = (seen.before(14), seen.after(8));
    let is_of_sets = ["rep", "set", " x", "s ", "kg", "lb", "sec", "-", "x "]
        .iter()
        .any(|word| after.starts_with(word) || after.trim_start().starts_with(word) && word.len() > 2);
    let is_of_reps = ["reps", "sets", "pyramid", "x ", "scheme"].iter().any(|word| before.contains(word));
    !is_of_sets && !is_of_reps && !before.ends_with(['-', '.'])
}

/// A month, and not what may be, march, or decrease.
fn is_month(seen: &Match<'_>) -> bool {
    let month = seen.part("month").unwrap_or_default();
    let is_capital = month.starts_with(char::is_uppercase);
    let lower = month.to_lowercase();
    let is_word_too = matches!(
        lower.as_str(),
        "may"
            | "march"
            | "mar"
            | "dec"
            | "jan"
            | "sep"
            | "sept"
            | "nov"
            | "oct"
            | "aug"
            | "jun"
            | "jul"
            | "apr"
            | "feb"
            | "august"
    );
    is_capital
        || !is_word_too
        || lower == "may"
            && matches!(
                seen.part("before").unwrap_or_default().to_lowercase().as_str(),
                "in" | "since" | "last" | "of" | "until"
            )
        || lower == "march"
            && matches!(
                seen.part("before").unwrap_or_default().to_lowercase().as_str(),
                "in" | "since" | "last" | "of" | "until" | "early" | "late"
            )
}

fn is_month_with_number(seen: &Match<'_>) -> bool {
    if seen.part("y").is_some() || seen.part("th").is_some() && seen.part("month") != Some("may") {
        return true;
    }
    let after = seen.after(12);
    let after = after.trim_start();
    let is_amount = [
        "time", "x", "min", "sec", "rep", "set", "hour", "deg", "mg", "week", "month", "%", "kg", "lb", "/", "step",
        "of ", "days", "cm",
    ]
    .iter()
    .any(|unit| after.starts_with(unit));
    is_month(seen) && !is_amount
}

/// `3/14` after a word of time, and no score, strength or grade.
fn is_month_and_day(seen: &Match<'_>) -> bool {
    let (before, after) = (seen.before(28), seen.after(14));
    let measured = [
        "pain",
        "strength",
        "score",
        "scale",
        "nrs",
        "vas",
        "rated",
        "mmt",
        "grade",
        "intensity",
        "anxiety",
        "stress",
        "discomfort",
        "level",
        "power",
        "fatigue",
        "mood",
        "sorenes",
    ];
    let is_measured = measured.iter().any(|word| before.contains(word) || after.contains(word));
    let is_more = after.starts_with('/')
        || after.starts_with(|c: char| c.is_ascii_digit())
        || after.starts_with(['.', '-']) && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    // Of five or ten it is a score, unless the word right before says when, or another day stands before it.
    let is_tenth = matches!(seen.number("d"), Some(5 | 10));
    let says_when = [
        "on",
        "dated",
        "date",
        "dates",
        "dos",
        "doi",
        "dob",
        "seen",
        "appt",
        "appointment",
        "surgery",
        "injury",
        "accident",
    ];
    let word = before.trim_end_matches([' ', ':', ',', '(']).rsplit(' ').next().unwrap_or_default();
    let another = before.split('/').skip(1).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    });
    let is_sure =
        says_when.contains(&word) || another.into_iter().any(|day| (1..=31).contains(&day) && !matches!(day, 5 | 10));
    let is_from_to = after.trim_start().starts_with("to ") || before.trim_end().ends_with(" to");
    !is_measured && !is_more && (!is_tenth || is_sure && !is_from_to)
}

fn is_over_89(seen: &Match<'_>) -> bool {
    let after = seen.after(14);
    let after = after.trim_start();
    let is_as_allowed = seen.number("n") == Some(90)
        && ["or older", "or over", "or above", "and older", "and over", "and above", "+"]
            .iter()
            .any(|words| after.starts_with(words));
    seen.number("n").is_some_and(|age| (90..=125).contains(&age)) && !is_as_allowed
}

/// Marks them.
pub(super) fn find(folded: &Folded, this_year: i32, found: &mut Found) {
    apply(&RULES, folded, found);
    BIRTH_YEAR.find(folded, found, |seen| {
        seen.part("y").and_then(|year| year.parse().ok()).is_some_and(|year: i32| this_year - year > 89)
    });
}
