//! Counts events, asks addresses, and delivers. Any number of services can run this on the same database, and each may die at
//! any point: what it had taken up is taken up by another one.

use super::{
    Courier,
    policy::{self, MOST_AT_ONCE, Outcome, TRIES_OF_ONE},
    signature::{self, Secret},
    store::{self, Challenged, Claimed, Fate, Row},
};
use crate::{
    audit::{self, Origin},
    database::{Db, Reason, Signals, Tx},
    events::{letters, mail, reach_of, store as outbox},
    http::ApiError,
    identity::{self, Principal, Who, policy::Right, secrets},
};
use chrono::TimeDelta;
use futures_util::{
    StreamExt,
    future::LocalBoxFuture,
    stream::{self, FuturesUnordered},
};
use rapport_contract::{events::Event, webhooks::WebhookChallenge};
use secrecy::ExposeSecret;
use std::{pin::pin, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long deliveries may lie when nobody wakes this: another service may have made them, or they are due again.
const POLL: Duration = Duration::from_secs(1);
/// The longest answer to a challenge that is read.
const LONGEST_ECHO: usize = 1024;

/// What goes on for webhooks, each of which ends with its webhook's id.
#[derive(Default)]
struct Rounds<'a> {
    going: FuturesUnordered<LocalBoxFuture<'a, Uuid>>,
    busy: Vec<Uuid>,
}

impl<'a> Rounds<'a> {
    fn begin(&mut self, task: Task, db: &'a Db, courier: &'a Courier) {
        self.busy.push(task.webhook());
        self.going.push(Box::pin(perform(db, courier, task)));
    }

    /// Waits until one has ended.
    async fn ended(&mut self) {
        match self.going.next().await {
            Some(webhook) => self.busy.retain(|other| *other != webhook),
            None => std::future::pending().await,
        }
    }

    /// Does this while the rounds go on: they may hold the connections that it waits for.
    async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = self.ended() => {}
            }
        }
    }
}

