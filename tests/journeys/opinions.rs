//! A second opinion: with nobody named it takes no consent, and then nothing in it may identify anybody; with the patient named it
//! passes as a referral does. It closes with its answer.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::referrals::{kind, with};
use diesel_async::SimpleAsyncConnection;
use rapport_contract::{
    consents::{Category, RecipientChoice, RevokeConsent},
    ids::{ClinicId, MemberId, PatientId, ReferralId},
    members::Role,
    opinions::{NewOpinionSubject, OpinionAnswer, Sex},
    patients::{NewPatient, Patient},
    problem::{FieldError, Kind},
    referrals::{NewReferral, Referral, ReferralKind, ReferralMove, ReferralState, ReferralVerb},
};
use rapport_sdk::{Client, Error, chrono::NaiveDate};
use rapport_tests::{
    World, as_member,
    people::{Clinic, asking_for, wall_clock},
};
use uuid::Uuid;

fn refused(refused: Result<impl Sized, Error>) -> Vec<FieldError> {
    refused.err().unwrap().problem().unwrap().errors.clone()
}

fn told(refused: &[FieldError]) -> String {
    refused.iter().map(|error| format!("{} {}", error.pointer, error.code)).collect::<Vec<_>>().join(", ")
}

/// Blanks and line breaks at the ends are kept as well: what was looked through is what is kept.
const CONDITION: &str = " Neck pain 6/10 and headache, 15 days a month.\nROM rotation L 55, R 60; BP 128/82.\n";

fn opinion(to: &Clinic<'_>) -> NewReferral {
    let recipient = RecipientChoice::clinic(to.id);
    let asked =
        NewReferral::second_opinion(recipient, CONDITION, "Massage alone has not helped", "What would you add?");
    NewReferral { attestation: Some(true), ..asked }
}

fn answer() -> OpinionAnswer {
    OpinionAnswer {
        assessment: " This fits cervicogenic headache; the index fell by less than it has to.".into(),
        suggestions: vec!["Deep neck flexor training, 3x10 daily".into()],
        red_flags: vec!["Any new neurological sign".into()],
    }
}

fn saying(note: &str, attestation: Option<bool>) -> ReferralMove {
    ReferralMove { note: Some(note.into()), attestation, ..with() }
}

async fn try_act(client: &Client, id: ReferralId, verb: ReferralVerb, given: ReferralMove) -> Result<Referral, Error> {
    let now = client.referrals().get(id).await.unwrap();
    client.referrals().act(&now, verb, &given).await
}

async fn act(client: &Client, id: ReferralId, verb: ReferralVerb, given: ReferralMove) -> Referral {
    try_act(client, id, verb, given).await.unwrap()
}

async fn somebody(clinic: &Clinic<'_>, given: &str, family: &str, born: i32) -> Patient {
    let new = NewPatient {
        given_name: given.into(),
        family_name: family.into(),
        birth_date: NaiveDate::from_ymd_opt(born, 4, 17).unwrap().into(),
        mrn: Some("N-48813".into()),
        email: Some("marisol.q@patients.example.org".into()),
        phone: Some("(503) 555-0142".into()),
    };
    clinic.client().patients().create(&new).await.unwrap()
}

