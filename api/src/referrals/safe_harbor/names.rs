//! Names of people, and of whom they work for. Word by word: by title, by list, by what stands before, and what is written with a
//! capital in the middle of a sentence and is no word of the trade.

use super::{
    Found, Kind,
    fold::Folded,
    places::is_state,
    rules::{Rule, apply},
};
use regex::Regex;
use std::{collections::HashSet, sync::LazyLock};

fn lines(text: &'static str) -> HashSet<&'static str> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// Given names that are hardly anything else, and frequent family names.
static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| lines(include_str!("words/names.txt")));
/// Given names that are words as well.
static NAMES_AND_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| lines(include_str!("words/names_and_words.txt")));
/// Words of the language and of the trade that may have a capital.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| lines(include_str!("words/common.txt")));

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "madam",
    "madame",
    "nurse",
    "rev",
    "reverend",
    "pastor",
    "father",
    "sister",
    "brother",
    "rabbi",
    "imam",
    "coach",
    "uncle",
    "aunt",
    "auntie",
    "grandma",
    "grandpa",
    "officer",
    "sergeant",
    "sgt",
    "captain",
    "capt",
    "judge",
    "lt",
    "lieutenant",
    "colonel",
    "major",
    "mister",
    "señor",
    "senora",
    "senor",
    "herr",
    "frau",
    "monsieur",
    "hon",
];
/// Titles that are hardly anything else, in small letters too.
const SURE_TITLES: &[&str] = &["mr", "mrs", "miss", "mister", "dr", "prof"];
/// Who somebody is; a name may follow.
const ROLES: &[&str] = &[
    "patient",
    "pt",
    "client",
    "named",
    "wife",
    "husband",
    "spouse",
    "son",
    "daughter",
    "mother",
    "father",
    "mom",
    "dad",
    "partner",
    "boyfriend",
    "girlfriend",
    "brother",
    "sister",
    "boss",
    "employer",
    "friend",
    "neighbor",
    "neighbour",
    "roommate",
    "physician",
    "therapist",
    "surgeon",
    "colleague",
    "counselor",
    "teacher",
    "trainer",
    "supervisor",
    "manager",
    "caregiver",
    "grandson",
    "granddaughter",
    "grandmother",
    "grandfather",
    "niece",
    "nephew",
    "cousin",
    "fiance",
    "fiancee",
    "baby",
    "twin",
    "dog",
    "cat",
    "contact",
    "guardian",
    "attorney",
    "lawyer",
    "interpreter",
    "name",
    "called",
    "signed",
    "stepson",
    "stepdaughter",
    "stepmother",
    "stepfather",
    "mum",
];
/// What people do in notes.
const DOINGS: &[&str] = &[
    "denies",
    "reports",
    "states",
    "says",
    "said",
    "complains",
    "presents",
    "describes",
    "tolerated",
    "tolerates",
    "feels",
    "walks",
    "returned",
    "came",
    "arrived",
    "endorses",
    "mentions",
    "wants",
    "works",
    "lives",
    "told",
    "reported",
    "stated",
    "denied",
    "complained",
    "presented",
    "described",
    "comes",
    "asks",
    "asked",
    "agrees",
    "agreed",
    "worries",
    "sleeps",
    "wakes",
    "limps",
    "fell",
    "hurt",
    "injured",
    "tore",
    "broke",
    "sprained",
    "twisted",
    "slipped",
    "needs",
    "got",
    "gets",
    "went",
    "goes",
    "drives",
    "drove",
    "runs",
    "ran",
    "lifts",
    "sits",
    "stands",
    "responded",
    "improved",
    "progressed",
    "demonstrated",
    "demonstrates",
    "exhibits",
    "admits",
    "requested",
    "requests",
    "continues",
    "continued",
    "started",
    "stopped",
    "did",
    "does",
    "can",
    "will",
    "would",
    "could",
    "wonders",
    "hates",
    "likes",
    "loves",
    "called",
    "texted",
    "emailed",
    "cancelled",
    "canceled",
    "moved",
    "lost",
    "gained",
    "missed",
    "prefers",
    "thinks",
    "hopes",
    "takes",
    "was",
    "is",
    "has",
    "had",
];
/// After a name, it is the name of a test, a sign, a disease.
const EPONYMS: &[&str] = &[
    "test",
    "tests",
    "sign",
    "syndrome",
    "disease",
    "maneuver",
    "manoeuvre",
    "scale",
    "index",
    "score",
    "questionnaire",
    "technique",
    "method",
    "release",
    "fracture",
    "lesion",
    "palsy",
    "criteria",
    "classification",
    "position",
    "protocol",
    "cyst",
    "neuroma",
    "contracture",
    "deformity",
    "angle",
    "reflex",
    "tape",
    "taping",
    "roller",
    "exercise",
    "exercises",
    "stretch",
    "inventory",
    "grade",
    "phenomenon",
    "view",
    "tubercle",
    "triangle",
    "ligament",
    "tendon",
    "tendinopathy",
    "tendinitis",
    "canal",
    "mobilisation",
    "mobilization",
    "concept",
    "approach",
    "criterion",
    "thyroiditis",
    "chorea",
    "node",
    "nodes",
    "line",
    "space",
    "massage",
    "positive",
    "negative",
    "pos",
    "neg",
    "balance",
    "stage",
    "type",
    "signs",
    "arthropathy",
    "dystrophy",
    "gait",
    "osteochondrosis",
    "nodules",
    "esophagus",
    "dementia",
    "squat",
    "press",
    "curls",
    "lunge",
    "program",
    "programme",
];

