//! A guest at a link: what opens it, what ends it, what can be done there, and what its sender sees of it.
#![expect(clippy::expect_used, reason = "a test fails loudly")]

use crate::gate::{Raw, asking_for_all, count, plain, until, with_canaries};
use chrono::TimeDelta;
use futures_util::future::join_all;
use rapport_contract::{
    audit::{ActorKind, AuditEvent, Outcome},
    consents::{Consent, RecipientChoice, RecipientKind, RevokeConsent},
    ids::PatientId,
    incidents::{Incident, IncidentKind, IncidentState},
    members::Role,
    patients::Patient,
    problem::Kind,
    reports::Report,
    share_links::{ShareLinkState, ShareLinkStatus},
    shares::{Share, ShareState},
};
use rapport_sdk::{GuestSession, ShareLink};
use rapport_tests::{
    World,
    people::{Clinic, sharing_with},
};
use reqwest::{Method, header};
use serde_json::{Value, json};
use std::{collections::BTreeSet, num::NonZeroU32, time::Instant};
use uuid::Uuid;

/// A share to a guest, and the link as it stood in the mail.
struct Sent {
    email: String,
    patient: Patient,
    consent: Consent,
    report: Report,
    share: Share,
    address: String,
    id: String,
    secret: String,
}

/// A guest at the link to a share of a new patient's report.
pub(crate) async fn as_sent_to_a_guest(north: &Clinic<'_>) -> GuestSession {
    let sent = sent(north).await;
    north.world.as_guest(&sent.email).await
}

async fn sent(north: &Clinic<'_>) -> Sent {
    let email = format!("kim{}@guest.example.org", north.world.number());
    let patient = north.patient().await;
    let to_guest = RecipientChoice::guest("Kim Guest", email.as_str());
    let consent = north.consented(&patient, &asking_for_all(to_guest.clone())).await;
    let report = north.signed_report(&patient, Some(with_canaries())).await;
    let share = north.client().shares().create(report.id, &sharing_with(to_guest)).await.unwrap();
    let address = north.world.mailbox().link(&email, 1).await;
    let (page, secret) = address.split_once('#').unwrap();
    let (id, secret) = (page.rsplit_once('/').unwrap().1.to_owned(), secret.to_owned());
    Sent { email, patient, consent, report, share, address, id, secret }
}

impl Sent {
    fn link(&self, world: &World) -> ShareLink {
        world.nobody().share_links().open_address(&self.address).unwrap()
    }

    async fn post(&self, world: &World, of_link: &str, body: &Value) -> Raw {
        let address = format!("{}/v1/share_links/{}/{of_link}", world.url(), self.id);
        Raw::of(world.http().post(address).json(body)).await
    }

    async fn challenge(&self, world: &World) -> Raw {
        self.post(world, "challenge", &json!({"secret": self.secret})).await
    }

    async fn code(&self, world: &World) -> String {
        let codes = world.mailbox().to(&self.email).iter().filter(|mail| mail.code().is_some()).count();
        let answer = self.challenge(world).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        world.mailbox().code(&self.email, codes + 1).await
    }

    async fn open(&self, world: &World, code: &str) -> Raw {
        self.post(world, "session", &json!({"secret": self.secret, "code": code})).await
    }

    /// Does it as the page would: with the cookie, and the token if it is given.
    async fn go(&self, world: &World, method: Method, of_link: &str, cookie: &str, csrf: Option<&str>) -> Raw {
        let address = format!("{}/v1/share_links/{}{of_link}", world.url(), self.id);
        let mut request = world.http().request(method, address).header(header::COOKIE, cookie);
        if let Some(csrf) = csrf {
            request = request.header("x-csrf-token", csrf);
        }
        Raw::of(request).await
    }

    /// What the sender sees: the share, and how its link fares.
    async fn status(&self, north: &Clinic<'_>) -> (Share, ShareLinkStatus) {
        let share = north.client().shares().get(self.share.id).await.unwrap();
        let listed = north.client().shares().of_report(self.report.id).send().await.unwrap().items;
        assert_eq!(listed, std::slice::from_ref(&share), "the list and the object tell the same");
        assert!(share.content.is_none());
        let link = share.link.clone().expect("a link");
        (share, link)
    }
}

/// The cookie of an opened session as a browser sends it back, and the anti-CSRF token.
fn session_of(answer: &Raw) -> (String, String) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    (cookie, answer.json()["csrf_token"].as_str().unwrap().to_owned())
}

