//! What is measured, as a client of the service does it, and how a script of `pgbench` finds the same items.

use crate::{
    http::{Answer, Connection},
    script::{Item, Named},
    world::{self, Account, FAMILIES, GUESTS, SEALED, STRIDE, World},
};
use anyhow::{Context, Result, bail, ensure};
use diesel_async::AsyncPgConnection;
use rapport_sdk::{
    contract::{
        consents::RecipientChoice,
        referrals::NewReferral,
        reports::{NewReport, ReportKind},
        shares::NewShare,
    },
    totp_code,
    uuid::Uuid,
};
use serde_json::{Value, json};
use std::{cell::Cell, time::Duration};
use tokio::sync::Mutex;

/// What stands for an item's id in what is sent.
const PLACEHOLDER: &str = "00000000-0000-0000-0000-000000000000";

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// A person of the receiving clinic reads a share that was opened before.
    Read,
    /// A machine of that clinic reads one.
    Machine,
    /// A guest reads one, at the link.
    Guest,
    /// A practitioner drafts a report and signs it: two requests.
    Create,
    /// A practitioner shares a report with another clinic.
    Share,
    /// A practitioner looks for patients by a family name that 20 of them have.
    Search,
    /// A practitioner drafts a referral and sends it, and the other clinic accepts it, which makes its record of the patient: three
    /// requests. Each state is left once, so that the referral is a new one each time.
    Move,
    /// A practitioner's system reads a page of what happened after some event.
    Feed,
    /// Somebody signs in by password and code: two requests. The password is looked at by argon2id, outside the database, so that
    /// there is nothing to compare `pgbench` with. Whoever is told to come back does so after the time that the answer names; it
    /// counts as one operation. A code works once; the benchmark has it forgotten before each time.
    Login,
}

impl Scenario {
    /// In the order in which they run.
    pub(crate) const ALL: [Self; 9] = [
        Self::Read,
        Self::Machine,
        Self::Guest,
        Self::Create,
        Self::Share,
        Self::Search,
        Self::Move,
        Self::Feed,
        Self::Login,
    ];

    /// As `--only` names it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Machine => "machine",
            Self::Guest => "guest",
            Self::Create => "create",
            Self::Share => "share",
            Self::Search => "search",
            Self::Move => "move",
            Self::Feed => "feed",
            Self::Login => "login",
        }
    }

    /// As the table names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read a shared report",
            Self::Machine => "read one as a machine",
            Self::Guest => "read one as a guest",
            Self::Create => "create and sign a report",
            Self::Share => "share a report",
            Self::Search => "search patients by family name",
            Self::Move => "draft, send and accept a referral",
            Self::Feed => "read the feed of events",
            Self::Login => "sign in",
        }
    }

    /// What each of its transactions says: by that they are known from the service's own work.
    pub(crate) fn context(self) -> &'static str {
        if self == Self::Guest { "app.link_id" } else { "app.clinic_id" }
    }

    /// Whether there is a script of `pgbench` for it.
    pub(crate) fn has_script(self) -> bool {
        self != Self::Login
    }

    /// How many items there are to choose from.
    pub(crate) fn items(self, world: &World) -> u64 {
        match self {
            Self::Read | Self::Machine | Self::Guest | Self::Share => world.readable(),
            Self::Create | Self::Move => SEALED,
            Self::Search => FAMILIES,
            // The last ones have no full page after them.
            Self::Feed => world.events().saturating_sub(200).max(1),
            Self::Login => 1,
        }
    }

    /// How a script draws an item, and by what it is recognised in what the service said of these two.
    pub(crate) async fn item(self, world: &World, two: [u64; 2], database: &mut AsyncPgConnection) -> Result<Item> {
        let items = self.items(world);
        let row = |apart: u64| two.map(|item| world::id(world::number(item) + apart));
        let (draw, named) = match self {
            Self::Search => {
                let [first, second] = two;
                let tokens =
                    [world::family_token(database, first).await?, world::family_token(database, second).await?];
                (format!("\\set n random(1, {items})\n"), vec![Named::new("bench.token(:n)", tokens)])
            }
            Self::Feed => (format!("\\set n random(1, {items})\n"), vec![Named::new(":n", two)]),
            _ => {
                let draw = format!("\\set n random(1, {items}) * {STRIDE}\n\\set guest :n + {GUESTS}\n");
                let cookies = two.map(|item| hash(&world::guest(world::number(item))));
                let named = vec![
                    Named::new("bench.id(:n)", row(0)),
                    Named::new("bench.id(:guest)", row(GUESTS)),
                    Named::new("bench.guest(:n)", cookies),
                ];
                (draw, named)
            }
        };
        Ok(Item { draw, named })
    }
}

