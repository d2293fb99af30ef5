//! An event as the tree holds it.

use super::merkle::{Hash, leaf_hash};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The version of the encoding that new events are sealed in.
pub const ENCODING: i16 = 1;

/// An event of the audit log with every column that it has in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct LogEvent {
    /// Its id.
    pub id: Uuid,
    /// Whose record it is.
    pub clinic_id: Uuid,
    /// When, to the microsecond.
    pub occurred_at: DateTime<Utc>,
    /// What was done or tried, such as `share.read`.
    pub action: String,
    /// How it ended: `permitted` or `denied`.
    pub outcome: String,
    /// Why it was refused: a problem's slug. Of what was read under an emergency access: `emergency-access`.
    pub reason: Option<String>,
    /// Who acted: `member`, `patient`, `anonymous` or `system`.
    pub actor_kind: String,
    /// The member who acted.
    pub actor_id: Option<Uuid>,
    /// The clinic of the member who acted.
    pub actor_clinic_id: Option<Uuid>,
    /// What it was done to.
    pub object_type: String,
    /// Its id.
    pub object_id: Option<Uuid>,
    /// The patient concerned.
    pub patient_id: Option<Uuid>,
    /// The consent that carried it.
    pub consent_id: Option<Uuid>,
    /// The request.
    pub request_id: String,
    /// The database transaction that wrote it.
    pub transaction_id: u64,
    /// Random, so that the hash of an event can't be undone by trying.
    pub salt: Uuid,
}

/// What a column's value is; its first byte in the encoding.
#[derive(Clone, Copy)]
enum Kind {
    Null = 0,
    Uuid = 1,
    Text = 2,
    Time = 3,
    Number = 4,
}

impl LogEvent {
    /// The columns of the encoding, by their names in the database, in its order.
    pub const COLUMNS: [&'static str; 16] = [
        "id",
        "clinic_id",
        "occurred_at",
        "action",
        "outcome",
        "reason",
        "actor_kind",
        "actor_id",
        "actor_clinic_id",
        "object_type",
        "object_id",
        "patient_id",
        "consent_id",
        "request_id",
        "xid",
        "salt",
    ];

    /// The bytes that the leaf is the hash of: `rapport audit event`, the version of the encoding in one byte, and then of
    /// each column its kind in one byte (0 null, 1 UUID, 2 text, 3 time, 4 number), its length in four and its value. Numbers
    /// are big-endian; a time is a signed number of microseconds since 1970 in UTC, text is UTF-8.
    ///
    /// Two events have the same bytes only if they are the same in every column.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = b"rapport audit event".to_vec();
        bytes.push(1);
        let mut put = |kind: Kind, value: &[u8]| {
            bytes.push(kind as u8);
            // A column holds far less than four gigabytes: Postgres takes at most one.
            bytes.extend(u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(value);
        };
        let uuid = |id: &Option<Uuid>| id.map_or((Kind::Null, Vec::new()), |id| (Kind::Uuid, id.as_bytes().to_vec()));
        let optional = [&self.actor_id, &self.actor_clinic_id, &self.object_id, &self.patient_id, &self.consent_id];
        let [actor_id, actor_clinic_id, object_id, patient_id, consent_id] = optional.map(uuid);
        put(Kind::Uuid, self.id.as_bytes());
        put(Kind::Uuid, self.clinic_id.as_bytes());
        put(Kind::Time, &self.occurred_at.timestamp_micros().to_be_bytes());
        put(Kind::Text, self.action.as_bytes());
        put(Kind::Text, self.outcome.as_bytes());
        match &self.reason {
            Some(reason) => put(Kind::Text, reason.as_bytes()),
            None => put(Kind::Null, &[]),
        }
        put(Kind::Text, self.actor_kind.as_bytes());
        put(actor_id.0, &actor_id.1);
        put(actor_clinic_id.0, &actor_clinic_id.1);
        put(Kind::Text, self.object_type.as_bytes());
        put(object_id.0, &object_id.1);
        put(patient_id.0, &patient_id.1);
        put(consent_id.0, &consent_id.1);
        put(Kind::Text, self.request_id.as_bytes());
        put(Kind::Number, &self.transaction_id.to_be_bytes());
        put(Kind::Uuid, self.salt.as_bytes());
        bytes
    }

