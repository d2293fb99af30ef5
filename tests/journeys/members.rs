//! The people of a clinic come in by invitation, and only the owner manages them.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::wire::call;
use chrono::TimeDelta;
use rapport_contract::{
    audit::Outcome,
    members::{AcceptInvitation, Invite, MemberState, Role},
};
use rapport_sdk::Kind;
use rapport_tests::{
    World,
    people::{Clinic, PASSWORD, first_sign_in},
};
use serde_json::json;

fn invite(email: &str, role: Role) -> Invite {
    let profession = (role == Role::Practitioner).then(|| "massage_therapist".to_owned());
    Invite { name: "Bo Example".into(), email: email.into(), role, profession, npi: None }
}

async fn invitation(world: &World, email: &str, count: usize) -> AcceptInvitation {
    let link = world.mailbox().link(email, count).await;
    let (page, token) = link.split_once('#').unwrap();
    assert_eq!(page, format!("{}/join", world.url()), "the secret stands behind the # alone");
    AcceptInvitation { token: token.into(), password: PASSWORD.into() }
}

#[tokio::test]
async fn an_invitation_works_once() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let email = "bo@north.example.org";
    let member = clinic.client().members().invite(&invite(email, Role::Staff)).await.unwrap();
    assert_eq!((member.state, member.role), (MemberState::Invited, Role::Staff));
    let accept = invitation(&world, email, 1).await;
    let mail = world.mailbox().to(email).remove(0);
    assert!(mail.body.lines().any(|line| line.trim().ends_with(accept.token.as_str())), "on a line of its own");
    // Not before it was accepted, and not with a password that nobody set.
    let early = world.nobody().sign_in(email, PASSWORD).await.unwrap_err();
    assert_eq!(early.kind(), Some(Kind::InvalidCredentials));
    let weak = AcceptInvitation { password: "too short".into(), ..accept.clone() };
    let refused = world.nobody().members().accept(&weak).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::Validation));
    assert_eq!(refused.field_errors()[0].pointer, "/password");
    // Of many at once one joins.
    let tries =
        futures_util::future::join_all((0..4).map(|_| async { world.nobody().members().accept(&accept).await }));
    let (joined, late): (Vec<_>, Vec<_>) = tries.await.into_iter().partition(Result::is_ok);
    assert_eq!(joined.len(), 1);
    assert!(late.into_iter().all(|late| late.unwrap_err().kind() == Some(Kind::NotFound)));
    world.nobody().sign_in(email, PASSWORD).await.unwrap();
    // A used one and one that never was are the same.
    let body = |token: &str| json!({"token": token, "password": PASSWORD});
    let used = call(&world, "POST", "/v1/members/accept").json(&body(accept.token.as_str())).send().await;
    let unknown = call(&world, "POST", "/v1/members/accept").json(&body("nobody")).send().await;
    assert_eq!(used.apart_from_the_request(), unknown.apart_from_the_request());
    assert_eq!(used.status, 404);
}

#[tokio::test]
async fn an_invitation_lapses_after_seven_days() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let emails = ["bo@north.example.org", "cy@north.example.org"];
    for email in emails {
        clinic.client().members().invite(&invite(email, Role::Practitioner)).await.unwrap();
    }
    let [one, other] = [invitation(&world, emails[0], 1).await, invitation(&world, emails[1], 1).await];
    world.travel(TimeDelta::days(7) - TimeDelta::minutes(1));
    world.nobody().members().accept(&one).await.unwrap();
    world.travel(TimeDelta::minutes(1));
    let late = world.nobody().members().accept(&other).await.unwrap_err();
    assert_eq!(late.kind(), Some(Kind::NotFound));
}

#[tokio::test]
async fn an_invitation_or_membership_that_was_ended_leaves_the_address_free() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let email = "bo@north.example.org";
    let member = clinic.client().members().invite(&invite(email, Role::Staff)).await.unwrap();
    let accept = invitation(&world, email, 1).await;
    clinic.client().members().end(&member).await.unwrap();
    let late = world.nobody().members().accept(&accept).await.unwrap_err();
    assert_eq!(late.kind(), Some(Kind::NotFound));
    let again = clinic.client().members().invite(&invite(email, Role::Staff)).await;
    let again = again.expect("who was invited in vain can be invited again");
    assert_ne!(again.id, member.id);
    world.nobody().members().accept(&invitation(&world, email, 2).await).await.unwrap();
    // Who leaves one clinic can work for another, and is one person to sign in there.
    let south = world.clinic("south").await;
    let taken = south.client().members().invite(&invite(email, Role::Staff)).await.unwrap_err();
    assert_eq!(taken.kind(), Some(Kind::Conflict), "an address is one account at a time");
    let members = clinic.client().members().list().send().await.unwrap().items;
    clinic.client().members().end(members.iter().find(|member| member.id == again.id).unwrap()).await.unwrap();
    south.client().members().invite(&invite(email, Role::Staff)).await.unwrap();
    world.nobody().members().accept(&invitation(&world, email, 3).await).await.unwrap();
    let (person, _) = first_sign_in(&world, email).await;
    let members = person.members().list().send().await.unwrap().items;
    assert!(members.iter().any(|member| member.id == south.owner.id));
}

