//! Family names as they are searched for.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A family name without case, accents and surrounding blanks: "Núñez " and "nunez" are found by each other.
pub(super) fn search_key(name: &str) -> String {
    name.trim().nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::search_key;

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(search_key(" Núñez "), "nunez");
        assert_eq!(search_key("NUN\u{303}EZ"), "nunez");
        assert_eq!(search_key("O'Brien-Łoś"), "o'brien-łos");
    }
}
