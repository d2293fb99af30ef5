//! The SQL of the sealed log.

use super::log::{Entry, Item, Leaf, SealedCheckpoint, Unreadable};
use crate::database::{
    pg_try_advisory_xact_lock,
    schema::{audit_checkpoints, audit_events, audit_leaves, audit_nodes},
    transaction_id::{TransactionId, Xid8},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::{count_star, sql},
    prelude::*,
    sql_types::{Array, BigInt, Bool, SmallInt, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_contract::audit_log::{
    Checkpoint, LogEvent, PublicKey,
    merkle::{Frontier, Hash, Node, nodes_of},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Whoever holds it seals; the others wait for their turn.
const SEALING: i64 = 7_235_422;
/// How many entries are read at a time.
const PAGE: i64 = 4096;

/// An event with every column.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct EventRow {
    id: Uuid,
    clinic_id: Uuid,
    occurred_at: DateTime<Utc>,
    action: String,
    outcome: String,
    reason: Option<String>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_clinic_id: Option<Uuid>,
    object_type: String,
    object_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    consent_id: Option<Uuid>,
    request_id: String,
    xid: TransactionId,
    salt: Uuid,
}

impl From<EventRow> for LogEvent {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id,
            clinic_id: row.clinic_id,
            occurred_at: row.occurred_at,
            action: row.action,
            outcome: row.outcome,
            reason: row.reason,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor_clinic_id: row.actor_clinic_id,
            object_type: row.object_type,
            object_id: row.object_id,
            patient_id: row.patient_id,
            consent_id: row.consent_id,
            request_id: row.request_id,
            transaction_id: row.xid.0,
            salt: row.salt,
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_leaves)]
pub(super) struct LeafRow {
    pub(super) leaf_index: i64,
    pub(super) event_id: Uuid,
    pub(super) xid: TransactionId,
    pub(super) encoding: i16,
    pub(super) leaf_hash: Vec<u8>,
}

impl From<LeafRow> for Leaf {
    fn from(row: LeafRow) -> Self {
        let LeafRow { leaf_index, event_id, xid, encoding, leaf_hash } = row;
        Self { index: leaf_index, event_id, transaction_id: xid.0, encoding, hash: STANDARD.encode(&leaf_hash) }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_nodes)]
pub(super) struct NodeRow {
    level: i16,
    position: i64,
    hash: Vec<u8>,
}

/// A checkpoint as a row.
#[derive(Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = audit_checkpoints, treat_none_as_default_value = false)]
pub(super) struct CheckpointRow {
    size: i64,
    origin: String,
    root: Vec<u8>,
    previous_root: Option<Vec<u8>>,
    sealed_at: DateTime<Utc>,
    public_key: Vec<u8>,
    signature: Vec<u8>,
}

impl TryFrom<CheckpointRow> for SealedCheckpoint {
    type Error = Unreadable;

    fn try_from(row: CheckpointRow) -> Result<Self, Unreadable> {
        let unreadable = |_| Unreadable { size: row.size };
        let checkpoint = Checkpoint {
            origin: row.origin,
            size: u64::try_from(row.size).map_err(|_| Unreadable { size: row.size })?,
            root: row.root.try_into().map_err(unreadable)?,
            sealed_at: row.sealed_at,
            previous_root: row.previous_root.map(TryInto::try_into).transpose().map_err(unreadable)?,
        };
        let key = PublicKey::new(row.public_key.try_into().map_err(unreadable)?);
        Ok(Self { note: checkpoint.note(&key, &row.signature), checkpoint, key })
    }
}

/// Takes the right to seal until the transaction ends, if nobody has it.
pub(super) async fn try_lock(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    diesel::select(pg_try_advisory_xact_lock(SEALING)).get_result(conn).await
}

/// The database's own clock; tests that travel in time do not move it.
pub(super) async fn clock(conn: &mut AsyncPgConnection) -> QueryResult<DateTime<Utc>> {
    diesel::select(sql::<Timestamptz>("clock_timestamp()")).get_result(conn).await
}

/// Whether the database still counts its transactions on from this one.
pub(super) async fn has_passed(conn: &mut AsyncPgConnection, last: TransactionId) -> QueryResult<bool> {
    let next: TransactionId =
        diesel::select(sql::<Xid8>("pg_snapshot_xmax(pg_current_snapshot())")).get_result(conn).await?;
    Ok(next > last)
}

pub(super) async fn last_leaf(conn: &mut AsyncPgConnection) -> QueryResult<Option<LeafRow>> {
    audit_leaves::table.order(audit_leaves::leaf_index.desc()).select(LeafRow::as_select()).first(conn).await.optional()
}

/// The newest checkpoint.
pub(super) async fn newest(conn: &mut AsyncPgConnection) -> QueryResult<Option<CheckpointRow>> {
    let newest = audit_checkpoints::table.order(audit_checkpoints::size.desc());
    newest.select(CheckpointRow::as_select()).first(conn).await.optional()
}

/// The checkpoint of this size.
pub(super) async fn checkpoint(conn: &mut AsyncPgConnection, size: i64) -> QueryResult<Option<CheckpointRow>> {
    audit_checkpoints::table.find(size).select(CheckpointRow::as_select()).first(conn).await.optional()
}

/// The newest checkpoint of at most this size.
pub(super) async fn checkpoint_up_to(conn: &mut AsyncPgConnection, size: i64) -> QueryResult<Option<CheckpointRow>> {
    let up_to = audit_checkpoints::table.filter(audit_checkpoints::size.le(size));
    up_to.order(audit_checkpoints::size.desc()).select(CheckpointRow::as_select()).first(conn).await.optional()
}

/// The checkpoints before this one, newest first.
pub(super) async fn checkpoints_before(
    conn: &mut AsyncPgConnection,
    size: i64,
    most: i64,
) -> QueryResult<Vec<CheckpointRow>> {
    let before = audit_checkpoints::table.filter(audit_checkpoints::size.lt(size));
    before.order(audit_checkpoints::size.desc()).limit(most).select(CheckpointRow::as_select()).load(conn).await
}

/// The checkpoints after this one, oldest first.
pub(super) async fn checkpoints_after(
    conn: &mut AsyncPgConnection,
    size: i64,
    most: i64,
) -> QueryResult<Vec<CheckpointRow>> {
    let after = audit_checkpoints::table.filter(audit_checkpoints::size.gt(size));
    after.order(audit_checkpoints::size).limit(most).select(CheckpointRow::as_select()).load(conn).await
}

/// The events to be sealed next, in their order: those of transactions older than any that still runs, so that none can come
/// in between them any more.
pub(super) async fn ripe(
    conn: &mut AsyncPgConnection,
    after: Option<(TransactionId, Uuid)>,
    most: i64,
) -> QueryResult<Vec<LogEvent>> {
    let mut query = audit_events::table
        .filter(sql::<Bool>("xid < pg_snapshot_xmin(pg_current_snapshot())"))
        .order((audit_events::xid, audit_events::id))
        .limit(most)
        .select(EventRow::as_select())
        .into_boxed();
    if let Some((xid, id)) = after {
        // The first condition is what the index can start from.
        query = query.filter(audit_events::xid.ge(xid)).filter(audit_events::xid.gt(xid).or(audit_events::id.gt(id)));
    }
    let rows: Vec<EventRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// When the first event happened that is not sealed yet.
pub(super) async fn oldest_unsealed(
    conn: &mut AsyncPgConnection,
    after: Option<(TransactionId, Uuid)>,
) -> QueryResult<Option<DateTime<Utc>>> {
    let mut query = audit_events::table
        .order((audit_events::xid, audit_events::id))
        .limit(1)
        .select(audit_events::occurred_at)
        .into_boxed();
    if let Some((xid, id)) = after {
        query = query.filter(audit_events::xid.ge(xid)).filter(audit_events::xid.gt(xid).or(audit_events::id.gt(id)));
    }
    query.first(conn).await.optional()
}

/// The hashes of these complete subtrees, as far as they are there.
pub(super) async fn nodes(conn: &mut AsyncPgConnection, wanted: &[Node]) -> QueryResult<HashMap<Node, Hash>> {
    #[derive(QueryableByName)]
    #[diesel(table_name = audit_nodes)]
    struct Found {
        level: i16,
        position: i64,
        hash: Vec<u8>,
    }
    let levels: Vec<i16> = wanted.iter().map(|node| node.level.into()).collect();
    let positions: Vec<i64> = wanted.iter().map(|node| node.position.try_into().unwrap_or(i64::MAX)).collect();
    let found: Vec<Found> = diesel::sql_query(
        "select level, position, hash from audit_nodes join unnest($1, $2) as wanted (level, position) using (level, position) \
         union all select 0::smallint, leaf_index, leaf_hash from audit_leaves \
         join unnest($1, $2) as wanted (level, position) on wanted.level = 0 and leaf_index = wanted.position",
    )
    .bind::<Array<SmallInt>, _>(levels)
    .bind::<Array<BigInt>, _>(positions)
    .load(conn)
    .await?;
    let known = found.into_iter().filter_map(|row| {
        let node = Node { level: row.level.try_into().ok()?, position: row.position.try_into().ok()? };
        Some((node, row.hash.try_into().ok()?))
    });
    Ok(known.collect())
}

/// The right edge of the tree of this size, from the subtrees that are stored; none if one is missing.
pub(super) async fn edge(conn: &mut AsyncPgConnection, size: u64) -> QueryResult<Option<Frontier>> {
    let wanted = nodes_of(0..size);
    let known = nodes(conn, &wanted).await?;
    let hashes: Option<Vec<Hash>> = wanted.iter().map(|node| known.get(node).copied()).collect();
    Ok(hashes.and_then(|hashes| Frontier::of(size, hashes)))
}

/// Reads everything as of one moment from here on, until [`let_go`].
pub(super) async fn hold_still(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("begin isolation level repeatable read, read only").await
}

/// Ends what [`hold_still`] began.
pub(super) async fn let_go(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("rollback").await
}

/// Adds leaves and the subtrees that they complete.
pub(super) async fn append(
    conn: &mut AsyncPgConnection,
    leaves: &[LeafRow],
    nodes: &[(Node, Hash)],
) -> QueryResult<()> {
    diesel::insert_into(audit_leaves::table).values(leaves).execute(conn).await?;
    let nodes: Vec<NodeRow> = nodes
        .iter()
        .map(|(node, hash)| NodeRow {
            level: node.level.into(),
            position: node.position.try_into().unwrap_or(i64::MAX),
            hash: hash.to_vec(),
        })
        .collect();
    diesel::insert_into(audit_nodes::table).values(&nodes).execute(conn).await?;
    Ok(())
}

/// Adds a checkpoint.
pub(super) async fn add_checkpoint(
    conn: &mut AsyncPgConnection,
    checkpoint: &Checkpoint,
    key: &PublicKey,
    signature: Vec<u8>,
) -> QueryResult<()> {
    let row = CheckpointRow {
        size: checkpoint.size.try_into().unwrap_or(i64::MAX),
        origin: checkpoint.origin.clone(),
        root: checkpoint.root.to_vec(),
        previous_root: checkpoint.previous_root.map(Into::into),
        sealed_at: checkpoint.sealed_at,
        public_key: key.as_bytes().to_vec(),
        signature,
    };
    diesel::insert_into(audit_checkpoints::table).values(&row).execute(conn).await?;
    Ok(())
}

/// An event of a clinic's own record, and its leaf if it is sealed.
pub(super) async fn event(
    conn: &mut AsyncPgConnection,
    clinic: Uuid,
    id: Uuid,
) -> QueryResult<Option<(LogEvent, Option<LeafRow>)>> {
    let row: Option<(EventRow, Option<LeafRow>)> = audit_events::table
        .left_join(audit_leaves::table.on(audit_leaves::event_id.eq(audit_events::id)))
        .filter(audit_events::clinic_id.eq(clinic))
        .filter(audit_events::id.eq(id))
        .select((EventRow::as_select(), Option::<LeafRow>::as_select()))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(event, leaf)| (event.into(), leaf)))
}

