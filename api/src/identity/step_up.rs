//! The second factor once more, within a session, for what takes more than that: an access token may be in other hands than
//! the authenticator.

use super::{Actor, Subject, secrets, store, totp};
use crate::{
    audit::{self, Event, Origin},
    database::{Db, Reason},
    http::ApiError,
};
use rapport_contract::problem::Kind;
use secrecy::ExposeSecret;
use uuid::Uuid;

/// So many wrong codes of a member, and none is looked at until the first of them is forgotten.
const MOST_WRONG: i64 = 5;

/// A member showed the second factor just now. Only [`step_up`] makes one.
#[derive(Debug)]
pub(crate) struct Fresh(Uuid);

impl Fresh {
    /// Who.
    pub(crate) fn member(&self) -> Uuid {
        self.0
    }
}

/// Takes a code of the caller's authenticator. It works once, here or at signing in, whatever becomes of what it was asked
/// for; wrong ones are counted for the member, in whichever session they are tried, and among those of signing in too.
/// Refusals are recorded as `event`.
///
/// # Errors
/// `verification-failed`, `rate-limited`; `forbidden` to a machine
pub(crate) async fn step_up(db: &Db, actor: &Actor, code: &str, event: Event) -> Result<Fresh, ApiError> {
    let Subject::Member { id, .. } = actor.subject else {
        return Err(ApiError::new(Kind::Forbidden, "This takes a person."));
    };
    // A transaction of its own: nobody who has signed in reads a secret of the second factor.
    db.system(Reason::SignIn, Origin::actor(actor), async |tx| {
        // Held, so that of many at once each sees the wrong ones before it.
        let account = store::hold_account(tx, actor.clinic, id).await?.ok_or_else(ApiError::unauthenticated)?;
        let wrong = store::wrong_step_ups(tx, &account).await?;
        let is_over =
            wrong.count >= MOST_WRONG || store::recent_wrong_tries(tx, &account).await? >= super::MOST_WRONG_TRIES;
        if is_over {
            let wait = wrong.first_forgotten_at.map_or(60, |at| (at - tx.now()).num_seconds() + 1);
            let refusal = ApiError::new(Kind::RateLimited, "Too many wrong codes. Try again in a few minutes.");
            return Err(audit::refuse(tx, event, refusal.retry_after(u64::try_from(wait).unwrap_or(60))));
        }
        let secret = store::totp_secret(tx, &account).await?.filter(|_| account.totp_confirmed_at.is_some());
        let step = match secret {
            Some(secret) => {
                totp::accepted_step(&secret, code, tx.now(), account.totp_last_step).map_err(ApiError::internal)?
            }
            None => None,
        };
        let is_accepted = match step {
            Some(step) => store::use_code(tx, account.id, step).await?,
            None => false,
        };
        if !is_accepted {
            // Nobody has what this is the hash of: it can't be taken for the token of a sign-in.
            let nobodys = secrets::token().map_err(ApiError::internal)?;
            store::insert_wrong_step_up(tx, &secrets::hash(nobodys.expose_secret()), &account).await?;
            let refusal = ApiError::new(Kind::VerificationFailed, "The code is wrong, too old, or was used before.");
            return Err(audit::refuse(tx, event, refusal));
        }
        store::forget_step_ups(tx, &account).await?;
        Ok(Fresh(account.id))
    })
    .await
}
