//! The walk of `rapport demo`: the main job through the SDK over HTTP, told as each party saw it, the refusals too.

mod cases;
mod mailbox;
mod referral;

use crate::{database::ids::new_id, identity::secrets, server::Running};
use anyhow::{Context, bail};
use chrono::TimeDelta;
use mailbox::Mailbox;
use rapport_contract::{
    Sensitive,
    clinics::{NewClinic, NewOwner, SignUp},
    consents::{Category, NewConsent, RecipientChoice},
    patients::Patient,
    reports::{Measure, NewReport, ReportBody, ReportKind, ReportPatch, Section},
    shares::{NewShare, Share},
};
use rapport_sdk::{Client, Error, LinkSession, SecondFactor, totp_code};
use secrecy::ExposeSecret;
use uuid::Uuid;

/// What a walk leaves behind for whoever wants to go on by hand.
pub struct Told {
    password: String,
    logins: Vec<Login>,
    consent_link: String,
}

struct Login {
    who: String,
    email: String,
    totp: Sensitive<String>,
}

impl Told {
    /// Where to go from here.
    pub fn invitation(&self, running: &Running) -> String {
        let mut text =
            String::from("\nThe service goes on. Sign in with the password and a code of the authenticator secret:\n");
        for login in &self.logins {
            text.push_str(&format!("  {}\n    {}  secret {}\n", login.who, login.email, login.totp.as_str()));
        }
        text.push_str(&format!("  password for all of them: {}\n", self.password));
        text.push_str(&format!(
            "A patient's link, still in force; codes come as mail files:\n  {}\n",
            self.consent_link
        ));
        text.push_str(&format!("Sign in at {0}/app; the API is at {0}/docs/\nCtrl-C ends it.", running.public_url));
        text
    }
}

/// Tells in steps.
struct Teller<'t> {
    tell: &'t mut dyn FnMut(String),
    step: u32,
}

impl Teller<'_> {
    fn title(&mut self, text: &str) {
        (self.tell)(format!("\n{text}"));
    }

    fn step(&mut self, text: impl AsRef<str>) {
        self.step += 1;
        (self.tell)(format!("\n{:>2}. {}", self.step, text.as_ref()));
    }

    fn saw(&mut self, who: &str, text: impl AsRef<str>) {
        for (index, line) in text.as_ref().lines().enumerate() {
            let who = if index == 0 { who } else { "" };
            (self.tell)(format!("    {who:<8}| {line}"));
        }
    }

    /// Tells a refusal that had to come. One that did not come ends the walk: the demo would be telling a lie.
    fn refused<T>(&mut self, who: &str, outcome: Result<T, Error>, slug: &str) -> anyhow::Result<()> {
        let Err(error) = outcome else { bail!("{who} should have been refused: {slug}") };
        let kind = error.kind().map(|kind| kind.slug());
        if kind != Some(slug) {
            return Err(error).context(format!("{who} should have been refused with {slug}"));
        }
        let detail = error.problem().map(|problem| problem.detail.clone()).unwrap_or_default();
        let status = error.status().map(|status| status.to_string()).unwrap_or_default();
        self.saw(who, format!("refused: {status} {slug}\n{detail}"));
        for field in error.field_errors() {
            self.saw("", format!("  {}  {}", field.pointer, field.message));
        }
        Ok(())
    }
}

/// A clinic that has signed up, its owner signed in.
struct Party {
    id: Uuid,
    owner: Uuid,
    name: String,
    client: Client,
    login: Login,
}

