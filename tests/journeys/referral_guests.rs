//! A referral to somebody without an account: read at a link through the gate, declined there, or taken up by who signs up.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]

use crate::{
    gate::{Raw, count, plain, until, waiting},
    referrals::{act, agreeing_to_all, asking, because, kind, with},
};
use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use futures_util::future::{join_all, join3};
use rapport_contract::{
    audit::ActorKind,
    consents::{Consent, RecipientChoice, RecipientKind, RevokeConsent},
    members::Role,
    patients::Patient,
    problem::Kind,
    referrals::{NewReferral, Referral, ReferralReason, ReferralState, ReferralVerb},
    share_links::ShareLinkState,
};
use rapport_sdk::{Client, ReferralLink};
use rapport_tests::{
    World,
    people::{Clinic, asking_for},
};
use reqwest::{Method, header};
use serde_json::{Value, json};
use uuid::Uuid;

/// A referral to a guest, and the link as it stood in the mail.
struct Sent {
    email: String,
    patient: Patient,
    consent: Consent,
    referral: Referral,
    address: String,
    id: String,
    secret: String,
}

async fn sent(north: &Clinic<'_>) -> Sent {
    let email = format!("kim{}@guest.example.org", north.world.number());
    let patient = north.patient().await;
    let to_guest = RecipientChoice::guest("Kim Guest", email.as_str());
    let consent = north.consented(&patient, &agreeing_to_all(to_guest.clone())).await;
    let new = NewReferral { condition: "canary: stiff since spring".into(), ..asking(patient.id, to_guest) };
    let draft = north.client().referrals().create(&new).await.unwrap();
    assert!(north.world.mailbox().to(&email).is_empty(), "a draft is its sender's");
    let referral = act(north.client(), &draft, ReferralVerb::Send, with()).await;
    let address = north.world.mailbox().link(&email, 1).await;
    let (page, secret) = address.split_once('#').unwrap();
    assert!(page.starts_with(&format!("{}/referral/", north.world.url())), "{page}");
    let (id, secret) = (page.rsplit_once('/').unwrap().1.to_owned(), secret.to_owned());
    Sent { email, patient, consent, referral, address, id, secret }
}

/// Another consent of a patient, on paper.
async fn agreed(clinic: &Clinic<'_>, patient: &Patient, to: RecipientChoice) {
    clinic.consented_on_paper(patient, &agreeing_to_all(to)).await;
}

impl Sent {
    /// The link, opened by somebody who has this account, if any.
    fn link(&self, client: &Client) -> ReferralLink {
        client.referral_links().open_address(&self.address).unwrap()
    }

    async fn post(&self, world: &World, of_link: &str, body: &Value) -> Raw {
        let address = format!("{}/v1/referral_links/{}/{of_link}", world.url(), self.id);
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

    /// As its sender sees it.
    async fn seen(&self, north: &Clinic<'_>) -> Referral {
        north.client().referrals().get(self.referral.id).await.unwrap()
    }

    async fn link_state(&self, north: &Clinic<'_>) -> ShareLinkState {
        self.seen(north).await.link.expect("a link").state
    }
}

#[tokio::test]
async fn a_guest_reads_by_link_and_code_and_declines_and_the_sender_sees_each_step() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    let recipient = &sent.referral.recipient;
    assert_eq!(
        (recipient.kind, recipient.clinic_id, recipient.name.as_str()),
        (RecipientKind::Guest, None, "Kim Guest")
    );
    assert_eq!(recipient.email.as_ref().unwrap().as_str(), sent.email);
    let link = sent.referral.link.clone().expect("a link");
    assert_eq!((link.state, link.openings), (ShareLinkState::Active, 0));
    let listed = north.client().referrals().list().sent().send().await.unwrap().items;
    assert_eq!(listed[0].recipient, *recipient);

