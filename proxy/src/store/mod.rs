//! What the proxy keeps: the [journal] of submissions and the [spool] of their files.

pub(crate) mod journal;
pub(crate) mod spool;
