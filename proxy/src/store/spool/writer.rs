//! A file of the spool as it comes: a thread that may wait for the disk writes one piece, and has
//! the digest grow by it, while the next piece comes.

use std::fs::File;
use std::io::{self, Write};
use std::mem;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::settings::faults;

/// What is written at a time: few turns from thread to thread, and little memory for many uploads at
/// once.
const PIECE_BYTES: usize = 128 * 1024;

/// After so many bytes the disk is told to begin, so that the sync at the end finds little left.
const FLUSH_BYTES: u64 = 4 * 1024 * 1024;

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct SpoolWriter {
    name: String,
    /// What came since the last piece went to the disk.
    piece: Vec<u8>,
    /// The piece that is being written; none after an error.
    under_way: Option<JoinHandle<io::Result<Output>>>,
}

/// A file that is on disk.
#[derive(Debug)]
pub(crate) struct Written {
    /// Our name for it, in its folder.
    pub(crate) name: String,
    /// BLAKE3 of its bytes.
    pub(crate) digest: [u8; 32],
}

/// The file, and what is known of it.
#[derive(Debug)]
struct Output {
    file: File,
    digest: blake3::Hasher,
    bytes: u64,
    flushed: u64,
    /// The last piece's memory, for the next but one.
    spare: Vec<u8>,
}

impl SpoolWriter {
    pub(super) fn new(name: String, file: File) -> Self {
        let digest = blake3::Hasher::new();
        let output = Output { file, digest, bytes: 0, flushed: 0, spare: Vec::new() };
        let under_way = Some(spawn_blocking(|| Ok(output)));
        Self { name, piece: Vec::new(), under_way }
    }

    /// Takes the next bytes. What goes wrong with them may be heard of later.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.piece.len().saturating_add(bytes.len()) > PIECE_BYTES {
            let mut output = self.output().await?;
            let piece = mem::replace(&mut self.piece, mem::take(&mut output.spare));
            self.under_way = Some(spawn_blocking(|| output.append(piece)));
        }
        self.piece.extend_from_slice(bytes);
        Ok(())
    }

    /// The file, once all of it is on disk. After an error it is lost: what a second sync would say
    /// is not to be trusted (fsync(2): dirty pages may be marked clean).
    pub(crate) async fn finish(mut self) -> io::Result<Written> {
        let (output, piece) = (self.output().await?, self.piece);
        let digest = spawn_blocking(|| output.append(piece)?.sync()).await??;
        Ok(Written { name: self.name, digest })
    }

    /// The file, once the piece that is under way is written.
    async fn output(&mut self) -> io::Result<Output> {
        match self.under_way.take() {
            Some(under_way) => under_way.await?,
            None => Err(io::Error::other("the file was given up after an error")),
        }
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

/// The advice that a range is not needed makes Linux write it out; nothing waits, and what is not on
/// disk yet stays in memory (`posix_fadvise(2)`). Elsewhere, and where it fails, the sync does all.
#[cfg(target_os = "linux")]
fn start_flush(file: &File, from: u64, bytes: u64) {
    use rustix::fs::{Advice, fadvise};

    let _ = fadvise(file, from, std::num::NonZeroU64::new(bytes), Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn start_flush(_file: &File, _from: u64, _bytes: u64) {}