    let guest = world.as_guest_of_referral(&sent.email).await;
    assert_eq!(sent.seen(&north).await.state, ReferralState::Sent, "a session is no reading");
    let read = guest.get().await.unwrap();
    let content = read.content.clone().expect("content");
    assert_eq!(content.condition.as_str(), "canary: stiff since spring");
    assert_eq!(
        content.patient.map(|patient| (patient.family_name, patient.email)),
        Some((sent.patient.family_name.clone(), sent.patient.email.clone()))
    );
    assert_eq!((read.state, &read.link, read.patient_id), (ReferralState::Received, &None, None));
    assert_eq!(read.allowed, [ReferralVerb::Decline]);
    guest.get().await.unwrap();
    let seen = sent.seen(&north).await;
    assert_eq!(seen.state, ReferralState::Received);
    assert!(seen.received_at.is_some(), "received by reading");
    assert_eq!(seen.link.as_ref().map(|link| link.openings), Some(1));

    let declined = guest.decline(ReferralReason::NoCapacity).await.unwrap();
    assert_eq!((declined.state, declined.allowed.len(), declined.content), (ReferralState::Declined, 0, None));
    assert_eq!(kind(guest.decline(ReferralReason::NoCapacity).await), Some(Kind::IllegalTransition), "twice");
    assert_eq!(kind(guest.get().await), Some(Kind::NotFound), "there is nothing behind it any more");
    assert_eq!(sent.link_state(&north).await, ShareLinkState::Withdrawn);
    let over = sent.seen(&north).await;
    assert!(seen.awaits.is_some() && seen.answered_at.is_none(), "a reading answers nothing");
    assert!(over.awaits.is_none() && over.answered_at.is_some(), "its clock stands still");
    let moves = north.client().referrals().timeline(sent.referral.id).await.unwrap().items;
    let states: Vec<_> = moves.iter().map(|step| (step.to.as_str(), step.reason)).collect();
    assert_eq!(states[2..], [("received", None), ("declined", Some(ReferralReason::NoCapacity))]);
    assert!(moves[2..].iter().all(|step| step.clinic_id.is_none() && step.by.is_none()));

    let events = north.client().audit().events().action("referral.read").send().await.unwrap().items;
    assert_eq!(events.len(), 2);
    assert!(
        events.iter().all(|event| event.actor_kind == ActorKind::Guest && event.consent_id == Some(sent.consent.id))
    );
    let accounted = north.client().audit().disclosures(sent.patient.id).send().await.unwrap().items;
    assert_eq!(accounted.len(), 2);
    for disclosure in accounted {
        assert_eq!(disclosure.recipient_name.as_str(), "Kim Guest");
        assert_eq!(
            (disclosure.recipient_address.as_deref(), disclosure.referral_id),
            (Some(&*sent.email), Some(sent.referral.id))
        );
    }
    let history = north.client().audit().sharing_history(sent.patient.id).send().await.unwrap().items;
    let told: Vec<_> = history.iter().map(|entry| entry.in_words.as_str()).collect();
    for words in ["Kim Guest read the referral.", "Kim Guest declined the referral."] {
        assert!(told.contains(&words), "{words}: {told:?}");
    }
}

#[tokio::test]
async fn a_guest_who_declines_what_is_taken_back_at_that_moment_is_told_that_it_is_not_open() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    let guest = world.as_guest_of_referral(&sent.email).await;
    // Both have found it open, and wait to move it.
    let mut holder = world.database().await;
    holder.batch_execute("begin; select from referrals for no key update").await.unwrap();
    let declined = async {
        waiting(&world, 1).await;
        guest.decline(ReferralReason::NoCapacity).await
    };
    let release = async {
        waiting(&world, 2).await;
        holder.batch_execute("rollback").await.unwrap();
    };
    let cancelled = act(north.client(), &sent.referral, ReferralVerb::Cancel, because(ReferralReason::PatientDeclined));
    let (cancelled, declined, ()) = join3(cancelled, declined, release).await;
    assert_eq!(cancelled.state, ReferralState::Cancelled);
    let refused = declined.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::IllegalTransition));
    assert_eq!(refused.problem().unwrap().allowed, Some(Vec::new()));
}

