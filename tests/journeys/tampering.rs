//! Somebody with all rights in the database changes the audit log, a thousand times in a random way: each time it is found,
//! and where.

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use rapport_api::{
    audit::seal::{
        Place,
        check::{self, Against},
    },
    database::connect,
    server,
};
use rapport_contract::audit_log::{
    LogEvent,
    merkle::{Frontier, Hash, Node},
};
use rapport_tests::World;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

const TAMPERINGS: u32 = 1_000;

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count).unwrap()).unwrap()
    }
}

/// The log as it was sealed.
struct Sealed {
    url: String,
    against: Against,
    /// By their places.
    events: Vec<LogEvent>,
    /// The sizes of the checkpoints.
    sizes: Vec<i64>,
}

async fn sealed() -> Sealed {
    let folder = tempfile::tempdir().unwrap();
    let keys = server::make_keys(folder.path()).unwrap();
    let witness = folder.path().join("witness.jsonl");
    let to = witness.clone();
    let world = World::with(move |config| (config.keys, config.audit_witness_file) = (keys, to)).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    north.share_with(&south).await;
    world.sealed().await;
    let mut conn = world.database().await;
    for round in 0..15 {
        // The columns that are seldom filled are filled here, so that there is something to change in each.
        conn.batch_execute(&format!(
            "insert into audit_events (id, clinic_id, occurred_at, action, outcome, reason, actor_kind, actor_id, \
             actor_clinic_id, object_type, object_id, patient_id, consent_id, request_id) select gen_random_uuid(), '{}', \
             clock_timestamp(), 'share.read', 'denied', 'consent-revoked', 'member', gen_random_uuid(), '{}', 'share', \
             gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'round {round}' from generate_series(1, 1 + {round} % 7)",
            north.id, south.id
        ))
        .await
        .unwrap();
        world.sealed().await;
    }
    let against = Against { keys: north.client().audit().keys().await.unwrap(), witness: Vec::new() };
    let url = world.database_url().to_owned();
    // The witness writes after the seal: the next round finds that it has everything.
    wait_for(&witness, &mut conn).await;
    drop(world);
    let mut against = against;
    against.read_witness(&witness).unwrap();

    let file = folder.path().join("log.jsonl");
    check::export(&mut conn, &file, &mut |_, _| {}).await.unwrap();
    let offline = check::exported(&file, against.clone(), &mut |_, _| {}).unwrap();
    assert_eq!(offline.findings, [], "the export checks out");
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events = lines.iter().filter_map(|line| line.get("entry")).map(|entry| entry["event"].clone());
    let sizes = lines.iter().filter_map(|line| line.get("checkpoint")?["size"].as_i64()).collect();
    Sealed { url, against, events: events.map(|event| serde_json::from_value(event).unwrap()).collect(), sizes }
}

