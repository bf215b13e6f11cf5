//! Visitors, who send, wait for an answer, and check it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::Instant;

use super::crm::{Books, SimulatedCrm, content_of};
use crate::delivery::{Ended, Entered, Queue};
use crate::store::journal::simulated::Life;
use crate::store::journal::{Arrival, Body, StoredFile};
use crate::store::spool::Spool;

/// How long they wait.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// What visitors were told, noted by themselves.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes(pub(super) Arc<Noted>);

#[derive(Debug, Default)]
pub(super) struct Noted {
    pub(super) replays: AtomicU32,
    pub(super) accepted: AtomicU32,
    pub(super) turned_away: AtomicU32,
    /// References that were answered with anything but an error.
    pub(super) told: Mutex<HashSet<Reference>>,
}

/// One who sends.
pub(super) struct Visit {
    pub(super) queue: Queue<SimulatedCrm>,
    pub(super) books: Books,
    pub(super) spool: Spool,
    pub(super) life: Life,
    pub(super) notes: Notes,
    pub(super) reference: Reference,
    pub(super) said: String,
    pub(super) file: bool,
}

/// Sends, waits for an answer, and checks it.
pub(super) async fn visit(visit: Visit) {
    let Visit { queue, books, spool, life, notes, reference, said, file } = visit;
    let folder = file.then(|| spool.folder().unwrap());
    let stored = StoredFile {
        name: "a.pdf".to_owned(),
        media_type: String::new(),
        bytes: 0,
        file: "0".to_owned(),
    };
    let arrival = Arrival {
        form: "form".to_owned(),
        reference: reference.clone(),
        content: content_of(&reference, &said),
        body: Body {
            values: vec![("name".to_owned(), said.clone())],
            files: folder.iter().map(|_| stored.clone()).collect(),
        },
        folder: folder.as_ref().map(|folder| folder.name().clone()),
        revision: None,
        begun: queue.newest_ticket(),
        otherwise: None,
    };
    // As the route does: a visitor who leaves does not cut this short.
    let entering = tokio::spawn({
        let queue = queue.clone();
        async move { queue.admit(arrival, folder).await }
    });
    let Ok((entered, _)) = entering.await.unwrap() else {
        // Told to come back, and does not.
        notes.0.turned_away.fetch_add(1, Ordering::SeqCst);
        return;
    };
    let answer = match entered {
        Entered::Answered(answer) => {
            notes.0.replays.fetch_add(1, Ordering::SeqCst);
            Some(answer)
        }
        Entered::Waiting(waiter) => {
            let begun = Instant::now();
            let ended = queue.wait(waiter, PATIENCE).await;
            assert!(begun.elapsed() <= PATIENCE, "a visitor waited for {:?}", begun.elapsed());
            match ended {
                Ended::Answered(answer) => Some(answer),
                Ended::NotYet => None,
            }
        }
        Entered::Outdated(_) => None,
        Entered::AnotherDraft | Entered::Foreign => panic!("there is one page and one form"),
    };
    // A proxy that is dead tells nobody anything.
    life.go_on().await;
    notes.0.told.lock().unwrap().insert(reference.clone());
    match answer {
        Some(answer) => {
            let books = books.lock();
            let given = &books.drafts[&reference].answers[&said];
            assert!(given.contains(&answer), "{said} got an answer that the CRM never gave");
        }
        None => drop(notes.0.accepted.fetch_add(1, Ordering::SeqCst)),
    }
}
