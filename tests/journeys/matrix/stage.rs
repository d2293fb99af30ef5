//! The people and the objects that the operations are tried with, and a well-formed request for each of them.
//!
//! People come in through the SDK. What a request uses up is made anew for each, so that a cell never depends on the one before
//! it: through the SDK where something of it is sealed in its place, and else as a copy by SQL.

use super::{Of, Operation, answers::Request};
use crate::{
    api_clients::{self, Machine},
    emergency,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use diesel::sql_types::{Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_contract::{
    Sensitive,
    api_clients::{ApiClientPatch, Scope},
    consents::{Category, Consent, NewConsent, RecipientChoice, RevokeConsent},
    members::Role,
    patients::{NewPatient, Patient},
    referrals::{NewReferral, ReferralMove, ReferralVerb},
    reports::{NewReport, Report, ReportBody, ReportKind},
    shares::Share,
};
use rapport_sdk::totp_code;
use rapport_tests::{
    World, cases, files,
    people::{Clinic, PASSWORD, Person, asking_for, on_paper, sharing_with, wall_clock},
};
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderValue, IF_MATCH};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Stands in every report of clinic North, and nowhere else.
pub(super) const CONTENT_OF_NORTH: &str = "only those who treat at North may read this";
/// The same of clinic West.
pub(super) const CONTENT_OF_WEST: &str = "only those who treat at West may read this";

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    Nobody,
    Owner,
    Practitioner,
    Staff,
    PrivacyOfficer,
    Reader,
    Writer,
    Recipient,
    Stranger,
    Patient,
    Guest,
    Forged,
    Ended,
}

impl Caller {
    pub(super) const ALL: [Self; 13] = [
        Self::Nobody,
        Self::Owner,
        Self::Practitioner,
        Self::Staff,
        Self::PrivacyOfficer,
        Self::Reader,
        Self::Writer,
        Self::Recipient,
        Self::Stranger,
        Self::Patient,
        Self::Guest,
        Self::Forged,
        Self::Ended,
    ];

    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Owner => "owner",
            Self::Practitioner => "practitioner",
            Self::Staff => "staff",
            Self::PrivacyOfficer => "privacy officer",
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Recipient => "recipient",
            Self::Stranger => "stranger",
            Self::Patient => "patient",
            Self::Guest => "guest",
            Self::Forged => "forged",
            Self::Ended => "ended",
        }
    }

    /// Whether it is an API client.
    pub(super) const fn is_machine(self) -> bool {
        matches!(self, Self::Reader | Self::Writer)
    }
}

/// Somebody or something with an access token.
struct SignedIn {
    caller: Caller,
    /// The member, or the client.
    member: Uuid,
    token: String,
    /// The secret of a person's authenticator.
    totp: Option<Sensitive<String>>,
    /// What a machine signs in with.
    machine: Option<Machine>,
}

/// A patient with everything that there can be of one.
struct Case {
    patient: Patient,
    consent: Consent,
    draft: Report,
    report: Report,
    share: Option<Share>,
    /// A file: of the report, or where that has none of the draft.
    file: Uuid,
}

pub(super) struct Stage<'w> {
    world: &'w World,
    conn: AsyncPgConnection,
    people: Vec<SignedIn>,
    /// Signs in with the right password in `log_in`; nobody else does.
    spare: Person,
    south: Uuid,
    wests_owner: Uuid,
    wests_member: Uuid,
    wests_emergency: Uuid,
    /// Sent to South before the patient revoked, and West's own.
    revoked_referral: Uuid,
    wests_referral: Uuid,
    /// A client of North that nobody calls as, and one of clinic West.
    machine: Machine,
    wests_machine: Machine,
    north: Case,
    shared: Case,
    revoked: Case,
    west: Case,
    /// The link of `north`'s question.
    link: Uuid,
    link_secret: String,
    /// The link of a share of `north`'s report to a guest, and what is behind its `#`.
    share_link: Uuid,
    share_link_secret: String,
    made: u64,
    /// Clinic North as somebody who makes things and whose session nobody ends; and clinic West.
    norths: Clinic<'w>,
    wests: Clinic<'w>,
    /// A patient of North's who agreed to referrals to the guest.
    guests_patient: Uuid,
    /// A webhook of clinic West's, or North's, and an event that it was told.
    webhooks: BTreeMap<bool, (Uuid, Uuid)>,
    /// The report that was shared with the guest.
    guests_report: Uuid,
    /// The file that was signed with it.
    guests_file: Uuid,
    /// Of each link that was made: the address of its patient and the hash of its statement.
    links: BTreeMap<Uuid, (String, String)>,
}

fn body(content: &str) -> ReportBody {
    ReportBody { summary: Some(content.into()), ..cases::ankylosing_spondylitis() }
}

async fn draft(clinic: &Clinic<'_>, patient: &Patient, content: &str) -> Report {
    let kind = ReportKind::ProgressReport;
    let new = NewReport { patient_id: patient.id, kind, body: body(content), sensitive_categories: Vec::new() };
    clinic.client().reports().draft(&new).await.unwrap()
}

/// A question that covers files and referrals too.
fn asking_for_files(recipient: RecipientChoice) -> NewConsent {
    let mut request = asking_for(recipient);
    request.categories.extend([Category::Attachments, Category::Referral]);
    request
}

/// A referral to a clinic, a draft, or sent.
async fn referral(from: &Clinic<'_>, patient: Uuid, to: Uuid, content: &str, is_sent: bool) -> Uuid {
    referral_to(from, patient, RecipientChoice::clinic(to), content, is_sent).await
}

async fn referral_to(from: &Clinic<'_>, patient: Uuid, to: RecipientChoice, content: &str, is_sent: bool) -> Uuid {
    let new = NewReferral::of_patient(patient, to, content, "Manual treatment before imaging");
    let referrals = from.client().referrals();
    let draft = referrals.create(&new).await.unwrap();
    if is_sent {
        referrals.act(&draft, ReferralVerb::Send, &ReferralMove::default()).await.unwrap();
    }
    draft.id.into()
}

/// A text file of a report.
async fn attach(clinic: &Clinic<'_>, report: Uuid, content: &str) -> Uuid {
    let attachments = clinic.client().attachments();
    attachments.add(report.into(), "note.txt", "text/plain", content.as_bytes()).await.unwrap().id.into()
}