async fn wait_for(witness: &std::path::Path, conn: &mut AsyncPgConnection) {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let start = std::time::Instant::now();
    loop {
        let query = diesel::sql_query("select count(*) from audit_checkpoints");
        let rows: Vec<Count> = diesel_async::RunQueryDsl::load(query, conn).await.unwrap();
        let lines = std::fs::read_to_string(witness).unwrap_or_default().lines().count();
        if i64::try_from(lines).unwrap() == rows[0].count {
            return;
        }
        assert!(start.elapsed().as_secs() < 60, "the witness does not see it");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

type Located = Box<dyn Fn(&Place) -> bool>;

fn event(id: Uuid) -> Located {
    Box::new(move |place| matches!(place, Place::Event { id: found, .. } if *found == id))
}

fn entry(index: i64) -> Located {
    let index = u64::try_from(index).unwrap();
    Box::new(move |place| match place {
        Place::Entries { first, last } => (*first..=*last).contains(&index),
        Place::Event { index: found, .. } => *found == Some(index),
        _ => false,
    })
}

fn checkpoint(size: i64) -> Located {
    Box::new(move |place| matches!(place, Place::Checkpoint { size: found } if *found == size))
}

/// What a column of an event is changed to, which is never what it was.
fn other(column: &str, of: &LogEvent) -> String {
    let optional = |value: Option<Uuid>| if value.is_some() { "null" } else { "gen_random_uuid()" }.to_owned();
    match column {
        "id" | "salt" => "gen_random_uuid()".to_owned(),
        "clinic_id" => "(select id from clinics c where c.id <> clinic_id limit 1)".to_owned(),
        "occurred_at" => "occurred_at + interval '1 microsecond'".to_owned(),
        "outcome" => "case outcome when 'denied' then 'permitted' else 'denied' end".to_owned(),
        "reason" => if of.reason.is_some() { "null" } else { "'forbidden'" }.to_owned(),
        "actor_kind" => "case actor_kind when 'system' then 'anonymous' else 'system' end".to_owned(),
        "actor_id" => optional(of.actor_id),
        "actor_clinic_id" => optional(of.actor_clinic_id),
        "object_id" => optional(of.object_id),
        "patient_id" => optional(of.patient_id),
        "consent_id" => optional(of.consent_id),
        "xid" => "(xid::text::bigint + 1)::text::xid8".to_owned(),
        text => format!("{text} || '-'"),
    }
}

/// An event is changed and the tree above it made anew, by who knows how; the signature is what is missing.
fn rewrite(log: &Sealed, at: usize) -> String {
    let mut sql = String::new();
    let (mut before, mut after) = (Frontier::default(), Frontier::default());
    let mut nodes: HashMap<Node, Hash> = HashMap::new();
    for (index, event) in log.events.iter().enumerate() {
        let mut changed = event.clone();
        if index == at {
            changed.action = "patient.search".to_owned();
            let (id, hash) = (event.id, hex(&changed.leaf(1).unwrap()));
            sql.push_str(&format!(
                "update audit_events set action = 'patient.search' where id = '{id}'; \
                 update audit_leaves set leaf_hash = '\\x{hash}' where event_id = '{id}';"
            ));
        }
        nodes.extend(before.push(event.leaf(1).unwrap()));
        for (node, hash) in after.push(changed.leaf(1).unwrap()) {
            if nodes[&node] != hash {
                let Node { level, position } = node;
                sql.push_str(&format!(
                    "update audit_nodes set hash = '\\x{}' where level = {level} and position = {position};",
                    hex(&hash)
                ));
            }
        }
    }
    sql
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One way to change the log, what it is called, and where it is to be found.
fn tampering(log: &Sealed, random: &mut Random) -> (&'static str, String, Located) {
    let at = random.below(log.events.len());
    let index = i64::try_from(at).unwrap();
    let picked = &log.events[at];
    let id = picked.id;
    let nth = random.below(log.sizes.len());
    let size = log.sizes[nth];
    let last = *log.sizes.last().unwrap();
    let covering = log.sizes.iter().copied().find(|size| *size > index).unwrap();
    match random.below(22) {
        0..=5 => {
            let column = LogEvent::COLUMNS[random.below(LogEvent::COLUMNS.len())];
            let value = other(column, picked);
            ("edit a column", format!("update audit_events set {column} = {value} where id = '{id}'"), event(id))
        }
        6 => ("delete an event", format!("delete from audit_events where id = '{id}'"), event(id)),
        7 => ("delete a leaf", format!("delete from audit_leaves where event_id = '{id}'"), entry(index)),
        8 => {
            let sql =
                format!("delete from audit_leaves where event_id = '{id}'; delete from audit_events where id = '{id}'");
            ("delete an event with its leaf", sql, entry(index))
        }
        9 => {
            let (new, xid) = (Uuid::from_u128(u128::from(random.next())), picked.transaction_id);
            let sql = format!(
                "insert into audit_events select (jsonb_populate_record(e, jsonb_build_object('id', '{new}', 'xid', '{xid}'))).* \
                 from audit_events e where id = '{id}'"
            );
            // The very last place of the log is not its past.
            let sql = sql.replace(&format!("'{xid}'"), &format!("'{}'", xid - 1));
            ("insert into the past", sql, event(new))
        }
        10 => {
            let new = Uuid::from_u128(u128::from(random.next()));
            let sql = format!(
                "insert into audit_events (id, clinic_id, occurred_at, action, outcome, actor_kind, object_type, request_id) \
                 select '{new}', clinic_id, occurred_at - interval '1 hour', action, outcome, actor_kind, object_type, \
                 request_id from audit_events where id = '{id}'"
            );
            ("back-date a new one", sql, event(new))
        }
        11 => {
            let with = (at + 1 + random.below(log.events.len() - 1)) % log.events.len();
            let sql = format!(
                "update audit_leaves set leaf_index = -1 where leaf_index = {at}; \
                 update audit_leaves set leaf_index = {at} where leaf_index = {with}; \
                 update audit_leaves set leaf_index = {with} where leaf_index = -1"
            );
            let (one, two) = (id, log.events[with].id);
            let located = move |place: &Place| matches!(place, Place::Event { id, .. } if [one, two].contains(id));
            ("swap two leaves", sql.replace("= -1", "= 1000000"), Box::new(located))
        }
        12 => {
            let column = ["leaf_hash = sha256('x')", "encoding = 2", "xid = '1'", "event_id = gen_random_uuid()"];
            let sql = format!("update audit_leaves set {} where leaf_index = {index}", column[random.below(4)]);
            ("edit a leaf", sql, entry(index))
        }
        13 => {
            let first =
                u64::try_from(log.sizes.iter().rev().find(|size| **size <= index).copied().unwrap_or(0)).unwrap();
            let located = move |place: &Place| matches!(place, Place::Entries { first: found, .. } if *found == first);
            ("rewrite the tree", rewrite(log, at), Box::new(located))
        }
        14 => {
            let sql = format!(
                "{} update audit_checkpoints set root = sha256('another') where size = {covering}",
                rewrite(log, at)
            );
            ("rewrite the tree and its root", sql, checkpoint(covering))
        }
        15 => {
            let sql = format!(
                "delete from audit_events where id in (select event_id from audit_leaves where leaf_index >= {index}); \
                 delete from audit_leaves where leaf_index >= {index}; delete from audit_checkpoints where size > {index}; \
                 delete from audit_nodes where (position + 1) << level > {index}"
            );
            // The lines of a witness are as many as checkpoints.
            let from = log.sizes.iter().filter(|size| **size <= index).count();
            let located = move |place: &Place| matches!(place, Place::Witness { line } if *line > from);
            ("cut off the end", sql, Box::new(located))
        }
        16 => {
            let sql = format!(
                "delete from audit_events where id in (select event_id from audit_leaves where leaf_index >= {index}); \
                 delete from audit_leaves where leaf_index >= {index}"
            );
            ("cut off entries", sql, entry(index))
        }
        17 => {
            let next = log.sizes.get(nth + 1).copied();
            let located = move |place: &Place| match (place, next) {
                (Place::Checkpoint { size: found }, Some(next)) => *found == next,
                (Place::Entries { last: found, .. }, None) => *found == u64::try_from(last - 1).unwrap(),
                _ => false,
            };
            ("drop a checkpoint", format!("delete from audit_checkpoints where size = {size}"), Box::new(located))
        }
        18..=19 => {
            let changes = [
                "root = sha256('x')",
                "previous_root = sha256('x')",
                "sealed_at = sealed_at - interval '1 day'",
                "sealed_at = sealed_at + interval '1 microsecond'",
                "public_key = sha256('x')",
                "signature = signature || ''::bytea, origin = origin || 'x'",
                "signature = set_byte(signature, 7, get_byte(signature, 7) # 1)",
            ];
            let sql = format!("update audit_checkpoints set {} where size = {size}", changes[random.below(7)]);
            ("edit a checkpoint", sql, checkpoint(size))
        }
        20 => {
            let change = ["hash = sha256('x')", "position = position + 100000"][random.below(2)];
            let position = random.below(log.events.len() / 2);
            let sql = format!("update audit_nodes set {change} where level = 1 and position = {position}");
            let position = u64::try_from(position).unwrap();
            let located = move |place: &Place| matches!(place, Place::Subtree { level: 1, position: found } if *found == position);
            ("edit a subtree", sql, Box::new(located))
        }
        _ => {
            let sql = format!(
                "insert into audit_checkpoints select {last} + 3, origin, root, root, sealed_at, public_key, signature \
                 from audit_checkpoints where size = {last}"
            );
            ("make a checkpoint up", sql, checkpoint(last + 3))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "the seed is given to the test, not to the service")]
async fn a_thousand_random_tamperings_are_found_and_located() {
    let log = sealed().await;
    let seed = std::env::var("RAPPORT_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| log.events[0].salt.as_u64_pair().1);
    println!("seed {seed}, {} entries, {} checkpoints", log.events.len(), log.sizes.len());
    let mut random = Random(seed);
    let mut conn = connect(&log.url).await.unwrap();
    let untouched = check::current(&mut conn, log.against.clone(), &mut |_, _| {}).await.unwrap();
    assert_eq!(untouched.findings, [], "nothing is found where nothing was changed");
    assert_eq!(usize::try_from(untouched.witnessed).unwrap(), log.sizes.len());

    let tables = ["audit_events", "audit_leaves", "audit_nodes", "audit_checkpoints"];
    let disable: String = tables.iter().map(|table| format!("alter table {table} disable trigger all;")).collect();
    let mut missed = Vec::new();
    let mut kinds: HashMap<&str, u32> = HashMap::new();
    for number in 0..TAMPERINGS {
        let (what, sql, located) = tampering(&log, &mut random);
        *kinds.entry(what).or_default() += 1;
        conn.batch_execute(&format!("begin; {disable}")).await.unwrap();
        conn.batch_execute(&sql).await.unwrap_or_else(|error| panic!("seed {seed}, {number}, {what}: {error}: {sql}"));
        let report = check::current(&mut conn, log.against.clone(), &mut |_, _| {}).await.unwrap();
        conn.batch_execute("rollback").await.unwrap();
        if !report.findings.iter().any(|finding| located(&finding.place)) {
            let told: Vec<String> = report.findings.iter().take(5).map(ToString::to_string).collect();
            missed.push(format!("{number} {what}: {sql:.300}\n    found: {told:?}"));
        }
    }
    println!("{kinds:?}");
    assert!(missed.is_empty(), "seed {seed}: {} were not found where they are:\n{}", missed.len(), missed.join("\n"));
}
