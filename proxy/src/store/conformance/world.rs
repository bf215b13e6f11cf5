//! An engine with its clock, and helpers that change submissions.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::reply::Deal;
use deal_contract::revision::Revision;
#[cfg(feature = "shared")]
use test_services::Missing;

#[cfg(feature = "shared")]
use super::bucket_files::BucketFiles;
#[cfg(feature = "shared")]
use super::shared_rows::SharedRows;
use crate::settings::clock::{Clock, Moment};
use crate::store::engine::{FileStore, SubmissionStore};
use crate::store::local::{LocalFiles, LocalSubmissions};
use crate::store::memory::MemoryStore;
use crate::store::owner::Store;
use crate::store::row::Row;
use crate::store::{
    AdmissionKind, Answers, ClaimResult, ContentDigest, CrmReply, Delivery, Draft, Filter, Mark,
    NewSubmission, Outcome, State, SubmissionStatus, Ticket,
};

/// The data of an engine, which several proxies can share.
pub(in crate::store) struct World {
    now: Arc<AtomicI64>,
    engine: Engine,
}

enum Engine {
    Memory(MemoryStore),
    Local(tempfile::TempDir),
    /// Rows in PostgreSQL, and files in memory.
    #[cfg(feature = "shared")]
    Shared(Box<SharedRows>, MemoryStore),
    /// Rows in PostgreSQL, and files in a bucket.
    #[cfg(feature = "shared")]
    WithBucket(Box<SharedRows>, BucketFiles),
}

/// One proxy.
pub(in crate::store) struct Proxy {
    pub(in crate::store) rows: Arc<dyn SubmissionStore>,
    pub(in crate::store) files: Arc<dyn FileStore>,
    pub(in crate::store) store: Store,
}

impl World {
    pub(super) fn in_memory() -> Self {
        let now = Arc::new(AtomicI64::new(Moment::now().0));
        let engine = Engine::Memory(MemoryStore::new(clock(&now)));
        Self { now, engine }
    }

    pub(super) fn local() -> Self {
        let now = Arc::new(AtomicI64::new(Moment::now().0));
        Self { now, engine: Engine::Local(tempfile::tempdir().unwrap()) }
    }

    /// Returns `None` if PostgreSQL is not installed, and reports the skipped test.
    #[cfg(feature = "shared")]
    pub(super) async fn shared() -> Option<Self> {
        Self::with_rows(SharedRows::create().await)
    }

    /// Does the same with PgBouncer in front of PostgreSQL.
    #[cfg(feature = "shared")]
    pub(super) async fn shared_behind_bouncer() -> Option<Self> {
        Self::with_rows(SharedRows::create_behind_bouncer().await)
    }

    /// Does the same with the files in a bucket.
    #[cfg(feature = "shared")]
    pub(in crate::store) async fn shared_with_bucket() -> Option<Self> {
        let Self { now, engine } = Self::with_rows(SharedRows::create().await)?;
        let Engine::Shared(rows, _) = engine else { return None };
        rows.check_files();
        Some(Self { now, engine: Engine::WithBucket(rows, BucketFiles::start().await) })
    }

    /// Returns the bucket and the database.
    #[cfg(feature = "shared")]
    pub(in crate::store) fn bucket(&self) -> (&BucketFiles, &SharedRows) {
        match &self.engine {
            Engine::WithBucket(rows, files) => (files, rows),
            _ => panic!("the world has no bucket"),
        }
    }

    #[cfg(feature = "shared")]
    fn with_rows(rows: Result<SharedRows, Missing>) -> Option<Self> {
        match rows {
            Ok(rows) => {
                let now = Moment::now();
                rows.set_clock(now);
                let now = Arc::new(AtomicI64::new(now.0));
                let files = MemoryStore::new(clock(&now));
                Some(Self { now, engine: Engine::Shared(Box::new(rows), files) })
            }
            Err(missing) => {
                test_services::skip(&format!("the conformance of the shared store: {missing}"));
                None
            }
        }
    }

    pub(in crate::store) fn proxy(&self) -> Proxy {
        let (rows, files): (Arc<dyn SubmissionStore>, Arc<dyn FileStore>) = match &self.engine {
            Engine::Memory(memory) => {
                let memory = Arc::new(memory.for_peer());
                let rows: Arc<dyn SubmissionStore> = Arc::<MemoryStore>::clone(&memory);
                (rows, memory)
            }
            Engine::Local(folder) => {
                let path = folder.path().join("journal.sqlite");
                let rows = LocalSubmissions::open(&path, clock(&self.now)).unwrap();
                let files = LocalFiles::open_unlocked(folder.path(), clock(&self.now));
                (Arc::new(rows), Arc::new(files))
            }
            #[cfg(feature = "shared")]
            Engine::Shared(rows, files) => (rows.for_peer(), Arc::new(files.for_peer())),
            #[cfg(feature = "shared")]
            Engine::WithBucket(rows, files) => {
                let rows = rows.for_peer();
                let files = files.for_peer(&rows, clock(&self.now));
                (rows, Arc::new(files))
            }
        };
        let store = Store::new(Arc::clone(&rows), Arc::clone(&files));
        Proxy { rows, files, store }
    }

