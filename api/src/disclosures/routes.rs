//! What left of a patient's information, and the history of its sharing.

use super::store;
use crate::{
    audit::{self, Event},
    database::Db,
    http::{ApiError, PageRequest, Reply, Routes, paging::ListQuery},
    identity::{Actor, policy::Right},
    patients,
};
use actix_web::{
    get,
    web::{Data, Path, Query},
};
use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use rapport_contract::{
    audit::{DisclosureList, SharingHistory},
    problem::FieldError,
};
use serde::Deserialize;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_disclosures).service(list_sharing_history);
}

/// The sharing of a patient's reports and referrals, from the question to the last reading.
const SHARING: &[&str] = &[
    "consent.ask",
    "consent.sign",
    "consent.record_paper",
    "consent.refuse",
    "consent.revoke",
    "consent.supersede",
    "share.create",
    "share.read",
    "share.read_attachment",
    "share.acknowledge",
    "share.misdirected",
    "share.withdraw",
    "referral.send",
    "referral.send_deidentified",
    "referral.read",
    "referral.claim",
    "referral.misdirected",
    "referral.write_message",
    "referral.read_messages",
    "referral.accept",
    "referral.decline",
    "referral.redirect",
    "referral.complete",
    "referral.answer",
    "referral.discontinue",
    "referral.cancel",
    "referral.confirm_cancellation",
    "referral.expire",
];

/// What of it is a disclosure: each reading by a recipient.
const DISCLOSING: &[&str] = &["share.read", "share.read_attachment", "referral.read", "referral.read_messages"];

/// How far back an accounting goes: six years before the date of the request (45 CFR 164.528(a)(1)), in months.
const LONGEST: Months = Months::new(72);

/// Which period to account for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DisclosureQuery {
    /// The first day (UTC), at most six years ago; six years ago if left out.
    from: Option<NaiveDate>,
    /// The last day (UTC); today if left out.
    until: Option<NaiveDate>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl DisclosureQuery {
    fn period(&self, now: DateTime<Utc>) -> Result<store::Period, ApiError> {
        let today = now.date_naive();
        let earliest = today.checked_sub_months(LONGEST).unwrap_or(today);
        let (from, until) = (self.from.unwrap_or(earliest), self.until.unwrap_or(today));
        let refused = |pointer: &str, message: &str| {
            let (pointer, message) = (pointer.to_owned(), message.to_owned());
            Err(ApiError::validation(vec![FieldError { pointer, code: "out_of_range".into(), message, span: None }]))
        };
        if from < earliest {
            return refused("from", "An accounting goes back six years at most.");
        }
        if until < from {
            return refused("until", "The last day comes before the first.");
        }
        let end = until.succ_opt().unwrap_or(until);
        Ok(from.and_time(NaiveTime::MIN).and_utc()..end.and_time(NaiveTime::MIN).and_utc())
    }
}

/// List the disclosures of a patient's information
///
/// The six years before today, unless a shorter period is asked for (164.528(a)(1)).
/// Every reading by a recipient, with what 45 CFR 164.528(b)(2) asks for. Disclosures under the patient's own
/// authorization are exempt from the accounting that the law demands; they are listed all the same, and say so.
#[utoipa::path(tag = "audit", params(("id" = Uuid, Path, description = "The patient"), DisclosureQuery),
    responses((status = 200, body = DisclosureList)))]
#[get("/v1/patients/{id}/disclosures")]
async fn list_disclosures(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<DisclosureQuery>,
) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    db.tenant(&actor, async |tx, me| {
        let period = query.period(tx.now())?;
        let event = Event::new(me.clinic_id, "disclosures.read").on(*id).patient(*id);
        patients::reach(tx, me, *id, Right::ReadDisclosures, event.clone()).await?;
        let rows = store::told(tx, me.clinic_id, *id, DISCLOSING, Some(&period), &page).await?;
        audit::record(tx, event);
        let (rows, next_cursor) = page.cut(rows, |told| told.event.id);
        Reply::ok(&DisclosureList { items: rows.into_iter().map(Into::into).collect(), next_cursor })?
            .with_newest(tx)
            .await
    })
    .await
}

/// List the sharing history of a patient
///
/// Everything about the sharing of the patient's reports in plain words: what was asked, signed, sent, read, refused and
/// taken back.
#[utoipa::path(tag = "audit", params(("id" = Uuid, Path, description = "The patient"), ListQuery),
    responses((status = 200, body = SharingHistory)))]
#[get("/v1/patients/{id}/sharing_history")]
async fn list_sharing_history(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<ListQuery>,
) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "sharing_history.read").on(*id).patient(*id);
        patients::reach(tx, me, *id, Right::ReadDisclosures, event.clone()).await?;
        let rows = store::told(tx, me.clinic_id, *id, SHARING, None, &page).await?;
        audit::record(tx, event);
        let (rows, next_cursor) = page.cut(rows, |told| told.event.id);
        Reply::ok(&SharingHistory { items: rows.into_iter().map(Into::into).collect(), next_cursor })?
            .with_newest(tx)
            .await
    })
    .await
}
