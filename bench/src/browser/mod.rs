//! Compares implementations of the same form in a browser.

mod form;
mod implementations;
pub(crate) mod load;
pub(crate) mod memory;
mod stage;
mod trace;
pub(crate) mod typing;
