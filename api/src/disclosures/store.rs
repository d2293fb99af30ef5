//! The SQL of the accounting of disclosures and of the sharing history: what the log holds, with names.

use crate::{
    database::{
        Tx,
        schema::{audit_events, clinics, members, referrals, shares},
    },
    http::PageRequest,
    referrals::SentToGuest,
    shares::Addressed,
    vault::Keyring,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rapport_contract::consents::Recipient;
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
pub(super) struct Told {
    pub(super) event: Row,
    pub(super) actor: Option<ActorName>,
    pub(super) clinic: Option<ClinicName>,
    pub(super) share: Option<ShareTold>,
    /// Whom a referral went to, if that was a guest.
    pub(super) guest: Option<Recipient>,
}

/// The same as rows.
type Rows = (Row, Option<ActorName>, Option<ClinicName>, Option<ShareRow>, Option<SentToGuest>);

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
struct ShareRow {
    kind: String,
    report_version: i32,
    sections: Vec<String>,
    #[diesel(embed)]
    addressed: Addressed,
}

pub(super) struct ShareTold {
    pub(super) kind: String,
    pub(super) report_version: i32,
    pub(super) sections: Vec<String>,
    pub(super) recipient: Recipient,
    pub(super) purpose: String,
}

async fn tell(tx: &mut Tx<'_>, keys: &mut Keyring, row: ShareRow) -> QueryResult<ShareTold> {
    let ShareRow { kind, report_version, sections, addressed } = row;
    let (recipient, purpose) = addressed.open(tx, keys).await?;
    Ok(ShareTold { kind, report_version, sections, recipient, purpose })
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
        .left_join(referrals::table.on(audit_events::object_id.eq(referrals::id.nullable())))
        .filter(audit_events::clinic_id.eq(clinic))
        .filter(audit_events::patient_id.eq(patient))
        .filter(audit_events::action.eq_any(actions.to_vec()))
        .select((
            Row::as_select(),
            Option::<ActorName>::as_select(),
            Option::<ClinicName>::as_select(),
            Option::<ShareRow>::as_select(),
            Option::<SentToGuest>::as_select(),
        ))
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
    let rows: Vec<Rows> = query.order(audit_events::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    let mut keys = Keyring::default();
    let mut all = Vec::with_capacity(rows.len());
    for (event, actor, clinic, share, referral) in rows {
        let share = match share {
            Some(share) => Some(tell(tx, &mut keys, share).await?),
            None => None,
        };
        let guest = match referral.filter(|_| event.actor_kind == "guest") {
            Some(referral) => Some(referral.open(tx, &mut keys).await?),
            None => None,
        };
        all.push(Told { event, actor, clinic, share, guest });
    }
    Ok(all)
}
