//! The files in memory.

use std::io::{self, Cursor};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use prometheus_client::registry::Registry;

use super::{Data, FileSet, MemoryStore};
use crate::store::engine::{FileStore, FileStream, FileWriter, ReadSeek, Reservation};
use crate::store::submission::FileSetId;

#[async_trait]
impl FileStore for MemoryStore {
    fn reserve(&self, _announced: Option<u64>) -> io::Result<Option<Box<dyn Reservation>>> {
        Ok(Some(Box::new(MemoryRoom)))
    }

    fn free_bytes(&self) -> io::Result<u64> {
        Ok(u64::MAX)
    }

    async fn begin(&self) -> io::Result<FileSetId> {
        self.interruptions.wait().await;
        let created = self.now();
        let mut data = self.lock();
        data.file_sets += 1;
        let set = FileSetId(format!("{:032x}", data.file_sets));
        data.files.insert(set.clone(), FileSet { created, files: [].into() });
        Ok(set)
    }

    async fn create(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn FileWriter>> {
        self.interruptions.wait().await;
        let mut data = self.lock();
        let files = &mut data.files.get_mut(set).ok_or(io::ErrorKind::NotFound)?.files;
        if files.insert(file.to_owned(), Vec::new()).is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let (set, file) = (set.clone(), file.to_owned());
        Ok(Box::new(MemoryWriter { data: Arc::clone(&self.data), set, file, bytes: Vec::new() }))
    }

    async fn seal(&self, set: &FileSetId) -> io::Result<()> {
        self.interruptions.wait().await;
        if self.lock().files.contains_key(set) {
            Ok(())
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    async fn inspect(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(Cursor::new(self.content(set, file)?)))
    }

    async fn open(&self, set: &FileSetId, file: &str) -> io::Result<FileStream> {
        Ok(Box::pin(OneChunk(Some(self.content(set, file)?.into()))))
    }

    async fn remove(&self, set: &FileSetId) -> io::Result<()> {
        self.interruptions.wait().await;
        self.lock().files.remove(set);
        Ok(())
    }

    async fn older_than(&self, age: Duration) -> io::Result<Vec<FileSetId>> {
        self.interruptions.wait().await;
        let before = self.now().minus(age);
        let data = self.lock();
        let old = data.files.iter().filter(|(_, files)| files.created <= before);
        Ok(old.map(|(set, _)| set.clone()).collect())
    }

    async fn check(&self) -> io::Result<()> {
        Ok(())
    }

    fn register_metrics(&self, _registry: &mut Registry) {}

    fn location(&self, set: &FileSetId, file: &str) -> String {
        format!("memory:{}/{file}", set.0)
    }
}

impl MemoryStore {
    /// Returns all sets of files.
    pub(crate) fn file_sets(&self) -> Vec<FileSetId> {
        self.lock().files.keys().cloned().collect()
    }

    /// Returns whether there are files that no row refers to.
    pub(crate) fn has_unknown_files(&self) -> bool {
        let data = self.lock();
        let is_known = |set| data.rows.values().any(|(row, _)| row.files.as_ref() == Some(set));
        data.files.keys().any(|set| !is_known(set))
    }

    fn content(&self, set: &FileSetId, file: &str) -> io::Result<Vec<u8>> {
        let data = self.lock();
        let content = data.files.get(set).and_then(|files| files.files.get(file));
        content.cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// Room in memory, which is never full.
#[derive(Debug)]
struct MemoryRoom;

impl Reservation for MemoryRoom {
    fn extend(&mut self, _received: u64) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug)]
struct MemoryWriter {
    data: Arc<Mutex<Data>>,
    set: FileSetId,
    file: String,
    bytes: Vec<u8>,
}

#[async_trait]
impl FileWriter for MemoryWriter {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> io::Result<[u8; 32]> {
        let digest = blake3::hash(&self.bytes);
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        let files = &mut data.files.get_mut(&self.set).ok_or(io::ErrorKind::NotFound)?.files;
        files.insert(self.file, self.bytes);
        Ok(*digest.as_bytes())
    }
}

/// A file as a stream of one chunk.
struct OneChunk(Option<Bytes>);

impl Stream for OneChunk {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}
