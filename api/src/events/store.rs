//! The SQL of the outbox: writing events, counting them, and reading them as far as somebody may.

use super::{Happened, policy::Reach};
use crate::{
    database::{
        Tx,
        ids::new_id,
        pg_try_advisory_xact_lock,
        schema::{consents, emergency_accesses, events, incidents, referrals, reports, shares},
    },
    identity::Principal,
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::{exists, sql_query},
    prelude::*,
    sql_types::{BigInt, Timestamptz},
};
use diesel_async::RunQueryDsl;
use rapport_contract::events::{Event, EventObject, EventObjectType, EventType};
use uuid::Uuid;

/// Whoever holds it counts; the others wait for their turn.
const NUMBERING: i64 = 7_235_423;
/// How many events are counted at a time.
const BATCH: i64 = 500;

#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct NewRow {
    id: Uuid,
    clinic_id: Uuid,
    kind: &'static str,
    object_type: &'static str,
    object_id: Uuid,
    object_version: i32,
    occurred_at: DateTime<Utc>,
}

/// Writes an event in the transaction of its cause, for each of these clinics. It is written last, after the change of the object,
/// while that holds the object: so the order of an object's events is that of its changes.
pub(crate) fn publish(tx: &mut Tx<'_>, happened: Happened, audience: impl IntoIterator<Item = Uuid>) {
    let now = tx.now();
    for clinic in audience {
        let row = NewRow {
            id: new_id(),
            clinic_id: clinic,
            kind: happened.kind.as_str(),
            object_type: happened.kind.object().as_str(),
            object_id: happened.object,
            object_version: happened.version,
            occurred_at: now,
        };
        tx.write_last(|conn| {
            Box::pin(async move { diesel::insert_into(events::table).values(row).execute(&mut &*conn).await })
        });
    }
    tx.event_was_published();
}

/// An event that was counted, as a row.
#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
pub(super) struct Row {
    id: Uuid,
    kind: String,
    object_type: String,
    object_id: Uuid,
    object_version: i32,
    occurred_at: DateTime<Utc>,
    sequence: Option<i64>,
}

impl From<Row> for Event {
    fn from(row: Row) -> Self {
        let is_its = |kind: &EventObjectType| kind.as_str() == row.object_type;
        Self {
            id: row.id.into(),
            kind: EventType::parse(&row.kind).unwrap_or(EventType::Unknown),
            occurred_at: row.occurred_at,
            sequence: row.sequence.unwrap_or_default(),
            object: EventObject {
                kind: EventObjectType::ALL.into_iter().find(is_its).unwrap_or(EventObjectType::Unknown),
                id: row.object_id,
                version: row.object_version,
            },
        }
    }
}

/// Counts events that were committed since, each clinic's on its own, and makes their deliveries; answers how many there were.
/// One service does it at a time. An event is counted once it can be seen and not by when it was begun: what is counted later has a
/// larger number, so that whoever reads on from a number misses nothing. Of one object the order of writing is that of its
/// changes, because each was written while it held the object: a later one could not be written before the earlier one could be seen.
pub(super) async fn number(tx: &mut Tx<'_>) -> QueryResult<usize> {
    let is_ours: bool = diesel::select(pg_try_advisory_xact_lock(NUMBERING)).get_result(tx.conn()).await?;
    if !is_ours {
        return Ok(0);
    }
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    // A statement of its own, after the lock: it sees what whoever held it before has counted.
    let counted: Counted = sql_query(
        "with fresh as (
             select e.clinic_id, e.id, row_number() over (partition by e.clinic_id order by e.position) as number
             from (select clinic_id, id, position from events where sequence is null order by position limit $1) e),
         counted as (
             update events e set sequence = f.number + coalesce(
                 (select max(p.sequence) from events p where p.clinic_id = f.clinic_id), 0)
             from fresh f where e.clinic_id = f.clinic_id and e.id = f.id
             returning e.clinic_id, e.id, e.kind, e.object_id, e.sequence),
         told as (
             insert into webhook_deliveries (clinic_id, webhook_id, event_id, object_id, sequence, state, created_at,
                 next_attempt_at, give_up_at)
             select c.clinic_id, w.id, c.id, c.object_id, c.sequence, 'pending', $2, $2, $2 + interval '3 days'
             from counted c join webhooks w on w.clinic_id = c.clinic_id
             where w.state = 'active' and (w.types = '{}' or c.kind = any(w.types)))
         select count(*) from counted",
    )
    .bind::<BigInt, _>(BATCH)
    .bind::<Timestamptz, _>(tx.now())
    .get_result(tx.conn())
    .await?;
    Ok(usize::try_from(counted.count).unwrap_or_default())
}

