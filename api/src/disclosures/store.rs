//! The SQL of the accounting of disclosures and of the sharing history: what the log holds, with names.

use crate::{
    database::{
        Tx,
        schema::{audit_events, clinics, members, shares},
    },
    http::PageRequest,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// What a patient may be told of an event.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) occurred_at: DateTime<Utc>,
    pub(super) action: String,
    pub(super) outcome: String,
    pub(super) reason: Option<String>,
    pub(super) actor_kind: String,
    pub(super) object_id: Option<Uuid>,
    pub(super) consent_id: Option<Uuid>,
}

/// An event of a patient's sharing, with the names that a sentence needs.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct Told {
    #[diesel(embed)]
    pub(super) event: Row,
    #[diesel(embed)]
    pub(super) actor: Option<ActorName>,
    #[diesel(embed)]
    pub(super) clinic: Option<ClinicName>,
    #[diesel(embed)]
    pub(super) share: Option<ShareTold>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
pub(super) struct ActorName {
    pub(super) name: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = clinics)]
pub(super) struct ClinicName {
    pub(super) name: String,
    pub(super) address: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = shares)]
pub(super) struct ShareTold {
    pub(super) kind: String,
    pub(super) report_version: i32,
    pub(super) sections: Vec<String>,
    pub(super) purpose: String,
    pub(super) recipient_name: String,
    pub(super) recipient_email: Option<String>,
}

/// When an event happened: from the first instant on, and before the second.
pub(super) type Period = std::ops::Range<DateTime<Utc>>;

/// A patient's events of these actions, newest first; with a period those that were permitted in it only.
pub(super) async fn told(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    patient: Uuid,
    actions: &[&str],
    permitted_in: Option<&Period>,
    page: &PageRequest,
) -> QueryResult<Vec<Told>> {
    let mut query = audit_events::table
        .left_join(members::table.on(audit_events::actor_id.eq(members::id.nullable())))
        .left_join(clinics::table.on(audit_events::actor_clinic_id.eq(clinics::id.nullable())))
        .left_join(shares::table.on(audit_events::object_id.eq(shares::id.nullable())))
        .filter(audit_events::clinic_id.eq(clinic))
        .filter(audit_events::patient_id.eq(patient))
        .filter(audit_events::action.eq_any(actions.to_vec()))
        .select(Told::as_select())
        .into_boxed();
    if let Some(period) = permitted_in {
        query = query
            .filter(audit_events::outcome.eq("permitted"))
            .filter(audit_events::occurred_at.ge(period.start))
            .filter(audit_events::occurred_at.lt(period.end));
    }
    if let Some(after) = page.after {
        query = query.filter(audit_events::id.lt(after.0));
    }
    query.order(audit_events::id.desc()).limit(page.rows()).load(tx.conn()).await
}
