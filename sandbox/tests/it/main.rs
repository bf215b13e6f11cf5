//! The sandbox over real HTTP, as the proxy, the tests and a person meet it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "setup that fails fails its test"
)]

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