#[tokio::test]
async fn only_the_owner_manages_members_and_everybody_sees_them() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let theirs = south.client().members().list().send().await.unwrap().items.remove(0);
    let mut people = Vec::new();
    for role in [Role::Practitioner, Role::Staff, Role::PrivacyOfficer, Role::Owner] {
        let person = north.member(role).await;
        let members = person.client.members().list().send().await.unwrap().items;
        let own = members.iter().find(|member| member.id == person.id).unwrap();
        assert_eq!((own.role, own.state), (role, MemberState::Active));
        assert!(members.iter().all(|member| member.id != theirs.id), "of the own clinic alone");
        people.push((role, person, own.clone()));
    }
    for (role, person, own) in &people[..3] {
        let invited = person.client.members().invite(&invite("new@north.example.org", Role::Staff)).await.unwrap_err();
        assert_eq!(invited.kind(), Some(Kind::Forbidden), "{role:?} invites");
        let ended = person.client.members().end(own).await.unwrap_err();
        assert_eq!(ended.kind(), Some(Kind::Forbidden), "{role:?} ends");
    }
    assert!(world.mailbox().to("new@north.example.org").is_empty());
    let denied = north.client().audit().events().action("member.invite").limit(100).send().await.unwrap().items;
    assert_eq!(denied.iter().filter(|event| event.outcome == Outcome::Denied).count(), 3);

    // Two owners end each other's membership, nobody their own.
    let (_, second, own) = &people[3];
    let refused = second.client.members().end(own).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::Conflict));
    let first = second.client.members().list().send().await.unwrap().items;
    let first = first.iter().find(|member| member.id == north.owner.id).unwrap();
    second.client.members().end(first).await.unwrap();
    assert_eq!(north.client().members().list().send().await.unwrap_err().kind(), Some(Kind::Unauthenticated));
}

#[tokio::test]
async fn a_member_is_ended_as_it_was_read_and_in_ones_own_clinic_only() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let end = async |by: &Clinic<'_>, id: &str, if_match: Option<&str>| {
        let request = call(&world, "DELETE", &format!("/v1/members/{id}")).by(&by.owner).await;
        let request = if let Some(tag) = if_match { request.header("if-match", tag) } else { request };
        request.send().await
    };
    let member = north.member(Role::Staff).await;
    let id = member.id.to_string();
    let version = north.client().members().list().send().await.unwrap().items;
    let version = version.iter().find(|listed| listed.id == member.id).unwrap().version;

    let foreign = end(&south, &id, Some("*")).await;
    let missing = end(&south, "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12", Some("*")).await;
    let malformed = end(&south, "not-an-id", Some("*")).await;
    assert_eq!(foreign.status, 404);
    assert_eq!(foreign.apart_from_the_request(), missing.apart_from_the_request());
    assert_eq!(foreign.apart_from_the_request(), malformed.apart_from_the_request());

    assert_eq!(end(&north, &id, None).await.slug(), "precondition-required");
    for stale in [format!("\"{}\"", version + 1), format!("W/\"{version}\""), version.to_string(), String::new()] {
        let answer = end(&north, &id, Some(&stale)).await;
        assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (412, "stale"), "{stale:?}");
    }
    assert_eq!(end(&north, &id, Some(&format!("\"0\", \"{version}\""))).await.status, 204);
    let again = end(&north, &id, Some("*")).await;
    assert_eq!((again.status.as_u16(), again.slug().as_str()), (409, "illegal-transition"));
    assert_eq!(again.json()["allowed"], json!([]));
}

#[tokio::test]
async fn every_field_of_an_invitation_is_checked() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let good = json!({"name": "Bo Example", "email": "bo@north.example.org", "role": "practitioner", "profession": "x", "npi": null});
    for (name, value, code) in [
        ("name", json!(" "), "required"),
        ("name", json!("a\nb"), "invalid_characters"),
        ("email", json!("bo"), "invalid_email"),
        ("role", json!("admin"), "unknown_value"),
        ("role", json!(1), "invalid_type"),
        ("profession", json!(null), "required"),
        ("profession", json!("x".repeat(81)), "too_long"),
        ("npi", json!("1234567890"), "invalid_npi"),
    ] {
        let mut body = good.clone();
        body[name] = value.clone();
        let answer = call(&world, "POST", "/v1/members").by(&clinic.owner).await.json(&body).send().await;
        assert_eq!(answer.refused(), [(format!("/{name}"), code.to_owned())], "{name} {value}: {}", answer.text);
    }
    let taken = clinic.client().members().invite(&invite(&clinic.owner.email.to_uppercase(), Role::Staff)).await;
    assert_eq!(taken.unwrap_err().kind(), Some(Kind::Conflict));
    assert!(world.mailbox().all().is_empty(), "nobody was written to");
}
