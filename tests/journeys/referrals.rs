//! A referral from one clinic to another: what it says goes through the gate, each move is open to one side, and it closes with a
//! report that went back.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::api_clients;
use diesel_async::SimpleAsyncConnection;
use rapport_contract::{
    api_clients::Scope,
    consents::{Category, NewConsent, RecipientChoice, RevokeConsent},
    ids::{ClinicId, MemberId, PatientId, ReferralId, ShareId},
    members::Role,
    patients::Patient,
    problem::Kind,
    referrals::{NewReferral, Referral, ReferralMove, ReferralReason, ReferralState, ReferralVerb},
};
use rapport_sdk::{Client, Error, chrono::TimeDelta};
use rapport_tests::{
    World,
    people::{Clinic, asking_for, sharing_with, wall_clock},
};
use uuid::Uuid;

pub(crate) fn kind(refused: Result<impl Sized, Error>) -> Option<Kind> {
    refused.err().and_then(|error| error.kind())
}

pub(crate) fn asking(patient: PatientId, recipient: RecipientChoice) -> NewReferral {
    let (condition, reason) = ("Low back stiffness of six months", "Manual treatment before imaging");
    NewReferral {
        question: Some("Is a course of six visits worth trying?".into()),
        requested_services: vec!["Evaluation".into()],
        ..NewReferral::of_patient(patient, recipient, condition, reason)
    }
}

pub(crate) fn agreeing_to_all(recipient: RecipientChoice) -> NewConsent {
    let mut asked = asking_for(recipient);
    asked.categories.push(Category::Referral);
    asked
}

/// A referral of a new patient, who agreed to it.
pub(crate) async fn referred(from: &Clinic<'_>, to: &Clinic<'_>) -> (Patient, Referral) {
    let patient = from.patient().await;
    from.consented(&patient, &agreeing_to_all(RecipientChoice::clinic(to.id))).await;
    let referrals = from.client().referrals();
    let draft = referrals.create(&asking(patient.id, RecipientChoice::clinic(to.id))).await.unwrap();
    (patient, act(from.client(), &draft, ReferralVerb::Send, with()).await)
}

pub(crate) fn with() -> ReferralMove {
    ReferralMove::default()
}

pub(crate) fn because(reason: ReferralReason) -> ReferralMove {
    ReferralMove { reason: Some(reason), ..with() }
}

pub(crate) fn saying(note: &str) -> ReferralMove {
    ReferralMove { note: Some(note.into()), ..with() }
}

pub(crate) async fn act(client: &Client, seen: &Referral, verb: ReferralVerb, given: ReferralMove) -> Referral {
    // As this side sees it now.
    let now = client.referrals().get(seen.id).await.unwrap();
    let moved = client.referrals().act(&now, verb, &given).await.unwrap();
    assert_eq!(moved.version, now.version + 1);
    moved
}