fn other_code(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

async fn events(north: &Clinic<'_>, action: &str) -> Vec<AuditEvent> {
    north.client().audit().events().action(action).limit(100).send().await.unwrap().items
}

#[tokio::test]
async fn a_guest_reads_by_link_and_code_and_the_sender_sees_each_step() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    let recipient = &sent.share.recipient;
    assert_eq!((recipient.kind, recipient.clinic_id, recipient.practitioner_id), (RecipientKind::Guest, None, None));
    let (share, link) = sent.status(&north).await;
    assert_eq!((share.state, link.state, link.openings), (ShareState::Delivered, ShareLinkState::Active, 0));
    assert!(link.expires_at - link.sent_at <= TimeDelta::days(7));
    assert!(sent.secret.len() >= 43, "256 bits in base64url");

    let guest = world.as_guest(&sent.email).await;
    assert_eq!(sent.status(&north).await.0.state, ShareState::Delivered, "a session is no reading");
    let read = guest.get().await.unwrap();
    let content = read.content.clone().expect("content");
    assert_eq!(content.patient.family_name, sent.patient.family_name);
    assert!(serde_json::to_string(&content.body).unwrap().contains("canary-treatment"));
    assert_eq!((read.state, &read.link), (ShareState::Opened, &None));
    assert_eq!(guest.acknowledge().await.unwrap().state, ShareState::Acknowledged);
    let again = guest.acknowledge().await.unwrap_err();
    assert_eq!(again.kind(), Some(Kind::IllegalTransition));

    let (share, link) = sent.status(&north).await;
    assert_eq!((share.state, link.state, link.openings), (ShareState::Acknowledged, ShareLinkState::Active, 1));
    assert!(link.last_opened_at.is_some() && share.opened_at.is_some() && share.acknowledged_at.is_some());

    for action in ["share_link.challenge", "share_link.open", "share.read", "share.acknowledge"] {
        let events = events(&north, action).await;
        let [event] = events.as_slice() else { panic!("{action}: {events:?}") };
        assert_eq!((event.actor_kind, event.outcome), (ActorKind::Guest, Outcome::Permitted), "{action}");
        assert_eq!((event.actor_id, event.patient_id), (None, Some(sent.patient.id)), "{action}");
    }
    assert_eq!(events(&north, "share.read").await[0].consent_id, Some(sent.consent.id));
    assert_eq!(events(&north, "share_link.send").await[0].actor_kind, ActorKind::Member);

    let disclosures = north.client().audit().disclosures(sent.patient.id).send().await.unwrap().items;
    let [disclosure] = disclosures.as_slice() else { panic!("{disclosures:?}") };
    assert_eq!(disclosure.recipient_name.as_str(), "Kim Guest");
    assert_eq!((&disclosure.recipient_clinic, disclosure.recipient_address.as_deref()), (&None, Some(&*sent.email)));
    let history = north.client().audit().sharing_history(sent.patient.id).send().await.unwrap().items;
    let told: Vec<_> = history.iter().map(|entry| entry.in_words.as_str()).collect();
    assert!(told.contains(&"Kim Guest read the progress report."), "{told:?}");
}

#[tokio::test]
async fn a_share_to_a_guest_takes_a_consent_that_names_that_very_address() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    north.consented(&patient, &asking_for_all(RecipientChoice::guest("Kim Guest", "Kim@Guest.Example.org"))).await;
    let report = north.signed_report(&patient, None).await;
    let shares = north.client().shares();
    let to = async |recipient| shares.create(report.id, &sharing_with(recipient)).await;
    for other in ["kim@guest.example.com", "kim2@guest.example.org", "kim@guest.example.org.example.com"] {
        let refused = to(RecipientChoice::guest("Kim Guest", other)).await.unwrap_err();
        assert_eq!(refused.kind(), Some(Kind::RecipientNotNamed), "{other}");
        assert!(world.mailbox().to(other).is_empty(), "nobody is written to who may not read");
    }
    let refused = to(RecipientChoice::clinic(south.id)).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::RecipientNotNamed));
    // However it is written, and whatever the person is called today.
    let share = to(RecipientChoice::guest("Dr. K. Guest", "KIM@guest.example.ORG")).await.unwrap();
    assert_eq!(share.recipient.email.as_ref().unwrap().as_str(), "kim@guest.example.org");
    assert!(world.as_guest("kim@guest.example.org").await.get().await.unwrap().content.is_some());

    // A consent for a clinic covers no guest.
    let patient = north.patient().await;
    north.consented(&patient, &asking_for_all(RecipientChoice::clinic(south.id))).await;
    let report = north.signed_report(&patient, None).await;
    let new = sharing_with(RecipientChoice::guest("Owner of south", south.owner.email.as_str()));
    let refused = shares.create(report.id, &new).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::RecipientNotNamed));
}

