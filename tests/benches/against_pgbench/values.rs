//! Values as they pass on the wire, as text that Postgres reads back.

use anyhow::{Context, Result, bail, ensure};
use rapport_sdk::{
    chrono::{DateTime, Days, NaiveDate, SecondsFormat},
    uuid::Uuid,
};
use rapport_tests::tap::Parameter;
use std::fmt::Write;

/// What a type is called by its OID in `pg_type`, and for an array the OID of what it holds.
const TYPES: [(u32, &str, u32); 26] = [
    (BOOL, "bool", 0),
    (BYTEA, "bytea", 0),
    (INT8, "int8", 0),
    (INT2, "int2", 0),
    (INT4, "int4", 0),
    (TEXT, "text", 0),
    (VARCHAR, "varchar", 0),
    (JSON, "json", 0),
    (JSONB, "jsonb", 0),
    (FLOAT4, "float4", 0),
    (FLOAT8, "float8", 0),
    (UUID, "uuid", 0),
    (DATE, "date", 0),
    (TIMESTAMPTZ, "timestamptz", 0),
    (INTERVAL, "interval", 0),
    (XID8, "xid8", 0),
    (1000, "bool[]", BOOL),
    (1001, "bytea[]", BYTEA),
    (1005, "int2[]", INT2),
    (1007, "int4[]", INT4),
    (1016, "int8[]", INT8),
    (1009, "text[]", TEXT),
    (1022, "float8[]", FLOAT8),
    (UUIDS, "uuid[]", UUID),
    (1182, "date[]", DATE),
    (1185, "timestamptz[]", TIMESTAMPTZ),
];

const BOOL: u32 = 16;
pub(crate) const BYTEA: u32 = 17;
pub(crate) const INT8: u32 = 20;
const INT2: u32 = 21;
const INT4: u32 = 23;
pub(crate) const TEXT: u32 = 25;
pub(crate) const VARCHAR: u32 = 1043;
const JSON: u32 = 114;
pub(crate) const JSONB: u32 = 3802;
const FLOAT4: u32 = 700;
const FLOAT8: u32 = 701;
pub(crate) const UUID: u32 = 2950;
pub(crate) const UUIDS: u32 = 2951;
const DATE: u32 = 1082;
pub(crate) const TIMESTAMPTZ: u32 = 1184;
const INTERVAL: u32 = 1186;
const XID8: u32 = 5069;

/// 2000-01-01 in microseconds since 1970: from there Postgres counts.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// A type's name.
///
/// # Errors
/// If this file does not know it.
pub(crate) fn type_name(oid: u32) -> Result<&'static str> {
    let known = TYPES.iter().find(|(known, ..)| *known == oid);
    Ok(known.with_context(|| format!("the type with OID {oid} is missing in values.rs"))?.1)
}

/// A value as text.
///
/// # Errors
/// If its type is not known, or it is no value of its type.
pub(crate) fn text(parameter: &Parameter) -> Result<Option<String>> {
    let Some(value) = &parameter.value else { return Ok(None) };
    let text = if parameter.is_binary { binary(parameter.oid, value)? } else { String::from_utf8(value.clone())? };
    Ok(Some(text))
}

/// An array's elements as text, if it is one of one dimension without a `NULL`.
pub(crate) fn elements(parameter: &Parameter) -> Option<Vec<String>> {
    let (.., element) = *TYPES.iter().find(|(oid, ..)| *oid == parameter.oid)?;
    let value = parameter.value.as_deref().filter(|_| element != 0 && parameter.is_binary)?;
    unpacked(element, value).ok()?.into_iter().collect()
}

fn number<const N: usize>(value: &[u8]) -> Result<[u8; N]> {
    value.get(..N).and_then(|bytes| bytes.try_into().ok()).context("a value is too short")
}

fn binary(oid: u32, value: &[u8]) -> Result<String> {
    Ok(match oid {
        BOOL => (value == [1]).to_string(),
        BYTEA => hex(value),
        INT8 | XID8 => i64::from_be_bytes(number(value)?).to_string(),
        INT2 => i16::from_be_bytes(number(value)?).to_string(),
        INT4 => i32::from_be_bytes(number(value)?).to_string(),
        FLOAT4 => f32::from_be_bytes(number(value)?).to_string(),
        FLOAT8 => f64::from_be_bytes(number(value)?).to_string(),
        TEXT | VARCHAR | JSON => String::from_utf8(value.to_vec())?,
        // The first byte is the format's version.
        JSONB => String::from_utf8(value.get(1..).unwrap_or_default().to_vec())?,
        UUID => Uuid::from_bytes(number(value)?).to_string(),
        DATE => {
            let first = NaiveDate::from_ymd_opt(2000, 1, 1).context("a date")?;
            let days = i32::from_be_bytes(number(value)?);
            let distance = Days::new(u64::from(days.unsigned_abs()));
            let date = if days < 0 { first.checked_sub_days(distance) } else { first.checked_add_days(distance) };
            date.context("a date out of range")?.to_string()
        }
        TIMESTAMPTZ => {
            let micros = i64::from_be_bytes(number(value)?).checked_add(EPOCH_MICROS).context("a time out of range")?;
            DateTime::from_timestamp_micros(micros)
                .context("a time out of range")?
                .to_rfc3339_opts(SecondsFormat::Micros, true)
        }
        INTERVAL => {
            let micros = i64::from_be_bytes(number(value)?);
            let days = i32::from_be_bytes(number(value.get(8..).unwrap_or_default())?);
            let months = i32::from_be_bytes(number(value.get(12..).unwrap_or_default())?);
            format!("{months} months {days} days {micros} microseconds")
        }
        _ => {
            let found = TYPES.iter().find(|(known, _, element)| *known == oid && *element != 0);
            let (.., element) = found.with_context(|| format!("the type with OID {oid} is missing in values.rs"))?;
            let quoted = unpacked(*element, value)?.into_iter().map(|element| match element {
                Some(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
                None => "NULL".to_owned(),
            });
            format!("{{{}}}", quoted.collect::<Vec<_>>().join(","))
        }
    })
}

fn unpacked(element: u32, value: &[u8]) -> Result<Vec<Option<String>>> {
    let word = |at: usize| Ok::<_, anyhow::Error>(i32::from_be_bytes(number(value.get(at..).unwrap_or_default())?));
    match word(0)? {
        0 => return Ok(Vec::new()),
        1 => {}
        dimensions => bail!("an array of {dimensions} dimensions"),
    }
    ensure!(word(8)? == element.cast_signed(), "an array of another type");
    let mut at = 20;
    let mut all = Vec::new();
    for _ in 0..word(12)? {
        let length = usize::try_from(word(at)?).ok();
        at += 4;
        let bytes = length.map(|length| value.get(at..at + length).context("an array is too short")).transpose()?;
        all.push(bytes.map(|bytes| binary(element, bytes)).transpose()?);
        at += length.unwrap_or_default();
    }
    Ok(all)
}

/// Bytes as Postgres reads them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = "\\x".to_owned();
    for byte in bytes {
        // A `String` takes everything.
        write!(text, "{byte:02x}").ok();
    }
    text
}
