//! What Postgres shows to the application's role.

use super::{
    service::{body, time},
    world::{Micros, Principal, Seen, World},
};
use diesel::{
    QueryableByName,
    sql_types::{self, Integer, Jsonb, Nullable, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_api::{
    database::{self, roles},
    identity::secrets::Secrets,
};
use rapport_contract::reports::Section;
use rapport_tests::cluster::new_database;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A database that a world's rows can be written to, past all rules.
pub(super) struct Rows {
    conn: AsyncPgConnection,
    columns: Vec<Column>,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

const COLUMNS: &str = "select table_name::text as of, column_name::text as name, udt_name::text as kind
    from information_schema.columns where table_schema = 'public'";

/// A text that stands in one section of one version of one report and nowhere else.
pub(super) fn canary(report: Uuid, version: i32, section: Section) -> String {
    format!("canary-{}-{version}-{}", report.simple(), section.as_str())
}

impl Rows {
    pub(super) async fn of(url: &str) -> Self {
        let mut conn = database::connect(url).await.unwrap();
        let columns: Vec<Column> = diesel::sql_query(COLUMNS).load(&mut conn).await.unwrap();
        Self { conn, columns }
    }

    /// Writes a world.
    async fn settle(&mut self, world: &World) {
        for (table, rows) in rows(world) {
            self.write(table, rows).await;
        }
    }

    /// The same where clinics, patients, reports and some of the members are there.
    pub(super) async fn settle_beside(&mut self, world: &World, there: &HashSet<Uuid>) {
        for (table, mut rows) in rows(world) {
            if table == "members" {
                rows.retain(|row| !there.contains(&row["id"].as_str().unwrap().parse().unwrap()));
            }
            if matches!(table, "members" | "consents" | "shares" | "emergency_accesses") {
                self.write(table, rows).await;
            }
        }
    }

    /// What a column can't hold, because it holds sealed text, is as good as anything else: nothing here opens it.
    async fn write(&mut self, table: &str, mut rows: Vec<Value>) {
        let of_table: Vec<&Column> = self.columns.iter().filter(|column| column.of == table).collect();
        for row in rows.iter_mut().filter_map(Value::as_object_mut) {
            row.retain(|name, _| of_table.iter().any(|column| column.name == *name));
            for column in of_table.iter().filter(|column| column.kind == "bytea") {
                if let Some(value) = row.get_mut(&column.name).filter(|value| !value.is_null()) {
                    *value = json!("\\x00");
                }
            }
        }
        let Some(first) = rows.iter().find_map(Value::as_object) else { return };
        // The rule that each of these leaves a record is tried elsewhere.
        if table == "emergency_accesses" {
            self.conn.batch_execute("set session_replication_role = replica").await.unwrap();
        }
        let names: Vec<&str> = first.keys().map(String::as_str).collect();
        let names = names.join(", ");
        diesel::sql_query(format!(
            "insert into {table} ({names}) select {names} from jsonb_populate_recordset(null::{table}, $1)"
        ))
        .bind::<Jsonb, _>(Value::Array(rows))
        .execute(&mut self.conn)
        .await
        .unwrap_or_else(|error| panic!("{table}: {error}"));
        self.conn.batch_execute("reset session_replication_role").await.unwrap();
    }
}

/// A database with one world at a time, and the service's login to it, which owns nothing.
pub(super) struct Postgres {
    rows: Rows,
    service: AsyncPgConnection,
}

/// Everything of a report that the present principal sees a row of, in one statement.
const VISIBLE: &str = "
    select 'version' as what, clinic_id, report_id, number, null as section from report_versions
    union all select 'draft', clinic_id, id, 0, null from reports where draft is not null
    union all select 'report', clinic_id, id, 0, null from reports
    union all select 'open', clinic_id, report_id, report_version, section from open_sections";

/// Nothing of the world before is left. The triggers that forbid it are for everybody but a superuser who says so.
const EMPTY: &str = "set session_replication_role = replica;
    delete from emergency_accesses; delete from shares; delete from consents; delete from report_versions; delete from reports; delete from patients;
    delete from members; delete from data_keys; delete from clinic_keys; delete from clinics;
    reset session_replication_role";

#[derive(QueryableByName)]
struct Visible {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = sql_types::Uuid)]
    clinic_id: Uuid,
    #[diesel(sql_type = sql_types::Uuid)]
    report_id: Uuid,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Nullable<Text>)]
    section: Option<String>,
}

