//! What is known from the record: it is found however it is written.

use super::{Found, Kind, fold::Folded};

/// What is known of the patient and of the clinics.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Known(Vec<Phrase>);

#[derive(Debug, Clone)]
struct Phrase {
    kind: Kind,
    /// Letters and digits alone, small.
    squeezed: String,
    rule: &'static str,
}

/// Parts of names that are words.
const PARTICLES: &[&str] = &[
    "de", "da", "del", "della", "van", "von", "der", "den", "la", "le", "el", "al", "bin", "ibn", "di", "do", "dos",
    "the", "and", "of", "jr", "sr", "ii", "iii",
];

fn squeeze(text: &str) -> String {
    Folded::of(text).text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Known {
    fn add(&mut self, kind: Kind, text: &str, shortest: usize, rule: &'static str) {
        let squeezed = squeeze(text);
        if squeezed.chars().count() >= shortest {
            self.0.push(Phrase { kind, squeezed, rule });
        }
    }

    /// A person's names, together and one by one.
    pub(in super::super) fn person(&mut self, given: &str, family: &str) {
        self.add(Kind::Name, &format!("{given} {family}"), 3, "known_name");
        self.add(Kind::Name, &format!("{family} {given}"), 3, "known_name");
        for name in [given, family] {
            self.add(Kind::Name, name, 2, "known_name");
            for part in name.split([' ', '-']).filter(|part| !PARTICLES.contains(&squeeze(part).as_str())) {
                self.add(Kind::Name, part, 2, "known_name");
            }
        }
    }

    /// The name of a clinic.
    pub(in super::super) fn clinic(&mut self, name: &str) {
        self.add(Kind::Name, name, 3, "known_clinic");
    }

    /// A postal address, as a whole and line by line. States may be told.
    pub(in super::super) fn address(&mut self, address: &str) {
        self.add(Kind::Geography, address, 4, "known_address");
        for part in address.split([',', '\n', ';']).filter(|part| !super::places::is_state(part)) {
            self.add(Kind::Geography, part, 4, "known_address");
        }
    }

    /// A telephone number, with and without what is dialled before it.
    pub(in super::super) fn phone(&mut self, phone: &str) {
        let digits: String = squeeze(phone).chars().filter(char::is_ascii_digit).collect();
        for length in [digits.len(), 10, 7] {
            if let Some(last) = digits.len().checked_sub(length).and_then(|from| digits.get(from..)) {
                self.add(Kind::Phone, last, 7, "known_phone");
            }
        }
    }

    /// An e-mail address.
    pub(in super::super) fn email(&mut self, email: &str) {
        self.add(Kind::Email, email, 3, "known_email");
    }

    /// A record number.
    pub(in super::super) fn record_number(&mut self, number: &str) {
        self.add(Kind::MedicalRecordNumber, number, 3, "known_record_number");
    }

    /// Marks each of them, whatever stands between its letters; other letters and digits may not stand around it.
    pub(super) fn find(&self, folded: &Folded, found: &mut Found) {
        let mut squeezed = String::with_capacity(folded.text.len());
        let mut places = Vec::with_capacity(folded.text.len());
        let mut is_first = Vec::with_capacity(folded.text.len());
        let mut follows = false;
        for (at, c) in folded.text.char_indices() {
            if c.is_alphanumeric() {
                let before = squeezed.len();
                squeezed.extend(c.to_lowercase());
                places.resize(squeezed.len(), at..at + c.len_utf8());
                is_first.resize(squeezed.len(), false);
                if let Some(first) = is_first.get_mut(before) {
                    *first = !follows;
                }
            }
            follows = c.is_alphanumeric();
        }
        // The longer one tells more: an address, and not the name in it.
        let mut phrases: Vec<&Phrase> = self.0.iter().collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.squeezed.len()));
        for phrase in phrases {
            for (at, _) in squeezed.match_indices(&phrase.squeezed) {
                let end = at + phrase.squeezed.len();
                let is_whole = is_first.get(at) == Some(&true) && is_first.get(end).is_none_or(|first| *first);
                let (Some(first), Some(last)) = (places.get(at), places.get(end - 1)) else { continue };
                let is_short = phrase.squeezed.len() < 4;
                let is_tight = last.end - first.start == phrase.squeezed.len();
                // A possessive goes on without an apostrophe, too.
                let is_possessive = is_first.get(at) == Some(&true)
                    && squeezed.get(end..end + 1) == Some("s")
                    && is_first.get(end + 1).is_none_or(|first| *first)
                    && phrase.kind == Kind::Name;
                if (is_whole || is_possessive && !is_short) && (is_tight || !is_short) {
                    found.add(folded, phrase.kind, first.start..last.end, phrase.rule);
                }
            }
        }
    }
}
