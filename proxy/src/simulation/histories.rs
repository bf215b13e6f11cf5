//! Random histories of drafts: pages send and correct them, answers are lost, requests arrive late,
//! the CRM fails, and a page that comes back is filled in by another person.
//!
//! Two rules have to hold in the end: the CRM's deal has the content of the highest revision that any
//! visitor was told had arrived, or of a newer one, and one person's values are never in another
//! person's deal.

use std::collections::HashMap;
use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::clock::JumpingClock;
use super::crm::{Books, SimulatedCrm, content_of};
use super::run::Run;
use super::schedule::rules;
use crate::delivery::{AttemptEnd, Queue, Submitted};
use crate::store::{Answers, CrmReply, Draft, NewSubmission, SubmissionStatus, Ticket};

/// How long a visitor waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Counts what happened, to prove that the histories cover every case.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Seen {
    pub(super) told: u32,
    pub(super) lost_responses: u32,
    pub(super) late: u32,
    pub(super) outdated: u32,
    pub(super) ended: u32,
    pub(super) back: u32,
    pub(super) asked: u32,
}

/// What a visitor wrote: who, and which version of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Written {
    person: u32,
    version: u32,
}

impl Written {
    fn text(self) -> String {
        format!("{}/{}", self.person, self.version)
    }

    fn read(text: &str) -> Self {
        let (person, version) = text.split_once('/').unwrap();
        Self { person: person.parse().unwrap(), version: version.parse().unwrap() }
    }
}

/// What the page under a reference is: the widget, which numbers its requests, or a plain form.
#[derive(Debug, Clone)]
enum Page {
    Widget { reference: Reference, revision: Revision },
    Plain { reference: Reference },
}

/// A request as it leaves the page.
#[derive(Debug, Clone)]
struct Request {
    reference: Reference,
    revision: Option<Revision>,
    written: Written,
    began_after: Ticket,
}

/// What a request's sender hears.
#[derive(Debug)]
enum Heard {
    /// It arrived: a deal, or the promise of one.
    Arrived {
        revision: Option<Revision>,
    },
    Refused,
    Ended,
    Nothing,
}

struct History {
    rng: fastrand::Rng,
    queue: Queue<SimulatedCrm>,
    references: u128,
    /// The reference in the page that the server once sent: a cached copy has it again.
    cached: Reference,
    page: Page,
    written: Written,
    /// For each person, the newest version that was confirmed to have arrived.
    told: HashMap<u32, u32>,
    /// Requests that are still on their way; each tells whether it was outdated.
    late: JoinSet<bool>,
    seen: Seen,
}

/// Runs the history of a seed to its end.
pub(super) fn run(seed: u64) -> Seen {
    super::runtime().block_on(async {
        let (books, run) = (Books::new(seed), Run::first(seed, &JumpingClock::default()));
        let queue = run.start(&books, rules(), (seed, false)).await.queue;
        let mut history = History::begin(seed, queue.clone());
        for _ in 0..history.rng.u32(3..12) {
            history.act().await;
        }
        let History { mut late, told, mut seen, .. } = history;
        while let Some(is_outdated) = late.join_next().await {
            seen.outdated += u32::from(is_outdated.unwrap());
        }
        books.lock().faulty = false;
        while queue.counts().await.unwrap().queued > 0 {
            sleep(Duration::from_secs(10)).await;
        }
        check(&books, &told);
        run.end();
        seen
    })
}

fn check(books: &Books, told: &HashMap<u32, u32>) {
    let books = books.lock();
    let mut newest: HashMap<u32, u32> = HashMap::new();
    for (reference, draft) in &books.drafts {
        let stored: Vec<_> = draft.stored.iter().map(|(text, _)| Written::read(text)).collect();
        let Some(last) = stored.last() else { continue };
        assert!(
            stored.iter().all(|written| written.person == last.person),
            "{reference} has the values of several people: {stored:?}"
        );
        let version = newest.entry(last.person).or_default();
        *version = last.version.max(*version);
    }
    for (person, version) in told {
        let stored = newest.get(person).copied();
        assert!(
            stored >= Some(*version),
            "person {person} was told that version {version} had arrived, the CRM has {stored:?}"
        );
    }
}