/// Runs until it is dropped.
pub(crate) async fn run(db: Db, signals: Signals, courier: Arc<Courier>) {
    let mut rounds = Rounds::default();
    loop {
        match rounds.beside(count(&db)).await {
            Ok(0) => {}
            Ok(_) => signals.events_were_counted(),
            Err(error) => tracing::warn!(error = %error, "events could not be counted; it will be tried again"),
        }
        // One that ends meanwhile is taken up the next time.
        let busy = rounds.busy.clone();
        let taken = rounds.beside(take(&db, &busy, courier.lease())).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "deliveries could not be taken up; it will be tried again");
            Vec::new()
        });
        for task in taken {
            rounds.begin(task, &db, &courier);
        }
        tokio::select! {
            () = rounds.ended() => {}
            () = signals.events.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Counts what was committed since; answers how many.
async fn count(db: &Db) -> Result<usize, ApiError> {
    let mut counted = 0;
    loop {
        let now = db.system(Reason::Events, Origin::system(), async |tx| Ok(outbox::number(tx).await?)).await?;
        counted += now;
        if now == 0 {
            return Ok(counted);
        }
    }
}

/// Something to do for one webhook.
enum Task {
    Challenge(Challenged),
    Deliver(Uuid, Uuid, Vec<Claimed>),
}

impl Task {
    fn webhook(&self) -> Uuid {
        match self {
            Self::Challenge(challenged) => challenged.id,
            Self::Deliver(_, webhook, _) => *webhook,
        }
    }
}

async fn take(db: &Db, busy: &[Uuid], lease: TimeDelta) -> Result<Vec<Task>, ApiError> {
    if busy.len() >= MOST_AT_ONCE {
        return Ok(Vec::new());
    }
    let taken = db.system(Reason::Events, Origin::system(), async |tx| {
        let challenged = store::claim_challenges(tx, busy).await?;
        let asked = challenged.iter().map(|webhook| webhook.id);
        let busy: Vec<Uuid> = busy.iter().copied().chain(asked).collect();
        Ok((challenged, store::claim(tx, &busy, lease).await?))
    });
    let (challenged, claimed) = taken.await?;
    let mut tasks: Vec<Task> = challenged.into_iter().map(Task::Challenge).collect();
    for delivery in claimed {
        match tasks.iter_mut().find(|task| task.webhook() == delivery.webhook_id) {
            Some(Task::Deliver(_, _, all)) => all.push(delivery),
            // None that is asked is told as well.
            Some(Task::Challenge(_)) => {}
            None => tasks.push(Task::Deliver(delivery.clinic_id, delivery.webhook_id, vec![delivery])),
        }
    }
    Ok(tasks)
}

async fn perform(db: &Db, courier: &Courier, task: Task) -> Uuid {
    let webhook = task.webhook();
    let outcome = match &task {
        Task::Challenge(challenged) => challenge(db, courier, challenged).await,
        Task::Deliver(clinic, webhook, claimed) => deliver(db, courier, *clinic, *webhook, claimed).await,
    };
    if let Err(error) = outcome {
        tracing::warn!(%webhook, error = %error, "a webhook could not be told; it will be tried again");
    }
    webhook
}

/// Work for a webhook, within its clinic's reach.
async fn within<T>(
    db: &Db,
    clinic: Uuid,
    webhook: Uuid,
    work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    db.system(Reason::Webhook { clinic, webhook }, Origin::system_of(clinic), work).await
}

/// By whose right a webhook delivers: that of the owner who authorised it, as it is now, and of nobody in person.
async fn authority(tx: &mut Tx<'_>, webhook: &Row) -> Result<Option<Principal>, ApiError> {
    let person = identity::person(tx, webhook.clinic_id, webhook.authorised_by).await?;
    let principal =
        person.map(|person| Principal { id: webhook.id, clinic_id: webhook.clinic_id, who: Who::Member(person) });
    Ok(principal.filter(|me| me.may(Right::ManageWebhooks)))
}

/// Disables a webhook and tells its owners.
async fn disable(tx: &mut Tx<'_>, clinic: Uuid, webhook: Uuid, because: &'static str) -> Result<(), ApiError> {
    if store::disable(tx, clinic, webhook, because).await? {
        audit::record(tx, audit::Event::new(clinic, "webhook.disable").on(webhook).because(because));
        for owner in store::owners(tx, clinic).await? {
            mail::queue(tx, clinic, &owner, letters::webhook_disabled(&webhook.to_string())).await?;
        }
    }
    Ok(())
}

/// Asks an address whether it wants this.
async fn challenge(db: &Db, courier: &Courier, challenged: &Challenged) -> Result<(), ApiError> {
    let (clinic, id) = (challenged.clinic_id, challenged.id);
    let prepared = within(db, clinic, id, async |tx| {
        let Some(row) = store::find(tx, clinic, id).await?.filter(|row| row.state == "pending") else {
            return Ok(None);
        };
        if authority(tx, &row).await?.is_none() {
            disable(tx, clinic, id, "unauthorised").await?;
            return Ok(None);
        }
        let secrets = store::signing(tx, &row).await?;
        Ok(Some((row, secrets, tx.now())))
    });
    let Some((row, signing, now)) = prepared.await? else { return Ok(()) };
    let asked = WebhookChallenge {
        kind: "webhook.challenge".to_owned(),
        webhook_id: id.into(),
        challenge: secrets::token().map_err(ApiError::internal)?.expose_secret().to_owned(),
    };
    let body = serde_json::to_string(&asked).map_err(ApiError::internal)?;
    let headers = signature::headers(&signing, id, now.timestamp(), &body).map_err(ApiError::internal)?;
    let answer = courier.outbound.post(&row.url, &headers, body, LONGEST_ECHO).await;
    let is_echoed = answer.is_ok_and(|answer| answer.status == 200 && is_echo(&answer.body, &asked.challenge));
    within(db, clinic, id, async |tx| {
        if is_echoed {
            if store::verified(tx, &row).await? {
                audit::record(tx, audit::Event::new(clinic, "webhook.verify").on(id));
            }
        } else if store::is_asked_out(challenged) {
            disable(tx, clinic, id, "unverified").await?;
        }
        Ok(())
    })
    .await
}

fn is_echo(answer: &[u8], challenge: &str) -> bool {
    let answer: serde_json::Value = serde_json::from_slice(answer).unwrap_or_default();
    let echoed = answer.get("challenge").and_then(serde_json::Value::as_str).unwrap_or_default();
    secrets::is_same(echoed.as_bytes(), challenge.as_bytes())
}

/// What is to be told now.
struct Ready {
    row: Row,
    secrets: Vec<Secret>,
    events: Vec<Event>,
    timestamp: i64,
}

/// Looks up again what of it may be told. What may not is put aside.
async fn prepare(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid, claimed: &[Claimed]) -> Result<Option<Ready>, ApiError> {
    let Some(row) = store::find(tx, clinic, id).await?.filter(|row| row.state == "active") else { return Ok(None) };
    let Some(me) = authority(tx, &row).await? else {
        // What waits goes on to wait: another owner can take the webhook over.
        disable(tx, clinic, id, "unauthorised").await?;
        return Ok(None);
    };
    let ids: Vec<Uuid> = claimed.iter().map(|delivery| delivery.event_id).collect();
    let mut events = outbox::page(tx, clinic, id, &reach_of(&me), outbox::Which::Ids(&ids)).await?;
    events.retain(|event| row.types.is_empty() || row.types.iter().any(|kind| kind == event.kind.as_str()));
    for delivery in claimed {
        if !events.iter().any(|event| event.id == delivery.event_id) {
            store::settle(tx, delivery, Fate::Refused, None).await?;
        }
    }
    let secrets = store::signing(tx, &row).await?;
    Ok(Some(Ready { row, secrets, events, timestamp: tx.now().timestamp() }))
}

async fn deliver(db: &Db, courier: &Courier, clinic: Uuid, id: Uuid, claimed: &[Claimed]) -> Result<(), ApiError> {
    let ready = within(db, clinic, id, async |tx| prepare(tx, clinic, id, claimed).await).await?;
    let Some(ready) = ready else { return Ok(()) };
    let ready = &ready;
    let told = ready.events.iter().filter_map(|event| {
        let delivery = claimed.iter().find(|delivery| delivery.event_id == event.id.uuid())?;
        Some(async move { (delivery, tell(courier, ready, event).await) })
    });
    // Outside any transaction: an address that hangs holds no lock.
    let mut told = stream::iter(told).buffer_unordered(TRIES_OF_ONE);
    while let Some((delivery, status)) = told.next().await {
        let jitter = secrets::fraction().map_err(ApiError::internal)?;
        within(db, clinic, id, async |tx| settle(tx, delivery, status, jitter).await).await?;
    }
    Ok(())
}

/// What the address answered; nothing, if it did not. Why it did not is for nobody to know: it would tell what there is in our network.
async fn tell(courier: &Courier, ready: &Ready, event: &Event) -> Option<u16> {
    let body = serde_json::to_string(event).ok()?;
    let headers = signature::headers(&ready.secrets, event.id.into(), ready.timestamp, &body).ok()?;
    let answer = courier.outbound.post(&ready.row.url, &headers, body, 0).await;
    answer.map(|answer| answer.status).ok()
}

async fn settle(tx: &mut Tx<'_>, delivery: &Claimed, status: Option<u16>, jitter: f64) -> Result<(), ApiError> {
    let (clinic, id, now) = (delivery.clinic_id, delivery.webhook_id, tx.now());
    let outcome = policy::outcome(status);
    let wait = policy::wait(delivery.attempts, jitter);
    let fate = match outcome {
        Outcome::Taken => Fate::Delivered,
        Outcome::Failed if now + wait >= delivery.give_up_at => Fate::Failed,
        Outcome::Failed | Outcome::Gone => Fate::Again(wait),
    };
    if !store::settle(tx, delivery, fate, status).await? {
        return Ok(());
    }
    let failing_since = store::note_health(tx, clinic, id, outcome != Outcome::Taken).await?;
    if outcome == Outcome::Gone {
        disable(tx, clinic, id, "gone").await?;
    } else if failing_since.is_some_and(|since| policy::is_over(since, now)) {
        disable(tx, clinic, id, "failing").await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_is_the_very_same() {
        for (answer, is_one) in [
            (r#"{"challenge": "abc"}"#, true),
            (r#"{"challenge": "abc", "more": 1}"#, true),
            (r#"{"challenge": "abcd"}"#, false),
            (r#"{"challenge": ["abc"]}"#, false),
            (r#""abc""#, false),
            ("abc", false),
            ("", false),
        ] {
            assert_eq!(is_echo(answer.as_bytes(), "abc"), is_one, "{answer}");
        }
    }
}
