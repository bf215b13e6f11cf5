//! Random histories of drafts: pages send and correct them, responses are lost, requests arrive late, the CRM fails,
//! and another person fills in a page that is restored from a cache.
//!
//! At the end, two conditions have to hold. For each person, the CRM has the newest content whose arrival was
//! confirmed, or newer content. And one person's values are never in another person's deal.

use std::collections::HashMap;
use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::clock::JumpingClock;
use super::crm::{CrmDatabase, SimulatedCrm, content_of};
use super::run::Run;
use super::schedule::rules;
use crate::delivery::{AttemptEnd, Queue, Submitted};
use crate::store::{Answers, CrmReply, Draft, NewSubmission, SubmissionStatus, Ticket};

/// The maximum time for which a visitor waits for a response.
const WAIT_LIMIT: Duration = Duration::from_secs(5);

/// The number of each kind of event, to prove that the histories cover all of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct EventCounts {
    pub(super) confirmed: u32,
    pub(super) lost_responses: u32,
    pub(super) late: u32,
    pub(super) outdated: u32,
    pub(super) ended: u32,
    pub(super) went_back: u32,
    pub(super) status_requests: u32,
}

/// A version of a person's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Content {
    person: u32,
    version: u32,
}

impl Content {
    fn text(self) -> String {
        format!("{}/{}", self.person, self.version)
    }

    fn read(text: &str) -> Self {
        let (person, version) = text.split_once('/').unwrap();
        Self { person: person.parse().unwrap(), version: version.parse().unwrap() }
    }
}

/// A page: the widget, which numbers its requests, or a plain form.
#[derive(Debug, Clone)]
enum Page {
    Widget { reference: Reference, revision: Revision },
    Plain { reference: Reference },
}

/// A request from a page.
#[derive(Debug, Clone)]
struct Request {
    reference: Reference,
    revision: Option<Revision>,
    content: Content,
    began_after: Ticket,
}

/// The response to a request, as the page interprets it.
#[derive(Debug)]
enum PageResponse {
    /// The submission arrived: the CRM has a deal, or will get one.
    Arrived {
        revision: Option<Revision>,
    },
    Refused,
    DraftEnded,
    Lost,
}

struct History {
    rng: fastrand::Rng,
    queue: Queue<SimulatedCrm>,
    references: u128,
    /// The reference in the page that the server sent first. Cached copies have the same reference.
    cached: Reference,
    page: Page,
    content: Content,
    /// For each person, the newest version whose arrival was confirmed.
    confirmed: HashMap<u32, u32>,
    /// Requests that arrive late. Each task returns whether its request was outdated.
    late: JoinSet<bool>,
    counts: EventCounts,
}

/// Runs the history for this seed to its end.
pub(super) fn run(seed: u64) -> EventCounts {
    super::runtime().block_on(async {
        let (database, run) = (CrmDatabase::new(seed), Run::first(seed, &JumpingClock::default()));
        let queue = run.start(&database, rules(), (seed, false)).await.queue;
        let mut history = History::begin(seed, queue.clone());
        for _ in 0..history.rng.u32(3..12) {
            history.act().await;
        }
        let History { mut late, confirmed, mut counts, .. } = history;
        while let Some(is_outdated) = late.join_next().await {
            counts.outdated += u32::from(is_outdated.unwrap());
        }
        database.lock().faulty = false;
        while queue.counts().await.unwrap().queued > 0 {
            sleep(Duration::from_secs(10)).await;
        }
        check(&database, &confirmed);
        run.end();
        counts
    })
}

fn check(database: &CrmDatabase, confirmed: &HashMap<u32, u32>) {
    let crm = database.lock();
    let mut newest: HashMap<u32, u32> = HashMap::new();
    for (reference, draft) in &crm.drafts {
        let stored: Vec<_> = draft.stored.iter().map(|(text, _)| Content::read(text)).collect();
        let Some(last) = stored.last() else { continue };
        assert!(
            stored.iter().all(|content| content.person == last.person),
            "{reference} has the values of several people: {stored:?}"
        );
        let version = newest.entry(last.person).or_default();
        *version = last.version.max(*version);
    }
    for (person, version) in confirmed {
        let stored = newest.get(person).copied();
        assert!(
            stored >= Some(*version),
            "version {version} of person {person} was confirmed, but the CRM has {stored:?}"
        );
    }
}

