//! Case C: a referral from a physician to a massage therapist, from the question to the report that closes the loop. Case D: a
//! second opinion, asked with nobody named.

use super::{Party, Teller, cases, mailbox::Mailbox, open_link, question, shares_state, tell_reading, word};
use anyhow::Context;
use chrono::{TimeDelta, Utc};
use rapport_contract::{
    Sensitive,
    consents::{Category, NewConsent, RecipientChoice},
    opinions::{NewOpinionSubject, OpinionAnswer, Sex},
    referrals::{NewReferral, Referral, ReferralMove, ReferralState, ReferralVerb},
    reports::{NewReport, ReportBody, ReportKind, ReportPatch},
    shares::NewShare,
};

/// One of the two moves it, as it stands now.
async fn act(
    teller: &mut Teller<'_>,
    party: &Party,
    referral: &Referral,
    verb: ReferralVerb,
    with: ReferralMove,
) -> anyhow::Result<Referral> {
    let now = party.client.referrals().get(referral.id).await?;
    let moved = party.client.referrals().act(&now, verb, &with).await?;
    let open: Vec<String> = moved.allowed.iter().map(word).collect();
    let open = if open.is_empty() { "nothing".to_owned() } else { open.join(", ") };
    teller
        .saw(&party.name, format!("{}: it is {}; open to {} now: {open}", word(&verb), word(&moved.state), party.name));
    Ok(moved)
}

fn saying(words: &str) -> ReferralMove {
    ReferralMove { note: Some(words.into()), ..ReferralMove::default() }
}

/// Walks from the question to the report.
#[expect(clippy::disallowed_methods, reason = "an appointment is in the time of the people")]
pub(super) async fn case_c(
    mailbox: &Mailbox,
    teller: &mut Teller<'_>,
    physician: &Party,
    therapist: &Party,
    tag: &str,
) -> anyhow::Result<()> {
    let patient = physician.client.patients().create(&cases::patient_c(tag)).await?;
    let none = ReferralMove::default;

    teller.step("Sam, a physician, writes a referral to North. Without the patient's consent it does not leave.");
    let draft = physician
        .client
        .referrals()
        .create(&NewReferral {
            question: Some("Do pain and range of motion improve within eight treatments?".into()),
            requested_services: vec!["Evaluation".into(), "Massage therapy".into()],
            ..NewReferral::of_patient(
                patient.id,
                RecipientChoice::clinic(therapist.id),
                "Neck pain for more than five years, limited range of motion, stiffness; sleeps badly",
                "Massage therapy for chronic cervical pain",
            )
        })
        .await?;
    let send = physician.client.referrals().act(&draft, ReferralVerb::Send, &none()).await;
    teller.refused(&physician.name, send, "consent-missing")?;

    teller.step("The patient agrees: to the referral, and that North may report back. One consent, both ways.");
    let asked = NewConsent {
        categories: vec![Category::Referral, Category::ProgressReport, Category::OutcomeMeasures],
        two_way: true,
        ..question(RecipientChoice::clinic(therapist.id), &draft.created_at)
    };
    physician.client.consents().ask(patient.id, &asked).await?;
    let session = open_link(mailbox, &physician.client, &patient).await?;
    let asked = session.get().await?;
    session.sign(&asked, "Lou Sample").await?;
    let sent = act(teller, physician, &draft, ReferralVerb::Send, none()).await?;
    let due = sent.due_at.context("what was sent is due")?;
    teller.saw(&physician.name, format!("an answer is due by {}", due.format("%B %-d, %H:%M")));

    teller.step(
        "North finds it in its list, which names no patient, and reads it through the gate: that is the receipt.",
    );
    let listed = therapist.client.referrals().list().received().state(ReferralState::Sent).send().await?;
    for item in &listed.items {
        teller.saw(&therapist.name, format!("a {} referral from {}", word(&item.urgency), item.sender_clinic.name));
    }
    let read = therapist.client.referrals().get(sent.id).await?;
    if let Some(content) = &read.content {
        let question = content.question.as_ref().map_or("", Sensitive::as_str);
        teller.saw(&therapist.name, format!("{}\n{question}", content.condition.as_str()));
    }
    teller.saw(&physician.name, format!("it is {}", word(&read.state)));

    teller.step("North asks back, Sam answers, North takes the patient: now it has a record of its own.");
    act(teller, therapist, &read, ReferralVerb::RequestInformation, saying("Has imaging been done?")).await?;
    act(teller, physician, &read, ReferralVerb::ProvideInformation, saying("None so far.")).await?;
    let accepted = act(teller, therapist, &read, ReferralVerb::Accept, none()).await?;
    let record = accepted.patient_id.context("whoever accepts has a record")?;

    teller.step("An appointment, which the patient misses; another one, and the treatment begins.");
    let at = |days| ReferralMove { appointment_at: Some(Utc::now() + TimeDelta::days(days)), ..none() };
    act(teller, therapist, &read, ReferralVerb::Schedule, at(3)).await?;
    act(teller, therapist, &read, ReferralVerb::NoShow, none()).await?;
    act(teller, therapist, &read, ReferralVerb::Schedule, at(7)).await?;
    let treated = act(teller, therapist, &read, ReferralVerb::Start, none()).await?;

    teller.step("It can't be closed without a report, and a report can't be signed without a figure.");
    let empty = therapist.client.referrals().act(&treated, ReferralVerb::Complete, &none()).await;
    teller.refused(&therapist.name, empty, "validation")?;
    let complete = cases::report_c();
    let few = ReportBody { measures: Vec::new(), ..complete.clone() };
    let draft =
        NewReport { patient_id: record, kind: ReportKind::ProgressReport, body: few, sensitive_categories: Vec::new() };
    let draft = therapist.client.reports().draft(&draft).await?;
    teller.refused(&therapist.name, therapist.client.reports().sign(&draft).await, "report-incomplete")?;
    let patch = ReportPatch { body: Some(complete), ..ReportPatch::default() };
    let draft = therapist.client.reports().update(&draft, &patch).await?;
    let report = therapist.client.reports().sign(&draft).await?;

    teller.step("The signed report goes back under the consent that the patient gave to Sam, and closes the loop.");
    let back = NewShare {
        recipient: RecipientChoice::clinic(physician.id),
        sections: None,
        purpose: "treatment".to_owned(),
        cover_letter: None,
    };
    let share = therapist.client.shares().create(report.id, &back).await?;
    let closing = ReferralMove { share_id: Some(share.id), ..none() };
    act(teller, therapist, &read, ReferralVerb::Complete, closing).await?;
    tell_reading(teller, &physician.name, &physician.client.shares().get(share.id).await?);
    teller.saw(&therapist.name, format!("the share is {}", word(&shares_state(therapist, report.id.into()).await?)));

    teller.step("What Sam sees of it, from the first to the last:");
    for step in physician.client.referrals().timeline(sent.id).await?.items {
        let by = step.by.map_or_else(|| "the clock".to_owned(), |by| by.name);
        teller.saw("", format!("{}  {:<22} {by}", step.at.format("%H:%M:%S"), word(&step.to)));
    }
    let summary = physician.client.referrals().summary(30).await?.sent;
    teller.saw(
        &physician.name,
        format!(
            "in 30 days: {} sent, {} read, {} answered, {} closed with a report",
            summary.sent, summary.received, summary.answered, summary.reported
        ),
    );
    Ok(())
}