/// Whether a word is one of the language, the trade, a state or a disease, and no name.
pub(super) fn is_common(word: &str) -> bool {
    let lower = word.to_lowercase();
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let lower = lower.strip_suffix("'s").unwrap_or(lower);
    if lower.chars().count() < 2 || COMMON.contains(lower) || EPONYMS.contains(&lower) || is_state(lower) {
        return true;
    }
    let endings = [
        "tion", "tions", "sion", "ment", "ments", "ness", "itis", "osis", "pathy", "ology", "ectomy", "algia", "emia",
        "therapy", "ical", "ular", "eous", "aneous", "ility", "icity", "graphy", "plasty", "scopy", "otomy", "metric",
        "metry", "trophy", "plegia", "paresis", "esthesia", "ology", "ologist", "iatrist", "tidine", "prazole", "pril",
        "sartan", "statin", "olol", "pine", "azepam", "oxetine", "triptan", "profen", "mycin", "cillin", "cycline",
        "caine", "idone", "adol",
    ];
    if lower.len() > 5 && endings.iter().any(|ending| lower.ends_with(ending)) {
        return true;
    }
    // The plural and other forms of a word that is known.
    let forms = [
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ing", ""),
        ("ing", "e"),
        ("ed", ""),
        ("ed", "e"),
        ("er", ""),
        ("ly", ""),
        ("ally", ""),
    ];
    forms.iter().any(|(ending, other)| {
        lower
            .strip_suffix(ending)
            .is_some_and(|stem| stem.len() > 2 && COMMON.contains(format!("{stem}{other}").as_str()))
    })
}

/// Whether what follows says that the words before are of a test or a disease.
pub(super) fn is_of_a_test(after: &str) -> bool {
    let next: String =
        after.trim_start().chars().take_while(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    EPONYMS.contains(&next.as_str())
}

static EMPLOYER: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = Rule::new;
    vec![
        rule(
            Kind::Name,
            "employer",
            r"(?i:\b(?:works?|worked|working|employed|hired|fired|job|shifts?|welder|employee|contractor|clerk|driver|manager|laid off)\b[^.;\n]{0,24}?\b(?:at|for|by|with)\s(?:the\s)?)(?<id>[A-Z][A-Za-z0-9&'.-]*[A-Za-z0-9](?:\s(?:&\s)?[A-Z][A-Za-z0-9&'-]*)*)",
            |seen| !seen.text().split(' ').all(is_common) && seen.text().len() > 1,
        ),
        rule(
            Kind::Name,
            "company",
            r"\b(?:[A-Z][A-Za-z0-9&'.-]*\s){1,3}(?:Inc|LLC|LLP|Ltd|Corp|Corporation|Company|Co|GmbH|PLLC|Associates|Bros|Industries|Enterprises|Fabrication|Logistics|Foundation)\b\.?",
            |seen| !seen.text().split(' ').next().is_some_and(is_common),
        ),
        rule(
            Kind::Name,
            "initials",
            r"(?:(?i:\b(?:initials|pt|patient|client|name|named)\b[\s:,(is]{1,5}))(?<id>(?:[A-Z]\.\s?){2,4}|[A-Z]{2,3}\b)",
            |seen| seen.text().contains('.') || seen.before(14).contains("initials"),
        ),
        // Names that begin with a small letter, after a word that only a name follows.
        rule(
            Kind::Name,
            "named",
            r"(?i:\b(?:patient'?s? name|client'?s? name|name of (?:the )?(?:patient|client)|full name|first name|last name|family name|surname|nickname|maiden name|whose name is|name is|name\s?:|named|aka|a\.k\.a\.|goes by|answers to)\b?\s?(?:is|:|=)?\s?)(?<id>[A-Za-z][A-Za-z'-]+(?:,?\s[A-Z][A-Za-z'-]+)*)",
            |seen| {
                !is_common(seen.text().split([' ', ',']).next().unwrap_or_default())
                    || is_listed(seen.text().split([' ', ',']).next().unwrap_or_default(), true)
            },
        ),
    ]
});

