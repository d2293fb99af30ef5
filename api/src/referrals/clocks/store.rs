//! The SQL of clocks, and of how a clinic's loops have closed.

use super::{
    super::{
        state::Standing,
        store::{Row as Referral, lapse},
    },
    policy::{Clock, DEFAULTS, is_answer, times_of, turned},
};
use crate::database::{
    Tx,
    prepared::Prepare,
    schema::{members, referral_clocks, referral_times, referrals},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl;
use rapport_contract::{
    referral_times::{ReferralTimes, SetReferralTimes, UrgencyTimes},
    referrals::{ReferralSide, ReferralState, ReferralVerb},
};
use uuid::Uuid;

/// A clinic's times as a row.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = referral_times, primary_key(clinic_id))]
struct Times {
    clinic_id: Uuid,
    routine_answer_hours: i32,
    routine_report_days: i32,
    routine_expiry_days: i32,
    urgent_answer_hours: i32,
    urgent_report_days: i32,
    urgent_expiry_days: i32,
    emergent_answer_hours: i32,
    emergent_report_days: i32,
    emergent_expiry_days: i32,
    version: i32,
}

impl Times {
    fn of(clinic: Uuid, times: &SetReferralTimes, version: i32) -> Self {
        let SetReferralTimes { routine, urgent, emergent } = *times;
        Self {
            clinic_id: clinic,
            routine_answer_hours: routine.answer_hours,
            routine_report_days: routine.report_days,
            routine_expiry_days: routine.expiry_days,
            urgent_answer_hours: urgent.answer_hours,
            urgent_report_days: urgent.report_days,
            urgent_expiry_days: urgent.expiry_days,
            emergent_answer_hours: emergent.answer_hours,
            emergent_report_days: emergent.report_days,
            emergent_expiry_days: emergent.expiry_days,
            version,
        }
    }
}

impl From<Times> for ReferralTimes {
    fn from(row: Times) -> Self {
        Self {
            routine: UrgencyTimes {
                answer_hours: row.routine_answer_hours,
                report_days: row.routine_report_days,
                expiry_days: row.routine_expiry_days,
            },
            urgent: UrgencyTimes {
                answer_hours: row.urgent_answer_hours,
                report_days: row.urgent_report_days,
                expiry_days: row.urgent_expiry_days,
            },
            emergent: UrgencyTimes {
                answer_hours: row.emergent_answer_hours,
                report_days: row.emergent_report_days,
                expiry_days: row.emergent_expiry_days,
            },
            version: row.version,
        }
    }
}

/// The times that hold in a clinic now.
pub(super) async fn times(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<ReferralTimes> {
    let row = referral_times::table.find(clinic).select(Times::as_select()).first(tx.conn()).await.optional()?;
    let SetReferralTimes { routine, urgent, emergent } = DEFAULTS;
    Ok(row.map_or(ReferralTimes { routine, urgent, emergent, version: 0 }, Into::into))
}

/// Sets a clinic's times, unless they were set since this version was read.
pub(super) async fn set_times(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    times: &SetReferralTimes,
    seen: i32,
) -> QueryResult<Option<ReferralTimes>> {
    let row = Times::of(clinic, times, seen + 1);
    let count = if seen == 0 {
        diesel::insert_into(referral_times::table).values(&row).on_conflict_do_nothing().execute(tx.conn()).await?
    } else {
        let unchanged = referral_times::table.find(clinic).filter(referral_times::version.eq(seen));
        diesel::update(unchanged).set(&row).execute(tx.conn()).await?
    };
    Ok((count == 1).then(|| row.into()))
}

/// A referral's clock as a row.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = referral_clocks, treat_none_as_default_value = false)]
pub(in super::super) struct Row {
    referral_id: Uuid,
    clinic_id: Uuid,
    answer_hours: i32,
    report_days: i32,
    awaits: Option<String>,
    due_at: Option<DateTime<Utc>>,
    report_due_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    remind_at: Option<DateTime<Utc>>,
    pub(in super::super) answered_at: Option<DateTime<Utc>>,
    pub(in super::super) scheduled_at: Option<DateTime<Utc>>,
}

const fn side_word(side: ReferralSide) -> &'static str {
    match side {
        ReferralSide::Sender => "sender",
        ReferralSide::Recipient => "recipient",
        ReferralSide::Unknown => "unknown",
    }
}

impl Row {
    /// How it stands.
    pub(in super::super) fn clock(&self) -> Clock {
        let awaits = match self.awaits.as_deref() {
            Some("sender") => Some(ReferralSide::Sender),
            Some(_) => Some(ReferralSide::Recipient),
            None => None,
        };
        Clock {
            awaits,
            due_at: self.due_at,
            report_due_at: self.report_due_at,
            expires_at: self.expires_at,
            remind_at: self.remind_at,
        }
    }

    /// The times of when it was sent. It lapses when it was decided then.
    pub(super) fn times(&self) -> UrgencyTimes {
        UrgencyTimes { answer_hours: self.answer_hours, report_days: self.report_days, expiry_days: 0 }
    }
}

/// Turns a referral's clock with a move. One that was never sent has none.
pub(in super::super) async fn turn(
    tx: &mut Tx<'_>,
    referral: &Referral,
    from: ReferralState,
    verb: Option<ReferralVerb>,
    clock: Option<Row>,
) -> QueryResult<Option<Row>> {
    let (now, to) = (tx.now(), referral.standing().state);
    let Some(row) = clock else {
        if to != ReferralState::Sent {
            return Ok(None);
        }
        let times = times(tx, referral.clinic_id).await?;
        let times = SetReferralTimes { routine: times.routine, urgent: times.urgent, emergent: times.emergent };
        let times = times_of(&times, referral.urgency());
        let started = turned(Clock::default(), from, to, times, now);
        let row = Row {
            referral_id: referral.id,
            clinic_id: referral.clinic_id,
            answer_hours: times.answer_hours,
            report_days: times.report_days,
            awaits: started.awaits.map(|side| side_word(side).to_owned()),
            due_at: started.due_at,
            report_due_at: started.report_due_at,
            expires_at: started.expires_at,
            remind_at: started.remind_at,
            answered_at: None,
            scheduled_at: None,
        };
        diesel::insert_into(referral_clocks::table).values(&row).execute(tx.conn()).await?;
        return Ok(Some(row));
    };
    let after = turned(row.clock(), from, to, row.times(), now);
    let answered_at = row.answered_at.or(verb.is_some_and(is_answer).then_some(now));
    let scheduled_at = row.scheduled_at.or((to == ReferralState::Scheduled).then_some(now));
    if after == row.clock() && answered_at == row.answered_at && scheduled_at == row.scheduled_at {
        return Ok(Some(row));
    }
    let row = diesel::update(referral_clocks::table.find(row.referral_id))
        .set((
            referral_clocks::awaits.eq(after.awaits.map(side_word)),
            referral_clocks::due_at.eq(after.due_at),
            referral_clocks::report_due_at.eq(after.report_due_at),
            referral_clocks::expires_at.eq(after.expires_at),
            referral_clocks::remind_at.eq(after.remind_at),
            referral_clocks::answered_at.eq(answered_at),
            referral_clocks::scheduled_at.eq(scheduled_at),
        ))
        .returning(Row::as_returning())
        .prepared()
        .get_result(tx.conn())
        .await?;
    Ok(Some(row))
}

/// Referrals that lapse now. Whoever moves one of them holds it: then its time is not up, or it is the next round's.
pub(super) async fn take_lapsed(tx: &mut Tx<'_>, most: i64) -> QueryResult<Vec<Referral>> {
    referrals::table
        .inner_join(referral_clocks::table.on(referral_clocks::referral_id.eq(referrals::id)))
        .filter(referral_clocks::expires_at.le(tx.now()))
        .order(referral_clocks::expires_at)
        .limit(most)
        .select(Referral::as_select())
        .for_update()
        .skip_locked()
        .load(tx.conn())
        .await
}

/// Ends a referral because nobody answered, and stops its clock.
pub(super) async fn end_lapsed(tx: &mut Tx<'_>, referral: &Referral, to: Standing) -> QueryResult<()> {
    stop(tx, referral.id).await?;
    lapse(tx, referral, to).await
}

/// Stops a clock.
pub(super) async fn stop(tx: &mut Tx<'_>, referral: Uuid) -> QueryResult<()> {
    diesel::update(referral_clocks::table.find(referral))
        .set((
            referral_clocks::awaits.eq(None::<String>),
            referral_clocks::due_at.eq(None::<DateTime<Utc>>),
            referral_clocks::expires_at.eq(None::<DateTime<Utc>>),
            referral_clocks::remind_at.eq(None::<DateTime<Utc>>),
        ))
        .prepared()
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Referrals of which somebody is to be told now.
pub(super) async fn take_due(tx: &mut Tx<'_>, most: i64) -> QueryResult<Vec<(Referral, Row)>> {
    referrals::table
        .inner_join(referral_clocks::table.on(referral_clocks::referral_id.eq(referrals::id)))
        .filter(referral_clocks::remind_at.le(tx.now()))
        .order(referral_clocks::remind_at)
        .limit(most)
        .select((Referral::as_select(), Row::as_select()))
        .for_update()
        .skip_locked()
        .load(tx.conn())
        .await
}

/// Notes when whoever is awaited is told next.
pub(super) async fn remind_again(tx: &mut Tx<'_>, referral: Uuid, at: Option<DateTime<Utc>>) -> QueryResult<()> {
    let clock = referral_clocks::table.find(referral);
    diesel::update(clock).set(referral_clocks::remind_at.eq(at)).execute(tx.conn()).await?;
    Ok(())
}

/// The address of a practitioner, or, where there is none any more, those of the clinic's owners.
pub(super) async fn addresses(tx: &mut Tx<'_>, clinic: Uuid, practitioner: Option<Uuid>) -> QueryResult<Vec<String>> {
    let active = members::table
        .filter(members::clinic_id.eq(clinic))
        .filter(members::state.eq("active"))
        .order(members::id)
        .select((members::id, members::email, members::role));
    let active: Vec<(Uuid, String, String)> = active.load(tx.conn()).await?;
    let named: Vec<String> =
        active.iter().filter(|(id, ..)| Some(*id) == practitioner).map(|(_, email, _)| email.clone()).collect();
    if !named.is_empty() {
        return Ok(named);
    }
    Ok(active.into_iter().filter(|(.., role)| role == "owner").map(|(_, email, _)| email).collect())
}

/// How the referrals in one direction fared: of all the clinic, where no other clinic is named, and with each.
#[derive(QueryableByName)]
pub(super) struct Figures {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    pub(super) is_sent: bool,
    #[diesel(sql_type = Nullable<diesel::sql_types::Uuid>)]
    pub(super) other: Option<Uuid>,
    #[diesel(sql_type = Nullable<diesel::sql_types::Text>)]
    pub(super) other_name: Option<String>,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) sent: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) received: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) answered: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) accepted: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) reported: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) turned_down: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) cancelled: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) expired: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) open: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub(super) overdue: i64,
    #[diesel(sql_type = Nullable<diesel::sql_types::Double>)]
    pub(super) median_days_to_answer: Option<f64>,
    #[diesel(sql_type = Nullable<diesel::sql_types::Double>)]
    pub(super) median_days_to_report: Option<f64>,
}