#[tokio::test]
async fn no_mail_to_a_guest_or_about_one_tells_of_the_patient_or_the_report() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    world.as_guest(&sent.email).await.misdirected().await.unwrap();
    until("the owner is told", async || !world.mailbox().to(&north.owner.email).is_empty()).await;
    let mails = [world.mailbox().to(&sent.email), world.mailbox().to(&north.owner.email)].concat();
    assert_eq!(mails.len(), 3, "{mails:#?}");
    let names = [&sent.patient.given_name, &sent.patient.family_name].map(|name| name.as_str().to_lowercase());
    for mail in &mails {
        assert!(mail.html.contains("</html>"), "{mail:#?}");
        let text = format!("{} {} {}", mail.subject, mail.body, mail.html).to_lowercase();
        for word in ["report", "plan", "patient", "treat", "canary", "1953", &*names[0], &*names[1], &*sent.email] {
            assert!(!text.contains(word), "{word} stands in {mail:#?}");
        }
        assert!(!mail.subject.contains("north"));
    }
    let link = mails[0].body.lines().filter(|line| line.contains("http")).collect::<Vec<_>>();
    assert_eq!(link, [sent.address.as_str()], "on a line of its own");
}

#[tokio::test]
async fn loading_the_page_a_hundred_times_changes_nothing() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    let page = sent.address.split_once('#').unwrap().0;
    until("the mail is out", async || count(&world, "select count(*) from mails where sent_at is null").await == 0)
        .await;
    let everything = "select hashtextextended((select string_agg(t::text, '|' order by t::text) from (
        select s::text from shares s union all select l::text from share_links l union all select o::text from share_link_sessions o
        union all select i::text from incidents i union all select e::text from audit_events e union all select m::text from mails m
        ) as t), 0) as count";
    let before = count(&world, everything).await;
    for _ in 0..100 {
        for method in [Method::GET, Method::HEAD] {
            let answer = Raw::of(world.http().request(method.clone(), page)).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
            assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer");
            assert!(!answer.headers.contains_key(header::SET_COOKIE));
            let api = format!("{}/v1/share_links/{}", world.url(), sent.id);
            assert_eq!(Raw::of(world.http().request(method, api)).await.status, 401);
        }
    }
    assert_eq!(count(&world, everything).await, before);
    assert!(world.as_guest(&sent.email).await.get().await.unwrap().content.is_some());
}

#[tokio::test]
async fn every_link_that_leads_nowhere_answers_the_same_404_and_the_sender_sees_which_it_was() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let mut wrong = sent(&north).await;
    wrong.secret = "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5".to_owned();
    let mut unknown = sent(&north).await;
    unknown.id = Uuid::from_u128(7).to_string();
    let mut malformed = sent(&north).await;
    malformed.id = "rubbish".to_owned();
    let withdrawn = sent(&north).await;
    north.client().shares().withdraw(&withdrawn.share).await.unwrap();
    let misdirected = sent(&north).await;
    misdirected.link(&world).misdirected().await.unwrap();
    let locked = sent(&north).await;
    for _ in 0..5 {
        locked.open(&world, "000000").await;
    }
    let used_up = sent(&north).await;
    for _ in 0..10 {
        let code = used_up.code(&world).await;
        assert_eq!(used_up.open(&world, &code).await.status, 200);
    }
    let (renewed, lapsed) = (sent(&north).await, sent(&north).await);
    let states = [
        (&withdrawn, ShareLinkState::Withdrawn),
        (&misdirected, ShareLinkState::Misdirected),
        (&locked, ShareLinkState::Locked),
        (&used_up, ShareLinkState::UsedUp),
        (&renewed, ShareLinkState::Active),
        (&lapsed, ShareLinkState::Active),
    ];
    for (sent, state) in states {
        assert_eq!(sent.status(&north).await.1.state, state);
    }
    world.travel(TimeDelta::minutes(2));
    renewed.link(&world).renew().await.unwrap();
    let all_dead = [
        ("a wrong secret", &wrong),
        ("an unknown link", &unknown),
        ("an id that is none", &malformed),
        ("withdrawn", &withdrawn),
        ("misdirected", &misdirected),
        ("five wrong tries", &locked),
        ("used up", &used_up),
        ("renewed", &renewed),
    ];
    let mut answers = Vec::new();
    for (what, link) in all_dead {
        answers.push((what, link.challenge(&world).await.without_request_id()));
        answers.push((what, link.open(&world, "123456").await.without_request_id()));
    }
    world.travel(TimeDelta::days(7));
    answers.push(("lapsed", lapsed.challenge(&world).await.without_request_id()));
    answers.push(("lapsed", lapsed.open(&world, "123456").await.without_request_id()));
    for (what, link) in
        [("a wrong secret", &wrong), ("unknown", &unknown), ("withdrawn", &withdrawn), ("renewed", &renewed)]
    {
        let secret = json!({"secret": link.secret});
        answers.push((what, link.post(&world, "renewal", &secret).await.without_request_id()));
        answers.push((what, link.post(&world, "misdirected", &secret).await.without_request_id()));
    }
    let first = answers[0].1.clone();
    assert_eq!(first.0, 404);
    for (what, answer) in answers {
        assert_eq!(answer, first, "{what}");
    }
}

