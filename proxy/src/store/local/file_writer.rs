//! Writes a file while it arrives: a blocking thread hashes and writes one chunk while the next one arrives.

use std::fs::File;
use std::io::{self, Write};
use std::mem;

use async_trait::async_trait;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::settings::faults;
use crate::store::engine::FileWriter;

/// The size of a chunk: large enough that switching threads is rare, small enough for many simultaneous uploads.
const CHUNK_BYTES: usize = 128 * 1024;

/// After this many bytes, the system starts to write to the disk, so that the sync at the end is short.
const FLUSH_BYTES: u64 = 4 * 1024 * 1024;

/// A file that is being written.
#[derive(Debug)]
pub(super) struct LocalWriter {
    /// The bytes that are not being written yet.
    chunk: Vec<u8>,
    /// The chunk that is being written, or `None` after an error.
    writing: Option<JoinHandle<io::Result<Output>>>,
}

/// Whether a file has to survive a power failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// The file is synced when it is finished.
    Synced,
    /// The file is only needed until it has been copied to another place.
    #[cfg(feature = "shared")]
    Scratch,
}

/// The file with the digest of its bytes.
#[derive(Debug)]
struct Output {
    file: File,
    durability: Durability,
    digest: blake3::Hasher,
    bytes: u64,
    flushed: u64,
    /// The memory of the last chunk, for reuse.
    spare: Vec<u8>,
}

impl LocalWriter {
    pub(super) fn new(file: File, durability: Durability) -> Self {
        let digest = blake3::Hasher::new();
        let output = Output { file, durability, digest, bytes: 0, flushed: 0, spare: Vec::new() };
        let writing = Some(spawn_blocking(|| Ok(output)));
        Self { chunk: Vec::new(), writing }
    }

    /// Waits until the current chunk is written.
    async fn output(&mut self) -> io::Result<Output> {
        match self.writing.take() {
            Some(writing) => writing.await?,
            None => Err(io::Error::other("an earlier write to the file failed")),
        }
    }
}

#[async_trait]
impl FileWriter for LocalWriter {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.chunk.len().saturating_add(bytes.len()) > CHUNK_BYTES {
            let mut output = self.output().await?;
            let chunk = mem::replace(&mut self.chunk, mem::take(&mut output.spare));
            self.writing = Some(spawn_blocking(|| output.append(chunk)));
        }
        self.chunk.extend_from_slice(bytes);
        Ok(())
    }

    /// After an error, the file is lost: a second sync may succeed even if data was not written (fsync(2): the kernel
    /// marks dirty pages as clean).
    async fn finish(mut self: Box<Self>) -> io::Result<[u8; 32]> {
        let output = self.output().await?;
        let chunk = self.chunk;
        spawn_blocking(|| output.append(chunk)?.complete()).await?
    }
}

impl Output {
    fn append(mut self, mut chunk: Vec<u8>) -> io::Result<Self> {
        faults::at("spool.write")?;
        self.digest.update(&chunk);
        self.file.write_all(&chunk)?;
        self.bytes += u64::try_from(chunk.len()).unwrap_or(0);
        if self.durability == Durability::Synced && self.bytes - self.flushed > FLUSH_BYTES {
            start_flush(&self.file, self.flushed, self.bytes - self.flushed);
            self.flushed = self.bytes;
        }
        chunk.clear();
        self.spare = chunk;
        Ok(self)
    }

    /// Makes the file durable if necessary, and returns the digest of its bytes.
    fn complete(self) -> io::Result<[u8; 32]> {
        if self.durability == Durability::Synced {
            faults::at("spool.sync_file")?;
            self.file.sync_all()?;
        }
        Ok(*self.digest.finalize().as_bytes())
    }
}

/// Starts to write a range to the disk without waiting: Linux does this if a program says that it does not need the
/// range, and keeps pages in memory until they are written (`posix_fadvise(2)`). On other systems, and after an error,
/// the sync writes everything.
#[cfg(target_os = "linux")]
fn start_flush(file: &File, from: u64, bytes: u64) {
    use rustix::fs::{Advice, fadvise};

    let _ = fadvise(file, from, std::num::NonZeroU64::new(bytes), Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn start_flush(_file: &File, _from: u64, _bytes: u64) {}
