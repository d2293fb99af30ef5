//! What is sent, what arrives, how far it has come, and how it is taken back.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::gate::{CANARY, Raw, asking_for_all, plain, report_of, with_canaries};
use rapport_contract::{
    consents::RecipientChoice,
    ids::ShareId,
    members::Role,
    problem::Kind,
    reports::{AmendReport, NewReport, ReportKind, Section},
    shares::{NewShare, Share, ShareState},
};
use rapport_sdk::{Client, Error};
use rapport_tests::{
    World, cases,
    people::{Clinic, sharing_with},
};
use reqwest::{Method, header::IF_MATCH};
use uuid::Uuid;

fn kind(refused: Result<impl Sized, Error>) -> Option<Kind> {
    refused.err().and_then(|error| error.kind())
}

async fn shared(from: &Clinic<'_>, to: RecipientChoice) -> (rapport_contract::reports::Report, Share) {
    let patient = from.patient().await;
    from.consented(&patient, &asking_for_all(to.clone())).await;
    let report = report_of(from, &patient, Vec::new()).await;
    let share = from.client().shares().create(report.id, &sharing_with(to)).await.unwrap();
    (report, share)
}

async fn raw(world: &World, who: &Client, method: Method, share: ShareId, tag: Option<&str>) -> Raw {
    let mut request = plain(world, who, method, &format!("/v1/shares/{share}")).await;
    if let Some(tag) = tag {
        request = request.header(IF_MATCH, tag);
    }
    Raw::of(request).await
}

#[tokio::test]
async fn a_share_holds_the_chosen_sections_and_not_a_byte_of_the_others() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let to_south = RecipientChoice::clinic(south.id);
    let (report, whole) = shared(&north, to_south.clone()).await;
    assert_eq!(whole.sections, Section::ALL);
    for section in Section::ALL {
        let new = NewShare { sections: Some(vec![section]), ..sharing_with(to_south.clone()) };
        let share = north.client().shares().create(report.id, &new).await.unwrap();
        assert_eq!(share.sections, [section]);
        let answer = raw(&world, south.client(), Method::GET, share.id, None).await;
        assert_eq!(answer.status, 200, "{section:?}");
        for other in Section::ALL {
            let is_there = answer.body.contains(&format!("canary-{}", other.as_str()));
            assert_eq!(is_there, other == section, "{other:?} in a share of {section:?}");
        }
        let body = answer.json()["content"]["body"].as_object().unwrap().clone();
        assert_eq!(body.keys().collect::<Vec<_>>(), [section.as_str()]);
    }
    // What the version does not have can't be shared, nor nothing at all.
    let patient = north.patient().await;
    north.consented(&patient, &asking_for_all(to_south.clone())).await;
    let short = north.signed_report(&patient, None).await;
    for sections in [vec![], vec![Section::History], vec![Section::Unknown]] {
        let new = NewShare { sections: Some(sections), ..sharing_with(to_south.clone()) };
        assert_eq!(kind(north.client().shares().create(short.id, &new).await), Some(Kind::Validation));
    }
}

#[tokio::test]
async fn a_draft_nobody_and_the_own_clinic_get_no_share() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    north.consented(&patient, &asking_for_all(RecipientChoice::clinic(south.id))).await;
    let new = NewReport {
        patient_id: patient.id,
        kind: ReportKind::ProgressReport,
        body: with_canaries(),
        sensitive_categories: Vec::new(),
    };
    let draft = north.client().reports().draft(&new).await.unwrap();
    let shares = north.client().shares();
    let refused = shares.create(draft.id, &sharing_with(RecipientChoice::clinic(south.id))).await.unwrap_err();
    assert_eq!((refused.status(), refused.kind()), (Some(409), Some(Kind::IllegalTransition)));
    assert_eq!(refused.problem().unwrap().allowed.as_deref(), Some(["signature".to_owned()].as_slice()));

    let report = north.client().reports().sign(&draft).await.unwrap();
    let guest = RecipientChoice { email: None, ..RecipientChoice::guest("Kim Guest", "") };
    let nobody = RecipientChoice::default();
    let unknown = RecipientChoice::clinic(Uuid::from_u128(7));
    let own = RecipientChoice::clinic(north.id);
    let own_colleague = RecipientChoice::practitioner(north.owner.id);
    let two = RecipientChoice { practitioner_id: Some(south.owner.id), ..RecipientChoice::clinic(south.id) };
    for recipient in [guest, nobody, unknown, own, own_colleague, two] {
        let refused = shares.create(report.id, &sharing_with(recipient.clone())).await.unwrap_err();
        assert_eq!(refused.kind(), Some(Kind::Validation), "{recipient:?}");
        assert!(refused.field_errors().first().unwrap().pointer.starts_with("/recipient"), "{recipient:?}");
    }
    assert!(shares.of_report(report.id).send().await.unwrap().items.is_empty());
}