impl History {
    fn begin(seed: u64, queue: Queue<SimulatedCrm>) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let cached = Reference::from_random(1_u128.to_be_bytes());
        let page = Page::Plain { reference: cached.clone() };
        let written = Written { person: 1, version: 1 };
        let mut history = Self {
            queue,
            references: 1,
            cached,
            page,
            written,
            told: HashMap::new(),
            late: JoinSet::new(),
            seen: Seen::default(),
            rng: rng.fork(),
        };
        if rng.bool() {
            history.upgrade();
        }
        history
    }

    fn new_reference(&mut self) -> Reference {
        self.references += 1;
        Reference::from_random(self.references.to_be_bytes())
    }

    /// The widget takes the place of the plain form, with its reference.
    fn upgrade(&mut self) {
        let revision = Revision::before_first(self.rng.u32(..).to_be_bytes());
        self.page = Page::Widget { reference: self.cached.clone(), revision };
    }

    async fn act(&mut self) {
        match self.rng.u32(0..100) {
            0..30 => self.written.version += 1,
            30..75 => self.send().await,
            75..90 => self.go_back(),
            _ => sleep(Duration::from_millis(self.rng.u64(0..20_000))).await,
        }
    }

    /// The page comes back from a cache. If its visitor was told that the request arrived, another
    /// person fills it in.
    fn go_back(&mut self) {
        self.seen.back += 1;
        let Written { person, version } = self.written;
        self.written = if self.told.contains_key(&person) {
            Written { person: person + 1, version: 1 }
        } else {
            Written { person, version: version + 1 }
        };
        if self.rng.bool() {
            self.page = Page::Plain { reference: self.cached.clone() };
        } else {
            self.upgrade();
        }
    }

    async fn send(&mut self) {
        for _ in 0..4 {
            let began_after = self.queue.newest_ticket().await.unwrap();
            let (reference, revision) = match &mut self.page {
                Page::Widget { reference, revision } => {
                    revision.number += 1;
                    (reference.clone(), Some(revision.clone()))
                }
                Page::Plain { reference } => (reference.clone(), None),
            };
            let request = Request { reference, revision, written: self.written, began_after };
            // The connection breaks, and the request arrives later or never.
            let lost = self.rng.u32(0..100) < 35;
            let heard = if lost { self.lose(&request).await } else { self.deliver(&request).await };
            match heard {
                Heard::Arrived { revision } if revision == request.revision => {
                    return self.is_told(&request);
                }
                // The answer is about a newer request of this page: the page was restored from an
                // older state.
                Heard::Arrived { revision: Some(newer) } => match &mut self.page {
                    Page::Widget { revision, .. } => *revision = newer,
                    Page::Plain { .. } => return,
                },
                Heard::Ended => {
                    self.seen.ended += 1;
                    let reference = self.new_reference();
                    let session = self.rng.u32(..).to_be_bytes();
                    let revision = Revision::before_first(session);
                    self.page = Page::Widget { reference, revision };
                }
                Heard::Arrived { revision: None } | Heard::Refused | Heard::Nothing => return,
            }
        }
    }

    /// The visitor is told that the request arrived. The widget then begins another draft; a plain
    /// page keeps its reference.
    fn is_told(&mut self, request: &Request) {
        self.seen.told += 1;
        let version = self.told.entry(request.written.person).or_default();
        *version = request.written.version.max(*version);
        if let Page::Widget { .. } = self.page {
            let reference = self.new_reference();
            let revision = Revision::before_first(self.rng.u32(..).to_be_bytes());
            self.page = Page::Widget { reference, revision };
            self.written = Written { person: self.written.person + 1, version: 1 };
        }
    }

    async fn lose(&mut self, request: &Request) -> Heard {
        self.seen.lost_responses += 1;
        if self.rng.bool() {
            // The whole request was sent, but arrives late.
            self.seen.late += 1;
            let (queue, delay) = (self.queue.clone(), self.rng.u64(0..60_000));
            let request = request.clone();
            self.late.spawn(async move {
                sleep(Duration::from_millis(delay)).await;
                matches!(submit(&queue, &request).await.0, Submitted::Outdated(_))
            });
        }
        sleep(Duration::from_millis(self.rng.u64(0..3_000))).await;
        let Some(sent) = request.revision.clone() else { return Heard::Nothing };
        // The widget asks what became of it, and believes the answer only for what it sent.
        self.seen.asked += 1;
        let report = self.queue.status("form", &request.reference).await.unwrap();
        match report {
            Some(report) if report.revision.as_ref() == Some(&sent) => match report.status {
                SubmissionStatus::Replied(CrmReply::Refused(_)) => Heard::Refused,
                _ => Heard::Arrived { revision: Some(sent) },
            },
            _ => Heard::Nothing,
        }
    }

    async fn deliver(&mut self, request: &Request) -> Heard {
        let (submitted, reference) = submit(&self.queue, request).await;
        let revision = request.revision.clone();
        let heard = match submitted {
            Submitted::Replied(CrmReply::Refused(_)) => Heard::Refused,
            Submitted::Replied(CrmReply::Delivered(_)) => Heard::Arrived { revision },
            Submitted::Waiting(waiter) => match self.queue.wait(waiter, PATIENCE).await {
                AttemptEnd::Replied(CrmReply::Refused(_)) => Heard::Refused,
                AttemptEnd::Replied(CrmReply::Delivered(_)) | AttemptEnd::NotYet => {
                    Heard::Arrived { revision }
                }
            },
            Submitted::Outdated(report) => match report.status {
                SubmissionStatus::Replied(CrmReply::Refused(_)) => Heard::Refused,
                _ => Heard::Arrived { revision: report.revision },
            },
            Submitted::AnotherDraft => Heard::Ended,
            Submitted::AnotherForm => panic!("there is one form"),
        };
        if request.revision.is_none() && matches!(heard, Heard::Arrived { .. }) {
            self.queue.confirm("form", &reference).await.unwrap();
        }
        heard
    }
}

/// Submits a request as the HTTP handler does.
async fn submit(queue: &Queue<SimulatedCrm>, request: &Request) -> (Submitted, Reference) {
    let Request { reference, revision, written, began_after } = request.clone();
    let text = written.text();
    // The proxy gives a plain page a reference that follows from the content.
    let fallback = revision.is_none().then(|| {
        let content = u128::from(written.person) << 64 | u128::from(written.version) << 100;
        let reference = Reference::from_random(content.to_be_bytes());
        Draft { content: content_of(&reference, &text), reference }
    });
    let new = NewSubmission {
        form: "form".to_owned(),
        draft: Draft { content: content_of(&reference, &text), reference },
        fallback,
        answers: Answers { values: vec![("name".to_owned(), text)], files: Vec::new() },
        files: None,
        revision,
        began_after,
    };
    queue.submit(new, None).await.unwrap()
}