/// How many entries there are.
pub(super) async fn count(conn: &mut AsyncPgConnection) -> QueryResult<i64> {
    audit_leaves::table.select(count_star()).first(conn).await
}

/// Reads the log from an entry on, in order: entries with their events, each checkpoint after the last entry that it is over,
/// the subtrees above a stretch of entries before those, and in the end, for the whole log only, what is not sealed.
pub(super) async fn read(
    conn: &mut AsyncPgConnection,
    from: i64,
    mut visit: impl FnMut(Item) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut after_index = if from == 0 { i64::MIN } else { from - 1 };
    let mut size = from;
    loop {
        let page: Vec<(LeafRow, Option<EventRow>)> = audit_leaves::table
            .left_join(audit_events::table.on(audit_events::id.eq(audit_leaves::event_id)))
            .filter(audit_leaves::leaf_index.gt(after_index))
            .order(audit_leaves::leaf_index)
            .limit(PAGE)
            .select((LeafRow::as_select(), Option::<EventRow>::as_select()))
            .load(conn)
            .await?;
        let Some((last, _)) = page.last() else { break };
        after_index = last.leaf_index;
        let end = after_index.saturating_add(1);
        visit(Item::Nodes(stretch(conn, size, end).await?))?;
        let between =
            audit_checkpoints::table.filter(audit_checkpoints::size.gt(size)).filter(audit_checkpoints::size.le(end));
        let checkpoints: Vec<CheckpointRow> =
            between.order(audit_checkpoints::size).select(CheckpointRow::as_select()).load(conn).await?;
        let mut checkpoints = checkpoints.into_iter().peekable();
        for (leaf, event) in page {
            let index = leaf.leaf_index;
            while let Some(before) = checkpoints.next_if(|checkpoint| checkpoint.size <= index) {
                visit(Item::Checkpoint(before.try_into()))?;
            }
            visit(Item::Entry(Entry { leaf: leaf.into(), event: event.map(Into::into) }))?;
        }
        for checkpoint in checkpoints {
            visit(Item::Checkpoint(checkpoint.try_into()))?;
        }
        size = end;
    }
    loop {
        let beyond = checkpoints_after(conn, size, PAGE).await?;
        let Some(last) = beyond.last() else { break };
        size = last.size;
        for checkpoint in beyond {
            visit(Item::Checkpoint(checkpoint.try_into()))?;
        }
    }
    if from > 0 {
        return Ok(());
    }
    for event in unsealed(conn).await? {
        visit(Item::Unsealed(event))?;
    }
    let nodes: i64 = audit_nodes::table.select(count_star()).first(conn).await?;
    visit(Item::NodeCount(nodes))
}

