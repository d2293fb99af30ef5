//! Whom an emergency access lets read whose reports, and until when. Pure rules.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// It ends by itself after so many minutes.
const MINUTES: i64 = 60;

/// When one that starts now ends by itself.
pub(super) fn ends(started_at: DateTime<Utc>) -> DateTime<Utc> {
    started_at + TimeDelta::minutes(MINUTES)
}

/// An emergency access, as far as it decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The clinic whose record it is.
    pub clinic: Uuid,
    /// Who may read.
    pub member: Uuid,
    /// Whose reports.
    pub patient: Uuid,
    /// From when.
    pub started_at: DateTime<Utc>,
    /// Until when at the latest.
    pub ends_at: DateTime<Utc>,
    /// When it was ended before that.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Terms {
    /// Whether something can be read under it: from its start on, and before its end.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.started_at <= at && at < self.ends_at && self.ended_at.is_none_or(|ended_at| at < ended_at)
    }
}

/// Who wants to read whose reports, and when.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// The clinic of who asks, whose record the report is of.
    pub clinic: Uuid,
    /// Who asks.
    pub member: Uuid,
    /// Whose reports.
    pub patient: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

/// An emergency access carries the reading. Only [`decide`] makes one.
#[derive(Debug)]
pub struct Permit(());

/// Whether one of these carries it.
pub fn decide(ask: &Ask, accesses: &[Terms]) -> Option<Permit> {
    let carries = |access: &Terms| {
        (access.clinic, access.member, access.patient) == (ask.clinic, ask.member, ask.patient)
            && access.is_open(ask.at)
    };
    accesses.iter().any(carries).then_some(Permit(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64, micros: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(1_795_000_000_000_000).unwrap()
            + TimeDelta::minutes(minutes)
            + TimeDelta::microseconds(micros)
    }

    fn terms() -> Terms {
        let [clinic, member, patient] = [1, 2, 3].map(Uuid::from_u128);
        Terms { clinic, member, patient, started_at: at(0, 0), ends_at: ends(at(0, 0)), ended_at: None }
    }

    fn ask(at: DateTime<Utc>) -> Ask {
        let Terms { clinic, member, patient, .. } = terms();
        Ask { clinic, member, patient, at }
    }

    #[test]
    fn it_lasts_an_hour_to_the_microsecond() {
        let is_open = |minutes, micros| decide(&ask(at(minutes, micros)), &[terms()]).is_some();
        assert!(!is_open(0, -1) && is_open(0, 0) && is_open(60, -1) && !is_open(60, 0));
    }

    #[test]
    fn one_that_was_ended_is_over_at_that_moment() {
        let ended = Terms { ended_at: Some(at(5, 0)), ..terms() };
        let is_open = |micros| decide(&ask(at(5, micros)), std::slice::from_ref(&ended)).is_some();
        assert!(is_open(-1) && !is_open(0));
    }

    #[test]
    fn it_opens_one_patients_reports_to_one_member_of_one_clinic() {
        let other = Uuid::from_u128(9);
        let ask = ask(at(1, 0));
        assert!(decide(&ask, &[terms()]).is_some());
        for ask in [Ask { clinic: other, ..ask }, Ask { member: other, ..ask }, Ask { patient: other, ..ask }] {
            assert!(decide(&ask, &[terms()]).is_none(), "{ask:?}");
        }
        assert!(decide(&ask, &[]).is_none());
    }
}
