//! Case C: a referral from a physician to a massage therapist, from the question to the report that closes the loop.

use super::{Party, Teller, cases, mailbox::Mailbox, open_link, question, shares_state, tell_reading, word};
use anyhow::Context;
use chrono::{TimeDelta, Utc};
use rapport_contract::{
    Sensitive,
    consents::{Category, NewConsent, RecipientChoice},
    referrals::{NewReferral, Referral, ReferralKind, ReferralMove, ReferralState, ReferralVerb, Urgency},
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
            kind: ReferralKind::Referral,
            patient_id: patient.id,
            recipient: RecipientChoice::clinic(therapist.id),
            urgency: Urgency::Routine,
            condition: "Neck pain for more than five years, limited range of motion, stiffness; sleeps badly".into(),
            reason: "Massage therapy for chronic cervical pain".into(),
            question: Some("Do pain and range of motion improve within eight treatments?".into()),
            requested_services: vec!["Evaluation".into(), "Massage therapy".into()],
            share_ids: Vec::new(),
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
    teller.refused(&therapist.name, therapist.client.reports().sign(&draft).await, "validation")?;
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
    teller.saw(&therapist.name, format!("the share is {}", word(&shares_state(therapist, report.id).await?)));

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
