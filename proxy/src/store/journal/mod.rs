//! What was taken, and what became of it: an entry for each reference, on disk before anybody is
//! told that a submission has arrived.
//!
//! The [store] is a file of `SQLite`; one thread writes to it, and everybody else asks that
//! thread.

mod claim;
mod content;
mod entry;
mod error;
mod relation;
mod report;
mod row;
mod share;
#[cfg(test)]
pub(crate) mod simulated;
mod store;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use self::content::Content;
pub(crate) use self::entry::{
    Admission, Admitted, Answer, Arrival, Body, Claim, Claimed, LEASE, Open, OtherDraft, Parcel,
    Replaced, Settlement, Standing, Status, StoredFile, Ticket,
};
pub use self::entry::{Counts, State, StateError};
pub use self::error::JournalError;
pub use self::report::{Entry, EntryContent, Filter, Submissions, SubmissionsError};
pub(crate) use self::writer::Journal;

/// The journal's file in the spool's folder.
pub(crate) const FILE: &str = "journal.sqlite";
