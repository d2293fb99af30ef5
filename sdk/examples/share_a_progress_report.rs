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

use anyhow::{Context, bail};
use futures_util::TryStreamExt;
use rapport_sdk::{
    Client, Kind, SecondFactor, Sensitive,
    chrono::{Days, NaiveDate, Utc},
    contract::{
        clinics::{NewClinic, NewOwner, SignUp},
        consents::{Category, NewConsent, RecipientChoice},
        patients::NewPatient,
        reports::{Goal, Measure, NewReport, ReportBody, ReportKind, Schedule, Treatment},
        shares::NewShare,
    },
    totp_code,
    uuid::Uuid,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let url =
        arguments.next().or_else(|| env::var("RAPPORT_URL").ok()).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let mail: PathBuf = arguments
        .next()
        .or_else(|| env::var("RAPPORT_MAIL_DIR").ok())
        .context("name the service's mail folder, as the second argument or in RAPPORT_MAIL_DIR")?
        .into();
    let client = Client::builder(url).user_agent("share-a-progress-report").build()?;
    // Addresses of this run alone, so that it can be run again.
    let run = Uuid::new_v4().simple().to_string();

    let (north, _) = join(&client, "North Massage Therapy (example)", "Ada Example", &format!("ada-{run}")).await?;
    let (south, south_id) =
        join(&client, "South Family Practice (example)", "Sam Example", &format!("sam-{run}")).await?;
    println!("1. Two clinics signed up, and their owners signed in with a second factor.");

    let birth_date = NaiveDate::from_ymd_opt(1953, 4, 17).context("a date")?;
    let patient_email = format!("casey-{run}@patients.example.org");
    let patient = north
        .patients()
        .create(&NewPatient {
            given_name: "Casey".into(),
            family_name: "Sample".into(),
            birth_date: birth_date.into(),
            mrn: None,
            email: Some(patient_email.clone().into()),
            phone: Some("555-0111".into()),
        })
        .await?;
    let expires_at = Utc::now().checked_add_days(Days::new(365)).context("a year from now")?;
    let consent = north
        .consents()
        .ask(
            patient.id,
            &NewConsent {
                recipients: vec![RecipientChoice::clinic(south_id)],
                categories: vec![Category::TreatmentPlan, Category::ProgressReport, Category::OutcomeMeasures],
                purpose: "treatment".to_owned(),
                starts_at: None,
                expires_at,
                two_way: true,
            },
        )
        .await?;
    println!("2. North asked its patient: the consent is {:?}.", consent.state);

    let kind = ReportKind::ProgressReport;
    let draft = NewReport { patient_id: patient.id, kind, body: progress(), sensitive_categories: vec![] };
    let draft = north.reports().draft(&draft).await?;
    let report = north.reports().sign(&draft).await?;
    println!("3. North wrote and signed a progress report; its hash is {}.", report.content_hash.unwrap_or_default());

    let new_share = NewShare {
        recipient: RecipientChoice::clinic(south_id),
        sections: None,
        purpose: "treatment".to_owned(),
        cover_letter: Some("Thank you for looking at how our shared patient is doing.".into()),
    };
    match north.shares().create(report.id, &new_share).await {
        Err(error) if error.kind() == Some(Kind::ConsentPending) => println!("4. Too early to share: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("a report was shared before the patient signed"),
    }

    let address =
        line_in_mail(&mail, &patient_email, |line| line.starts_with("http") && line.contains("/consent/")).await?;
    let link = client.consent_links().open_address(&address)?;
    link.challenge().await?;
    let is_code = |line: &str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
    let code = line_in_mail(&mail, &patient_email, is_code).await?;
    let at_link = link.session(birth_date, code).await?;
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

/// Signs a clinic up and its owner in.
async fn join(client: &Client, clinic: &str, owner: &str, mailbox: &str) -> anyhow::Result<(Client, Uuid)> {
    let email = format!("{mailbox}@clinics.example.org");
    let password = Uuid::new_v4().to_string();
    let signed_up = client
        .sign_up(&SignUp {
            clinic: NewClinic {
                name: clinic.to_owned(),
                phone: Some("555-0100".to_owned()),
                address: Some("1 Example Street, Springfield".to_owned()),
                npi: None,
            },
            owner: NewOwner {
                name: owner.into(),
                email: email.as_str().into(),
                password: password.as_str().into(),
                profession: "massage_therapist".to_owned(),
                npi: None,
            },
        })
        .await?;
    let SecondFactor::Enrol(enrolment) = client.sign_in(email, password).await? else {
        bail!("a new account has an authenticator already");
    };
    // A person would scan `otpauth_uri` with an app and type its code.
    let authenticator = enrolment.enrol().await?;
    let signed_in = enrolment.verify(totp_code(&authenticator.secret)?).await?;
    Ok((signed_in, signed_up.clinic.id.into()))
}

fn progress() -> ReportBody {
    ReportBody {
        treatment: Some(Treatment {
            what: "Swedish strokes and myofascial release to the lumbar region".into(),
            why: "Stiffness that eases with warmth and movement".into(),
        }),
        schedule: Some(Schedule {
            frequency: "Once a week".into(),
            duration: "6 weeks".into(),
            visits_planned: Some(6),
            visits_attended: Some(4),
            reexamination_after_visits: Some(6),
            ends_on: None,
        }),
        goals: vec![Goal {
            goal: "Get up with less stiffness".into(),
            anticipated_outcome: Some("Gardens for an hour without a break".into()),
            measure: Some("Stiffness on waking".into()),
            target: Some(2.0.into()),
            target_date: None,
        }],
        measures: vec![Measure {
            name: "Stiffness on waking".into(),
            unit: Some("0-10".to_owned()),
            baseline: Some(6.0.into()),
            current: Some(3.0.into()),
            baseline_on: None,
            current_on: None,
            higher_is_better: Some(false),
            note: None,
        }],
        summary: Some("Stiffness on waking fell from 6 to 3 in four visits; two are left.".into()),
        ..ReportBody::default()
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("   | {line}\n")).collect()
}

/// The first line of this kind in the newest mail to this address that has one. Mail takes a moment to be written.
async fn line_in_mail(folder: &Path, to: &str, is_it: impl Fn(&str) -> bool) -> anyhow::Result<String> {
    let waited_since = Instant::now();
    loop {
        let mut mails: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in fs::read_dir(folder).with_context(|| format!("the mail folder {}", folder.display()))? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|extension| extension == "eml") {
                mails.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        mails.sort_unstable_by(|a, b| b.cmp(a));
        for (_, path) in mails {
            let mail = unfolded(&fs::read_to_string(path)?);
            if mail.contains(to)
                && let Some(line) = mail.lines().map(str::trim).find(|line| is_it(line))
            {
                return Ok(line.to_owned());
            }
        }
        if waited_since.elapsed() > Duration::from_secs(30) {
            bail!("no such mail came to {to} within 30 seconds");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A mail with its quoted-printable lines (RFC 2045, 6.7) put together again, as far as a link or a code needs it.
fn unfolded(mail: &str) -> String {
    let mail = mail.replace("\r\n", "\n");
    if !mail.contains("quoted-printable") {
        return mail;
    }
    mail.replace("=\n", "").replace("=3D", "=").replace("=23", "#")
}
