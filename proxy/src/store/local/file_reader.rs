//! Reads a file while it is sent: the next chunk is read while the previous one is being sent.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

/// The size of a chunk.
const CHUNK_BYTES: usize = 128 * 1024;

/// The bytes of a file.
pub(super) struct FileReader(Next);

/// The state of the next chunk.
enum Next {
    Unread(File),
    Reading(JoinHandle<io::Result<(File, Bytes)>>),
    End,
}

impl FileReader {
    pub(super) fn new(file: File) -> Self {
        Self(Next::Unread(file))
    }
}

/// Starts to read the next chunk, which is empty at the end of the file. Allocates the memory here instead of in the
/// blocking thread: there are many such threads, and the allocator keeps memory for each thread that allocates.
fn read(mut file: File) -> JoinHandle<io::Result<(File, Bytes)>> {
    let mut chunk = vec![0; CHUNK_BYTES];
    spawn_blocking(move || {
        let length = file.read(&mut chunk)?;
        chunk.truncate(length);
        Ok((file, chunk.into()))
    })
}

impl Stream for FileReader {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut reading = match mem::replace(&mut self.0, Next::End) {
            Next::Unread(file) => read(file),
            Next::Reading(reading) => reading,
            Next::End => return Poll::Ready(None),
        };
        let Poll::Ready(result) = Pin::new(&mut reading).poll(context) else {
            self.0 = Next::Reading(reading);
            return Poll::Pending;
        };
        let (file, chunk) = result??;
        if chunk.is_empty() {
            return Poll::Ready(None);
        }
        self.0 = Next::Reading(read(file));
        Poll::Ready(Some(Ok(chunk)))
    }
}