#[tokio::test]
async fn an_opinion_that_names_nobody_goes_without_consent_and_comes_back_with_an_answer() {
    use ReferralVerb as V;
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let patient = somebody(&north, "Marisol", "Quintero", 1931).await;
    let about = NewOpinionSubject {
        sex: Some(Sex::Female.into()),
        state: Some("OR".to_owned().into()),
        onset_year: Some(2024.into()),
        ..NewOpinionSubject::default()
    };
    let new = NewReferral { patient_id: Some(patient.id), about: Some(about), ..opinion(&south) };
    let draft = north.client().referrals().create(&new).await.unwrap();
    assert_eq!((draft.kind, draft.deidentified), (ReferralKind::SecondOpinion, true));
    assert_eq!(draft.patient_id, Some(patient.id), "its sender knows of whom it is");
    assert_eq!(kind(south.client().referrals().get(draft.id).await), Some(Kind::NotFound), "a draft is its sender's");
    act(north.client(), draft.id, V::Send, with()).await;

    let listed = south.client().referrals().list().received().send().await.unwrap().items;
    assert_eq!((listed.len(), listed[0].deidentified, listed[0].patient_id), (1, true, None));
    let read = south.client().referrals().get(draft.id).await.unwrap();
    assert_eq!(read.state, ReferralState::Received);
    let content = read.content.clone().unwrap();
    assert_eq!(content.condition.as_str(), CONDITION);
    assert!(content.patient.is_none() && content.consent_expires_at.is_none());
    let subject = content.about.unwrap();
    assert_eq!(subject.age.unwrap().as_str(), "90 or older");
    assert_eq!((subject.sex, subject.state), (Some(Sex::Female.into()), Some("OR".to_owned().into())));
    assert_eq!(subject.onset_year, Some(2024.into()));
    assert_eq!(content.attestation.unwrap().by, read.sent_by.name);
    assert!(!read.allowed.iter().any(|verb| matches!(verb, V::Waitlist | V::Schedule | V::Start)));

    act(south.client(), draft.id, V::RequestInformation, saying("Was there a fall?", None)).await;
    let unattested = try_act(north.client(), draft.id, V::ProvideInformation, saying("None.", None)).await;
    assert_eq!(told(&refused(unattested)), "/attestation required");
    act(north.client(), draft.id, V::ProvideInformation, saying(" None that is known.", Some(true))).await;
    let accepted = act(south.client(), draft.id, V::Accept, with()).await;
    assert_eq!(accepted.patient_id, None, "there is nobody to take over");
    assert_eq!(accepted.allowed, [V::Complete]);
    let scheduling = ReferralMove { appointment_at: Some(wall_clock()), ..with() };
    let scheduled = try_act(south.client(), draft.id, V::Schedule, scheduling).await;
    assert_eq!(kind(scheduled), Some(Kind::IllegalTransition));
    let reported = ReferralMove { share_id: Some(Uuid::nil().into()), ..with() };
    let reported = try_act(south.client(), draft.id, V::Complete, reported).await;
    assert_eq!(told(&refused(reported)), "/share_id not_taken, /answer required");
    let now = south.client().referrals().get(draft.id).await.unwrap();
    let closed = south.client().referrals().answer(&now, answer()).await.unwrap();
    assert_eq!((closed.state, closed.allowed.len()), (ReferralState::Completed, 0));

    let told = north.client().referrals().get(draft.id).await.unwrap().content.unwrap();
    assert_eq!(told.answer, Some(answer()));
    let notes: Vec<_> = told.notes.iter().map(|note| (note.verb, note.clinic_id, note.text.as_str())).collect();
    assert_eq!(
        notes,
        [
            (V::RequestInformation, south.id, "Was there a fall?"),
            (V::ProvideInformation, north.id, " None that is known.")
        ]
    );
    let seen = south.client().referrals().get(draft.id).await.unwrap();
    assert_eq!(seen.content.as_ref().unwrap().answer, Some(answer()));
    let (seen, moves) = (
        serde_json::to_string(&seen).unwrap(),
        serde_json::to_string(&south.client().referrals().timeline(draft.id).await.unwrap()).unwrap(),
    );
    for own in [patient.id.to_string(), "Quintero".into(), "Marisol".into(), "1931".into(), "N-48813".into()] {
        assert!(!seen.contains(&own) && !moves.contains(&own), "the other side was told {own}");
    }
    assert_eq!(kind(west.client().referrals().get(draft.id).await), Some(Kind::NotFound));

    // It is no disclosure of the patient, and the patient is told of it all the same.
    let audit = north.client().audit();
    assert!(audit.disclosures(patient.id).send().await.unwrap().items.is_empty());
    let history = audit.sharing_history(patient.id).send().await.unwrap().items;
    let told: Vec<_> = history.iter().map(|entry| entry.in_words.as_str()).collect();
    assert!(told.iter().any(|told| told.ends_with("without telling who you are.")), "{told:?}");
    let read = audit.events().action("referral.read").send().await.unwrap().items;
    assert!(!read.is_empty() && read.iter().all(|event| event.patient_id.is_none()), "each reading is recorded");
}

