//! Signing up, inviting, ending a membership.

use super::store::{self, Inserted, NewMember};
use crate::{
    audit::{self, Event, Origin},
    database::{Db, Reason, ids::new_id},
    events::{PublicUrl, letters, mail},
    http::{
        ApiError, IfMatch, Posted, Reply, RequestId, Routes,
        paging::ListQuery,
        validation::{Check, normalised_email},
    },
    identity::{
        self, Actor,
        passwords::{self, Passwords},
        policy::Right,
        secrets,
    },
    practitioners::check_npi,
    vault,
};
use actix_web::{
    delete, get, post,
    web::{Data, Path, Query},
};
use chrono::TimeDelta;
use rapport_contract::{
    clinics::{SignUp, SignedUp},
    members::{AcceptInvitation, Invite, Member, MemberList, MemberState, Role},
    problem::Kind,
};
use secrecy::ExposeSecret;
use uuid::Uuid;

/// An invitation is good for these days.
const INVITATION_DAYS: i64 = 7;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(sign_up_clinic)
        .service(invite_member)
        .service(list_members)
        .service(accept_invitation)
        .service(end_member);
}

fn check_password(check: &mut Check, pointer: &str, password: &str) {
    let length = password.chars().count();
    check.ensure(
        (passwords::SHORTEST..=passwords::LONGEST).contains(&length),
        pointer,
        "password_length",
        format!("A password has {} to {} characters; a sentence is fine.", passwords::SHORTEST, passwords::LONGEST),
    );
}

fn address_taken() -> ApiError {
    ApiError::new(
        Kind::Conflict,
        "This e-mail address can't be used for a new account. If it is yours, sign in with it.",
    )
}

/// Sign a clinic up
///
/// Makes the clinic and its owner, who then signs in at `/v1/auth/login`.
#[utoipa::path(tag = "clinics", request_body = SignUp, responses((status = 201, body = SignedUp)), security(()))]
#[post("/v1/clinics")]
async fn sign_up_clinic(
    db: Data<Db>,
    passwords: Data<Passwords>,
    request: RequestId,
    posted: Posted<SignUp>,
) -> Result<Reply, ApiError> {
    let SignUp { clinic, owner } = posted.body;
    let mut check = Check::new();
    check.line("/clinic/name", &clinic.name, 200);
    check.optional_line("/clinic/phone", clinic.phone.as_deref(), 40);
    check.optional_line("/clinic/address", clinic.address.as_deref(), 300);
    check_npi(&mut check, "/clinic/npi", clinic.npi.as_deref());
    check.line("/owner/name", owner.name.as_str(), 200);
    check.email("/owner/email", owner.email.as_str().trim());
    check_password(&mut check, "/owner/password", owner.password.as_str());
    check.line("/owner/profession", &owner.profession, 80);
    check_npi(&mut check, "/owner/npi", owner.npi.as_deref());
    check.done()?;
    let hash = passwords.hash(owner.password.as_str()).await?;
    db.system(Reason::SignIn, Origin::anonymous(&request), async |tx| {
        // Nobody has signed in: the same key with the same body, which holds the password, can only be the same person.
        let authorise = async |_: &mut crate::database::Tx<'_>| Ok(());
        posted
            .once
            .run(tx, Uuid::nil(), authorise, async |tx, ()| {
                let clinic = store::insert_clinic(tx, &clinic).await?;
                vault::make_for_clinic(tx, clinic.id.into()).await?;
                let new = NewMember {
                    id: new_id(),
                    clinic_id: clinic.id.into(),
                    name: owner.name.as_str().trim().to_owned(),
                    email: normalised_email(owner.email.as_str()),
                    role: "owner".to_owned(),
                    state: "active".to_owned(),
                    profession: Some(owner.profession.trim().to_owned()),
                    npi: owner.npi.clone(),
                    password_hash: Some(hash),
                    invitation_hash: None,
                    invitation_expires_at: None,
                    created_at: tx.now(),
                    updated_at: tx.now(),
                };
                let Inserted::Yes(owner) = store::insert_member(tx, &new).await? else { return Err(address_taken()) };
                audit::record(tx, Event::new(clinic.id.into(), "clinic.sign_up").on(clinic.id.into()));
                Reply::created(format!("/v1/practitioners/{}", owner.id), &SignedUp { clinic, owner })
            })
            .await
    })
    .await
}