    /// Sets the clock to the time of another world.
    pub(super) fn set_clock_like(&self, other: &Self) {
        self.now.store(other.now.load(Ordering::SeqCst), Ordering::SeqCst);
        self.set_clock_of_rows();
    }

    /// Moves the clock forward.
    pub(in crate::store) fn advance(&self, time: Duration) {
        self.now.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
        self.set_clock_of_rows();
    }

    /// Removes all rows, so that another case can use the world.
    pub(in crate::store) fn clear(&self) {
        #[cfg(feature = "shared")]
        if let Engine::Shared(rows, _) | Engine::WithBucket(rows, _) = &self.engine {
            rows.clear();
        }
    }

    fn set_clock_of_rows(&self) {
        #[cfg(feature = "shared")]
        if let Engine::Shared(rows, _) | Engine::WithBucket(rows, _) = &self.engine {
            rows.set_clock(Moment(self.now.load(Ordering::SeqCst)));
        }
    }
}

fn clock(now: &Arc<AtomicI64>) -> Clock {
    let now = Arc::clone(now);
    Clock::new(move || Moment(now.load(Ordering::SeqCst)))
}

impl Proxy {
    pub(super) async fn admit(&self, new: NewSubmission) -> AdmissionKind {
        self.rows.admit(new).await.unwrap().kind
    }

    /// Admits a submission that has to be stored, and returns its ticket.
    pub(super) async fn submit(&self, new: NewSubmission) -> Ticket {
        match self.admit(new).await {
            AdmissionKind::Stored { ticket, .. } => ticket,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn claim(&self, ticket: Ticket) -> Delivery {
        match self.rows.claim(ticket).await.unwrap() {
            ClaimResult::Granted(delivery) => delivery,
            other => panic!("{other:?}"),
        }
    }

    /// Returns the rows of the queued submissions, oldest first.
    pub(super) async fn queued(&self) -> Vec<Row> {
        let filter = Filter { state: Some(State::Queued), ..Filter::default() };
        let page = self.rows.list(&filter, None, 99).await.unwrap();
        page.items.into_iter().map(|(row, _)| row).collect()
    }

    /// Claims all submissions that are due, and returns their tickets.
    pub(super) async fn take_due(&self) -> Vec<Ticket> {
        let due = self.rows.take_due(99, &[]).await.unwrap();
        due.into_iter().map(|due| due.ticket).collect()
    }

    pub(super) async fn assert_held(&self, ticket: Ticket) {
        let result = self.rows.claim(ticket).await.unwrap();
        assert!(matches!(result, ClaimResult::Held), "{result:?}");
    }

    /// Claims and settles a submission. Returns whether the outcome was stored.
    pub(super) async fn settle(&self, ticket: Ticket, outcome: &Outcome) -> bool {
        match self.rows.claim(ticket).await.unwrap() {
            ClaimResult::Granted(delivery) => {
                self.rows.settle(&delivery.claim, outcome).await.unwrap()
            }
            ClaimResult::Gone => false,
            ClaimResult::Held => panic!("another proxy has a claim"),
        }
    }

    pub(super) async fn status(&self, byte: u8) -> Option<SubmissionStatus> {
        let report = self.rows.status("quote", &reference(byte)).await.unwrap();
        report.map(|report| report.status)
    }

    pub(super) async fn mark_seen(&self, byte: u8) {
        self.rows.mark("quote", &reference(byte), Mark::RefusalSeen).await.unwrap();
    }
}

pub(super) fn reference(byte: u8) -> Reference {
    Reference::from_random([byte; 16])
}

pub(super) fn draft(byte: u8, value: &str) -> Draft {
    let reference = reference(byte);
    let values = [("contact_name", value)].into_iter();
    let content = ContentDigest::of("quote", Some(&reference), values, std::iter::empty());
    Draft { reference, content }
}

/// Creates a submission from a plain page.
pub(in crate::store) fn new(byte: u8, value: &str) -> NewSubmission {
    NewSubmission {
        form: "quote".to_owned(),
        draft: draft(byte, value),
        fallback: None,
        answers: Answers {
            values: vec![("contact_name".to_owned(), value.to_owned())],
            files: Vec::new(),
            consent: String::new(),
        },
        files: None,
        revision: None,
        began_after: Ticket(i64::MAX),
    }
}

/// Creates a submission from a page that numbers its requests.
pub(super) fn numbered(value: &str, number: u32) -> NewSubmission {
    NewSubmission { revision: Some(Revision { session: "7".to_owned(), number }), ..new(1, value) }
}

pub(super) fn deal() -> CrmReply {
    CrmReply::Delivered(Deal { deal_id: "5452".to_owned(), ..Deal::default() })
}

pub(super) fn refusal() -> CrmReply {
    CrmReply::Refused("Wrong stage".to_owned())
}

pub(in crate::store) fn delivered() -> Outcome {
    Outcome::Replied(deal())
}

pub(super) fn refused() -> Outcome {
    Outcome::Replied(refusal())
}

pub(super) fn failed() -> Outcome {
    Outcome::Failed { problem: "the CRM is unavailable".to_owned() }
}

pub(super) fn retry(seconds: u64, counts: bool) -> Outcome {
    let (problem, wait) = ("away".to_owned(), Duration::from_secs(seconds));
    Outcome::Retry { problem, wait, deferred: false, counts }
}
