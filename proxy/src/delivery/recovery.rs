//! What is left of an earlier run, made whole before anything new is taken.

use std::collections::HashSet;
use std::io;

use thiserror::Error;
use tracing::{error, info};

use crate::clock::Moment;
use crate::intake::spool::Spool;
use crate::journal::{Journal, JournalError, Settlement};

/// Why an earlier run's submissions cannot be taken up.
#[derive(Debug, Error)]
pub enum RecoveryError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The spool.
    #[error("cannot read the spool: {0}")]
    Spool(#[from] io::Error),
}

/// Removes files that no entry refers to (a visitor who was not told of them sends them again), and
/// sets aside entries whose files are gone.
pub(crate) async fn recover(journal: &Journal, spool: &Spool) -> Result<(), RecoveryError> {
    let known: HashSet<_> = journal.folders().await?.into_iter().collect();
    let there: HashSet<_> = spool.folders()?.into_iter().collect();
    let orphans = there.difference(&known);
    let removed = orphans.inspect(|folder| spool.remove(folder)).count();
    if removed > 0 {
        info!(submissions = removed, "removed files of submissions that never arrived whole");
    }
    let open = journal.open_entries().await?;
    let waiting = open.len();
    for entry in open {
        if entry.folder.is_some_and(|folder| !there.contains(&folder)) {
            error!(reference = entry.reference.as_str(), "the files of a submission are gone");
            let problem = "its files are gone".to_owned();
            journal.settle(entry.ticket, Settlement::Failed { problem }, Moment::now()).await?;
        }
    }
    if waiting > 0 {
        info!(submissions = waiting, "an earlier run's submissions are taken up");
    }
    Ok(())
}
