//! Tests of the sandbox over HTTP.
#![expect(clippy::unwrap_used, reason = "a panic in a helper fails the test")]

mod adding;
mod creating;
mod crm;
mod faults;
mod files;
mod matching;
mod owners;
mod page;
mod program;
mod refusing;
mod requests;
