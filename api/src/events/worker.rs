//! Delivers what is due and forgets what has lapsed. Any number of services can run one on the same database.

use super::mail::{self, Due};
use crate::{
    audit::Origin,
    database::{Db, Reason, Signals},
    http::{ApiError, idempotency, limits::Limits},
    identity,
};
use actix_web::web::Data;
use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType},
    },
};
use std::{
    fs,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
    time::Duration,
};

/// How long mail may lie when nobody wakes the worker: another service may have queued it.
const POLL: Duration = Duration::from_secs(2);
/// How often what has lapsed is forgotten, in polls.
const HOUSEKEEPING_EVERY: u32 = 300;

/// How mail leaves.
pub enum Transport {
    /// By a mail server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    /// Each as an `.eml` file (RFC 5322) in a folder.
    Folder(PathBuf),
}

impl Transport {
    /// By the server of this address, such as `smtps://user:password@mail.example.org`.
    ///
    /// # Errors
    /// If the address is not one.
    pub fn smtp(url: &str) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| anyhow::anyhow!("not the address of a mail server"))?
            .timeout(Some(Duration::from_secs(20)))
            .build();
        Ok(Self::Smtp(Box::new(transport)))
    }

    /// Into a folder, for who can read it only.
    ///
    /// # Errors
    /// If the folder can't be made.
    pub fn folder(path: PathBuf) -> anyhow::Result<Self> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("the mail folder {} can't be made", path.display()))?;
        Ok(Self::Folder(path))
    }

    async fn send(&self, from: &Mailbox, due: &Due) -> anyhow::Result<()> {
        let message = &due.message;
        // As it is: quoted-printable would fold the line that the link stands on. Ours are all short enough.
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(Body::dangerous_pre_encoded(
            message.body.replace('\n', "\r\n").into_bytes(),
            ContentTransferEncoding::EightBit,
        ));
        let builder = Message::builder()
            .from(from.clone())
            .to(message.recipient.parse().context("the recipient's address")?)
            .subject(&message.subject)
            .date(due.created_at.into())
            .message_id(Some(format!("<{}@rapport>", due.id)));
        let message = match &message.html {
            Some(html) => builder
                .multipart(MultiPart::alternative().singlepart(text).singlepart(SinglePart::html(html.clone())))?,
            None => builder.singlepart(text)?,
        };
        match self {
            Self::Smtp(transport) => {
                transport.send(message).await.context("the mail server")?;
            }
            Self::Folder(folder) => {
                // Written aside and renamed, so that whoever watches the folder never reads half a mail.
                let (aside, path) = (folder.join(format!(".{}", due.id)), folder.join(format!("{}.eml", due.id)));
                let mut file =
                    fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&aside)?;
                file.write_all(&message.formatted())?;
                fs::rename(&aside, &path)?;
            }
        }
        Ok(())
    }
}

/// Runs until it is dropped.
pub async fn run(db: Db, signals: Signals, limits: Data<Limits>, transport: Transport, from: Mailbox) {
    for poll in 0_u32.. {
        if let Err(error) = deliver(&db, &transport, &from).await {
            tracing::warn!(error = %error, "mail could not be delivered; it will be tried again");
        }
        if poll % HOUSEKEEPING_EVERY == 0 {
            limits.forget_idle();
            if let Err(error) = forget(&db).await {
                tracing::warn!(error = %error, "what has lapsed could not be forgotten; it will be tried again");
            }
        }
        tokio::select! {
            () = signals.mail.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn deliver(db: &Db, transport: &Transport, from: &Mailbox) -> Result<(), ApiError> {
    loop {
        let due = db.system(Reason::Mail, Origin::system(), async |tx| Ok(mail::take_due(tx, 20).await?)).await?;
        if due.is_empty() {
            return Ok(());
        }
        for letter in due {
            // Outside any transaction: a slow mail server holds no lock.
            let outcome = transport.send(from, &letter).await;
            db.system(Reason::Mail, Origin::system(), async |tx| {
                match &outcome {
                    Ok(()) => mail::mark_sent(tx, letter.id).await?,
                    // What a mail server says may repeat the address: it is not kept, nor logged.
                    Err(error) => {
                        tracing::warn!(mail = %letter.id, why = reason(error), "a mail was not taken; it will be tried again");
                        mail::mark_failed(tx, &letter).await?;
                    }
                }
                Ok(())
            })
            .await?;
        }
    }
}

/// Why a mail did not go out, in words of our own.
fn reason(error: &anyhow::Error) -> &'static str {
    match error.downcast_ref::<lettre::transport::smtp::Error>() {
        Some(error) if error.is_permanent() => "the mail server refuses it",
        Some(error) if error.is_transient() => "the mail server refuses it for now",
        Some(error) if error.is_timeout() => "the mail server does not answer",
        Some(_) => "the mail server can't be reached",
        None => "it could not be written",
    }
}

async fn forget(db: &Db) -> Result<(), ApiError> {
    db.system(Reason::Housekeeping, Origin::system(), async |tx| {
        let forgotten = idempotency::forget_old(tx).await? + identity::forget_lapsed(tx).await?;
        tracing::debug!(forgotten, "housekeeping");
        Ok(())
    })
    .await
}