/// Walks. Each line goes to `tell`.
///
/// # Errors
/// If something did not happen as the walk tells it.
pub async fn walk(running: &Running, tell: &mut dyn FnMut(String)) -> anyhow::Result<Told> {
    let folder = running.mail_dir.clone().context("the demo reads the mail that it sends: leave --smtp-url out")?;
    let mailbox = Mailbox(folder);
    let anybody = Client::builder(&running.public_url).build()?;
    // Addresses are unique, and a demo can run twice on one folder.
    let tag = new_id().simple().to_string().split_off(26);
    let password = format!("demo {}", secrets::token()?.expose_secret());
    let mut teller = Teller { tell, step: 0 };

    teller.title("The people are fictitious; the cases are published ones (Int J Ther Massage Bodywork).");
    teller.step("Three clinics sign up; their owners enrol an authenticator.");
    let north =
        sign_up(&anybody, &mut teller, ("North Massage Therapy", "Ada Example", "massage_therapist"), &tag, &password)
            .await?;
    let south =
        sign_up(&anybody, &mut teller, ("South Family Practice", "Sam Example", "physician"), &tag, &password).await?;
    let east =
        sign_up(&anybody, &mut teller, ("East Physical Therapy", "Eve Example", "physical_therapist"), &tag, &password)
            .await?;

    teller.title("A. Chronic low-back pain: a report to the family practice, and consent from the first to the last");
    case_a(&mailbox, &mut teller, [&north, &south, &east], &tag).await?;
    teller.title("B. Ankylosing spondylitis: several measures, to one named physician");
    let consent_link = case_b(&mailbox, &mut teller, &north, &south, &tag).await?;
    teller.title("C. Chronic neck pain: a referral that closes with a report");
    referral::case_c(&mailbox, &mut teller, &south, &north, &tag).await?;
    teller.title("D. Migraine with cervical spondylosis: a second opinion");
    let west = sign_up(&anybody, &mut teller, ("West Neurology", "Wes Example", "physician"), &tag, &password).await?;
    referral::case_d(&mut teller, &north, &west, &tag).await?;
    let logins = [north, south, east, west].into_iter().map(|party| party.login).collect();
    teller.title("Done: what was to be refused was refused, and everything is on the record.");
    Ok(Told { password, logins, consent_link })
}

async fn sign_up(
    anybody: &Client,
    teller: &mut Teller<'_>,
    (clinic, owner, profession): (&str, &str, &str),
    tag: &str,
    password: &str,
) -> anyhow::Result<Party> {
    let first = owner.split(' ').next().unwrap_or_default().to_lowercase();
    let email = format!("{first}.{tag}@clinics.example.org");
    let signed_up = anybody
        .sign_up(&SignUp {
            clinic: NewClinic {
                name: format!("{clinic} (demo)"),
                phone: Some("555-0100".to_owned()),
                address: Some("1 Example Street, Springfield".to_owned()),
                npi: None,
            },
            owner: NewOwner {
                name: owner.into(),
                email: email.as_str().into(),
                password: password.into(),
                profession: profession.to_owned(),
                npi: None,
            },
        })
        .await?;
    let SecondFactor::Enrol(enrolment) = anybody.sign_in(email.as_str(), password).await? else {
        bail!("a new account has no authenticator yet")
    };
    let totp = enrolment.enrol().await?.secret;
    let client = enrolment.verify(totp_code(&totp)?).await?;
    let short = clinic.split(' ').next().unwrap_or_default().to_owned();
    teller.saw(&short, format!("{} - {owner}, {}", signed_up.clinic.name, profession.replace('_', " ")));
    let login = Login { who: format!("{owner}, {}", signed_up.clinic.name), email, totp };
    Ok(Party { id: signed_up.clinic.id.into(), owner: signed_up.owner.id.into(), name: short, client, login })
}