#[tokio::test]
async fn an_amendment_changes_no_share_of_an_earlier_version() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let to_south = RecipientChoice::clinic(south.id);
    let (report, share) = shared(&north, to_south.clone()).await;
    let mut body = cases::ankylosing_spondylitis();
    body.summary = Some("Another summary".into());
    let amendment = AmendReport { reason: "A figure was wrong".into(), body: body.clone(), sensitive_categories: None };
    let amended = north.client().reports().amend(&report, &amendment).await.unwrap();
    assert_eq!(amended.current_version, Some(2));

    let old = south.client().shares().get(share.id).await.unwrap();
    let content = old.content.unwrap();
    assert_eq!((old.report_version, &content.body), (1, &report.body));
    assert_eq!(Some(content.content_hash), report.content_hash);
    let new = north.client().shares().create(report.id, &sharing_with(to_south)).await.unwrap();
    let new = south.client().shares().get(new.id).await.unwrap();
    assert_eq!((new.report_version, new.content.unwrap().body), (2, body));
}

#[tokio::test]
async fn the_sender_sees_how_far_a_share_has_come_and_never_its_content_again() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (report, share) = shared(&north, RecipientChoice::clinic(south.id)).await;
    let seen = async || {
        let one = north.client().shares().get(share.id).await.unwrap();
        let list = north.client().shares().of_report(report.id).send().await.unwrap();
        assert_eq!(list.items, std::slice::from_ref(&one));
        assert!(one.content.is_none());
        one
    };
    assert_eq!(seen().await.state, ShareState::Delivered);
    let early = south.client().shares().acknowledge(share.id).await.unwrap_err();
    assert_eq!((early.status(), early.kind()), (Some(409), Some(Kind::IllegalTransition)));
    assert_eq!(early.problem().unwrap().allowed.as_deref(), Some(["read".to_owned()].as_slice()));

    let first = south.client().shares().get(share.id).await.unwrap();
    assert_eq!(first.state, ShareState::Opened);
    let opened = seen().await;
    assert_eq!((opened.state, opened.opened_at), (ShareState::Opened, first.opened_at));
    let second = south.client().shares().get(share.id).await.unwrap();
    assert_eq!(second.opened_at, first.opened_at, "opened is the first time");

    let acknowledged = south.client().shares().acknowledge(share.id).await.unwrap();
    assert_eq!(acknowledged.state, ShareState::Acknowledged);
    assert!(acknowledged.content.is_none(), "an acknowledgement is no reading");
    assert_eq!(seen().await.state, ShareState::Acknowledged);
    assert_eq!(south.client().shares().get(share.id).await.unwrap().state, ShareState::Acknowledged);
    assert_eq!(kind(south.client().shares().acknowledge(share.id).await), Some(Kind::IllegalTransition));
    assert_eq!(
        kind(north.client().shares().acknowledge(share.id).await),
        Some(Kind::NotFound),
        "not the sender's to say"
    );
}

#[tokio::test]
async fn of_many_first_readings_at_once_each_is_answered_and_one_opens() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, share) = shared(&north, RecipientChoice::clinic(south.id)).await;
    let shares = south.client().shares();
    let readings = futures_util::future::join_all((0..8).map(|_| shares.get(share.id))).await;
    for reading in readings {
        assert!(reading.unwrap().content.is_some());
    }
    let opened = north.client().shares().get(share.id).await.unwrap();
    assert_eq!((opened.state, opened.version), (ShareState::Opened, 2));
}

