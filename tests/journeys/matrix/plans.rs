//! How Postgres answers what the service asks of it where there is much to look through. Every operation of the document is
//! done; every statement is explained as it runs, under the role that runs it and with the rules of the floor in it. None
//! reads a tenant's table from end to end.
//!
//! `RAPPORT_PLAN_ROWS=1000000` makes that many rows in each table, of 200 clinics, and lets the planner choose. Where nobody
//! says how many, there are few, and the planner is told to avoid what is looked for here: what it does all the same, it does
//! for want of an index.
//!
//! A table of a few rows is read whole, and rightly: what there is one of for each clinic, or nobody needs any more.
//!
//! The rows are copies of what the service wrote, under other ids, whatever columns there are.

use super::{
    answers::Service,
    misuse::{doable, document},
    operations,
    stage::Stage,
};
use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_tests::{World, cluster};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    num::NonZeroUsize,
    time::Instant,
};

/// How many rows there are in each table where nobody says how many.
const FEW: u64 = 500;
/// How many clinics there are in the end, of each that the stage has; it has five.
const COPIES_OF_A_CLINIC: u64 = 40;
/// So many rows fit into a few pages: to read them all is as good as to look one up.
const A_FEW_PAGES: i64 = 1_000;
/// How many of the statements that were run most often are shown.
const HOTTEST: usize = 20;

#[expect(clippy::disallowed_methods, reason = "how large a test is to be is told by whoever runs it")]
fn asked_rows() -> Option<u64> {
    std::env::var("RAPPORT_PLAN_ROWS").ok().map(|rows| rows.parse().unwrap())
}

#[derive(diesel::QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
    /// `insert into (these)`
    #[diesel(sql_type = Array<Text>)]
    columns: Vec<String>,
    /// What stands in each of them in the copy with the number `k`.
    #[diesel(sql_type = Array<Text>)]
    values: Vec<String>,
}

