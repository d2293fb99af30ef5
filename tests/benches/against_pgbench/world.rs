//! The people and records that the benchmark works on: one of each made through the API, the others cloned from it by SQL.

use anyhow::{Context, Result, bail};
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_api::vault::{Vault, ring::Ring};
use rapport_sdk::{
    Client, SecondFactor,
    chrono::{Days, NaiveDate, Utc},
    contract::{
        clinics::{NewClinic, NewOwner, SignUp},
        consents::{Category, NewConsent, PaperForm, PaperSignature, RecipientChoice},
        patients::NewPatient,
        reports::{Goal, Measure, NewReport, Report, ReportBody, ReportKind, Schedule, Treatment},
        shares::NewShare,
    },
    totp_code,
    uuid::Uuid,
};
use std::{path::Path, sync::Arc};

/// Patients of the sending clinic.
pub(crate) const PATIENTS: u64 = 10_000;
/// Family names among them.
pub(crate) const FAMILIES: u64 = 500;
/// What the ids of cloned rows begin with; `bench.id` in the scripts says the same.
const ID_PREFIX: &str = "01990000-0000-7000-8000-";
/// Sessions that take part on the reading side.
const SESSIONS: usize = 4;

/// The id of the row of this number, in whichever table.
pub(crate) fn id(number: u64) -> String {
    format!("{ID_PREFIX}{number:012}")
}

