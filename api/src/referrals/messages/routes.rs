//! Writing to the other side of a referral, and reading what it wrote.

use super::{convert::into_wire, store};
use crate::{
    audit,
    database::{Db, Tx},
    http::{ApiError, Posted, Reply, Routes, paging::ListQuery, validation::Check},
    identity::{Actor, Principal, policy::Right},
    referrals::{
        convert::by,
        policy,
        routes::{event_of, pass},
        state::{Side, allowed},
        store::Row,
    },
};
use actix_web::{
    get, post,
    web::{Data, Path, Query},
};
use rapport_contract::referral_messages::{NewReferralMessage, ReferralMessageList};
use uuid::Uuid;

/// Registers the routes.
pub(in crate::referrals) fn routes(routes: &mut Routes<'_>) {
    routes.service(list_referral_messages).service(write_referral_message);
}

/// The referral, and on which side of it the principal is, if it may do this there. To a colleague of whom it is addressed to it is
/// not there.
async fn reach(
    tx: &mut Tx<'_>,
    me: &Principal,
    id: Uuid,
    right: Right,
    action: &'static str,
) -> Result<(Row, Side), ApiError> {
    let event = audit::Event::new(me.clinic_id, action).on(id);
    let row = crate::referrals::routes::reach(tx, me, id, right, event.clone()).await?.row;
    let side = row.side_of(me);
    if side == Side::Recipient && !row.is_addressed_to(me) {
        return Err(audit::refuse_unknown(tx, event));
    }
    Ok((row, side))
}

/// Refuses what is not sent yet, and what came to nothing.
fn check_open(row: &Row, side: Side) -> Result<(), ApiError> {
    let names_nobody = row.names_nobody().is_some();
    if policy::is_open(row.standing().state) && !names_nobody {
        return Ok(());
    }
    let allowed = allowed(row.standing(), side).iter().map(|verb| verb.as_str()).collect();
    let told = if names_nobody {
        // What is said in one goes with its moves, where it is looked through for identifiers.
        "An opinion that names nobody takes no messages.".to_owned()
    } else {
        format!("The referral is {}.", row.state.replace('_', " "))
    };
    Err(ApiError::illegal_transition(told, allowed))
}

/// List a referral's messages
///
/// Newest first. Whom the referral is for reads them through the gate, as the referral itself. What the other side wrote is
/// marked as read, for its author to see: the first reading on each side counts, and one's own is none.
#[utoipa::path(tag = "referrals", params(("id" = Uuid, Path, description = "The referral"), ListQuery),
    responses((status = 200, body = ReferralMessageList)))]
#[get("/v1/referrals/{id}/messages")]
async fn list_referral_messages(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<ListQuery>,
) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let action = "referral.read_messages";
        let (row, side) = reach(tx, me, *id, Right::ReadReferrals, action).await?;
        let permit = if side == Side::Sender {
            None
        } else {
            check_open(&row, side)?;
            Some(pass(tx, &row, event_of(&row, action)).await?)
        };
        let outlines = store::page(tx, &row, &page).await?;
        let (outlines, next_cursor) = page.cut(outlines, |outline| outline.id);
        let ids: Vec<Uuid> = outlines.iter().map(|outline| outline.id).collect();
        let comes_in = |outline: &&store::Outline| outline.by_clinic != me.clinic_id;
        if outlines.iter().filter(comes_in).any(|outline| outline.read_at.is_none()) {
            store::mark_read(tx, &row, &ids, &by(me)).await?;
        }
        let messages = match permit.filter(|_| outlines.iter().any(|outline| comes_in(&outline))) {
            Some(permit) => store::disclose(tx, &row, &ids, &permit).await?,
            // One's own words, and of the sender all that stands in its own records.
            None => {
                audit::record(tx, event_of(&row, "referral.review_messages"));
                store::said(tx, &row, &ids).await?
            }
        };
        Reply::ok(&ReferralMessageList { items: messages.into_iter().map(into_wire).collect(), next_cursor })
    })
    .await
}

/// Write to the other side of a referral
///
/// Either side does, once it was sent and for as long as its words are open, under a consent in force: after it has closed with a
/// report too, and not after it came to nothing; an opinion that names nobody takes none. A message never changes.
#[utoipa::path(tag = "referrals", params(("id" = Uuid, Path, description = "The referral")),
    request_body = NewReferralMessage, responses((status = 201, body = rapport_contract::referral_messages::ReferralMessage)))]
#[post("/v1/referrals/{id}/messages")]
async fn write_referral_message(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    posted: Posted<NewReferralMessage>,
) -> Result<Reply, ApiError> {
    let text = posted.body.text;
    let mut check = Check::new();
    check.text("/text", text.as_str(), 5000);
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let action = "referral.write_message";
        let authorise = async |tx: &mut Tx<'_>| reach(tx, me, *id, Right::WriteMessages, action).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, (row, side)| {
                check_open(&row, side)?;
                let permit = pass(tx, &row, event_of(&row, action)).await?;
                let written = store::insert(tx, &row, me.clinic_id, me.author()?, text.as_str().trim()).await?;
                audit::record(tx, event_of(&row, action).consent(permit.consent()));
                Reply::created(format!("/v1/referrals/{}/messages", row.id), &into_wire(written))
            })
            .await
    })
    .await
}
