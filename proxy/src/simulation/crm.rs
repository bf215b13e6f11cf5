//! A CRM that answers by chance, and checks that each call is allowed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::reply::Deal;
use reqwest::StatusCode;
use tokio::time::{Instant, sleep};

use super::run::Run;
use crate::delivery::{CrmClient, CrmError};
use crate::store::{ContentDigest, CrmReply, Delivery, SubmissionStatus, Ticket};

/// The CRM as one run of the proxy calls it.
#[derive(Debug, Clone)]
pub(super) struct SimulatedCrm {
    pub(super) books: Books,
    pub(super) run: Run,
}

/// What the CRM stores. It outlives each run of the proxy.
#[derive(Debug, Clone)]
pub(super) struct Books(Arc<Mutex<Ledger>>);

#[derive(Debug)]
pub(super) struct Ledger {
    rng: fastrand::Rng,
    /// Whether anything goes wrong.
    pub(super) faulty: bool,
    /// Until when it is away.
    pub(super) away_until: Option<Instant>,
    /// Until when address or key are wrong.
    pub(super) wrong_until: Option<Instant>,
    pub(super) drafts: HashMap<Reference, Draft>,
    calls: u64,
    pub(super) seen: Seen,
}

/// What the CRM knows of one reference.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The contents that were stored, in that order, with their tickets.
    pub(super) stored: Vec<(String, Ticket)>,
    /// The answers that were given to each content.
    pub(super) replies: HashMap<String, Vec<CrmReply>>,
    pub(super) under_way: bool,
    /// When it may be asked again, and how many attempts had been counted then.
    pub(super) not_before: Option<(Instant, u32)>,
    /// How often the same content may come again: answers that were lost.
    pub(super) excuses: HashMap<String, usize>,
}

/// What happened in all schedules, so that none of it is left out unseen.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Seen {
    pub(super) delivered: u32,
    pub(super) refused: u32,
    pub(super) failed: u32,
    pub(super) reply_lost: u32,
    pub(super) retry_after: u32,
    pub(super) misconfigured: u32,
    pub(super) updated: u32,
}

impl Books {
    pub(super) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Ledger {
            rng: fastrand::Rng::with_seed(seed),
            faulty: true,
            away_until: None,
            wrong_until: None,
            drafts: HashMap::new(),
            calls: 0,
            seen: Seen::default(),
        })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Ledger> {
        // A check that failed while it was held has panicked itself.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The result of a call.
enum Fate {
    Reply,
    LoseReply,
    Fail(CrmError),
}

/// The text of a submission: its only value.
pub(super) fn text(delivery: &Delivery) -> &str {
    &delivery.answers.values[0].1
}

/// The digest of the content with this text.
pub(super) fn content_of(reference: &Reference, text: &str) -> ContentDigest {
    ContentDigest::of("form", Some(reference), [("name", text)].into_iter(), std::iter::empty())
}

/// The CRM refuses these texts at any time.
fn is_refused(text: &str) -> bool {
    text.ends_with('!')
}

/// A running call, which also ends when the proxy crashes.
struct Call<'a>(&'a Books, &'a Reference);

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.lock().draft(self.1).under_way = false;
    }
}

impl CrmClient for SimulatedCrm {
    async fn deliver(&self, delivery: &Delivery) -> Result<Deal, CrmError> {
        self.run.wait_if_over().await;
        let (text, reference) = (text(delivery), &delivery.claim.reference);
        let known = self.run.data.peek(reference);
        let status = known.filter(|(_, content, _)| *content == content_of(reference, text));
        assert!(
            !matches!(status, Some((SubmissionStatus::Replied(_), ..))),
            "{text} was sent again after its reply"
        );
        let (before, after) = self.books.lock().begin(reference);
        let call = Call(&self.books, reference);
        sleep(before).await;
        self.run.wait_if_over().await;
        let result = self.books.lock().take(delivery, text);
        sleep(after).await;
        self.run.wait_if_over().await;
        drop(call);
        result
    }
}

