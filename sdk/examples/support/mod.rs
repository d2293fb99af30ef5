//! What every example begins with: two clinics, their mail, a patient who signs. Everybody in it is made up.
#![allow(dead_code, reason = "each example uses its part")]

use anyhow::{Context, bail};
use rapport_sdk::{
    Client, LinkSession, SecondFactor,
    chrono::{DateTime, Days, NaiveDate, Utc},
    contract::{
        clinics::{NewClinic, NewOwner, SignUp},
        reports::{Goal, Measure, ReportBody, Schedule, Treatment},
    },
    ids::ClinicId,
    totp_code,
    uuid::Uuid,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

/// A service, the folder of its mail, and a word that is in every address of this run, so that it can be run again.
pub(crate) struct Setting {
    pub(crate) client: Client,
    pub(crate) mail: PathBuf,
    pub(crate) run: String,
}

impl Setting {
    /// From the arguments, or else `RAPPORT_URL` and `RAPPORT_MAIL_DIR`.
    pub(crate) fn new(name: &str) -> anyhow::Result<Self> {
        let mut arguments = env::args().skip(1);
        let url = arguments.next().or_else(|| env::var("RAPPORT_URL").ok());
        let url = url.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
        let mail = arguments.next().or_else(|| env::var("RAPPORT_MAIL_DIR").ok());
        let mail = mail.context("name the service's mail folder, as the second argument or in RAPPORT_MAIL_DIR")?;
        let client = Client::builder(url).user_agent(name).build()?;
        Ok(Self { client, mail: mail.into(), run: Uuid::new_v4().simple().to_string() })
    }

    /// A year from now.
    pub(crate) fn in_a_year(&self) -> anyhow::Result<DateTime<Utc>> {
        Utc::now().checked_add_days(Days::new(365)).context("a year from now")
    }

    /// An address of this run.
    pub(crate) fn address(&self, who: &str) -> String {
        format!("{who}-{}@patients.example.org", self.run)
    }

    /// The patient at the newest link that was sent to this address: asks for a code, and reads it in the mail.
    pub(crate) async fn at_link(&self, address: &str, birth_date: NaiveDate) -> anyhow::Result<LinkSession> {
        let is_link = |line: &str| line.starts_with("http") && line.contains("/consent/");
        let link = line_in_mail(&self.mail, address, is_link).await?;
        let link = self.client.consent_links().open_address(&link)?;
        link.challenge().await?;
        let is_code = |line: &str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
        let code = line_in_mail(&self.mail, address, is_code).await?;
        Ok(link.session(birth_date, code).await?)
    }

    /// Signs a clinic up and its owner in.
    pub(crate) async fn join(&self, clinic: &str, owner: &str, mailbox: &str) -> anyhow::Result<(Client, ClinicId)> {
        let email = format!("{mailbox}-{}@clinics.example.org", self.run);
        let password = Uuid::new_v4().to_string();
        let signed_up = self
            .client
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
        let SecondFactor::Enrol(enrolment) = self.client.sign_in(email, password).await? else {
            bail!("a new account has an authenticator already");
        };
        // A person would scan `otpauth_uri` with an app and type its code.
        let authenticator = enrolment.enrol().await?;
        let signed_in = enrolment.verify(totp_code(&authenticator.secret)?).await?;
        Ok((signed_in, signed_up.clinic.id))
    }
}

/// A published case in a few words.
pub(crate) fn progress() -> ReportBody {
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