/// A signed report with a file.
async fn signed_with_file(clinic: &Clinic<'_>, patient: &Patient, content: &str) -> (Report, Uuid) {
    let draft = draft(clinic, patient, content).await;
    let file = attach(clinic, draft.id.into(), content).await;
    let reports = clinic.client().reports();
    (reports.sign(&reports.get(draft.id).await.unwrap()).await.unwrap(), file)
}

/// A patient whose report was shared with `recipient`.
async fn shared_case(clinic: &Clinic<'_>, recipient: Uuid, content: &str) -> Case {
    let patient = clinic.patient().await;
    let consent = clinic.consented(&patient, &asking_for_files(RecipientChoice::clinic(recipient))).await;
    let draft = draft(clinic, &patient, content).await;
    let (report, file) = signed_with_file(clinic, &patient, content).await;
    let share = clinic.client().shares().create(report.id, &sharing_with(RecipientChoice::clinic(recipient))).await;
    Case { patient, consent, draft, report, share: Some(share.unwrap()), file }
}

async fn machine_of(clinic: &Clinic<'_>, scopes: &[Scope], author: Uuid) -> Machine {
    let machine = api_clients::machine(clinic, scopes).await;
    let clients = clinic.client().api_clients();
    let patch = ApiClientPatch { author_id: Some(Some(author.into())), ..ApiClientPatch::default() };
    clients.update(&clients.get(machine.id).await.unwrap(), &patch).await.unwrap();
    machine
}

/// Where the guest of the stage gets mail.
const GUEST: &str = "kim@guest.example.org";

/// A patient without a record number: one that a test gives must be free.
async fn new_patient(clinic: &Clinic<'_>) -> Patient {
    let new = NewPatient {
        given_name: "Casey".into(),
        family_name: "Sample".into(),
        birth_date: cases::birth_date().into(),
        mrn: None,
        email: Some(format!("casey{}@patients.example.org", clinic.world.number()).into()),
        phone: None,
    };
    clinic.client().patients().create(&new).await.unwrap()
}

fn to_guest() -> RecipientChoice {
    RecipientChoice::guest("Kim Guest", GUEST)
}

/// A report of North's that is shared with a guest, and the address of the link.
async fn guests_link(clinic: &Clinic<'_>) -> (Uuid, Uuid, Uuid, String) {
    let patient = clinic.patient().await;
    clinic.consented(&patient, &asking_for_files(to_guest())).await;
    let (report, file) = signed_with_file(clinic, &patient, CONTENT_OF_NORTH).await;
    clinic.client().shares().create(report.id, &sharing_with(to_guest())).await.unwrap();
    (patient.id.into(), report.id.into(), file, clinic.world.mailbox().link(GUEST, 1).await)
}

async fn token_of(person: &Person) -> String {
    person.client.tokens().await.unwrap().access_token.as_str().to_owned()
}

/// The token with another signature.
fn forge(token: &str) -> String {
    let (claims, signature) = token.rsplit_once('.').unwrap();
    let forged: String = signature.chars().rev().collect();
    format!("{claims}.{forged}")
}

impl<'w> Stage<'w> {
    pub(super) async fn set(world: &'w World) -> Self {
        let (north, south) = (world.clinic("north").await, world.clinic("south").await);
        let (east, west) = (world.clinic("east").await, world.clinic("west").await);
        let practitioner = north.member(Role::Practitioner).await;
        let staff = north.member(Role::Staff).await;
        let officer = north.member(Role::PrivacyOfficer).await;
        let former = north.member(Role::Practitioner).await;
        let recipient = south.member(Role::Practitioner).await;

        let mut people = Vec::new();
        for (caller, person) in [
            (Caller::Owner, &north.owner),
            (Caller::Practitioner, &practitioner),
            (Caller::Staff, &staff),
            (Caller::PrivacyOfficer, &officer),
            (Caller::Recipient, &recipient),
            (Caller::Stranger, &east.owner),
            (Caller::Ended, &former),
        ] {
            let (token, totp) = (token_of(person).await, Some(person.totp.clone()));
            people.push(SignedIn { caller, member: person.id.into(), token, totp, machine: None });
        }
        let (member, token) = (north.owner.id, forge(&people[0].token));
        people.push(SignedIn { caller: Caller::Forged, member: member.into(), token, totp: None, machine: None });
        for (caller, end) in [(Caller::Reader, ":read"), (Caller::Writer, ":write")] {
            let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| scope.as_str().ends_with(end)).collect();
            let made = machine_of(&north, &scopes, practitioner.id.into()).await;
            let token = api_clients::token_of(world, &made).await;
            people.push(SignedIn { caller, member: made.id.into(), token, totp: None, machine: Some(made) });
        }
        let machine = machine_of(&north, &[Scope::PatientsRead], practitioner.id.into()).await;
        let wests_machine = machine_of(&west, &[Scope::PatientsRead], west.owner.id.into()).await;
        former.client.auth().logout().await.unwrap();

        let patient = north.patient().await;
        let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
        let address = patient.email.as_ref().unwrap().as_str();
        let link = world.mailbox().link(address, 1).await;
        let (link, link_secret) = link.rsplit('/').next().unwrap().split_once('#').unwrap();
        let (guests_patient, guests_report, guests_file, guest_link) = guests_link(&north).await;
        let (share_link, share_link_secret) = guest_link.rsplit('/').next().unwrap().split_once('#').unwrap();
        let norths_draft = draft(&north, &patient, CONTENT_OF_NORTH).await;
        let norths = Case {
            file: attach(&north, norths_draft.id.into(), CONTENT_OF_NORTH).await,
            draft: norths_draft,
            report: north.signed_report(&patient, Some(body(CONTENT_OF_NORTH))).await,
            patient,
            consent,
            share: None,
        };
        let shared = shared_case(&north, south.id.into(), CONTENT_OF_NORTH).await;
        let revoked = shared_case(&north, south.id.into(), CONTENT_OF_NORTH).await;
        let revoked_referral =
            referral(&north, revoked.patient.id.into(), south.id.into(), CONTENT_OF_NORTH, true).await;
        north.client().referrals().write(revoked_referral.into(), CONTENT_OF_NORTH).await.unwrap();
        world.at_link(&revoked.patient).await.revoke().await.unwrap();

