//! The Rust SDK of Rapport: treatment plans and progress reports, shared between clinics as far as the patient consents.
//!
//! # A client
//! [`Client::builder`] makes one. It is cheap to clone, and clones share their connections. A method per capability
//! gives a handle ([`Client::patients`], [`Client::consents`], [`Client::reports`], ...), which is owned and cheap to
//! clone too: store it, spawn with it. What goes in and comes out are the types of [`contract`], which the service uses
//! itself. An [`Id`] knows what it is of: where a report's is wanted, a patient's does not compile.
//!
//! A call runs on tokio, with its clock and its network switched on; outside of such a runtime it panics.
//!
//! # Signing in
//! A password is the first factor, a six-digit code of an authenticator the second. What signs in is another client,
//! with a session of its own; it renews its tokens in time, once for all of its clones.
//!
//! ```no_run
//! use rapport_sdk::{Client, SecondFactor};
//!
//! # async fn example(code: String) -> rapport_sdk::Result<()> {
//! let client = Client::builder("https://rapport.example.org").user_agent("north-intake/1.0").build()?;
//! let north = match client.sign_in("ada@north.example.org", "correct horse battery staple").await? {
//!     SecondFactor::Enrol(enrolment) => {
//!         let authenticator = enrolment.enrol().await?;
//!         // Show `authenticator.otpauth_uri` as a QR code, then ask for the code.
//!         enrolment.verify(code).await?
//!     }
//!     SecondFactor::Verify(verification) => verification.verify(code).await?,
//! };
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::tokens`] and [`Client::resume`] carry a session over a restart.
//!
//! A machine signs in by itself, with the key or the secret of an API client that the clinic's owner has made
//! ([`Client::api_clients`]); its token is renewed in time, too.
//!
//! ```no_run
//! use rapport_sdk::{Client, KeyAlgorithm, ids::ApiClientId};
//!
//! # fn example(id: ApiClientId, pem: &[u8], secret: String) -> rapport_sdk::Result<()> {
//! let base = "https://rapport.example.org";
//! let by_key = Client::builder(base).private_key(id, pem, KeyAlgorithm::Es384, "key-2026")?.build()?;
//! let by_secret = Client::builder(base).client_credentials(id, secret).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Asking, writing, sharing
//! Nothing of a report leaves without the patient's signed consent, so that the order is: ask, write, sign, share.
//! Whatever changes an object takes the object as it was read, and is refused with [`Kind::Stale`] if somebody changed
//! it since.
//!
//! ```no_run
//! use rapport_sdk::{
//!     Client, Kind,
//!     contract::{
//!         consents::{Category, NewConsent, RecipientChoice},
//!         reports::{NewReport, ReportBody, ReportKind},
//!         shares::NewShare,
//!     },
//! };
//! # use rapport_sdk::{chrono::{DateTime, Utc}, ids::{ClinicId, PatientId}};
//!
//! # async fn example(
//! #     north: Client, patient_id: PatientId, south_id: ClinicId, body: ReportBody, expires_at: DateTime<Utc>,
//! # ) -> rapport_sdk::Result<()> {
//! let to_south = RecipientChoice::clinic(south_id);
//! let consent = NewConsent::new(to_south.clone(), [Category::ProgressReport], "treatment", expires_at).both_ways();
//! north.consents().ask(patient_id, &consent).await?;
//!
//! let draft = north.reports().draft(&NewReport::new(patient_id, ReportKind::ProgressReport, body)).await?;
//! let report = north.reports().sign(&draft).await?;
//!
//! let share = NewShare::new(to_south, "treatment").cover_letter("Thank you for looking at our shared patient.");
//! match north.shares().create(report.id, &share).await {
//!     Ok(share) => println!("delivered at {}", share.delivered_at),
//!     Err(error) if error.kind() == Some(Kind::ConsentPending) => println!("the patient has not signed yet"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The patient's side of it is [`Client::consent_links`], a guest's [`Client::share_links`] and
//! [`Client::referral_links`]; `examples/share_a_progress_report.rs` walks the whole way.
//!
//! # The gate
//! What another clinic or a guest is to read of a patient passes the gate when it is sent, and again each time that it
//! is read: one consent has to carry it whole. Of several the nearest miss is told, as one of these kinds, and the
//! refusal is on the record like a reading. Only a second opinion that names nobody takes no consent.
//!
//! | [`Error::kind`] | what is missing | what helps |
//! | --- | --- | --- |
//! | [`Kind::ConsentMissing`] | there is no consent | [`Consents::ask`] |
//! | [`Kind::RecipientNotNamed`] | it names others | ask for one that names this recipient |
//! | [`Kind::PurposeMismatch`] | it is for another purpose | send it for that one, or ask |
//! | [`Kind::ConsentExpired`] | it has ended by its date | ask anew |
//! | [`Kind::ConsentRevoked`] | the patient took it back | nothing but another question to the patient |
//! | [`Kind::ConsentPending`] | it is not signed, or begins later | wait; an event tells when it is signed |
//! | [`Kind::ConsentTooNarrow`] | it does not cover [`Problem::categories`] | leave those out, or ask for more |
//!
//! ```no_run
//! use rapport_sdk::{Client, Kind, ids::ShareId};
//!
//! # async fn example(south: Client, id: ShareId) -> rapport_sdk::Result<()> {
//! match south.shares().get(id).await {
//!     Ok(share) => println!("read; the consent runs until {:?}", share.content.map(|it| it.consent_expires_at)),
//!     Err(error) if error.kind() == Some(Kind::ConsentTooNarrow) => {
//!         println!("not covered: {:?}", error.problem().and_then(|problem| problem.categories.as_ref()));
//!     }
//!     Err(error) if error.kind() == Some(Kind::ConsentRevoked) => println!("the patient has taken it back"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Referrals
//! A referral is a loop: it is sent, answered, and closes with a report that goes back. Each move is a [verb] that is
//! open to one side and in some states; what is open to the caller stands with the referral, and with the refusal of
//! what is not. `examples/close_a_referral.rs` closes one.
//!
//! ```no_run
//! use rapport_sdk::{Client, Kind, contract::referrals::{Referral, ReferralMove, ReferralVerb}};
//!
//! # async fn example(south: Client, received: Referral) -> rapport_sdk::Result<()> {
//! match south.referrals().act(&received, ReferralVerb::Accept, &ReferralMove::default()).await {
//!     Ok(accepted) => println!("open now: {:?}", accepted.allowed),
//!     Err(error) if error.kind() == Some(Kind::IllegalTransition) => {
//!         println!("open instead: {:?}", error.problem().and_then(|problem| problem.allowed.as_ref()));
//!     }
//!     Err(error) if error.kind() == Some(Kind::Stale) => println!("a colleague was faster: read it again"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [verb]: contract::referrals::ReferralVerb
//!
//! # Lists
//! A list is narrowed first and then read: one page with [`List::send`], or everything with [`List::stream`], which
//! fetches pages as they are needed.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! # async fn example(south: rapport_sdk::Client) -> rapport_sdk::Result<()> {
//! let mut inbox = std::pin::pin!(south.shares().inbox().limit(100).stream());
//! while let Some(share) = inbox.try_next().await? {
//!     println!("{} from {}", share.id, share.sender_clinic.name);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Following
//! What happens is told as events, with ids and never with health information: read them ([`Events::list`]), follow them, or
//! have them told to an address ([`Client::webhooks`], and [`webhooks::verify`] there).
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! # async fn example(south: rapport_sdk::Client, last: i64) -> rapport_sdk::Result<()> {
//! let mut events = std::pin::pin!(south.events().follow().after(last).stream());
//! while let Some(event) = events.try_next().await? {
//!     println!("{} {} {}", event.sequence, event.kind.as_str(), event.object.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # When it fails
//! There is one [`Error`]. [`Error::kind`] is what to match on, [`Error::request_id`] what to quote,
//! [`Error::is_retryable`] and [`Error::retry_after`] what to wait by. By then the SDK has tried again by itself
//! ([`Policy`]): reads, and changes too, because each carries an idempotency key that is made once, before the first
//! attempt. All attempts and waits together stay within [`Timeouts::overall`].
//!
//! Each method tells under *Errors* what is its own; [what every call may meet](Error#what-every-call-may-meet) is told
//! once.
//!
//! ```no_run
//! use rapport_sdk::{Client, Kind, contract::reports::{Report, ReportPatch}};
//!
//! # async fn example(north: Client, report: Report, patch: ReportPatch) -> rapport_sdk::Result<()> {
//! match north.reports().update(&report, &patch).await {
//!     Ok(report) => println!("version {}", report.version),
//!     Err(error) if error.kind() == Some(Kind::Stale) => println!("somebody changed it: read it again"),
//!     Err(error) if error.kind() == Some(Kind::Validation) => {
//!         for refused in error.field_errors() {
//!             println!("{}: {}", refused.pointer, refused.message);
//!         }
//!     }
//!     Err(error) if error.is_retryable() => println!("again after {:?}", error.retry_after()),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Tests of your own
//! With the feature `testing` there is a service that answers every operation by the document, with its examples or as
//! you say: `testing::Server`.
//!
//! # Traces
//! Each call is a span of [`tracing`](https://docs.rs/tracing), `rapport.call`, with the method, the path without its ids,
//! the status, the kind of a problem and the request id; each attempt after the first is an event in it. No body, no query
//! and no token is in either.
//!
//! # TLS
//! By rustls, the feature `rustls`, which is on unless you say otherwise; by the operating system with `native-tls`; or by
//! an HTTP client of your own, [`Builder::http`].
//!
//! # What is never printed
//! [`Sensitive`] values, tokens, secrets and bodies appear in no `Debug`, no error and no address. A value is taken out
//! on purpose only, with [`Sensitive::expose`].
//!
//! # Without `async`
//! A runtime of one's own does it; no second SDK is needed:
//!
//! ```no_run
//! # fn example(client: rapport_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let me = runtime.block_on(client.practitioners().me())?;
//! # Ok(())
//! # }
//! ```
#![expect(
    clippy::disallowed_methods,
    reason = "the SDK runs in its caller's process: keys, clock and tasks are that process's own"
)]
#![warn(missing_docs, clippy::missing_errors_doc, clippy::missing_panics_doc)]