/// Walks from a question that says too much to its answer.
pub(super) async fn case_d(
    teller: &mut Teller<'_>,
    therapist: &Party,
    neurologist: &Party,
    tag: &str,
) -> anyhow::Result<()> {
    let patient = therapist.client.patients().create(&cases::patient_d(tag)).await?;
    let referrals = therapist.client.referrals();
    let about = NewOpinionSubject { sex: Some(Sex::Female.into()), ..NewOpinionSubject::default() };
    let asking = |condition: &str, attestation| NewReferral {
        patient_id: Some(patient.id),
        about: Some(about.clone()),
        attestation,
        ..NewReferral::second_opinion(
            RecipientChoice::clinic(neurologist.id),
            condition,
            "Five treatments: Swedish massage, trigger-point release, PNF stretching to back, neck, head and face",
            "All ranges of motion improved, the Headache Disability Index fell, but not significantly. What would you add?",
        )
    };

    teller.step(
        "Ada asks a neurologist what she thinks. An opinion names nobody and takes no consent; so what names somebody \
         does not leave.",
    );
    let named = "Ms. Specimen has migraine with cervical spondylosis; first seen on 03/14/2026";
    teller.refused(&therapist.name, referrals.create(&asking(named, Some(true))).await, "validation")?;

    teller.step("Without it the question goes, once Ada attests that nothing else identifies the patient.");
    let unnamed =
        "Migraine with cervical spondylosis. Reflexes, myotomes, dermatomes and sensation examined at the first visit";
    teller.refused(&therapist.name, referrals.create(&asking(unnamed, None)).await, "validation")?;
    let draft = referrals.create(&asking(unnamed, Some(true))).await?;
    act(teller, therapist, &draft, ReferralVerb::Send, ReferralMove::default()).await?;

    teller.step("The neurologist reads of nobody in particular, and answers.");
    let read = neurologist.client.referrals().get(draft.id).await?;
    if let Some(content) = &read.content {
        let subject = content.about.as_ref();
        let age = subject.and_then(|about| about.age.as_ref()).map_or("", Sensitive::as_str);
        let patient = if content.patient.is_some() { "named" } else { "not named" };
        let words = format!("the patient is {patient}, of {age} years\n{}", content.condition.as_str());
        teller.saw(&neurologist.name, words);
    }
    act(teller, neurologist, &read, ReferralVerb::Accept, ReferralMove::default()).await?;
    let now = neurologist.client.referrals().get(draft.id).await?;
    let answer = OpinionAnswer {
        assessment: "The ranges improved; of the index that can't be said. Both may go on side by side.".into(),
        suggestions: vec!["Measure the index again later".into(), "A headache diary".into()],
        red_flags: vec!["Any new neurological sign: refer the same day".into()],
    };
    neurologist.client.referrals().answer(&now, answer).await?;
    let told = referrals.get(draft.id).await?;
    let answer = told.content.and_then(|content| content.answer).context("an opinion closes with its answer")?;
    teller.saw(&therapist.name, format!("it is {}\n{}", word(&told.state), answer.assessment.as_str()));
    for flag in &answer.red_flags {
        teller.saw("", format!("red flag: {}", flag.as_str()));
    }
    Ok(())
}
