//! `Idempotency-Key`: the same request sent twice has one effect, and the second answer is the first one's.
//!
//! The row commits with the effect, so a crash between the two is impossible. A replay goes through the caller's rights
//! again before the stored answer leaves: what was readable yesterday may not be today.

use super::{problem::ApiError, reply::Reply};
use crate::{
    audit::{self, Event},
    database::{AsyncPgConnection, Tx, pg_try_advisory_xact_lock, schema::idempotency_keys},
    identity::secrets::Secrets,
    vault::{open_once, seal_once},
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use aws_lc_rs::digest;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rapport_contract::problem::{FieldError, Kind};
use uuid::Uuid;

/// The key of a POST, if it came with one, and what its request looked like.
pub struct Once {
    key: Option<String>,
    fingerprint: Vec<u8>,
    secrets: Data<Secrets>,
}

impl std::fmt::Debug for Once {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Once").finish_non_exhaustive()
    }
}

#[derive(Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
struct Stored {
    fingerprint: Vec<u8>,
    status: i16,
    etag: Option<i32>,
    location: Option<String>,
    body: Vec<u8>,
}

/// What a stored answer is bound to.
fn context(scope: Uuid) -> Vec<u8> {
    [b"rapport/stored-answer/1\0".as_slice(), scope.as_bytes()].concat()
}

impl Once {
    /// Reads the header; `body` is the hash of the request's body.
    ///
    /// # Errors
    /// `validation` if the key is empty, longer than 255 characters, or not plain ASCII.
    pub fn of(request: &HttpRequest, body: &[u8]) -> Result<Self, ApiError> {
        let key = match request.headers().get("idempotency-key") {
            None => None,
            Some(value) => {
                // A tab is visible to HTTP, and not printable.
                let text = value.to_str().ok().filter(|text| !text.contains('\t')).unwrap_or_default();
                if text.is_empty() || text.len() > 255 {
                    return Err(ApiError::validation(vec![FieldError {
                        pointer: "Idempotency-Key".into(),
                        code: "invalid_key".into(),
                        message: "A key has 1 to 255 printable ASCII characters.".into(),
                        span: None,
                    }]));
                }
                Some(text.to_owned())
            }
        };
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(request.method().as_str().as_bytes());
        context.update(b" ");
        context.update(request.uri().to_string().as_bytes());
        context.update(b"\n");
        context.update(body);
        let digest = context.finish();
        // Keyed, because a body may hold a password: whoever has the table alone can't try passwords against it.
        let secrets = request.app_data::<Data<Secrets>>();
        let secrets = secrets.ok_or_else(|| ApiError::internal(anyhow::anyhow!("the secrets are not at hand")))?;
        Ok(Self { key, fingerprint: secrets.fingerprint(digest.as_ref()), secrets: secrets.clone() })
    }

