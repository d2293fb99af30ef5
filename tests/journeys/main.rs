//! Journeys through the service, each through the SDK over HTTP. The name of a test is the rule that it shows.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails loudly, helpers and all"
)]

mod api_clients;
mod architecture;
mod attachments;
mod audit;
mod audit_log;
mod browser;
mod canary;
mod chaos;
mod consents;
mod conventions;
mod differential;
mod emergency;
mod events;
mod floor;
mod gate;
mod guests;
mod idempotency;
mod identity;
mod limits;
mod links;
mod log;
mod main_job;
mod matrix;
mod members;
mod messages;
mod openapi_document;
mod opinions;
mod overload;
mod patients;
mod race;
mod referral_clocks;
mod referral_guests;
mod referral_race;
mod referrals;
mod report_back;
mod reports;
mod round_trips;
mod schema;
mod shares;
mod tampering;
mod tokens;
mod vault;
mod webhooks;
mod wire;