#[tokio::test]
async fn five_wrong_tries_kill_a_link_and_its_sessions_and_of_twenty_at_once_five_count() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    let first = sent.code(&world).await;
    let (cookie, _) = session_of(&sent.open(&world, &first).await);
    assert_eq!(sent.open(&world, &first).await.slug(), "verification-failed", "a code works once");
    let code = sent.code(&world).await;
    let tries = (0..20).map(|_| sent.open(&world, other_code(&code)));
    let mut statuses: Vec<_> = join_all(tries).await.into_iter().map(|raw| raw.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [[401; 4].as_slice(), [404; 16].as_slice()].concat());
    assert_eq!(sent.open(&world, &code).await.status, 404, "with the right code");
    assert_eq!(sent.go(&world, Method::GET, "", &cookie, None).await.status, 404, "nor does an open session live on");
    let (_, link) = sent.status(&north).await;
    assert_eq!((link.state, link.tries_left), (ShareLinkState::Locked, 0));
    let reasons: Vec<_> =
        events(&north, "share_link.open").await.into_iter().filter_map(|event| event.reason).collect();
    assert_eq!(reasons, ["verification-failed"; 5]);
}

#[tokio::test]
async fn a_withdrawal_ends_open_sessions_at_once_and_a_revocation_is_told_with_its_reason() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let withdrawn = sent(&north).await;
    let guest = world.as_guest(&withdrawn.email).await;
    assert!(guest.get().await.unwrap().content.is_some());
    let (share, _) = withdrawn.status(&north).await;
    north.client().shares().withdraw(&share).await.unwrap();
    let acknowledged = Instant::now();
    for error in [guest.get().await.unwrap_err(), guest.acknowledge().await.unwrap_err()] {
        assert_eq!(error.kind(), Some(Kind::NotFound));
    }
    assert!(acknowledged.elapsed().as_secs() < 1);
    assert_eq!(withdrawn.challenge(&world).await.status, 404);
    let (share, link) = withdrawn.status(&north).await;
    assert_eq!((share.state, link.state), (ShareState::Withdrawn, ShareLinkState::Withdrawn));

    let revoked = sent(&north).await;
    let guest = world.as_guest(&revoked.email).await;
    assert!(guest.get().await.unwrap().content.is_some());
    north.client().consents().revoke(revoked.consent.id, &RevokeConsent::default()).await.unwrap();
    for error in [guest.get().await.unwrap_err(), guest.acknowledge().await.unwrap_err()] {
        assert_eq!(error.kind(), Some(Kind::ConsentRevoked));
    }
    let denied = events(&north, "share.read").await.remove(0);
    assert_eq!((denied.actor_kind, denied.outcome), (ActorKind::Guest, Outcome::Denied));
    assert_eq!(denied.reason.as_deref(), Some("consent-revoked"));
}

