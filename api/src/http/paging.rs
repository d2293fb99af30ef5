//! Pages of lists: `limit`, and an opaque `cursor` that says after which object the page starts.

use super::problem::ApiError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rapport_contract::{
    page::{DEFAULT_LIMIT, MAX_LIMIT},
    problem::FieldError,
};
use serde::Deserialize;
use uuid::Uuid;

/// The id of the last object of the page before.
///
/// An id and nothing else: a cursor stands in addresses, so it may not hold what a patient is called. It gives no right
/// either; the query that it continues is filtered by the caller's clinic like the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub Uuid);

impl Cursor {
    /// For a list that counts: a number in the place of an id.
    pub fn number(number: i32) -> Self {
        Self(Uuid::from_u128(number.unsigned_abs().into()))
    }

    /// For a list that counts from one to very many.
    pub fn sequence(sequence: i64) -> Self {
        Self(Uuid::from_u128(sequence.unsigned_abs().into()))
    }

    /// The number again; of a cursor that holds none, a number that nothing comes after.
    pub fn as_sequence(self) -> i64 {
        i64::try_from(self.0.as_u128()).unwrap_or(i64::MAX)
    }

    fn encode(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_bytes())
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Uuid::from_slice(&bytes).ok().map(Self)
    }
}

/// The part of a query that every list takes. It is flattened by hand into each list's own query, because `flatten` and
/// `deny_unknown_fields` exclude each other.
#[derive(Debug, Clone, Copy)]
pub struct PageRequest {
    /// Where to start.
    pub after: Option<Cursor>,
    limit: u32,
}

impl PageRequest {
    /// Reads `limit` and `cursor`.
    ///
    /// # Errors
    /// `validation`
    pub fn parse(limit: Option<u32>, cursor: Option<&str>) -> Result<Self, ApiError> {
        let mut errors = Vec::new();
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            errors.push(FieldError {
                pointer: "limit".into(),
                code: "out_of_range".into(),
                message: format!("limit must be from 1 to {MAX_LIMIT}."),
                span: None,
            });
        }
        let after = cursor.map(Cursor::decode);
        if after == Some(None) {
            errors.push(FieldError {
                pointer: "cursor".into(),
                code: "invalid_cursor".into(),
                message: "Send a next_cursor of the same list as it came.".into(),
                span: None,
            });
        }
        if errors.is_empty() { Ok(Self { after: after.flatten(), limit }) } else { Err(ApiError::validation(errors)) }
    }

    /// How many rows to ask the database for: one more than the page, which tells whether there is a next one.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts the rows to the page and makes the cursor of the next one.
    pub fn cut<R>(&self, mut rows: Vec<R>, id: impl Fn(&R) -> Uuid) -> (Vec<R>, Option<String>) {
        let size = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| has_more).map(|row| Cursor(id(row)).encode());
        (rows, next)
    }
}

/// The query of a list without filters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListQuery {
    /// Reads it.
    ///
    /// # Errors
    /// `validation`
    pub fn page(&self) -> Result<PageRequest, ApiError> {
        PageRequest::parse(self.limit, self.cursor.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_whether_there_is_another() {
        let ids: Vec<Uuid> = (1..=3).map(Uuid::from_u128).collect();
        let page = PageRequest::parse(Some(2), None).unwrap();
        let (items, next) = page.cut(ids.clone(), |id| *id);
        assert_eq!(items, ids[..2]);
        let following = PageRequest::parse(Some(2), next.as_deref()).unwrap();
        assert_eq!(following.after, Some(Cursor(ids[1])));
        assert_eq!(following.cut(ids[2..].to_vec(), |id| *id).1, None);
    }

    #[test]
    fn a_limit_or_cursor_that_makes_no_sense_is_refused() {
        for (limit, cursor) in [(Some(0), None), (Some(101), None), (None, Some("?")), (None, Some("AAAA"))] {
            assert!(PageRequest::parse(limit, cursor).is_err(), "{limit:?} {cursor:?}");
        }
    }
}
