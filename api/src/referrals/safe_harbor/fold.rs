//! A text as it is read by people: without what cannot be seen, and with one form for each digit, dot, dash and letter.

use super::{Found, Kind};
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The folded text, and for each of its bytes the character of the given text that it came from.
pub(super) struct Folded {
    pub(super) text: String,
    origin: Vec<usize>,
    /// For each byte, whether its letter is of another alphabet.
    foreign: Vec<bool>,
}

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), origin: Vec::new(), foreign: Vec::new() };
        for (at, c) in text.chars().enumerate() {
            if is_invisible(c) {
                continue;
            }
            for part in std::iter::once(c).nfkd().filter(|part| !is_combining_mark(*part)) {
                if part.is_whitespace() {
                    folded.blank(part, at);
                    continue;
                }
                if let Some(letters) = spelled(part) {
                    letters.chars().for_each(|letter| folded.push(letter, at, false));
                    continue;
                }
                match look_alike(part) {
                    Some(letter) => folded.push(letter, at, true),
                    None => {
                        let plain = plain(part);
                        folded.push(plain, at, plain.is_alphabetic() && !plain.is_ascii());
                    }
                }
            }
        }
        folded
    }

    fn push(&mut self, c: char, origin: usize, is_foreign: bool) {
        self.text.push(c);
        self.origin.resize(self.text.len(), origin);
        self.foreign.resize(self.text.len(), is_foreign);
    }

    /// One blank for however many; a line break stays one.
    fn blank(&mut self, c: char, origin: usize) {
        let is_break = matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
        match self.text.chars().next_back() {
            Some('\n') => {}
            Some(' ') if !is_break => {}
            Some(' ') => {
                self.text.pop();
                self.origin.pop();
                self.foreign.pop();
                self.push('\n', origin, false);
            }
            _ => self.push(if is_break { '\n' } else { ' ' }, origin, false),
        }
    }

    /// The characters of the given text that these bytes came from.
    pub(super) fn characters(&self, bytes: Range<usize>) -> Option<Range<usize>> {
        let last = bytes.end.checked_sub(1)?;
        Some(*self.origin.get(bytes.start)?..self.origin.get(last)? + 1)
    }

    /// What stands before these bytes, at most so many characters of it.
    pub(super) fn before(&self, start: usize, most: usize) -> &str {
        let text = self.text.get(..start).unwrap_or_default();
        let from = text.char_indices().rev().take(most).last().map_or(start, |(at, _)| at);
        text.get(from..).unwrap_or_default()
    }

    /// What stands after these bytes, at most so many characters of it.
    pub(super) fn after(&self, end: usize, most: usize) -> &str {
        let text = self.text.get(end..).unwrap_or_default();
        let to = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
        text.get(..to).unwrap_or_default()
    }
}

/// What takes no room, or only steers how the text is set.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{e0000}'..='\u{e0fff}')
}

/// Where the digits of other scripts begin; nine more follow each. (Unicode 16, general category Nd, without those that fold
/// to ASCII by themselves.)
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450,
    0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
    0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950,
];

/// One form for each digit, dot, dash, slash and quotation mark.
fn plain(c: char) -> char {
    let code = u32::from(c);
    if let Some(zero) = ZEROS.iter().rev().find(|zero| **zero <= code).filter(|zero| code - **zero < 10) {
        return char::from_digit(code - zero, 10).unwrap_or(c);
    }
    match c {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{58a}'
        | '\u{5be}'
        | '\u{1806}'
        | '\u{30fb}'
        | '\u{2500}'
        | '\u{301c}'
        | '\u{2796}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{30a0}' => '-',
        '\u{3002}' | '\u{b7}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{701}' | '\u{702}' | '\u{6d4}'
        | '\u{a4f8}' | '\u{a60e}' | '\u{10a50}' | '\u{2e33}' | '\u{2022}' | '\u{25cf}' => '.',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{2571}' | '\u{2cc6}' | '\u{1735}' => '/',
        '\u{589}' | '\u{2236}' | '\u{a789}' | '\u{5c3}' | '\u{703}' | '\u{704}' | '\u{2d0}' | '\u{205a}' => ':',
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{2b9}' | '\u{60}' | '\u{b4}' | '\u{a78c}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2217}' | '\u{204e}' => '*',
        '\u{d7}' => 'x',
        _ => c,
    }
}

/// Latin letters that do not come apart by themselves.
const fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'ı' => "i",
        'ħ' => "h",
        _ => return None,
    })
}

/// The Latin letter that a Cyrillic or Greek one is taken for.
const fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'с' | 'ϲ' => 'c',
        'С' | 'Ϲ' => 'C',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'Е' | 'Ε' => 'E',
        'ɡ' => 'g',
        'һ' => 'h',
        'Н' | 'Η' => 'H',
        'і' | 'ι' => 'i',
        'І' | 'Ι' => 'I',
        'ј' => 'j',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'о' | 'ο' | 'σ' => 'o',
        'О' | 'Ο' => 'O',
        'р' | 'ρ' => 'p',
        'Р' | 'Ρ' => 'P',
        'ԛ' => 'q',
        'ѕ' => 's',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'Х' | 'Χ' => 'X',
        'у' | 'γ' => 'y',
        'У' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        _ => return None,
    })
}

/// Words in letters that the rules cannot read, or of two alphabets at once: what can't be read is not let out. A Greek letter by
/// itself is a symbol.
pub(super) fn find_other_alphabets(folded: &Folded, found: &mut Found) {
    let mut word: Option<(usize, usize, usize)> = None; // start, letters, foreign ones
    let ends = folded.text.char_indices().chain(std::iter::once((folded.text.len(), ' ')));
    for (at, c) in ends {
        if c.is_alphabetic() {
            let (start, letters, foreign) = word.unwrap_or((at, 0, 0));
            let is_foreign = folded.foreign.get(at).copied().unwrap_or(false) && !matches!(c, 'μ' | 'Ω' | 'Δ' | 'π');
            word = Some((start, letters + 1, foreign + usize::from(is_foreign)));
        } else if let Some((start, letters, foreign)) = word.take()
            && foreign > 0
            && letters > 1
        {
            found.add(folded, Kind::OtherIdentifier, start..at, "another_alphabet");
        }
    }
}