/// The number of the clinic's newest event.
pub(super) async fn newest(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<i64> {
    let newest = events::table
        .filter(events::clinic_id.eq(clinic))
        .filter(events::sequence.is_not_null())
        .order(events::sequence.desc())
        .select(events::sequence)
        .first::<Option<i64>>(tx.conn())
        .await
        .optional()?;
    Ok(newest.flatten().unwrap_or_default())
}

/// Which events.
pub(super) enum Which<'w> {
    /// Those after this number, so many at most, of these types or of all.
    After { sequence: i64, rows: i64, kinds: &'w [EventType] },
    /// These.
    Ids(&'w [Uuid]),
}

/// Events as far as this principal may hear of them now: of kinds of objects that it may list, and about objects that are within
/// its reach, as the floor has it. What is addressed to a person alone is for that person.
pub(super) async fn page(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    member: Uuid,
    reach: &Reach,
    which: Which<'_>,
) -> QueryResult<Vec<Event>> {
    let kinds: Vec<&str> = reach.kinds().iter().map(|kind| kind.as_str()).collect();
    let is_kind = |kind: EventObjectType| events::object_type.eq(kind.as_str());
    let id = events::object_id;
    // With an offset each is looked up for the events of the page. Without one Postgres may go through all reports there are
    // instead, and keep their ids, for the sake of one page.
    let for_us = shares::clinic_id.eq(clinic).or(shares::recipient_practitioner_id
        .is_null()
        .or(shares::recipient_practitioner_id.eq(member).assume_not_null()));
    let share =
        is_kind(EventObjectType::Share).and(exists(shares::table.filter(shares::id.eq(id)).filter(for_us).offset(0)));
    let referral =
        is_kind(EventObjectType::Referral).and(exists(referrals::table.filter(referrals::id.eq(id)).offset(0)));
    let consent = is_kind(EventObjectType::Consent).and(exists(consents::table.filter(consents::id.eq(id)).offset(0)));
    let report = is_kind(EventObjectType::Report).and(exists(reports::table.filter(reports::id.eq(id)).offset(0)));
    let incident =
        is_kind(EventObjectType::Incident).and(exists(incidents::table.filter(incidents::id.eq(id)).offset(0)));
    let emergency = is_kind(EventObjectType::EmergencyAccess)
        .and(exists(emergency_accesses::table.filter(emergency_accesses::id.eq(id)).offset(0)));
    let mut query = events::table
        .filter(events::clinic_id.eq(clinic))
        .filter(events::sequence.is_not_null())
        .filter(events::object_type.eq_any(kinds))
        .filter(share.or(referral).or(consent).or(report).or(incident).or(emergency))
        .order(events::sequence)
        .select(Row::as_select())
        .into_boxed();
    query = match which {
        Which::Ids(ids) => query.filter(events::id.eq_any(ids)),
        Which::After { sequence, rows, kinds } => {
            query = query.filter(events::sequence.gt(sequence)).limit(rows);
            let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
            if names.is_empty() { query } else { query.filter(events::kind.eq_any(names)) }
        }
    };
    let rows: Vec<Row> = query.load(tx.conn()).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The same for who calls.
pub(super) async fn page_for(tx: &mut Tx<'_>, me: &Principal, which: Which<'_>) -> QueryResult<Vec<Event>> {
    page(tx, me.clinic_id, me.id, &super::reach_of(me), which).await
}
