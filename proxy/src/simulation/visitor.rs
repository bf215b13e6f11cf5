//! Visitors, who send a submission, wait for an reply, and check it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

use super::crm::{Books, content_of};
use super::run::{Proxy, Run};
use crate::delivery::{AttemptEnd, Submitted};
use crate::store::{Answers, Draft, NewSubmission, StoredFile};

/// How long they wait.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The answers that visitors got.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes(pub(super) Arc<Noted>);

#[derive(Debug, Default)]
pub(super) struct Noted {
    pub(super) replays: AtomicU32,
    pub(super) accepted: AtomicU32,
    pub(super) turned_away: AtomicU32,
    /// References that were answered with anything but an error.
    pub(super) accepted_references: Mutex<HashSet<Reference>>,
}

/// A visitor.
pub(super) struct Visit {
    pub(super) proxy: Proxy,
    pub(super) books: Books,
    pub(super) run: Run,
    pub(super) notes: Notes,
    pub(super) reference: Reference,
    pub(super) text: String,
    pub(super) file: bool,
}

/// Sends, waits for an reply, and checks it.
pub(super) async fn visit(visit: Visit) {
    let Visit { proxy: Proxy { queue, store }, books, run, notes, reference, text, file } = visit;
    let mut files = None;
    if file {
        let mut pending = store.begin_files().await.unwrap();
        let mut upload = pending.create().await.unwrap();
        upload.write(text.as_bytes()).await.unwrap();
        upload.finish().await.unwrap();
        files = Some(pending);
    }
    let stored = StoredFile {
        name: "a.pdf".to_owned(),
        media_type: String::new(),
        bytes: 0,
        file: "0".to_owned(),
    };
    let new = NewSubmission {
        form: "form".to_owned(),
        draft: Draft { content: content_of(&reference, &text), reference: reference.clone() },
        fallback: None,
        answers: Answers {
            values: vec![("name".to_owned(), text.clone())],
            files: files.iter().map(|_| stored.clone()).collect(),
        },
        files: None,
        revision: None,
        began_after: queue.newest_ticket().await.unwrap(),
    };
    // As the HTTP handler does: a visitor who leaves does not cancel this.
    let submitting = tokio::spawn({
        let queue = queue.clone();
        async move { queue.submit(new, files).await }
    });
    let Ok((submitted, _)) = submitting.await.unwrap() else {
        // The visitor is asked to come back, and does not.
        notes.0.turned_away.fetch_add(1, Ordering::SeqCst);
        return;
    };
    let reply = match submitted {
        Submitted::Replied(reply) => {
            notes.0.replays.fetch_add(1, Ordering::SeqCst);
            Some(reply)
        }
        Submitted::Waiting(waiter) => {
            let begun = Instant::now();
            let end = queue.wait(waiter, PATIENCE).await;
            assert!(begun.elapsed() <= PATIENCE, "a visitor waited for {:?}", begun.elapsed());
            match end {
                AttemptEnd::Replied(reply) => Some(reply),
                AttemptEnd::NotYet => None,
            }
        }
        Submitted::Outdated(_) => None,
        Submitted::AnotherDraft | Submitted::AnotherForm => {
            panic!("there is one page and one form")
        }
    };
    // A crashed proxy answers nothing.
    run.wait_if_over().await;
    notes.0.accepted_references.lock().unwrap().insert(reference.clone());
    match reply {
        Some(reply) => {
            let books = books.lock();
            let given = &books.drafts[&reference].replies[&text];
            assert!(given.contains(&reply), "{text} got an reply that the CRM never gave");
        }
        None => drop(notes.0.accepted.fetch_add(1, Ordering::SeqCst)),
    }
}
