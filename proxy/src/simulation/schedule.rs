//! One schedule: visitors who send, correct, repeat and leave; a CRM that fails; a proxy that dies
//! and starts again; a wall clock that jumps. All of it by chance, from one seed.

use std::sync::atomic::Ordering;
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, sleep};

use super::clock::JumpingClock;
use super::crm::{Books, Seen, content_of};
use super::run::{Proxy, Run};
use super::visitor::{Notes, PATIENCE, Visit, visit};
use crate::settings::config::{DeliveryRules, Size, Span};
use crate::store::{CrmReply, SubmissionStatus};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What happened in a schedule.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) seen: Seen,
    pub(super) crashes: u32,
    pub(super) replays: u32,
    pub(super) accepted: u32,
    pub(super) left: u32,
    pub(super) turned_away: u32,
}

/// A running schedule.
struct World {
    rng: fastrand::Rng,
    books: Books,
    run: Run,
    proxy: Proxy,
    visitors: Vec<JoinHandle<()>>,
    notes: Notes,
    clock: JumpingClock,
    /// Whether it was set forward since the proxy last began.
    set_forward: bool,
    /// Whether the proxy's disk fails now and then.
    failing: bool,
    /// What was last sent under each reference.
    last: Vec<(Reference, String)>,
    outcome: Outcome,
}

/// Rules under which nothing is ever given up.
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

/// Runs the schedule of a seed to its end.
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
        let (books, run) = (Books::new(seed ^ 0x5eed), Run::first(seed, &clock));
        let failing = seed.is_multiple_of(2);
        let proxy = run.start(&books, rules(), (seed, failing)).await;
        Self {
            rng: fastrand::Rng::with_seed(seed),
            last: (0..3).map(|n| (Reference::from_random([n; 16]), String::new())).collect(),
            outcome: Outcome::default(),
            visitors: Vec::new(),
            notes: Notes::default(),
            books,
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
                self.books.lock().wrong_until = Some(until);
            }
            _ => self.jump(),
        }
        for _ in 0..self.rng.u32(0..6) {
            yield_now().await;
        }
    }

    /// Somebody sends something new, or the same again.
    fn send(&mut self) {
        let which = self.rng.usize(0..self.last.len());
        let (reference, text) = &mut self.last[which];
        if text.is_empty() || self.rng.u32(0..100) < 45 {
            let refused = if self.rng.u32(0..6) == 0 { "!" } else { "" };
            *text = format!("{}{refused}", self.rng.u64(..));
        }
        let (reference, text) = (reference.clone(), text.clone());
        let file = self.rng.u32(0..4) == 0;
        let visit = visit(Visit {
            proxy: self.proxy.clone(),
            books: self.books.clone(),
            run: self.run.clone(),
            notes: self.notes.clone(),
            reference,
            text,
            file,
        });
        self.visitors.push(tokio::spawn(visit));
    }

    /// A visitor closes the page.
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
        self.set_forward |= by > 0;
    }

    /// The proxy is killed, and started again.
    async fn crash(&mut self) {
        self.outcome.crashes += 1;
        self.run.end();
        self.visitors.drain(..).for_each(|visitor| visitor.abort());
        self.forgive();
        sleep(Duration::from_millis(self.rng.u64(0..3_000))).await;
        self.run = self.run.next();
        let seed = self.rng.u64(..);
        self.proxy = self.run.start(&self.books, rules(), (seed, self.failing)).await;
    }

    /// Excuses what the next run cannot know: answers of the CRM that were not stored before the crash, and times that
    /// come early because the wall clock was set forward.
    fn forgive(&mut self) {
        let forward = std::mem::take(&mut self.set_forward);
        for (reference, draft) in &mut self.books.lock().drafts {
            // The connection is gone with the proxy.
            draft.under_way = false;
            let known = self.run.data.peek(reference);
            let waits = known.filter(|(status, ..)| *status == SubmissionStatus::Received);
            let heard = |attempts| waits.as_ref().is_some_and(|(_, _, known)| *known > attempts);
            if forward || draft.not_before.is_some_and(|(_, attempts)| !heard(attempts)) {
                draft.not_before = None;
            }
            for excuse in draft.replies.keys() {
                *draft.excuses.entry(excuse.clone()).or_default() += 1;
            }
        }
    }

    /// What has to hold at any time.
    fn check(&self) {
        let accepted = self.notes.0.accepted_references.lock().unwrap();
        let books = self.books.lock();
        for reference in &*accepted {
            let status = self.run.data.peek(reference).map(|(status, ..)| status);
            assert!(status.is_some(), "{reference} was accepted, and is lost");
            assert_ne!(status, Some(SubmissionStatus::Failed), "{reference} was set aside");
        }
        for (reference, draft) in &books.drafts {
            for text in draft.replies.keys() {
                let tickets = draft.stored.iter().filter(|(stored, _)| stored == text);
                let mut tickets: Vec<_> = tickets.map(|(_, ticket)| *ticket).collect();
                let calls = tickets.len();
                tickets.dedup();
                let excuses = draft.excuses.get(text).copied().unwrap_or(0);
                assert!(
                    calls <= tickets.len() + excuses,
                    "{reference} {text} was sent {calls} times without a reason"
                );
            }
        }
    }

    /// Nothing goes wrong any more: everything that was taken arrives, and nothing is left over.
    async fn end(mut self) -> Outcome {
        self.books.lock().faulty = false;
        self.run.fail(false);
        let end = Instant::now() + Duration::from_secs(3 * 60 * 60);
        while self.proxy.queue.counts().await.unwrap().queued > 0 {
            assert!(Instant::now() < end, "something never arrives");
            sleep(Duration::from_secs(30)).await;
            self.check();
        }
        sleep(PATIENCE).await;
        for visitor in self.visitors.drain(..) {
            // One who left is a cancelled task.
            visitor.await.unwrap();
        }
        assert!(!self.proxy.queue.has_waiters(), "a visitor who left still waits");
        self.check();
        self.check_arrived();
        // Crashes and failed commits leave files, which are removed when they are old enough.
        self.clock.forward(10 * DAY);
        self.proxy.store.sweep().await.unwrap();
        assert!(!self.run.data.has_unknown_files(), "a file is left over");
        self.run.end();
        self.outcome.seen = self.books.lock().seen;
        self.outcome.replays = self.notes.0.replays.load(Ordering::SeqCst);
        self.outcome.accepted = self.notes.0.accepted.load(Ordering::SeqCst);
        self.outcome.turned_away = self.notes.0.turned_away.load(Ordering::SeqCst);
        self.outcome
    }

    /// The CRM has what was last entered under each reference, or has refused just that.
    fn check_arrived(&self) {
        let books = self.books.lock();
        let accepted = self.notes.0.accepted_references.lock().unwrap();
        for reference in &*accepted {
            let draft = &books.drafts[reference];
            let (status, content, _) = self.run.data.peek(reference).unwrap();
            match status {
                SubmissionStatus::Replied(CrmReply::Refused(words)) => {
                    let text = words.strip_prefix("no ").unwrap();
                    assert_eq!(
                        content,
                        content_of(reference, text),
                        "an older content was refused"
                    );
                }
                SubmissionStatus::Replied(CrmReply::Delivered(deal)) => {
                    let text = &deal.stage;
                    assert_eq!(content, content_of(reference, text), "an older one was delivered");
                    assert_eq!(&draft.stored.last().unwrap().0, text, "the CRM has an older one");
                }
                other => panic!("{reference} is {other:?}"),
            }
        }
    }
}
