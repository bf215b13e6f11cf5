//! The quota: the disk space that refused and failed submissions may use together.
//!
//! Strangers can make submissions fail, so the space for them is limited. Above the limit, the store first removes
//! refusals that their visitors have seen, then the files of the other submissions, and finally the answers of those
//! submissions. In each of these steps, it begins with the oldest submissions. Failed submissions belong to the other
//! submissions, because their visitors have seen no refusal.

use super::row::Row;
use super::submission::{Answers, FileSetId, State, Ticket};
use crate::settings::clock::Moment;

/// The approximate number of bytes that a file or a row uses in addition to its content, for its name and the rest of
/// its last block.
pub(super) const OVERHEAD: u64 = 4_096;

/// The problem of a submission whose files were removed.
const FILES_REMOVED: &str =
    "its files were removed: refused and failed submissions exceeded delivery.keep_refused";

/// The result of enforcing the quota.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct QuotaRemoval {
    /// Files that no row refers to any more.
    pub(crate) files: Vec<FileSetId>,
    /// The number of submissions that lost files or answers, and whose visitors do not know about the failure.
    pub(crate) unseen: usize,
}

/// A refused or failed submission, and the space that it uses.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) ticket: Ticket,
    pub(super) seen: bool,
    pub(super) settled_at: Moment,
    pub(super) answer_bytes: u64,
    /// `None` if the submission has no files.
    pub(super) file_bytes: Option<u64>,
}

/// A part of a submission that can be removed. The most valuable part comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Removal {
    /// The row of a submission whose visitor has seen no refusal.
    Unseen,
    /// The files of a submission whose visitor has seen no refusal.
    Files,
    /// The row and the files of a refusal that its visitor has seen.
    Seen,
}

/// Returns the removals that reduce the submissions to at most `quota` bytes. The order of the removals matters: the
/// files of a submission are removed before its row.
pub(super) fn removals(kept: &[Kept], quota: u64) -> Vec<(Ticket, Removal)> {
    let mut parts: Vec<_> = kept.iter().flat_map(Kept::parts).collect();
    // Sorts the most valuable parts first, and the newest first among equally valuable ones.
    parts.sort_by_key(|&(removal, settled_at, ticket, _)| {
        (removal, std::cmp::Reverse((settled_at, ticket)))
    });
    let mut total: u64 = 0;
    let mut beyond: Vec<_> = parts
        .into_iter()
        .filter_map(|(removal, _, ticket, bytes)| {
            total = total.saturating_add(bytes);
            (total > quota).then_some((ticket, removal))
        })
        .collect();
    beyond.reverse();
    beyond
}

impl Kept {
    /// Returns the parts that can be removed separately, with their sizes in bytes.
    fn parts(&self) -> Vec<(Removal, Moment, Ticket, u64)> {
        let part = |removal, bytes| (removal, self.settled_at, self.ticket, bytes);
        let files = self.file_bytes;
        if self.seen {
            return vec![part(Removal::Seen, self.answer_bytes.saturating_add(files.unwrap_or(0)))];
        }
        let answers = part(Removal::Unseen, self.answer_bytes);
        [answers].into_iter().chain(files.map(|bytes| part(Removal::Files, bytes))).collect()
    }
}

impl Row {
    /// Removes the files. The answers can still be sent, and the problem still says why the submission failed.
    pub(super) fn remove_files(&mut self, answers: &mut Answers) -> Option<FileSetId> {
        answers.files.clear();
        let before = match (self.state, &self.problem) {
            (State::Failed, Some(problem)) => format!("{problem}; "),
            _ => String::new(),
        };
        self.problem = Some(format!("{before}{FILES_REMOVED}"));
        self.files.take()
    }
}

impl Answers {
    /// Returns the approximate disk space of the answers and files, in bytes.
    pub(crate) fn size(&self) -> u64 {
        let bytes = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX);
        let values = self.values.iter().map(|(name, value)| bytes(name) + bytes(value));
        let files = self.files.iter().map(|file| file.bytes.saturating_add(OVERHEAD));
        let texts = values.chain([bytes(&self.consent)]);
        texts.chain(files).fold(OVERHEAD, u64::saturating_add)
    }
}