#[tokio::test]
async fn the_whole_loop_from_a_draft_to_the_report_that_closes_it() {
    use ReferralState as S;
    use ReferralVerb as V;
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, sent) = referred(&north, &south).await;
    assert_eq!((sent.state, sent.patient_id), (S::Sent, Some(patient.id)));
    assert_eq!(sent.allowed, [V::Cancel, V::EnterInError]);

    let listed = south.client().referrals().list().received().state(S::Sent).send().await.unwrap().items;
    assert!(listed.iter().all(|referral| referral.content.is_none()) && listed.len() == 1);
    let read = south.client().referrals().get(sent.id).await.unwrap();
    assert_eq!((read.state, read.patient_id), (S::Received, None));
    let content = read.content.clone().unwrap();
    assert_eq!(content.condition.as_str(), "Low back stiffness of six months");
    let referred = content.patient.unwrap();
    assert_eq!(referred.family_name.as_str(), patient.family_name.as_str());
    assert_eq!(referred.email, patient.email);
    assert!(content.consent_expires_at.is_some());

    act(south.client(), &read, V::RequestInformation, saying("Was there a fall?")).await;
    let answered = act(north.client(), &sent, V::ProvideInformation, saying("None that she remembers.")).await;
    assert_eq!(answered.state, S::Received);
    let content = south.client().referrals().get(sent.id).await.unwrap().content.unwrap();
    let said: Vec<_> = content.notes.iter().map(|note| (note.verb, note.clinic_id, note.text.as_str())).collect();
    assert_eq!(
        said,
        [
            (V::RequestInformation, south.id, "Was there a fall?"),
            (V::ProvideInformation, north.id, "None that she remembers.")
        ]
    );

    let accepted = act(south.client(), &read, V::Accept, with()).await;
    let own = accepted.patient_id.unwrap();
    let record = south.client().patients().get(own).await.unwrap();
    assert_eq!(record.family_name, patient.family_name);
    assert_ne!(own, patient.id);
    let at = wall_clock() + TimeDelta::days(3);
    let scheduling = || ReferralMove { appointment_at: Some(at), ..with() };
    let scheduled = act(south.client(), &read, V::Schedule, scheduling()).await;
    assert_eq!(scheduled.appointment_at.map(|at| at.timestamp()), Some(at.timestamp()));
    act(south.client(), &read, V::NoShow, with()).await;
    act(south.client(), &read, V::Schedule, scheduling()).await;
    let treated = act(south.client(), &read, V::Start, with()).await;
    assert_eq!(treated.allowed, [V::Complete, V::Discontinue]);

    // The report goes back under the consent that the patient gave to the clinic that treats.
    let empty = south.client().referrals().act(&treated, V::Complete, &with()).await;
    assert_eq!(kind(empty), Some(Kind::Validation));
    south.consented_on_paper(&record, &agreeing_to_all(RecipientChoice::clinic(north.id))).await;
    let report = south.signed_report(&record, None).await;
    let share =
        south.client().shares().create(report.id, &sharing_with(RecipientChoice::clinic(north.id))).await.unwrap();
    let closing = ReferralMove { share_id: Some(share.id), ..with() };
    let closed = act(south.client(), &read, V::Complete, closing).await;
    assert_eq!((closed.state, closed.closing_share_id), (S::Completed, Some(share.id)));
    assert!(closed.allowed.is_empty() && closed.closed_at.is_some());
    let told = north.client().referrals().get(sent.id).await.unwrap();
    assert_eq!((told.state, told.closing_share_id), (S::Completed, Some(share.id)));
    assert!(north.client().shares().get(share.id).await.unwrap().content.is_some());

    let moves = north.client().referrals().timeline(sent.id).await.unwrap().items;
    let states: Vec<_> = moves.iter().map(|step| step.to.as_str()).collect();
    assert_eq!(
        states.join(" "),
        "draft sent received information_requested received accepted scheduled no_show scheduled in_care completed"
    );
    assert!(moves.iter().all(|step| step.by.is_some()));
    // Every reading stands in the accounting of who disclosed.
    let events = north.client().audit().events().action("referral.read").send().await.unwrap().items;
    assert!(events.iter().all(|event| event.consent_id.is_some()) && events.len() >= 2);
    let accounted = north.client().audit().disclosures(patient.id).send().await.unwrap().items;
    assert_eq!(accounted.len(), events.len());
    for disclosure in accounted {
        assert_eq!((disclosure.referral_id, disclosure.share_id), (Some(sent.id), None));
        assert_eq!(disclosure.purpose, "treatment");
        assert!(disclosure.consent_id.is_some() && disclosure.recipient_clinic.is_some());
    }
    let history = north.client().audit().sharing_history(patient.id).send().await.unwrap().items;
    let told: Vec<_> = history.iter().map(|entry| entry.in_words.as_str()).collect();
    for words in
        ["sent a referral.", "read the referral.", "accepted the referral.", "closed the referral with a report."]
    {
        assert!(told.iter().any(|told| told.ends_with(words)), "{words}: {told:?}");
    }
}