#[tokio::test]
async fn it_takes_a_consent_that_names_that_very_address_and_after_a_revocation_not_one_byte_leaves() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let kim = RecipientChoice::guest("Kim Guest", "kim@guest.example.org");
    let referrals = north.client().referrals();
    let draft = async |to: RecipientChoice| referrals.create(&asking(patient.id, to)).await.unwrap();
    let send = async |draft: &Referral| kind(referrals.act(draft, ReferralVerb::Send, &with()).await);
    assert_eq!(send(&draft(kim.clone()).await).await, Some(Kind::ConsentMissing));
    north.consented(&patient, &asking_for(kim.clone())).await;
    assert_eq!(send(&draft(kim.clone()).await).await, Some(Kind::ConsentTooNarrow), "it leaves out referrals");
    agreed(&north, &patient, kim).await;
    let other = draft(RecipientChoice::guest("Kim Guest", "kim@guest.example.com")).await;
    assert_eq!(send(&other).await, Some(Kind::RecipientNotNamed));
    assert_eq!(send(&draft(RecipientChoice::clinic(south.id)).await).await, Some(Kind::RecipientNotNamed));
    assert!(world.mailbox().to("kim@guest.example.com").is_empty(), "nobody is written to who may not read");
    // However it is written, and whatever the person is called today.
    assert_eq!(send(&draft(RecipientChoice::guest("K.", "KIM@Guest.Example.org")).await).await, None);
    let (_, _, _, share) = north.share_with(&south).await;
    let new =
        NewReferral { share_ids: vec![share.id], ..asking(patient.id, RecipientChoice::guest("K.", "k@example.org")) };
    assert_eq!(kind(referrals.create(&new).await), Some(Kind::Validation), "a share has a link of its own");

    let sent = sent(&north).await;
    let code = sent.code(&world).await;
    let cookie = session_of(&sent.open(&world, &code).await).0;
    let read = async || {
        let address = format!("{}/v1/referral_links/{}", world.url(), sent.id);
        Raw::of(world.http().get(address).header(header::COOKIE, &cookie)).await
    };
    assert!(read().await.body.contains("canary"));
    assert_eq!(beneath(&world, &sent).await, [1, 1, 1, 1, 2], "of keys the patient's and the office's");
    north.client().consents().revoke(sent.consent.id, &RevokeConsent::default()).await.unwrap();
    let answer = read().await;
    assert_eq!((answer.status, answer.slug()), (403, "consent-revoked".to_owned()));
    for told in ["canary", sent.patient.family_name.as_str(), "1979"] {
        assert!(!answer.body.contains(told), "{told} is in {answer:?}");
    }
    assert_eq!(beneath(&world, &sent).await, [1, 0, 0, 1, 2]);
}

/// The cookie of an opened session as a browser sends it back, and the anti-CSRF token.
fn session_of(answer: &Raw) -> (String, String) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    (cookie, answer.json()["csrf_token"].as_str().unwrap().to_owned())
}

/// What the database lets the work at the link see: referrals, words, patients, and the keys of clinics and of what they hold.
async fn beneath(world: &World, sent: &Sent) -> [usize; 5] {
    let tables = ["referrals", "referral_texts", "patients", "clinic_keys", "data_keys"];
    world.beneath_link(&sent.id, sent.patient.id, tables).await
}