impl History {
    fn begin(seed: u64, queue: Queue<SimulatedCrm>) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let cached = Reference::from_random(1_u128.to_be_bytes());
        let page = Page::Plain { reference: cached.clone() };
        let content = Content { person: 1, version: 1 };
        let mut history = Self {
            queue,
            references: 1,
            cached,
            page,
            content,
            confirmed: HashMap::new(),
            late: JoinSet::new(),
            counts: EventCounts::default(),
            rng: rng.fork(),
        };
        if rng.bool() {
            history.start_widget();
        }
        history
    }

    fn new_reference(&mut self) -> Reference {
        self.references += 1;
        Reference::from_random(self.references.to_be_bytes())
    }

    /// Starts the widget, which replaces the plain form and adopts its reference.
    fn start_widget(&mut self) {
        let revision = Revision::before_first(self.rng.u32(..).to_be_bytes());
        self.page = Page::Widget { reference: self.cached.clone(), revision };
    }

    async fn act(&mut self) {
        match self.rng.u32(0..100) {
            0..30 => self.content.version += 1,
            30..75 => self.send().await,
            75..90 => self.go_back(),
            _ => sleep(Duration::from_millis(self.rng.u64(0..20_000))).await,
        }
    }

    /// Restores the page from a cache. After a confirmed request, another person fills in the page.
    fn go_back(&mut self) {
        self.counts.went_back += 1;
        let Content { person, version } = self.content;
        self.content = if self.confirmed.contains_key(&person) {
            Content { person: person + 1, version: 1 }
        } else {
            Content { person, version: version + 1 }
        };
        if self.rng.bool() {
            self.page = Page::Plain { reference: self.cached.clone() };
        } else {
            self.start_widget();
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
            let request = Request { reference, revision, content: self.content, began_after };
            // Sometimes the connection is interrupted, and the request arrives later or never.
            let is_lost = self.rng.u32(0..100) < 35;
            let response =
                if is_lost { self.lose(&request).await } else { self.deliver(&request).await };
            match response {
                PageResponse::Arrived { revision } if revision == request.revision => {
                    return self.confirm(&request);
                }
                // The response is about a newer request, because the page was restored from an older state.
                PageResponse::Arrived { revision: Some(newer) } => match &mut self.page {
                    Page::Widget { revision, .. } => *revision = newer,
                    Page::Plain { .. } => return,
                },
                PageResponse::DraftEnded => {
                    self.counts.ended += 1;
                    let reference = self.new_reference();
                    let session = self.rng.u32(..).to_be_bytes();
                    let revision = Revision::before_first(session);
                    self.page = Page::Widget { reference, revision };
                }
                PageResponse::Arrived { revision: None }
                | PageResponse::Refused
                | PageResponse::Lost => return,
            }
        }
    }

    /// Confirms to the page's visitor that the request arrived. The widget then begins another draft; a plain page
    /// keeps its reference.
    fn confirm(&mut self, request: &Request) {
        self.counts.confirmed += 1;
        let version = self.confirmed.entry(request.content.person).or_default();
        *version = request.content.version.max(*version);
        if let Page::Widget { .. } = self.page {
            let reference = self.new_reference();
            let revision = Revision::before_first(self.rng.u32(..).to_be_bytes());
            self.page = Page::Widget { reference, revision };
            self.content = Content { person: self.content.person + 1, version: 1 };
        }
    }

    async fn lose(&mut self, request: &Request) -> PageResponse {
        self.counts.lost_responses += 1;
        if self.rng.bool() {
            // The whole request was sent, but arrives late.
            self.counts.late += 1;
            let (queue, delay) = (self.queue.clone(), self.rng.u64(0..60_000));
            let request = request.clone();
            self.late.spawn(async move {
                sleep(Duration::from_millis(delay)).await;
                matches!(submit(&queue, &request).await.0, Submitted::Outdated(_))
            });
        }
        sleep(Duration::from_millis(self.rng.u64(0..3_000))).await;
        let Some(sent) = request.revision.clone() else { return PageResponse::Lost };
        // The widget requests the status, and accepts it only for the revision that it sent.
        self.counts.status_requests += 1;
        let report = self.queue.status("form", &request.reference).await.unwrap();
        match report {
            Some(report) if report.revision.as_ref() == Some(&sent) => match report.status {
                SubmissionStatus::Replied(CrmReply::Refused(_)) => PageResponse::Refused,
                _ => PageResponse::Arrived { revision: Some(sent) },
            },
            _ => PageResponse::Lost,
        }
    }

    async fn deliver(&mut self, request: &Request) -> PageResponse {
        let (submitted, reference) = submit(&self.queue, request).await;
        let revision = request.revision.clone();
        let response = match submitted {
            Submitted::Replied(CrmReply::Refused(_)) => PageResponse::Refused,
            Submitted::Replied(CrmReply::Delivered(_)) => PageResponse::Arrived { revision },
            Submitted::Waiting(waiter) => match self.queue.wait(waiter, WAIT_LIMIT).await {
                AttemptEnd::Replied(CrmReply::Refused(_)) => PageResponse::Refused,
                AttemptEnd::Replied(CrmReply::Delivered(_)) | AttemptEnd::NotYet => {
                    PageResponse::Arrived { revision }
                }
            },
            Submitted::Outdated(report) => match report.status {
                SubmissionStatus::Replied(CrmReply::Refused(_)) => PageResponse::Refused,
                _ => PageResponse::Arrived { revision: report.revision },
            },
            Submitted::AnotherDraft => PageResponse::DraftEnded,
            Submitted::AnotherForm => panic!("there is only one form"),
        };
        if request.revision.is_none() && matches!(response, PageResponse::Arrived { .. }) {
            self.queue.confirm("form", &reference).await.unwrap();
        }
        response
    }
}

/// Submits a request as the HTTP handler does.
async fn submit(queue: &Queue<SimulatedCrm>, request: &Request) -> (Submitted, Reference) {
    let Request { reference, revision, content, began_after } = request.clone();
    let text = content.text();
    // The derived reference that the proxy computes for a plain page.
    let fallback = revision.is_none().then(|| {
        let hash = u128::from(content.person) << 64 | u128::from(content.version) << 100;
        let reference = Reference::from_random(hash.to_be_bytes());
        Draft { content: content_of(&reference, &text), reference }
    });
    let new = NewSubmission {
        form: "form".to_owned(),
        draft: Draft { content: content_of(&reference, &text), reference },
        fallback,
        answers: Answers {
            values: vec![("name".to_owned(), text)],
            files: Vec::new(),
            ..Answers::default()
        },
        files: None,
        revision,
        began_after,
    };
    queue.submit(new, None).await.unwrap()
}
