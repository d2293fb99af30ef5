//! Shares a progress report between two clinics, from their sign-up to the patient's revocation, and prints what each
//! party sees. Everybody in it is made up.
//!
//! It needs a running service that writes its mail into a folder, because the patient's link comes by mail:
//!
//! ```text
//! cargo run -- serve
//! cargo run -p rapport-sdk --example share_a_progress_report -- http://127.0.0.1:8080 .rapport/mail
//! ```
//!
//! (As root the folder is `/var/lib/rapport/mail`.) `RAPPORT_URL` and `RAPPORT_MAIL_DIR` do in place of the arguments.
#![expect(clippy::disallowed_methods, reason = "a program of its own: its settings, clock and ids are nobody else's")]

mod support;

use anyhow::{Context, bail};
use futures_util::TryStreamExt;
use rapport_sdk::{
    Kind, Sensitive,
    chrono::NaiveDate,
    contract::{
        consents::{Category, NewConsent, RecipientChoice},
        patients::NewPatient,
        reports::{NewReport, ReportKind},
        shares::NewShare,
    },
};
use support::{Setting, progress};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let setting = Setting::new("share-a-progress-report")?;
    let (north, _) = setting.join("North Massage Therapy (example)", "Ada Example", "ada").await?;
    let (south, south_id) = setting.join("South Family Practice (example)", "Sam Example", "sam").await?;
    println!("1. Two clinics signed up, and their owners signed in with a second factor.");

    let birth_date = NaiveDate::from_ymd_opt(1953, 4, 17).context("a date")?;
    let email = setting.address("casey");
    let casey = NewPatient::new("Casey", "Sample", birth_date).email(email.as_str()).phone("555-0111");
    let patient = north.patients().create(&casey).await?;
    let to_south = RecipientChoice::clinic(south_id);
    let categories = [Category::TreatmentPlan, Category::ProgressReport, Category::OutcomeMeasures];
    let question = NewConsent::new(to_south.clone(), categories, "treatment", setting.in_a_year()?);
    let consent = north.consents().ask(patient.id, &question).await?;
    println!("2. North asked its patient: the consent is {:?}.", consent.state);

    let draft = NewReport::new(patient.id, ReportKind::ProgressReport, progress());
    let draft = north.reports().draft(&draft).await?;
    let report = north.reports().sign(&draft).await?;
    println!("3. North wrote and signed a progress report; its hash is {}.", report.content_hash.unwrap_or_default());

    let new_share =
        NewShare::new(to_south, "treatment").cover_letter("Thank you for looking at how our shared patient is doing.");
    match north.shares().create(report.id, &new_share).await {
        Err(error) if error.kind() == Some(Kind::ConsentPending) => println!("4. Too early to share: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("a report was shared before the patient signed"),
    }

    let at_link = setting.at_link(&email, birth_date).await?;
    let asked = at_link.get().await?;
    println!("5. The patient opened the link and read:\n{}", indented(asked.statement.as_str()));
    let signed = at_link.sign(&asked, "Casey Sample").await?;
    println!("6. The patient signed: the consent is {:?}.", signed.state);

    let share = north.shares().create(report.id, &new_share).await?;
    println!("7. North shared the report: the share is {:?}.", share.state);

    let inbox: Vec<_> = south.shares().inbox().stream().try_collect().await?;
    let received = inbox.first().context("South's inbox is empty")?;
    let read = south.shares().get(received.id).await?;
    let content = read.content.context("a recipient reads the content")?;
    println!(
        "8. South read about {} {}: {}",
        content.patient.given_name.as_str(),
        content.patient.family_name.as_str(),
        content.body.summary.as_ref().map_or("", Sensitive::as_str),
    );
    let acknowledged = south.shares().acknowledge(received.id).await?;
    println!("9. South acknowledged: the share is {:?}.", acknowledged.state);

    let revoked = at_link.revoke().await?;
    println!("10. The patient took the consent back: it is {:?}.", revoked.state);
    match south.shares().get(received.id).await {
        Err(error) if error.kind() == Some(Kind::ConsentRevoked) => println!("11. South is refused: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("a report was read after the patient revoked"),
    }

    println!("12. What North can tell the patient about all this, newest first:");
    let history: Vec<_> = north.audit().sharing_history(patient.id).stream().try_collect().await?;
    for entry in history {
        println!("    {}  {}", entry.occurred_at.format("%Y-%m-%d %H:%M:%S"), entry.in_words.as_str());
    }
    Ok(())
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("   | {line}\n")).collect()
}