/// Invite a member
///
/// Sends a link by mail; the owner only. What stands behind its `#` goes to `/v1/members/accept` with a password.
#[utoipa::path(tag = "members", request_body = Invite, responses((status = 201, body = Member)))]
#[post("/v1/members")]
async fn invite_member(
    db: Data<Db>,
    public_url: Data<PublicUrl>,
    actor: Actor,
    posted: Posted<Invite>,
) -> Result<Reply, ApiError> {
    let invite = posted.body;
    let mut check = Check::new();
    check.line("/name", invite.name.as_str(), 200);
    check.email("/email", invite.email.as_str().trim());
    check.ensure(
        invite.role != Role::Unknown,
        "/role",
        "unknown_value",
        "One of owner, practitioner, staff, privacy_officer.",
    );
    check.optional_line("/profession", invite.profession.as_deref(), 80);
    check.ensure(
        invite.role != Role::Practitioner || invite.profession.is_some(),
        "/profession",
        "required",
        "A practitioner has a profession.",
    );
    check_npi(&mut check, "/npi", invite.npi.as_deref());
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "member.invite");
        let authorise =
            async |tx: &mut crate::database::Tx<'_>| me.require(tx, Right::ManageMembers, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, ()| {
                let token = secrets::token().map_err(ApiError::internal)?;
                let now = tx.now();
                let new = NewMember {
                    id: new_id(),
                    clinic_id: me.clinic_id,
                    name: invite.name.as_str().trim().to_owned(),
                    email: normalised_email(invite.email.as_str()),
                    role: role_name(invite.role).to_owned(),
                    state: "invited".to_owned(),
                    profession: invite.profession.as_deref().map(|profession| profession.trim().to_owned()),
                    npi: invite.npi.clone(),
                    password_hash: None,
                    invitation_hash: Some(secrets::hash(token.expose_secret())),
                    invitation_expires_at: Some(now + TimeDelta::days(INVITATION_DAYS)),
                    created_at: now,
                    updated_at: now,
                };
                let Inserted::Yes(member) = store::insert_member(tx, &new).await? else { return Err(address_taken()) };
                let link = public_url.join(&format!("/join#{}", token.expose_secret()));
                mail::queue(tx, me.clinic_id, &new.email, letters::invitation(&link, INVITATION_DAYS)).await?;
                audit::record(tx, event.clone().on(member.id.into()));
                Ok(Reply::created(format!("/v1/members/{}", member.id), &member)?.version(member.version))
            })
            .await
    })
    .await
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Practitioner => "practitioner",
        Role::Staff => "staff",
        Role::PrivacyOfficer => "privacy_officer",
        Role::Unknown => "unknown",
    }
}

/// List the members of your clinic
///
/// Everybody of the clinic, those invited and those who left among them, newest first.
#[utoipa::path(tag = "members", params(ListQuery), responses((status = 200, body = MemberList)))]
#[get("/v1/members")]
async fn list_members(db: Data<Db>, actor: Actor, query: Query<ListQuery>) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        me.require(tx, Right::ListMembers, Event::new(me.clinic_id, "member.list")).await?;
        let (items, next_cursor) = page.cut(store::page(tx, me.clinic_id, &page).await?, |member| member.id.into());
        Reply::ok(&MemberList { items, next_cursor })
    })
    .await
}

/// Accept an invitation
///
/// Sets the password; after that the person signs in. An invitation works once and for 7 days.
#[utoipa::path(tag = "members", request_body = AcceptInvitation, responses((status = 200, body = Member)), security(()))]
#[post("/v1/members/accept")]
async fn accept_invitation(
    db: Data<Db>,
    passwords: Data<Passwords>,
    request: RequestId,
    posted: Posted<AcceptInvitation>,
) -> Result<Reply, ApiError> {
    let accept = posted.body;
    let mut check = Check::new();
    check_password(&mut check, "/password", accept.password.as_str());
    check.done()?;
    let invitation = secrets::hash(accept.token.as_str());
    let origin = Origin::anonymous(&request);
    // A token that nobody was sent costs no hashing.
    let is_invited =
        db.system(Reason::SignIn, origin.clone(), async |tx| Ok(store::is_invited(tx, &invitation).await?)).await?;
    let hash = if is_invited { passwords.hash(accept.password.as_str()).await? } else { String::new() };
    db.system(Reason::SignIn, origin, async |tx| {
        // The token is the right, and the fingerprint of a replay holds it.
        let authorise = async |_: &mut crate::database::Tx<'_>| Ok(());
        posted
            .once
            .run(tx, Uuid::nil(), authorise, async |tx, ()| {
                let accepted = if is_invited { store::accept(tx, &invitation, &hash).await? } else { None };
                let (clinic, member) = accepted.ok_or_else(ApiError::not_found)?;
                audit::record(tx, Event::new(clinic, "member.accept").on(member.id.into()));
                Reply::ok(&member)
            })
            .await
    })
    .await
}

/// End a membership
///
/// The owner only, and not the owner's own. The person's sessions are dead at once.
#[utoipa::path(tag = "members", params(("id" = Uuid, Path, description = "The member")), responses((status = 204)))]
#[delete("/v1/members/{id}")]
async fn end_member(db: Data<Db>, actor: Actor, id: Path<Uuid>, if_match: IfMatch) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "member.end").on(*id);
        me.require(tx, Right::ManageMembers, event.clone()).await?;
        let Some(member) = store::find(tx, me.clinic_id, *id).await? else {
            return Err(audit::refuse_unknown(tx, event));
        };
        if_match.check(member.version)?;
        if member.id == me.id {
            return Err(ApiError::new(Kind::Conflict, "Another owner has to end your membership."));
        }
        if member.state == MemberState::Ended {
            return Err(ApiError::illegal_transition("The membership has ended.", Vec::new()));
        }
        if !store::end(tx, me.clinic_id, *id, member.version).await? {
            return Err(ApiError::stale());
        }
        identity::end_sessions(tx, me.clinic_id, *id, None).await?;
        audit::record(tx, event);
        Ok(Reply::no_content())
    })
    .await
}
