//! What Postgres shows to the application's role.

use super::{
    service::{body, time},
    world::{Micros, World},
};
use diesel::{
    QueryableByName,
    sql_types::{Jsonb, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::reports::Section;
use serde_json::{Value, json};
use std::collections::HashSet;
use uuid::Uuid;

/// A database with worlds in it.
pub(super) struct Postgres {
    rows: AsyncPgConnection,
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

impl Postgres {
    /// A service's database.
    pub(super) async fn on(url: &str) -> Self {
        let mut rows = rapport_api::database::connect(url).await.unwrap();
        let columns: Vec<Column> = diesel::sql_query(COLUMNS).load(&mut rows).await.unwrap();
        Self { rows, columns }
    }

    /// Writes a world's rows, past all rules, where clinics, patients, reports and some of the members are there.
    pub(super) async fn settle_beside(&mut self, world: &World, there: &HashSet<Uuid>) {
        for (table, mut rows) in rows(world) {
            if table == "members" {
                rows.retain(|row| !there.contains(&row["id"].as_str().unwrap().parse().unwrap()));
            }
            if matches!(table, "members" | "consents" | "shares") {
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
        let names: Vec<&str> = first.keys().map(String::as_str).collect();
        let names = names.join(", ");
        diesel::sql_query(format!(
            "insert into {table} ({names}) select {names} from jsonb_populate_recordset(null::{table}, $1)"
        ))
        .bind::<Jsonb, _>(Value::Array(rows))
        .execute(&mut self.rows)
        .await
        .unwrap_or_else(|error| panic!("{table}: {error}"));
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
    let patients = world.patients.iter().map(|patient| {
        json!({
            "id": patient.id, "clinic_id": patient.clinic, "given_name": "Casey", "family_name": "Sample",
            "family_key": "sample", "birth_date": "1970-01-01", "created_at": long_ago, "updated_at": long_ago,
            "version": 1,
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
            "created_at": long_ago, "updated_at": long_ago, "version": 1,
        })
    });
    let versions = world.reports.iter().flat_map(|report| {
        report.versions.iter().map(|version| {
            let text = |section| canary(report.id, version.number, section);
            json!({
                "report_id": report.id, "number": version.number, "clinic_id": report.clinic, "kind": report.kind,
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
            "statement": "A statement (test)", "statement_hash": "none", "statement_version": "test",
            "signed_at": at(consent.signed_at), "signature_method": is_signed.then_some("link"),
            "signed_name": is_signed.then_some("Casey Sample"), "revoked_at": at(consent.revoked_at),
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
        })
    });
    vec![
        ("clinics", clinics.collect()),
        ("members", members.collect()),
        ("patients", patients.collect()),
        ("reports", reports.collect()),
        ("report_versions", versions.collect()),
        ("consents", consents.collect()),
        ("shares", shares.collect()),
    ]
}