#[tokio::test]
async fn every_link_that_leads_nowhere_answers_the_same_404_and_loading_a_page_changes_nothing() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let mut wrong = sent(&north).await;
    wrong.secret = "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5".to_owned();
    let mut unknown = sent(&north).await;
    unknown.id = Uuid::from_u128(7).to_string();
    // A share's link is none of a referral, and the other way round.
    let mut of_a_share = sent(&north).await;
    let to_guest = RecipientChoice::guest("Kim Guest", of_a_share.email.as_str());
    let patient = north.patient().await;
    north.consented(&patient, &asking_for(to_guest.clone())).await;
    let report = north.signed_report(&patient, None).await;
    let new = rapport_tests::people::sharing_with(to_guest);
    let share = north.client().shares().create(report.id, &new).await.unwrap();
    assert!(share.link.is_some());
    let address = world.mailbox().link(&of_a_share.email, 2).await;
    let (page, secret) = address.split_once('#').unwrap();
    let as_share = format!("{}/v1/share_links/{}/challenge", world.url(), of_a_share.id);
    let crossed = Raw::of(world.http().post(as_share).json(&json!({"secret": of_a_share.secret}))).await;
    (of_a_share.id, of_a_share.secret) = (page.rsplit_once('/').unwrap().1.to_owned(), secret.to_owned());
    let cancelled = sent(&north).await;
    act(north.client(), &cancelled.referral, ReferralVerb::Cancel, because(ReferralReason::NoLongerNeeded)).await;
    let misdirected = sent(&north).await;
    misdirected.link(&world.nobody()).misdirected().await.unwrap();
    misdirected.link(&world.nobody()).misdirected().await.unwrap();
    let locked = sent(&north).await;
    let code = locked.code(&world).await;
    let tries = (0..20).map(|_| locked.open(&world, if code == "000000" { "000001" } else { "000000" }));
    let mut statuses: Vec<_> = join_all(tries).await.into_iter().map(|raw| raw.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [[401; 5].as_slice(), [404; 15].as_slice()].concat());
    let (renewed, lapsed) = (sent(&north).await, sent(&north).await);

    let page = lapsed.address.split_once('#').unwrap().0;
    let everything = "select hashtextextended((select string_agg(t::text, '|' order by t::text) from (
        select s::text from referrals s union all select l::text from share_links l union all select e::text from audit_events e
        union all select o::text from share_link_sessions o) as t), 0) as count";
    let before = count(&world, everything).await;
    for method in [Method::GET, Method::HEAD] {
        let answer = Raw::of(world.http().request(method.clone(), page)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        let api = format!("{}/v1/referral_links/{}", world.url(), lapsed.id);
        assert_eq!(Raw::of(world.http().request(method, api)).await.status, 401);
    }
    assert_eq!(count(&world, everything).await, before);

    world.travel(TimeDelta::minutes(2));
    renewed.link(&world.nobody()).renew().await.unwrap();
    world.mailbox().link(&renewed.email, 2).await;
    assert!(world.as_guest_of_referral(&renewed.email).await.get().await.unwrap().content.is_some());
    for (link, state) in [
        (&cancelled, ShareLinkState::Withdrawn),
        (&misdirected, ShareLinkState::Misdirected),
        (&locked, ShareLinkState::Locked),
    ] {
        assert_eq!(link.link_state(&north).await, state);
    }
    let incidents = north.client().incidents().list().send().await.unwrap().items;
    let [incident] = incidents.as_slice() else { panic!("{incidents:?}") };
    assert_eq!((incident.referral_id, incident.share_id), (Some(misdirected.referral.id), None));
    assert_eq!(incident.recipient.email.as_ref().unwrap().as_str(), misdirected.email);
    assert!(!incident.was_read);
    let mut answers = vec![("a referral's link at a share", crossed.without_request_id())];
    let dead = [
        ("a wrong secret", &wrong),
        ("an unknown link", &unknown),
        ("a share's link", &of_a_share),
        ("cancelled", &cancelled),
        ("misdirected", &misdirected),
        ("five wrong tries", &locked),
        ("renewed", &renewed),
    ];
    for (what, link) in dead {
        answers.push((what, link.challenge(&world).await.without_request_id()));
        answers.push((what, link.open(&world, "123456").await.without_request_id()));
    }
    world.travel(TimeDelta::days(7));
    answers.push(("lapsed", lapsed.challenge(&world).await.without_request_id()));
    for (what, answer) in &answers {
        assert_eq!((answer.0, answer), (404, &answers[0].1), "{what}");
    }
}

