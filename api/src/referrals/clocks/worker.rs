//! Reminds those whose turn it is, and ends what nobody answered. Any number of services can run one on the same database: each
//! referral is held while it is dealt with, so that of two workers one does it; and whatever one that died had begun was not
//! committed, so that the next one does.

use super::{
    super::{
        state::{Move, Side, next},
        store::Row as Referral,
    },
    policy::{reminder, span},
    store,
};
use crate::{
    audit::{self, Event, Origin},
    database::{Db, Reason, Signals, Tx},
    events::{
        letters::{self, Letter},
        mail,
    },
    http::ApiError,
};
use rapport_contract::referrals::ReferralSide;
use std::time::Duration;

/// How often it looks for what is due.
const INTERVAL: Duration = Duration::from_secs(10);
/// How many referrals it deals with in one transaction.
const MOST: i64 = 20;

/// Runs until it is dropped.
pub async fn run(db: Db, signals: Signals) {
    loop {
        if let Err(error) = round(&db).await {
            tracing::warn!(error = %error, "referrals that are due could not be dealt with; they will be tried again");
        }
        tokio::select! {
            () = signals.clocks.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn round(db: &Db) -> Result<(), ApiError> {
    while db.system(Reason::Clocks, Origin::system(), async |tx| expire(tx).await).await? {}
    while db.system(Reason::Clocks, Origin::system(), async |tx| remind(tx).await).await? {}
    Ok(())
}

/// Ends some of what nobody answered in time; whether there was any.
async fn expire(tx: &mut Tx<'_>) -> Result<bool, ApiError> {
    let lapsed = store::take_lapsed(tx, MOST).await?;
    for referral in &lapsed {
        // Whatever the clock says, the table says what can lapse.
        let Ok(to) = next(referral.standing(), Side::Timer, Move::TimeIsUp) else {
            store::stop(tx, referral.id).await?;
            continue;
        };
        store::end_lapsed(tx, referral, to).await?;
        let event = Event::new(referral.clinic_id, "referral.expire").on(referral.id);
        audit::record(tx, event.patient_if(referral.patient_id));
        for side in [ReferralSide::Sender, ReferralSide::Recipient] {
            tell(tx, referral, side, letters::referral_lapsed).await?;
        }
    }
    Ok(!lapsed.is_empty())
}

/// Tells some of those whose turn it is; whether there were any.
async fn remind(tx: &mut Tx<'_>) -> Result<bool, ApiError> {
    let due = store::take_due(tx, MOST).await?;
    let now = tx.now();
    for (referral, row) in &due {
        let clock = row.clock();
        let Some((awaited, due_at)) = clock.awaits.zip(clock.due_at) else { continue };
        if now < due_at {
            tell(tx, referral, awaited, letters::referral_waits).await?;
        } else {
            // Late is told to both: who is waited for, and who waits.
            for side in [ReferralSide::Sender, ReferralSide::Recipient] {
                tell(tx, referral, side, letters::referral_overdue).await?;
            }
        }
        let next = reminder(due_at, span(referral.standing().state, row.times()), now);
        store::remind_again(tx, referral.id, next).await?;
    }
    Ok(!due.is_empty())
}

async fn tell(
    tx: &mut Tx<'_>,
    referral: &Referral,
    side: ReferralSide,
    letter: impl Fn(&str) -> Letter,
) -> Result<(), ApiError> {
    let (clinic, person) = match side {
        ReferralSide::Sender => (referral.clinic_id, Some(referral.sent_by)),
        ReferralSide::Recipient | ReferralSide::Unknown => {
            // Whoever has no account is not reminded: the link stands in their mail.
            let Some(clinic) = referral.recipient_clinic_id else { return Ok(()) };
            (clinic, referral.recipient_practitioner_id)
        }
    };
    for address in store::addresses(tx, clinic, person).await? {
        mail::queue(tx, clinic, &address, letter(&referral.id.to_string())).await?;
    }
    Ok(())
}
