//! The report of whom a patient was referred to goes back under the consent that the patient gave to the clinic that referred.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::referrals::{act, agreeing_to_all, asking, kind, with};
use diesel_async::SimpleAsyncConnection;
use rapport_contract::{
    consents::{Category, Consent, NewConsent, RecipientChoice, RevokeConsent},
    ids::{ClinicId, MemberId, ReportId},
    patients::Patient,
    problem::Kind,
    referrals::{Referral, ReferralMove, ReferralState, ReferralVerb},
    reports::Report,
};
use rapport_tests::{
    World,
    people::{Clinic, sharing_with},
};

/// A patient whom North referred to South under this consent, whom South took and reported on.
struct Case {
    consent: Consent,
    referral: Referral,
    record: Patient,
    report: Report,
}

fn two_way(to: RecipientChoice) -> NewConsent {
    NewConsent { two_way: true, ..agreeing_to_all(to) }
}

async fn taken(north: &Clinic<'_>, south: &Clinic<'_>, asked: &NewConsent) -> Case {
    let patient = north.patient().await;
    let consent = north.consented(&patient, asked).await;
    let draft = asking(patient.id, RecipientChoice::clinic(south.id));
    let draft = north.client().referrals().create(&draft).await.unwrap();
    act(north.client(), &draft, ReferralVerb::Send, with()).await;
    let referral = act(south.client(), &draft, ReferralVerb::Accept, with()).await;
    let record = south.client().patients().get(referral.patient_id.unwrap()).await.unwrap();
    let report = south.signed_report(&record, None).await;
    Case { consent, referral, record, report }
}

/// How much of a report a member can see beneath the service.
async fn versions_beneath(world: &World, clinic: ClinicId, member: MemberId, report: ReportId) -> usize {
    let versions = format!("select from report_versions where report_id = '{report}'");
    world.beneath(clinic, member, &versions).await.unwrap()
}

#[tokio::test]
async fn a_two_way_consent_carries_the_report_that_closes_the_loop_until_it_is_taken_back() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let case = taken(&north, &south, &two_way(RecipientChoice::clinic(south.id))).await;
    let to_north = sharing_with(RecipientChoice::clinic(north.id));
    let share = south.client().shares().create(case.report.id, &to_north).await.unwrap();
    let closing = ReferralMove { share_id: Some(share.id), ..with() };
    let closed = act(south.client(), &case.referral, ReferralVerb::Complete, closing).await;
    assert_eq!(closed.state, ReferralState::Completed);

    let read = north.client().shares().get(share.id).await.unwrap();
    let content = read.content.unwrap();
    assert_eq!(content.patient.family_name, case.record.family_name);
    assert_eq!(content.consent_expires_at, case.consent.expires_at);
    assert_eq!(versions_beneath(&world, north.id, north.owner.id, case.report.id).await, 1);
    // South disclosed, under the consent that North holds.
    let events = south.client().audit().events().action("share.read").send().await.unwrap().items;
    let by: Vec<_> = events.iter().map(|event| (event.object_id, event.consent_id)).collect();
    assert_eq!(by, [(Some(share.id.uuid()), Some(case.consent.id))]);
    let accounted = south.client().audit().disclosures(case.record.id).send().await.unwrap().items;
    assert_eq!(accounted.len(), 1);

    north.client().consents().revoke(case.consent.id, &RevokeConsent::default()).await.unwrap();
    assert_eq!(kind(north.client().shares().get(share.id).await), Some(Kind::ConsentRevoked));
    assert_eq!(versions_beneath(&world, north.id, north.owner.id, case.report.id).await, 0);
    assert_eq!(kind(south.client().shares().create(case.report.id, &to_north).await), Some(Kind::ConsentRevoked));
}

#[tokio::test]
async fn it_carries_nothing_else_to_nobody_else_and_from_nobody_else() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let to = |clinic: &Clinic<'_>| sharing_with(RecipientChoice::clinic(clinic.id));

    let one_way = taken(&north, &south, &agreeing_to_all(RecipientChoice::clinic(south.id))).await;
    assert_eq!(kind(south.client().shares().create(one_way.report.id, &to(&north)).await), Some(Kind::ConsentMissing));

    let narrow = NewConsent { categories: vec![Category::Referral], ..two_way(RecipientChoice::clinic(south.id)) };
    let narrow = taken(&north, &south, &narrow).await;
    assert_eq!(kind(south.client().shares().create(narrow.report.id, &to(&north)).await), Some(Kind::ConsentTooNarrow));

    let case = taken(&north, &south, &two_way(RecipientChoice::clinic(south.id))).await;
    assert_eq!(kind(south.client().shares().create(case.report.id, &to(&west)).await), Some(Kind::ConsentMissing));
    // Of another patient of South's, whom nobody referred.
    let other = south.patient().await;
    let unasked = south.signed_report(&other, None).await;
    assert_eq!(kind(south.client().shares().create(unasked.id, &to(&north)).await), Some(Kind::ConsentMissing));
    // Of a patient who was referred and not taken yet.
    let patient = north.patient().await;
    north.consented(&patient, &two_way(RecipientChoice::clinic(west.id))).await;
    let draft = north.client().referrals().create(&asking(patient.id, RecipientChoice::clinic(west.id))).await.unwrap();
    act(north.client(), &draft, ReferralVerb::Send, with()).await;
    let wests = west.patient().await;
    let early = west.signed_report(&wests, None).await;
    assert_eq!(kind(west.client().shares().create(early.id, &to(&north)).await), Some(Kind::ConsentMissing));
    // To a practitioner of the clinic that asked it goes, as to the clinic.
    let owner = sharing_with(RecipientChoice::practitioner(north.owner.id));
    let share = south.client().shares().create(case.report.id, &owner).await.unwrap();
    assert!(north.client().shares().get(share.id).await.unwrap().content.is_some());
}

#[tokio::test]
async fn beneath_the_service_nobody_claims_a_basis_that_no_referral_gave() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let case = taken(&north, &south, &two_way(RecipientChoice::clinic(south.id))).await;
    let share =
        south.client().shares().create(case.report.id, &sharing_with(RecipientChoice::clinic(north.id))).await.unwrap();
    let other = north.patient().await;
    let referred = north.client().referrals().get(case.referral.id).await.unwrap().patient_id.unwrap();
    let mut conn = world.database().await;
    let columns = "clinic_id, report_id, report_version, patient_id, kind, recipient_kind, recipient_practitioner_id, \
                   recipient_clinic_id, recipient_name, sections, categories, purpose, sent_by, sender_name, \
                   sender_profession, state, delivered_at, key_version";
    for (patient, is_given) in [(referred, true), (other.id, false)] {
        let claim = format!(
            "insert into shares (id, basis_clinic_id, basis_patient_id, {columns}) \
             select gen_random_uuid(), '{}', '{patient}', {columns} from shares where id = '{}'",
            north.id, share.id
        );
        let refusal = world.beneath(south.id, south.owner.id, &claim).await.err().unwrap_or_default();
        assert_eq!(refusal.contains("row-level security"), !is_given, "{refusal}");
        assert_eq!(refusal.is_empty(), is_given, "{refusal}");
    }
    let moved = format!("update shares set basis_patient_id = '{}' where id = '{}'", other.id, share.id);
    let refused = conn.batch_execute(&moved).await.unwrap_err().to_string();
    assert!(refused.contains("never changes"), "{refused}");
}
