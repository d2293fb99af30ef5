//! The National Provider Identifier and its check digit (45 CFR 162.406).

use crate::http::validation::Check;

/// Notes a broken rule unless the field is left out or holds an NPI.
pub(crate) fn check_npi(check: &mut Check, pointer: &str, value: Option<&str>) {
    check.ensure(
        value.is_none_or(is_npi),
        pointer,
        "invalid_npi",
        "An NPI has ten digits, starts with 1 or 2, and ends with its check digit.",
    );
}

/// Whether the text is an NPI: ten ASCII digits, the first of them 1 or 2, the last the ISO Luhn check digit over
/// "80840" and the nine before it. It says nothing on whether the number was ever given to anybody.
fn is_npi(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10).filter(|_| c.is_ascii_digit())).collect();
    let Some(digits) = digits else { return false };
    let ([1 | 2, ..], 10) = (digits.as_slice(), digits.len()) else { return false };
    // Every second digit from the right counts double, digit by digit; "80840" always adds 24.
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum();
    (sum + 24).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::is_npi;

    #[test]
    fn an_npi_ends_with_its_check_digit() {
        for valid in ["1234567893", "1558598797", "1003000126", "1000000020", "1000000160"] {
            assert!(is_npi(valid), "{valid}");
        }
        for invalid in [
            "1234567890",
            "1003000120",
            "0234567893",
            "3234567893",
            "123456789",
            "12345678930",
            " 1234567893",
            "",
            "１２３４５６７８９３",
        ] {
            assert!(!is_npi(invalid), "{invalid:?}");
        }
    }
}