impl Postgres {
    pub(super) async fn start() -> Self {
        let url = tokio::task::spawn_blocking(new_database).await.unwrap();
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let login = roles::admit(&url, &secrets).await.unwrap();
        Self { rows: Rows::of(&url).await, service: database::connect(&login).await.unwrap() }
    }

    /// Puts this world in the place of the one before.
    pub(super) async fn settle(&mut self, world: &World) {
        self.rows.conn.batch_execute(EMPTY).await.unwrap();
        self.rows.settle(world).await;
        self.rows.conn.batch_execute("analyze").await.unwrap();
    }

    /// Changes the floor itself.
    pub(super) async fn alter(&mut self, sql: &str) {
        self.rows.conn.batch_execute(sql).await.unwrap();
    }

    /// What this principal sees at this time, in the context that the service sets.
    pub(super) async fn seen(&mut self, world: &World, principal: Principal, at: Micros) -> Seen {
        let own = world.member(principal).clinic;
        let (member, at) = (principal.member, time(at).to_rfc3339());
        let context = format!(
            "begin; select set_config('role', '{}', true), set_config('app.clinic_id', '{own}', true),
             set_config('app.member_id', '{member}', true), set_config('app.at', '{at}', true);
             select set_config('app.emergency_patients', open_emergencies('{at}')::text, true)",
            roles::Kind::Tenant.role()
        );
        self.service.batch_execute(&context).await.unwrap();
        let visible: Vec<Visible> = diesel::sql_query(VISIBLE).load(&mut self.service).await.unwrap();
        self.service.batch_execute("rollback").await.unwrap();
        let mut open: HashMap<(Uuid, i32), HashSet<Section>> = HashMap::new();
        for row in visible.iter().filter(|row| row.what == "open") {
            let section = row.section.as_deref().and_then(Section::parse).unwrap();
            open.entry((row.report_id, row.number)).or_default().insert(section);
        }
        let mut seen = Seen::new();
        for row in visible {
            let report = world.report(row.report_id);
            let version = report.versions.iter().find(|version| version.number == row.number);
            let held = version.map_or(report.draft.as_deref(), |version| Some(&version.sections)).unwrap_or_default();
            let shown: Vec<Section> = match (row.what.as_str(), row.clinic_id == own) {
                ("version" | "draft", true) => held.to_vec(),
                ("report", true) | ("open", _) => Vec::new(),
                // A row of another clinic's is there for what is open of it, and not for anything else.
                ("version", false) => match open.get(&(row.report_id, row.number)) {
                    Some(open) => held.iter().copied().filter(|section| open.contains(section)).collect(),
                    None => held.to_vec(),
                },
                _ => Section::ALL.to_vec(),
            };
            seen.extend(shown.into_iter().map(|section| (row.report_id, section)));
        }
        seen
    }
}

