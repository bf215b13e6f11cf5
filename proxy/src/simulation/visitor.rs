//! Visitors who send a submission, wait for the response, and check it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

use super::crm::{CrmDatabase, content_of};
use super::run::Proxy;
use crate::delivery::{AttemptEnd, CrmClient, Submitted};
use crate::store::memory::Interruptions;
use crate::store::{Answers, Draft, NewSubmission, StoredFile};

/// The maximum time for which a visitor waits for a response.
pub(super) const WAIT_LIMIT: Duration = Duration::from_secs(20);

/// The responses that visitors got.
#[derive(Debug, Default)]
pub(super) struct Responses {
    /// The number of CRM replies that were repeated for the same content.
    pub(super) repeated: AtomicU32,
    /// The number of confirmations without a reply from the CRM.
    pub(super) received: AtomicU32,
    /// The number of errors.
    pub(super) refused: AtomicU32,
    /// The references of all responses that were not errors.
    pub(super) accepted_references: Mutex<HashSet<Reference>>,
}

/// The submission that a visitor sends, and the parts that are needed to send and check it.
pub(super) struct Visit<C> {
    pub(super) proxy: Proxy<C>,
    pub(super) database: CrmDatabase,
    /// The interruptions of the proxy that receives the submission.
    pub(super) interruptions: Arc<dyn Interruptions>,
    pub(super) responses: Arc<Responses>,
    pub(super) reference: Reference,
    pub(super) text: String,
    pub(super) has_file: bool,
}

/// Chooses a reference and its next text: new text, which the CRM may refuse, or the last text again.
pub(super) fn next_text(
    rng: &mut fastrand::Rng,
    last: &mut [(Reference, String)],
) -> (Reference, String) {
    let which = rng.usize(0..last.len());
    let (reference, text) = &mut last[which];
    if text.is_empty() || rng.u32(0..100) < 45 {
        let refused = if rng.u32(0..6) == 0 { "!" } else { "" };
        *text = format!("{}{refused}", rng.u64(..));
    }
    (reference.clone(), text.clone())
}

/// Sends a submission, waits for the response, and checks it.
pub(super) async fn visit<C: CrmClient>(visit: Visit<C>) {
    let Visit {
        proxy: Proxy { queue, store },
        database,
        interruptions,
        responses,
        reference,
        text,
        has_file,
    } = visit;
    let mut files = None;
    if has_file {
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
            consent: String::new(),
        },
        files: None,
        revision: None,
        began_after: queue.newest_ticket().await.unwrap(),
    };
    // As in the HTTP handler, a visitor who leaves does not cancel the submission.
    let submitting = tokio::spawn({
        let queue = queue.clone();
        async move { queue.submit(new, files).await }
    });
    let Ok((submitted, _)) = submitting.await.unwrap() else {
        // The visitor gets an error and does not retry.
        responses.refused.fetch_add(1, Ordering::SeqCst);
        return;
    };
    let reply = match submitted {
        Submitted::Replied(reply) => {
            responses.repeated.fetch_add(1, Ordering::SeqCst);
            Some(reply)
        }
        Submitted::Waiting(waiter) => {
            let started = Instant::now();
            let end = queue.wait(waiter, WAIT_LIMIT).await;
            assert!(
                started.elapsed() <= WAIT_LIMIT,
                "a visitor waited for {:?}",
                started.elapsed()
            );
            match end {
                AttemptEnd::Replied(reply) => Some(reply),
                AttemptEnd::NotYet => None,
            }
        }
        Submitted::Outdated(_) => None,
        Submitted::AnotherDraft | Submitted::AnotherForm => {
            panic!("there is only one page and one form")
        }
    };
    // A crashed proxy sends no response.
    interruptions.wait().await;
    responses.accepted_references.lock().unwrap().insert(reference.clone());
    match reply {
        Some(reply) => {
            let crm = database.lock();
            let replies = &crm.drafts[&reference].replies[&text];
            assert!(replies.contains(&reply), "{text} got a reply that the CRM never sent");
        }
        None => drop(responses.received.fetch_add(1, Ordering::SeqCst)),
    }
}