/// What each column of each table becomes in a copy. Ids become other ids, the same ones wherever they stand, and those of
/// clinics one of the clinics' copies or the clinic itself. What an index looks for becomes something else. A column that a
/// check holds to certain values, and every other one, stays as it is.
const TABLES: &str = r"
with columns as (
    select c.oid, c.relname, a.attname, a.attnum, a.atttypid::regtype::text as kind,
        exists (select from pg_index i where i.indrelid = c.oid and a.attnum = any(i.indkey)) as is_indexed,
        exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any(k.conkey)) as is_held
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
)
select relname::text as name, 0::bigint as rows, array_agg(quote_ident(attname) order by attnum) as columns,
    array_agg(replace(case
        when kind = 'uuid' then 'case when t.@ = any(clinics) then case k % 40 when 0 then t.@ else md5(t.@::text || k % 40)::uuid end
            when t.@ = ''00000000-0000-0000-0000-000000000000'' then t.@ else md5(t.@::text || k)::uuid end'
        -- Before all that the log has sealed: nobody looks at it again.
        when kind = 'xid8' then '''3''::xid8'
        -- Or each of a clinic's five thousand would get a letter of what happens in it.
        when relname = 'members' and attname = 'state' then '''ended'''
        when is_indexed and not is_held and kind in ('text', 'character varying')
            then 'substr(md5(k::text), 1, 4) || k || ''-'' || t.@'
        when is_indexed and not is_held and kind = 'bytea'
            then 'substring(sha256(t.@ || k::text::bytea) for octet_length(t.@))'
        when is_indexed and not is_held and kind = 'bigint' then 't.@ # (k * 2654435761)'
        when is_indexed and not is_held and kind = 'date' then 't.@ - (k % 20000)::integer'
        else 't.@' end, '@', quote_ident(attname)) order by attnum) as values
from columns where exists (
    -- What is counted through and not named has no copies: the tree over the log.
    select from pg_index i join pg_attribute p on p.attrelid = i.indrelid and p.attnum = any(i.indkey)
    where i.indrelid = columns.oid and i.indisprimary and p.atttypid::regtype::text in ('uuid', 'bytea', 'text'))
and relname <> '__diesel_schema_migrations'
group by relname order by relname";

/// Fills every table up to so many rows. Returns how many tables there are that name their tenant.
async fn multiply(conn: &mut AsyncPgConnection, rows: u64) -> u64 {
    conn.batch_execute(
        "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB';",
    )
    .await
    .unwrap();
    let clinics = "(select array_agg(id)::text from clinics)";
    let clinics: String = diesel::select(diesel::dsl::sql::<Text>(clinics)).get_result(conn).await.unwrap();
    let mut total = 0;
    let tables: Vec<Table> = diesel::sql_query(TABLES).load(conn).await.unwrap();
    for mut table in tables {
        let count = format!("(select count(*) from {})", table.name);
        table.rows = diesel::select(diesel::dsl::sql::<BigInt>(&count)).get_result(conn).await.unwrap();
        if table.rows == 0 {
            eprintln!("{:28} empty: nothing to copy", table.name);
            continue;
        }
        let there_are = u64::try_from(table.rows).unwrap();
        // Each clinic has its copies once; all else is copied for them in turn.
        let copies = if table.name == "clinics" { COPIES_OF_A_CLINIC - 1 } else { rows.div_ceil(there_are) };
        let began = Instant::now();
        let sql = format!(
            "with them as (select '{clinics}'::uuid[] as clinics) \
             insert into {} ({}) select {} from {} t cross join generate_series(1, {copies}) k cross join them \
             on conflict do nothing",
            table.name,
            table.columns.join(", "),
            table.values.join(", "),
            table.name
        );
        conn.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
        let now: i64 = diesel::select(diesel::dsl::sql::<BigInt>(&count)).get_result(conn).await.unwrap();
        total += u64::try_from(now).unwrap();
        eprintln!("{:28} {there_are:>6} -> {now:>9} rows, {:.1} s", table.name, began.elapsed().as_secs_f64());
    }
    conn.batch_execute("vacuum analyze").await.unwrap();
    total
}

/// A statement as it was run: how often, how long it took in all, and what was done for it.
#[derive(Default)]
struct Run {
    times: u32,
    ms: f64,
    worst: f64,
    nodes: BTreeSet<String>,
    /// The plan in which a tenant's table was read from end to end.
    reads_all: Option<String>,
}

/// Visits every node; told with each is whether it is done beforehand, once, whatever else there is to join.
fn walk(plan: &Value, is_beforehand: bool, visit: &mut impl FnMut(&Value, bool)) {
    let is_beforehand = is_beforehand || plan["Parent Relationship"] == "InitPlan";
    visit(plan, is_beforehand);
    for below in plan["Plans"].as_array().into_iter().flatten() {
        walk(below, is_beforehand, visit);
    }
}

/// The plans in Postgres's log, of statements of the service's own login. To pass over more rows of a `large` table than `most` is
/// to read it whole, by whatever index; and what is planned so will be done so, if not this time.
fn runs(log: &str, large: &BTreeSet<String>, most: f64) -> BTreeMap<String, Run> {
    let mut runs: BTreeMap<String, Run> = BTreeMap::new();
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((before, _)) = line.split_once(" ms  plan:") else { continue };
        let mut text = String::new();
        while let Some(more) = lines.next_if(|line| line.starts_with('\t')) {
            text.push_str(more);
        }
        if !before.split(' ').next().unwrap_or_default().ends_with("_app") {
            continue;
        }
        let explained: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let ms: f64 = before.rsplit(' ').next().unwrap().parse().unwrap();
        let statement = explained["Query Text"].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let run = runs.entry(statement).or_default();
        run.times += 1;
        run.ms += ms;
        run.worst = run.worst.max(ms);
        walk(&explained["Plan"], false, &mut |node, is_beforehand| {
            let (kind, table) = (node["Node Type"].as_str().unwrap(), node["Relation Name"].as_str());
            let Some(table) = table else { return };
            let by = node["Index Name"].as_str().map(|index| format!(" by {index}")).unwrap_or_default();
            let when = if is_beforehand { ", beforehand" } else { "" };
            run.nodes.insert(format!("{kind} {table}{by}{when}"));
            let loops = node["Actual Loops"].as_f64().unwrap_or(1.0);
            let passed_over = node["Rows Removed by Filter"].as_f64().unwrap_or_default() * loops;
            if (kind.ends_with("Seq Scan") || passed_over > most) && large.contains(table) {
                run.reads_all = Some(serde_json::to_string_pretty(&explained["Plan"]).unwrap());
            }
        });
    }
    runs
}

/// The tables that name their tenant, and how many rows each has.
async fn tenants(conn: &mut AsyncPgConnection) -> BTreeMap<String, i64> {
    #[derive(diesel::QueryableByName)]
    struct Name {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let sql = "select attrelid::regclass::text as name from pg_attribute join pg_class c on c.oid = attrelid \
               where relnamespace = 'public'::regnamespace and relkind = 'r' and attname = 'clinic_id' and not attisdropped";
    let names: Vec<Name> = diesel::sql_query(sql).load(conn).await.unwrap();
    let mut tenants = BTreeMap::new();
    for Name { name } in names {
        let count = format!("(select count(*) from {name})");
        tenants.insert(name, diesel::select(diesel::dsl::sql::<BigInt>(&count)).get_result(conn).await.unwrap());
    }
    tenants
}

/// From now on every statement of the service is explained, on new connections with this setting.
async fn explain(conn: &mut AsyncPgConnection, setting: &str) {
    for setting in setting.split("; alter system set ").chain(["auto_explain.log_min_duration = 0"]) {
        conn.batch_execute(&format!("alter system set {setting}")).await.unwrap();
    }
    conn.batch_execute("select pg_reload_conf()").await.unwrap();
    let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() \
               and usename like '%\\_app'";
    diesel::sql_query(end).execute(conn).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_for_anybody_reads_a_tenants_table_from_end_to_end() {
    let asked = asked_rows();
    let rows = asked.unwrap_or(FEW);
    let own = tokio::task::spawn_blocking(|| {
        // The name of the login stands before each line, by which the service's statements are known.
        cluster::Own::start(
            "plans",
            &[
                ("session_preload_libraries", "auto_explain"),
                ("auto_explain.log_format", "json"),
                ("auto_explain.log_nested_statements", "on"),
                ("auto_explain.log_analyze", "on"),
                ("auto_explain.log_timing", "off"),
                ("log_line_prefix", "%u "),
                ("shared_buffers", "512MB"),
                ("max_wal_size", "8GB"),
                ("max_connections", "100"),
            ],
        )
    });
    let own = own.await.unwrap();
    let url = own.url.clone();
    let world = tokio::task::spawn_blocking(move || {
        World::on(url, |config| {
            // So few that each sees every statement more than five times: only then does Postgres think of a plan for all.
            config.workers = NonZeroUsize::MIN;
            config.pool_size = NonZeroUsize::new(2).unwrap();
        })
    })
    .await
    .unwrap();
    let mut stage = Stage::set(&world).await;
    let service = Service::of(&world);
    let document = document(&service).await;
    let operations = operations(&document);
    let doable = doable(&document, &operations, &mut stage, &service).await;
    let mut conn = world.database().await;
    // Or each copy of one that waits would be sent.
    stage.mail_is_out().await;
    // And of each copy of what is due somebody would be told.
    let nothing_is_due = "update referral_clocks set remind_at = null, expires_at = null;
         update webhook_deliveries set next_attempt_at = now() + interval '1 day' where state = 'pending'";
    conn.batch_execute(nothing_is_due).await.unwrap();
    // To copy so many rows takes longer than anybody stays signed in who does nothing.
    conn.batch_execute("update refresh_tokens set expires_at = now() + interval '3 hours'").await.unwrap();
    let total = multiply(&mut conn, rows).await;

    let seqscan = if asked.is_some() { "on" } else { "off" };
    let (mut done, mut refused) = (0, Vec::new());
    // Where the planner chooses, often enough that it thinks of one plan for all values.
    let modes = [("force_custom_plan", 1), ("auto", 14)];
    for (mode, rounds) in modes.into_iter().take(if asked.is_some() { 2 } else { 1 }) {
        explain(&mut conn, &format!("enable_seqscan = {seqscan}; alter system set plan_cache_mode = {mode}")).await;
        for doable in &doable {
            // On so many rows all of them take longer than a token lives.
            stage.renew().await;
            // A copy may be none that the service can read: its statement was run all the same.
            for _ in 0..rounds {
                let request = stage.request(doable.operation, doable.caller, doable.of).await;
                let answer = service.ask(doable.operation, &request).await;
                if answer.is_success() {
                    done += 1;
                } else {
                    refused.push(format!("{}: {} {:?}", doable.operation.id, answer.status, answer.slug));
                }
            }
        }
    }
    let log = fs::read_to_string(&own.log).unwrap();
    let tenants = tenants(&mut conn).await;
    let most = asked.map_or(f64::INFINITY, |rows| rows as f64 / 100.0);
    // Where there are few, the planner avoids what is looked for, whatever the table's size.
    let is_large = |rows: i64| asked.is_none() || rows > A_FEW_PAGES;
    let large = tenants.iter().filter(|(_, rows)| is_large(**rows)).map(|(name, _)| name.clone()).collect();
    let runs = runs(&log, &large, most);
    let of_tenants = |run: &Run| run.nodes.iter().any(|node| tenants.keys().any(|table| node.contains(table.as_str())));
    let mut hottest: Vec<_> = runs.iter().filter(|(_, run)| of_tenants(run)).collect();
    hottest.sort_by_key(|(_, run)| std::cmp::Reverse(run.times));
    eprintln!("{total} rows, {} statements, {done} requests done, {} not: {refused:?}", runs.len(), refused.len());
    for (statement, run) in hottest.iter().take(HOTTEST) {
        let short: String = statement.chars().take(160).collect();
        eprintln!(
            "{:>5} times, {:>8.3} ms each, {:>8.3} at worst: {short}\n        {:?}",
            run.times,
            run.ms / f64::from(run.times),
            run.worst,
            run.nodes
        );
    }
    hottest.sort_by(|(_, one), (_, other)| other.worst.total_cmp(&one.worst));
    for (statement, run) in hottest.iter().take(5) {
        eprintln!(
            "slow: {:.3} ms at worst, {:.3} on average: {statement:.400}",
            run.worst,
            run.ms / f64::from(run.times)
        );
    }
    assert!(tenants.len() > 15 && runs.len() > 60, "{} tables, {} statements", tenants.len(), runs.len());
    let faults: Vec<String> = runs
        .iter()
        .filter_map(|(statement, run)| {
            let plan = run.reads_all.as_ref()?;
            Some(format!("{} times, {:.1} ms at worst: {statement}\n{plan}", run.times, run.worst))
        })
        .collect();
    assert!(faults.is_empty(), "{} statements read all:\n{}", faults.len(), faults.join("\n\n"));
    // Whom a search is for is looked up first, however common the planner takes that to be: what it takes it to be comes of a sample,
    // another one each time.
    let all_are_alike = "alter table patient_tokens alter column token set (n_distinct = 1); analyze patient_tokens";
    conn.batch_execute(all_are_alike).await.unwrap();
    explain(&mut conn, "plan_cache_mode = force_generic_plan").await;
    fs::write(&own.log, "").unwrap();
    for doable in doable.iter().filter(|doable| doable.operation.id == "search_patients") {
        let request = stage.request(doable.operation, doable.caller, doable.of).await;
        service.ask(doable.operation, &request).await;
    }
    let searches = self::runs(&fs::read_to_string(&own.log).unwrap(), &large, most);
    let found_by: BTreeSet<&String> =
        searches.values().flat_map(|run| &run.nodes).filter(|node| node.contains(" patient_tokens")).collect();
    assert!(!found_by.is_empty(), "no search was seen");
    assert!(found_by.iter().all(|node| node.ends_with(" by patient_tokens_pkey, beforehand")), "{found_by:?}");
    if asked.is_none() {
        // And it would be found out: for want of an index, a table is read from end to end.
        let all = "do $$ declare index regclass; begin
            for index in select indexrelid from pg_index join pg_class on pg_class.oid = indexrelid
                where relnamespace = 'public'::regnamespace and not indisunique loop execute format('drop index %s', index);
            end loop; end $$";
        conn.batch_execute(all).await.unwrap();
        fs::write(&own.log, "").unwrap();
        for doable in &doable {
            let request = stage.request(doable.operation, doable.caller, doable.of).await;
            service.ask(doable.operation, &request).await;
        }
        let log = fs::read_to_string(&own.log).unwrap();
        let found = self::runs(&log, &large, most).into_iter().filter(|(_, run)| run.reads_all.is_some()).count();
        assert!(found > 5, "of all that lacks an index now, {found} statements were noticed");
    }
}
