//! Tests of the local engine alone: commits, the file, and the operator's access while a proxy runs.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use super::database::Database;
use super::submissions::LocalSubmissions;
use super::{JOURNAL, OpenError};
use crate::settings::clock::Clock;
use crate::store::conformance::world::new;
use crate::store::engine::{FileStore, SubmissionStore};
use crate::store::error::StoreError;
use crate::store::{Admission, AdmissionKind, ClaimResult, CrmReply, Filter, Outcome, Store};

fn database(path: &Path) -> Database {
    Database::open(path, Clock::system()).unwrap()
}

/// Rows with a counter of commits, and a switch that makes commits fail.
struct CountedRows {
    rows: Arc<LocalSubmissions>,
    commits: Arc<AtomicUsize>,
    fails: Arc<AtomicBool>,
    _folder: tempfile::TempDir,
}

impl CountedRows {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rows = LocalSubmissions::open(&folder.path().join(JOURNAL), Clock::system()).unwrap();
        let (commits, fails) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, failing) = (Arc::clone(&commits), Arc::clone(&fails));
        let hook = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            failing.load(Ordering::SeqCst)
        };
        let set = |database: &mut Database| {
            database.connection.commit_hook(Some(hook)).map_err(StoreError::journal)
        };
        rows.writer.run_alone(set).await.unwrap();
        Self { rows: Arc::new(rows), commits, fails, _folder: folder }
    }

    /// Admits submissions that all wait for the writer at the same time, and returns the results.
    async fn admit_together(&self, count: u8) -> Vec<Result<Admission, StoreError>> {
        let (release, blocked) = mpsc::channel::<()>();
        let rows = Arc::clone(&self.rows);
        let block = move |_: &mut Database| {
            let _ = blocked.recv();
            Ok(())
        };
        let block = tokio::spawn(async move { rows.writer.run_alone(block).await });
        let admissions: Vec<_> = (1..=count)
            .map(|number| {
                let rows = Arc::clone(&self.rows);
                tokio::spawn(async move { rows.admit(new(number, "Ana")).await })
            })
            .collect();
        // On a single thread, all tasks have submitted their work to the writer after these yields.
        for _ in 0..=count {
            tokio::task::yield_now().await;
        }
        release.send(()).unwrap();
        block.await.unwrap().unwrap();
        let mut results = Vec::new();
        for admission in admissions {
            results.push(admission.await.unwrap());
        }
        results
    }
}

#[tokio::test]
async fn commits_all_waiting_changes_together() {
    let counted = CountedRows::open().await;
    let results = counted.admit_together(16).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(counted.commits.load(Ordering::SeqCst), 1);
    assert_eq!(counted.rows.counts().await.unwrap().queued, 16);
}

#[tokio::test]
async fn reports_a_failed_commit_to_every_caller_and_keeps_no_changes() {
    let counted = CountedRows::open().await;
    counted.fails.store(true, Ordering::SeqCst);
    for result in counted.admit_together(3).await {
        assert!(matches!(result, Err(StoreError::UncertainCommit(_))), "{result:?}");
    }
    assert_eq!(counted.rows.counts().await.unwrap().queued, 0);
    counted.fails.store(false, Ordering::SeqCst);
    assert!(counted.admit_together(3).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn rolls_back_only_the_failed_change_of_a_group() {
    let counted = CountedRows::open().await;
    let rows = &counted.rows;
    let fail = rows.writer.run(|database| {
        database.change(|connection| {
            connection.execute_batch("DELETE FROM submissions").map_err(StoreError::journal)?;
            Err::<(), _>(StoreError::Damaged("reply"))
        })
    });
    let (first, failed, second) =
        tokio::join!(rows.admit(new(1, "Ana")), fail, rows.admit(new(2, "Ben")));
    assert!(first.is_ok() && second.is_ok());
    assert!(matches!(failed, Err(StoreError::Damaged("reply"))));
    assert_eq!(rows.counts().await.unwrap().queued, 2);
}

#[tokio::test]
async fn claims_an_admitted_submission_without_another_commit() {
    let counted = CountedRows::open().await;
    let kind = counted.rows.admit(new(1, "Ana")).await.unwrap().kind;
    let AdmissionKind::Stored { ticket, .. } = kind else { panic!("{kind:?}") };
    let commits = counted.commits.load(Ordering::SeqCst);
    let claimed = counted.rows.claim(ticket).await.unwrap();
    assert!(matches!(claimed, ClaimResult::Granted(_)), "{claimed:?}");
    assert_eq!(counted.commits.load(Ordering::SeqCst), commits);
}

#[tokio::test]
async fn removes_answers_from_the_disk_after_delivery() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JOURNAL);
    let mut database = database(&path);
    let kind = database.admit(&new(1, "Zerberus")).unwrap().kind;
    let AdmissionKind::Stored { ticket, .. } = kind else { panic!("{kind:?}") };
    let on_disk = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect::<Vec<_>>().concat()
    };
    let found = |bytes: &[u8]| bytes.windows(8).any(|eight| eight == b"Zerberus");
    assert!(found(&on_disk()), "the journal never had the answer");
    let Ok(ClaimResult::Granted(delivery)) = database.claim(ticket) else { panic!() };
    let delivered = Outcome::Replied(CrmReply::Delivered(deal_contract::reply::Deal::default()));
    assert!(database.settle(&delivery.claim, &delivered).unwrap());
    drop(database);
    assert!(!found(&on_disk()));
}

