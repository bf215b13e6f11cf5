//! The proxy on a real port, between real clients and the sandbox CRM.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail loudly"
)]

mod asked;
mod captcha;
mod cli;
mod corrections;
mod cors;
mod crash;
mod crm;
mod crm_connections;
mod deploy;
mod doctor;
mod edge;
mod fields;
mod files;
mod form;
mod gateways;
mod guide;
mod health;
mod hidden;
mod intake;
mod language;
mod limits;
#[cfg(target_os = "linux")]
mod memory;
mod nginx;
mod once;
mod page;
mod person;
mod php;
mod power;
mod reload;
mod secrets;
mod site;
mod submissions;
mod support;
mod tls;
mod typed;
