//! A store in memory, for tests. It applies the same transitions as every other engine. Tests can interrupt its
//! operations.

mod files;
mod submissions;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use deal_contract::reference::Reference;

use super::content::ContentDigest;
use super::error::StoreError;
use super::owner::Store;
use super::row::Row;
use super::submission::{Answers, FileSetId, State, SubmissionStatus, Ticket};
use crate::settings::clock::{Clock, Moment};

/// The store of one proxy. Other proxies can [share](Self::for_another_proxy) its data.
#[derive(Debug)]
pub(crate) struct MemoryStore {
    data: Arc<Mutex<Data>>,
    /// The name of this proxy in its claims.
    owner: String,
    clock: Clock,
    interruptions: Arc<dyn Interruptions>,
}

/// All submissions and files.
#[derive(Debug, Default)]
struct Data {
    rows: BTreeMap<Ticket, (Row, Option<Answers>)>,
    newest: i64,
    files: BTreeMap<FileSetId, FileSet>,
    file_sets: u64,
    proxies: u64,
}

/// The files of one submission.
#[derive(Debug)]
struct FileSet {
    created: Moment,
    files: BTreeMap<String, Vec<u8>>,
}

/// Lets a test interrupt the operations of a store.
#[async_trait]
pub(crate) trait Interruptions: Debug + Send + Sync {
    /// Waits until the operation may continue. Waits forever after a crash.
    async fn wait(&self);

    /// Returns whether the operation fails.
    fn fails(&self) -> bool;
}

#[derive(Debug)]
struct NoInterruptions;

#[async_trait]
impl Interruptions for NoInterruptions {
    async fn wait(&self) {}

    fn fails(&self) -> bool {
        false
    }
}

impl MemoryStore {
    pub(crate) fn new(clock: Clock) -> Self {
        Self::of(Arc::default(), clock, Arc::new(NoInterruptions))
    }

    /// Returns the store of another proxy with the same data.
    pub(crate) fn for_another_proxy(&self, interruptions: Arc<dyn Interruptions>) -> Self {
        Self::of(Arc::clone(&self.data), self.clock.clone(), interruptions)
    }

    fn of(data: Arc<Mutex<Data>>, clock: Clock, interruptions: Arc<dyn Interruptions>) -> Self {
        let owner = {
            let mut data = data.lock().unwrap_or_else(PoisonError::into_inner);
            data.proxies += 1;
            format!("proxy {}", data.proxies)
        };
        Self { data, owner, clock, interruptions }
    }

    /// Returns the store of another proxy with the same data, without interruptions.
    pub(crate) fn for_peer(&self) -> Self {
        self.for_another_proxy(Arc::new(NoInterruptions))
    }

    /// Ends the claims of all other proxies, as the only proxy of a store does at startup.
    pub(crate) fn release_others(&self) {
        for (row, _) in self.lock().rows.values_mut() {
            row.release_other(&self.owner);
        }
    }

    /// Converts this into a [`Store`] that keeps both rows and files in memory.
    pub(crate) fn into_store(self) -> Store {
        let engine = Arc::new(self);
        Store::new(Arc::<Self>::clone(&engine), engine)
    }

    /// Returns the status, the content and the attempts of the submission with this reference, without interruptions.
    pub(crate) fn peek(
        &self,
        reference: &Reference,
    ) -> Option<(SubmissionStatus, ContentDigest, u32)> {
        let data = self.lock();
        let (row, _) = data.by_reference(reference.as_str())?;
        Some((row.status().ok()?, row.content, row.attempts))
    }

    fn lock(&self) -> MutexGuard<'_, Data> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Reads or changes rows. An operation may fail before or after the change.
    async fn run<T>(
        &self,
        work: impl FnOnce(&mut Data) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let failed = || Err(StoreError::journal("the disk fails"));
        self.interruptions.wait().await;
        let result = if self.interruptions.fails() { failed() } else { work(&mut self.lock()) };
        self.interruptions.wait().await;
        if self.interruptions.fails() { failed() } else { result }
    }
}

impl Data {
    fn by_reference(&self, reference: &str) -> Option<&(Row, Option<Answers>)> {
        self.rows.values().find(|(row, _)| row.reference.as_str() == reference)
    }

    /// Stores the row after a transition. Removes the answers of a delivered submission.
    fn update(&mut self, row: Row) {
        if let Some((known, answers)) = self.rows.get_mut(&row.ticket) {
            if row.state == State::Delivered {
                *answers = None;
            }
            *known = row;
        }
    }
}