#[test]
fn refuses_a_newer_journal_and_for_the_operator_an_older_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JOURNAL);
    drop(database(&path));
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    let error = Database::open(&path, Clock::system()).unwrap_err();
    let message =
        "the journal was written by a newer version of deal-proxy (schema 99); use that version";
    assert_eq!(error.to_string(), message);
    // An operator's command must not migrate a journal that an older proxy may be using.
    connection.pragma_update(None, "user_version", 0).unwrap();
    let error = Store::open_for_operator(folder.path()).unwrap_err();
    let message = "the journal was written by an older version of deal-proxy (schema 0); start \
                   the proxy with this version first";
    assert_eq!(error.to_string(), message);
}

#[test]
fn reports_a_setting_that_sqlite_ignores() {
    // A journal in memory cannot be in WAL mode.
    let error = Database::open(Path::new(":memory:"), Clock::system()).unwrap_err();
    assert!(matches!(error, OpenError::Setting { name: "journal_mode", .. }), "{error}");
}

#[tokio::test]
async fn keeps_submissions_after_the_journal_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JOURNAL);
    let rows = LocalSubmissions::open(&path, Clock::system()).unwrap();
    rows.admit(new(1, "Ana")).await.unwrap();
    let before = rows.list(&Filter::default(), None, 9).await.unwrap();
    drop(rows);
    let rows = LocalSubmissions::open(&path, Clock::system()).unwrap();
    assert_eq!(rows.list(&Filter::default(), None, 9).await.unwrap(), before);
    assert_eq!(rows.newest_ticket().await.unwrap(), before.items[0].0.ticket);
}

#[tokio::test]
async fn ends_the_claims_of_killed_proxies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JOURNAL);
    let killed = LocalSubmissions::open(&path, Clock::system()).unwrap();
    let kind = killed.admit(new(1, "Ana")).await.unwrap().kind;
    let AdmissionKind::Stored { ticket, .. } = kind else { panic!("{kind:?}") };
    let next = LocalSubmissions::open(&path, Clock::system()).unwrap();
    assert!(matches!(next.claim(ticket).await.unwrap(), ClaimResult::Held));
    next.release_others().await.unwrap();
    assert!(matches!(next.claim(ticket).await.unwrap(), ClaimResult::Granted(_)));
}

#[tokio::test]
async fn keeps_unknown_files_when_the_journal_is_new() {
    let root = tempfile::tempdir().unwrap();
    let files = super::LocalFiles::open_unlocked(root.path(), Clock::system());
    let set = files.begin().await.unwrap();
    // Simulate a proxy that was killed at startup, before it reconciled the files.
    drop(database(&root.path().join(JOURNAL)));
    let store = Store::open(root.path(), 0, Clock::system()).await.unwrap();
    drop(store);
    assert!(root.path().join(format!("lost-{}", set.0)).is_dir());
    // After the reconciliation, unknown files belong to aborted uploads.
    let left = files.begin().await.unwrap();
    drop(Store::open(root.path(), 0, Clock::system()).await.unwrap());
    assert!(root.path().join(&left.0).is_dir());
}