async fn case_a(
    mailbox: &Mailbox,
    teller: &mut Teller<'_>,
    [north, south, east]: [&Party; 3],
    tag: &str,
) -> anyhow::Result<()> {
    let patient = north.client.patients().create(&cases::patient_a(tag)).await?;
    let complete = cases::report_a();

    teller.step("Ada drafts a progress report. Half of it can't be signed: the service says what is missing.");
    let half = ReportBody { goals: Vec::new(), measures: Vec::new(), ..complete.clone() };
    let draft = north
        .client
        .reports()
        .draft(&NewReport {
            patient_id: patient.id,
            kind: ReportKind::ProgressReport,
            body: half,
            sensitive_categories: Vec::new(),
        })
        .await?;
    teller.refused("North", north.client.reports().sign(&draft).await, "report-incomplete")?;

    teller.step("She completes and signs it.");
    let patch = ReportPatch { body: Some(complete), ..ReportPatch::default() };
    let draft = north.client.reports().update(&draft, &patch).await?;
    let report = north.client.reports().sign(&draft).await?;
    let hash = report.content_hash.clone().unwrap_or_default();
    teller.saw("North", format!("signed, version 1\nSHA-256 of its content: {hash}"));

    teller.step("She sends it to South at once. Nobody has asked the patient.");
    let to_south = |sections: Option<Vec<Section>>| NewShare {
        recipient: RecipientChoice::clinic(south.id),
        sections,
        purpose: "treatment".to_owned(),
        cover_letter: Some("Our shared patient asked me to tell you how he is doing.".into()),
    };
    let shares = north.client.shares();
    teller.refused("North", shares.create(report.id, &to_south(None)).await, "consent-missing")?;

    teller
        .step("So she asks him: plans, reports and measures, for treatment, for a year. Until he signs, nothing goes.");
    let consent = north
        .client
        .consents()
        .ask(patient.id, &question(RecipientChoice::clinic(south.id), &report.created_at))
        .await?;
    teller.refused("North", shares.create(report.id, &to_south(None)).await, "consent-pending")?;

    teller.step(
        "The patient opens the link from his mail, proves who he is with his date of birth and a code, and reads.",
    );
    let session = open_link(mailbox, &north.client, &patient).await?;
    let asked = session.get().await?;
    // Who, to whom, what, what for, how long; the rest of the statement tells the patient's rights.
    let lines = asked.statement.as_str().lines();
    let essence: Vec<&str> =
        lines.skip_while(|line| !line.starts_with('1')).take_while(|line| !line.starts_with('6')).collect();
    teller.saw("Patient", essence.join("\n"));

    teller.step("He signs.");
    session.sign(&asked, "Casey Sample").await?;
    let consent = north.client.consents().get(consent.id).await?;
    teller.saw("North", format!("the consent is {}", word(&consent.state)));

    teller.step("The report holds his history, which he was not asked for.");
    teller.refused("North", shares.create(report.id, &to_south(None)).await, "consent-too-narrow")?;

    teller.step("Cut to what he agreed to, it goes.");
    let sections = Section::ALL.into_iter().filter(|section| *section != Section::History);
    let has =
        |section: &Section| !matches!(section, Section::Reexamination | Section::CoManagement | Section::Questions);
    let share = shares.create(report.id, &to_south(Some(sections.filter(has).collect()))).await?;
    teller.saw("North", format!("the share is {}", word(&share.state)));

    teller.step("South finds it in the inbox, which names no patient, and reads it through the gate.");
    let inbox = south.client.shares().inbox().send().await?;
    for item in &inbox.items {
        teller.saw(
            "South",
            format!("inbox: {} from {}, {}", word(&item.kind), item.sender_clinic.name, word(&item.state)),
        );
    }
    let read = south.client.shares().get(share.id).await?;
    tell_reading(teller, "South", &read);
    teller.saw("North", format!("the share is {}", word(&shares_state(north, report.id.into()).await?)));

    teller.step("South acknowledges: the sender need not wonder.");
    south.client.shares().acknowledge(share.id).await?;
    teller.saw("North", format!("the share is {}", word(&shares_state(north, report.id.into()).await?)));

    teller.step("East, who was not sent it, tries the address of the share.");
    teller.refused("East", east.client.shares().get(share.id).await, "not-found")?;

    teller.step("The patient takes his consent back, at the same link, without a reason.");
    let revoked = open_link(mailbox, &north.client, &patient).await?.revoke().await?;
    teller.saw("Patient", format!("the consent is {}", word(&revoked.state)));
    teller.refused("South", south.client.shares().get(share.id).await, "consent-revoked")?;

    teller.step("What North can tell him about it all, newest first:");
    let history = north.client.audit().sharing_history(patient.id).send().await?;
    for entry in &history.items {
        teller.saw("", format!("{}  {}", entry.occurred_at.format("%H:%M:%S"), entry.in_words.as_str()));
    }
    Ok(())
}

