//! Keyed tokens of what is looked for: a blind index.
//!
//! A token is equal for equal texts of one column of one clinic, and means nothing without the clinic's key: nobody who has the
//! database alone can try names against it, nor find the same patient in two clinics. What it tells is how often a token
//! stands there. Whoever searches compares what was found once more after opening it.

use super::cipher::{Error, Secret};
use aws_lc_rs::{hkdf, hmac};

/// The keys of one clinic's index, one for each column.
pub struct Index {
    family_name: hmac::Key,
    birth_date: hmac::Key,
    mrn: hmac::Key,
    address: hmac::Key,
    purpose: hmac::Key,
}

impl Index {
    pub(super) fn derive(secret: &Secret) -> Result<Self, Error> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"rapport/index/1").extract(secret.as_slice());
        let key = |column: &'static [u8]| -> Result<hmac::Key, Error> {
            let column = [column];
            Ok(root.expand(&column, hmac::HMAC_SHA256).map_err(|_| Error::Refused)?.into())
        };
        Ok(Self {
            family_name: key(b"patients.family_name")?,
            birth_date: key(b"patients.birth_date")?,
            mrn: key(b"patients.mrn")?,
            address: key(b"guests.address")?,
            purpose: key(b"purposes")?,
        })
    }

    /// The token of the first letters of a family name, or of all of them.
    pub fn family_name(&self, letters: &str) -> i64 {
        token(&self.family_name, letters)
    }

    /// The token of a date of birth.
    pub fn birth_date(&self, date: &str) -> i64 {
        token(&self.birth_date, date)
    }

    /// The token of a record number.
    pub fn mrn(&self, number: &str) -> i64 {
        token(&self.mrn, number)
    }

    /// What stands for a guest's address, normalised, where the gate compares addresses.
    pub fn address(&self, address: &str) -> String {
        hex(&self.address, address)
    }

    /// What stands for a purpose in the clinic's own words, normalised, where the gate compares purposes.
    pub fn purpose(&self, purpose: &str) -> String {
        hex(&self.purpose, purpose)
    }
}

/// 64 bits of the tag: short enough for a small index, long enough that two texts never meet by chance.
fn token(key: &hmac::Key, text: &str) -> i64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(hmac::sign(key, text.as_bytes()).as_ref()).for_each(|(to, from)| *to = *from);
    i64::from_be_bytes(bytes)
}

fn hex(key: &hmac::Key, text: &str) -> String {
    hmac::sign(key, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_of_one_text_in_one_column_of_one_clinic() {
        let [one, other] = [1, 2].map(|byte| Index::derive(&Secret::new([byte; 32])).unwrap());
        assert_eq!(one.family_name("sample"), one.family_name("sample"));
        assert_ne!(one.family_name("sample"), one.family_name("sampl"));
        assert_ne!(one.family_name("sample"), one.mrn("sample"));
        assert_ne!(one.family_name("sample"), other.family_name("sample"));
        assert_ne!(one.address("a@example.org"), one.purpose("a@example.org"));
        assert_eq!(one.address("a@example.org").len(), 64);
    }
}
