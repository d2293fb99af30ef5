//! The floor under the service: roles, row level security, and what holds even where the service is wrong.

use actix_web::http::header::HeaderMap;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_api::{
    audit::Origin,
    database::{Db, Reason, Signals, connect, floor, prepare},
    http::{ApiError, RequestId},
    identity::{Actor, Subject, keys::KeyFiles, secrets::Secrets},
};
use rapport_tests::{World, as_member, cluster};
use std::{cell::Cell, rc::Rc, time::Duration};
use tokio::task::LocalSet;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

async fn line(conn: &mut AsyncPgConnection, sql: &str) -> diesel::QueryResult<String> {
    Ok(diesel::sql_query(format!("select ({sql})::text as line")).get_result::<Line>(conn).await?.line)
}

/// The address that this world's service serves by.
async fn service_url(world: &World) -> String {
    let (url, folder) = (world.database_url().to_owned(), world.folder().to_owned());
    // On a runtime of its own: migrations block.
    let ready = tokio::task::spawn_blocking(move || {
        let keys = KeyFiles::under(&folder).read().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(prepare::run(&url, &Secrets::derive(&keys.secret).unwrap())).unwrap()
    });
    ready.await.unwrap().service_url
}

async fn login(conn: &mut AsyncPgConnection) -> String {
    line(conn, "select current_database() || '_app'").await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_floor_has_no_hole_and_each_hole_is_found() {
    let world = World::start().await;
    let mut served = connect(&service_url(&world).await).await.unwrap();
    assert_eq!(floor::holes(&mut served).await.unwrap(), [""; 0]);
    // To compile a statement takes Postgres seconds, and to run it a millisecond.
    assert_eq!(line(&mut served, "current_setting('jit')").await.unwrap(), "off");
    // To merge reads through what could be looked up.
    assert_eq!(line(&mut served, "current_setting('enable_mergejoin')").await.unwrap(), "off");

    // Each hole is made as the administrator, looked for as the service, and undone.
    let mut admin = world.database().await;
    let app = login(&mut admin).await;
    for (hole, told) in [
        ("alter role {app} bypassrls".to_owned(), "bypasses row level security"),
        ("alter role {app} createrole".to_owned(), "makes roles"),
        ("alter role {app} inherit".to_owned(), "make it NOINHERIT"),
        ("grant rapport_owner to {app}".to_owned(), "is a member of rapport_owner"),
        ("grant rapport_owner to rapport_link".to_owned(), "rapport_link is a member of rapport_owner"),
        ("alter role rapport_tenant bypassrls".to_owned(), "rapport_tenant of the service"),
        ("alter table patients owner to {app}".to_owned(), "owns patients"),
        ("grant create on schema public to rapport_worker".to_owned(), "may make things"),
        ("alter table patients disable row level security".to_owned(), "not enabled and forced on patients"),
        ("alter table patients no force row level security".to_owned(), "not enabled and forced on patients"),
        ("create table notes (id uuid primary key)".to_owned(), "not enabled and forced on notes"),
        ("grant truncate on patients to rapport_tenant".to_owned(), "may truncate"),
        ("grant select on patients to public".to_owned(), "granted it as PUBLIC"),
        ("grant update on audit_events to rapport_tenant".to_owned(), "change or delete what stands in audit_events"),
        ("grant delete on report_versions to rapport_worker".to_owned(), "what stands in report_versions"),
        ("create policy open on patients using (true)".to_owned(), "policy open on patients is for everybody"),
        ("create view names as select identity from patients".to_owned(), "the view names runs as its owner"),
        ("create materialized view names as select identity from patients".to_owned(), "materialized view names"),
        (
            "create function leak() returns bigint language sql security definer as 'select count(*) from patients'"
                .to_owned(),
            "leak() runs as its owner",
        ),
        (
            "create function leak() returns void language plpgsql as 'begin end'; revoke all on function leak() from public"
                .to_owned(),
            "leak() looks names up",
        ),
        ("create function leak() returns int language sql as 'select 1'".to_owned(), "everybody may execute public.leak()"),
        (
            "create table notes (clinic_id uuid, report_id uuid, unique (report_id)); alter table reports add unique (id); \
             alter table notes add foreign key (report_id) references reports (id)"
                .to_owned(),
            "leads to a tenant's table without the tenant",
        ),
        (
            "set local log_min_duration_statement = 0; set local log_parameter_max_length = 100".to_owned(),
            "may log the values",
        ),
        ("set local search_path = pg_temp, public".to_owned(), "names are looked up in"),
    ] {
        let hole = hole.replace("{app}", &app);
        admin.batch_execute(&format!("begin; {hole}; set local session authorization {app}")).await.expect(&hole);
        if !hole.contains("search_path") {
            admin.batch_execute("set local search_path = public").await.unwrap();
        }
        let found = floor::holes(&mut admin).await.expect(&hole);
        admin.batch_execute("rollback").await.unwrap();
        assert!(found.iter().any(|line| line.contains(told)), "{hole}: {found:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_does_not_start_on_a_floor_with_a_hole_and_says_which() {
    let url = tokio::task::spawn_blocking(cluster::new_database).await.unwrap();
    let mut admin = connect(&url).await.unwrap();
    admin.batch_execute("alter table patients no force row level security").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let keys = rapport_api::server::make_keys(folder.path()).unwrap().read().unwrap();
    let ready = prepare::run(&url, &Secrets::derive(&keys.secret).unwrap()).await.unwrap();
    let told = floor::check(&ready.service_url, false).await.unwrap_err().to_string();
    assert!(told.contains("not safe to serve from") && told.contains("patients"), "{told}");
    // The throw-away cluster of the tests gives durability up; a real service would not have it.
    let told = floor::check(&ready.service_url, true).await.unwrap_err().to_string();
    assert!(told.contains("fsync is off"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn beneath_the_service_a_role_can_do_its_kind_of_work_and_nothing_else() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let mut conn = connect(&service_url(&world).await).await.unwrap();
    let as_south = format!(
        "begin; set local role rapport_tenant; select set_config('app.clinic_id', '{}', true), \
         set_config('app.member_id', '{}', true)",
        south.id, south.owner.id
    );
    let allowed = "select count(*) from patients";
    for (sql, told) in [
        ("begin; select count(*) from patients", "does not exist"),
        ("begin; set local role rapport_tenant; select count(*) from patients", "app.clinic_id"),
        ("begin; set local role rapport_owner", "permission denied"),
        ("begin; set local role rapport_worker; select count(*) from patients", "permission denied"),
        ("begin; set local role rapport_sealer; select count(*) from report_versions", "permission denied"),
        ("begin; set local role rapport_link; select count(*) from patients", "app.link_id"),
    ] {
        let error = conn.batch_execute(sql).await.expect_err(sql).to_string();
        assert!(error.contains(told), "{sql}: {error}");
        conn.batch_execute("rollback").await.unwrap();
    }
    for (sql, told) in [
        ("update audit_events set action = 'nothing'", "permission denied"),
        ("delete from audit_events", "permission denied"),
        ("delete from report_versions", "permission denied"),
        ("truncate patients", "permission denied"),
        ("create table mine (id int)", "permission denied"),
        ("create temporary table mine (id int)", "permission denied"),
        ("select password_hash from members", "permission denied"),
        ("select secret_hash from consent_links", "permission denied"),
        ("update consents set purpose = 'another'", "permission denied"),
        ("alter table patients disable row level security", "must be owner"),
        ("set local session authorization rapport_owner", "permission denied"),
        ("copy patients to program 'true'", "must be superuser"),
    ] {
        conn.batch_execute(&as_south).await.unwrap();
        let error = conn.batch_execute(sql).await.expect_err(sql).to_string();
        assert!(error.contains(told), "{sql}: {error}");
        conn.batch_execute("rollback").await.unwrap();
    }
    conn.batch_execute(&as_south).await.unwrap();
    for sql in [
        allowed.to_owned(),
        format!("select count(*) from patients where id = '{}'", patient.id),
        format!("select count(*) from audit_events where clinic_id = '{}'", north.id),
        format!("select count(*) from consents where clinic_id = '{}'", north.id),
    ] {
        assert_eq!(diesel::sql_query(&sql).get_result::<Count>(&mut conn).await.unwrap().count, 0, "{sql}");
    }
    let theirs = format!(
        "insert into patients select (jsonb_populate_record(null::patients, jsonb_build_object('id', gen_random_uuid(), \
         'clinic_id', '{}', 'identity', '\\x00', 'key_version', 1, 'created_at', now(), 'updated_at', now(), 'version', 1))).*",
        north.id
    );
    let error = conn.batch_execute(&theirs).await.expect_err("a row of another tenant").to_string();
    assert!(error.contains("row-level security"), "{error}");
    conn.batch_execute("rollback").await.unwrap();
    // What a transaction set is gone with it, and its absence is an error and no empty answer.
    let error = conn.batch_execute("begin; set local role rapport_tenant; select count(*) from patients").await;
    assert!(error.unwrap_err().to_string().contains("uuid"));
}

/// How often a connection is borrowed: `RAPPORT_BORROWS=100000` for the whole of it.
#[expect(clippy::disallowed_methods, reason = "how thorough a test is to be is told by whoever runs it")]
fn borrows() -> usize {
    std::env::var("RAPPORT_BORROWS").map_or(2_000, |count| count.parse().unwrap())
}

/// A small generator of numbers that can be repeated: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

fn request() -> RequestId {
    RequestId::of(&HeaderMap::new())
}

/// Eight borrowers share two connections, each for a random clinic, and end well, by a refusal, by a panic, or by leaving in
/// the middle. Nobody ever finds another one's tenant, role or rows.
#[tokio::test]
async fn whoever_borrows_a_connection_finds_its_own_tenant_and_leaves_none() {
    let world = World::start().await;
    let mut admin = world.database().await;
    let mut actors = Vec::new();
    for name in ["north", "south", "west"] {
        let clinic = world.clinic(name).await;
        clinic.patient().await;
        let sql = format!("select id from sessions where member_id = '{}'", clinic.owner.id);
        let session: Uuid = line(&mut admin, &sql).await.unwrap().parse().unwrap();
        actors.push((clinic.id, clinic.owner.id, session));
    }
    let url = service_url(&world).await;
    let db = Db::new(&url, 2, Signals::default(), world.vault()).unwrap();
    let seed = rapport_api::database::ids::new_id().as_u64_pair().1;
    println!("seed {seed}");
    let each = borrows() / 8;
    let (done, failed) = (Rc::new(Cell::new(0_usize)), Rc::new(Cell::new(0_usize)));
    let borrowers = LocalSet::new();
    for borrower in 0..8 {
        let (db, actors, done, failed) = (db.clone(), actors.clone(), Rc::clone(&done), Rc::clone(&failed));
        borrowers.spawn_local(async move {
            let mut dice = Dice(seed ^ borrower);
            for _ in 0..each {
                let (clinic, member, session) = actors[dice.roll(3) as usize];
                let actor = Actor {
                    subject: Subject::Member { id: member.into(), session },
                    clinic: clinic.into(),
                    request: request(),
                };
                let (end, patience) = (dice.roll(10), Duration::from_micros(dice.roll(4_000)));
                let borrowed = db.clone();
                // A task of its own: a panic ends the task, and its connection goes back as it is.
                let work = tokio::task::spawn_local(async move {
                    let work = borrowed.tenant(&actor, async |tx, _| {
                        let sql = "select current_setting('app.clinic_id') || ' ' || current_user || ' ' || \
                                   (select string_agg(distinct clinic_id::text, ',') from patients)";
                        let told = line(tx.conn(), sql).await?;
                        assert_eq!(told, format!("{clinic} rapport_tenant {clinic}"));
                        match end {
                            0 => Err(ApiError::not_found()),
                            1 => std::panic::panic_any("on purpose"),
                            2 => line(tx.conn(), "select 1 / 0").await.map_or(Ok(()), |_| Ok(())),
                            3 => line(tx.conn(), "select pg_sleep(0.003)").await.map_or(Ok(()), |_| Ok(())),
                            _ => Ok(()),
                        }
                    });
                    match end {
                        3..=5 => drop(tokio::time::timeout(patience, work).await),
                        _ => drop(work.await),
                    }
                });
                let outcome = work.await;
                if let Err(panic) = outcome {
                    let said = panic.into_panic();
                    // One that is not ours is a finding: the assertion above.
                    assert_eq!(said.downcast_ref::<&str>(), Some(&"on purpose"), "seed {seed}");
                    failed.set(failed.get() + 1);
                }
                done.set(done.get() + 1);
                if dice.roll(8) == 0 {
                    let sql = "select coalesce(current_setting('app.clinic_id', true), '') || ' ' || \
                               coalesce(current_setting('app.member_id', true), '') || ' ' || current_user";
                    let found = of_nobody(&db, sql).await;
                    assert_eq!(found, "  rapport_worker", "seed {seed}");
                }
            }
        });
    }
    borrowers.await;
    println!("{} borrowed, {} of them ended by a panic", done.get(), failed.get());
    assert_eq!(done.get(), each * 8, "every borrower came to its end");
    assert!(failed.get() > 0);
}

async fn of_nobody(db: &Db, sql: &str) -> String {
    db.system(Reason::Health, Origin::system(), async |tx| Ok(line(tx.conn(), sql).await?)).await.unwrap()
}

/// What two clinics have exchanged grows for ever; a key of a patient is looked up in it.
#[tokio::test]
async fn a_key_is_looked_up_however_much_two_clinics_have_exchanged() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, _, _, share) = north.share_with(&south).await;
    let mut conn = world.database().await;
    // Of patients whose ids come before that one's, past all foreign keys; whichever way is taken, the share is the last one.
    let more = format!(
        "set session_replication_role = replica; \
         insert into shares select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'patient_id', \
         lpad(to_hex(n), 32, '0')::uuid))).* from shares s, generate_series(1, 2000) n where s.id = '{0}'; \
         update shares set version = version where id = '{0}'; analyze shares",
        share.id
    );
    conn.batch_execute(&more).await.unwrap();
    let find = format!("select from data_keys where clinic_id = '{}' and subject_id = '{}'", north.id, patient.id);
    let fetched = "select idx_tup_fetch + seq_tup_read from pg_stat_xact_user_tables where relname = 'shares'";
    let read = async |conn: &mut AsyncPgConnection| {
        conn.batch_execute(&as_member(south.id, south.owner.id)).await.unwrap();
        assert_eq!(diesel::sql_query(&find).execute(conn).await.unwrap(), 1);
        let count: i64 = line(conn, fetched).await.unwrap().parse().unwrap();
        conn.batch_execute("rollback").await.unwrap();
        count
    };
    let count = read(&mut conn).await;
    assert!(count <= 10, "{count} rows of shares were read for a key");
    let as_one_question = "alter policy came_in on data_keys using (exists (select from shares s \
        where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid) and s.clinic_id = data_keys.clinic_id \
        and (data_keys.subject_id = data_keys.clinic_id or s.patient_id = data_keys.subject_id)))";
    conn.batch_execute(as_one_question).await.unwrap();
    assert!(read(&mut conn).await > 1000, "and it would be found");
}

/// What one reading's policies ask is answered once for each transaction. It holds for who asked, when, under which consents:
/// for anybody else, at another time, and once a consent has changed in the same transaction, it is asked anew.
#[tokio::test]
async fn what_was_found_open_is_forgotten_when_who_asks_or_when_or_a_consent_changes() {
    let world = World::start().await;
    let (north, south, west) = (world.clinic("north").await, world.clinic("south").await, world.clinic("west").await);
    let (patient, consent, report, _) = north.share_with(&south).await;
    let mut conn = world.database().await;
    let context = format!(
        "set local role rapport_tenant; select set_config('app.clinic_id', '{}', true), \
         set_config('app.member_id', '{}', true);",
        south.id, south.owner.id
    );
    let begin = format!("begin; {context} select hold_consents_of('{}', 0)", patient.id);
    let version = format!("select count(*)::text as line from report_versions where report_id = '{}'", report.id);
    let name = format!("select count(*)::text as line from patients where id = '{}'", patient.id);
    let key = format!("select count(*)::text as line from data_keys where subject_id = '{}'", patient.id);
    let count = async |conn: &mut AsyncPgConnection, sql: &str| {
        diesel::sql_query(sql).get_result::<Line>(conn).await.expect(sql).line
    };
    let revoke = format!(
        "reset role; update consents set state = 'revoked', revoked_at = now() where id = '{}'; {context}",
        consent.id
    );
    // Nobody can read it, and it might be the one that forbids.
    let unreadable = format!(
        "reset role; insert into consents select (jsonb_populate_record(c, '{{\"id\": \"{}\", \"recipients\": \"nobody\"}}')).* \
         from consents c where id = '{}'; {context}",
        Uuid::from_u128(1),
        consent.id
    );
    for (change, is_key_open) in [
        (format!("select set_config('app.clinic_id', '{}', true)", west.id), "0"),
        (format!("select set_config('app.member_id', '{}', true)", west.owner.id), "1"),
        ("select set_config('app.at', (clock_timestamp() + interval '10 years')::text, true)".to_owned(), "1"),
        (revoke, "1"),
        (unreadable, "1"),
    ] {
        conn.batch_execute(&begin).await.unwrap();
        for sql in [&version, &name, &key] {
            assert_eq!(count(&mut conn, sql).await, "1", "before: {sql}");
        }
        conn.batch_execute(&change).await.expect(&change);
        assert_eq!(count(&mut conn, &name).await, "0", "{change}");
        assert_eq!(count(&mut conn, &version).await, "0", "{change}");
        assert_eq!(count(&mut conn, &key).await, is_key_open, "{change}");
        conn.batch_execute("rollback").await.unwrap();
    }
    // Nothing but the floor's own functions says what is open.
    let writers =
        "select string_agg(proname, ' ' order by proname) from pg_proc where prosrc ~ 'app\\.(opened|came_in)'";
    let expected = "consents_are_weighed_anew guest_patient_is_open guest_report_is_open patient_came_by_link patient_came_in \
                    patient_is_open report_is_open";
    assert_eq!(line(&mut conn, writers).await.unwrap(), expected);
}