#[tokio::test]
async fn without_consent_nothing_is_sent_and_what_was_sent_is_not_read() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let to_south = RecipientChoice::clinic(south.id);
    let referrals = north.client().referrals();
    let draft = referrals.create(&asking(patient.id, to_south.clone())).await.unwrap();
    let unasked = referrals.act(&draft, ReferralVerb::Send, &with()).await;
    assert_eq!(kind(unasked), Some(Kind::ConsentMissing));
    assert_eq!(kind(south.client().referrals().get(draft.id).await), Some(Kind::NotFound), "a draft is its sender's");

    let consent = north.consented(&patient, &agreeing_to_all(to_south)).await;
    let sent = act(north.client(), &draft, ReferralVerb::Send, with()).await;
    let read = south.client().referrals().get(sent.id).await.unwrap();
    assert!(read.content.is_some());
    north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
    assert_eq!(kind(south.client().referrals().get(sent.id).await), Some(Kind::ConsentRevoked));
    let accepted = south.client().referrals().act(&read, ReferralVerb::Accept, &with()).await;
    assert_eq!(kind(accepted), Some(Kind::ConsentRevoked));
    // To say no discloses nothing.
    let given = because(ReferralReason::NoCapacity);
    let declined = south.client().referrals().act(&read, ReferralVerb::Decline, &given).await.unwrap();
    assert_eq!(declined.state, ReferralState::Declined);
    let seen = south.client().referrals().get(sent.id).await.unwrap();
    assert!(seen.content.is_none(), "what came to nothing is nobody's to read any more");
}

#[tokio::test]
async fn each_side_has_its_own_verbs_and_a_third_clinic_none() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let (_, sent) = referred(&north, &south).await;
    let refused = north.client().referrals().act(&sent, ReferralVerb::Accept, &with()).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::IllegalTransition));
    for verb in ReferralVerb::ALL {
        let refused = west.client().referrals().act(&sent, verb, &with()).await;
        let refused = kind(refused);
        assert!(matches!(refused, Some(Kind::NotFound | Kind::Validation)), "{verb:?}: {refused:?}");
    }
    assert_eq!(kind(west.client().referrals().get(sent.id).await), Some(Kind::NotFound));
    assert_eq!(kind(west.client().referrals().timeline(sent.id).await), Some(Kind::NotFound));
    assert!(west.client().referrals().list().send().await.unwrap().items.is_empty());
    // The front desk makes appointments, and reads nothing.
    let read = south.client().referrals().get(sent.id).await.unwrap();
    act(south.client(), &read, ReferralVerb::Accept, with()).await;
    let desk = south.member(Role::Staff).await;
    let seen = desk.client.referrals().get(sent.id).await.unwrap();
    assert!(seen.content.is_none());
    assert_eq!(seen.allowed, [ReferralVerb::Waitlist, ReferralVerb::Schedule]);
    let forbidden = desk.client.referrals().act(&seen, ReferralVerb::Start, &with()).await;
    assert_eq!(kind(forbidden), Some(Kind::Forbidden));
    desk.client.referrals().act(&seen, ReferralVerb::Waitlist, &with()).await.unwrap();
    // Of two moves at once one is done.
    let stale = desk
        .client
        .referrals()
        .act(&seen, ReferralVerb::Schedule, &ReferralMove { appointment_at: Some(wall_clock()), ..with() })
        .await;
    assert_eq!(kind(stale), Some(Kind::Stale));
}

#[tokio::test]
async fn what_is_addressed_to_a_practitioner_is_read_and_answered_by_nobody_else() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let addressed = south.member(Role::Practitioner).await;
    let to = RecipientChoice::practitioner(addressed.id);
    let patient = north.patient().await;
    north.consented(&patient, &agreeing_to_all(to.clone())).await;
    let draft = north.client().referrals().create(&asking(patient.id, to)).await.unwrap();
    let sent = act(north.client(), &draft, ReferralVerb::Send, with()).await;
    // The clinic's owner treats too, and sees that there is one.
    let seen = south.client().referrals().get(sent.id).await.unwrap();
    assert!(seen.content.is_none() && seen.allowed.is_empty(), "{:?}", seen.allowed);
    assert_eq!(kind(south.client().referrals().act(&seen, ReferralVerb::Accept, &with()).await), Some(Kind::NotFound));
    assert_eq!(words_beneath(&world, south.id, south.owner.id, sent.id).await, 0);
    let read = addressed.client.referrals().get(sent.id).await.unwrap();
    assert!(read.content.is_some() && read.allowed.contains(&ReferralVerb::Accept));
    assert_eq!(act(&addressed.client, &read, ReferralVerb::Accept, with()).await.state, ReferralState::Accepted);
}

