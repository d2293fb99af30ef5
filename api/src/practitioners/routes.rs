//! Looking up practitioners, and one's own entry.

use super::{
    npi::check_npi,
    store::{self, Filter},
};
use crate::{
    audit::{self, Event},
    database::Db,
    http::{ApiError, Body, IfMatch, PageRequest, Reply, Routes, validation::Check},
    identity::Actor,
};
use actix_web::{
    get, patch,
    web::{Data, Path, Query},
};
use rapport_contract::practitioners::{Practitioner, PractitionerList, PractitionerPatch};
use serde::Deserialize;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    // `me` before `{id}`: the first that fits is taken.
    routes.service(list_practitioners).service(get_own_entry).service(update_own_entry).service(get_practitioner);
}

/// What to look for in the directory.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DirectoryQuery {
    /// Letters of the practitioner's or the clinic's name.
    #[param(min_length = 1, max_length = 100)]
    q: Option<String>,
    /// The profession, as the entry has it.
    #[param(min_length = 1, max_length = 80)]
    profession: Option<String>,
    /// A focus, as the entry has it.
    #[param(min_length = 1, max_length = 60)]
    focus: Option<String>,
    /// Whether new patients are welcome.
    accepting: Option<bool>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Search the directory
///
/// Practitioners of every clinic: public, professional facts. Each clinic's entry holds its id, to be named in a consent.
#[utoipa::path(tag = "practitioners", params(DirectoryQuery), responses((status = 200, body = PractitionerList)))]
#[get("/v1/practitioners")]
async fn list_practitioners(db: Data<Db>, actor: Actor, query: Query<DirectoryQuery>) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let mut check = Check::new();
    check.optional_line("q", query.q.as_deref(), 100);
    check.optional_line("profession", query.profession.as_deref(), 80);
    check.optional_line("focus", query.focus.as_deref(), 60);
    check.done()?;
    db.tenant(&actor, async |tx, _| {
        let filter = Filter {
            q: query.q.as_deref(),
            profession: query.profession.as_deref(),
            focus: query.focus.as_deref(),
            is_accepting: query.accepting,
        };
        let (items, next_cursor) =
            page.cut(store::page(tx, &filter, &page).await?, |practitioner| practitioner.id.into());
        Reply::ok(&PractitionerList { items, next_cursor })
    })
    .await
}

/// Get a practitioner
///
/// Name, profession and clinic, as other clinics find them.
#[utoipa::path(tag = "practitioners", params(("id" = Uuid, Path, description = "The practitioner")),
    responses((status = 200, body = Practitioner)))]
#[get("/v1/practitioners/{id}")]
async fn get_practitioner(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, _| answer(store::find(tx, *id).await?)).await
}

/// Get your own entry
///
/// What other clinics find of the caller in the directory.
#[utoipa::path(tag = "practitioners", responses((status = 200, body = Practitioner)))]
#[get("/v1/practitioners/me")]
async fn get_own_entry(db: Data<Db>, actor: Actor) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| answer(store::find(tx, me.id).await?)).await
}

fn answer(found: Option<Practitioner>) -> Result<Reply, ApiError> {
    let practitioner = found.ok_or_else(ApiError::not_found)?;
    Ok(Reply::ok(&practitioner)?.version(practitioner.version))
}

/// Change your own entry
///
/// What other clinics find: a field left out stays as it is.
#[utoipa::path(tag = "practitioners", request_body = PractitionerPatch, responses((status = 200, body = Practitioner)))]
#[patch("/v1/practitioners/me")]
async fn update_own_entry(
    db: Data<Db>,
    actor: Actor,
    if_match: IfMatch,
    body: Body<PractitionerPatch>,
) -> Result<Reply, ApiError> {
    let patch = body.0;
    let mut check = Check::new();
    check.optional_line("/profession", patch.profession.as_deref(), 80);
    check_npi(&mut check, "/npi", patch.npi.as_ref().and_then(Option::as_deref));
    let focus = patch.focus.as_deref().unwrap_or_default();
    check.ensure(focus.len() <= 20, "/focus", "too_many", "At most 20 words.");
    for (index, word) in focus.iter().enumerate() {
        check.line(format!("/focus/{index}"), word, 60);
    }
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let entry = store::find(tx, me.id).await?.ok_or_else(ApiError::not_found)?;
        if_match.check(entry.version)?;
        if !store::update(tx, me.id, entry.version, &patch).await? {
            return Err(ApiError::stale());
        }
        audit::record(tx, Event::new(me.clinic_id, "practitioner.update").on(me.id));
        answer(store::find(tx, me.id).await?)
    })
    .await
}