#[expect(clippy::expect_used, reason = "a constant; a test makes it")]
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z]+(?:['-][A-Za-z]+)*").expect("a word"));

fn is_listed(word: &str, is_capital: bool) -> bool {
    let lower = word.to_lowercase();
    NAMES.contains(lower.as_str()) || is_capital && NAMES_AND_WORDS.contains(lower.as_str())
}

struct Word<'t> {
    text: &'t str,
    /// Without a possessive.
    bare: &'t str,
    lower: String,
    start: usize,
    /// Of the bare word.
    end: usize,
    is_capital: bool,
    is_all_capitals: bool,
    /// Whether a sentence, a line, or a heading's text begins with it.
    begins: bool,
    /// What stands between it and the word before.
    gap: &'t str,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut last = 0;
    for found in WORD.find_iter(text) {
        let word = found.as_str();
        let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("'S")).unwrap_or(word);
        let gap = text.get(last..found.start()).unwrap_or_default();
        let marks = gap.trim_end_matches([' ', '"', '\'', '*', '-', '(']);
        let begins = words.is_empty()
            || gap.contains('\n')
            || marks.ends_with(['.', '!', '?', ':', ';']) && !is_abbreviation(words.last(), gap)
            || gap.contains(" - ")
            || gap.contains("- ");
        words.push(Word {
            text: word,
            bare,
            lower: bare.to_lowercase(),
            start: found.start(),
            end: found.start() + bare.len(),
            is_capital: word.starts_with(|c: char| c.is_ascii_uppercase()),
            is_all_capitals: bare.len() > 1
                && bare.chars().filter(char::is_ascii_alphabetic).all(|c| c.is_ascii_uppercase()),
            begins,
            gap,
        });
        last = found.end();
    }
    words
}

/// `Dr.` and an initial end no sentence.
fn is_abbreviation(word: Option<&Word<'_>>, gap: &str) -> bool {
    gap.trim() == "."
        && word.is_some_and(|word| {
            TITLES.contains(&word.lower.as_str())
                || word.text.len() == 1 && word.is_capital
                || word.lower == "st"
                || word.lower == "vs"
        })
}

/// Marks them.
pub(super) fn find(folded: &Folded, found: &mut Found) {
    apply(&EMPLOYER, folded, found);
    let words = words(&folded.text);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let after_is_digit = folded.after(word.end, 1).starts_with(|c: char| c.is_ascii_digit());
        match rule_of(word, after_is_digit, before, words.get(at + 1), &words, at) {
            Some(rule) => {
                let last = last_of_name(&words, at);
                let end = words.get(last).map_or(word.end, |last| last.end);
                found.add(folded, Kind::Name, word.start..end, rule);
                at = last + 1;
            }
            None => at += 1,
        }
    }
}

fn joins(gap: &str) -> bool {
    matches!(gap, " " | ". " | ", " | "-" | ".")
}