#[tokio::test]
async fn only_what_belongs_to_it_goes_with_a_referral_and_closes_one() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let invalid = Some(Kind::Validation);
    let to = |clinic: &Clinic<'_>| RecipientChoice::clinic(clinic.id);
    // What goes with it: shares of this patient's reports, to the same recipient.
    let (patient, _, _, share) = north.share_with(&south).await;
    let (_, _, _, of_another) = north.share_with(&south).await;
    let (_, _, _, to_another) = north.share_with(&west).await;
    let create = async |share: ShareId| {
        let new = NewReferral { share_ids: vec![share], ..asking(patient.id, to(&south)) };
        north.client().referrals().create(&new).await
    };
    for stranger in [of_another.id, to_another.id, Uuid::nil().into()] {
        assert_eq!(kind(create(stranger).await), invalid);
    }
    assert!(create(share.id).await.is_ok());

    // Whose record it becomes: one of the recipient's own.
    let (_, sent) = referred(&north, &south).await;
    let read = south.client().referrals().get(sent.id).await.unwrap();
    let own = south.patient().await;
    let linking = |patient_id| ReferralMove { patient_id: Some(patient_id), ..with() };
    let refused = south.client().referrals().act(&read, ReferralVerb::Accept, &linking(patient.id)).await;
    assert_eq!(kind(refused), invalid, "the sender's own record");
    let agreed = NewConsent { recipients: vec![to(&north), to(&west)], ..agreeing_to_all(to(&north)) };
    south.consented(&own, &agreed).await;
    let report = south.signed_report(&own, None).await;
    let shares = south.client().shares();
    let before = shares.create(report.id, &sharing_with(to(&north))).await.unwrap();
    let accepted = act(south.client(), &read, ReferralVerb::Accept, linking(own.id)).await;
    assert_eq!(accepted.patient_id, Some(own.id));

    // What closes it: a share of that record's report, to the sender, since it was accepted.
    let elsewhere = shares.create(report.id, &sharing_with(to(&west))).await.unwrap();
    let withdrawn = shares.create(report.id, &sharing_with(to(&north))).await.unwrap();
    shares.withdraw(&withdrawn).await.unwrap();
    let (_, _, _, of_another) = south.share_with(&north).await;
    let closing = |share_id| ReferralMove { share_id: Some(share_id), ..with() };
    for stranger in [before.id, elsewhere.id, withdrawn.id, of_another.id, share.id] {
        let refused = south.client().referrals().act(&accepted, ReferralVerb::Complete, &closing(stranger)).await;
        assert_eq!(kind(refused), invalid, "{stranger}");
    }
    let report = shares.create(report.id, &sharing_with(to(&north))).await.unwrap();
    let closed = act(south.client(), &read, ReferralVerb::Complete, closing(report.id)).await;
    assert_eq!(closed.state, ReferralState::Completed);
}

#[tokio::test]
async fn a_recipient_names_somebody_else_of_the_directory_to_ask() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let (_, sent) = referred(&north, &south).await;
    let naming = |instead| ReferralMove { instead: Some(instead), ..with() };
    let read = south.client().referrals().get(sent.id).await.unwrap();
    for nobody in [RecipientChoice::clinic(Uuid::nil()), RecipientChoice::clinic(south.id)] {
        let refused = south.client().referrals().act(&read, ReferralVerb::Redirect, &naming(nobody)).await;
        assert_eq!(kind(refused), Some(Kind::Validation));
    }
    act(south.client(), &read, ReferralVerb::Redirect, naming(RecipientChoice::practitioner(west.owner.id))).await;
    let told = north.client().referrals().get(sent.id).await.unwrap();
    let instead = told.instead.unwrap();
    assert_eq!((told.state, instead.practitioner_id), (ReferralState::Redirected, Some(west.owner.id)));
    assert_eq!(instead.clinic_id, Some(west.id));
    assert_eq!(kind(west.client().referrals().get(sent.id).await), Some(Kind::NotFound), "it was not sent there");
}