#[tokio::test]
async fn an_opinion_leads_to_a_referral_which_takes_consent_like_any_other() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let new = NewReferral { patient_id: Some(patient.id), ..opinion(&south) };
    let asked = north.client().referrals().create(&new).await.unwrap();
    let (to_south, another) = (RecipientChoice::clinic(south.id), north.patient().await);
    let referring = |of: PatientId, from: ReferralId| NewReferral {
        from_opinion: Some(from),
        ..NewReferral::of_patient(of, to_south.clone(), "Neck pain", "As was suggested")
    };
    let create = async |new: &NewReferral| north.client().referrals().create(new).await;
    assert_eq!(
        told(&refused(create(&referring(patient.id, asked.id)).await)),
        "/from_opinion unknown_opinion",
        "unanswered"
    );
    act(north.client(), asked.id, ReferralVerb::Send, with()).await;
    act(south.client(), asked.id, ReferralVerb::Accept, with()).await;
    act(south.client(), asked.id, ReferralVerb::Complete, ReferralMove { answer: Some(answer()), ..with() }).await;

    for (of, from) in [(another.id, asked.id), (patient.id, Uuid::nil().into())] {
        assert_eq!(told(&refused(create(&referring(of, from)).await)), "/from_opinion unknown_opinion");
    }
    let theirs =
        NewReferral { recipient: RecipientChoice::clinic(north.id), ..referring(south.patient().await.id, asked.id) };
    let theirs = south.client().referrals().create(&theirs).await;
    assert_eq!(told(&refused(theirs)), "/from_opinion unknown_opinion", "who answered it was not given it");
    let draft = create(&referring(patient.id, asked.id)).await.unwrap();
    assert_eq!(draft.from_opinion, Some(asked.id));
    let unasked = north.client().referrals().act(&draft, ReferralVerb::Send, &with()).await;
    assert_eq!(kind(unasked), Some(Kind::ConsentMissing));
    let mut consent = asking_for(to_south.clone());
    consent.categories.push(Category::Referral);
    north.consented(&patient, &consent).await;
    act(north.client(), draft.id, ReferralVerb::Send, with()).await;
    let read = south.client().referrals().get(draft.id).await.unwrap();
    assert_eq!((read.from_opinion, read.deidentified), (None, false), "its recipient is not told");
    assert!(read.content.unwrap().patient.is_some());
}