fn hash(text: &str) -> String {
    use sha2::Digest;
    crate::values::hex(&sha2::Sha256::digest(text))
}

/// What the requests of a scenario need.
pub(crate) struct Requests<'w> {
    scenario: Scenario,
    /// The headers of who sends them; clients of several sessions take turns.
    headers: Vec<String>,
    /// Those of who answers.
    recipient: String,
    body: String,
    people: &'w [Account],
    database: Mutex<AsyncPgConnection>,
    run: u64,
    sent: Cell<u64>,
}

impl<'w> Requests<'w> {
    /// With tokens that have a minute to live at least. `run` sets its idempotency keys apart from those of other runs.
    pub(crate) async fn new(
        scenario: Scenario,
        world: &'w World,
        address: &str,
        mut database: AsyncPgConnection,
        run: u64,
    ) -> Result<Self> {
        let mut tokens = Vec::new();
        for client in &world.south {
            tokens.push(world::token(client).await?);
        }
        let recipient = tokens.first().map(|token| bearer(token)).unwrap_or_default();
        match scenario {
            Scenario::Read => {}
            Scenario::Machine => tokens = vec![machine(address, world).await?],
            Scenario::Guest => world::keep_guests(&mut database).await?,
            _ => tokens = vec![world::token(&world.north).await?],
        }
        // The SDK's own way to write it.
        let body = match scenario {
            Scenario::Create => serde_json::to_string(&NewReport {
                patient_id: Uuid::nil().into(),
                kind: ReportKind::ProgressReport,
                body: world::body(),
                sensitive_categories: vec![],
            })?,
            Scenario::Share => serde_json::to_string(&NewShare {
                recipient: RecipientChoice::clinic(world.recipient),
                sections: None,
                purpose: "treatment".to_owned(),
                cover_letter: Some("Thank you for looking at how our shared patient is doing.".into()),
            })?,
            Scenario::Move => {
                let to = RecipientChoice::clinic(world.recipient);
                let (condition, reason) = ("Low back stiffness of six months", "Manual treatment before imaging");
                serde_json::to_string(&NewReferral::of_patient(Uuid::nil(), to, condition, reason))?
            }
            _ => String::new(),
        };
        Ok(Self {
            scenario,
            headers: tokens.iter().map(|token| bearer(token)).collect(),
            recipient,
            body,
            people: &world.people,
            database: Mutex::new(database),
            run,
            sent: Cell::new(0),
        })
    }

    /// A header with an idempotency key that was never used.
    fn key(&self) -> String {
        self.sent.set(self.sent.get() + 1);
        format!("idempotency-key: {}\r\n", world::id((1 << 39) + self.run * 10_000_000 + self.sent.get()))
    }

