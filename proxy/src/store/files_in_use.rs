//! The files that this process is receiving or sending, and those from aborted uploads.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::submission::FileSetId;

/// The files in use. The sweep does not remove them, whatever their age and whether or not a row refers to them.
#[derive(Debug, Default)]
pub(super) struct FilesInUse {
    uses: Mutex<HashMap<FileSetId, Use>>,
    /// The files from aborted uploads. A task removes them.
    abandoned: Mutex<Vec<FileSetId>>,
    grew: Notify,
}

/// How files are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// An upload writes the files, or its submission is being admitted.
    Upload,
    /// An attempt may be reading the files.
    Delivery { remove_when_finished: bool },
}

/// Files that an upload writes. Dropping the guard ends their use, but does not remove them.
#[derive(Debug)]
pub(super) struct UploadGuard {
    in_use: Arc<FilesInUse>,
    pub(super) set: FileSetId,
}

impl FilesInUse {
    pub(super) fn begin_upload(self: &Arc<Self>, set: FileSetId) -> UploadGuard {
        self.uses().insert(set.clone(), Use::Upload);
        UploadGuard { in_use: Arc::clone(self), set }
    }

    pub(super) fn begin_delivery(&self, set: &FileSetId) {
        self.uses().insert(set.clone(), Use::Delivery { remove_when_finished: false });
    }

    /// Ends the use of files by an attempt. Returns whether the caller has to remove them.
    pub(super) fn finish_delivery(&self, set: &FileSetId) -> bool {
        let was = self.uses().remove(set);
        was == Some(Use::Delivery { remove_when_finished: true })
    }

    /// Marks files for removal when the attempt that reads them finishes. Returns true if no attempt reads them. The
    /// caller can then remove them now.
    pub(super) fn remove_when_finished(&self, set: &FileSetId) -> bool {
        match self.uses().get_mut(set) {
            Some(Use::Delivery { remove_when_finished }) => {
                *remove_when_finished = true;
                false
            }
            Some(Use::Upload) | None => true,
        }
    }

    pub(super) fn contains(&self, set: &FileSetId) -> bool {
        self.uses().contains_key(set)
    }

    /// Adds the files of an aborted upload to those that [`abandoned`](Self::abandoned) returns.
    pub(super) fn abandon(&self, set: FileSetId) {
        self.lock_abandoned().push(set);
        self.grew.notify_one();
    }

    /// Waits for aborted uploads, and returns their files.
    pub(super) async fn abandoned(&self) -> Vec<FileSetId> {
        loop {
            let abandoned = mem::take(&mut *self.lock_abandoned());
            if !abandoned.is_empty() {
                return abandoned;
            }
            self.grew.notified().await;
        }
    }

    fn uses(&self) -> MutexGuard<'_, HashMap<FileSetId, Use>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_abandoned(&self) -> MutexGuard<'_, Vec<FileSetId>> {
        self.abandoned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UploadGuard {
    /// Schedules the removal of the files.
    pub(super) fn abandon(self) {
        self.in_use.abandon(self.set.clone());
    }
}

impl Drop for UploadGuard {
    fn drop(&mut self) {
        let mut uses = self.in_use.uses();
        // A delivery of the same files may have begun.
        if matches!(uses.get(&self.set), Some(Use::Upload)) {
            uses.remove(&self.set);
        }
    }
}