async fn case_b(
    mailbox: &Mailbox,
    teller: &mut Teller<'_>,
    north: &Party,
    south: &Party,
    tag: &str,
) -> anyhow::Result<String> {
    let patient = north.client.patients().create(&cases::patient_b(tag)).await?;
    teller.step("North signs a report with seven measures; the patient agrees that Sam Example at South may read it.");
    let draft = north
        .client
        .reports()
        .draft(&NewReport {
            patient_id: patient.id,
            kind: ReportKind::ProgressReport,
            body: cases::report_b(),
            sensitive_categories: Vec::new(),
        })
        .await?;
    let report = north.client.reports().sign(&draft).await?;
    let sam = RecipientChoice::practitioner(south.owner);
    north.client.consents().ask(patient.id, &question(sam.clone(), &report.created_at)).await?;
    let link = mailbox.link(address(&patient)).await?;
    let session = open_link(mailbox, &north.client, &patient).await?;
    let asked = session.get().await?;
    session.sign(&asked, "Robin Specimen").await?;
    teller.saw(
        "Patient",
        format!("signed; {} may read, until {}", recipients(&asked.recipients), asked.expires_at.format("%B %-d, %Y")),
    );

    teller.step("The consent names Sam, not the whole practice: a share to the practice is refused, one to Sam goes.");
    let to = |recipient| NewShare { recipient, sections: None, purpose: "treatment".to_owned(), cover_letter: None };
    let shares = north.client.shares();
    teller.refused(
        "North",
        shares.create(report.id, &to(RecipientChoice::clinic(south.id))).await,
        "recipient-not-named",
    )?;
    let share = shares.create(report.id, &to(sam)).await?;
    let read = south.client.shares().get(share.id).await?;
    tell_reading(teller, "South", &read);

    teller.step("The accounting of disclosures for this patient:");
    let disclosures = north.client.audit().disclosures(patient.id).send().await?;
    for disclosure in &disclosures.items {
        teller.saw(
            &north.name,
            format!(
                "{}  to {}, {}: {} (for {}, basis: {})",
                disclosure.disclosed_at.format("%Y-%m-%d %H:%M:%S"),
                disclosure.recipient_name.as_str(),
                disclosure.recipient_clinic.as_deref().unwrap_or_default(),
                disclosure.description,
                disclosure.purpose,
                disclosure.basis
            ),
        );
    }
    Ok(link)
}

fn question(recipient: RecipientChoice, now: &chrono::DateTime<chrono::Utc>) -> NewConsent {
    NewConsent {
        recipients: vec![recipient],
        categories: vec![Category::TreatmentPlan, Category::ProgressReport, Category::OutcomeMeasures],
        purpose: "treatment".to_owned(),
        starts_at: None,
        expires_at: *now + TimeDelta::days(365),
        two_way: false,
    }
}

/// The patient opens the link of the mail. The client's own session plays no part in it.
async fn open_link(mailbox: &Mailbox, client: &Client, patient: &Patient) -> anyhow::Result<LinkSession> {
    let address = address(patient);
    let before = mailbox.codes(address);
    let link = client.consent_links().open_address(&mailbox.link(address).await?)?;
    link.challenge().await?;
    let code = mailbox.code(address, before + 1).await?;
    Ok(link.session(*patient.birth_date.expose(), code).await?)
}

fn address(patient: &Patient) -> &str {
    patient.email.as_ref().map_or("", Sensitive::as_str)
}

async fn shares_state(north: &Party, report: Uuid) -> anyhow::Result<rapport_contract::shares::ShareState> {
    let page = north.client.shares().of_report(report.into()).send().await?;
    page.items.first().map(|share| share.state).context("a share that was made is listed")
}

fn tell_reading(teller: &mut Teller<'_>, who: &str, share: &Share) {
    let Some(content) = &share.content else { return };
    let patient = &content.patient;
    let mut text = format!(
        "{} about {} {}, signed by {}\n",
        word(&share.kind),
        patient.given_name.as_str(),
        patient.family_name.as_str(),
        content.signed_by.name
    );
    if let Some(summary) = &content.body.summary {
        text.push_str(&format!("{}\n", summary.as_str()));
    }
    for measure in &content.body.measures {
        text.push_str(&format!("  {}\n", measured(measure)));
    }
    let read: Vec<&str> = share.sections.iter().map(|section| section.as_str()).collect();
    text.push_str(&format!("sections: {}", read.join(", ").replace('_', " ")));
    teller.saw(who, text);
}

fn measured(measure: &Measure) -> String {
    let figure =
        |value: &Option<Sensitive<f64>>| value.as_ref().map(|value| value.expose().to_string()).unwrap_or_default();
    let unit = measure.unit.as_deref().unwrap_or_default();
    format!("{:<58}{:>6} -> {:<6}{unit}", measure.name.as_str(), figure(&measure.baseline), figure(&measure.current))
}

fn recipients(recipients: &[rapport_contract::consents::Recipient]) -> String {
    recipients.iter().map(|recipient| recipient.name.as_str()).collect::<Vec<_>>().join("; ")
}

/// A state or a kind as people say it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(|text| text.replace('_', " ")))
        .unwrap_or_default()
}