    /// The stored answer, where the request was answered under this key before; the caller's right is what [`Self::run`] will
    /// ask for. For what is done in several transactions: the step between them is not taken again.
    ///
    /// # Errors
    /// `idempotency-in-progress`, `idempotency-key-reused`, and what `authorise` answers.
    pub async fn answered<P>(
        &self,
        tx: &mut Tx<'_>,
        scope: Uuid,
        authorise: impl AsyncFnOnce(&mut Tx<'_>) -> Result<P, ApiError>,
    ) -> Result<Option<Reply>, ApiError> {
        let asked = self.ask(tx.conn(), scope).await?;
        Ok(match self.begin(tx, scope, asked, authorise).await? {
            Begun::Answered(reply) => Some(reply),
            Begun::New(_) => None,
        })
    }

    /// Runs `authorise`, and then `act` unless it has been done under this key before; `scope` is who sends it.
    ///
    /// # Errors
    /// `idempotency-in-progress`, `idempotency-key-reused`, and what the two answer.
    pub async fn run<P>(
        &self,
        tx: &mut Tx<'_>,
        scope: Uuid,
        authorise: impl AsyncFnOnce(&mut Tx<'_>) -> Result<P, ApiError>,
        act: impl AsyncFnOnce(&mut Tx<'_>, P) -> Result<Reply, ApiError>,
    ) -> Result<Reply, ApiError> {
        let asked = self.ask(tx.conn(), scope).await?;
        self.run_asked(tx, scope, asked, authorise, act).await
    }

    /// The same once it is known how it stands with the key, as [`Self::ask`] tells in a round trip with other things.
    ///
    /// # Errors
    /// Those of [`Self::run`].
    pub async fn run_asked<P>(
        &self,
        tx: &mut Tx<'_>,
        scope: Uuid,
        asked: Asked,
        authorise: impl AsyncFnOnce(&mut Tx<'_>) -> Result<P, ApiError>,
        act: impl AsyncFnOnce(&mut Tx<'_>, P) -> Result<Reply, ApiError>,
    ) -> Result<Reply, ApiError> {
        let permit = match self.begin(tx, scope, asked, authorise).await? {
            Begun::Answered(reply) => return Ok(reply),
            Begun::New(permit) => permit,
        };
        let reply = act(tx, permit).await?;
        if let Some(key) = &self.key {
            let hash = self.secrets.answer_hash(scope.as_bytes(), key);
            // The answer may hold health information, and is kept for a day: sealed, and only who has the key can ask for it.
            let secret = self.secrets.answer_key(scope.as_bytes(), key);
            let body = seal_once(secret, &context(scope), reply.body.as_bytes()).map_err(ApiError::internal)?;
            let status = i16::try_from(reply.status.as_u16()).unwrap_or(200);
            let (etag, location) = (reply.version, reply.location.clone());
            let stored = Stored { fingerprint: self.fingerprint.clone(), status, etag, location, body };
            keep(tx, scope, hash, stored);
        }
        Ok(reply)
    }

    /// Locks the key, if there is one, and looks for what was answered under it.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn ask(&self, conn: &AsyncPgConnection, scope: Uuid) -> QueryResult<Asked> {
        let Some(key) = &self.key else { return Ok(Asked { is_alone: true, stored: None }) };
        let hash = self.secrets.answer_hash(scope.as_bytes(), key);
        // They travel together, and Postgres does the one after the other: what is found was there once the lock was held.
        let (is_alone, stored) =
            futures_util::future::try_join(lock(conn, scope, key), find(conn, scope, &hash)).await?;
        Ok(Asked { is_alone, stored })
    }

    async fn begin<P>(
        &self,
        tx: &mut Tx<'_>,
        scope: Uuid,
        Asked { is_alone, stored }: Asked,
        authorise: impl AsyncFnOnce(&mut Tx<'_>) -> Result<P, ApiError>,
    ) -> Result<Begun<P>, ApiError> {
        let Some(key) = &self.key else { return Ok(Begun::New(authorise(tx).await?)) };
        if !is_alone {
            return Err(ApiError::new(
                Kind::IdempotencyInProgress,
                "The first request with this key is still running. Send the same request again in a moment.",
            )
            .retry_after(1));
        }
        if stored.as_ref().is_some_and(|stored| stored.fingerprint != self.fingerprint) {
            return Err(ApiError::new(
                Kind::IdempotencyKeyReused,
                "This key was sent before with another body or to another address. Make a new key for each new intent.",
            ));
        }
        let permit = authorise(tx).await?;
        if let Some(stored) = stored {
            // What leaves again leaves on record again. A patient at a link hears of the own consent: no clinic is told.
            if let Some(clinic) = tx.origin().clinic {
                audit::record(tx, Event::new(clinic, "answer.replay"));
            }
            let secret = self.secrets.answer_key(scope.as_bytes(), key);
            let body = open_once(secret, &context(scope), &stored.body).map_err(ApiError::internal)?;
            return Ok(Begun::Answered(stored.into_reply(body)));
        }
        Ok(Begun::New(permit))
    }
}

/// How it stands with a key: whether this transaction has it to itself, and what was answered under it.
pub struct Asked {
    is_alone: bool,
    stored: Option<Stored>,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").finish_non_exhaustive()
    }
}

/// How a request begins.
enum Begun<P> {
    /// It was answered before.
    Answered(Reply),
    /// It was not, and the caller may.
    New(P),
}

impl Stored {
    fn into_reply(self, body: String) -> Reply {
        let status = u16::try_from(self.status).ok().and_then(|code| StatusCode::from_u16(code).ok());
        Reply {
            status: status.unwrap_or(StatusCode::OK),
            version: self.etag,
            location: self.location,
            checkpoint: None,
            body,
            replayed: true,
        }
    }
}

/// Whether this transaction is the only one with the key. The lock ends with the transaction.
async fn lock(mut conn: &AsyncPgConnection, scope: Uuid, key: &str) -> QueryResult<bool> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(scope.as_bytes());
    context.update(key.as_bytes());
    let hash = context.finish();
    let mut number = [0; 8];
    number.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
    diesel::select(pg_try_advisory_xact_lock(i64::from_be_bytes(number))).get_result(&mut conn).await
}

async fn find(mut conn: &AsyncPgConnection, scope: Uuid, hash: &[u8]) -> QueryResult<Option<Stored>> {
    idempotency_keys::table.find((scope, hash)).select(Stored::as_select()).first(&mut conn).await.optional()
}

/// Keeps an answer, with whatever else is written last.
fn keep(tx: &mut Tx<'_>, scope: Uuid, hash: [u8; 32], stored: Stored) {
    use idempotency_keys as columns;
    let named = (columns::scope.eq(scope), columns::key_hash.eq(hash.to_vec()), columns::created_at.eq(tx.now()));
    tx.write_last(|conn| {
        Box::pin(async move {
            diesel::insert_into(idempotency_keys::table).values((named, stored)).execute(&mut &*conn).await
        })
    });
}

/// Forgets the keys older than a day.
///
/// # Errors
/// Whatever the database answers.
pub async fn forget_old(tx: &mut Tx<'_>) -> QueryResult<usize> {
    let before = tx.now() - chrono::TimeDelta::hours(24);
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before))).execute(tx.conn()).await
}