#[tokio::test]
async fn a_guest_who_signs_up_takes_the_referral_up_and_reads_on_under_the_same_consent() {
    let world = World::start().await;
    let (north, kims) = (world.clinic("north").await, world.clinic("kims").await);
    let other = world.clinic("other").await;
    let sent = sent(&north).await;
    world.as_guest_of_referral(&sent.email).await.get().await.unwrap();
    let link = sent.link(kims.client());
    assert_eq!(kind(kims.client().referrals().get(sent.referral.id).await), Some(Kind::NotFound), "not yet");

    world.travel(TimeDelta::seconds(6));
    let code = sent.code(&world).await;
    // Who may not: nobody, the sender's own people, who does not treat, and who has no code.
    assert_eq!(kind(sent.link(&world.nobody()).claim(code.as_str()).await), Some(Kind::Unauthenticated));
    assert_eq!(kind(sent.link(north.client()).claim(code.as_str()).await), Some(Kind::Forbidden));
    let desk = kims.member(Role::Staff).await;
    assert_eq!(kind(sent.link(&desk.client).claim(code.as_str()).await), Some(Kind::Forbidden));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(kind(link.claim(wrong).await), Some(Kind::VerificationFailed));
    assert_eq!(sent.seen(&north).await.link.unwrap().tries_left, 4);

    let claimed = link.claim(code.as_str()).await.unwrap();
    assert_eq!((claimed.recipient.practitioner_id, claimed.state), (Some(kims.owner.id), ReferralState::Received));
    assert_eq!(link.claim(code.as_str()).await.unwrap(), claimed, "the answer may have been lost");
    assert_eq!(kind(sent.link(other.client()).claim(code.as_str()).await), Some(Kind::NotFound));
    let seen = sent.seen(&north).await;
    assert_eq!((seen.recipient.kind, seen.recipient.clinic_id), (RecipientKind::Practitioner, Some(kims.id)));
    assert_eq!(seen.link.unwrap().state, ShareLinkState::Claimed);
    assert_eq!(sent.challenge(&world).await.status, 404, "the link has ended");
    assert_eq!(beneath(&world, &sent).await, [1, 0, 0, 1, 2]);

    // From now on it is theirs, as any other.
    let read = kims.client().referrals().get(sent.referral.id).await.unwrap();
    assert!(read.content.is_some() && read.allowed.contains(&ReferralVerb::Accept));
    let colleague = kims.member(Role::Practitioner).await;
    assert!(
        colleague.client.referrals().get(sent.referral.id).await.unwrap().content.is_none(),
        "a guest is one person"
    );
    north.client().referrals().write(sent.referral.id, "Welcome.").await.unwrap();
    assert_eq!(kims.client().referrals().messages(sent.referral.id).send().await.unwrap().items.len(), 1);
    let accepted = act(kims.client(), &read, ReferralVerb::Accept, with()).await;
    let own = kims.client().patients().get(accepted.patient_id.unwrap()).await.unwrap();
    assert_eq!(own.family_name, sent.patient.family_name);
    let history = north.client().audit().sharing_history(sent.patient.id).send().await.unwrap().items;
    let told = "Owner of kims (kims (test)) took the referral up with an account.";
    assert!(history.iter().any(|entry| entry.in_words.as_str() == told));

    // Another consent of the patient opens nothing: the guest's does, until it ends.
    agreed(&north, &sent.patient, RecipientChoice::clinic(kims.id)).await;
    let words = async || world.beneath(kims.id, kims.owner.id, "select from referral_texts").await.unwrap();
    assert_eq!(words().await, 1);
    north.client().consents().revoke(sent.consent.id, &RevokeConsent::default()).await.unwrap();
    let refused = plain(&world, kims.client(), Method::GET, &format!("/v1/referrals/{}", sent.referral.id)).await;
    let refused = Raw::of(refused).await;
    assert_eq!(refused.slug(), "consent-revoked");
    assert!(!refused.body.contains("canary"));
    assert_eq!(words().await, 0);
}