/// Where the name that begins here ends: what follows with a capital and is no word is of it.
fn last_of_name(words: &[Word<'_>], at: usize) -> usize {
    let mut last = at;
    while let Some(next) = words.get(last + 1) {
        let is_title = words.get(last).is_some_and(|word| TITLES.contains(&word.lower.as_str()));
        let is_part = next.is_capital && (!is_common(next.bare) || is_title || is_listed(next.bare, true));
        let is_small_part =
            is_title && last == at && SURE_TITLES.contains(&words.get(at).map_or("", |word| &word.lower));
        let is_initial = next.text.len() == 1 && next.is_capital;
        if !joins(next.gap) || !(is_part || is_initial || is_small_part) || is_eponym(words.get(last + 2)) && !is_title
        {
            break;
        }
        if next.gap == ", " && !is_listed(next.bare, true) && !next.is_all_capitals {
            break;
        }
        last += 1;
    }
    last
}

fn is_eponym(after: Option<&Word<'_>>) -> bool {
    after.is_some_and(|after| {
        matches!(after.gap, " " | "-" | " (" | ", " | ": ") && EPONYMS.contains(&after.lower.as_str())
    })
}

fn rule_of(
    word: &Word<'_>,
    after_is_digit: bool,
    before: Option<&Word<'_>>,
    after: Option<&Word<'_>>,
    words: &[Word<'_>],
    at: usize,
) -> Option<&'static str> {
    // A title, and whose it is.
    if TITLES.contains(&word.lower.as_str())
        && let Some(next) = after
    {
        let is_written_small = SURE_TITLES.contains(&word.lower.as_str()) && !next.is_capital && !word.is_all_capitals;
        let is_known = is_common(next.bare) && !is_listed(next.bare, next.is_capital);
        let follows = matches!(next.gap, " " | ". " | ".");
        let is_title = word.is_capital || SURE_TITLES.contains(&word.lower.as_str());
        let is_known = is_known
            && !(next.is_capital
                && !next.is_all_capitals
                && (SURE_TITLES.contains(&word.lower.as_str()) || word.lower == "ms"));
        if follows
            && !is_known
            && is_title
            && (next.is_capital || is_written_small)
            && !(word.lower == "mr" && word.is_all_capitals && !next.is_capital)
        {
            return Some("title");
        }
    }
    let is_after_role = before.is_some_and(|before| {
        ROLES.contains(&before.lower.as_str()) && matches!(word.gap, " " | ": " | ", " | " (" | "'s ")
    });
    let is_eponymous = is_eponym(after)
        || before.is_some_and(|before| {
            matches!(before.lower.as_str(), "positive" | "negative" | "modified" | "pos" | "neg") && word.gap == " "
        });
    // A list.
    if !is_eponymous {
        if word.lower.split('-').any(|part| NAMES.contains(part)) && !COMMON.contains(word.lower.as_str()) {
            return Some("list");
        }
        let is_before_a_family_name = after
            .is_some_and(|next| next.gap == " " && next.is_capital && !next.is_all_capitals && !is_common(next.bare));
        let is_doing = after.is_some_and(|next| next.gap == " " && DOINGS.contains(&next.lower.as_str()));
        if NAMES_AND_WORDS.contains(word.lower.as_str())
            && word.is_capital
            && !word.is_all_capitals
            && (!word.begins || is_before_a_family_name || is_doing || is_after_role)
        {
            return Some("list");
        }
    }
    // An initial before a name.
    if word.text.len() == 1
        && word.is_capital
        && let Some(next) = after
    {
        if next.gap == ". "
            && next.is_capital
            && !next.is_all_capitals
            && next.bare.len() > 2
            && !is_common(next.bare)
            && !is_eponym(words.get(at + 2))
        {
            return Some("initial");
        }
    }
    let is_unknown = word.is_capital
        && word.bare.len() > 2
        && !after_is_digit
        // Two who gave a test its name stand like this, and one is known mostly.
        && !(word.bare.contains('-') && word.bare.split('-').any(|part| is_common(part)))
        && !is_common(word.bare)
        && !word.bare.split('-').any(|part| part.len() > 1 && part.chars().all(|c| c.is_ascii_uppercase()));
    if !is_unknown || is_eponymous {
        return None;
    }
    if is_after_role {
        return Some("after_a_role");
    }
    if word.is_all_capitals {
        return None;
    }
    if !word.begins {
        return Some("capital");
    }
    let is_doing = after.is_some_and(|next| matches!(next.gap, " " | "'s ") && DOINGS.contains(&next.lower.as_str()));
    let is_full = after.is_some_and(|next| {
        next.gap == " "
            && next.is_capital
            && !next.is_all_capitals
            && next.bare.len() > 2
            && !is_common(next.bare)
            && !is_eponym(words.get(at + 2))
    });
    let is_possessive = word.text.len() > word.bare.len();
    (is_doing || is_full || is_possessive && !is_eponym(after)).then_some("begins_a_sentence")
}