#[tokio::test]
async fn many_readings_and_a_withdrawal_at_once_all_get_an_answer_and_none_is_later() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    for _ in 0..5 {
        let sent = sent(&north).await;
        let guests = [world.as_guest(&sent.email).await, world.as_guest(&sent.email).await];
        guests[0].get().await.unwrap();
        let (share, _) = sent.status(&north).await;
        let withdraw = async {
            north.client().shares().withdraw(&share).await.unwrap();
            events(&north, "share.withdraw").await.remove(0).id
        };
        let readings = join_all((0..8).map(|number| guests[number % 2].get()));
        let (withdrawal, readings) = futures_util::future::join(withdraw, readings).await;
        for reading in readings {
            assert!(
                reading.is_ok() || reading.as_ref().err().and_then(|it| it.kind()) == Some(Kind::NotFound),
                "{reading:?}"
            );
        }
        let permitted = events(&north, "share.read").await.into_iter().filter(|event| {
            event.outcome == Outcome::Permitted
                && event.object_id == Some(sent.share.id.into())
                && event.id > withdrawal
        });
        assert_eq!(permitted.count(), 0, "a reading after the withdrawal");
    }
}

#[tokio::test]
async fn what_was_not_meant_for_the_reader_is_closed_at_once_and_stays_open_as_an_incident() {
    let world = World::start().await;
    let (north, east) = (world.clinic("north").await, world.clinic("east").await);
    let officer = north.member(Role::PrivacyOfficer).await;
    let (practitioner, staff) = (north.member(Role::Practitioner).await, north.member(Role::Staff).await);
    let before = sent(&north).await;

    // Without a code: nobody should have to read first what is not for them. Twice at once, and twice is once.
    let (one, other) = (before.link(&world), before.link(&world));
    let (first, second) = futures_util::future::join(one.misdirected(), other.misdirected()).await;
    first.and(second).unwrap();
    before.link(&world).misdirected().await.unwrap();
    let (share, link) = before.status(&north).await;
    assert_eq!((share.state, link.state), (ShareState::Delivered, ShareLinkState::Misdirected));
    assert!(link.misdirected_at.is_some());

    let after = sent(&north).await;
    let (guest, other) = (world.as_guest(&after.email).await, world.as_guest(&after.email).await);
    guest.get().await.unwrap();
    guest.misdirected().await.unwrap();
    for session in [&guest, &other] {
        assert_eq!(session.get().await.unwrap_err().kind(), Some(Kind::NotFound), "every session of the link");
    }
    world.travel(TimeDelta::minutes(2));
    let renewal = after.link(&world).renew().await.unwrap_err();
    assert_eq!(renewal.kind(), Some(Kind::NotFound), "who says so gets no new link");

    let incidents: Vec<Incident> = officer.client.incidents().list().send().await.unwrap().items;
    let told: Vec<_> = incidents.iter().map(|it| (it.share_id, it.kind, it.state, it.was_read)).collect();
    let misdirected =
        |share: &Share, was_read| (Some(share.id), IncidentKind::Misdirected, IncidentState::Open, was_read);
    assert_eq!(told, [misdirected(&after.share, true), misdirected(&before.share, false)]);
    assert_eq!(incidents[0].recipient.email.as_ref().unwrap().as_str(), after.email);
    assert_eq!((incidents[0].patient_id, incidents[0].report_id), (after.patient.id, Some(after.report.id)));
    for address in [&north.owner.email, &officer.email] {
        let told = async || {
            world
                .mailbox()
                .to(address)
                .iter()
                .filter(|mail| mail.body.contains("went astray") || mail.subject.contains("astray"))
                .count()
                == 2
        };
        until("owner and officer are told", told).await;
    }

    let id = incidents[0].id;
    for who in [&practitioner.client, &staff.client] {
        assert_eq!(who.incidents().get(id).await.unwrap_err().kind(), Some(Kind::Forbidden));
        assert_eq!(who.incidents().close(id, "not mine").await.unwrap_err().kind(), Some(Kind::Forbidden));
        assert_eq!(who.incidents().list().send().await.unwrap_err().kind(), Some(Kind::Forbidden));
    }
    assert_eq!(east.client().incidents().get(id).await.unwrap_err().kind(), Some(Kind::NotFound));
    assert_eq!(east.client().incidents().close(id, "not mine").await.unwrap_err().kind(), Some(Kind::NotFound));
    assert!(east.client().incidents().list().send().await.unwrap().items.is_empty());
    assert_eq!(officer.client.incidents().close(id, "  ").await.unwrap_err().kind(), Some(Kind::Validation));

    let incidents = officer.client.incidents();
    let closings = join_all((0..4).map(|_| incidents.close(id, "The address had a wrong letter."))).await;
    let (done, refused): (Vec<_>, Vec<_>) = closings.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 3), "it is closed once");
    for error in refused {
        assert_eq!(error.unwrap_err().kind(), Some(Kind::IllegalTransition));
    }
    let closed = incidents.get(id).await.unwrap();
    assert_eq!((closed.state, closed.closed_by), (IncidentState::Closed, Some(officer.id)));
    assert_eq!(closed.note.as_ref().unwrap().as_str(), "The address had a wrong letter.");
    let open = incidents.list().state(IncidentState::Open).send().await.unwrap().items;
    assert_eq!(open.iter().map(|it| it.share_id).collect::<Vec<_>>(), [Some(before.share.id)]);
    let opened = events(&north, "incident.open").await;
    assert_eq!(opened.iter().map(|event| event.actor_kind).collect::<Vec<_>>(), [ActorKind::Guest; 2]);
}

