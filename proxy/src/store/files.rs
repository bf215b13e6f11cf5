//! The files of submissions, from their upload to their removal.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::registry::Registry;
use tracing::warn;

use super::engine::{FileStore, FileStream, FileWriter, ReadSeek, Reservation};
use super::files_in_use::{FilesInUse, UploadGuard};
use super::submission::FileSetId;
use crate::settings::faults;

/// The files of an engine, and a record of the files that this process uses.
#[derive(Debug, Clone)]
pub(super) struct Files {
    engine: Arc<dyn FileStore>,
    in_use: Arc<FilesInUse>,
}

/// The files of an upload. They are either admitted with a submission or [discarded](Self::discard). If the upload is
/// aborted, dropping this value schedules the removal of the files, because `drop` does no I/O.
#[derive(Debug)]
pub(crate) struct PendingFiles {
    files: Files,
    /// `None` once the files are admitted or discarded.
    upload: Option<UploadGuard>,
    set: FileSetId,
    count: usize,
}

/// A file that is being received.
#[derive(Debug)]
pub(crate) struct FileUpload {
    /// The store's name for the file.
    name: String,
    writer: Box<dyn FileWriter>,
}

/// A file that is complete and durable.
#[derive(Debug)]
pub(crate) struct UploadedFile {
    /// The store's name for the file.
    pub(crate) name: String,
    /// The BLAKE3 digest of the bytes.
    pub(crate) digest: [u8; 32],
}

impl Files {
    pub(super) fn new(engine: Arc<dyn FileStore>) -> Self {
        Self { engine, in_use: Arc::default() }
    }

    pub(super) fn reserve(
        &self,
        announced: Option<u64>,
    ) -> io::Result<Option<Box<dyn Reservation>>> {
        self.engine.reserve(announced)
    }

    pub(super) fn free_bytes(&self) -> io::Result<u64> {
        self.engine.free_bytes()
    }

    pub(super) fn register_metrics(&self, registry: &mut Registry) {
        self.engine.register_metrics(registry);
    }

    pub(super) async fn check(&self) -> io::Result<()> {
        self.engine.check().await
    }

    /// Begins an upload of files.
    pub(super) async fn begin(&self) -> io::Result<PendingFiles> {
        let set = self.engine.begin().await?;
        let upload = self.in_use.begin_upload(set.clone());
        Ok(PendingFiles { files: self.clone(), upload: Some(upload), set, count: 0 })
    }

    pub(super) async fn open(&self, set: &FileSetId, file: &str) -> io::Result<FileStream> {
        self.engine.open(set, file).await
    }

    pub(super) fn location(&self, set: &FileSetId, file: &str) -> String {
        self.engine.location(set, file)
    }

    /// Removes files. If that fails, the sweep removes them later.
    pub(super) async fn remove(&self, set: &FileSetId) {
        let removed = match faults::at("spool.remove") {
            Ok(()) => self.engine.remove(set).await,
            Err(error) => Err(error),
        };
        if let Err(error) = removed {
            warn!(%error, "cannot remove a submission's files from the spool");
        }
    }

    /// Removes files that no row refers to any more. If an attempt may be reading them, they are removed when the
    /// attempt finishes.
    pub(super) async fn remove_unused(&self, set: &FileSetId) {
        if self.in_use.remove_when_finished(set) {
            self.remove(set).await;
        }
    }

    /// Marks the files as in use by an attempt.
    pub(super) fn begin_delivery(&self, set: &FileSetId) {
        self.in_use.begin_delivery(set);
    }

    /// Marks the files for removal when the attempt that reads them finishes.
    pub(super) fn remove_when_finished(&self, set: &FileSetId) {
        self.in_use.remove_when_finished(set);
    }

    /// Ends the use of the files by an attempt, and removes them if they are marked for removal.
    pub(super) async fn finish_delivery(&self, set: &FileSetId) {
        if self.in_use.finish_delivery(set) {
            self.remove(set).await;
        }
    }

    /// Removes the files of aborted uploads in an endless loop.
    pub(super) async fn remove_abandoned(&self) {
        loop {
            for set in self.in_use.abandoned().await {
                self.remove(&set).await;
            }
        }
    }

    /// Returns the files that are older than `age` and that this process does not use.
    pub(super) async fn unused(&self, age: Duration) -> io::Result<Vec<FileSetId>> {
        let mut sets = self.engine.older_than(age).await?;
        sets.retain(|set| !self.in_use.contains(set));
        Ok(sets)
    }
}

impl PendingFiles {
    /// Creates the next file of the upload.
    pub(crate) async fn create(&mut self) -> io::Result<FileUpload> {
        let name = self.count.to_string();
        self.count += 1;
        let writer = self.files.engine.create(&self.set, &name).await?;
        Ok(FileUpload { name, writer })
    }

    /// Opens a complete file to inspect its content.
    pub(crate) async fn inspect(&self, file: &UploadedFile) -> io::Result<Box<dyn ReadSeek>> {
        self.files.engine.inspect(&self.set, &file.name).await
    }

    /// Removes the files.
    pub(crate) async fn discard(mut self) {
        let upload = self.upload.take();
        self.files.remove(&self.set).await;
        drop(upload);
    }

    pub(super) fn id(&self) -> &FileSetId {
        &self.set
    }

    /// Makes the files durable.
    pub(super) async fn seal(&self) -> io::Result<()> {
        self.files.engine.seal(&self.set).await
    }

    /// Hands over the files to the rows: dropping this value no longer removes them. The files are in use while the
    /// returned guard exists.
    pub(super) fn leave_to_rows(mut self) -> Option<UploadGuard> {
        self.upload.take()
    }
}

impl FileUpload {
    /// Appends bytes. If they cannot be written, a later call may report the error.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write(bytes).await
    }

    /// Makes the file durable. After an error, the file is lost.
    pub(crate) async fn finish(self) -> io::Result<UploadedFile> {
        let digest = self.writer.finish().await?;
        Ok(UploadedFile { name: self.name, digest })
    }
}

impl Drop for PendingFiles {
    fn drop(&mut self) {
        if let Some(upload) = self.upload.take() {
            upload.abandon();
        }
    }
}