    /// One operation, on this item.
    pub(crate) async fn act(&self, client: usize, connection: &mut Connection, item: u64) -> Result<()> {
        let headers = self.headers.get(client % self.headers.len()).context("nobody is signed in")?;
        let id = world::id(world::number(item));
        match self.scenario {
            Scenario::Read | Scenario::Machine => {
                let answer = connection.send("GET", &format!("/v1/shares/{id}"), headers, "").await?;
                ensure!(answer.status == 200, "a reading was answered {}", answer.status);
                ensure!(answer.body.len() > 1500, "a reading brought no report");
            }
            Scenario::Guest => {
                let link = world::id(world::number(item) + GUESTS);
                let cookie = format!("cookie: rapport_share={}\r\n", world::guest(world::number(item)));
                let answer = connection.send("GET", &format!("/v1/share_links/{link}"), &cookie, "").await?;
                ensure!(answer.status == 200, "a guest was answered {}", answer.status);
                ensure!(answer.body.len() > 1500, "a reading brought no report");
            }
            Scenario::Create => {
                let body = self.body.replace(PLACEHOLDER, &id);
                let place = self.post(connection, headers, "/v1/reports", &body).await?;
                let answer = self.change(connection, headers, 1, &format!("{place}/signature")).await?;
                ensure!(answer.status == 200, "a signature was answered {}", answer.status);
            }
            Scenario::Share => {
                self.post(connection, headers, &format!("/v1/reports/{id}/shares"), &self.body).await?;
            }
            Scenario::Search => {
                let name = format!("{{\"family_name\":\"Family{item:04}\"}}");
                let answer = connection.send("POST", "/v1/patients/search", headers, &name).await?;
                ensure!(answer.status == 200, "a search was answered {}", answer.status);
                ensure!(answer.body.len() > 2000, "a search found too few");
            }
            Scenario::Move => {
                let body = self.body.replace(PLACEHOLDER, &id);
                let place = self.post(connection, headers, "/v1/referrals", &body).await?;
                let sent = self.change(connection, headers, 1, &format!("{place}/send")).await?;
                ensure!(sent.status == 200, "sending was answered {}", sent.status);
                let accepted = self.change(connection, &self.recipient, 2, &format!("{place}/accept")).await?;
                ensure!(accepted.status == 200, "accepting was answered {}", accepted.status);
            }
            Scenario::Feed => {
                let answer = connection.send("GET", &format!("/v1/events?after={item}"), headers, "").await?;
                ensure!(answer.status == 200, "the feed was answered {}", answer.status);
                ensure!(answer.body.len() > 2000, "the feed brought too little");
            }
            Scenario::Login => self.sign_in(client, connection).await?,
        }
        Ok(())
    }

    /// Makes something, and tells where it is.
    async fn post(&self, connection: &mut Connection, headers: &str, path: &str, body: &str) -> Result<String> {
        let headers = format!("{headers}{}", self.key());
        let answer = connection.send("POST", path, &headers, body).await?;
        ensure!(answer.status == 201, "{path} was answered {}: {}", answer.status, text(&answer));
        Ok(answer.header("location").context("made without a place")?.to_owned())
    }

    /// Changes something of this version.
    async fn change<'c>(
        &self,
        connection: &'c mut Connection,
        headers: &str,
        version: u32,
        path: &str,
    ) -> Result<Answer<'c>> {
        let headers = format!("{headers}if-match: \"{version}\"\r\n{}", self.key());
        connection.send("POST", path, &headers, if path.ends_with("signature") { "" } else { "{}" }).await
    }

    async fn sign_in(&self, client: usize, connection: &mut Connection) -> Result<()> {
        let person = self.people.get(client % self.people.len()).context("nobody signs in")?;
        world::forget_codes_of(&mut *self.database.lock().await, person).await?;
        let body = json!({"email": person.email, "password": person.password}).to_string();
        let plain = "content-type: application/json\r\n";
        let token = loop {
            let answer = connection.send("POST", "/v1/auth/login", plain, &body).await?;
            let come_back = answer.header("retry-after").filter(|_| answer.status == 503);
            if let Some(seconds) = come_back.and_then(|seconds| seconds.parse().ok()) {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                continue;
            }
            ensure!(answer.status == 200, "a password was answered {}: {}", answer.status, text(&answer));
            let needed: Value = serde_json::from_slice(answer.body)?;
            let token = needed.get("mfa_token").and_then(Value::as_str).context("no second factor is asked for")?;
            break bearer(token);
        };
        let body = json!({"code": totp_code(&person.secret)?.as_str()}).to_string();
        let answer = connection.send("POST", "/v1/auth/mfa/verify", &token, &body).await?;
        ensure!(answer.status == 200, "a code was answered {}: {}", answer.status, text(&answer));
        Ok(())
    }
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\n")
}

fn text(answer: &Answer<'_>) -> String {
    String::from_utf8_lossy(answer.body).into_owned()
}

/// An access token of the machine.
async fn machine(address: &str, world: &World) -> Result<String> {
    let (id, secret) = &world.machine;
    let body = format!("grant_type=client_credentials&client_id={id}&client_secret={}", secret.as_str());
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let mut connection = Connection::open(address).await?;
    let answer = connection.send("POST", "/oauth/token", form, &body).await?;
    let token: Value = serde_json::from_slice(answer.body)?;
    match token.get("access_token").and_then(Value::as_str) {
        Some(token) => Ok(token.to_owned()),
        None => bail!("a machine was answered {}: {token}", answer.status),
    }
}
