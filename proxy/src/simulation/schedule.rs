//! A random schedule from one seed: visitors send, correct, repeat and leave; the CRM fails; the proxy crashes and
//! starts again; the wall clock jumps.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, sleep};

use super::clock::JumpingClock;
use super::crm::{CallCounts, CrmDatabase, SimulatedCrm, content_of};
use super::run::{Proxy, Run};
use super::visitor::{Responses, Visit, WAIT_LIMIT, next_text, visit};
use crate::settings::config::{DeliveryRules, Size, Span};
use crate::store::memory::MemoryStore;
use crate::store::{CrmReply, SubmissionStatus};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The number of each kind of event in a schedule.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) calls: CallCounts,
    pub(super) crashes: u32,
    pub(super) repeated: u32,
    pub(super) received: u32,
    pub(super) left: u32,
    pub(super) refused: u32,
}

/// A running schedule.
struct World {
    rng: fastrand::Rng,
    database: CrmDatabase,
    run: Run,
    proxy: Proxy<SimulatedCrm>,
    visitors: Vec<JoinHandle<()>>,
    responses: Arc<Responses>,
    clock: JumpingClock,
    /// Whether the clock was set forward since the proxy's last start.
    set_forward: bool,
    /// Whether the proxy's disk sometimes fails.
    failing: bool,
    /// The last text under each reference.
    last: Vec<(Reference, String)>,
    outcome: Outcome,
}

/// Returns rules under which the proxy never gives up.
pub(super) fn rules() -> DeliveryRules {
    let seconds = |seconds| Span(Duration::from_secs(seconds));
    DeliveryRules {
        at_once: 3,
        retry_first: seconds(2),
        retry_longest: seconds(60),
        give_up: seconds(1_000_000_000),
        probe: seconds(30),
        keep: seconds(1_000_000_000),
        keep_refused: Size(1_000_000_000),
    }
}

/// Runs the schedule for this seed to its end.
pub(super) fn run(seed: u64) -> Outcome {
    super::runtime().block_on(async {
        let mut world = World::begin(seed).await;
        for _ in 0..world.rng.u32(10..40) {
            world.act().await;
            world.check();
        }
        world.end().await
    })
}

impl World {
    async fn begin(seed: u64) -> Self {
        let clock = JumpingClock::default();
        let (database, run) = (CrmDatabase::new(seed ^ 0x5eed), Run::first(seed, &clock));
        let failing = seed.is_multiple_of(2);
        let proxy = run.start(&database, rules(), (seed, failing)).await;
        Self {
            rng: fastrand::Rng::with_seed(seed),
            last: (0..3).map(|n| (Reference::from_random([n; 16]), String::new())).collect(),
            outcome: Outcome::default(),
            visitors: Vec::new(),
            responses: Arc::default(),
            database,
            run,
            proxy,
            clock,
            failing,
            set_forward: false,
        }
    }

    async fn act(&mut self) {
        match self.rng.u32(0..100) {
            0..50 => self.send(),
            50..58 => self.leave(),
            58..75 => sleep(Duration::from_millis(self.rng.u64(0..5_000))).await,
            75..84 => sleep(Duration::from_secs(self.rng.u64(0..300))).await,
            84..92 => self.crash().await,
            92..96 => {
                let until = Instant::now() + Duration::from_secs(self.rng.u64(0..200));
                self.database.lock().misconfigured_until = Some(until);
            }
            _ => self.jump(),
        }
        for _ in 0..self.rng.u32(0..6) {
            yield_now().await;
        }
    }

    /// Lets a visitor send new text, or the last text again.
    fn send(&mut self) {
        let (reference, text) = next_text(&mut self.rng, &mut self.last);
        let has_file = self.rng.u32(0..4) == 0;
        let visit = visit(Visit {
            proxy: self.proxy.clone(),
            database: self.database.clone(),
            interruptions: Arc::new(self.run.clone()),
            responses: Arc::clone(&self.responses),
            reference,
            text,
            has_file,
        });
        self.visitors.push(tokio::spawn(visit));
    }

    /// Lets a visitor close the page.
    fn leave(&mut self) {
        if !self.visitors.is_empty() {
            let which = self.rng.usize(0..self.visitors.len());
            self.visitors.swap_remove(which).abort();
            self.outcome.left += 1;
        }
    }

    fn jump(&mut self) {
        const DAYS: i64 = 2 * 24 * 60 * 60 * 1_000;
        let by = self.rng.i64(-DAYS..DAYS);
        self.clock.jump(by);
        if by > 0 {
            self.set_forward = true;
            for draft in self.database.lock().drafts.values_mut() {
                draft.not_before.iter_mut().for_each(|it| it.is_clock_set_forward = true);
            }
        }
    }