#[tokio::test]
async fn of_many_who_take_it_up_at_once_one_has_it_and_nothing_else_of_it_changes() {
    let world = World::start().await;
    let (north, one, other) = (world.clinic("north").await, world.clinic("one").await, world.clinic("other").await);
    let sent = sent(&north).await;
    let code = sent.code(&world).await;
    let claims = [one.client(), other.client(), one.client(), other.client()].map(|client| {
        let link = sent.link(client);
        let code = code.clone();
        async move { link.claim(code.as_str()).await }
    });
    let claims = join_all(claims).await;
    let winner = sent.seen(&north).await.recipient.clinic_id.unwrap();
    let expected: Vec<_> =
        [one.id, other.id, one.id, other.id].map(|clinic| (clinic == winner).then_some(winner)).into();
    let done: Vec<_> = claims.iter().map(|claim| claim.as_ref().ok().and_then(|it| it.recipient.clinic_id)).collect();
    assert_eq!(done, expected);
    assert!(claims.iter().filter_map(|claim| claim.as_ref().err()).all(|error| error.kind() == Some(Kind::NotFound)));

    let mut conn = world.database().await;
    for sql in [
        "update referrals set recipient_clinic_id = null, recipient_practitioner_id = null",
        "update referrals set guest_address = 'x'",
        "update referrals set envelope = '\\x00'",
        "update referrals set urgency = 'urgent'",
    ] {
        let told = conn.batch_execute(sql).await.unwrap_err().to_string();
        assert_eq!(told, "the terms of a referral never change", "{sql}");
    }
    let clear =
        "select count(*) from referrals r where r::text ilike '%kim%' or encode(envelope, 'escape') ilike '%kim%'";
    assert_eq!(count(&world, clear).await, 0, "a guest is sealed");
}

#[tokio::test]
async fn no_mail_to_a_guest_of_a_referral_tells_of_the_patient_and_what_is_no_request_is_refused() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let sent = sent(&north).await;
    world.as_guest_of_referral(&sent.email).await.misdirected().await.unwrap();
    until("the owner is told", async || !world.mailbox().to(&north.owner.email).is_empty()).await;
    let mails = [world.mailbox().to(&sent.email), world.mailbox().to(&north.owner.email)].concat();
    let names = [&sent.patient.given_name, &sent.patient.family_name].map(|name| name.as_str().to_lowercase());
    for mail in &mails {
        let text = format!("{} {}", mail.subject, mail.body).to_lowercase();
        let text = text.replace("/referral/", "/");
        for word in ["referral", "refer", "patient", "treat", "canary", "1953", &*names[0], &*names[1], &*sent.email] {
            assert!(!text.contains(word), "{word} stands in {mail:#?}");
        }
    }
    let sent = self::sent(&north).await;
    let secret = sent.secret.as_str();
    for (of_link, body) in [
        ("challenge", json!({"secret": 7})),
        ("challenge", json!({"secret": secret, "email": "someone@example.org"})),
        ("session", json!({"secret": secret})),
        ("renewal", json!({})),
        ("misdirected", json!({"secret": secret, "clinic_id": north.id})),
    ] {
        let answer = sent.post(&world, of_link, &body).await;
        assert_eq!((answer.status, answer.slug()), (422, "validation".to_owned()), "{of_link} {body}");
    }
    let code = sent.code(&world).await;
    let (cookie, csrf) = session_of(&sent.open(&world, &code).await);
    let decline = async |csrf: Option<&str>, body: Value| {
        let address = format!("{}/v1/referral_links/{}/decline", world.url(), sent.id);
        let mut request = world.http().post(address).header(header::COOKIE, &cookie).header("idempotency-key", "once");
        if let Some(csrf) = csrf {
            request = request.header("x-csrf-token", csrf);
        }
        Raw::of(request.json(&body)).await
    };
    assert_eq!(decline(None, json!({"reason": "insurance"})).await.status, 403, "the cookie alone");
    assert_eq!(decline(Some(&csrf), json!({"reason": "rubbish"})).await.status, 422);
    assert_eq!(decline(Some(&csrf), json!({"reason": "insurance", "note": "x"})).await.status, 422);
    let declined = decline(Some(&csrf), json!({"reason": "insurance"})).await;
    assert_eq!(declined.status, 200);
    let again = decline(Some(&csrf), json!({"reason": "insurance"})).await;
    assert_eq!((again.status, &again.body), (200, &declined.body), "the same request is answered the same");
}
