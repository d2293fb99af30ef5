//! The SQL of incidents.

use crate::{
    database::{
        Tx,
        ids::new_id,
        schema::{incidents, shares},
    },
    http::PageRequest,
    shares::Row as ShareRow,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// An incident as a row.
#[derive(Queryable, Selectable)]
#[diesel(table_name = incidents)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) share_id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) was_read: bool,
    pub(super) reported_at: DateTime<Utc>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) closed_by: Option<Uuid>,
    pub(super) note: Option<String>,
    pub(super) version: i32,
}

/// What an incident tells of its share.
#[derive(Queryable, Selectable)]
#[diesel(table_name = shares)]
pub(super) struct Share {
    pub(super) report_id: Uuid,
    pub(super) recipient_kind: String,
    pub(super) recipient_practitioner_id: Option<Uuid>,
    pub(super) recipient_clinic_id: Option<Uuid>,
    pub(super) recipient_name: String,
    pub(super) recipient_email: Option<String>,
}

/// An incident and its share.
pub(super) type Told = (Row, Share);

/// Opens one for a share that went astray; `None` if there is one already.
pub(super) async fn open(tx: &mut Tx<'_>, share: &ShareRow) -> QueryResult<Option<Uuid>> {
    use incidents as columns;
    let (id, now) = (new_id(), tx.now());
    let opened = diesel::insert_into(incidents::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(share.clinic_id),
            columns::kind.eq("misdirected"),
            columns::share_id.eq(share.id),
            columns::patient_id.eq(share.patient_id),
            columns::was_read.eq(share.was_read()),
            columns::reported_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok((opened > 0).then_some(id))
}

/// An incident of this clinic.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Told>> {
    incidents::table
        .inner_join(shares::table)
        .filter(incidents::clinic_id.eq(clinic))
        .filter(incidents::id.eq(id))
        .select((Row::as_select(), Share::as_select()))
        .first(tx.conn())
        .await
        .optional()
}

/// The incidents of this clinic, newest first; only the open or only the closed ones, if that is asked for.
pub(super) async fn page(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    is_open: Option<bool>,
    page: &PageRequest,
) -> QueryResult<Vec<Told>> {
    let mut query = incidents::table
        .inner_join(shares::table)
        .filter(incidents::clinic_id.eq(clinic))
        .select((Row::as_select(), Share::as_select()))
        .into_boxed();
    query = match is_open {
        Some(true) => query.filter(incidents::closed_at.is_null()),
        Some(false) => query.filter(incidents::closed_at.is_not_null()),
        None => query,
    };
    if let Some(after) = page.after {
        query = query.filter(incidents::id.lt(after.0));
    }
    query.order(incidents::id.desc()).limit(page.rows()).load(tx.conn()).await
}

/// Closes an incident, unless somebody just did; then `None`.
pub(super) async fn close(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid, by: Uuid, note: &str) -> QueryResult<Option<Row>> {
    let now = tx.now();
    let open = incidents::table
        .filter(incidents::clinic_id.eq(clinic))
        .filter(incidents::id.eq(id))
        .filter(incidents::closed_at.is_null());
    diesel::update(open)
        .set((
            incidents::closed_at.eq(now),
            incidents::closed_by.eq(by),
            incidents::note.eq(note),
            incidents::version.eq(incidents::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()
}
