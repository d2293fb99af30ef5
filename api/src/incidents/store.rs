//! The SQL of incidents.

use crate::{
    database::{
        Tx,
        ids::new_id,
        schema::{data_keys, incidents, referrals, shares},
    },
    events::{self, Happened},
    http::PageRequest,
    incidents::Astray,
    referrals::SentToGuest,
    share_links::Leads,
    shares::Addressed,
    vault::{self, DataKey, KeyRow, Keyring, Place},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rapport_contract::{consents::Recipient, events::EventType};
use std::sync::Arc;
use uuid::Uuid;

/// An incident as a row.
#[derive(Queryable, Selectable)]
#[diesel(table_name = incidents)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) share_id: Option<Uuid>,
    pub(super) referral_id: Option<Uuid>,
    pub(super) patient_id: Uuid,
    pub(super) was_read: bool,
    pub(super) reported_at: DateTime<Utc>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) closed_by: Option<Uuid>,
    pub(super) version: i32,
    note: Option<Vec<u8>>,
    key_version: i32,
}

/// What an incident tells of its share.
#[derive(Queryable, Selectable)]
#[diesel(table_name = shares)]
struct Share {
    report_id: Uuid,
    #[diesel(embed)]
    addressed: Addressed,
}

/// An incident, opened, with what it tells of what went astray.
pub(super) struct Told {
    pub(super) row: Row,
    pub(super) note: Option<String>,
    pub(super) report_id: Option<Uuid>,
    pub(super) recipient: Recipient,
    key: Arc<DataKey>,
}

fn place(incident: Uuid) -> Place {
    Place::new("incidents", "note", incident)
}

#[diesel::dsl::auto_type]
fn its_key() -> _ {
    data_keys::clinic_id
        .eq(incidents::clinic_id)
        .and(data_keys::subject_id.eq(incidents::patient_id))
        .and(data_keys::version.eq(incidents::key_version))
}

/// An incident with its key, and the share or the referral that it is of.
type Rows = (Row, KeyRow, Option<Share>, Option<SentToGuest>);

async fn tell(tx: &mut Tx<'_>, rows: Vec<Rows>) -> QueryResult<Vec<Told>> {
    let mut offices = Keyring::default();
    let mut told = Vec::with_capacity(rows.len());
    for (row, key, share, referral) in rows {
        let key = vault::unlock(tx, &key).await?;
        let note = row.note.as_deref().map(|sealed| key.open_text(&place(row.id), sealed)).transpose()?;
        let (report_id, recipient) = match (share, referral) {
            (Some(share), _) => (Some(share.report_id), share.addressed.open(tx, &mut offices).await?.0),
            (None, Some(referral)) => (None, referral.open(tx, &mut offices).await?),
            (None, None) => return Err(diesel::result::Error::NotFound),
        };
        told.push(Told { row, note, report_id, recipient, key: Arc::new(key) });
    }
    Ok(told)
}

/// Opens one for what went astray; `None` if there is one already.
pub(super) async fn open(tx: &mut Tx<'_>, astray: &Astray) -> QueryResult<Option<Uuid>> {
    use incidents as columns;
    let (id, now) = (new_id(), tx.now());
    let (share, referral) = match astray.leads {
        Leads::Share(share) => (Some(share), None),
        Leads::Referral(referral) => (None, Some(referral)),
    };
    let key = vault::newest(tx, astray.clinic, astray.patient).await?.ok_or(diesel::result::Error::NotFound)?;
    let opened = diesel::insert_into(incidents::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(astray.clinic),
            columns::kind.eq("misdirected"),
            columns::share_id.eq(share),
            columns::referral_id.eq(referral),
            columns::patient_id.eq(astray.patient),
            columns::key_version.eq(key.version()),
            columns::was_read.eq(astray.was_read),
            columns::reported_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    if opened == 0 {
        return Ok(None);
    }
    let happened = Happened { kind: EventType::IncidentOpened, object: id, version: 1 };
    events::publish(tx, happened, [astray.clinic]);
    Ok(Some(id))
}

/// An incident of this clinic.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Told>> {
    let found = incidents::table
        .inner_join(data_keys::table.on(its_key()))
        .left_join(shares::table)
        .left_join(referrals::table)
        .filter(incidents::clinic_id.eq(clinic))
        .filter(incidents::id.eq(id))
        .filter(data_keys::wrapped.is_not_null())
        .select((
            Row::as_select(),
            KeyRow::as_select(),
            Option::<Share>::as_select(),
            Option::<SentToGuest>::as_select(),
        ))
        .first::<Rows>(tx.conn())
        .await
        .optional()?;
    Ok(tell(tx, found.into_iter().collect()).await?.pop())
}

/// The incidents of this clinic, newest first; only the open or only the closed ones, if that is asked for.
pub(super) async fn page(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    is_open: Option<bool>,
    page: &PageRequest,
) -> QueryResult<Vec<Told>> {
    let mut query = incidents::table
        .inner_join(data_keys::table.on(its_key()))
        .left_join(shares::table)
        .left_join(referrals::table)
        .filter(incidents::clinic_id.eq(clinic))
        .filter(data_keys::wrapped.is_not_null())
        .select((
            Row::as_select(),
            KeyRow::as_select(),
            Option::<Share>::as_select(),
            Option::<SentToGuest>::as_select(),
        ))
        .into_boxed();
    query = match is_open {
        Some(true) => query.filter(incidents::closed_at.is_null()),
        Some(false) => query.filter(incidents::closed_at.is_not_null()),
        None => query,
    };
    if let Some(after) = page.after {
        query = query.filter(incidents::id.lt(after.0));
    }
    let rows = query.order(incidents::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    tell(tx, rows).await
}

/// Closes an incident, unless somebody just did, or it was sealed anew since it was read; then `None`.
pub(super) async fn close(
    tx: &mut Tx<'_>,
    seen: Told,
    clinic: Uuid,
    by: Uuid,
    note: &str,
) -> QueryResult<Option<Told>> {
    let now = tx.now();
    let open = incidents::table
        .filter(incidents::clinic_id.eq(clinic))
        .filter(incidents::id.eq(seen.row.id))
        .filter(incidents::key_version.eq(seen.row.key_version))
        .filter(incidents::closed_at.is_null());
    let row = diesel::update(open)
        .set((
            incidents::closed_at.eq(now),
            incidents::closed_by.eq(by),
            incidents::note.eq(seen.key.seal(&place(seen.row.id), note.as_bytes())?),
            incidents::version.eq(incidents::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    Ok(row.map(|row| Told { row, note: Some(note.to_owned()), ..seen }))
}