impl Ledger {
    pub(super) fn draft(&mut self, reference: &Reference) -> &mut Draft {
        self.drafts.entry(reference.clone()).or_default()
    }

    /// How long the CRM takes before and after it stores.
    fn begin(&mut self, reference: &Reference) -> (Duration, Duration) {
        let now = Instant::now();
        let draft = self.draft(reference);
        assert!(!draft.under_way, "two calls at once for {reference}");
        draft.under_way = true;
        if let Some((not_before, _)) = draft.not_before {
            assert!(now >= not_before, "{:?} before its time: {reference}", not_before - now);
        }
        let mut times = [0; 2].map(|_| if self.rng.bool() { 0 } else { self.rng.u64(0..4_000) });
        times.sort_unstable();
        (Duration::from_millis(times[0]), Duration::from_millis(times[1]))
    }

    fn take(&mut self, delivery: &Delivery, text: &str) -> Result<Deal, CrmError> {
        let reference = &delivery.claim.reference;
        let fate = self.fate();
        if let Fate::Fail(error) = fate {
            let asked = match &error {
                CrmError::Failed(_, asked) => *asked,
                _ => None,
            };
            let times = asked.map(|asked| (Instant::now() + asked, delivery.attempts));
            self.draft(reference).not_before = times;
            return Err(error);
        }
        self.calls += 1;
        let call = self.calls;
        let lost = matches!(fate, Fate::LoseReply);
        let draft = self.draft(reference);
        draft.not_before = None;
        if lost {
            *draft.excuses.entry(text.to_owned()).or_default() += 1;
        }
        let reply = if is_refused(text) {
            CrmReply::Refused(format!("no {text}"))
        } else {
            let ticket = delivery.claim.ticket;
            if let Some((older, last)) = draft.stored.last() {
                assert!(*last <= ticket, "{text} came after the newer {older}");
            }
            draft.stored.push((text.to_owned(), ticket));
            let deal_id = call.to_string();
            CrmReply::Delivered(Deal { deal_id, stage: text.to_owned(), ..Deal::default() })
        };
        draft.replies.entry(text.to_owned()).or_default().push(reply.clone());
        let update = draft.stored.len() > 1;
        if lost {
            self.seen.reply_lost += 1;
            return Err(CrmError::Silent);
        }
        match reply {
            CrmReply::Delivered(deal) => {
                self.seen.delivered += 1;
                self.seen.updated += u32::from(update);
                Ok(deal)
            }
            CrmReply::Refused(words) => {
                self.seen.refused += 1;
                Err(CrmError::Refused(words))
            }
        }
    }

    fn fate(&mut self) -> Fate {
        if let Some(until) = self.away_until {
            if Instant::now() >= until {
                return Fate::Reply;
            }
            self.seen.retry_after += 1;
            let asked = self.rng.bool().then(|| Duration::from_secs(self.rng.u64(0..3_600)));
            return Fate::Fail(CrmError::Failed(StatusCode::SERVICE_UNAVAILABLE, asked));
        }
        if !self.faulty {
            return Fate::Reply;
        }
        if self.wrong_until.is_some_and(|until| Instant::now() < until) {
            self.seen.misconfigured += 1;
            return Fate::Fail(CrmError::Misconfigured(StatusCode::FORBIDDEN));
        }
        match self.rng.u32(0..100) {
            0..45 => Fate::Reply,
            45..60 => Fate::LoseReply,
            60..75 => {
                self.seen.retry_after += 1;
                let asked = Duration::from_secs(self.rng.u64(0..600));
                Fate::Fail(CrmError::Failed(StatusCode::SERVICE_UNAVAILABLE, Some(asked)))
            }
            75..90 => {
                self.seen.failed += 1;
                Fate::Fail(CrmError::Failed(StatusCode::BAD_GATEWAY, None))
            }
            _ => {
                self.seen.failed += 1;
                Fate::Fail(CrmError::Unreadable(StatusCode::OK))
            }
        }
    }
}
