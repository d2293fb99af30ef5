//! Refers a patient to another clinic and closes the loop with the report that comes back, while the sender follows what happens.
//! Everybody in it is made up. It takes the same arguments as `share_a_progress_report`.
#![expect(clippy::disallowed_methods, reason = "a program of its own: its settings, clock and ids are nobody else's")]

mod support;

use anyhow::{Context, bail};
use futures_util::TryStreamExt;
use rapport_sdk::{
    Kind,
    chrono::{NaiveDate, TimeDelta, Utc},
    contract::{
        consents::{Category, NewConsent, RecipientChoice},
        events::EventObjectType,
        patients::NewPatient,
        referrals::{NewReferral, ReferralMove, ReferralVerb, Urgency},
        reports::{NewReport, ReportKind},
        shares::NewShare,
    },
};
use std::pin::pin;
use support::{Setting, progress};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let setting = Setting::new("close-a-referral")?;
    let (north, north_id) = setting.join("North Massage Therapy (example)", "Ada Example", "ada").await?;
    let (south, south_id) = setting.join("South Physiotherapy (example)", "Sam Example", "sam").await?;
    let birth_date = NaiveDate::from_ymd_opt(1961, 5, 4).context("a date")?;
    let email = setting.address("river");
    let river = NewPatient::new("River", "Sample", birth_date).email(email.as_str());
    let patient = north.patients().create(&river).await?;

    // Under a consent that goes both ways, the report may come back without another question.
    let categories = [Category::Referral, Category::ProgressReport, Category::OutcomeMeasures];
    let to_south = RecipientChoice::clinic(south_id);
    let question = NewConsent::new(to_south.clone(), categories, "treatment", setting.in_a_year()?).both_ways();
    north.consents().ask(patient.id, &question).await?;
    let referral = NewReferral::of_patient(patient.id, to_south, "Neck pain of six weeks", "Exercise therapy")
        .urgency(Urgency::Urgent)
        .question("May strengthening begin now?")
        .services(["Evaluation"]);
    let draft = north.referrals().create(&referral).await?;
    match north.referrals().act(&draft, ReferralVerb::Send, &ReferralMove::default()).await {
        Err(error) if error.kind() == Some(Kind::ConsentPending) => println!("1. Too early to send: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("a referral was sent before the patient signed"),
    }
    let at_link = setting.at_link(&email, birth_date).await?;
    at_link.sign(&at_link.get().await?, "River Sample").await?;
    let sent = north.referrals().act(&draft, ReferralVerb::Send, &ReferralMove::default()).await?;
    println!("2. North sent it: it is {:?}, and may be {:?} now.", sent.state, sent.allowed);

    // What South does. The first reading is the receipt; `allowed` tells what comes next.
    let received = south.referrals().get(sent.id).await?;
    let accepted = south.referrals().act(&received, ReferralVerb::Accept, &ReferralMove::default()).await?;
    let own_record = accepted.patient_id.context("whoever accepts has a record of the patient")?;
    let at = Utc::now() + TimeDelta::days(3);
    let appointment = ReferralMove { appointment_at: Some(at), ..ReferralMove::default() };
    let scheduled = south.referrals().act(&accepted, ReferralVerb::Schedule, &appointment).await?;
    let in_care = south.referrals().act(&scheduled, ReferralVerb::Start, &ReferralMove::default()).await?;
    println!("3. South accepted, made an appointment and began: it is {:?}.", in_care.state);

    let report = NewReport::new(own_record, ReportKind::ProgressReport, progress());
    let report = south.reports().sign(&south.reports().draft(&report).await?).await?;
    let back = NewShare::new(RecipientChoice::clinic(north_id), "treatment");
    let back = south.shares().create(report.id, &back).await?;
    let closing = ReferralMove { share_id: Some(back.id), ..ReferralMove::default() };
    let closed = south.referrals().act(&in_care, ReferralVerb::Complete, &closing).await?;
    println!("4. South's report went back, and the loop is closed: it is {:?}.", closed.state);
    let read = north.shares().get(back.id).await?;
    println!("5. North reads what became of it: {}", read.content.is_some());

    // What a program that follows would have heard, from the beginning on: ids, and never what it is about.
    let mut events = pin!(north.events().follow().after(0).stream());
    while let Some(event) = events.try_next().await? {
        println!("   {} {}", event.sequence, event.kind.as_str());
        if event.object.kind == EventObjectType::Referral && event.kind.as_str() == "referral.completed" {
            break;
        }
    }
    println!("6. North heard that it was completed.");
    Ok(())
}
