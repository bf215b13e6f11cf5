//! Writes a file while it arrives: a thread that may wait for the disk writes one piece and adds it to the digest while
//! the next piece arrives.

use std::fs::File;
use std::io::{self, Write};
use std::mem;

use async_trait::async_trait;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::settings::faults;
use crate::store::engine::FileWriter;

/// The size of a piece: large enough for few changes of thread, small enough for many uploads at once.
const PIECE_BYTES: usize = 128 * 1024;

/// The number of bytes after which the disk is asked to begin writing, so that the sync at the end is short.
const FLUSH_BYTES: u64 = 4 * 1024 * 1024;

/// A file that is being written.
#[derive(Debug)]
pub(super) struct LocalWriter {
    /// The bytes that arrived since the last piece went to the disk.
    piece: Vec<u8>,
    /// The piece that is being written; none after an error.
    writing: Option<JoinHandle<io::Result<Output>>>,
}

/// The file, and what is known of it.
#[derive(Debug)]
struct Output {
    file: File,
    digest: blake3::Hasher,
    bytes: u64,
    flushed: u64,
    /// The memory of the last piece, to be used again.
    spare: Vec<u8>,
}

impl LocalWriter {
    pub(super) fn new(file: File) -> Self {
        let digest = blake3::Hasher::new();
        let output = Output { file, digest, bytes: 0, flushed: 0, spare: Vec::new() };
        let writing = Some(spawn_blocking(|| Ok(output)));
        Self { piece: Vec::new(), writing }
    }

    /// The file, once the current piece is written.
    async fn output(&mut self) -> io::Result<Output> {
        match self.writing.take() {
            Some(writing) => writing.await?,
            None => Err(io::Error::other("the file was given up after an error")),
        }
    }
}

#[async_trait]
impl FileWriter for LocalWriter {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.piece.len().saturating_add(bytes.len()) > PIECE_BYTES {
            let mut output = self.output().await?;
            let piece = mem::replace(&mut self.piece, mem::take(&mut output.spare));
            self.writing = Some(spawn_blocking(|| output.append(piece)));
        }
        self.piece.extend_from_slice(bytes);
        Ok(())
    }

    /// After an error the file is lost: the result of a second sync would mean nothing (fsync(2): dirty pages may be
    /// marked clean).
    async fn finish(mut self: Box<Self>) -> io::Result<[u8; 32]> {
        let output = self.output().await?;
        let piece = self.piece;
        spawn_blocking(|| output.append(piece)?.sync()).await?
    }
}

impl Output {
    fn append(mut self, mut piece: Vec<u8>) -> io::Result<Self> {
        faults::at("spool.write")?;
        self.digest.update(&piece);
        self.file.write_all(&piece)?;
        self.bytes += u64::try_from(piece.len()).unwrap_or(0);
        if self.bytes - self.flushed > FLUSH_BYTES {
            start_flush(&self.file, self.flushed, self.bytes - self.flushed);
            self.flushed = self.bytes;
        }
        piece.clear();
        self.spare = piece;
        Ok(self)
    }

    /// The digest of all bytes, once they are on disk.
    fn sync(self) -> io::Result<[u8; 32]> {
        faults::at("spool.sync_file")?;
        self.file.sync_all()?;
        Ok(*self.digest.finalize().as_bytes())
    }
}

/// The advice that a range is not needed makes Linux write it out; the call does not wait, and unwritten pages stay in
/// memory (`posix_fadvise(2)`). On other systems, and if it fails, the sync writes everything.
#[cfg(target_os = "linux")]
fn start_flush(file: &File, from: u64, bytes: u64) {
    use rustix::fs::{Advice, fadvise};

    let _ = fadvise(file, from, std::num::NonZeroU64::new(bytes), Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn start_flush(_file: &File, _from: u64, _bytes: u64) {}
