//! Sealing and opening with one key.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    rand::{SecureRandom, SystemRandom},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use uuid::Uuid;
use zeroize::Zeroizing;

/// The first byte of what was sealed. Another way of sealing would take another one.
const SEALED: u8 = 1;
/// The first byte of what the migrations brought over from the time before there was a vault, and nobody has sealed yet.
const PLAIN: u8 = 0;

/// Something can't be sealed or opened. Why is nobody's business: an answer that told a wrong key from a changed value would
/// help whoever tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// It does not open here, or could not be sealed.
    Refused,
    /// The root key that it takes is not at hand.
    RootKeyMissing,
    /// The root keys can't be asked.
    RootKeysUnavailable,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Refused => "a sealed value does not open here",
            Self::RootKeyMissing => "the root key that wraps a clinic's key is not at hand",
            Self::RootKeysUnavailable => "the root keys can't be asked",
        })
    }
}

impl std::error::Error for Error {}

impl From<Error> for diesel::result::Error {
    fn from(error: Error) -> Self {
        Self::DeserializationError(Box::new(error))
    }
}

/// 256 bits of key, wiped when they are dropped.
pub(super) type Secret = Zeroizing<[u8; 32]>;

/// A new random key.
pub(super) fn random() -> Result<Secret, Error> {
    let mut bytes = Secret::default();
    SystemRandom::new().fill(bytes.as_mut_slice()).map_err(|_| Error::Refused)?;
    Ok(bytes)
}

/// A key that seals.
pub(super) struct Key(RandomizedNonceKey);

impl Key {
    pub(super) fn new(secret: &Secret) -> Result<Self, Error> {
        // The library wipes what it derives from it.
        RandomizedNonceKey::new(&AES_256_GCM, secret.as_slice()).map(Self).map_err(|_| Error::Refused)
    }

    /// `format || nonce || ciphertext || tag`. The nonce is random: one key seals far less than the 2^32 values that this bears
    /// (NIST SP 800-38D, 8.3).
    pub(super) fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
        let mut text = Vec::with_capacity(plain.len() + AES_256_GCM.tag_len());
        text.extend_from_slice(plain);
        let nonce = self.0.seal_in_place_append_tag(Aad::from(context), &mut text).map_err(|_| Error::Refused)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + text.len());
        sealed.push(SEALED);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut text);
        Ok(sealed)
    }

    pub(super) fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let rest = sealed.strip_prefix(&[SEALED]).ok_or(Error::Refused)?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(Error::Refused)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::Refused)?;
        let mut text = Zeroizing::new(text.to_vec());
        let length = self.0.open_in_place(nonce, Aad::from(context), &mut text).map_err(|_| Error::Refused)?.len();
        text.truncate(length);
        Ok(text)
    }

    /// Seals a key.
    pub(super) fn wrap(&self, context: &[u8], secret: &Secret) -> Result<Vec<u8>, Error> {
        self.seal(context, secret.as_slice())
    }

    /// Opens a key that was sealed.
    pub(super) fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Result<Secret, Error> {
        let plain = self.open(context, wrapped)?;
        let mut secret = Secret::default();
        if plain.len() != secret.len() {
            return Err(Error::Refused);
        }
        secret.copy_from_slice(&plain);
        Ok(secret)
    }
}

/// Seals with a key that is nobody's data key, made for this one use.
///
/// # Errors
/// [`Error::Refused`]
pub(crate) fn seal_once(secret: [u8; 32], context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
    Key::new(&Secret::new(secret))?.seal(context, plain)
}

/// Opens what [`seal_once`] sealed.
///
/// # Errors
/// [`Error::Refused`]
pub(crate) fn open_once(secret: [u8; 32], context: &[u8], sealed: &[u8]) -> Result<String, Error> {
    let plain = Key::new(&Secret::new(secret))?.open(context, sealed)?;
    String::from_utf8(plain.to_vec()).map_err(|_| Error::Refused)
}

/// The key of one file outside of the database: it stands, sealed, in the file's row, so that rotating keys leaves the file
/// as it is, and shredding them closes it.
#[derive(Clone)]
pub(crate) struct FileKey(Secret);