    /// The leaf of the event in this version of the encoding; none if this program does not know the version.
    pub fn leaf(&self, encoding: i16) -> Option<Hash> {
        (encoding == ENCODING).then(|| leaf_hash(&self.canonical()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event() -> LogEvent {
        let id = |number: u128| Uuid::from_u128(number);
        LogEvent {
            id: id(1),
            clinic_id: id(2),
            occurred_at: DateTime::from_timestamp_micros(1_795_000_000_123_456).unwrap(),
            action: "share.read".into(),
            outcome: "denied".into(),
            reason: Some("consent-revoked".into()),
            actor_kind: "member".into(),
            actor_id: Some(id(3)),
            actor_clinic_id: Some(id(4)),
            object_type: "share".into(),
            object_id: Some(id(5)),
            patient_id: None,
            consent_id: None,
            request_id: "r".into(),
            transaction_id: 742,
            salt: id(6),
        }
    }

    /// Reads the bytes again by their description alone.
    fn columns(bytes: &[u8]) -> Option<Vec<(u8, Vec<u8>)>> {
        let mut rest = bytes.strip_prefix(b"rapport audit event\x01")?;
        let mut columns = Vec::new();
        while let Some((kind, after)) = rest.split_first() {
            let (length, after) = after.split_first_chunk::<4>()?;
            let (value, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
            columns.push((*kind, value.to_vec()));
            rest = after;
        }
        Some(columns)
    }

    #[test]
    fn the_bytes_of_an_event_stay_what_they_are() {
        let hash: String = event().leaf(ENCODING).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hash, "3193ef658bfa2b8ac3d34922430a5c0a9ff4d3edfa5c1196b611a9e48b8438d6",
            "whoever kept a root could not check it any more"
        );
        assert_eq!(columns(&event().canonical()).unwrap().len(), LogEvent::COLUMNS.len());
        assert_eq!(event().leaf(ENCODING + 1), None);
    }

    fn text() -> impl Strategy<Value = String> {
        // Short and of few letters, so that what could run together would.
        "[a\u{0}-]{0,3}"
    }

    prop_compose! {
        fn any_event()(
            texts in proptest::array::uniform5(text()), reason in proptest::option::of(text()),
            ids in proptest::array::uniform5(proptest::option::of(0_u128..3)), numbers in proptest::array::uniform5(0_u64..3)
        ) -> LogEvent {
            let [action, outcome, actor_kind, object_type, request_id] = texts;
            let [actor_id, actor_clinic_id, object_id, patient_id, consent_id] = ids.map(|id| id.map(Uuid::from_u128));
            let [id, clinic_id, micros, transaction_id, salt] = numbers;
            LogEvent {
                id: Uuid::from_u128(id.into()), clinic_id: Uuid::from_u128(clinic_id.into()),
                occurred_at: DateTime::from_timestamp_micros(i64::try_from(micros).unwrap()).unwrap(),
                action, outcome, reason, actor_kind, actor_id, actor_clinic_id, object_type, object_id, patient_id,
                consent_id, request_id, transaction_id, salt: Uuid::from_u128(salt.into()),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn two_events_have_the_same_bytes_only_if_they_are_the_same(one in any_event(), other in any_event()) {
            prop_assert_eq!(one == other, one.canonical() == other.canonical());
            // What can be read again can't be two things.
            let read = columns(&one.canonical()).unwrap();
            prop_assert_eq!(read.len(), LogEvent::COLUMNS.len());
            prop_assert_eq!(&read[3].1, one.action.as_bytes());
            prop_assert_eq!(&read[13].1, one.request_id.as_bytes());
        }
    }
}