#[tokio::test]
async fn each_kind_of_identifier_refuses_it_where_it_stands_and_is_not_repeated() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = somebody(&north, "José Luis", "Núñez", 1958).await;
    let before = north.client().referrals().list().send().await.unwrap().items.len();
    for (code, identifier) in [
        ("name", "Delbert Halvorsen"),
        ("name", "jose luis nunez"),
        ("name", "N\u{200b}úñe\u{301}z"),
        ("geography", "4127 Larkspur Lane"),
        ("date", "03/14/2026"),
        ("date", "０３/１４/２０２６"),
        ("date", "93-year-old"),
        ("phone", "503\n555-0177"),
        ("phone", "+1 503.555.0142"),
        ("fax", "fax 541-555-0150"),
        ("email", "dana@mail.example.org"),
        ("email", "marisol.q@patients.example.org"),
        ("ssn", "123-45-6789"),
        ("medical_record_number", "MRN 55012"),
        ("medical_record_number", "n48813"),
        ("health_plan_number", "1EG4-TE5-MK73"),
        ("account_number", "account 4410229188"),
        ("license_number", "NPI 1234567893"),
        ("vehicle", "1HGCM82633A004352"),
        ("device", "serial SN-4471992"),
        ("url", "https://clinic.example.org/p/8841"),
        ("ip_address", "2001:db8::8a2e:370:7334"),
        ("biometric", "fingerprint"),
        ("photograph", "IMG_20931.jpg"),
        ("other_identifier", "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18"),
    ] {
        // What stands before it counts characters that take one, two and four bytes.
        let lead = "né 😀 ";
        let text = format!("{lead}{identifier} and pain 4/10");
        let new = NewReferral { patient_id: Some(patient.id), question: Some(text.clone().into()), ..opinion(&south) };
        let error = north.client().referrals().create(&new).await.err().unwrap();
        let problem = error.problem().unwrap();
        let [found] = &problem.errors[..] else { panic!("{identifier}: {:?}", problem.errors) };
        assert_eq!((found.pointer.as_str(), found.code.as_str()), ("/question", code), "{identifier}");
        let span = found.span.unwrap();
        let marked: String = text.chars().skip(span.start).take(span.end - span.start).collect();
        assert!(identifier.ends_with(&marked) && !marked.is_empty(), "{identifier}: {marked}");
        let answer = format!("{problem:?} {error:?} {error}");
        assert!(!answer.contains(&marked), "{answer}");
    }
    // In every field, all of them at once.
    let new = NewReferral {
        condition: "Seen by Dr. Halvorsen".into(),
        reason: "MRN 55012".into(),
        question: Some("call 503-555-0177".into()),
        requested_services: vec!["Evaluation".into(), "Write to dana@mail.example.org".into()],
        ..opinion(&south)
    };
    let errors = refused(north.client().referrals().create(&new).await);
    let expected = "/condition name, /reason medical_record_number, /question phone, /requested_services/1 email";
    assert_eq!(told(&errors), expected);
    let after = north.client().referrals().list().send().await.unwrap().items.len();
    assert_eq!(after, before, "what was refused is nowhere");
}

#[tokio::test]
async fn what_either_side_says_later_is_looked_through_as_well() {
    use ReferralVerb as V;
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = somebody(&north, "Marisol", "Quintero", 1958).await;
    let new = NewReferral { patient_id: Some(patient.id), ..opinion(&south) };
    let id = north.client().referrals().create(&new).await.unwrap().id;
    let sent = try_act(north.client(), id, V::Send, saying("This is about Marisol.", Some(true))).await;
    assert_eq!(told(&refused(sent)), "/note name");
    act(north.client(), id, V::Send, with()).await;
    let asked = try_act(south.client(), id, V::RequestInformation, saying("Call me at 503-555-0177", None)).await;
    assert_eq!(told(&refused(asked)), "/note phone");
    act(south.client(), id, V::RequestInformation, saying("Since when?", None)).await;
    let told_when = try_act(north.client(), id, V::ProvideInformation, saying("Since 3/14/2025", Some(true))).await;
    assert_eq!(told(&refused(told_when)), "/note date");
    act(north.client(), id, V::ProvideInformation, saying("Since 2025", Some(true))).await;
    let declined = ReferralMove { patient_id: Some(south.patient().await.id), ..with() };
    assert_eq!(told(&refused(try_act(south.client(), id, V::Accept, declined).await)), "/patient_id not_taken");
    act(south.client(), id, V::Accept, with()).await;
    let named = OpinionAnswer {
        assessment: "I think that I know her: Marisol Kertesz.".into(),
        suggestions: vec!["Stretch".into(), "Ask Dr. Halvorsen".into()],
        red_flags: vec!["See www.flags.example.org".into()],
    };
    let answered = try_act(south.client(), id, V::Complete, ReferralMove { answer: Some(named), ..with() }).await;
    assert_eq!(
        told(&refused(answered)),
        "/answer/assessment name, /answer/suggestions/1 name, /answer/red_flags/0 url"
    );
    let long = OpinionAnswer { suggestions: vec![" ".into(); 21], assessment: String::new().into(), ..answer() };
    let answered = try_act(south.client(), id, V::Complete, ReferralMove { answer: Some(long), ..with() }).await;
    assert_eq!(kind(answered), Some(Kind::Validation));
    let content = south.client().referrals().get(id).await.unwrap().content.unwrap();
    assert_eq!(content.notes.len(), 2, "what was refused was not said");
}

