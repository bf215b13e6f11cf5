//! Forms in a browser.

pub(crate) mod load;
pub(crate) mod memory;
pub(crate) mod typing;