mod api_clients;
mod attachments;
mod audit;
mod audit_log;
mod auth;
#[cfg(test)]
mod calls;
mod client;
mod consent_links;
mod consents;
mod credentials;
mod emergency_access;
mod error;
mod events;
#[cfg(test)]
mod fake;
mod incidents;
mod link;
mod list;
mod members;
mod patients;
mod practitioners;
mod referral_links;
mod referrals;
mod reports;
mod request;
mod retry;
mod session;
mod share_links;
mod shares;
mod sign_in;
#[cfg(feature = "testing")]
pub mod testing;
pub mod webhooks;

pub use api_clients::ApiClients;
pub use attachments::Attachments;
pub use audit::Audit;
pub use audit_log::{AuditLog, CheckpointStore, FileStore, MemoryStore, ProvenEvent};
pub use auth::Auth;
pub use client::{Builder, Client, Timeouts};
pub use consent_links::{ConsentLink, ConsentLinks, LinkSession};
pub use consents::Consents;
pub use credentials::KeyAlgorithm;
pub use emergency_access::{Emergencies, EmergencyAccesses};
pub use error::{Error, Result};
pub use events::{Events, EventsOfClinic, Follow};
pub use incidents::{Astray, Incidents};
pub use list::List;
pub use members::Members;
pub use patients::Patients;
pub use practitioners::Practitioners;
pub use referral_links::{ReferralGuest, ReferralLink, ReferralLinks};
pub use referrals::{Referrals, ReferralsOfClinic};
pub use reports::Reports;
pub use request::Request;
pub use retry::Policy;
pub use share_links::{GuestSession, ShareLink, ShareLinks};
pub use shares::{Inbox, Shares};
pub use sign_in::{Enrolment, SecondFactor, Verification, totp_code, totp_code_at};
pub use webhooks::Webhooks;

pub use rapport_contract as contract;
pub use rapport_contract::{
    Id, Sensitive, ids,
    problem::{FieldError, Kind, Problem, Span},
};
pub use reqwest::{self, Method};
pub use {chrono, futures_util::Stream, uuid};

/// The example in the README, kept compiling.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

/// The same of the SDK's own.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod own_readme {}
