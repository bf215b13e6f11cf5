//! Tests of the whole proxy, mostly over HTTP, between real clients and the sandbox CRM.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a panic in a helper fails the test"
)]

mod api_key;
mod bot_checks;
mod bot_checks_shared;
mod captcha;
mod check;
mod choices;
mod cli;
mod conditions;
mod connections;
mod corrections;
mod cors;
mod crash;
mod crm;
mod crm_connections;
mod dashboard;
mod deploy;
mod doctor;
mod fields;
mod files;
mod form;
mod gateways;
mod guide;
mod health;
mod hidden;
mod idempotency;
mod intake;
mod language;
mod limits;
mod logs;
#[cfg(target_os = "linux")]
mod memory;
mod nginx;
mod normalization;
mod page;
mod php;
mod presets;
mod reload;
mod secrets;
#[cfg(unix)]
mod shared;
mod site;
mod submissions;
mod support;
mod sync_order;
mod thank_you;
mod tls;
mod translations;