impl FileKey {
    /// A new random one.
    ///
    /// # Errors
    /// [`Error::Refused`] if the operating system has no randomness to give.
    pub(crate) fn new() -> Result<Self, Error> {
        random().map(Self)
    }

    /// As it is written into what is sealed.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_slice()))
    }

    /// What [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// [`Error::Refused`]
    pub(crate) fn from_text(text: &str) -> Result<Self, Error> {
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| Error::Refused)?);
        let mut secret = Secret::default();
        if bytes.len() != secret.len() {
            return Err(Error::Refused);
        }
        secret.copy_from_slice(&bytes);
        Ok(Self(secret))
    }

    fn context(clinic: Uuid, file: Uuid) -> Vec<u8> {
        [b"rapport/file/1\0".as_slice(), clinic.as_bytes(), file.as_bytes()].concat()
    }

    /// Seals the file of this id.
    ///
    /// # Errors
    /// [`Error::Refused`]
    pub(crate) fn seal(&self, clinic: Uuid, file: Uuid, plain: &[u8]) -> Result<Vec<u8>, Error> {
        Key::new(&self.0)?.seal(&Self::context(clinic, file), plain)
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`Error::Refused`]
    pub(crate) fn open(&self, clinic: Uuid, file: Uuid, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        Key::new(&self.0)?.open(&Self::context(clinic, file), sealed)
    }
}

/// Where a sealed value stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row.
    pub row: Uuid,
    /// The number of the row, where a table has several for one id.
    pub number: i32,
}

impl Place {
    /// A column of the row with this id.
    pub const fn new(table: &'static str, column: &'static str, row: Uuid) -> Self {
        Self { table, column, row, number: 0 }
    }
}

/// A data key, unlocked: of a patient, or of a clinic's office.
pub struct DataKey {
    pub(super) clinic: Uuid,
    pub(super) subject: Uuid,
    pub(super) version: i32,
    pub(super) key: Key,
}

impl DataKey {
    /// Which of the subject's keys it is: the row with what it seals names it.
    pub fn version(&self) -> i32 {
        self.version
    }

    /// What a value is bound to. Each part is of a fixed length or ends with a byte that none of them holds.
    fn context(&self, place: &Place) -> Vec<u8> {
        let mut context = Vec::with_capacity(96);
        context.extend_from_slice(b"rapport/value/1\0");
        context.extend_from_slice(place.table.as_bytes());
        context.push(0);
        context.extend_from_slice(place.column.as_bytes());
        context.push(0);
        context.extend_from_slice(place.row.as_bytes());
        context.extend_from_slice(&place.number.to_be_bytes());
        context.extend_from_slice(self.clinic.as_bytes());
        context.extend_from_slice(self.subject.as_bytes());
        context.extend_from_slice(&self.version.to_be_bytes());
        context
    }

    /// Seals a value for its place.
    ///
    /// # Errors
    /// If it can't be sealed.
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, Error> {
        self.key.seal(&self.context(place), plain)
    }

    /// Opens a value that was sealed for this place.
    ///
    /// # Errors
    /// [`Error::Refused`] whatever is wrong with it.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.key.open(&self.context(place), sealed)
    }

    /// Opens a text.
    ///
    /// # Errors
    /// [`Error::Refused`]
    pub fn open_text(&self, place: &Place, sealed: &[u8]) -> Result<String, Error> {
        let plain = self.open(place, sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| Error::Refused)
    }

    /// Seals what serde writes.
    ///
    /// # Errors
    /// [`Error::Refused`]
    pub fn seal_json<T: serde::Serialize>(&self, place: &Place, value: &T) -> Result<Vec<u8>, Error> {
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(|_| Error::Refused)?);
        self.seal(place, &plain)
    }

    /// Opens what serde wrote.
    ///
    /// # Errors
    /// [`Error::Refused`]
    pub fn open_json<T: serde::de::DeserializeOwned>(&self, place: &Place, sealed: &[u8]) -> Result<T, Error> {
        // The parser's sentence may quote what it could not read, so it is not kept.
        serde_json::from_slice(&self.open(place, sealed)?).map_err(|_| Error::Refused)
    }
}

