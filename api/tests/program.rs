//! The program as a person runs it: the `rapport` binary, its output, its exit codes, its data folder, its signals.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

// The folder is named, because a test's root file looks for its modules beside itself.
#[path = "program/clinic.rs"]
mod clinic;
#[path = "program/crash.rs"]
mod crash;
#[path = "program/demo.rs"]
mod demo;
#[path = "program/durability.rs"]
mod durability;
#[path = "program/events.rs"]
mod events;
#[path = "program/keys.rs"]
mod keys;
#[path = "program/openapi.rs"]
mod openapi;
#[path = "program/readme.rs"]
mod readme;
#[path = "program/referrals.rs"]
mod referrals;
#[path = "program/run.rs"]
mod run;
#[path = "program/serve.rs"]
mod serve;
#[path = "program/settings.rs"]
mod settings;
#[path = "program/tls.rs"]
mod tls;