#[tokio::test]
async fn a_share_is_withdrawn_by_its_sender_as_it_was_seen_and_once() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, share) = shared(&north, RecipientChoice::clinic(south.id)).await;
    south.client().shares().get(share.id).await.unwrap();
    let missing = raw(&world, north.client(), Method::DELETE, share.id, None).await;
    assert_eq!((missing.status, missing.slug()), (428, "precondition-required".to_owned()));
    let stale = raw(&world, north.client(), Method::DELETE, share.id, Some("\"1\"")).await;
    assert_eq!((stale.status, stale.slug()), (412, "stale".to_owned()));
    let recipient = raw(&world, south.client(), Method::DELETE, share.id, Some("\"2\"")).await;
    assert_eq!(recipient.status, 404, "the recipient can't take it back");
    assert_eq!(raw(&world, north.client(), Method::DELETE, share.id, Some("\"2\"")).await.status, 204);

    let refused = raw(&world, south.client(), Method::GET, share.id, None).await;
    assert_eq!((refused.status, refused.slug()), (403, "share-withdrawn".to_owned()));
    assert!(!refused.body.contains(CANARY));
    assert_eq!(kind(south.client().shares().acknowledge(share.id).await), Some(Kind::ShareWithdrawn));
    let again = raw(&world, north.client(), Method::DELETE, share.id, Some("\"3\"")).await;
    assert_eq!((again.status, again.slug()), (409, "illegal-transition".to_owned()));
    assert_eq!(north.client().shares().get(share.id).await.unwrap().state, ShareState::Withdrawn);
    let withdrawn = south.client().shares().inbox().state(ShareState::Withdrawn).send().await.unwrap();
    assert_eq!(withdrawn.items.len(), 1);
}

#[tokio::test]
async fn a_share_exists_for_its_addressee_only_and_what_was_received_cannot_be_shared_on() {
    let world = World::start().await;
    let (north, south, east) = (world.clinic("north").await, world.clinic("south").await, world.clinic("east").await);
    let colleague = south.member(Role::Practitioner).await;
    let (staff, officer) = (south.member(Role::Staff).await, south.member(Role::PrivacyOfficer).await);
    let (to_one, only_owners) = shared(&north, RecipientChoice::practitioner(south.owner.id)).await;
    let (_, the_clinics) = shared(&north, RecipientChoice::clinic(south.id)).await;
    let unknown =
        raw(&world, &colleague.client, Method::GET, Uuid::from_u128(7).into(), None).await.without_request_id();
    assert_eq!(unknown.0, 404);
    for who in [&colleague.client, east.client()] {
        let answer = raw(&world, who, Method::GET, only_owners.id, None).await;
        assert_eq!(answer.without_request_id(), unknown);
        assert_eq!(kind(who.shares().acknowledge(only_owners.id).await), Some(Kind::NotFound));
    }
    for who in [&staff.client, &officer.client] {
        let answer = raw(&world, who, Method::GET, the_clinics.id, None).await;
        assert_eq!((answer.status, answer.slug()), (403, "forbidden".to_owned()));
        assert!(!answer.body.contains(CANARY));
    }
    south.client().shares().get(only_owners.id).await.unwrap();
    colleague.client.shares().get(the_clinics.id).await.unwrap();

    // The recipient's consent from the same person, were there one, is for the recipient's own reports.
    let answer = south.client().shares().create(to_one.id, &sharing_with(RecipientChoice::clinic(east.id))).await;
    assert_eq!(kind(answer), Some(Kind::NotFound));
    assert_eq!(kind(south.client().reports().get(to_one.id).await), Some(Kind::NotFound));
    assert_eq!(kind(south.client().reports().document_html(to_one.id).await), Some(Kind::NotFound));
    assert_eq!(kind(south.client().shares().of_report(to_one.id).send().await), Some(Kind::NotFound));
}

#[tokio::test]
async fn an_inbox_names_neither_patients_nor_content_and_comes_in_pages() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let to_south = RecipientChoice::clinic(south.id);
    let (report, _) = shared(&north, to_south.clone()).await;
    for _ in 0..4 {
        let share = NewShare { cover_letter: Some("Letter canary".into()), ..sharing_with(to_south.clone()) };
        north.client().shares().create(report.id, &share).await.unwrap();
    }
    let mut cursor: Option<String> = None;
    let mut ids = Vec::new();
    loop {
        let query = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let path = format!("/v1/inbox?limit=2{query}");
        let answer = Raw::of(plain(&world, south.client(), Method::GET, &path).await).await;
        for told in [CANARY, "Casey", "Sample", "1979", "Letter", "content"] {
            assert!(!answer.body.contains(told), "{told} is in {answer:?}");
        }
        let page = answer.json();
        ids.extend(page["items"].as_array().unwrap().iter().map(|share| share["id"].as_str().unwrap().to_owned()));
        cursor = page["next_cursor"].as_str().map(ToOwned::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    let count = ids.len();
    ids.dedup();
    assert_eq!((count, ids.len()), (5, 5));
}