#[tokio::test]
async fn a_new_link_goes_to_the_same_address_and_the_old_one_ends() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    let guest = world.as_guest(&sent.email).await;
    let soon = sent.link(&world).renew().await.unwrap_err();
    assert_eq!(soon.kind(), Some(Kind::RateLimited), "a link was sent a moment ago");
    world.travel(TimeDelta::days(8));
    assert_eq!(sent.challenge(&world).await.status, 404, "lapsed");

    let renewed = sent.link(&world).renew().await.unwrap();
    assert!(renewed.sent_to.starts_with("k…@") && !renewed.sent_to.contains(&sent.email));
    let second = world.mailbox().link(&sent.email, 2).await;
    assert_ne!(second, sent.address);
    assert_eq!(sent.challenge(&world).await.status, 404, "the old one");
    assert_eq!(guest.get().await.unwrap_err().kind(), Some(Kind::Unauthenticated));
    assert!(world.as_guest(&sent.email).await.get().await.unwrap().content.is_some());
    let rows = "select 100 * count(*) + 10 * count(*) filter (where ended_by = 'renewal') + sum(openings) as count from share_links";
    assert_eq!(count(&world, rows).await, 212, "two links, one of which ended, and an opening at each");

    let mut newest = second;
    for number in 3..=5 {
        world.travel(TimeDelta::minutes(2));
        world.nobody().share_links().open_address(&newest).unwrap().renew().await.unwrap();
        newest = world.mailbox().link(&sent.email, number).await;
    }
    world.travel(TimeDelta::minutes(2));
    let sixth = world.nobody().share_links().open_address(&newest).unwrap().renew().await.unwrap_err();
    assert_eq!(sixth.kind(), Some(Kind::NotFound), "five links are enough; the sender can share again");
}

#[tokio::test]
async fn a_session_is_for_one_link_ends_idle_and_a_change_needs_its_token_besides_the_cookie() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (one, other) = (sent(&north).await, sent(&north).await);
    let code = one.code(&world).await;
    let opened = one.open(&world, &code).await;
    let set = opened.headers[header::SET_COOKIE].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", &format!("Path=/v1/share_links/{}", one.id)] {
        assert!(set.split("; ").any(|part| part == attribute), "{attribute} is not in {set}");
    }
    let (cookie, csrf) = session_of(&opened);
    assert_eq!(one.go(&world, Method::GET, "", &cookie, None).await.status, 200);
    for of_link in ["/acknowledgement", "/misdirected"] {
        for token in [None, Some("wrong"), Some(cookie.as_str())] {
            let answer = one.go(&world, Method::POST, of_link, &cookie, token).await;
            assert_eq!((answer.status, answer.slug()), (403, "forbidden".to_owned()), "{of_link}");
        }
        assert_eq!(one.go(&world, Method::POST, of_link, "rapport_share=wrong", Some(&csrf)).await.status, 401);
        assert_eq!(other.go(&world, Method::POST, of_link, &cookie, Some(&csrf)).await.status, 401, "another link's");
    }
    assert_eq!(other.go(&world, Method::GET, "", &cookie, None).await.status, 401, "another link's");
    let elsewhere = format!("{}/v1/shares/{}", world.url(), one.share.id);
    assert_eq!(
        Raw::of(world.http().get(elsewhere).header(header::COOKIE, &cookie)).await.status,
        401,
        "no other right"
    );

    for _ in 0..4 {
        assert_eq!(one.go(&world, Method::GET, "", &cookie, None).await.status, 200);
        world.travel(TimeDelta::minutes(14));
    }
    assert_eq!(one.go(&world, Method::GET, "", &cookie, None).await.status, 200);
    world.travel(TimeDelta::minutes(4));
    assert_eq!(one.go(&world, Method::GET, "", &cookie, None).await.status, 401, "an hour");
    let idle = world.as_guest(&one.email).await;
    world.travel(TimeDelta::minutes(15));
    assert_eq!(idle.get().await.unwrap_err().kind(), Some(Kind::Unauthenticated), "idle");
}

