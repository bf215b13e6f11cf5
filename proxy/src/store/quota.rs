//! The share of the disk that refused and failed submissions may take together.
//!
//! Strangers can make submissions fail, so the space for them is limited. Beyond the limit, refusals that were shown to
//! their visitors are removed first, then the files of all others, and finally their answers; the oldest of each first.
//! A failure is never shown to its visitor as final.

use super::row::Row;
use super::submission::{Answers, FileSetId, State, Ticket};
use crate::settings::clock::Moment;

/// Roughly what a file or a row takes beside its own bytes: the rest of its last block, its name.
pub(super) const OVERHEAD: u64 = 4_096;

/// The problem of a submission whose files were removed.
const FILES_REMOVED: &str =
    "its files were removed: what was refused or failed took more than delivery.keep_refused";

/// What was removed to keep the quota.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct QuotaRemoval {
    /// Files that no row names any more.
    pub(crate) files: Vec<FileSetId>,
    /// The number of submissions that lost their files or everything, and whose visitors had not seen a refusal.
    pub(crate) unseen: usize,
}

/// A refused or failed submission, and the space that it takes.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) ticket: Ticket,
    pub(super) seen: bool,
    pub(super) settled_at: Moment,
    pub(super) answer_bytes: u64,
    /// None if it has no files.
    pub(super) file_bytes: Option<u64>,
}

/// What to remove of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Removal {
    /// Everything, of a submission that its visitor has not seen refused.
    Unseen,
    /// The files, of such a submission.
    Files,
    /// Everything, of a refusal that its visitor has seen.
    Seen,
}

/// The removals after which the submissions take at most `share` bytes, in the order in which they have to be made:
/// files before the rest.
pub(super) fn removals(kept: &[Kept], share: u64) -> Vec<(Ticket, Removal)> {
    let mut parts: Vec<_> = kept.iter().flat_map(Kept::parts).collect();
    // Most valuable first; among the equal the newest.
    parts.sort_by_key(|&(removal, settled_at, ticket, _)| {
        (removal, std::cmp::Reverse((settled_at, ticket)))
    });
    let mut total: u64 = 0;
    let mut beyond: Vec<_> = parts
        .into_iter()
        .filter_map(|(removal, _, ticket, bytes)| {
            total = total.saturating_add(bytes);
            (total > share).then_some((ticket, removal))
        })
        .collect();
    beyond.reverse();
    beyond
}

impl Kept {
    /// The parts that can be removed alone, with their bytes.
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
    /// Removes the files. The answers can still be sent, and the row still says why the submission failed.
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
    /// Roughly the bytes that the answers and files take on the disk.
    pub(crate) fn size(&self) -> u64 {
        let bytes = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX);
        let values = self.values.iter().map(|(name, value)| bytes(name) + bytes(value));
        let files = self.files.iter().map(|file| file.bytes.saturating_add(OVERHEAD));
        values.chain(files).fold(OVERHEAD, u64::saturating_add)
    }
}