#[tokio::test]
async fn a_cancellation_takes_both_sides_once_it_was_accepted() {
    use ReferralVerb as V;
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, sent) = referred(&north, &south).await;
    act(south.client(), &sent, V::Accept, with()).await;
    act(south.client(), &sent, V::Start, with()).await;
    let asked = act(north.client(), &sent, V::RequestCancellation, because(ReferralReason::PatientDeclined)).await;
    assert_eq!((asked.state, asked.allowed.len()), (ReferralState::CancellationRequested, 0));
    let refused = act(south.client(), &sent, V::RefuseCancellation, with()).await;
    assert_eq!(refused.state, ReferralState::InCare);
    act(north.client(), &sent, V::RequestCancellation, because(ReferralReason::PatientDeclined)).await;
    let over = act(south.client(), &sent, V::ConfirmCancellation, with()).await;
    assert_eq!((over.state, over.allowed.len()), (ReferralState::Cancelled, 0));
}

/// How many words of the referral a member finds beneath the service.
async fn words_beneath(world: &World, clinic: ClinicId, member: MemberId, referral: ReferralId) -> usize {
    let words = format!("select from referral_texts where referral_id = '{referral}'");
    world.beneath(clinic, member, &words).await.unwrap()
}

#[tokio::test]
async fn beneath_the_service_the_words_are_behind_the_gate_too_and_nobody_changes_what_was_asked() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let patient = north.patient().await;
    let to_south = RecipientChoice::clinic(south.id);
    let consent = north.consented(&patient, &agreeing_to_all(to_south.clone())).await;
    let draft = north.client().referrals().create(&asking(patient.id, to_south)).await.unwrap();
    let desk = south.member(Role::Staff).await;
    let found = async |clinic: &Clinic<'_>, member| words_beneath(&world, clinic.id, member, draft.id).await;
    assert_eq!(found(&north, north.owner.id).await, 1);
    assert_eq!(found(&south, south.owner.id).await, 0, "a draft");
    act(north.client(), &draft, ReferralVerb::Send, with()).await;
    assert_eq!(found(&south, south.owner.id).await, 1);
    assert_eq!(found(&south, desk.id).await, 0, "the front desk");
    assert_eq!(found(&west, west.owner.id).await, 0, "a third clinic");
    north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
    assert_eq!(found(&south, south.owner.id).await, 0, "after the revocation");

    let mut conn = world.database().await;
    let id = draft.id;
    for (sql, told) in [
        (format!("update referrals set urgency = 'urgent' where id = '{id}'"), "the terms of a referral never change"),
        ("delete from referrals".to_owned(), "referrals is append-only"),
        ("update referral_transitions set reason = 'other'".to_owned(), "referral_transitions is append-only"),
        ("update referral_texts set body = '\\x00'".to_owned(), "referral_texts is append-only"),
        ("delete from referral_texts".to_owned(), "referral_texts is append-only"),
    ] {
        assert_eq!(conn.batch_execute(&sql).await.unwrap_err().to_string(), told, "{sql}");
    }
    let unreported = format!("update referrals set state = 'completed', closed_at = now() where id = '{id}'");
    let error = conn.batch_execute(&unreported).await.unwrap_err().to_string();
    assert!(error.contains("referrals_close_with_a_report"), "{error}");
}

#[tokio::test]
async fn a_machine_with_the_scopes_of_referrals_reads_and_answers_them_and_no_report() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, sent) = referred(&north, &south).await;
    let scopes = [Scope::ReferralsRead, Scope::ReferralsWrite];
    let norths = api_clients::signed_in(&world, &api_clients::machine(&north, &scopes).await);
    let souths = api_clients::signed_in(&world, &api_clients::machine(&south, &scopes).await);
    let own = norths.referrals().get(sent.id).await.unwrap().content.unwrap();
    assert_eq!(own.condition.as_str(), "Low back stiffness of six months");
    let read = souths.referrals().get(sent.id).await.unwrap();
    assert_eq!(read.content.unwrap().condition, own.condition);
    assert_eq!(act(&souths, &sent, ReferralVerb::Accept, with()).await.state, ReferralState::Accepted);
    let report = north.signed_report(&patient, None).await;
    assert_eq!(kind(norths.reports().get(report.id).await), Some(Kind::Forbidden));
}
