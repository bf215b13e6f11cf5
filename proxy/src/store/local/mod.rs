//! The store of one proxy: rows in `SQLite`, files in a folder beside them.

mod database;
mod error;
mod file_reader;
mod file_writer;
mod files;
mod queries;
mod room;
mod sql;
mod submissions;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::Arc;

use tracing::error;

pub use self::error::OpenError;
pub(super) use self::files::LocalFiles;
pub(super) use self::submissions::LocalSubmissions;
use super::engine::{FileStore, SubmissionStore};
use super::error::StoreError;
use super::owner::Store;
use crate::settings::clock::Clock;

/// The name of the file with the rows.
const JOURNAL: &str = "journal.sqlite";

impl Store {
    /// Opens the store in a folder. Only one proxy can use the folder at a time. `disk_floor` is the number of bytes
    /// that uploads leave free on the folder's disk; small submissions may use half of them.
    pub(crate) async fn open(
        folder: &Path,
        disk_floor: u64,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let files = LocalFiles::open(folder, disk_floor, clock.clone())?;
        let submissions = LocalSubmissions::open(&folder.join(JOURNAL), clock)?;
        // This proxy has the lock on the folder, so all proxies that made other claims have ended.
        submissions.release_others().await?;
        if !submissions.is_reconciled().await? {
            set_aside_unknown(&submissions, &files).await?;
            submissions.mark_reconciled().await?;
        }
        Ok(Self::new(Arc::new(submissions), Arc::new(files)))
    }

    /// Opens the store for the operator. The proxy that uses the folder may be running.
    ///
    /// # Errors
    /// If the folder has no journal, or the journal cannot be read.
    pub fn open_for_operator(folder: &Path) -> Result<Self, OpenError> {
        let journal = folder.join(JOURNAL);
        if !journal.is_file() {
            return Err(OpenError::Missing(folder.display().to_string()));
        }
        let clock = Clock::system();
        let files = LocalFiles::open_unlocked(folder, clock.clone());
        let submissions = LocalSubmissions::open_existing(&journal, clock)?;
        Ok(Self::new(Arc::new(submissions), Arc::new(files)))
    }
}

/// Renames the folders with files that a new journal does not know, so that they are not removed: they may belong to a
/// journal that was moved away.
async fn set_aside_unknown(
    submissions: &LocalSubmissions,
    files: &LocalFiles,
) -> Result<(), OpenError> {
    let all = files.older_than(std::time::Duration::ZERO).await.map_err(StoreError::Files)?;
    let unknown = submissions.unknown_files(all).await?;
    if unknown.is_empty() {
        return Ok(());
    }
    for set in &unknown {
        files.set_aside(set).map_err(StoreError::Files)?;
    }
    error!(
        submissions = unknown.len(),
        "the journal is new, but the spool folder contains files of submissions: they are kept in \
         folders named lost-…; if you have the earlier journal.sqlite (with its -wal and -shm), \
         stop the proxy and restore the journal and the folders' names"
    );
    Ok(())
}
