//! A CRM with random replies. It checks that the proxy is allowed to make each call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::reply::Deal;
use reqwest::StatusCode;
use tokio::time::{Instant, sleep};

use super::run::Run;
use crate::delivery::{CrmClient, CrmError, SendDeadline};
use crate::store::{ContentDigest, CrmReply, Delivery, SubmissionStatus, Ticket};

/// A client for the CRM in one run of the proxy.
#[derive(Debug, Clone)]
pub(super) struct SimulatedCrm {
    pub(super) database: CrmDatabase,
    pub(super) run: Run,
}

/// The CRM's data, which survives crashes of the proxy. Clones share the same data.
#[derive(Debug, Clone)]
pub(super) struct CrmDatabase(Arc<Mutex<CrmState>>);

#[derive(Debug)]
pub(super) struct CrmState {
    rng: fastrand::Rng,
    /// Whether calls can also fail while the CRM is available.
    pub(super) faulty: bool,
    /// The time until which the CRM is unavailable.
    pub(super) unavailable_until: Option<Instant>,
    /// The time until which the CRM rejects all calls as if its address or the key were wrong.
    pub(super) misconfigured_until: Option<Instant>,
    /// Whether to check that no call is earlier than the last `Retry-After` allows. A proxy that crashes, or that has no
    /// connection to the database, may lose a `Retry-After`.
    pub(super) checks_retry_after: bool,
    pub(super) drafts: HashMap<Reference, DraftState>,
    calls: u64,
    pub(super) counts: CallCounts,
}

/// The CRM's data for one reference.
#[derive(Debug, Default)]
pub(super) struct DraftState {
    /// The stored versions of the content in order, with their tickets.
    pub(super) stored: Vec<(String, Ticket)>,
    /// The replies to each version.
    pub(super) replies: HashMap<String, Vec<CrmReply>>,
    pub(super) has_call: bool,
    pub(super) not_before: Option<NotBefore>,
    /// How many times the proxy may send each version again, because a reply was lost or the proxy crashed.
    pub(super) allowed_repeats: HashMap<String, usize>,
}

/// The number of calls with each result, to prove that the schedules cover all of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct CallCounts {
    pub(super) delivered: u32,
    pub(super) refused: u32,
    pub(super) failed: u32,
    pub(super) reply_lost: u32,
    pub(super) retry_after: u32,
    pub(super) misconfigured: u32,
    pub(super) updated: u32,
}

impl CallCounts {
    pub(super) fn numbers(&mut self) -> [&mut u32; 7] {
        let Self { delivered, refused, failed, reply_lost, retry_after, misconfigured, updated } =
            self;
        [delivered, refused, failed, reply_lost, retry_after, misconfigured, updated]
    }
}

impl CrmDatabase {
    pub(super) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(CrmState {
            rng: fastrand::Rng::with_seed(seed),
            faulty: true,
            unavailable_until: None,
            misconfigured_until: None,
            checks_retry_after: true,
            drafts: HashMap::new(),
            calls: 0,
            counts: CallCounts::default(),
        })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, CrmState> {
        // If a check failed while it held the lock, it has already reported its panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The result of a call.
enum CallResult {
    Reply,
    LoseReply,
    Fail(CrmError),
}

/// Returns the text of a submission. The text is its only value.
pub(super) fn text(delivery: &Delivery) -> &str {
    &delivery.answers.values[0].1
}

/// Returns the digest of content with this text.
pub(super) fn content_of(reference: &Reference, text: &str) -> ContentDigest {
    ContentDigest::of("form", Some(reference), [("name", text)].into_iter(), std::iter::empty())
}

/// Returns whether the CRM always refuses this text.
fn is_refused(text: &str) -> bool {
    text.ends_with('!')
}

/// The time before which the CRM must not be called for a reference.
#[derive(Debug, Clone, Copy)]
pub(super) struct NotBefore {
    time: Instant,
    /// The number of attempts when this limit was set.
    pub(super) attempts: u32,
    /// The ticket of the content that was sent.
    ticket: Ticket,
    /// Whether the wall clock has been set forward since then.
    pub(super) is_clock_set_forward: bool,
    /// Whether the proxy has crashed since then. Its next run reads the due time from the wall clock.
    pub(super) has_crashed: bool,
}

impl NotBefore {
    /// Returns whether the limit applies to this content. A correction reads the due time of the earlier content from the
    /// wall clock, and so does a proxy that has started again. All other waits use the monotonic clock.
    fn applies_to(&self, ticket: Ticket) -> bool {
        let uses_monotonic_clock = ticket == self.ticket && !self.has_crashed;
        uses_monotonic_clock || !self.is_clock_set_forward
    }
}

/// A call in progress. The call ends when this value is dropped, for example when the proxy crashes.
struct Call<'a>(&'a CrmDatabase, &'a Reference);

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.lock().draft(self.1).has_call = false;
    }
}

