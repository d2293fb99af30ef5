//! The data: two clinics that sign up, a patient, a consent, a report and its shares through the API, the others cloned from
//! them by SQL.
//!
//! Up to 10,000 of everything are sealed as the service seals, and these are what is read. They are spread evenly over a range of
//! ids. A larger database has more rows between them, with sealed bytes that are copies: nobody ever opens them, and to Postgres
//! they are as any others. Each ten reports of these are of one patient more, each has a share, an event and a record in the audit
//! log, which the service seals, and for each thousand there is a clinic more.

use crate::{http::Connection, say::Progress};
use anyhow::{Context, Result, bail};
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_api::vault::{Vault, ring::Ring};
use rapport_sdk::{
    Client, SecondFactor, Sensitive,
    chrono::{DateTime, Days, NaiveDate, Utc},
    contract::{
        api_clients::{NewApiClient, Scope},
        clinics::{NewClinic, NewOwner, SignUp},
        consents::{Category, NewConsent, PaperForm, PaperSignature, RecipientChoice},
        patients::NewPatient,
        reports::{Goal, Measure, NewReport, Report, ReportBody, ReportKind, Schedule, Treatment},
        shares::NewShare,
    },
    totp_code,
    uuid::Uuid,
};
use std::{path::Path, sync::Arc, time::Duration};

/// As many of everything are sealed and read, at most.
pub(crate) const SEALED: u64 = 10_000;
/// From one of these to the next in the order of ids. So many reports can be read at most, times what is sealed.
pub(crate) const STRIDE: u64 = 1_000;
/// Family names among the sealed patients.
pub(crate) const FAMILIES: u64 = 500;
/// Reports of one patient, among those that are not read.
const REPORTS_OF_ONE: u64 = 10;
/// Reports for which there is one clinic more.
const REPORTS_OF_A_CLINIC: u64 = 1_000;
/// What is between a share with a clinic and the one of the same report with a guest, in the order of ids.
pub(crate) const GUESTS: u64 = 20_000_000;
/// What the ids of cloned rows begin with; `bench.id` in the scripts says the same.
const ID_PREFIX: &str = "01990000-0000-7000-8000-";
/// Sessions that take part on the reading side.
const SESSIONS: usize = 4;
/// The service may take as long to seal the audit log.
const SEAL_PATIENCE: Duration = Duration::from_secs(1800);

/// The number of what is sealed, from 1: there are others between them.
pub(crate) fn number(sealed: u64) -> u64 {
    sealed * STRIDE
}

/// The id of the row of this number, in whichever table.
pub(crate) fn id(number: u64) -> String {
    format!("{ID_PREFIX}{number:012}")
}

/// The cookie of the guest at this share, as `bench.guest` knows it by its hash.
pub(crate) fn guest(number: u64) -> String {
    format!("guest-{number}")
}

