//! The same form by different means, in a browser.

mod form;
pub(crate) mod load;
pub(crate) mod memory;
mod peers;
mod stage;
mod trace;
pub(crate) mod typing;