#[tokio::test]
async fn a_clinics_own_people_open_no_link_of_a_patient_or_of_a_guest_and_the_attempt_is_on_record() {
    let world = World::start().await;
    let (north, east) = (world.clinic("north").await, world.clinic("east").await);
    let sent = sent(&north).await;
    let path = format!("/v1/share_links/{}", sent.id);
    let secret = json!({"secret": sent.secret});
    let code = sent.code(&world).await;
    let proof = json!({"secret": sent.secret, "code": code});
    let with_token = async |who: &Clinic<'_>, of_link: &str, body: &Value| {
        Raw::of(plain(&world, who.client(), Method::POST, &format!("{path}{of_link}")).await.json(body)).await
    };
    for (of_link, body) in
        [("/challenge", &secret), ("/session", &proof), ("/misdirected", &secret), ("/renewal", &secret)]
    {
        let answer = with_token(&north, of_link, body).await;
        assert_eq!((answer.status, answer.slug()), (403, "forbidden".to_owned()), "{of_link}");
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
    }
    let refused = events(&north, "share_link.open").await.remove(0);
    assert_eq!((refused.outcome, refused.reason.as_deref()), (Outcome::Denied, Some("forbidden")));
    assert_eq!((refused.actor_kind, refused.actor_id), (ActorKind::Member, Some(north.owner.id.uuid())), "by name");
    // An open session does not carry a member in either.
    let (cookie, _) = session_of(&sent.open(&world, &code).await);
    let read = plain(&world, north.client(), Method::GET, &path).await.header(header::COOKIE, &cookie);
    assert_eq!(Raw::of(read).await.status, 403);
    assert_eq!(sent.status(&north).await.0.state, ShareState::Delivered);
    // Who works at another clinic may be the very colleague that it is for.
    world.travel(TimeDelta::seconds(6));
    assert_eq!(with_token(&east, "/challenge", &secret).await.status, 202);
    // Only with the right secret is there anything to refuse.
    assert_eq!(with_token(&north, "/challenge", &json!({"secret": "wrong"})).await.status, 404);

    let patient = north.patient().await;
    north.ask(&patient, &asking_for_all(RecipientChoice::clinic(east.id))).await;
    let address = world.mailbox().link(patient.email.as_ref().unwrap().as_str(), 1).await;
    let (page, secret) = address.split_once('#').unwrap();
    let link = page.rsplit_once('/').unwrap().1;
    for who in [&north, &east] {
        let challenge = plain(&world, who.client(), Method::POST, &format!("/v1/consent_links/{link}/challenge")).await;
        let answer = Raw::of(challenge.json(&json!({"secret": secret}))).await;
        assert_eq!((answer.status, answer.slug()), (403, "forbidden".to_owned()), "no member signs for a patient");
    }
    let refused = events(&north, "consent_link.challenge").await;
    let refused = refused.iter().filter(|event| event.reason.as_deref() == Some("forbidden"));
    let who: Vec<_> = refused.map(|event| event.actor_id).collect();
    assert_eq!(who, [Some(east.owner.id.uuid()), Some(north.owner.id.uuid())]);
    assert!(world.mailbox().to(patient.email.as_ref().unwrap().as_str()).iter().all(|mail| mail.code().is_none()));
    world.at_link(&patient).await.get().await.unwrap();
}

#[tokio::test]
async fn neither_secret_nor_code_nor_session_of_a_guest_is_in_the_database_in_the_clear() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    let code = sent.code(&world).await;
    let (cookie, csrf) = session_of(&sent.open(&world, &code).await);
    let unused = sent.code(&world).await;
    until("the mail is out", async || count(&world, "select count(*) from mails where sent_at is null").await == 0)
        .await;
    let token = cookie.split_once('=').unwrap().1;
    for table in
        ["shares", "share_links", "share_link_sessions", "mails", "consents", "audit_events", "idempotency_keys"]
    {
        for secret in [&sent.secret, &code, &unused, token, &csrf] {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            let sql = if secret.len() == 6 {
                format!("select count(*) from {table} t, jsonb_each_text(to_jsonb(t)) as field
                    where field.value in ('{secret}', '\\x{hex}') or (field.key = 'body' and field.value like '%{secret}%')")
            } else {
                format!("select count(*) from {table} t where t::text like '%{secret}%' or t::text like '%{hex}%'")
            };
            assert_eq!(count(&world, &sql).await, 0, "in {table}");
        }
    }
}

