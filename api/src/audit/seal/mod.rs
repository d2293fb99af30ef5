//! The sealing of the audit log: its events go into a Merkle tree (RFC 9162) whose roots are signed, so that whoever keeps a
//! root can tell whether the log was changed since, by anybody, the owner of the database included.
//!
//! Events are taken in an order that nothing can come in between: only those of transactions older than every one that still
//! runs. A transaction that stays open holds the seal up; the lag is measured and told.

pub mod check;
pub mod command;
mod key;
mod log;
pub mod routes;
mod store;
mod witness;

pub use key::SealKey;
pub use log::{Finding, Place, Report};
pub use witness::Witness;

use crate::{
    audit::Origin,
    database::{AsyncPgConnection, Db, Reason, Signals, Tx, ids::new_id, transaction_id::TransactionId},
    http::ApiError,
};
use anyhow::bail;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use log::{SealedCheckpoint, Verifier};
use rapport_contract::{
    audit::AuditCheckpoint,
    audit_log::{Checkpoint, ENCODING},
};
use std::time::Duration;
use store::LeafRow;

/// How long an event may wait for its seal when the log is quiet.
const INTERVAL: Duration = Duration::from_secs(5);
/// How many events a checkpoint may add.
const MOST: i64 = 1_000;
/// From here on the lag of the seal is an alarm.
const LATE: TimeDelta = TimeDelta::seconds(60);

/// What one round of sealing came to.
enum Round {
    /// As many events were sealed as one checkpoint may add; there may be more.
    Full,
    /// All that could be sealed is.
    Done {
        /// For how long the first event waits that is not sealed yet.
        lag: TimeDelta,
    },
    /// Another service has the turn.
    Elsewhere,
    /// The log can't be continued, and why.
    Stalled(String),
}

