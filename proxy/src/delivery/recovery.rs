//! What is left of an earlier run, made whole before anything new is taken.

use std::collections::HashSet;
use std::io;

use thiserror::Error;
use tracing::{error, info};

use crate::settings::clock::Moment;
use crate::store::journal::{Claimed, Journal, JournalError, Settlement};
use crate::store::spool::Spool;

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
/// sets aside entries whose files are gone. Beside a new journal, files are kept: they belong to one that
/// somebody has moved away.
pub(crate) async fn recover(journal: &Journal, spool: &Spool) -> Result<(), RecoveryError> {
    journal.release_others().await?;
    let known: HashSet<_> = journal.folders().await?.into_iter().collect();
    let there: HashSet<_> = spool.folders()?.into_iter().collect();
    let orphans: Vec<_> = there.difference(&known).collect();
    if !orphans.is_empty() && journal.is_new() {
        orphans.iter().try_for_each(|folder| spool.set_aside(folder))?;
        error!(
            submissions = orphans.len(),
            "the journal is new, and beside it are files of submissions: they are kept in folders \
             named lost-…; if there is an older journal.sqlite (with its -wal and -shm), stop and \
             put all back"
        );
    } else if !orphans.is_empty() {
        for folder in &orphans {
            spool.remove(folder);
        }
        info!(submissions = orphans.len(), "removed files of submissions that never arrived whole");
    }
    let open = journal.open_entries().await?;
    let waiting = open.len();
    for entry in open {
        if entry.folder.is_some_and(|folder| !there.contains(&folder)) {
            error!(reference = entry.reference.hint(), "the files of a submission are gone");
            let problem = "its files are gone".to_owned();
            if let Claimed::Granted(parcel) = journal.claim(entry.ticket, Moment::now()).await? {
                let failed = Settlement::Failed { problem };
                journal.settle(parcel.claim, failed, Moment::now()).await?;
            }
        }
    }
    if journal.is_new() {
        journal.set_compared().await?;
    }
    if waiting > 0 {
        info!(submissions = waiting, "an earlier run's submissions are taken up");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_beside_a_new_journal_are_kept() {
        let root = tempfile::tempdir().unwrap();
        let spool = Spool::open(root.path(), 0).unwrap();
        let folder = spool.folder().unwrap().keep();
        let journal = || Journal::open(&root.path().join(crate::store::journal::FILE)).unwrap();
        // A start that ended before it came to the files changes nothing of that.
        drop(journal());
        recover(&journal(), &spool).await.unwrap();
        assert_eq!(spool.folders().unwrap(), []);
        assert!(root.path().join(format!("lost-{}", folder.as_str())).is_dir());
    }

    #[tokio::test]
    async fn files_that_a_journal_does_not_know_go() {
        let root = tempfile::tempdir().unwrap();
        let spool = Spool::open(root.path(), 0).unwrap();
        let journal = || Journal::open(&root.path().join(crate::store::journal::FILE)).unwrap();
        recover(&journal(), &spool).await.unwrap();
        let folder = spool.folder().unwrap().keep();
        recover(&journal(), &spool).await.unwrap();
        assert_eq!(spool.folders().unwrap(), []);
        assert!(!root.path().join(format!("lost-{}", folder.as_str())).exists());
    }
}