    /// Crashes the proxy and starts it again.
    async fn crash(&mut self) {
        self.outcome.crashes += 1;
        self.run.end();
        self.visitors.drain(..).for_each(|visitor| visitor.abort());
        self.allow_repeats_after_crash();
        sleep(Duration::from_millis(self.rng.u64(0..3_000))).await;
        self.run = self.run.next();
        let seed = self.rng.u64(..);
        self.proxy = self.run.start(&self.database, rules(), (seed, self.failing)).await;
    }

    /// Allows the next run to repeat each content once, because the reply may not have been stored before the crash.
    /// Also allows early calls if the wall clock was set forward, or if the crash has lost the call's `Retry-After`.
    fn allow_repeats_after_crash(&mut self) {
        let set_forward = std::mem::take(&mut self.set_forward);
        for (reference, draft) in &mut self.database.lock().drafts {
            // The crash closed the connection.
            draft.has_call = false;
            draft.not_before.iter_mut().for_each(|it| it.has_crashed = true);
            let known = self.run.data.peek(reference);
            let waiting = known.filter(|(status, ..)| *status == SubmissionStatus::Received);
            let is_stored =
                |attempts| waiting.as_ref().is_some_and(|(_, _, known)| *known > attempts);
            if set_forward || draft.not_before.is_some_and(|it| !is_stored(it.attempts)) {
                draft.not_before = None;
            }
            for text in draft.replies.keys() {
                *draft.allowed_repeats.entry(text.clone()).or_default() += 1;
            }
        }
    }

    /// Checks the conditions that must always hold.
    fn check(&self) {
        let accepted = self.responses.accepted_references.lock().unwrap();
        let crm = self.database.lock();
        for reference in &*accepted {
            let status = self.run.data.peek(reference).map(|(status, ..)| status);
            assert!(status.is_some(), "{reference} was accepted and is lost");
            assert_ne!(status, Some(SubmissionStatus::Failed), "the proxy gave up on {reference}");
        }
        for (reference, draft) in &crm.drafts {
            for text in draft.replies.keys() {
                let tickets = draft.stored.iter().filter(|(stored, _)| stored == text);
                let mut tickets: Vec<_> = tickets.map(|(_, ticket)| *ticket).collect();
                let calls = tickets.len();
                tickets.dedup();
                let repeats = draft.allowed_repeats.get(text).copied().unwrap_or(0);
                assert!(
                    calls <= tickets.len() + repeats,
                    "{reference} {text} was sent {calls} times without a reason"
                );
            }
        }
    }

    /// Ends all faults, and checks that every accepted submission arrives and that no unknown file remains.
    async fn end(mut self) -> Outcome {
        self.database.lock().faulty = false;
        self.run.set_failing(false);
        let end = Instant::now() + Duration::from_secs(3 * 60 * 60);
        while self.proxy.queue.counts().await.unwrap().queued > 0 {
            assert!(Instant::now() < end, "a submission never arrives");
            sleep(Duration::from_secs(30)).await;
            self.check();
        }
        sleep(WAIT_LIMIT).await;
        for visitor in self.visitors.drain(..) {
            // The tasks of visitors who left are not in the list.
            visitor.await.unwrap();
        }
        assert!(!self.proxy.queue.has_waiters(), "a visitor who left still waits");
        self.check();
        check_arrived(&self.database, &self.run.data, &self.responses);
        // Crashes and failed commits leave files, which the sweep removes after the grace time.
        self.clock.forward(10 * DAY);
        self.proxy.store.sweep().await.unwrap();
        assert!(!self.run.data.has_unknown_files(), "files remain that no row refers to");
        self.run.end();
        self.outcome.calls = self.database.lock().counts;
        self.outcome.repeated = self.responses.repeated.load(Ordering::SeqCst);
        self.outcome.received = self.responses.received.load(Ordering::SeqCst);
        self.outcome.refused = self.responses.refused.load(Ordering::SeqCst);
        self.outcome
    }
}

/// Checks that the last stored content under each reference was delivered to the CRM or refused by it.
pub(super) fn check_arrived(database: &CrmDatabase, data: &MemoryStore, responses: &Responses) {
    let crm = database.lock();
    let accepted = responses.accepted_references.lock().unwrap();
    for reference in &*accepted {
        let draft = &crm.drafts[reference];
        let (status, content, _) = data.peek(reference).unwrap();
        match status {
            SubmissionStatus::Replied(CrmReply::Refused(message)) => {
                let text = message.strip_prefix("no ").unwrap();
                assert_eq!(content, content_of(reference, text), "older content was refused");
            }
            SubmissionStatus::Replied(CrmReply::Delivered(deal)) => {
                let text = &deal.stage;
                let expected = content_of(reference, text);
                assert_eq!(content, expected, "older content was delivered");
                let last = &draft.stored.last().unwrap().0;
                assert_eq!(last, text, "the CRM has older content");
            }
            other => panic!("{reference} is {other:?}"),
        }
    }
}