/// Diesel has no ordered-set aggregates and no grouping sets, hence the text. Each direction is found by an index of its own.
const FIGURES: &str = "
    with concerned as (
        select true as is_sent, recipient_clinic_id as other, r.* from referrals r where clinic_id = $1 and sent_at >= $2
        union all
        select false, clinic_id, r.* from referrals r where recipient_clinic_id = $1 and sent_at >= $2)
    select r.is_sent, r.other, max(n.name) as other_name, count(*) as sent,
        count(*) filter (where r.received_at is not null or c.answered_at is not null) as received,
        count(*) filter (where c.answered_at is not null) as answered,
        count(*) filter (where r.accepted_at is not null) as accepted,
        count(*) filter (where r.state in ('completed', 'discontinued')) as reported,
        count(*) filter (where r.state in ('declined', 'redirected')) as turned_down,
        count(*) filter (where r.state in ('cancelled', 'entered_in_error')) as cancelled,
        count(*) filter (where r.state = 'expired') as expired,
        count(*) filter (where r.closed_at is null) as open,
        count(*) filter (where c.due_at <= $3) as overdue,
        percentile_cont(0.5) within group (order by extract(epoch from c.answered_at - r.sent_at)::float8 / 86400)
            filter (where c.answered_at is not null) as median_days_to_answer,
        percentile_cont(0.5) within group (order by extract(epoch from r.closed_at - r.sent_at)::float8 / 86400)
            filter (where r.state in ('completed', 'discontinued')) as median_days_to_report
    from concerned r
    left join referral_clocks c on c.clinic_id = r.clinic_id and c.referral_id = r.id
    left join clinics n on n.id = r.other
    group by grouping sets ((r.is_sent), (r.is_sent, r.other))
    -- Guests count in the sum, and are no clinic.
    having grouping(r.other) = 1 or r.other is not null";

/// How the referrals fared that a clinic sent and was sent since then.
pub(super) async fn figures(tx: &mut Tx<'_>, clinic: Uuid, since: DateTime<Utc>) -> QueryResult<Vec<Figures>> {
    let now = tx.now();
    diesel::sql_query(FIGURES)
        .bind::<diesel::sql_types::Uuid, _>(clinic)
        .bind::<Timestamptz, _>(since)
        .bind::<Timestamptz, _>(now)
        .load(tx.conn())
        .await
}
