//! The SQL of the audit log.

use super::Event;
use crate::{
    database::{Tx, ids::new_id, schema::audit_events},
    http::PageRequest,
};
use chrono::{DateTime, Utc};
use diesel::{dsl, pg::Pg, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// An event as a row.
#[derive(Insertable, Queryable, Selectable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) clinic_id: Uuid,
    pub(super) occurred_at: DateTime<Utc>,
    pub(super) action: String,
    pub(super) outcome: String,
    pub(super) reason: Option<String>,
    pub(super) actor_kind: String,
    pub(super) actor_id: Option<Uuid>,
    pub(super) actor_clinic_id: Option<Uuid>,
    pub(super) object_type: String,
    pub(super) object_id: Option<Uuid>,
    pub(super) patient_id: Option<Uuid>,
    pub(super) consent_id: Option<Uuid>,
    pub(super) request_id: String,
}

fn row(tx: &Tx<'_>, event: &Event) -> Row {
    let origin = tx.origin();
    Row {
        id: new_id(),
        clinic_id: event.clinic,
        occurred_at: tx.now(),
        action: event.action.to_owned(),
        outcome: if event.denied.is_some() { "denied" } else { "permitted" }.to_owned(),
        reason: event.denied.or(event.ground).map(ToOwned::to_owned),
        actor_kind: origin.kind.to_owned(),
        actor_id: origin.id,
        actor_clinic_id: origin.clinic,
        object_type: event.object_type.to_owned(),
        object_id: event.object,
        patient_id: event.patient,
        consent_id: event.consent,
        request_id: origin.request_id.clone(),
    }
}

/// Inserts the event with whatever else is written last.
pub(super) fn insert(tx: &mut Tx<'_>, event: &Event) {
    let row = row(tx, event);
    tx.write_last(|conn| {
        Box::pin(async move { diesel::insert_into(audit_events::table).values(&row).execute(&mut &*conn).await })
    });
}

/// Inserts the event while `beside` runs on the same connection: the driver pipelines the two.
pub(crate) async fn insert_beside<T>(
    tx: &mut Tx<'_>,
    event: &Event,
    beside: impl AsyncFnOnce(&AsyncPgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    let row = row(tx, event);
    let conn: &AsyncPgConnection = tx.conn();
    let insert = async { diesel::insert_into(audit_events::table).values(&row).execute(&mut &*conn).await };
    let (_, value) = futures_util::future::try_join(insert, beside(conn)).await?;
    Ok(value)
}

/// What to list of a clinic's log.
pub(super) struct Filter<'f> {
    pub(super) clinic: Uuid,
    pub(super) patient: Option<Uuid>,
    pub(super) action: Option<&'f str>,
    pub(super) actor: Option<Uuid>,
    pub(super) reason: Option<&'f str>,
    pub(super) from: Option<DateTime<Utc>>,
    pub(super) until: Option<DateTime<Utc>>,
}

/// A clinic's own log, and what its people did in the records of others. Each by an index of its own: a condition with an "or" would
/// be looked for in the events of all clinics.
pub(super) async fn page(tx: &mut Tx<'_>, filter: &Filter<'_>, page: &PageRequest) -> QueryResult<Vec<Row>> {
    let mut own = listed(filter, page).filter(audit_events::clinic_id.eq(filter.clinic));
    if let Some(patient) = filter.patient {
        own = own.filter(audit_events::patient_id.eq(patient));
    }
    let mut rows: Vec<Row> = own.load(tx.conn()).await?;
    if filter.patient.is_none() {
        let elsewhere = listed(filter, page)
            .filter(audit_events::actor_clinic_id.eq(filter.clinic))
            .filter(audit_events::actor_clinic_id.ne(audit_events::clinic_id.nullable()));
        rows.extend(elsewhere.load::<Row>(tx.conn()).await?);
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        rows.truncate(usize::try_from(page.rows()).unwrap_or(usize::MAX));
    }
    Ok(rows)
}

type Listed<'q> = dsl::IntoBoxed<'q, dsl::Select<audit_events::table, dsl::AsSelect<Row, Pg>>, Pg>;

fn listed<'q>(filter: &Filter<'q>, page: &PageRequest) -> Listed<'q> {
    let mut query = audit_events::table.select(Row::as_select()).into_boxed();
    if let Some(action) = filter.action {
        query = query.filter(audit_events::action.eq(action));
    }
    if let Some(actor) = filter.actor {
        query = query.filter(audit_events::actor_id.eq(actor));
    }
    if let Some(reason) = filter.reason {
        query = query.filter(audit_events::reason.eq(reason));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::occurred_at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_events::occurred_at.lt(until));
    }
    if let Some(after) = page.after {
        query = query.filter(audit_events::id.lt(after.0));
    }
    query.order(audit_events::id.desc()).limit(page.rows())
}