/// Functions by which a script of `pgbench`, which can compute numbers only, names rows. Postgres inlines them into the plan.
/// They have a schema of their own: in the service's the service would not start with them.
const FUNCTIONS: &str = "
    CREATE SCHEMA bench;
    GRANT USAGE ON SCHEMA bench TO rapport_tenant;
    CREATE FUNCTION bench.id(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
        $$ SELECT ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
    CREATE FUNCTION bench.key(n bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS
        $$ SELECT int8send(n) || '\\x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a'::bytea $$;
    CREATE TABLE bench.tokens (family bigint PRIMARY KEY, token bigint NOT NULL);
    GRANT SELECT ON bench.tokens TO rapport_tenant;
    CREATE FUNCTION bench.token(n bigint) RETURNS bigint LANGUAGE sql STABLE AS
        $$ SELECT token FROM bench.tokens WHERE family = n $$;
";

/// The token of each whole family name: of all tokens of its patients the one that they alone share. There is no other way to it
/// without the clinic's key.
const TOKENS: &str = "
    INSERT INTO bench.tokens SELECT family, min(token) FROM (
        SELECT t.token, min((right(t.patient_id::text, 12)::bigint - 1) % 500 + 1) AS family FROM patient_tokens t
        WHERE t.patient_id >= bench.id(1) AND t.patient_id <= bench.id(10000)
        GROUP BY t.token HAVING count(*) = 20 AND count(DISTINCT (right(t.patient_id::text, 12)::bigint - 1) % 500) = 1) AS of_name
    GROUP BY family";

/// What was made.
pub(crate) struct World {
    /// The clinic that writes and shares.
    pub(crate) north: Client,
    /// A practitioner of the clinic that reads, signed in more than once.
    pub(crate) south: Vec<Client>,
    /// The signed report that the others are clones of.
    pub(crate) report: Report,
    /// How many shares there are.
    pub(crate) shares: u64,
}

/// Who signed in, as SQL needs it.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    /// The session.
    pub(crate) session: Uuid,
    /// The member.
    pub(crate) member: Uuid,
    /// The clinic.
    pub(crate) clinic: Uuid,
}

/// A report of some 1.5 KB.
pub(crate) fn body() -> ReportBody {
    let measure = |name: &str, baseline: f64, current: f64| Measure {
        name: name.into(),
        unit: Some("0-10".to_owned()),
        baseline: Some(baseline.into()),
        current: Some(current.into()),
        baseline_on: None,
        current_on: None,
        higher_is_better: Some(false),
        note: Some("Asked before each visit, on the same scale".into()),
    };
    let goal = |goal: &str, measure: &str| Goal {
        goal: goal.into(),
        anticipated_outcome: Some("Gardens for an hour without a break".into()),
        measure: Some(measure.into()),
        target: Some(2.0.into()),
        target_date: None,
    };
    ReportBody {
        treatment: Some(Treatment {
            what: "Swedish strokes and myofascial release to the lumbar region, 45 minutes".into(),
            why: "Stiffness that eases with warmth and movement; no sign of nerve involvement".into(),
        }),
        schedule: Some(Schedule {
            frequency: "Once a week".into(),
            duration: "6 weeks".into(),
            visits_planned: Some(6),
            visits_attended: Some(4),
            reexamination_after_visits: Some(6),
            ends_on: None,
        }),
        goals: vec![
            goal("Get up with less stiffness", "Stiffness on waking"),
            goal("Sit through a working day", "Pain at the end of the day"),
        ],
        measures: vec![measure("Stiffness on waking", 6.0, 3.0), measure("Pain at the end of the day", 7.0, 4.0)],
        condition: Some("Low back stiffness of six months, worse in the morning".into()),
        summary: Some("Stiffness on waking fell from 6 to 3 in four visits; two are left.".into()),
        follow_up: Some("Home exercises twice a day; review after the sixth visit.".into()),
        ..ReportBody::default()
    }
}

struct Account {
    email: String,
    password: String,
    secret: rapport_sdk::Sensitive<String>,
    clinic: Uuid,
}

async fn join(client: &Client, name: &str) -> Result<(Account, Client)> {
    let email = format!("{}@clinics.example.org", name.to_lowercase());
    let password = "a long password of the benchmark".to_owned();
    let (phone, address) = (Some("555-0100".to_owned()), Some("1 Example Street, Springfield".to_owned()));
    let clinic = NewClinic { name: format!("{name} (example)"), phone, address, npi: None };
    let owner = NewOwner {
        name: format!("Owner of {name}").as_str().into(),
        email: email.as_str().into(),
        password: password.as_str().into(),
        profession: "massage_therapist".to_owned(),
        npi: None,
    };
    let signed_up = client.sign_up(&SignUp { clinic, owner }).await?;
    let SecondFactor::Enrol(enrolment) = client.sign_in(email.as_str(), password.as_str()).await? else {
        bail!("a new account has an authenticator already");
    };
    let secret = enrolment.enrol().await?.secret;
    let signed_in = enrolment.verify(totp_code(&secret)?).await?;
    Ok((Account { email, password, secret, clinic: signed_up.clinic.id.into() }, signed_in))
}

/// Makes it all. `say` tells how far it is.
pub(crate) async fn make(
    address: &str,
    (database, administrator): (&mut AsyncPgConnection, &str),
    root_keys: &Path,
    shares: u64,
    say: &dyn Fn(&str),
) -> Result<World> {
    let client = Client::builder(format!("http://{address}")).user_agent("rapport-bench").build()?;
    let (_, north) = join(&client, "North").await?;
    let (account, first) = join(&client, "South").await?;
    let mut south = vec![first];
    while south.len() < SESSIONS {
        // A code works once; here the same person signs in again within its half minute.
        database.batch_execute("UPDATE members SET totp_last_step = 0").await?;
        let SecondFactor::Verify(second) = client.sign_in(account.email.as_str(), account.password.as_str()).await?
        else {
            bail!("the authenticator was forgotten");
        };
        south.push(second.verify(totp_code(&account.secret)?).await?);
    }
    let new_patient = NewPatient {
        given_name: "Casey".into(),
        family_name: "Family0000".into(),
        birth_date: NaiveDate::from_ymd_opt(1953, 4, 17).context("a date")?.into(),
        mrn: None,
        email: None,
        phone: Some("555-0111".into()),
    };
    let patient = north.patients().create(&new_patient).await?.id;
    let asked = NewConsent {
        recipients: vec![RecipientChoice::clinic(account.clinic)],
        categories: vec![Category::TreatmentPlan, Category::ProgressReport, Category::OutcomeMeasures],
        purpose: "treatment".to_owned(),
        starts_at: None,
        expires_at: now().checked_add_days(Days::new(365)).context("a year from now")?,
        two_way: true,
    };
    let consent = north.consents().ask(patient, &asked).await?;
    let signature = PaperSignature {
        signed_name: "Casey Sample".into(),
        signed_on: now().date_naive(),
        attested: true,
        form: PaperForm { media_type: "application/pdf".to_owned(), content: rapport_tests::files::scan().into() },
    };
    let consent = north.consents().record_paper_signature(&consent, &signature).await?;
    let kind = ReportKind::ProgressReport;
    let draft = NewReport { patient_id: patient, kind, body: body(), sensitive_categories: vec![] };
    let draft = north.reports().draft(&draft).await?;
    let report = north.reports().sign(&draft).await?;
    let new_share = NewShare {
        recipient: RecipientChoice::clinic(account.clinic),
        sections: None,
        purpose: "treatment".to_owned(),
        cover_letter: Some("Thank you for looking at how our shared patient is doing.".into()),
    };
    let share = north.shares().create(report.id, &new_share).await?.id;
    // The first reading of a share also marks it as opened; what is measured is every one after it.
    let reader = south.as_slice().first().context("nobody reads")?;
    reader.shares().get(share).await?.content.context("the recipient reads the content")?;

    database.batch_execute(FUNCTIONS).await?;
    // The clones are written in the clear, as from before there was a vault; then each is sealed with a key of its own, as the
    // service does at its start.
    let plain = |json: &str| format!("('\\x00'::bytea || convert_to({json}, 'UTF8'))::text");
    let identity = plain(
        "jsonb_build_object('given_name', 'Casey', 'family_name', 'Family' || lpad(((n - 1) % 500 + 1)::text, 4, '0'), \
         'birth_date', '1953-04-17', 'phone', '555-0111')::text",
    );
    let asked = serde_json::json!({
        "recipients": consent.recipients, "purpose": consent.purpose, "statement": consent.statement,
        "statement_hash": consent.statement_hash,
    });
    let terms = plain(&format!("$json${asked}$json$"));
    let body = plain(&format!("$json${}$json$", serde_json_canonicalizer::to_string(&report.body)?));
    let letter = plain("'Thank you for looking at how our shared patient is doing.'");
    let unsealed = "'key_version', 0";
    let clones = [
        (
            "data_keys",
            patient,
            PATIENTS,
            "'subject_id', bench.id(n), 'version', 0, 'clinic_key_version', null, 'wrapped', null".to_owned(),
        ),
        ("patients", patient, PATIENTS, format!("{unsealed}, 'identity', {identity}")),
        (
            "consents",
            consent.id.uuid().into(),
            PATIENTS,
            format!(
                "{unsealed}, 'patient_id', bench.id(n), 'terms', {terms}, 'signature', {}",
                plain("'{\"signed_name\":\"Casey Sample\"}'")
            ),
        ),
        (
            "reports",
            report.id.uuid().into(),
            shares,
            format!("{unsealed}, 'patient_id', bench.id((n - 1) % 10000 + 1)"),
        ),
        (
            "report_versions",
            report.id.uuid().into(),
            shares,
            format!(
                "{unsealed}, 'report_id', bench.id(n), 'patient_id', bench.id((n - 1) % 10000 + 1), 'body', {body}"
            ),
        ),
        (
            "shares",
            share.uuid().into(),
            shares,
            format!(
                "{unsealed}, 'report_id', bench.id(n), 'patient_id', bench.id((n - 1) % 10000 + 1), 'letter', {letter}"
            ),
        ),
    ];
    for (table, model, count, changed) in clones {
        let (key, id) = match table {
            "report_versions" => ("report_id", ""),
            "data_keys" => ("subject_id", ""),
            _ => ("id", "'id', bench.id(n), "),
        };
        // In portions, so that it is told how far it is.
        for first in (1..=count).step_by(50_000) {
            let last = count.min(first + 49_999);
            let sql = format!(
                "INSERT INTO {table} SELECT (jsonb_populate_record(model, jsonb_build_object({id}{changed}))).* \
                 FROM {table} AS model, generate_series({first}::bigint, {last}) AS n WHERE model.{key} = '{model}'"
            );
            database.batch_execute(&sql).await.with_context(|| format!("cloning {table}"))?;
            say(&format!("{table}: {last} of {count}"));
        }
    }
    // What is made here need not last.
    database.batch_execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off").await?;
    let vault = Arc::new(Vault::new(Arc::new(Ring::open(root_keys)?)));
    rapport_api::keys::adopt(administrator, &vault, say).await?;
    database.batch_execute("ALTER ROLE CURRENT_USER RESET synchronous_commit").await?;
    database.batch_execute(TOKENS).await?;
    database.batch_execute("VACUUM (ANALYZE, FREEZE)").await?;
    database.batch_execute("CHECKPOINT").await?;
    Ok(World { north, south, report, shares })
}

#[expect(clippy::disallowed_methods, reason = "dates that a person would type into a form")]
fn now() -> rapport_sdk::chrono::DateTime<Utc> {
    Utc::now()
}

/// An access token with at least a minute to live. The SDK renews it by itself when a call finds it too old.
pub(crate) async fn token(client: &Client) -> Result<String> {
    client.practitioners().me().await?;
    Ok(client.tokens().await.context("the session has ended")?.access_token.as_str().to_owned())
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    session: Uuid,
    #[diesel(sql_type = SqlUuid)]
    member: Uuid,
    #[diesel(sql_type = SqlUuid)]
    clinic: Uuid,
}

/// Who signed in last of the clinic with this name.
pub(crate) async fn who(database: &mut AsyncPgConnection, clinic: &str) -> Result<Who> {
    let found: Found = diesel::sql_query(
        "SELECT s.id AS session, s.member_id AS member, s.clinic_id AS clinic FROM sessions s \
         JOIN clinics c ON c.id = s.clinic_id WHERE c.name = $1 ORDER BY s.id DESC LIMIT 1",
    )
    .bind::<Text, _>(format!("{clinic} (example)"))
    .get_result(database)
    .await?;
    Ok(Who { session: found.session, member: found.member, clinic: found.clinic })
}

#[derive(diesel::QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

async fn text(database: &mut AsyncPgConnection, sql: &str) -> Result<String> {
    Ok(diesel::sql_query(sql).get_result::<Value>(database).await?.value)
}

/// The settings of the cluster that a durable commit takes.
pub(crate) async fn durability(database: &mut AsyncPgConnection) -> Result<String> {
    text(database, "SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) AS value FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')").await
}