/// Functions by which a script of `pgbench`, which can compute numbers only, names rows. Postgres inlines them into the plan.
/// They have a schema of their own: in the service's the service would not start with them. Ids that are new are of the time at
/// which the run began, as the service's are: an index takes both at its end.
const FUNCTIONS: &str = "
    CREATE SCHEMA bench;
    GRANT USAGE ON SCHEMA bench TO PUBLIC;
    CREATE FUNCTION bench.id(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
        $$ SELECT ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
    CREATE FUNCTION bench.new_id(began text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
        $$ SELECT (began || lpad(n::text, 12, '0'))::uuid $$;
    CREATE FUNCTION bench.ids(VARIADIC each uuid[]) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$ SELECT each $$;
    CREATE FUNCTION bench.bytes(n bigint, length integer) RETURNS bytea LANGUAGE sql IMMUTABLE AS
        $$ SELECT substring(int8send(n) || sha512(int8send(n)) || sha256(int8send(n)) FOR length) $$;
    CREATE FUNCTION bench.at(seconds bigint) RETURNS timestamptz LANGUAGE sql STABLE AS
        $$ SELECT now() + seconds * interval '1 second' $$;
    CREATE FUNCTION bench.guest(n bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS
        $$ SELECT sha256(('guest-' || n::text)::bytea) $$;
    CREATE TABLE bench.tokens (family bigint PRIMARY KEY, token bigint NOT NULL);
    GRANT SELECT ON bench.tokens TO PUBLIC;
    CREATE FUNCTION bench.token(n bigint) RETURNS bigint LANGUAGE sql STABLE AS
        $$ SELECT token FROM bench.tokens WHERE family = n $$;
";

/// The token of each whole family name: of all tokens of its patients the one that they alone share. There is no other way to it
/// without the clinic's key.
const TOKENS: &str = "
    INSERT INTO bench.tokens SELECT family, min(token) FROM (
        SELECT t.token, min((right(t.patient_id::text, 12)::bigint / 1000 - 1) % 500 + 1) AS family FROM patient_tokens t
        WHERE t.patient_id >= bench.id(1000) AND t.patient_id <= bench.id(10000000)
        GROUP BY t.token
        HAVING count(*) = 20 AND count(DISTINCT (right(t.patient_id::text, 12)::bigint / 1000 - 1) % 500) = 1) AS of_name
    GROUP BY family;
    -- What a patient is found by, and whether it is of few: then those that are not read have another.
    CREATE TABLE bench.given AS
        SELECT right(t.patient_id::text, 12)::bigint / 1000 AS k, t.token, count(*) OVER (PARTITION BY t.token) <= 2000 AS is_rare
        FROM patient_tokens t WHERE t.patient_id >= bench.id(1000) AND t.patient_id <= bench.id(10000000);
    CREATE INDEX ON bench.given (k)";

/// What was made.
pub(crate) struct World {
    /// The clinic that writes and shares.
    pub(crate) north: Client,
    /// A practitioner of the clinic that reads, signed in more than once.
    pub(crate) south: Vec<Client>,
    /// The clinic that reads.
    pub(crate) recipient: Uuid,
    /// A machine of the clinic that reads: its id and its secret.
    pub(crate) machine: (Uuid, Sensitive<String>),
    /// People who sign in: one for each connection, since a code works once.
    pub(crate) people: Vec<Account>,
    /// The signed report that the others are clones of.
    pub(crate) report: Report,
    /// How many reports are shared.
    pub(crate) reports: u64,
    models: Models,
}

/// What the others are clones of.
struct Models {
    clinic: Uuid,
    patient: Uuid,
    consent: Uuid,
    report: Uuid,
    share: Uuid,
    guest_share: Uuid,
}

impl World {
    /// How many shares are read.
    pub(crate) fn readable(&self) -> u64 {
        self.reports.min(SEALED)
    }

    /// Events of the clinic that writes, at least.
    pub(crate) fn events(&self) -> u64 {
        self.reports
    }
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

/// Who signs in.
pub(crate) struct Account {
    /// The address.
    pub(crate) email: String,
    /// The password.
    pub(crate) password: String,
    /// The secret of the authenticator.
    pub(crate) secret: Sensitive<String>,
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

/// Where the data is made.
pub(crate) struct Site<'s> {
    /// Where the service listens.
    pub(crate) address: &'s str,
    /// The database, as its administrator.
    pub(crate) url: &'s str,
    /// The file with the root keys.
    pub(crate) root_keys: &'s Path,
}

/// Makes it, with as many people who sign in, and as many reports of those that are read.
pub(crate) async fn make(site: &Site<'_>, people: usize, reports: u64) -> Result<World> {
    let mut database = AsyncPgConnection::establish(site.url).await?;
    let client = Client::builder(format!("http://{}", site.address)).user_agent("rapport-bench").build()?;
    let (sender, north) = join(&client, "North").await?;
    let (account, first) = join(&client, "South").await?;
    let mut south = vec![first];
    while south.len() < SESSIONS {
        forget_codes(&mut database).await?;
        let SecondFactor::Verify(second) = client.sign_in(account.email.as_str(), account.password.as_str()).await?
        else {
            bail!("the authenticator was forgotten");
        };
        south.push(second.verify(totp_code(&account.secret)?).await?);
    }
    let reader = south.as_slice().first().context("nobody reads")?.clone();
    let machine = reader.api_clients().create(&NewApiClient::new("Practice software", [Scope::SharesRead])).await?.id;
    let secret = reader.api_clients().add_secret(machine).await?.client_secret;
    let progress = Progress::new("people who sign in", people as u64);
    let mut accounts = Vec::new();
    for number in 1..=people {
        accounts.push(join(&client, &format!("Door{number}")).await?.0);
        progress.add(1);
    }
    drop(progress);
    let new_patient = NewPatient {
        given_name: "Casey".into(),
        family_name: "Family0000".into(),
        birth_date: NaiveDate::from_ymd_opt(1953, 4, 17).context("a date")?.into(),
        mrn: None,
        email: None,
        phone: Some("555-0111".into()),
    };
    let patient = north.patients().create(&new_patient).await?.id;
    let to_guest = RecipientChoice::guest("Kim Guest", "kim@guest.example.org");
    let asked = NewConsent {
        recipients: vec![RecipientChoice::clinic(account.clinic), to_guest.clone()],
        categories: vec![
            Category::TreatmentPlan,
            Category::ProgressReport,
            Category::OutcomeMeasures,
            Category::Referral,
        ],
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
    let share = north.shares().create(report.id, &sharing_with(RecipientChoice::clinic(account.clinic))).await?.id;
    let guest_share = north.shares().create(report.id, &sharing_with(to_guest)).await?.id;
    // The first reading of a share also marks it as opened; what is measured is every one after it.
    reader.shares().get(share).await?.content.context("the recipient reads the content")?;

    database.batch_execute(FUNCTIONS).await?;
    let model = guest_share.uuid();
    open_for_guests(
        &mut database,
        &format!("SELECT id, clinic_id, 0 AS n FROM share_links WHERE share_id = '{model}'"),
    )
    .await?;
    let link =
        text(&mut database, &format!("SELECT id::text AS value FROM share_links WHERE share_id = '{model}'")).await?;
    let cookie = format!("cookie: rapport_share={}\r\n", guest(0));
    let mut connection = Connection::open(site.address).await?;
    let answer = connection.send("GET", &format!("/v1/share_links/{link}"), &cookie, "").await?;
    anyhow::ensure!(answer.status == 200, "a guest is answered {}", answer.status);

    let models = Models {
        clinic: sender.clinic,
        patient: patient.into(),
        consent: consent.id.uuid(),
        report: report.id.uuid(),
        share: share.uuid(),
        guest_share: model,
    };
    // What is made here need not last.
    database.batch_execute("SET synchronous_commit = off").await?;
    let asked = serde_json::json!({
        "recipients": consent.recipients, "purpose": consent.purpose, "statement": consent.statement,
        "statement_hash": consent.statement_hash,
    });
    let body = serde_json_canonicalizer::to_string(&report.body)?;
    seal(&mut database, &models, reports.min(SEALED), &asked.to_string(), &body).await?;
    database.batch_execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off").await?;
    let vault = Arc::new(Vault::new(Arc::new(Ring::open(site.root_keys)?)));
    adopted(site, &mut database, &vault).await?;
    database.batch_execute("ALTER ROLE CURRENT_USER RESET synchronous_commit").await?;
    database.batch_execute(TOKENS).await?;
    let world = World {
        north,
        south,
        recipient: account.clinic,
        machine: (machine.uuid(), secret),
        people: accounts,
        report,
        reports: reports.min(SEALED),
        models,
    };
    let readable = world.readable();
    world.log(&mut database, (1, readable), (0, 0)).await?;
    world.settle(&mut database).await?;
    Ok(world)
}

fn sharing_with(recipient: RecipientChoice) -> NewShare {
    NewShare {
        recipient,
        sections: None,
        purpose: "treatment".to_owned(),
        cover_letter: Some("Thank you for looking at how our shared patient is doing.".into()),
    }
}

/// A code works once; here the same people sign in again within its half minute.
pub(crate) async fn forget_codes(database: &mut AsyncPgConnection) -> Result<()> {
    Ok(database.batch_execute("UPDATE members SET totp_last_step = 0 WHERE totp_last_step > 0").await?)
}

/// The same of one of them.
pub(crate) async fn forget_codes_of(database: &mut AsyncPgConnection, person: &Account) -> Result<()> {
    let forget = diesel::sql_query("UPDATE members SET totp_last_step = 0 WHERE clinic_id = $1");
    forget.bind::<SqlUuid, _>(person.clinic).execute(database).await?;
    Ok(())
}

/// Lets guests in at these links, by cookies that [`guest`] tells.
async fn open_for_guests(database: &mut AsyncPgConnection, links: &str) -> Result<()> {
    let sql = format!(
        "INSERT INTO share_link_sessions (hash, clinic_id, link_id, csrf_hash, expires_at, last_seen_at) \
         SELECT bench.guest(n), clinic_id, id, bench.guest(n), now() + interval '1 day', now() FROM ({links}) AS links"
    );
    Ok(database.batch_execute(&sql).await?)
}

/// Guests who have done nothing for a quarter of an hour would have to open their link again.
pub(crate) async fn keep_guests(database: &mut AsyncPgConnection) -> Result<()> {
    Ok(database.batch_execute("UPDATE share_link_sessions SET last_seen_at = now()").await?)
}

/// A table's rows that are clones of one: its key and the model's, what is different, and of which numbers. `n` is the number.
struct Clones<'c> {
    table: &'static str,
    model: String,
    changed: Vec<(&'static str, String)>,
    numbers: &'c str,
}

impl Clones<'_> {
    async fn insert(&self, database: &mut AsyncPgConnection) -> Result<()> {
        let columns = format!(
            "SELECT string_agg(column_name, ',' ORDER BY ordinal_position) AS value FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{}' AND is_generated = 'NEVER' AND is_identity = 'NO'",
            self.table
        );
        let columns = text(database, &columns).await?;
        let expressions = columns.split(',').map(|column| {
            let changed = self.changed.iter().find(|(name, _)| *name == column);
            changed.map_or_else(|| format!("model.{column}"), |(_, expression)| expression.clone())
        });
        let sql = format!(
            "INSERT INTO {} ({columns}) SELECT {} FROM {} AS model, ({}) AS numbers WHERE {}",
            self.table,
            expressions.collect::<Vec<_>>().join(", "),
            self.table,
            self.numbers,
            self.model,
        );
        database.batch_execute(&sql).await.with_context(|| format!("cloning {}", self.table))
    }
}

/// Clones what is read. The clones are written in the clear, as from before there was a vault; then each is sealed with a key of
/// its own, as the service does at its start.
async fn seal(database: &mut AsyncPgConnection, models: &Models, readable: u64, asked: &str, body: &str) -> Result<()> {
    let Models { clinic, patient, consent, report, share, guest_share } = models;
    let plain = |text: &str| format!("'\\x00'::bytea || convert_to({text}, 'UTF8')");
    let identity = plain(
        "jsonb_build_object('given_name', 'Casey', 'family_name', 'Family' || lpad(((n / 1000 - 1) % 500 + 1)::text, 4, '0'), \
         'birth_date', '1953-04-17', 'phone', '555-0111')::text",
    );
    let terms = plain(&format!("$json${asked}$json$"));
    let body = plain(&format!("$json${body}$json$"));
    let letter = plain("'Thank you for looking at how our shared patient is doing.'");
    let envelope = plain("'{\"purpose\":\"treatment\",\"recipient_email\":\"kim@guest.example.org\"}'");
    let series = |last: u64| format!("SELECT k * {STRIDE} AS n FROM generate_series(1, {last}::bigint) AS k");
    let (all, readable) = (series(SEALED), series(readable));
    let same = |name: &'static str| (name, "bench.id(n)".to_owned());
    let unsealed = ("key_version", "0".to_owned());
    let nothing = |name: &'static str| (name, "NULL".to_owned());
    let zero = |name: &'static str| (name, "0".to_owned());
    let by_id = |id: &Uuid| format!("model.id = '{id}'");
    let key = |subject: &Uuid| {
        format!("model.clinic_id = '{clinic}' AND model.subject_id = '{subject}' AND model.version = 1")
    };
    let key_zero = || vec![zero("version"), nothing("clinic_key_version"), nothing("wrapped")];
    let guests_share = ("id", format!("bench.id(n + {GUESTS})"));
    let clones = [
        Clones {
            table: "data_keys",
            model: key(patient),
            changed: [vec![same("subject_id")], key_zero()].concat(),
            numbers: &all,
        },
        // What is about no patient is sealed by the office's key.
        Clones { table: "data_keys", model: key(clinic), changed: key_zero(), numbers: "SELECT 1" },
        Clones {
            table: "patients",
            model: by_id(patient),
            changed: vec![same("id"), unsealed.clone(), ("identity", identity)],
            numbers: &all,
        },
        Clones {
            table: "consents",
            model: by_id(consent),
            changed: vec![
                same("id"),
                same("patient_id"),
                unsealed.clone(),
                ("terms", terms),
                ("signature", plain("'{\"signed_name\":\"Casey Sample\"}'")),
            ],
            numbers: &all,
        },
        Clones {
            table: "reports",
            model: by_id(report),
            changed: vec![same("id"), same("patient_id"), unsealed.clone()],
            numbers: &readable,
        },
        Clones {
            table: "report_versions",
            model: format!("model.report_id = '{report}'"),
            changed: vec![same("report_id"), same("patient_id"), unsealed.clone(), ("body", body)],
            numbers: &readable,
        },
        Clones {
            table: "shares",
            model: by_id(share),
            changed: vec![
                same("id"),
                same("report_id"),
                same("patient_id"),
                unsealed.clone(),
                ("letter", letter.clone()),
            ],
            numbers: &readable,
        },
        Clones {
            table: "shares",
            model: by_id(guest_share),
            changed: vec![
                guests_share.clone(),
                same("report_id"),
                same("patient_id"),
                unsealed,
                ("letter", letter),
                ("envelope", envelope),
                zero("office_key_version"),
            ],
            numbers: &readable,
        },
        Clones {
            table: "share_links",
            model: format!("model.share_id = '{guest_share}'"),
            changed: vec![guests_share.clone(), ("share_id", guests_share.1.clone())],
            numbers: &readable,
        },
    ];
    let progress = Progress::new("rows to be sealed", clones.len() as u64);
    for clones in clones {
        clones.insert(database).await?;
        progress.add(1);
    }
    let links =
        format!("SELECT id, clinic_id, n FROM share_links, ({readable}) AS numbers WHERE id = bench.id(n + {GUESTS})");
    open_for_guests(database, &links).await?;
    // Sealing finds each patient's rows by an index only if Postgres knows that there are many.
    Ok(database.batch_execute("VACUUM (ANALYZE)").await?)
}

/// Has what was cloned sealed, and shows how far that is.
async fn adopted(site: &Site<'_>, database: &mut AsyncPgConnection, vault: &Arc<Vault>) -> Result<()> {
    let unsealed = "SELECT count(*) AS value FROM data_keys WHERE version = 0";
    let progress = Progress::new("sealing", count(database, unsealed).await?);
    let watch = async {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            progress.left(count(database, unsealed).await?);
        }
    };
    tokio::select! {
        done = rapport_api::keys::adopt(site.url, vault, &|_| {}) => done,
        failed = watch => failed,
    }
}

impl World {
    /// Puts more reports between those that are read, until there are as many.
    pub(crate) async fn grow(&mut self, database: &mut AsyncPgConnection, reports: u64) -> Result<()> {
        let (from, to) = (self.reports / SEALED, reports / SEALED);
        if to <= from.max(1) {
            return Ok(());
        }
        // Whom they belong to is not asked row by row: it is known.
        database.batch_execute("SET synchronous_commit = off; SET session_replication_role = replica").await?;
        let each = (100_000 / (to - from)).clamp(1, SEALED);
        let progress = Progress::new("reports", reports - self.reports);
        for first in (1..=SEALED).step_by(usize::try_from(each)?) {
            let last = SEALED.min(first + each - 1);
            self.fill(database, (first, last), (from, to - 1)).await?;
            progress.add((last - first + 1) * (to - from));
        }
        drop(progress);
        let (first, last) = (self.reports / REPORTS_OF_A_CLINIC + 1, reports / REPORTS_OF_A_CLINIC);
        let numbers = format!("SELECT n FROM generate_series({first}::bigint, {last}) AS n");
        let clinic = self.models.clinic;
        let clinics = Clones {
            table: "clinics",
            model: format!("model.id = '{clinic}'"),
            changed: vec![("id", "bench.id(n)".to_owned()), ("name", "'Clinic ' || n".to_owned())],
            numbers: &numbers,
        };
        let members = Clones {
            table: "members",
            model: format!("model.clinic_id = '{clinic}'"),
            changed: vec![
                ("id", "bench.id(n)".to_owned()),
                ("clinic_id", "bench.id(n)".to_owned()),
                ("email", "'owner' || n || '@clinics.example.org'".to_owned()),
            ],
            numbers: &numbers,
        };
        clinics.insert(database).await?;
        members.insert(database).await?;
        database.batch_execute("RESET synchronous_commit; RESET session_replication_role").await?;
        self.reports = reports;
        // Those that are read came first, and would lie together.
        for (table, index) in [
            ("report_versions", "report_versions_pkey"),
            ("reports", "reports_pkey"),
            ("shares", "shares_pkey"),
            ("patients", "patients_pkey"),
            ("consents", "consents_pkey"),
            ("data_keys", "data_keys_pkey"),
        ] {
            crate::say(&format!("putting {table} in order"));
            database.batch_execute(&format!("CLUSTER {table} USING {index}")).await?;
        }
        self.settle(database).await
    }

    /// What lies behind the reports of these ranks, with so many more of each.
    async fn fill(&self, database: &mut AsyncPgConnection, ranks: (u64, u64), more: (u64, u64)) -> Result<()> {
        let more = (more.0.max(1), more.1);
        let numbers = format!(
            "SELECT k, j, k * {STRIDE} + j AS n, k * {STRIDE} + j - j % {REPORTS_OF_ONE} AS patient \
             FROM generate_series({}::bigint, {}) AS k, generate_series({}::bigint, {}) AS j",
            ranks.0, ranks.1, more.0, more.1
        );
        let of_patients = format!("SELECT k, j, n FROM ({numbers}) AS reports WHERE j % {REPORTS_OF_ONE} = 0");
        let clinic = self.models.clinic;
        let sealed = id(STRIDE);
        let by = |column: &str| format!("model.clinic_id = '{clinic}' AND model.{column} = '{sealed}'");
        let same = |name: &'static str| (name, "bench.id(n)".to_owned());
        let patient = || ("patient_id", "bench.id(patient)".to_owned());
        let clones = [
            Clones {
                table: "data_keys",
                model: by("subject_id"),
                changed: vec![same("subject_id")],
                numbers: &of_patients,
            },
            Clones { table: "patients", model: by("id"), changed: vec![same("id")], numbers: &of_patients },
            Clones {
                table: "consents",
                model: by("id"),
                changed: vec![same("id"), same("patient_id")],
                numbers: &of_patients,
            },
            Clones { table: "reports", model: by("id"), changed: vec![same("id"), patient()], numbers: &numbers },
            Clones {
                table: "report_versions",
                model: by("report_id"),
                changed: vec![same("report_id"), patient()],
                numbers: &numbers,
            },
            Clones {
                table: "shares",
                model: by("id"),
                changed: vec![same("id"), same("report_id"), patient()],
                numbers: &numbers,
            },
        ];
        for clones in clones {
            clones.insert(database).await?;
        }
        let tokens = format!(
            "INSERT INTO patient_tokens SELECT '{clinic}', CASE WHEN is_rare THEN hashint8extended(token, j) ELSE token END, \
             bench.id(n) FROM ({of_patients}) AS patients JOIN bench.given USING (k)"
        );
        database.batch_execute(&tokens).await.context("what patients are found by")?;
        self.log(database, ranks, more).await
    }

    /// An event and a record of the audit log for each of these reports.
    async fn log(&self, database: &mut AsyncPgConnection, ranks: (u64, u64), more: (u64, u64)) -> Result<()> {
        let clinic = self.models.clinic;
        let numbers = format!(
            "SELECT k * {STRIDE} + j AS n, k * {STRIDE} + j - j % {REPORTS_OF_ONE} AS patient \
             FROM generate_series({}::bigint, {}) AS k, generate_series({}::bigint, {}) AS j",
            ranks.0, ranks.1, more.0, more.1
        );
        let same = |name: &'static str| (name, "bench.id(n)".to_owned());
        let first = |table: &str| {
            format!(
                "model.id = (SELECT min(id::text)::uuid FROM {table} WHERE clinic_id = '{clinic}' AND object_type = 'report')"
            )
        };
        // The numbers go on from the last one. No others are given meanwhile: nobody does anything.
        let last = format!("(SELECT max(sequence) FROM events WHERE clinic_id = '{clinic}')");
        let events = Clones {
            table: "events",
            model: format!("model.clinic_id = '{clinic}' AND {}", first("events")),
            changed: vec![
                same("id"),
                same("object_id"),
                ("sequence", format!("{last} + row_number() OVER (ORDER BY n)")),
            ],
            numbers: &numbers,
        };
        events.insert(database).await?;
        let records = Clones {
            table: "audit_events",
            model: first("audit_events"),
            changed: vec![
                same("id"),
                same("object_id"),
                ("patient_id", "bench.id(patient)".to_owned()),
                ("xid", "pg_current_xact_id()".to_owned()),
                ("salt", "gen_random_uuid()".to_owned()),
            ],
            numbers: &numbers,
        };
        records.insert(database).await
    }

    /// Waits until the service has sealed the audit log, and lets Postgres tidy up.
    async fn settle(&self, database: &mut AsyncPgConnection) -> Result<()> {
        let left = "SELECT (SELECT count(*) FROM audit_events) - (SELECT count(*) FROM audit_leaves) AS value";
        let began = std::time::Instant::now();
        let progress = Progress::new("sealing the audit log", count(database, left).await?);
        loop {
            let now = count(database, left).await?;
            progress.left(now);
            if now == 0 {
                break;
            }
            anyhow::ensure!(began.elapsed() < SEAL_PATIENCE, "{now} events of the audit log are not sealed");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        drop(progress);
        database.batch_execute("VACUUM (ANALYZE, FREEZE)").await?;
        Ok(database.batch_execute("CHECKPOINT").await?)
    }
}

#[expect(clippy::disallowed_methods, reason = "dates that a person would type into a form")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// An access token with at least a minute to live. The SDK renews it by itself when a call finds it too old.
pub(crate) async fn token(client: &Client) -> Result<String> {
    client.practitioners().me().await?;
    Ok(client.tokens().await.context("the session has ended")?.access_token.as_str().to_owned())
}

#[derive(diesel::QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

async fn text(database: &mut AsyncPgConnection, sql: &str) -> Result<String> {
    Ok(diesel::sql_query(sql).get_result::<Value>(database).await?.value)
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// A number that is asked for as `value`.
pub(crate) async fn count(database: &mut AsyncPgConnection, sql: &str) -> Result<u64> {
    Ok(u64::try_from(diesel::sql_query(sql).get_result::<Count>(database).await?.value)?)
}

/// The token of a family name, as the service looks for it.
pub(crate) async fn family_token(database: &mut AsyncPgConnection, family: u64) -> Result<i64> {
    let sql = "SELECT token AS value FROM bench.tokens WHERE family = $1";
    let found: Count = diesel::sql_query(sql).bind::<BigInt, _>(i64::try_from(family)?).get_result(database).await?;
    Ok(found.value)
}

/// The settings of the cluster that a durable commit takes.
pub(crate) async fn durability(database: &mut AsyncPgConnection) -> Result<String> {
    text(database, "SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) AS value FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')").await
}