/// Every row, by table, in the order in which they refer to each other.
fn rows(world: &World) -> Vec<(&'static str, Vec<Value>)> {
    let long_ago = "2020-01-01T00:00:00Z";
    let at = |micros: Option<Micros>| micros.map(|micros| time(micros).to_rfc3339());
    let clinics = world.clinics.iter().map(|id| json!({"id": id, "name": "A clinic (test)", "created_at": long_ago}));
    let members = world.members.iter().map(|member| {
        json!({
            "id": member.id, "clinic_id": member.clinic, "name": "Somebody (test)",
            "email": format!("{}@example.org", member.id), "role": member.role, "state": member.state, "focus": [],
            "is_accepting": true, "password_hash": "none", "totp_last_step": 0, "created_at": long_ago,
            "updated_at": long_ago, "version": 1, "profession": "massage_therapist",
        })
    });
    let clinic_keys = world.clinics.iter().map(
        |id| json!({"clinic_id": id, "version": 1, "root_id": "none", "wrapped": "sealed", "created_at": long_ago}),
    );
    let data_keys = world.patients.iter().map(|patient| {
        json!({
            "clinic_id": patient.clinic, "subject_id": patient.id, "version": 1, "clinic_key_version": 1,
            "wrapped": "sealed", "created_at": long_ago,
        })
    });
    let patients = world.patients.iter().map(|patient| {
        json!({
            "id": patient.id, "clinic_id": patient.clinic, "identity": "sealed", "created_at": long_ago,
            "updated_at": long_ago, "version": 1, "key_version": 1,
        })
    });
    let reports = world.reports.iter().map(|report| {
        let newest = report.versions.last();
        let draft = report
            .draft
            .as_ref()
            .map(|sections| serde_json::to_string(&body(sections, &|section| canary(report.id, 0, section))).unwrap());
        json!({
            "id": report.id, "clinic_id": report.clinic, "patient_id": report.patient, "kind": report.kind,
            "state": if draft.is_some() { "draft" } else { "signed" }, "author_id": report.author, "draft": draft,
            "sensitive": newest.map_or(&[][..], |version| &version.sensitive),
            "current_version": newest.map(|version| version.number), "signed_at": newest.map(|_| long_ago),
            "created_at": long_ago, "updated_at": long_ago, "version": 1, "key_version": 1,
        })
    });
    let versions = world.reports.iter().flat_map(|report| {
        report.versions.iter().map(|version| {
            let text = |section| canary(report.id, version.number, section);
            json!({
                "report_id": report.id, "number": version.number, "clinic_id": report.clinic, "kind": report.kind,
                "patient_id": report.patient, "key_version": 1,
                "body": serde_json::to_string(&body(&version.sections, &text)).unwrap(), "content_hash": "none",
                "sensitive": version.sensitive, "signed_by": report.author, "signer_name": "Somebody (test)",
                "signed_at": long_ago,
            })
        })
    });
    let consents = world.consents.iter().map(|consent| {
        let is_signed = consent.signed_at.is_some();
        json!({
            "id": consent.id, "clinic_id": consent.clinic, "patient_id": consent.patient, "state": consent.state,
            "recipients": consent.recipients, "categories": consent.categories, "purpose": consent.purpose,
            "two_way": consent.two_way, "starts_at": at(consent.starts_at), "expires_at": at(Some(consent.expires_at)),
            "asked_by": consent.asked_by, "asked_at": long_ago, "lapses_at": at(Some(consent.lapses_at)),
            "terms": "sealed", "key_version": 1, "statement_version": "test",
            "signed_at": at(consent.signed_at), "signature_method": is_signed.then_some("link"),
            "signature": is_signed.then_some("sealed"), "revoked_at": at(consent.revoked_at),
            "revocation_method": consent.revoked_at.map(|_| "link"), "version": 1,
        })
    });
    let shares = world.shares.iter().map(|share| {
        let report = world.report(share.report);
        let version = report.versions.iter().find(|version| version.number == share.version).unwrap();
        json!({
            "id": share.id, "clinic_id": share.clinic, "report_id": share.report, "report_version": share.version,
            "patient_id": share.patient, "kind": report.kind,
            "recipient_kind": if share.recipient_practitioner.is_some() { "practitioner" } else { "clinic" },
            "recipient_practitioner_id": share.recipient_practitioner, "recipient_clinic_id": share.recipient_clinic,
            "recipient_name": "A recipient (test)", "sections": share.sections,
            "categories": rapport_api::reports::categories_needed(report.kind, &share.sections, &version.sensitive),
            "purpose": share.purpose, "sent_by": share.sent_by, "sender_name": "Somebody (test)", "state": share.state,
            "delivered_at": long_ago, "withdrawn_at": (share.state == "withdrawn").then_some(long_ago), "version": 1,
            "key_version": 1,
        })
    });
    let emergencies = world.emergencies.iter().map(|access| {
        json!({
            "id": access.id, "clinic_id": access.clinic, "member_id": access.member, "patient_id": access.patient,
            "reason": "other", "explanation": "None (test)", "started_at": at(Some(access.started_at)),
            "ends_at": at(Some(access.ends_at)), "ended_at": at(access.ended_at),
            "ended_by": access.ended_at.map(|_| access.member), "version": 1, "key_version": 1,
        })
    });
    vec![
        ("clinics", clinics.collect()),
        ("members", members.collect()),
        ("clinic_keys", clinic_keys.collect()),
        ("data_keys", data_keys.collect()),
        ("patients", patients.collect()),
        ("reports", reports.collect()),
        ("report_versions", versions.collect()),
        ("consents", consents.collect()),
        ("shares", shares.collect()),
        ("emergency_accesses", emergencies.collect()),
    ]
}
