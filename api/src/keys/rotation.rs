//! One level of keys at a time, in steps that each leave everything readable.

use super::store::{self, Rotation, Subject};
use crate::{
    audit::Origin,
    database::{Db, Reason, Tx},
    http::ApiError,
};
use chrono::{DateTime, Utc};
use rapport_contract::problem::Kind;
use std::time::Duration;
use uuid::Uuid;

/// A step that meets a writer is tried again, this often.
const TRIES: u32 = 40;
/// After so long.
const PAUSE: Duration = Duration::from_millis(250);

/// Told how far it is: done, of how many.
pub(super) type Told<'t> = &'t mut dyn FnMut(u64, u64);

/// Runs a step as the keeper. Whoever writes with a key that is being replaced comes first: then the step is tried again.
pub(super) async fn step<T>(
    db: &Db,
    mut work: impl AsyncFnMut(&mut Tx<'_>) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let mut tries = 1;
    loop {
        match db.system(Reason::Keys, Origin::system(), &mut work).await {
            Err(error) if error.kind() == Kind::Unavailable && tries < TRIES => {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// Gives every patient and office a new data key, and seals with it what stands under the older ones. Answers the number of
/// subjects and of rows.
pub(super) async fn data(db: &Db, told: Told<'_>) -> Result<(u64, u64), ApiError> {
    let rotation = step(db, async |tx| Ok(store::begin(tx, "data").await?)).await?;
    let started = rotation.started_at;
    let total = number(step(db, async |tx| Ok(store::count_subjects(tx, started).await?)).await?);
    let (mut done, mut rows, mut after) = (0, 0, None::<Subject>);
    told(done, total);
    loop {
        let due = step(db, async |tx| Ok(store::subjects(tx, started, after.as_ref()).await?)).await?;
        let Some(last) = due.last().cloned() else { break };
        for subject in due {
            rows += one_subject(db, &subject, started).await?;
            done += 1;
            told(done, total);
        }
        after = Some(last);
    }
    step(db, async |tx| Ok(store::finish(tx, rotation.id).await?)).await?;
    Ok((done, rows))
}

/// First the new key is there for whoever writes, then what the older ones sealed is sealed anew: two transactions.
pub(super) async fn one_subject(db: &Db, subject: &Subject, started: DateTime<Utc>) -> Result<u64, ApiError> {
    step(db, async |tx| Ok(store::renew(tx, subject, started).await?)).await?;
    step(db, async |tx| store::reseal(tx, subject).await).await
}

/// Gives every clinic a new key, and wraps its data keys with it. Answers the number of clinics.
pub(super) async fn clinics(db: &Db, told: Told<'_>) -> Result<u64, ApiError> {
    let rotation = step(db, async |tx| Ok(store::begin(tx, "clinic").await?)).await?;
    let started = rotation.started_at;
    let done = each_clinic(db, told, async |clinic| {
        step(db, async |tx| Ok(store::renew_clinic(tx, clinic, started).await?)).await?;
        while step(db, async |tx| store::rewrap(tx, clinic).await).await? {}
        Ok(())
    })
    .await?;
    step(db, async |tx| Ok(store::finish(tx, rotation.id).await?)).await?;
    Ok(done)
}

/// Begins a rotation of the root key, or goes on with one.
pub(super) async fn begin_root(db: &Db) -> Result<Rotation, ApiError> {
    step(db, async |tx| Ok(store::begin(tx, "root").await?)).await
}

/// Wraps every clinic's keys with the newest root key. Answers the number of clinics.
pub(super) async fn root(db: &Db, rotation: &Rotation, told: Told<'_>) -> Result<u64, ApiError> {
    let done = each_clinic(db, told, async |clinic| step(db, async |tx| store::rewrap_clinic(tx, clinic).await).await);
    let done = done.await?;
    step(db, async |tx| Ok(store::finish(tx, rotation.id).await?)).await?;
    Ok(done)
}

async fn each_clinic(
    db: &Db,
    told: Told<'_>,
    mut work: impl AsyncFnMut(Uuid) -> Result<(), ApiError>,
) -> Result<u64, ApiError> {
    let total = number(step(db, async |tx| Ok(store::count_clinics(tx).await?)).await?);
    let (mut done, mut after) = (0, Uuid::nil());
    told(done, total);
    loop {
        let clinics = step(db, async |tx| Ok(store::clinics(tx, after).await?)).await?;
        let Some(last) = clinics.last().copied() else { return Ok(done) };
        for clinic in clinics {
            work(clinic).await?;
            done += 1;
            told(done, total);
        }
        after = last;
    }
}
