//! The times that a clinic sets, and how its loops have closed.

use super::{
    policy,
    store::{self, Figures},
};
use crate::{
    audit::{self, Event},
    database::Db,
    http::{ApiError, Body, IfMatch, Reply, Routes, validation::Check},
    identity::{Actor, policy::Right},
};
use actix_web::{
    get, put,
    web::{Data, Query},
};
use chrono::TimeDelta;
use rapport_contract::{
    clinics::ClinicName,
    referral_times::{PartnerFigures, ReferralFigures, ReferralSummary, ReferralTimes, SetReferralTimes},
};
use serde::Deserialize;
use std::cmp::Reverse;

/// The most partners that a summary tells of.
const PARTNERS: usize = 100;

/// Registers the routes.
pub(crate) fn routes(routes: &mut Routes<'_>) {
    routes.service(get_referral_times).service(set_referral_times).service(get_referral_summary);
}

/// Get the times of your clinic's referrals
///
/// How soon what it sends is to be answered and reported on, by urgency, and when it lapses.
#[utoipa::path(tag = "referrals", responses((status = 200, body = ReferralTimes)))]
#[get("/v1/referral_times")]
async fn get_referral_times(db: Data<Db>, actor: Actor) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        me.require(tx, Right::ListReferrals, Event::new(me.clinic_id, "referral_times.read")).await?;
        let times = store::times(tx, me.clinic_id).await?;
        Ok(Reply::ok(&times)?.version(times.version))
    })
    .await
}

/// Set the times of your clinic's referrals
///
/// The owner only. Referrals that were sent before keep the times of then.
#[utoipa::path(tag = "referrals", request_body = SetReferralTimes, responses((status = 200, body = ReferralTimes)))]
#[put("/v1/referral_times")]
async fn set_referral_times(
    db: Data<Db>,
    actor: Actor,
    if_match: IfMatch,
    set: Body<SetReferralTimes>,
) -> Result<Reply, ApiError> {
    let mut check = Check::new();
    for (pointer, words) in policy::faults(&set.0) {
        check.refuse(pointer, "out_of_range", words);
    }
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "referral_times.set");
        me.require(tx, Right::SetReferralTimes, event.clone()).await?;
        let seen = store::times(tx, me.clinic_id).await?.version;
        if_match.check(seen)?;
        let times = store::set_times(tx, me.clinic_id, &set.0, seen).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        Ok(Reply::ok(&times)?.version(times.version))
    })
    .await
}

/// Over which time to count.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SummaryQuery {
    /// Those that were sent in so many days up to now, 1 to 3650; 90 if left out.
    #[param(minimum = 1, maximum = 3650)]
    days: Option<u32>,
}

/// Sum up your clinic's referrals
///
/// How many loops closed, and how long the first answer and the report took: of all that went out and came in, and by the
/// clinic on the other side. Counts only, no patient.
#[utoipa::path(tag = "referrals", params(SummaryQuery), responses((status = 200, body = ReferralSummary)))]
#[get("/v1/referral_summary")]
async fn get_referral_summary(db: Data<Db>, actor: Actor, query: Query<SummaryQuery>) -> Result<Reply, ApiError> {
    let days = query.days.unwrap_or(90);
    let mut check = Check::new();
    check.ensure((1..=3650).contains(&days), "days", "out_of_range", "1 to 3650 days.");
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "referral.summary");
        me.require(tx, Right::ListReferrals, event.clone()).await?;
        let since = tx.now() - TimeDelta::days(days.into());
        let figures = store::figures(tx, me.clinic_id, since).await?;
        audit::record(tx, event);
        let (mut sent, mut received) = (None, None);
        let mut partners: Vec<PartnerFigures> = Vec::new();
        for row in figures {
            let (is_sent, other) = (row.is_sent, row.other.zip(row.other_name.clone()));
            let figures = wire(&row);
            let Some((id, name)) = other else {
                *(if is_sent { &mut sent } else { &mut received }) = Some(figures);
                continue;
            };
            let known = partners.iter().position(|partner| partner.clinic.id == id);
            let (sent, received) = if is_sent { (Some(figures), None) } else { (None, Some(figures)) };
            match known.and_then(|at| partners.get_mut(at)) {
                Some(partner) => {
                    partner.sent = partner.sent.take().or(sent);
                    partner.received = partner.received.take().or(received);
                }
                None => partners.push(PartnerFigures { clinic: ClinicName { id: id.into(), name }, sent, received }),
            }
        }
        let count = |figures: &Option<ReferralFigures>| figures.as_ref().map_or(0, |figures| figures.sent);
        partners.sort_by_key(|partner| (Reverse(count(&partner.sent) + count(&partner.received)), partner.clinic.id));
        partners.truncate(PARTNERS);
        let (sent, received) = (sent.unwrap_or_else(none), received.unwrap_or_else(none));
        Reply::ok(&ReferralSummary { since, sent, received, partners })
    })
    .await
}

fn wire(row: &Figures) -> ReferralFigures {
    ReferralFigures {
        sent: row.sent,
        received: row.received,
        answered: row.answered,
        accepted: row.accepted,
        reported: row.reported,
        turned_down: row.turned_down,
        cancelled: row.cancelled,
        expired: row.expired,
        open: row.open,
        overdue: row.overdue,
        median_days_to_answer: row.median_days_to_answer,
        median_days_to_report: row.median_days_to_report,
    }
}

/// Of nothing.
const fn none() -> ReferralFigures {
    ReferralFigures {
        sent: 0,
        received: 0,
        answered: 0,
        accepted: 0,
        reported: 0,
        turned_down: 0,
        cancelled: 0,
        expired: 0,
        open: 0,
        overdue: 0,
        median_days_to_answer: None,
        median_days_to_report: None,
    }
}
