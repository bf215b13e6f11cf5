//! The contract's promises, from outside.
#![expect(clippy::panic, reason = "a helper of a test fails by panicking")]

#[cfg(feature = "author")]
mod author;
mod check;
mod values;
