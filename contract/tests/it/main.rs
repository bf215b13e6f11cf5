//! The contract's promises, from outside.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

#[cfg(feature = "author")]
mod author;
mod check;
#[cfg(feature = "locales")]
mod locales;
mod normalize;
mod values;
mod verdicts;
