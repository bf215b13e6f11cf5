//! Tests of the contract's public interface.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test helper fails by panicking")]

#[cfg(feature = "author")]
mod author;
mod check;
#[cfg(feature = "locales")]
mod locales;
mod normalize;
mod values;
mod verdicts;