#[tokio::test]
async fn guessing_finds_nothing_and_the_limiter_engages() {
    let world = World::with(|config| config.budgets.link = NonZeroU32::new(400).unwrap()).await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    let http = world.http();
    let address = format!("{}/v1/share_links/{}/challenge", world.url(), sent.id);
    let (mut hits, mut misses, mut limited) = (0, 0, 0);
    let mut secrets = BTreeSet::new();
    for _ in 0..600 {
        // As long as a right one, and as random.
        let secret = rapport_api::identity::secrets::token().unwrap();
        let secret = rapport_api::identity::secrets::expose(&secret).to_owned();
        let answer = http.post(&address).json(&json!({"secret": secret})).send().await.unwrap();
        secrets.insert(secret);
        match answer.status().as_u16() {
            404 => misses += 1,
            429 => {
                assert!(answer.headers().contains_key(header::RETRY_AFTER));
                limited += 1;
            }
            _ => hits += 1,
        }
    }
    println!("{hits} hits, {misses} misses, {limited} refused by the limiter, of {} secrets", secrets.len());
    assert_eq!((hits, secrets.len()), (0, 600));
    assert!(misses > 0 && limited > 0);
    let untouched = "select count(*) from share_links where tries_left = 5 and codes_sent = 0";
    assert_eq!(count(&world, untouched).await, 1, "a guess costs the guest no try and sends no code");
}

#[tokio::test]
async fn a_link_sends_so_many_codes_and_what_is_not_a_request_is_refused() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    assert_eq!(sent.challenge(&world).await.status, 202);
    assert_eq!(sent.challenge(&world).await.status, 429, "a second click sends no second mail");
    for _ in 1..15 {
        world.travel(TimeDelta::seconds(6));
        assert_eq!(sent.challenge(&world).await.status, 202);
    }
    world.travel(TimeDelta::minutes(11));
    let enough = sent.challenge(&world).await;
    assert_eq!((enough.status, enough.slug()), (429, "rate-limited".to_owned()));

    let secret = sent.secret.as_str();
    for (of_link, body) in [
        ("challenge", json!({"secret": 7})),
        ("challenge", json!({})),
        ("challenge", json!({"secret": secret, "email": "someone@example.org"})),
        ("session", json!({"secret": secret})),
        ("session", json!({"secret": secret, "code": 123456})),
        ("renewal", json!({"secret": secret, "recipient": "x"})),
        ("misdirected", json!({"secret": secret, "clinic_id": north.id})),
    ] {
        let answer = sent.post(&world, of_link, &body).await;
        assert_eq!((answer.status, answer.slug()), (422, "validation".to_owned()), "{of_link} {body}");
    }
    for of_link in ["challenge", "session", "renewal", "misdirected"] {
        let body = json!({"secret": "x".repeat(300 * 1024)});
        assert_eq!(sent.post(&world, of_link, &body).await.status, 413, "{of_link}");
    }
    assert_eq!(sent.status(&north).await.1.state, ShareLinkState::Active);
}

#[tokio::test]
async fn beneath_the_service_too_a_link_sees_its_own_share_alone_and_content_only_under_the_gate() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    north.share_with(&south).await;
    let (one, other) = (sent(&north).await, sent(&north).await);
    // A key opens nothing by itself, and yet a link has none but its patient's and the office's.
    let seen = async |link: &str, patient: PatientId| {
        world.beneath_link(link, patient, ["shares", "report_versions", "patients", "clinic_keys", "data_keys"]).await
    };
    for sent in [&one, &other] {
        assert_eq!(seen(&sent.id, sent.patient.id).await, [1, 1, 1, 1, 2]);
    }
    assert_eq!(seen(&Uuid::from_u128(7).to_string(), one.patient.id).await, [0; 5]);
    north.client().consents().revoke(one.consent.id, &RevokeConsent::default()).await.unwrap();
    assert_eq!(seen(&one.id, one.patient.id).await, [1, 0, 0, 1, 2], "revoked");
    assert_eq!(seen(&other.id, other.patient.id).await, [1, 1, 1, 1, 2]);
    north.client().shares().withdraw(&other.share).await.unwrap();
    assert_eq!(seen(&other.id, other.patient.id).await, [1, 0, 0, 1, 2], "withdrawn");
}
