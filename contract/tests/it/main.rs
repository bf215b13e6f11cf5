//! The contract's promises, from outside.

#[cfg(feature = "author")]
mod author;
mod check;
mod values;
