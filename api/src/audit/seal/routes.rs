//! Reading what proves the log.

use super::{log::SealedCheckpoint, store};
use crate::{
    audit::{self, Event},
    database::{Db, Tx},
    http::{ApiError, Reply, Routes, paging::ListQuery},
    identity::{Actor, policy::Right},
};
use actix_web::{
    get,
    web::{Data, Path, Query},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rapport_contract::{
    audit::{AuditCheckpoint, AuditCheckpointList, AuditConsistency, AuditProof},
    audit_log::merkle::{self, hash_of, nodes_of},
    problem::{FieldError, Kind},
};
use serde::Deserialize;
use std::ops::Range;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_audit_checkpoints).service(get_audit_consistency).service(get_audit_proof);
}

/// What to prove an event against.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ProofQuery {
    /// The size of the checkpoint to prove it against; the newest one if left out.
    #[param(minimum = 1)]
    size: Option<u64>,
}

/// Which two sizes of the log to connect.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ConsistencyQuery {
    /// The size of the earlier log, at least 1.
    #[param(minimum = 1)]
    from: u64,
    /// The size of the later log, at most that of the newest checkpoint.
    #[param(minimum = 1)]
    to: u64,
}

/// List the checkpoints of the audit log
///
/// The signed roots of the one Merkle tree over the events of all clinics (RFC 9162), newest first. They hold no content, and
/// everybody who signed in may read them: who keeps one can tell later whether the log was changed.
#[utoipa::path(tag = "audit", params(ListQuery), responses((status = 200, body = AuditCheckpointList)))]
#[get("/v1/audit/checkpoints")]
async fn list_audit_checkpoints(db: Data<Db>, actor: Actor, query: Query<ListQuery>) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, _| {
        let before = page.after.map_or(i64::MAX, |after| i64::try_from(after.0.as_u128()).unwrap_or(i64::MAX));
        let rows = store::checkpoints_before(tx.conn(), before, page.rows()).await?;
        let rows: Vec<SealedCheckpoint> = rows.into_iter().filter_map(|row| row.try_into().ok()).collect();
        let (rows, next_cursor) = page.cut(rows, |row| Uuid::from_u128(row.checkpoint.size.into()));
        Reply::ok(&AuditCheckpointList { items: rows.into_iter().map(Into::into).collect(), next_cursor })?
            .with_newest(tx)
            .await
    })
    .await
}

/// Prove that an event is in the audit log
///
/// The event with everything that its leaf is the hash of, and the hashes that lead from there to the root of a checkpoint
/// (RFC 9162, section 2.1.3). An event is sealed some seconds after its act; until then the answer is `unavailable`. For the
/// privacy officer and the owner of the clinic whose record it is.
#[utoipa::path(tag = "audit", params(("id" = Uuid, Path, description = "The event"), ProofQuery),
    responses((status = 200, body = AuditProof)))]
#[get("/v1/audit/proofs/{id}")]
async fn get_audit_proof(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<ProofQuery>,
) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "audit.prove").on(*id);
        me.require(tx, Right::ReadAudit, event.clone()).await?;
        let Some((logged, leaf)) = store::event(tx.conn(), me.clinic_id, *id).await? else {
            return Err(audit::refuse_unknown(tx, event));
        };
        let checkpoint = match query.size {
            Some(size) => store::checkpoint(tx.conn(), i64::try_from(size).unwrap_or(i64::MAX)).await?,
            None => store::newest(tx.conn()).await?,
        };
        let Some(leaf) = leaf else {
            let refusal = ApiError::new(Kind::Unavailable, "The event is not sealed yet; it will be within seconds.");
            return Err(refusal.retry_after(5));
        };
        let proof = match checkpoint.map(SealedCheckpoint::try_from).transpose() {
            Ok(Some(sealed)) => prove(tx, logged, leaf, sealed).await?,
            _ => None,
        };
        let Some(proof) = proof else { return Err(audit::refuse_unknown(tx, event)) };
        audit::record(tx, event);
        Reply::ok(&proof)?.with_newest(tx).await
    })
    .await
}

async fn prove(
    tx: &mut Tx<'_>,
    event: rapport_contract::audit_log::LogEvent,
    leaf: store::LeafRow,
    sealed: SealedCheckpoint,
) -> Result<Option<AuditProof>, ApiError> {
    let leaf_index = u64::try_from(leaf.leaf_index).map_err(ApiError::internal)?;
    let Some(path) = merkle::inclusion(leaf_index, sealed.checkpoint.size) else { return Ok(None) };
    let hashes = hashes(tx, &path).await?;
    Ok(Some(AuditProof { event, encoding: leaf.encoding, leaf_index, hashes, checkpoint: sealed.into() }))
}

/// Prove that the audit log was only added to
///
/// The hashes that show that the log of size `to` begins with the log of size `from`, unchanged (RFC 9162, section 2.1.4).
/// They hold no content; everybody who signed in may read them.
#[utoipa::path(tag = "audit", params(ConsistencyQuery), responses((status = 200, body = AuditConsistency)))]
#[get("/v1/audit/consistency")]
async fn get_audit_consistency(db: Data<Db>, actor: Actor, query: Query<ConsistencyQuery>) -> Result<Reply, ApiError> {
    let ConsistencyQuery { from, to } = *query;
    db.tenant(&actor, async |tx, _| {
        let newest = store::newest(tx.conn()).await?.map(SealedCheckpoint::try_from);
        let size = newest.and_then(Result::ok).map_or(0, |sealed| sealed.checkpoint.size);
        let path = merkle::consistency(from, to).filter(|_| to <= size);
        let Some(path) = path else {
            return Err(ApiError::validation(vec![FieldError {
                pointer: if to > size { "to" } else { "from" }.into(),
                code: "out_of_range".into(),
                message: "from is at least 1 and at most to, and to is at most the size of the newest checkpoint."
                    .into(),
                span: None,
            }]));
        };
        let hashes = hashes(tx, &path).await?;
        Reply::ok(&AuditConsistency { from, to, hashes })?.with_newest(tx).await
    })
    .await
}

/// The hashes of these parts of the tree, in base64.
async fn hashes(tx: &mut Tx<'_>, path: &[Range<u64>]) -> Result<Vec<String>, ApiError> {
    let wanted: Vec<_> = path.iter().cloned().flat_map(nodes_of).collect();
    let known = store::nodes(tx.conn(), &wanted).await?;
    let hashes: Option<Vec<_>> = path.iter().cloned().map(|range| hash_of(range, &known)).collect();
    let hashes = hashes.ok_or_else(|| ApiError::internal(anyhow::anyhow!("subtrees of the audit log are missing")))?;
    Ok(hashes.into_iter().map(|hash| STANDARD.encode(hash)).collect())
}

impl Reply {
    /// Adds the newest checkpoint of the audit log, for the caller to keep: who has it can tell whether the log is changed
    /// afterwards.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub(crate) async fn with_newest(self, tx: &mut Tx<'_>) -> Result<Self, ApiError> {
        let newest = store::newest(tx.conn()).await?.map(SealedCheckpoint::try_from);
        let Some(Ok(sealed)) = newest else { return Ok(self) };
        Ok(self.checkpoint(STANDARD.encode(AuditCheckpoint::from(sealed).note)))
    }
}
