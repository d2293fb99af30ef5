//! A rule is a pattern and what has to hold besides: the patterns run in linear time and cannot look around.

use super::{Found, Kind, fold::Folded};
use regex::{Captures, Regex};

/// What was matched, with what stands around it.
pub(super) struct Match<'m> {
    pub(super) folded: &'m Folded,
    pub(super) captures: Captures<'m>,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Match<'_> {
    /// What is to be marked.
    pub(super) fn text(&self) -> &str {
        self.folded.text.get(self.start..self.end).unwrap_or_default()
    }

    /// A part of the pattern.
    pub(super) fn part(&self, name: &str) -> Option<&str> {
        self.captures.name(name).map(|part| part.as_str())
    }

    /// A part of the pattern, as a number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.part(name)?.parse().ok()
    }

    /// What stands before, in small letters.
    pub(super) fn before(&self, most: usize) -> String {
        self.folded.before(self.start, most).to_lowercase()
    }

    /// What stands after, in small letters.
    pub(super) fn after(&self, most: usize) -> String {
        self.folded.after(self.end, most).to_lowercase()
    }

    /// How many digits it has.
    pub(super) fn digits(&self) -> usize {
        self.text().chars().filter(char::is_ascii_digit).count()
    }

    /// How many letters it has.
    pub(super) fn letters(&self) -> usize {
        self.text().chars().filter(char::is_ascii_alphabetic).count()
    }
}

/// A pattern of a kind. Its part `id` is what is marked; all of it where it has none.
pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    regex: Regex,
    holds: fn(&Match<'_>) -> bool,
}

impl Rule {
    pub(super) fn new(kind: Kind, name: &'static str, pattern: &str, holds: fn(&Match<'_>) -> bool) -> Self {
        #[expect(clippy::expect_used, reason = "a constant of this folder; a test makes every rule")]
        let regex = Regex::new(pattern).expect(name);
        Self { kind, name, regex, holds }
    }
}

impl Rule {
    /// Marks what the rule finds, where this holds besides.
    pub(super) fn find(&self, folded: &Folded, found: &mut Found, holds: impl Fn(&Match<'_>) -> bool) {
        for captures in self.regex.captures_iter(&folded.text) {
            let Some(marked) = captures.name("id").or_else(|| captures.get(0)) else { continue };
            let (start, end) = (marked.start(), marked.end());
            let seen = Match { folded, captures, start, end };
            if (self.holds)(&seen) && holds(&seen) {
                found.add(folded, self.kind, start..end, self.name);
            }
        }
    }
}

/// Marks what the rules find, the first ones first.
pub(super) fn apply(rules: &[Rule], folded: &Folded, found: &mut Found) {
    for rule in rules {
        rule.find(folded, found, always);
    }
}

/// Whenever the pattern matches.
pub(super) fn always(_: &Match<'_>) -> bool {
    true
}