#[tokio::test]
async fn an_opinion_that_names_its_patient_passes_the_gate_like_a_referral() {
    use ReferralVerb as V;
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let new = NewReferral {
        patient_id: Some(patient.id),
        deidentified: Some(false),
        attestation: None,
        condition: "Casey fell on 03/14/2026".into(),
        ..opinion(&south)
    };
    let without = NewReferral { patient_id: None, ..new.clone() };
    assert_eq!(told(&refused(north.client().referrals().create(&without).await)), "/patient_id required");
    let attested = NewReferral { attestation: Some(true), ..new.clone() };
    assert_eq!(told(&refused(north.client().referrals().create(&attested).await)), "/attestation not_taken");
    let theirs = NewReferral { patient_id: Some(south.patient().await.id), ..new.clone() };
    assert_eq!(kind(north.client().referrals().create(&theirs).await), Some(Kind::NotFound));
    let draft = north.client().referrals().create(&new).await.unwrap();
    assert!(!draft.deidentified);
    let unasked = north.client().referrals().act(&draft, V::Send, &with()).await;
    assert_eq!(kind(unasked), Some(Kind::ConsentMissing));
    let mut consent = asking_for(RecipientChoice::clinic(south.id));
    consent.categories.push(Category::Referral);
    let consent = north.consented(&patient, &consent).await;
    act(north.client(), draft.id, V::Send, with()).await;
    let read = south.client().referrals().get(draft.id).await.unwrap();
    let content = read.content.unwrap();
    assert_eq!(content.patient.unwrap().family_name, patient.family_name);
    assert_eq!(content.condition.as_str(), "Casey fell on 03/14/2026");
    let accepted = act(south.client(), draft.id, V::Accept, with()).await;
    assert!(accepted.patient_id.is_some());
    let given = ReferralMove { answer: Some(answer()), note: Some("Casey may call.".into()), ..with() };
    north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
    let late = south.client().referrals().act(&accepted, V::Complete, &given).await;
    assert_eq!(kind(late), Some(Kind::ConsentRevoked));
    let mut again = asking_for(RecipientChoice::clinic(south.id));
    again.categories.push(Category::Referral);
    // The link's code was sent a moment ago; this one is signed on paper.
    north.consented_on_paper(&patient, &again).await;
    act(south.client(), draft.id, V::Complete, given).await;
    let told = north.client().referrals().get(draft.id).await.unwrap().content.unwrap();
    assert_eq!(told.answer, Some(answer()));
    assert_eq!(told.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["Casey may call."]);
}

/// How much of a table a member finds beneath the service.
async fn beneath(world: &World, (clinic, member): (ClinicId, MemberId), table: &str) -> usize {
    world.beneath(clinic, member, &format!("select from {table}")).await.unwrap()
}