/// Seals until it is dropped. Any number of services can run it on one database; one at a time seals.
pub async fn run(db: Db, signals: Signals, key: SealKey, mut witness: Witness) {
    loop {
        let is_full = match db.system(Reason::Seal, Origin::system(), async |tx| round(tx, &key).await).await {
            Ok(Round::Full) => true,
            Ok(Round::Done { lag }) => {
                report_lag(lag);
                false
            }
            Ok(Round::Elsewhere) => false,
            Ok(Round::Stalled(why)) => {
                tracing::error!(why, "the audit log is not being sealed");
                false
            }
            Err(error) => {
                tracing::warn!(error = %error, "the audit log could not be sealed; it will be tried again");
                false
            }
        };
        if let Err(error) = keep(&db, &mut witness).await {
            tracing::error!(error = format!("{error:#}"), "the witness of the audit log could not be written");
        }
        if !is_full {
            tokio::select! {
                () = signals.seal.notified() => {}
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }
}

fn report_lag(lag: TimeDelta) {
    let seconds = u32::try_from(lag.num_seconds().max(0)).unwrap_or(u32::MAX);
    metrics::gauge!("rapport_audit_seal_lag_seconds").set(f64::from(seconds));
    if lag >= LATE {
        tracing::warn!(seconds, "events wait for their seal: a transaction that stays open holds it up");
    }
}

async fn round(tx: &mut Tx<'_>, key: &SealKey) -> Result<Round, ApiError> {
    let conn = tx.conn();
    if !store::try_lock(conn).await? {
        return Ok(Round::Elsewhere);
    }
    let now = store::clock(conn).await?;
    let (last, newest) = (store::last_leaf(conn).await?, store::newest(conn).await?);
    let before = match newest.map(SealedCheckpoint::try_from).transpose() {
        Ok(before) => before.map(|sealed| sealed.checkpoint),
        Err(_) => return Ok(Round::Stalled("its newest checkpoint is malformed".to_owned())),
    };
    let after = last.as_ref().map(|leaf| (leaf.xid, leaf.event_id));
    let size = last.as_ref().map_or(0, |leaf| leaf.leaf_index.saturating_add(1));
    let size = u64::try_from(size).unwrap_or(0);
    if let Some(why) = obstacle(conn, now, size, last.as_ref(), before.as_ref()).await? {
        return Ok(Round::Stalled(why));
    }
    let Some(mut edge) = store::edge(conn, size).await? else {
        return Ok(Round::Stalled("subtrees of it are missing".to_owned()));
    };
    if before.as_ref().is_some_and(|before| before.root != edge.root()) {
        return Ok(Round::Stalled("its entries are not what was signed; run `rapport audit verify`".to_owned()));
    }

    let events = store::ripe(conn, after, MOST).await?;
    let mut newly = after;
    if !events.is_empty() {
        let mut leaves = Vec::with_capacity(events.len());
        let mut nodes = Vec::with_capacity(events.len());
        for event in &events {
            let Some(hash) = event.leaf(ENCODING) else { continue };
            let xid = TransactionId(event.transaction_id);
            leaves.push(LeafRow {
                leaf_index: i64::try_from(edge.size()).map_err(ApiError::internal)?,
                event_id: event.id,
                xid,
                encoding: ENCODING,
                leaf_hash: hash.to_vec(),
            });
            nodes.extend(edge.push(hash));
            newly = Some((xid, event.id));
        }
        store::append(conn, &leaves, &nodes).await?;
        let checkpoint = Checkpoint {
            origin: before
                .as_ref()
                .map_or_else(|| format!("rapport-audit/{}", new_id()), |before| before.origin.clone()),
            size: edge.size(),
            root: edge.root(),
            sealed_at: now,
            previous_root: before.map(|before| before.root),
        };
        store::add_checkpoint(conn, &checkpoint, key.public(), key.sign(&checkpoint)).await?;
        metrics::counter!("rapport_audit_events_sealed_total").increment(events.len().try_into().unwrap_or(0));
        if i64::try_from(events.len()) == Ok(MOST) {
            return Ok(Round::Full);
        }
    }
    let oldest = store::oldest_unsealed(conn, newly).await?;
    Ok(Round::Done { lag: oldest.map_or_else(TimeDelta::zero, |oldest| now - oldest) })
}

/// Why the log must not be continued, if so: what it was, or when it was, has gone back.
async fn obstacle(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
    size: u64,
    last: Option<&LeafRow>,
    before: Option<&Checkpoint>,
) -> Result<Option<String>, ApiError> {
    let sealed = before.map_or(0, |before| before.size);
    if size != sealed {
        return Ok(Some(format!(
            "it has {size} entries, and its newest checkpoint is over {sealed}; run `rapport audit verify`"
        )));
    }
    if let Some(before) = before.filter(|before| now < before.sealed_at) {
        return Ok(Some(format!(
            "the database's clock says {now}, and the log was last sealed at {}: set the clock right",
            before.sealed_at
        )));
    }
    if let Some(last) = last
        && !store::has_passed(conn, last.xid).await?
    {
        return Ok(Some(format!(
            "the database counts its transactions from a lower number than {}, the last one that was sealed: restore it from a \
             physical backup, or advance the count with pg_resetwal",
            last.xid.0
        )));
    }
    Ok(None)
}

/// Appends the checkpoints that the witness has not seen.
async fn keep(db: &Db, witness: &mut Witness) -> anyhow::Result<()> {
    loop {
        let after = i64::try_from(witness.size()).unwrap_or(i64::MAX);
        let new = db
            .system(Reason::Seal, Origin::system(), async |tx| {
                Ok(store::checkpoints_after(tx.conn(), after, MOST).await?)
            })
            .await?;
        if new.is_empty() {
            return Ok(());
        }
        for row in new {
            let Ok(sealed) = SealedCheckpoint::try_from(row) else {
                bail!("a checkpoint in the database is malformed")
            };
            let line = AuditCheckpoint::from(&sealed);
            witness.append(&sealed.checkpoint, &line)?;
        }
    }
}

impl From<SealedCheckpoint> for AuditCheckpoint {
    fn from(sealed: SealedCheckpoint) -> Self {
        let SealedCheckpoint { checkpoint, key, note } = sealed;
        Self {
            size: checkpoint.size,
            root: STANDARD.encode(checkpoint.root),
            sealed_at: checkpoint.sealed_at,
            previous_root: checkpoint.previous_root.map(|root| STANDARD.encode(root)),
            key_id: key.id(),
            public_key: key.x(),
            note,
        }
    }
}

impl From<&SealedCheckpoint> for AuditCheckpoint {
    fn from(sealed: &SealedCheckpoint) -> Self {
        sealed.clone().into()
    }
}

/// Whether the service may serve on this log: its clock has not gone back, and its last thousand entries are as they were
/// sealed.
///
/// # Errors
/// Why not.
pub async fn check_before_serving(db: &Db, key: &SealKey) -> anyhow::Result<()> {
    let report = db
        .system(Reason::Seal, Origin::system(), async |tx| recent(tx.conn(), key).await.map_err(ApiError::internal))
        .await;
    // What stands in the way is told to who starts the service, and is no answer to a request.
    match report {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => bail!("the audit log does not let the service start: {why}"),
        Err(error) => Err(error.into()),
    }
}

async fn recent(conn: &mut AsyncPgConnection, key: &SealKey) -> anyhow::Result<Result<(), String>> {
    let now = store::clock(conn).await?;
    let Some(newest) = store::newest(conn).await? else { return Ok(Ok(())) };
    let Ok(newest) = SealedCheckpoint::try_from(newest) else {
        return Ok(Err("its newest checkpoint is malformed; run `rapport audit verify`".to_owned()));
    };
    if now < newest.checkpoint.sealed_at {
        return Ok(Err(format!(
            "the database's clock says {now}, and the log was last sealed at {}: set the clock right",
            newest.checkpoint.sealed_at
        )));
    }
    let size = i64::try_from(newest.checkpoint.size)?;
    // The secret may have been changed since: then an older key signed, which this service can't vouch for.
    let trusted = if newest.key == *key.public() { vec![key.public().clone()] } else { Vec::new() };
    let mut verifier = Verifier::new(trusted);
    let mut from = 0;
    if let Some(Ok(start)) = store::checkpoint_up_to(conn, size - MOST).await?.map(SealedCheckpoint::try_from) {
        let Some(edge) = store::edge(conn, start.checkpoint.size).await? else {
            return Ok(Err("subtrees of it are missing; run `rapport audit verify`".to_owned()));
        };
        from = i64::try_from(start.checkpoint.size)?;
        verifier = verifier.starting_at(start.checkpoint, edge);
    }
    verifier.ignore_dates();
    store::read(conn, from, |item| {
        verifier.item(item);
        Ok(())
    })
    .await?;
    let report = verifier.finish();
    Ok(match report.findings.as_slice() {
        [] => Ok(()),
        [first, others @ ..] => {
            Err(format!("{first}, and {} more such findings; run `rapport audit verify`", others.len()))
        }
    })
}