/// The subtrees that the entries from `start` up to `end` complete.
async fn stretch(conn: &mut AsyncPgConnection, start: i64, end: i64) -> QueryResult<Vec<(Node, String)>> {
    #[derive(QueryableByName)]
    #[diesel(table_name = audit_nodes)]
    struct Found {
        level: i16,
        position: i64,
        hash: Vec<u8>,
    }
    let found: Vec<Found> = diesel::sql_query(
        "select n.level, n.position, n.hash from generate_series(1, 62) height join audit_nodes n on n.level = height::smallint \
         and n.position >= ($1 >> height) and n.position < ($2 >> height)",
    )
    .bind::<BigInt, _>(start)
    .bind::<BigInt, _>(end)
    .load(conn)
    .await?;
    let nodes = found.into_iter().filter_map(|row| {
        let node = Node { level: row.level.try_into().ok()?, position: row.position.try_into().ok()? };
        Some((node, STANDARD.encode(&row.hash)))
    });
    Ok(nodes.collect())
}

/// Every event that has no leaf, in order.
async fn unsealed(conn: &mut AsyncPgConnection) -> QueryResult<Vec<LogEvent>> {
    let sealed = audit_leaves::table.filter(audit_leaves::event_id.eq(audit_events::id));
    let rows: Vec<EventRow> = audit_events::table
        .filter(diesel::dsl::not(diesel::dsl::exists(sealed)))
        .order((audit_events::xid, audit_events::id))
        .select(EventRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}