impl CrmClient for SimulatedCrm {
    async fn deliver(
        &self,
        delivery: &Delivery,
        _deadline: &SendDeadline,
    ) -> Result<Deal, CrmError> {
        self.run.wait_if_over().await;
        let (text, reference) = (text(delivery), &delivery.claim.reference);
        let known = self.run.data.peek(reference);
        let status = known.filter(|(_, content, _)| *content == content_of(reference, text));
        assert!(
            !matches!(status, Some((SubmissionStatus::Replied(_), ..))),
            "{text} was sent again after its reply"
        );
        let (before, after) = self.database.lock().begin_call(reference, delivery.claim.ticket);
        let call = Call(&self.database, reference);
        sleep(before).await;
        self.run.wait_if_over().await;
        let result = self.database.lock().add_deal(delivery, text);
        sleep(after).await;
        self.run.wait_if_over().await;
        drop(call);
        result
    }
}

impl CrmState {
    pub(super) fn draft(&mut self, reference: &Reference) -> &mut DraftState {
        self.drafts.entry(reference.clone()).or_default()
    }

    /// Begins a call. Returns the times that the CRM takes before and after it stores the deal.
    pub(super) fn begin_call(
        &mut self,
        reference: &Reference,
        ticket: Ticket,
    ) -> (Duration, Duration) {
        let (now, checks_retry_after) = (Instant::now(), self.checks_retry_after);
        let draft = self.draft(reference);
        assert!(!draft.has_call, "two simultaneous calls for {reference}");
        draft.has_call = true;
        let limit = draft.not_before.filter(|it| checks_retry_after && it.applies_to(ticket));
        if let Some(NotBefore { time, .. }) = limit {
            assert!(now >= time, "{reference} was sent {:?} too early", time - now);
        }
        let mut times = [0; 2].map(|_| if self.rng.bool() { 0 } else { self.rng.u64(0..4_000) });
        times.sort_unstable();
        (Duration::from_millis(times[0]), Duration::from_millis(times[1]))
    }

    pub(super) fn add_deal(&mut self, delivery: &Delivery, text: &str) -> Result<Deal, CrmError> {
        let reference = &delivery.claim.reference;
        let result = self.random_result();
        if let CallResult::Fail(error) = result {
            let retry_after = match &error {
                CrmError::Failed(_, retry_after) => *retry_after,
                _ => None,
            };
            self.draft(reference).not_before = retry_after.map(|wait| NotBefore {
                time: Instant::now() + wait,
                attempts: delivery.attempts,
                ticket: delivery.claim.ticket,
                is_clock_set_forward: false,
                has_crashed: false,
            });
            return Err(error);
        }
        self.calls += 1;
        let call = self.calls;
        let is_lost = matches!(result, CallResult::LoseReply);
        let draft = self.draft(reference);
        draft.not_before = None;
        if is_lost {
            *draft.allowed_repeats.entry(text.to_owned()).or_default() += 1;
        }
        let reply = if is_refused(text) {
            CrmReply::Refused(format!("no {text}"))
        } else {
            let ticket = delivery.claim.ticket;
            if let Some((last_text, last)) = draft.stored.last() {
                assert!(*last <= ticket, "{text} was sent after the newer {last_text}");
            }
            draft.stored.push((text.to_owned(), ticket));
            let deal_id = call.to_string();
            CrmReply::Delivered(Deal { deal_id, stage: text.to_owned(), ..Deal::default() })
        };
        draft.replies.entry(text.to_owned()).or_default().push(reply.clone());
        let is_update = draft.stored.len() > 1;
        if is_lost {
            self.counts.reply_lost += 1;
            return Err(CrmError::TimedOut);
        }
        match reply {
            CrmReply::Delivered(deal) => {
                self.counts.delivered += 1;
                self.counts.updated += u32::from(is_update);
                Ok(deal)
            }
            CrmReply::Refused(message) => {
                self.counts.refused += 1;
                Err(CrmError::Refused(message))
            }
        }
    }

    fn random_result(&mut self) -> CallResult {
        if let Some(until) = self.unavailable_until {
            if Instant::now() >= until {
                return CallResult::Reply;
            }
            self.counts.retry_after += 1;
            let wait = self.rng.bool().then(|| Duration::from_secs(self.rng.u64(0..3_600)));
            return CallResult::Fail(CrmError::Failed(StatusCode::SERVICE_UNAVAILABLE, wait));
        }
        if !self.faulty {
            return CallResult::Reply;
        }
        if self.misconfigured_until.is_some_and(|until| Instant::now() < until) {
            self.counts.misconfigured += 1;
            return CallResult::Fail(CrmError::Misconfigured(StatusCode::FORBIDDEN));
        }
        match self.rng.u32(0..100) {
            0..45 => CallResult::Reply,
            45..60 => CallResult::LoseReply,
            60..75 => {
                self.counts.retry_after += 1;
                let wait = Duration::from_secs(self.rng.u64(0..600));
                CallResult::Fail(CrmError::Failed(StatusCode::SERVICE_UNAVAILABLE, Some(wait)))
            }
            75..90 => {
                self.counts.failed += 1;
                CallResult::Fail(CrmError::Failed(StatusCode::BAD_GATEWAY, None))
            }
            _ => {
                self.counts.failed += 1;
                CallResult::Fail(CrmError::Unreadable(StatusCode::OK))
            }
        }
    }
}
