//! What people open in a browser, in headless Chromium against the service.

mod consent;
mod console;
mod files;
mod guest;
mod join;
mod loading;
mod reading;
mod referral;