/// What a migration brought over in the clear; `None` if it is sealed.
pub(crate) fn brought_over(value: &[u8]) -> Option<&[u8]> {
    value.strip_prefix(&[PLAIN])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(clinic: u128, subject: u128, version: i32) -> DataKey {
        let secret = Zeroizing::new([7; 32]);
        DataKey {
            clinic: Uuid::from_u128(clinic),
            subject: Uuid::from_u128(subject),
            version,
            key: Key::new(&secret).unwrap(),
        }
    }

    #[test]
    fn a_value_opens_in_its_place_and_in_no_other() {
        let home = key(1, 2, 3);
        let place = Place::new("patients", "identity", Uuid::from_u128(9));
        let sealed = home.seal(&place, b"Casey").unwrap();
        assert_eq!(home.open(&place, &sealed).unwrap().as_slice(), b"Casey");
        for (what, elsewhere) in [
            ("another table", Place { table: "reports", ..place }),
            ("another column", Place { column: "draft", ..place }),
            ("another row", Place { row: Uuid::from_u128(8), ..place }),
            ("another number", Place { number: 1, ..place }),
            ("a border moved", Place { table: "patient", column: "sidentity", ..place }),
        ] {
            assert_eq!(home.open(&elsewhere, &sealed).unwrap_err(), Error::Refused, "{what}");
        }
        // The same bytes of key, so that it is the context alone that refuses.
        for (what, other) in
            [("another clinic", key(4, 2, 3)), ("another patient", key(1, 4, 3)), ("another version", key(1, 2, 4))]
        {
            assert_eq!(other.open(&place, &sealed).unwrap_err(), Error::Refused, "{what}");
        }
    }

    #[test]
    fn of_a_thousand_values_none_opens_in_the_place_of_another() {
        let keys: Vec<DataKey> = (0..10).map(|subject| key(1, subject, 1)).collect();
        // Ten patients; rows that share an id and differ by their number, and rows that differ by their id.
        let home = |value: u32| {
            let place = Place::new("report_versions", "body", Uuid::from_u128(u128::from(value / 20)));
            (&keys[value as usize % 10], Place { number: i32::from(value % 20 > 9), ..place })
        };
        let contexts: Vec<Vec<u8>> = (0..1000).map(|value| home(value).0.context(&home(value).1)).collect();
        for value in 0..1000 {
            let (key, place) = home(value);
            let sealed = key.seal(&place, b"Casey").unwrap();
            assert!(key.open(&place, &sealed).is_ok());
            for away in (value + 1)..1000 {
                assert!(
                    home(away).0.key.open(&contexts[away as usize], &sealed).is_err(),
                    "{value} in the place of {away}"
                );
            }
        }
    }

    #[test]
    fn the_same_value_is_never_sealed_alike() {
        let (key, place) = (key(1, 2, 3), Place::new("patients", "identity", Uuid::nil()));
        assert_ne!(key.seal(&place, b"Casey").unwrap(), key.seal(&place, b"Casey").unwrap());
    }

    #[test]
    fn what_was_brought_over_in_the_clear_is_not_taken_for_sealed() {
        let (key, place) = (key(1, 2, 0), Place::new("patients", "identity", Uuid::nil()));
        assert_eq!(brought_over(b"\0{}"), Some(b"{}".as_slice()));
        assert!(key.open(&place, b"\0{}").is_err());
        assert_eq!(brought_over(&key.seal(&place, b"{}").unwrap()), None);
    }

    proptest! {
        #[test]
        fn whatever_was_sealed_opens_and_whatever_was_changed_does_not(
            plain in proptest::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), bit in 0_u32..8,
        ) {
            let (key, place) = (key(1, 2, 3), Place::new("reports", "draft", Uuid::from_u128(5)));
            let mut sealed = key.seal(&place, &plain).unwrap();
            let opened = key.open(&place, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
            let at = at.index(sealed.len());
            sealed[at] ^= 1_u8 << bit;
            prop_assert_eq!(key.open(&place, &sealed).unwrap_err(), Error::Refused);
        }

        #[test]
        fn whatever_bytes_stand_there_nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let (key, place) = (key(1, 2, 3), Place::new("reports", "draft", Uuid::from_u128(5)));
            prop_assert!(key.open(&place, &bytes).is_err());
        }
    }
}
