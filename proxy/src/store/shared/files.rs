//! The files of submissions in the bucket.
//!
//! A file arrives on the local disk, which is only scratch, and is uploaded from there when it is complete. Rows in the
//! database name each object before it is uploaded. The order is: the rows of the objects, the uploads, the row of the
//! submission, the answer to the visitor.

use std::io;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use prometheus_client::registry::Registry;

use super::bucket::Bucket;
use super::file_sets::{FileSets, StoredObject};
use super::submissions::PostgresSubmissions;
use super::upload::{FileUpload, Memory};
use crate::settings::clock::Clock;
use crate::settings::faults;
use crate::store::engine::{FileStore, FileStream, FileWriter, ReadSeek, Reservation};
use crate::store::local::{LocalFiles, OpenError};
use crate::store::submission::FileSetId;

/// The folder for files that have not been uploaded yet, in the spool folder. A spool of the local store can have no
/// such folder, so its files are never taken for scratch.
const SCRATCH: &str = "scratch";

/// The files in the bucket. Clones share the memory for uploads.
#[derive(Debug, Clone)]
pub(in crate::store) struct SharedFiles {
    scratch: LocalFiles,
    sets: FileSets,
    bucket: Bucket,
    memory: Memory,
}

impl SharedFiles {
    /// Opens the scratch folder, and removes what an earlier proxy has left there. `floor` is the number of bytes that
    /// uploads leave free on its disk.
    pub(in crate::store) fn open(
        spool: &Path,
        floor: u64,
        clock: Clock,
        submissions: &PostgresSubmissions,
        bucket: Bucket,
    ) -> Result<Self, OpenError> {
        let scratch = LocalFiles::open_scratch(&spool.join(SCRATCH), floor, clock)?;
        Ok(Self::with_scratch(scratch, submissions, bucket))
    }

    /// Uses the files in the bucket with this scratch folder.
    pub(in crate::store) fn with_scratch(
        scratch: LocalFiles,
        submissions: &PostgresSubmissions,
        bucket: Bucket,
    ) -> Self {
        let sets = FileSets::new(submissions.pool.clone());
        Self { scratch, sets, bucket, memory: Memory::default() }
    }

    async fn remove_object(&self, object: &StoredObject, sealed: bool) -> io::Result<()> {
        let StoredObject { key, upload } = object;
        if let (Some(upload), false) = (upload, sealed) {
            self.bucket.abort_upload(key, upload).await?;
        }
        if upload.is_some() || !sealed {
            for unknown in self.bucket.uploads(key).await? {
                self.bucket.abort_upload(key, &unknown).await?;
            }
        }
        Ok(self.bucket.delete(key).await?)
    }
}

#[async_trait]
impl FileStore for SharedFiles {
    fn reserve(&self, announced: Option<u64>) -> io::Result<Option<Box<dyn Reservation>>> {
        self.scratch.reserve(announced)
    }

    fn free_bytes(&self) -> io::Result<u64> {
        self.scratch.free_bytes()
    }

    async fn begin(&self) -> io::Result<FileSetId> {
        self.scratch.begin().await
    }

    async fn create(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn FileWriter>> {
        self.scratch.create(set, file).await
    }

    async fn seal(&self, set: &FileSetId) -> io::Result<()> {
        let files = self.scratch.paths(set)?;
        let names: Vec<_> = files.iter().map(|(name, _)| name.clone()).collect();
        let keys: Vec<_> = names.iter().map(|name| self.bucket.key(&set.0, name)).collect();
        self.sets.insert(set, &names, &keys).await.map_err(io::Error::other)?;
        faults::at("spool.intent")?;
        for ((name, path), key) in files.iter().zip(&keys) {
            let upload = FileUpload { bucket: &self.bucket, memory: &self.memory, path, key };
            let record = async |upload: &str| {
                let recorded = self.sets.record_upload(set, name, upload).await;
                check_not_removed(recorded.map_err(io::Error::other)?)
            };
            upload.run(record).await?;
        }
        faults::at("spool.uploaded")?;
        check_not_removed(self.sets.mark_sealed(set).await.map_err(io::Error::other)?)?;
        self.scratch.remove(set).await
    }

    async fn inspect(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn ReadSeek>> {
        self.scratch.inspect(set, file).await
    }

    /// Checks that the object exists. The download begins when the stream is first polled.
    async fn open(&self, set: &FileSetId, file: &str) -> io::Result<FileStream> {
        let key = self.sets.key(set, file).await.map_err(io::Error::other)?;
        let key = key.ok_or(io::ErrorKind::NotFound)?;
        self.bucket.size(&key).await?;
        Ok(self.bucket.download(&key))
    }

    /// Does nothing if a submission refers to the files.
    async fn remove(&self, set: &FileSetId) -> io::Result<()> {
        // No submission refers to files on the scratch disk.
        self.scratch.remove(set).await?;
        let removal = self.sets.begin_removal(set).await.map_err(io::Error::other)?;
        let Some(removal) = removal else { return Ok(()) };
        for object in &removal.objects {
            self.remove_object(object, removal.sealed).await?;
        }
        self.sets.delete(set).await.map_err(io::Error::other)
    }

    /// Also lists the sets on the scratch disk, which have no rows yet. Only this proxy has them.
    async fn older_than(&self, age: Duration) -> io::Result<Vec<FileSetId>> {
        let mut sets = self.sets.older_than(age).await.map_err(io::Error::other)?;
        for set in self.scratch.older_than(age).await? {
            if !sets.contains(&set) {
                sets.push(set);
            }
        }
        Ok(sets)
    }

    fn register_metrics(&self, registry: &mut Registry) {
        self.bucket.metrics().register(registry);
    }

    fn location(&self, set: &FileSetId, file: &str) -> String {
        self.bucket.location(&self.bucket.key(&set.0, file))
    }

    async fn check(&self) -> io::Result<()> {
        self.scratch.check().await?;
        Ok(self.bucket.check().await?)
    }
}

fn check_not_removed(exists: bool) -> io::Result<()> {
    if exists { Ok(()) } else { Err(io::Error::other("another proxy has removed the files")) }
}
