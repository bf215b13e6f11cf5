//! Reads a file while it is sent: the next piece is read while the last one is on its way.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

/// The size of a piece.
const PIECE_BYTES: usize = 128 * 1024;

/// The bytes of a file.
pub(super) struct FileReader(Next);

/// The file's next piece.
enum Next {
    /// Nothing has been read.
    Unread(File),
    Reading(JoinHandle<io::Result<(File, Bytes)>>),
    /// There is none.
    End,
}

impl FileReader {
    pub(super) fn new(file: File) -> Self {
        Self(Next::Unread(file))
    }
}

/// Begins to read the file's next piece, which is empty at the end. Its memory comes from this thread: there are many
/// threads that wait for the disk, and the allocator keeps some memory for each that allocates.
fn read(mut file: File) -> JoinHandle<io::Result<(File, Bytes)>> {
    let mut piece = vec![0; PIECE_BYTES];
    spawn_blocking(move || {
        let length = file.read(&mut piece)?;
        piece.truncate(length);
        Ok((file, piece.into()))
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
        let Poll::Ready(ended) = Pin::new(&mut reading).poll(context) else {
            self.0 = Next::Reading(reading);
            return Poll::Pending;
        };
        let (file, piece) = ended??;
        if piece.is_empty() {
            return Poll::Ready(None);
        }
        self.0 = Next::Reading(read(file));
        Poll::Ready(Some(Ok(piece)))
    }
}
