//! What the database holds by itself, whatever the service does: the schema and its rules.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails loudly")]

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_api::database::{connect, migrations};
use rapport_contract::consents::RecipientChoice;
use rapport_tests::{World, cluster, people::asking_for};
use std::{collections::BTreeSet, path::Path, process::Command};

/// Tables that belong to no tenant, and why.
const NO_TENANT: &[(&str, &str)] = &[
    ("__diesel_schema_migrations", "which migrations ran"),
    ("audit_checkpoints", "the tree is one over the events of all clinics"),
    ("audit_leaves", "the tree is one over the events of all clinics"),
    ("audit_nodes", "the tree is one over the events of all clinics"),
    ("clinics", "is the tenant"),
    ("consent_link_sessions", "belongs to a link, which belongs to a tenant"),
    ("idempotency_keys", "its scope is who sends: a member, a link or nobody"),
    ("key_rotations", "which levels of keys are being rotated"),
    ("refresh_tokens", "belongs to a session, which belongs to a tenant"),
    ("sign_in_failures", "counted before it is known whose account it is, or whether there is one"),
];
/// Foreign keys to a tenant's table that do without `clinic_id`, and why.
const WITHOUT_TENANT: &[(&str, &str)] = &[
    ("consent_link_sessions_link_id_fkey", "found by a secret, before it is known whose it is"),
    ("refresh_tokens_session_id_fkey", "found by a secret, before it is known whose it is"),
];
/// Tables that are only ever reached by a key, or by a worker for all tenants, and are never listed for one.
const NEVER_LISTED: &[(&str, &str)] = &[("mails", "a queue for the worker")];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn lines(conn: &mut AsyncPgConnection, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = diesel::sql_query(sql).load(conn).await.expect(sql);
    lines.into_iter().map(|line| line.line).collect()
}

/// An empty database, made on a thread where blocking is allowed.
async fn empty() -> String {
    tokio::task::spawn_blocking(cluster::new_empty_database).await.unwrap()
}

async fn migrated() -> AsyncPgConnection {
    let url = tokio::task::spawn_blocking(cluster::new_database).await.unwrap();
    connect(&url).await.unwrap()
}

