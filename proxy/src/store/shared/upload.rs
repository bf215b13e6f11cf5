//! Uploads files from the disk, with a limited number of bytes in memory for all uploads together.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use super::bucket::Bucket;
use super::bucket_error::BucketError;

/// The size of a part. S3 does not accept smaller ones, except for the last part of an object.
pub(super) const PART_BYTES: u64 = 5 * 1024 * 1024;

/// The number of full parts in memory, for all uploads together.
const PARTS: u32 = 3;

/// The unit of [`Memory`]. The numbers of a semaphore are too small for bytes.
const UNIT: u64 = 1024;

/// The memory for parts that are being sent. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    units: Arc<Semaphore>,
    /// The buffers of full parts, for reuse. New ones for each part would leave holes in the heap.
    spare: Arc<Mutex<Vec<BytesMut>>>,
}

/// A part of a file in memory.
struct Part {
    bytes: Bytes,
    memory: Memory,
    _units: OwnedSemaphorePermit,
}

/// An upload of one file.
#[derive(Debug)]
pub(super) struct FileUpload<'a> {
    pub(super) bucket: &'a Bucket,
    pub(super) memory: &'a Memory,
    /// The file on the disk.
    pub(super) path: &'a Path,
    pub(super) key: &'a str,
}

impl Default for Memory {
    fn default() -> Self {
        let units = usize::try_from(units(PART_BYTES * u64::from(PARTS))).unwrap_or(1);
        Self { units: Arc::new(Semaphore::new(units)), spare: Arc::default() }
    }
}

impl Memory {
    /// Waits for memory, and reads a part of a file into it.
    async fn read(&self, file: &Path, offset: u64, length: u64) -> io::Result<Part> {
        let units = Arc::clone(&self.units).acquire_many_owned(units(length)).await;
        let units = units.map_err(io::Error::other)?;
        let mut buffer = self.buffer(length);
        let path = file.to_owned();
        let buffer = spawn_blocking(move || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(offset))?;
            file.read_exact(&mut buffer)?;
            Ok::<_, io::Error>(buffer)
        });
        let bytes = buffer.await??.freeze();
        Ok(Part { bytes, memory: self.clone(), _units: units })
    }

    /// Returns a buffer of this length. Only those of full parts are reused.
    fn buffer(&self, length: u64) -> BytesMut {
        let spare = if length == PART_BYTES { self.spare().pop() } else { None };
        spare.unwrap_or_else(|| BytesMut::zeroed(usize::try_from(length).unwrap_or(0)))
    }

    fn spare(&self) -> std::sync::MutexGuard<'_, Vec<BytesMut>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let is_full = u64::try_from(self.bytes.len()) == Ok(PART_BYTES);
        // A connection may still have a reference to the bytes, after an error.
        if let (true, Ok(buffer)) = (is_full, std::mem::take(&mut self.bytes).try_into_mut()) {
            self.memory.spare().push(buffer);
        }
    }
}

impl FileUpload<'_> {
    /// Uploads the file. `record` stores the ID of a multipart upload before the first part is sent.
    pub(super) async fn run(
        &self,
        record: impl AsyncFnOnce(&str) -> io::Result<()>,
    ) -> io::Result<()> {
        let size = tokio::fs::metadata(self.path).await?.len();
        if size <= PART_BYTES {
            let part = self.memory.read(self.path, 0, size).await?;
            return Ok(self.bucket.put(self.key, part.bytes.clone()).await?);
        }
        let upload = self.bucket.begin_upload(self.key).await?;
        record(&upload).await?;
        let mut parts = Vec::new();
        let mut sent = 0;
        while sent < size {
            let length = PART_BYTES.min(size - sent);
            let part = self.memory.read(self.path, sent, length).await?;
            let put = self.bucket.put_part(self.key, &upload, parts.len(), part.bytes.clone());
            parts.push(put.await?);
            sent += length;
        }
        let complete = self.bucket.complete_upload(self.key, &upload, parts, size);
        complete.await.map_err(BucketError::into)
    }
}

/// Returns the units for a number of bytes.
fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT).max(1)).unwrap_or(u32::MAX)
}