#[tokio::test]
async fn beneath_the_service_an_opinion_that_names_nobody_opens_its_words_and_nothing_else() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let patient = north.patient().await;
    let new = NewReferral { patient_id: Some(patient.id), ..opinion(&south) };
    let id = north.client().referrals().create(&new).await.unwrap().id;
    let desk = south.member(Role::Staff).await;
    let (asking, asked) = ((north.id, north.owner.id), (south.id, south.owner.id));
    assert_eq!(beneath(&world, asking, "opinion_texts").await, 1);
    assert_eq!(beneath(&world, asked, "opinion_texts").await, 0, "a draft");
    act(north.client(), id, ReferralVerb::Send, with()).await;
    assert_eq!(beneath(&world, asked, "opinion_texts").await, 1);
    assert_eq!(beneath(&world, (south.id, desk.id), "opinion_texts").await, 0, "the front desk");
    assert_eq!(beneath(&world, (west.id, west.owner.id), "opinion_texts").await, 0, "a third clinic");
    assert_eq!(beneath(&world, asking, "referral_ties").await, 1);
    let of_north = format!("where clinic_id = '{}'", north.id);
    for table in ["referral_ties", "patients", "consents", "open_referrals", "referral_texts"] {
        assert_eq!(beneath(&world, asked, &format!("{table} {of_north}")).await, 0, "{table}");
    }
    let keys = format!("data_keys {of_north} and subject_id <> clinic_id");
    assert_eq!(beneath(&world, asked, &keys).await, 0, "the keys of patients");

    let mut conn = world.database().await;
    let tie = format!("insert into referral_ties values ('{}', '{id}', '{}')", north.id, patient.id);
    let words = |clinic: ClinicId, referral: ReferralId, by: ClinicId, attested: &str| {
        format!(
            "insert into opinion_texts select gen_random_uuid(), '{clinic}', '{referral}', 9, '{by}', {attested}, '\\x00', 1"
        )
    };
    let named = {
        let new = NewReferral { deidentified: Some(false), attestation: None, ..new.clone() };
        north.client().referrals().create(&new).await.unwrap().id
    };
    let by_owner = format!("'{}', 'Somebody', now()", north.owner.id);
    for (who, sql, told) in [
        (asked, tie.clone(), "row-level security"),
        (asked, words(north.id, id, north.id, &by_owner), "row-level security"),
        (asking, words(north.id, named, north.id, &by_owner), "row-level security"),
        (asking, words(north.id, id, north.id, "null, null, null"), "opinion_texts_attested"),
        (
            asked,
            format!("update referrals set recipient_patient_id = '{}' where id = '{id}'", south.patient().await.id),
            "referrals_name_nobody",
        ),
        (asked, format!("update referrals set appointment_at = now() where id = '{id}'"), "referrals_name_nobody"),
        (asked, format!("update referrals set state = 'in_care' where id = '{id}'"), "referrals_name_nobody"),
        (
            asked,
            format!(
                "update referrals set state = 'completed', version = version + 1, closed_at = now() where id = '{id}'; commit"
            ),
            "a second opinion closes with its answer",
        ),
    ] {
        conn.batch_execute(&as_member(who.0, who.1)).await.unwrap();
        let error = conn.batch_execute(&sql).await.expect_err(&sql).to_string();
        assert!(error.contains(told), "{sql}: {error}");
        conn.batch_execute("rollback").await.unwrap();
    }
    for (sql, told) in [
        (
            format!("update referrals set kind = 'referral', patient_id = '{}' where id = '{id}'", patient.id),
            "the terms of a referral never change",
        ),
        (
            format!("update referrals set kind = 'referral' where id = '{named}'"),
            "the terms of a referral never change",
        ),
        ("update opinion_texts set body = '\\x00'".to_owned(), "opinion_texts is append-only"),
        ("update opinion_texts set attested_name = 'other'".to_owned(), "opinion_texts is append-only"),
        ("delete from opinion_texts".to_owned(), "opinion_texts is append-only"),
        ("delete from referral_ties".to_owned(), "referral_ties is append-only"),
        ("update referral_ties set patient_id = null".to_owned(), "referral_ties is append-only"),
    ] {
        assert_eq!(conn.batch_execute(&sql).await.unwrap_err().to_string(), told, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_is_read_word_for_word_after_every_key_was_replaced() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let id = north.client().referrals().create(&opinion(&south)).await.unwrap().id;
    act(north.client(), id, ReferralVerb::Send, with()).await;
    act(south.client(), id, ReferralVerb::Accept, with()).await;
    act(south.client(), id, ReferralVerb::Complete, ReferralMove { answer: Some(answer()), ..with() }).await;
    let before = south.client().referrals().get(id).await.unwrap();
    assert_eq!(before.content.as_ref().unwrap().answer, Some(answer()));
    rapport_api::keys::rotate_data(world.database_url(), &world.vault()).await.unwrap();
    assert_eq!(south.client().referrals().get(id).await.unwrap(), before);
    assert_eq!(north.client().referrals().get(id).await.unwrap().content.unwrap().answer, Some(answer()));
}