/// The schema as `pg_dump` writes it, without what it writes differently each time.
fn dump(url: &str) -> String {
    let program = cluster::programs().join("pg_dump");
    let program = if program.exists() { program } else { Path::new("pg_dump").to_owned() };
    let output = Command::new(program).args(["--schema-only", "--no-owner", "--dbname", url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter(|line| !line.starts_with('\\')).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_can_be_taken_back_and_made_again_and_the_schema_is_the_same() {
    let url = empty().await;
    migrations::run(&url).await.unwrap();
    let before = dump(&url);
    assert!(before.contains("CREATE TABLE public.consents"));
    migrations::revert_all(&url).await.unwrap();
    let mut conn = connect(&url).await.unwrap();
    let left = lines(
        &mut conn,
        "select c.relname::text as line from pg_class c where relnamespace = 'public'::regnamespace and relname not like \
         '\\_\\_diesel%' union all select proname::text from pg_proc where pronamespace = 'public'::regnamespace \
         and proname not like 'diesel%'",
    )
    .await;
    assert_eq!(left, [""; 0], "taking the migrations back leaves nothing");
    migrations::run(&url).await.unwrap();
    let after = dump(&url);
    let differing: Vec<_> = after.lines().zip(before.lines()).filter(|(now, then)| now != then).take(10).collect();
    assert!(after == before, "{differing:#?}");
}

/// The tables of `schema.rs`, a line for each column, in the words of the database.
fn schema_of_the_service() -> BTreeSet<String> {
    let text = include_str!("../../api/src/database/schema.rs");
    let mut columns = BTreeSet::new();
    for table in text.split("diesel::table! {").skip(1) {
        let (name, rest) = table.trim().split_once(" (").unwrap();
        let body = rest.split_once('{').unwrap().1.split_once('}').unwrap().0;
        for line in body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('/')) {
            let (column, kind) = line.trim_end_matches(',').split_once(" -> ").unwrap_or_else(|| panic!("{line}"));
            let (kind, null) = match kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>')) {
                Some(kind) => (kind, "null"),
                None => (kind, "not null"),
            };
            let kind = match kind {
                "Array<Text>" => "_text",
                "Array<Uuid>" => "_uuid",
                "BigInt" => "int8",
                "Bool" => "bool",
                "Bytea" => "bytea",
                "Date" => "date",
                "Integer" => "int4",
                "Jsonb" => "jsonb",
                "SmallInt" => "int2",
                "Text" => "text",
                "Timestamptz" => "timestamptz",
                "Uuid" => "uuid",
                "crate::database::transaction_id::Xid8" => "xid8",
                other => panic!("{name}.{column} is {other}"),
            };
            columns.insert(format!("{name}.{column} {kind} {null}"));
        }
    }
    columns
}

#[tokio::test]
async fn the_tables_as_diesel_sees_them_are_those_of_the_migrated_database() {
    let mut conn = migrated().await;
    let sql = "select table_name || '.' || column_name || ' ' || udt_name || \
               case is_nullable when 'YES' then ' null' else ' not null' end as line from information_schema.columns \
               where table_schema = 'public' and table_name not like '\\_\\_diesel%' and table_name in (select \
               table_name from information_schema.tables where table_type = 'BASE TABLE')";
    let there: BTreeSet<String> = lines(&mut conn, sql).await.into_iter().collect();
    let ours = schema_of_the_service();
    let only_there: Vec<_> = there.difference(&ours).collect();
    // A column that the service never reads may be left out of its view; it may not add or change one.
    let only_ours: Vec<_> = ours.difference(&there).collect();
    assert!(
        only_there.is_empty() && only_ours.is_empty(),
        "only in the database: {only_there:#?}, only in schema.rs: {only_ours:#?}"
    );
}

#[tokio::test]
async fn every_row_names_its_tenant_and_points_to_no_other() {
    let mut conn = migrated().await;
    let mut faults = Vec::new();
    let with_tenant: BTreeSet<String> = lines(
        &mut conn,
        "select table_name::text as line from information_schema.columns where table_schema = 'public' and \
         column_name = 'clinic_id' and is_nullable = 'NO'",
    )
    .await
    .into_iter()
    .collect();
    let tables = lines(
        &mut conn,
        "select table_name::text as line from information_schema.tables where table_schema = 'public' and \
         table_type = 'BASE TABLE' order by 1",
    )
    .await;
    for table in tables {
        if with_tenant.contains(&table) == NO_TENANT.iter().any(|(name, _)| *name == table) {
            faults.push(format!("{table}: a table has clinic_id, or a reason for having none"));
        }
    }
    // name|from|to|columns of from|columns of to
    let keys = lines(
        &mut conn,
        "select c.conname || '|' || c.conrelid::regclass || '|' || c.confrelid::regclass || '|' || \
         (select string_agg(a.attname, ',' order by k.n) from unnest(c.conkey) with ordinality k(num, n) join \
          pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num) || '|' || \
         (select string_agg(a.attname, ',' order by k.n) from unnest(c.confkey) with ordinality k(num, n) join \
          pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num) as line \
         from pg_constraint c where contype = 'f' order by 1",
    )
    .await;
    assert!(keys.len() > 15, "{keys:#?}");
    let mut excused = BTreeSet::new();
    for key in &keys {
        let [name, _, to, own, theirs] = key.split('|').collect::<Vec<_>>()[..] else { panic!("{key}") };
        if !with_tenant.contains(to) {
            continue;
        }
        // The tenant of the other row is given beside its id: by the row's own clinic, or by the one that it names.
        let pairs: Vec<_> = own.split(',').zip(theirs.split(',')).collect();
        let is_led = pairs.iter().any(|(own, theirs)| own.ends_with("clinic_id") && *theirs == "clinic_id");
        if WITHOUT_TENANT.iter().any(|(excuse, _)| *excuse == name) {
            excused.insert(name.to_owned());
        } else if !is_led {
            faults.push(format!("{key}: does not lead through the tenant"));
        }
    }
    assert_eq!(excused.len(), WITHOUT_TENANT.len(), "an exception that is none any more: {excused:?}");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn every_table_that_is_listed_has_an_index_that_begins_with_the_tenant() {
    let mut conn = migrated().await;
    let sql = "select t.table_name::text as line from information_schema.columns t where table_schema = 'public' and \
               column_name = 'clinic_id' and t.is_nullable = 'NO' and not exists (select from pg_index i join pg_attribute a on \
               a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indrelid = t.table_name::regclass and \
               i.indpred is null and a.attname = 'clinic_id') order by 1";
    let without = lines(&mut conn, sql).await;
    let excused: Vec<_> = NEVER_LISTED.iter().map(|(table, _)| *table).collect();
    assert_eq!(without, excused, "a table without an index for its tenant has a reason");
}

/// Behind a policy Postgres looks a row up only by what can't leak it. `coalesce` counts as what can: compared with it, a column is
/// compared in every row there is, and nothing shows that before there are many.
#[tokio::test]
async fn no_policy_and_no_view_of_the_gate_compares_with_what_is_held_for_leaky() {
    let mut conn = migrated().await;
    let comparisons = "select name || ': ' || text as line from (
            select viewname::text as name, definition as text from pg_views where schemaname = 'public'
            union all select policyname || ' on ' || tablename, concat_ws(' ', qual, with_check) from pg_policies
            union all select proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace) as rules
        where text ~* '= coalesce\\(' or text ~* 'coalesce\\([^()]*\\) ='";
    assert_eq!(lines(&mut conn, comparisons).await, [""; 0]);
    let before = "create view leaky as select c.id from consents c join shares s on c.clinic_id = coalesce(s.basis_clinic_id, s.clinic_id)";
    conn.batch_execute(before).await.unwrap();
    assert_eq!(lines(&mut conn, comparisons).await.len(), 1, "and it would be found");
}

/// Of several policies Postgres asks the one with the last name first. What is one's own shows in the row, so that comes first.
#[tokio::test]
async fn what_is_ones_own_is_asked_before_what_was_disclosed() {
    let mut conn = migrated().await;
    let asked_before = "select policyname || ' on ' || tablename as line from pg_policies where schemaname = 'public' \
        and cmd in ('SELECT', 'ALL') and 'rapport_tenant' = any (roles) and policyname > 'own' \
        and exists (select from pg_policies o where o.tablename = pg_policies.tablename and o.policyname = 'own')";
    assert_eq!(lines(&mut conn, asked_before).await, [""; 0]);
    conn.batch_execute("alter policy came_with_a_referral on patients rename to referred").await.unwrap();
    assert_eq!(lines(&mut conn, asked_before).await, ["referred on patients"], "and it would be found");
}

async fn refused(conn: &mut AsyncPgConnection, sql: &str) -> String {
    conn.batch_execute(sql).await.expect_err(sql).to_string()
}

#[tokio::test]
async fn what_was_recorded_or_signed_is_never_changed() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    north.share_with(&south).await;
    let mut conn = world.database().await;
    world.sealed().await;
    for (table, column) in [
        ("audit_events", "action"),
        ("audit_leaves", "leaf_hash"),
        ("audit_nodes", "hash"),
        ("audit_checkpoints", "root"),
        ("report_versions", "body"),
    ] {
        for sql in [
            format!("update {table} set {column} = 'other'"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
        ] {
            let error = refused(&mut conn, &sql).await;
            assert_eq!(error, format!("{table} is append-only"), "{sql}");
        }
    }
}

#[tokio::test]
async fn a_consent_keeps_its_terms_and_one_that_ended_stays_ended() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    let mut conn = world.database().await;
    for term in [
        "clinic_id = (select id from clinics where id <> clinic_id limit 1)",
        "patient_id = gen_random_uuid()",
        "recipients = '[]'",
        "categories = '{history}'",
        "purpose = 'marketing'",
        "two_way = true",
        "starts_at = now()",
        "expires_at = expires_at + interval '1 second'",
        "terms = terms || '\\x00'",
        "key_version = 0",
        "statement_version = 'other'",
    ] {
        let error = refused(&mut conn, &format!("update consents set {term}")).await;
        assert_eq!(error, "the terms of a consent never change", "{term}");
    }
    for (ended, revoked_at) in [("declined", "null"), ("superseded", "null"), ("revoked", "now()")] {
        let copy = format!(
            "with ended as (insert into consents select (jsonb_populate_record(old, jsonb_build_object('id', \
             gen_random_uuid(), 'state', '{ended}', 'revoked_at', {revoked_at}, 'signed_at', now(), \
             'signature_method', 'link', 'signature', '\\x00'))).* from consents old where id = '{}' \
             returning id) select id::text as line from ended",
            consent.id
        );
        let id = lines(&mut conn, &copy).await.remove(0);
        for state in ["pending", "active", "revoked", "superseded", "declined"].into_iter().filter(|to| *to != ended) {
            let revoked_at = if state == "revoked" { "now()" } else { "null" };
            let move_on = format!("update consents set state = '{state}', revoked_at = {revoked_at} where id = '{id}'");
            let error = refused(&mut conn, &move_on).await;
            assert_eq!(error, "a consent that ended stays ended", "{ended} to {state}");
        }
    }
}