        let mut conn = world.database().await;
        // Somewhere for clinic West to send to, with nobody in it who could read it.
        let away = Uuid::from_u128(1);
        let insert = format!("insert into clinics (id, name, created_at) values ('{away}', 'Away (test)', now())");
        conn.batch_execute(&insert).await.unwrap();
        let wests = shared_case(&west, away, CONTENT_OF_WEST).await;
        let wests_member = west.member(Role::Staff).await;
        let wests_emergency = emergency::open(&wests_member, wests.patient.id).await.id;
        let condition = "Neck pain and headache, about six a month";
        let asked = NewReferral {
            attestation: Some(true),
            ..NewReferral::second_opinion(
                RecipientChoice::clinic(south.id),
                condition,
                "Massage alone has not helped",
                "What would you add?",
            )
        };
        north.client().referrals().create(&asked).await.unwrap();
        let wests_referral = referral(&west, wests.patient.id.into(), away, CONTENT_OF_WEST, true).await;
        let maker = north.member(Role::Practitioner).await;
        let norths_maker = Clinic { world, id: north.id, name: north.name.clone(), owner: maker };
        let (wests_owner, norths_consent) = (west.owner.id, norths.consent.statement_hash.clone());
        let links = BTreeMap::from([(
            link.parse().unwrap(),
            (norths.patient.email.as_ref().unwrap().as_str().to_owned(), norths_consent),
        )]);
        world.sealed().await;
        Self {
            webhooks: BTreeMap::new(),
            norths: norths_maker,
            wests: west,
            guests_patient,
            guests_report,
            guests_file,
            links,
            world,
            conn,
            people,
            south: south.id.into(),
            wests_owner: wests_owner.into(),
            wests_member: wests_member.id.into(),
            wests_emergency: wests_emergency.into(),
            revoked_referral,
            wests_referral,
            machine,
            wests_machine,
            north: norths,
            shared,
            revoked,
            west: wests,
            link: link.parse().unwrap(),
            link_secret: link_secret.to_owned(),
            share_link: share_link.parse().unwrap(),
            share_link_secret: share_link_secret.to_owned(),
            spare: south.owner,
            made: 1,
        }
    }

    /// Gives everybody who may have one a new token, where the play takes longer than a token lives.
    pub(super) async fn renew(&mut self) {
        for index in 0..self.people.len() {
            let SignedIn { caller, member, machine, .. } = &self.people[index];
            let token = match (machine, caller) {
                (_, Caller::Forged | Caller::Ended) => continue,
                (Some(machine), _) => api_clients::token_of(self.world, machine).await,
                (None, _) => {
                    let member = *member;
                    let clinic = self.text(&format!("select clinic_id::text from members where id = '{member}'")).await;
                    self.world.token(member.into(), clinic.parse().unwrap()).await
                }
            };
            self.people[index].token = token;
        }
        // Who makes the things of the play stays signed in by being seen.
        for maker in [&self.norths, &self.wests] {
            maker.client().practitioners().me().await.unwrap();
        }
    }

    /// What nobody outside of North may be told, by what it is.
    pub(super) fn norths_own(&self) -> Vec<(&'static str, String)> {
        let mut secrets = Vec::new();
        for case in [&self.north, &self.shared, &self.revoked] {
            secrets.push(("patient", case.patient.id.to_string()));
            secrets.push(("patient's name", case.patient.family_name.as_str().to_owned()));
            secrets.push(("patient's address", case.patient.email.as_ref().unwrap().as_str().to_owned()));
            secrets.push(("consent", case.consent.id.to_string()));
            secrets.push(("draft", case.draft.id.to_string()));
            let report = if case.share.is_some() { "shared report" } else { "report" };
            secrets.push((report, case.report.id.to_string()));
            secrets.extend(case.share.as_ref().map(|share| ("share", share.id.to_string())));
        }
        secrets
    }

    fn case(&self, of: Of) -> Option<&Case> {
        match of {
            Of::North => Some(&self.north),
            Of::Shared => Some(&self.shared),
            Of::Revoked => Some(&self.revoked),
            Of::West => Some(&self.west),
            _ => None,
        }
    }

    fn new_id(&mut self) -> Uuid {
        self.made += 1;
        Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 | u128::from(self.made))
    }

    async fn sql(&mut self, sql: &str) {
        self.conn.batch_execute(sql).await.expect(sql);
    }

    async fn text(&mut self, sql: &str) -> String {
        diesel::select(diesel::dsl::sql::<Text>(&format!("({sql})"))).get_result(&mut self.conn).await.expect(sql)
    }

    async fn version(&mut self, table: &str, id: Uuid) -> i32 {
        // A missing object has some version: the request is as well-formed as any.
        let sql = format!("coalesce((select version from {table} where id = '{id}'), 1)");
        diesel::select(diesel::dsl::sql::<Integer>(&sql)).get_result(&mut self.conn).await.expect(&sql)
    }

    /// A copy of a row under an id of its own, with these changes.
    async fn copy(&mut self, table: &str, from: Uuid, mut changes: Value) -> Uuid {
        let id = self.new_id();
        changes["id"] = json!(id);
        self.sql(&format!(
            "insert into {table} select (jsonb_populate_record(old, '{changes}')).* from {table} old where id = '{from}'"
        ))
        .await;
        id
    }

    /// A signed report of a patient of North's.
    async fn new_report(&self, patient: &Patient) -> Uuid {
        self.norths.signed_report(patient, Some(body(CONTENT_OF_NORTH))).await.id.into()
    }

    /// Another patient of the clinic that this one is of.
    async fn copy_patient(&mut self, from: Uuid) -> Uuid {
        let clinic = self.text(&format!("select clinic_id::text from patients where id = '{from}'")).await;
        let clinic = if clinic == self.wests.id.to_string() { &self.wests } else { &self.norths };
        new_patient(clinic).await.id.into()
    }

    /// A question of North's in this state, to a patient of its own: what is signed or revoked here must not open or close
    /// anything elsewhere.
    async fn consent(&mut self, state: &str) -> (Consent, Patient) {
        let patient = new_patient(&self.norths).await;
        let consent = self.norths.ask(&patient, &asking_for(RecipientChoice::clinic(self.south))).await;
        if state != "active" {
            return (consent, patient);
        }
        let consents = self.norths.client().consents();
        (consents.record_paper_signature(&consent, &on_paper()).await.unwrap(), patient)
    }

    /// A link of North's with the secret of the first, to a question of its own in this state.
    async fn copy_link(&mut self, state: &str) -> Uuid {
        let (consent, patient) = self.consent(state).await;
        let (first, consent, hash) = (self.link, consent.id, consent.statement_hash);
        self.sql(&format!(
            "update consent_links set secret_hash = (select secret_hash from consent_links where id = '{first}') \
             where consent_id = '{consent}'"
        ))
        .await;
        let link = self.text(&format!("select id::text from consent_links where consent_id = '{consent}'")).await;
        let link = link.parse().unwrap();
        self.links.insert(link, (patient.email.unwrap().as_str().to_owned(), hash));
        link
    }

    /// A share of North's that clinic South can read, or could until the consent was revoked.
    async fn new_share(&self, of: Of) -> Uuid {
        let to_south = RecipientChoice::clinic(self.south);
        let share = async |report| self.norths.client().shares().create(report, &sharing_with(to_south.clone())).await;
        if of == Of::Shared {
            return share(self.shared.report.id).await.unwrap().id.into();
        }
        let patient = new_patient(&self.norths).await;
        let consent = self.norths.ask(&patient, &asking_for(to_south.clone())).await;
        let consents = self.norths.client().consents();
        consents.record_paper_signature(&consent, &on_paper()).await.unwrap();
        let made = share(self.new_report(&patient).await.into()).await.unwrap();
        consents.revoke(consent.id, &RevokeConsent::default()).await.unwrap();
        made.id.into()
    }

    fn signed_in(&self, caller: Caller) -> Option<&SignedIn> {
        self.people.iter().find(|person| person.caller == caller)
    }

    /// A request as this caller would send it, with an object that nobody has used yet.
    pub(super) async fn request(&mut self, operation: &Operation, caller: Caller, of: Of) -> Request {
        let mut request = Request::default();
        if let Some(person) = self.signed_in(caller) {
            let (member, bearer) = (person.member, format!("Bearer {}", person.token));
            request.headers.insert(AUTHORIZATION, HeaderValue::from_str(&bearer).unwrap());
            if caller != Caller::Ended {
                // Signing out is tried too, and is not to end the play.
                self.sql(&format!("update sessions set ended_at = null where member_id = '{member}'")).await;
            }
        }
        if caller == Caller::Patient {
            let own = self.link_of_patient(&operation.id).await;
            let [cookie, csrf] = [self.new_id(), self.new_id()];
            self.sql(&format!(
                "insert into consent_link_sessions (hash, link_id, csrf_hash, expires_at, last_seen_at) values \
                 (sha256('{cookie}'), '{own}', sha256('{csrf}'), now() + interval '1 hour', now())"
            ))
            .await;
            let cookie = HeaderValue::from_str(&format!("rapport_consent={cookie}")).unwrap();
            request.headers.insert(COOKIE, cookie);
            request.headers.insert("x-csrf-token", HeaderValue::from_str(&csrf.to_string()).unwrap());
            request.id = Some(own);
        }
        if caller == Caller::Guest {
            let own = match operation.tag.as_str() {
                "referral links" => self.copy_referral_link().await,
                _ => self.copy_share_link().await,
            };
            let [cookie, csrf] = [self.new_id(), self.new_id()];
            self.sql(&format!(
                "insert into share_link_sessions (hash, clinic_id, link_id, csrf_hash, expires_at, last_seen_at) select \
                 sha256('{cookie}'), clinic_id, id, sha256('{csrf}'), now() + interval '1 hour', now() \
                 from share_links where id = '{own}'"
            ))
            .await;
            let cookie = HeaderValue::from_str(&format!("rapport_share={cookie}")).unwrap();
            request.headers.insert(COOKIE, cookie);
            request.headers.insert("x-csrf-token", HeaderValue::from_str(&csrf.to_string()).unwrap());
            request.id = Some(own);
        }
        let id = operation.id.as_str();
        match operation.tag.as_str() {
            "auth" => self.signing_in(id, caller, of, &mut request).await,
            "oauth" => self.oauth(id, of, &mut request).await,
            "api clients" => self.api_clients(id, of, &mut request).await,
            "clinics" | "members" | "practitioners" => self.clinics(id, caller, of, &mut request).await,
            "consent links" => {
                request.id = request.id.filter(|_| caller == Caller::Patient);
                self.at_link(id, of, &mut request).await;
            }
            "share links" => {
                request.id = request.id.filter(|_| caller == Caller::Guest);
                self.at_share_link(id, of, &mut request).await;
            }
            "referral links" => {
                request.id = request.id.filter(|_| caller == Caller::Guest);
                self.at_referral_link(id, of, &mut request).await;
            }
            "incidents" => {
                request.id = self.incident(of).await;
                if id == "close_incident" {
                    request.body = Some(json!({"note": "The address had a wrong letter."}));
                }
            }
            "emergency access" => self.emergency_access(id, caller, of, &mut request).await,
            "patients" | "consents" => self.patients(id, of, &mut request).await,
            "reports" => self.reports(id, of, &mut request).await,
            "shares" => self.shares(id, of, &mut request).await,
            "attachments" => self.attachments(id, of, &mut request).await,
            "referrals" => self.referrals(id, caller, of, &mut request).await,
            "audit" => self.audit(id, of, &mut request).await,
            "events" if id == "follow_events" => request.query = Some("seconds=0&after=1000000".to_owned()),
            "webhooks" => self.webhooks(id, caller, of, &mut request).await,
            _ => {}
        }
        if of == Of::Missing {
            request.id = Some(self.new_id());
        }
        request
    }

    async fn link_of_patient(&mut self, id: &str) -> Uuid {
        self.copy_link(if id == "revoke_linked_consent" { "active" } else { "pending" }).await
    }

    async fn signing_in(&mut self, id: &str, caller: Caller, of: Of, request: &mut Request) {
        let is_right = of == Of::Right;
        match id {
            "log_in" => {
                let password = if is_right { PASSWORD } else { "another long enough sentence" };
                // The failures of the callers before it would delay this one.
                self.sql("delete from sign_in_failures").await;
                request.body = Some(json!({"email": self.spare.email, "password": password}));
            }
            "enrol_mfa" | "verify_mfa" => {
                let token = self.new_id();
                if is_right {
                    let (purpose, spare) = match id {
                        // Somebody whose authenticator has not been enrolled.
                        "enrol_mfa" => {
                            let number = self.world.number();
                            let email = format!("new{number}@matrix.example.org");
                            let new = json!({"email": email, "totp_confirmed_at": null, "totp_secret": null, "totp_key_version": null});
                            ("enrol", self.copy("members", self.spare.id.into(), new).await)
                        }
                        _ => ("verify", self.spare.id.uuid()),
                    };
                    // As if the code of this half minute had not been used.
                    self.sql(&format!(
                        "update members set totp_last_step = 0 where id = '{spare}'; \
                         insert into mfa_challenges (hash, clinic_id, member_id, purpose, expires_at) values \
                         (sha256('{token}'), '{}', '{spare}', '{purpose}', now() + interval '5 minutes')",
                        self.south
                    ))
                    .await;
                    let bearer = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
                    request.headers.insert(AUTHORIZATION, bearer);
                }
                if id == "verify_mfa" {
                    request.body = Some(json!({"code": totp_code(&self.spare.totp).unwrap()}));
                }
            }
            "refresh_tokens" => {
                let token = self.new_id();
                let session = self.session_of(self.spare.id.into()).await;
                if is_right {
                    self.sql(&format!(
                        "insert into refresh_tokens (hash, session_id, expires_at) values \
                         (sha256('{token}'), '{session}', now() + interval '1 hour')"
                    ))
                    .await;
                }
                request.body = Some(json!({"refresh_token": token}));
            }
            "end_session" => {
                let own = self.signed_in(caller).map(|person| person.member);
                let norths = [self.people[0].member, self.people[1].member];
                let whose = match of {
                    // A machine has none.
                    Of::Own => own.filter(|_| !caller.is_machine()).unwrap_or(norths[0]),
                    Of::Colleague => norths.into_iter().find(|member| own != Some(*member)).unwrap(),
                    _ => self.wests_owner,
                };
                request.id = Some(self.session_of(whose).await);
            }
            _ => {}
        }
    }

    async fn oauth(&mut self, id: &str, of: Of, request: &mut Request) {
        let Machine { id: client, secret } = &self.machine;
        let secret = if of == Of::Right { secret } else { "another" };
        request.form = Some(format!("grant_type=client_credentials&client_id={client}&client_secret={secret}"));
        if id == "revoke_token" {
            let token = self.new_id();
            if of == Of::Right {
                let session = self.session_of(self.spare.id.into()).await;
                self.sql(&format!(
                    "insert into refresh_tokens (hash, session_id, expires_at) values \
                     (sha256('{token}'), '{session}', now() + interval '1 hour')"
                ))
                .await;
            }
            request.form = Some(format!("token={token}"));
        }
    }

    async fn api_clients(&mut self, id: &str, of: Of, request: &mut Request) {
        let from = if of == Of::West { self.wests_machine.id } else { self.machine.id };
        let client = self.copy("api_clients", from.into(), json!({"version": 1})).await;
        let secret = self.new_id();
        self.sql(&format!(
            "insert into api_client_secrets (id, clinic_id, client_id, hash, created_at) \
             select '{secret}', clinic_id, id, sha256('{secret}'), now() from api_clients where id = '{client}'"
        ))
        .await;
        match id {
            "create_api_client" => request.body = Some(json!({"name": "Software", "scopes": ["patients:read"]})),
            "list_api_clients" => {}
            _ => {
                request.id = Some(client);
                request.second_id = Some(secret);
            }
        }
        if id == "update_api_client" {
            request.body = Some(json!({"name": "Other software"}));
        }
        if matches!(id, "update_api_client" | "end_api_client") {
            if_match(request, 1);
        }
    }

    /// A webhook with two secrets and something that it was told. Nobody is behind its address, and nobody is asked.
    async fn webhooks(&mut self, id: &str, caller: Caller, of: Of, request: &mut Request) {
        // Nobody but the owner uses one up: the others may all try the same.
        let known = self.webhooks.get(&(of == Of::West)).copied().filter(|_| caller != Caller::Owner);
        if let Some((webhook, told)) = known.filter(|_| !matches!(id, "create_webhook" | "list_webhooks")) {
            (request.id, request.second_id) = (Some(webhook), Some(told));
            return Self::change_of_webhook(id, request);
        }
        let new = json!({"url": "https://hook.invalid/told", "types": ["share.opened"]});
        // A clinic has so many that are not over.
        self.sql(
            "update webhooks set state = 'ended', disabled_because = null, challenge_at = null where state <> 'ended' \
             and id not in (select id from webhooks order by id desc limit 10)",
        )
        .await;
        match id {
            "create_webhook" => request.body = Some(new),
            "list_webhooks" => {}
            _ => {
                let (owner, clinic) = match of {
                    Of::West => (self.wests_owner, self.wests.id),
                    _ => (self.people[0].member, self.norths.id),
                };
                // In a session of its own: the owner of the play signs out.
                let token = self.world.token(owner.into(), clinic).await;
                let make = async |path: &str, body: &Value| -> Value {
                    let request = self.world.http().post(format!("{}{path}", self.world.url()));
                    request.bearer_auth(&token).json(body).send().await.unwrap().json().await.unwrap()
                };
                let made = make("/v1/webhooks", &new).await;
                let webhook: Uuid = made["webhook"]["id"].as_str().unwrap().parse().unwrap();
                if id == "end_webhook_secret" {
                    let made = make(&format!("/v1/webhooks/{webhook}/secrets"), &json!({})).await;
                    request.second_id = Some(made["id"].as_str().unwrap().parse().unwrap());
                }
                let told = self.new_id();
                self.sql(&format!(
                    "update webhooks set state = 'disabled', disabled_because = 'gone', challenge_at = null, version = 1 \
                     where id = '{webhook}'; \
                     insert into events (id, clinic_id, kind, object_type, object_id, object_version, occurred_at) \
                     select '{told}', clinic_id, 'share.opened', 'share', '{told}', 2, now() from webhooks where id = '{webhook}'; \
                     insert into webhook_deliveries (clinic_id, webhook_id, event_id, object_id, sequence, state, created_at, \
                     next_attempt_at, give_up_at, finished_at) select clinic_id, id, '{told}', '{told}', 1, 'delivered', now(), \
                     now(), now(), now() from webhooks where id = '{webhook}'"
                ))
                .await;
                self.webhooks.insert(of == Of::West, (webhook, told));
                request.id = Some(webhook);
                request.second_id = request.second_id.or(Some(told));
            }
        }
        Self::change_of_webhook(id, request);
    }

    fn change_of_webhook(id: &str, request: &mut Request) {
        if id == "update_webhook" {
            request.body = Some(json!({"types": ["share.delivered"]}));
        }
        if matches!(id, "update_webhook" | "end_webhook") {
            if_match(request, 1);
        }
    }

    /// A session of this member, in force, that nobody has a token of.
    async fn session_of(&mut self, member: Uuid) -> Uuid {
        let sql = format!("select id::text from sessions where member_id = '{member}' order by id limit 1");
        let session = self.text(&sql).await.parse().unwrap();
        self.copy("sessions", session, json!({"ended_at": null})).await
    }

    async fn clinics(&mut self, id: &str, caller: Caller, of: Of, request: &mut Request) {
        let number = self.world.number();
        let email = format!("new{number}@matrix.example.org");
        match id {
            "sign_up_clinic" => {
                request.body = Some(json!({
                    "clinic": {"name": format!("Clinic {number} (test)")},
                    "owner": {"name": "New Owner", "email": email, "password": PASSWORD, "profession": "physician"}
                }));
            }
            "invite_member" => request.body = Some(json!({"name": "New Member", "email": email, "role": "staff"})),
            "accept_invitation" => {
                let token = self.new_id();
                if of == Of::Right {
                    let member = self.new_member(&email).await;
                    self.sql(&format!(
                        "update members set state = 'invited', password_hash = null, invitation_hash = sha256('{token}'), \
                         invitation_expires_at = now() + interval '1 day' where id = '{member}'"
                    ))
                    .await;
                }
                request.body = Some(json!({"token": token, "password": PASSWORD}));
            }
            "end_member" => {
                request.id = Some(if of == Of::North { self.new_member(&email).await } else { self.wests_member });
                let version = self.version("members", request.id.unwrap()).await;
                if_match(request, version);
            }
            "get_practitioner" => {
                request.id = Some(if of == Of::North { self.people[1].member } else { self.wests_owner });
            }
            "update_own_entry" => {
                request.body = Some(json!({"is_accepting": true}));
                let me = self.signed_in(caller).map(|person| person.member).unwrap_or_default();
                let version = self.version("members", me).await;
                if_match(request, version);
            }
            _ => {}
        }
    }

    async fn new_member(&mut self, email: &str) -> Uuid {
        let practitioner = self.people[1].member;
        let new = json!({"email": email, "version": 1, "totp_secret": null, "totp_key_version": null});
        self.copy("members", practitioner, new).await
    }

    async fn at_link(&mut self, id: &str, of: Of, request: &mut Request) {
        let state = if id == "revoke_linked_consent" { "active" } else { "pending" };
        if of != Of::Own || request.id.is_none() {
            request.id = Some(self.copy_link(state).await);
        }
        let secret = if of == Of::Wrong { "another secret" } else { &self.link_secret }.to_owned();
        match id {
            "challenge_consent_link" => request.body = Some(json!({"secret": secret})),
            "open_consent_link_session" => {
                let mut code = "000000".to_owned();
                if of == Of::Right {
                    code = self.code_for(request.id.unwrap()).await;
                }
                let birth_date = cases::birth_date();
                request.body = Some(json!({"secret": secret, "birth_date": birth_date, "code": code}));
            }
            "sign_linked_consent" => {
                let (_, hash) = &self.links[&request.id.unwrap()];
                request.body = Some(json!({"signed_name": "Casey Sample", "statement_hash": hash}));
            }
            _ => {}
        }
    }

    /// A link for the guest with the secret of the first, old enough for a new one, to a share of its own that has been opened.
    async fn copy_share_link(&mut self) -> Uuid {
        let shares = self.norths.client().shares();
        let share = shares.create(self.guests_report.into(), &sharing_with(to_guest())).await.unwrap().id;
        let first = self.share_link;
        self.sql(&format!(
            "update shares set state = 'opened', opened_at = now() where id = '{share}'; \
             update share_links set secret_hash = (select secret_hash from share_links where id = '{first}'), \
             created_at = now() - interval '2 minutes', expires_at = now() + interval '1 day' where share_id = '{share}'"
        ))
        .await;
        self.text(&format!("select id::text from share_links where share_id = '{share}'")).await.parse().unwrap()
    }

    async fn at_share_link(&mut self, id: &str, of: Of, request: &mut Request) {
        if of != Of::Own || request.id.is_none() {
            request.id = Some(self.copy_share_link().await);
        }
        let secret = if of == Of::Wrong { "another secret" } else { &self.share_link_secret }.to_owned();
        match id {
            "challenge_share_link" | "renew_share_link" => request.body = Some(json!({"secret": secret})),
            "open_share_link_session" => {
                let mut code = "000000".to_owned();
                if of == Of::Right {
                    let (link, mailbox) = (request.id.unwrap(), self.world.mailbox());
                    self.mail_is_out().await;
                    let codes = mailbox.to(GUEST).iter().filter(|mail| mail.code().is_some()).count();
                    let links = self.world.nobody().share_links();
                    links.open(link, self.share_link_secret.as_str()).challenge().await.unwrap();
                    code = mailbox.code(GUEST, codes + 1).await;
                }
                request.body = Some(json!({"secret": secret, "code": code}));
            }
            "get_linked_attachment" => request.second_id = Some(self.guests_file),
            // In the session; with the secret it is a matter of the secret alone.
            "report_misdirected_share" => request.body = Some(json!({})),
            _ => {}
        }
    }

    /// The same to a referral of its own.
    async fn copy_referral_link(&mut self) -> Uuid {
        let referral = referral_to(&self.norths, self.guests_patient, to_guest(), CONTENT_OF_NORTH, true).await;
        let first = self.share_link;
        self.sql(&format!(
            "update share_links set secret_hash = (select secret_hash from share_links where id = '{first}'), \
             created_at = now() - interval '2 minutes', expires_at = now() + interval '1 day' where referral_id = '{referral}'"
        ))
        .await;
        let link = format!("select id::text from share_links where referral_id = '{referral}'");
        self.text(&link).await.parse().unwrap()
    }

    async fn at_referral_link(&mut self, id: &str, of: Of, request: &mut Request) {
        if of != Of::Own || request.id.is_none() {
            request.id = Some(self.copy_referral_link().await);
        }
        let secret = if of == Of::Wrong { "another secret" } else { &self.share_link_secret }.to_owned();
        match id {
            "challenge_referral_link" | "renew_referral_link" => request.body = Some(json!({"secret": secret})),
            "open_referral_link_session" | "claim_linked_referral" => {
                let mut code = "000000".to_owned();
                if of == Of::Right {
                    let (link, mailbox) = (request.id.unwrap(), self.world.mailbox());
                    self.mail_is_out().await;
                    let codes = mailbox.to(GUEST).iter().filter(|mail| mail.code().is_some()).count();
                    let links = self.world.nobody().referral_links();
                    links.open(link, self.share_link_secret.as_str()).challenge().await.unwrap();
                    code = mailbox.code(GUEST, codes + 1).await;
                }
                request.body = Some(json!({"secret": secret, "code": code}));
            }
            "decline_linked_referral" => request.body = Some(json!({"reason": "no_capacity"})),
            // In the session; with the secret it is a matter of the secret alone.
            "report_misdirected_referral" => request.body = Some(json!({})),
            _ => {}
        }
    }

    /// An incident of this clinic, open.
    async fn incident(&mut self, of: Of) -> Option<Uuid> {
        let report = self.case(of)?.report.id;
        let share = match of {
            Of::North => {
                let shares = self.norths.client().shares();
                shares.create(self.guests_report.into(), &sharing_with(to_guest())).await.unwrap().id
            }
            // None of the callers is where it is: nobody opens what is sealed in it.
            _ => {
                let first = format!("select id::text from shares where report_id = '{report}' order by id limit 1");
                let first = self.text(&first).await.parse().unwrap();
                (self.copy("shares", first, json!({})).await).into()
            }
        };
        let id = self.new_id();
        self.sql(&format!(
            "insert into incidents (id, clinic_id, kind, share_id, patient_id, was_read, reported_at, key_version) select \
             '{id}', clinic_id, 'misdirected', id, patient_id, false, now(), key_version from shares where id = '{share}'"
        ))
        .await;
        Some(id)
    }

    async fn emergency_access(&mut self, id: &str, caller: Caller, of: Of, request: &mut Request) {
        match id {
            "open_emergency_access" => {
                // Of a patient of its own: what is opened here must not be open elsewhere.
                request.id = match of {
                    Of::North => Some(self.new_patient().await),
                    _ => (self.case(of).map(|case| case.patient.id)).map(Into::into),
                };
                request.body = Some(opening(&self.fresh_code(caller).await));
                return;
            }
            "review_emergency_access" => {
                request.body = Some(json!({"finding": "justified", "note": "It was an emergency."}));
                if_match(request, 1);
            }
            _ => {}
        }
        request.id = match (of, caller) {
            (Of::Own, Caller::PrivacyOfficer) | (Of::North, Caller::Staff) => {
                Some(self.emergency(id, Caller::PrivacyOfficer).await)
            }
            (Of::Own | Of::North, _) => Some(self.emergency(id, Caller::Staff).await),
            (Of::West, _) => Some(self.wests_emergency),
            _ => None,
        };
    }

    /// An emergency access of this member of North's; one that is over, where it is to be reviewed.
    async fn emergency(&mut self, id: &str, whose: Caller) -> Uuid {
        let (patient, code) = (self.new_patient().await, self.fresh_code(whose).await);
        let access = self.post(whose, &format!("/v1/patients/{patient}/emergency_access"), &opening(&code)).await;
        if id == "review_emergency_access" {
            // The terms never change, but for a superuser who says so.
            self.sql(&format!(
                "begin; set local session_replication_role = replica; \
                 update emergency_accesses set started_at = started_at - interval '2 hours', \
                 ends_at = ends_at - interval '2 hours' where id = '{access}'; commit"
            ))
            .await;
        }
        access
    }

    async fn referrals(&mut self, id: &str, caller: Caller, of: Of, request: &mut Request) {
        if id == "create_referral" {
            let patient = self.case(of).map_or_else(|| self.wests.id.uuid(), |case| case.patient.id.uuid());
            request.body = Some(json!({
                "kind": "referral", "patient_id": patient, "recipient": {"clinic_id": self.south}, "urgency": "routine",
                "condition": CONTENT_OF_NORTH, "reason": "Manual treatment before imaging"
            }));
            return;
        }
        if id == "set_referral_times" {
            let times = json!({"answer_hours": 72, "report_days": 60, "expiry_days": 30});
            request.body = Some(json!({"routine": times, "urgent": times, "emergent": times}));
            let member = self.signed_in(caller).map_or_else(Uuid::nil, |person| person.member);
            let version = format!(
                "select coalesce(max(version), 0)::text from referral_times
                 where clinic_id = (select clinic_id from members where id = '{member}')"
            );
            if_match(request, self.text(&version).await.parse().unwrap());
            return;
        }
        if of == Of::Nobody {
            return;
        }
        request.id = match of {
            Of::North => {
                Some(referral(&self.norths, self.north.patient.id.into(), self.south, CONTENT_OF_NORTH, false).await)
            }
            Of::Shared => {
                Some(referral(&self.norths, self.shared.patient.id.into(), self.south, CONTENT_OF_NORTH, true).await)
            }
            Of::Revoked => Some(self.revoked_referral),
            Of::West => Some(self.wests_referral),
            _ => None,
        };
        if let Some(referral) = request.id.filter(|_| id == "list_referral_messages" && of == Of::Shared) {
            self.norths.client().referrals().write(referral.into(), CONTENT_OF_NORTH).await.unwrap();
        }
        if id == "write_referral_message" {
            request.body = Some(json!({"text": "Would a morning do?"}));
        }
        if id == "move_referral" {
            request.body = Some(json!({}));
            let version = self.version("referrals", request.id.unwrap_or_default()).await;
            if_match(request, version);
        }
    }

    /// A patient of North's that there is nothing else of.
    async fn new_patient(&self) -> Uuid {
        let person = json!({"given_name": "Casey", "family_name": "New", "birth_date": "1953-04-17"});
        self.post(Caller::Owner, "/v1/patients", &person).await
    }

    /// Makes something through the service.
    async fn post(&self, caller: Caller, path: &str, body: &Value) -> Uuid {
        let token = &self.signed_in(caller).unwrap().token;
        let request = self.world.http().post(format!("{}{path}", self.world.url())).bearer_auth(token).json(body);
        let made: Value = request.send().await.unwrap().json().await.unwrap();
        made["id"].as_str().unwrap_or_else(|| panic!("{path}: {made}")).parse().unwrap()
    }

    /// A code of this caller's authenticator, as if that of this half minute had not been used; one that is none for who has
    /// no authenticator.
    async fn fresh_code(&mut self, caller: Caller) -> String {
        let totp = self.signed_in(caller).and_then(|person| Some((person.member, person.totp.clone()?)));
        let Some((member, totp)) = totp else { return "000000".to_owned() };
        self.sql(&format!("update members set totp_last_step = 0 where id = '{member}'")).await;
        totp_code(&totp).unwrap().as_str().to_owned()
    }

    /// The code that the patient is sent for this link.
    async fn code_for(&mut self, link: Uuid) -> String {
        let (address, _) = self.links[&link].clone();
        let mailbox = self.world.mailbox();
        self.mail_is_out().await;
        let codes = mailbox.to(&address).iter().filter(|mail| mail.code().is_some()).count();
        self.world.nobody().consent_links().open(link, self.link_secret.as_str()).challenge().await.unwrap();
        mailbox.code(&address, codes + 1).await
    }

    /// Waits for what is on its way, so that the next code is the next mail.
    pub(super) async fn mail_is_out(&mut self) {
        while self.text("select count(*)::text from mails where sent_at is null").await != "0" {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    async fn patients(&mut self, id: &str, of: Of, request: &mut Request) {
        let patient = self.case(of).map(|case| case.patient.id);
        let consent = self.case(of).map(|case| case.consent.id);
        request.id = patient.map(Into::into);
        match id {
            "create_patient" => {
                let person = json!({"given_name": "Casey", "family_name": "New", "birth_date": "1953-04-17"});
                request.body = Some(person);
            }
            "search_patients" => request.body = Some(json!({"family_name": "Sample"})),
            "update_patient" => {
                request.body = Some(json!({"phone": "555-0112"}));
                let version = self.version("patients", patient.map_or_else(Uuid::nil, Into::into)).await;
                if_match(request, version);
            }
            "ask_consent" => {
                if of.is_norths() {
                    request.id = Some(self.copy_patient(patient.unwrap().into()).await);
                }
                let asked = asking_for(RecipientChoice::clinic(self.south));
                request.body = Some(serde_json::to_value(asked).unwrap());
            }
            "get_consent" => request.id = consent.map(Into::into),
            "get_consent_form" => {
                request.id = if of == Of::North {
                    Some(self.consent("active").await.0.id.into())
                } else {
                    consent.map(Into::into)
                };
            }
            "record_paper_signature" | "revoke_consent" => {
                let is_paper = id == "record_paper_signature";
                let state = if is_paper { "pending" } else { "active" };
                request.id =
                    if of == Of::North { Some(self.consent(state).await.0.id.into()) } else { consent.map(Into::into) };
                if is_paper {
                    let form = json!({"media_type": "application/pdf", "content": files::scan()});
                    let yesterday = wall_clock().date_naive().pred_opt();
                    request.body = Some(
                        json!({"signed_name": "Casey Sample", "signed_on": yesterday, "attested": true, "form": form}),
                    );
                    let version = self.version("consents", request.id.unwrap_or_default()).await;
                    if_match(request, version);
                } else {
                    request.body = Some(json!({}));
                }
            }
            _ => {}
        }
    }

    async fn audit(&mut self, id: &str, of: Of, request: &mut Request) {
        let patient = self.case(of).map(|case| case.patient.id);
        request.id = patient.map(Into::into);
        match (id, patient) {
            ("get_audit_consistency", _) => request.query = Some("from=1&to=1".to_owned()),
            ("get_audit_proof", Some(patient)) => {
                let first =
                    format!("select id::text from audit_events where patient_id = '{patient}' order by id limit 1");
                request.id = self.text(&first).await.parse().ok();
            }
            _ => {}
        }
    }

    async fn reports(&mut self, id: &str, of: Of, request: &mut Request) {
        let content = if of == Of::West { CONTENT_OF_WEST } else { CONTENT_OF_NORTH };
        let (draft, report) = self.case(of).map(|case| (case.draft.id, case.report.id)).unzip();
        let mut version = 1;
        match id {
            "create_report" => {
                let patient = self.case(of).map(|case| case.patient.id);
                let body = body(CONTENT_OF_NORTH);
                request.body = Some(json!({"patient_id": patient, "kind": "progress_report", "body": body}));
            }
            "update_report" | "sign_report" => {
                request.id = draft.map(Into::into);
                if of == Of::North {
                    request.id = Some(self::draft(&self.norths, &self.north.patient, CONTENT_OF_NORTH).await.id.into());
                }
                if id == "update_report" {
                    request.body = Some(json!({"body": body(content)}));
                }
            }
            "amend_report" => {
                request.id = report.map(Into::into);
                if of.is_norths() {
                    request.id = Some(self.new_report(&self.case(of).unwrap().patient).await);
                }
                if let Some(report) = request.id {
                    version = self.version("reports", report).await;
                }
                request.body = Some(json!({"reason": "A later measure", "body": body(CONTENT_OF_NORTH)}));
            }
            _ => request.id = report.map(Into::into),
        }
        if matches!(id, "update_report" | "sign_report" | "amend_report") {
            if_match(request, version);
        }
    }

    async fn attachments(&mut self, id: &str, of: Of, request: &mut Request) {
        if id == "add_attachment" {
            let content = STANDARD.encode(CONTENT_OF_NORTH);
            request.body = Some(json!({"file_name": "note.txt", "media_type": "text/plain", "content": content}));
        }
        let Some(case) = self.case(of) else { return };
        // North's report has none; its draft has.
        let report = if of == Of::North { case.draft.id } else { case.report.id };
        request.id = Some(match id {
            "add_attachment" | "list_attachments" => report.into(),
            "delete_attachment" if of == Of::North => attach(&self.norths, report.into(), CONTENT_OF_NORTH).await,
            _ => case.file,
        });
    }

    async fn shares(&mut self, id: &str, of: Of, request: &mut Request) {
        let case = self.case(of);
        let report = case.map(|case| case.report.id);
        let share = case.and_then(|case| case.share.as_ref()).map(|share| share.id);
        match id {
            "share_report" => {
                request.id = report.map(Into::into);
                let new = sharing_with(RecipientChoice::clinic(self.south));
                request.body = Some(serde_json::to_value(new).unwrap());
            }
            "list_report_shares" => request.id = report.map(Into::into),
            "get_share" | "get_shared_attachment" | "acknowledge_share" | "withdraw_share" => {
                request.id = share.map(Into::into);
                request.second_id = self.case(of).map(|case| case.file);
                if of.is_norths() {
                    let share = self.new_share(of).await;
                    if id == "acknowledge_share" {
                        let opened =
                            format!("update shares set state = 'opened', opened_at = now() where id = '{share}'");
                        self.sql(&opened).await;
                    }
                    request.id = Some(share);
                }
                if id == "withdraw_share" {
                    let version = self.version("shares", request.id.unwrap_or_default()).await;
                    if_match(request, version);
                }
            }
            _ => {}
        }
    }
}

fn if_match(request: &mut Request, version: i32) {
    request.headers.insert(IF_MATCH, HeaderValue::from_str(&format!("\"{version}\"")).unwrap());
}

fn opening(code: &str) -> Value {
    json!({"reason": "safety", "explanation": "Nobody who treats is in the house", "code": code})
}
