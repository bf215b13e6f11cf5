//! One schedule: visitors who send, correct, repeat and leave; a CRM that fails; a proxy that dies
//! and starts again; a wall clock that jumps. All of it by chance, from one seed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, sleep};

use super::crm::{Books, Seen, SimulatedCrm, content_of};
use super::visitor::{Notes, PATIENCE, Visit, visit};
use crate::delivery::{Ambient, Queue, recover};
use crate::settings::clock::Moment;
use crate::settings::config::{Delivery, Size, Span};
use crate::store::journal::simulated::Life;
use crate::store::journal::{Answer, Journal, Standing};
use crate::store::spool::Spool;

const BEGIN: i64 = 1_800_000_000_000;

/// What a schedule came to.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) seen: Seen,
    pub(super) crashes: u32,
    pub(super) replays: u32,
    pub(super) accepted: u32,
    pub(super) left: u32,
    pub(super) turned_away: u32,
}

/// A schedule under way.
struct World {
    rng: fastrand::Rng,
    books: Books,
    spool: Spool,
    life: Life,
    queue: Queue<SimulatedCrm>,
    visitors: Vec<JoinHandle<()>>,
    notes: Notes,
    clock: Clock,
    /// Whether it was set forward since the proxy last began.
    set_forward: bool,
    /// Whether the proxy's disk fails now and then.
    failing: bool,
    /// What was last sent under each reference.
    last: Vec<(Reference, String)>,
    outcome: Outcome,
}

/// A wall clock, which jumps.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    begun: Instant,
    /// Where it is, against the clock that does not jump.
    jump: Arc<AtomicI64>,
}

/// Rules under which nothing is ever given up.
pub(super) fn rules() -> Delivery {
    let seconds = |seconds| Span(Duration::from_secs(seconds));
    Delivery {
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
pub(super) fn run(seed: u64, spool: &Spool) -> Outcome {
    super::runtime().block_on(async {
        let mut world = World::begin(seed, spool.clone()).await;
        for _ in 0..world.rng.u32(10..40) {
            world.act().await;
            world.check();
        }
        world.end().await
    })
}

impl World {
    async fn begin(seed: u64, spool: Spool) -> Self {
        let (books, life) = (Books::new(seed ^ 0x5eed), Life::first(seed));
        let clock = Clock::default();
        let failing = seed.is_multiple_of(2);
        let queue = start(&books, &life, &spool, &clock, rules(), (seed, failing)).await;
        Self {
            rng: fastrand::Rng::with_seed(seed),
            last: (0..3).map(|n| (Reference::from_random([n; 16]), String::new())).collect(),
            outcome: Outcome::default(),
            visitors: Vec::new(),
            notes: Notes::default(),
            books,
            spool,
            life,
            queue,
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
        let (reference, said) = &mut self.last[which];
        if said.is_empty() || self.rng.u32(0..100) < 45 {
            let refused = if self.rng.u32(0..6) == 0 { "!" } else { "" };
            *said = format!("{}{refused}", self.rng.u64(..));
        }
        let (reference, said) = (reference.clone(), said.clone());
        let file = self.rng.u32(0..4) == 0;
        let visit = visit(Visit {
            queue: self.queue.clone(),
            books: self.books.clone(),
            spool: self.spool.clone(),
            life: self.life.clone(),
            notes: self.notes.clone(),
            reference,
            said,
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
        self.clock.jump.fetch_add(by, Ordering::SeqCst);
        self.set_forward |= by > 0;
    }

    /// The proxy is killed, and started again.
    async fn crash(&mut self) {
        self.outcome.crashes += 1;
        self.life.end();
        self.visitors.drain(..).for_each(|visitor| visitor.abort());
        self.forgive();
        sleep(Duration::from_millis(self.rng.u64(0..3_000))).await;
        self.life = self.life.next();
        let (books, spool) = (&self.books, &self.spool);
        let seed = self.rng.u64(..);
        self.queue =
            start(books, &self.life, spool, &self.clock, rules(), (seed, self.failing)).await;
    }

    /// What the CRM said and the journal did not hear before the crash is not held against the next
    /// run. Nor is it that stored times come early once the wall clock was set forward: that is not
    /// to be told from time that has passed.
    fn forgive(&mut self) {
        let open = self.life.store.lock().unwrap().open_entries().unwrap();
        let forward = std::mem::take(&mut self.set_forward);
        for (reference, draft) in &mut self.books.lock().drafts {
            // The connection is gone with the proxy.
            draft.under_way = false;
            let entry = open.iter().find(|entry| entry.reference == *reference);
            let heard = |attempts| entry.is_some_and(|entry| entry.attempts > attempts);
            if forward || draft.not_before.is_some_and(|(_, attempts)| !heard(attempts)) {
                draft.not_before = None;
            }
            for excuse in draft.answers.keys() {
                *draft.excuses.entry(excuse.clone()).or_default() += 1;
            }
        }
    }

    /// What has to hold at any time.
    fn check(&self) {
        let store = self.life.store.lock().unwrap();
        let told = self.notes.0.told.lock().unwrap();
        let books = self.books.lock();
        for reference in &*told {
            let standing = store.standing("form", reference).unwrap();
            assert!(standing.is_some(), "{reference} was accepted, and is lost");
            assert_ne!(standing, Some(Standing::Failed), "{reference} was set aside");
        }
        for (reference, draft) in &books.drafts {
            for said in draft.answers.keys() {
                let tickets = draft.stored.iter().filter(|(stored, _)| stored == said);
                let mut tickets: Vec<_> = tickets.map(|(_, ticket)| *ticket).collect();
                let calls = tickets.len();
                tickets.dedup();
                let excuses = draft.excuses.get(said).copied().unwrap_or(0);
                assert!(
                    calls <= tickets.len() + excuses,
                    "{reference} {said} was sent {calls} times without a reason"
                );
            }
        }
    }

    /// Nothing goes wrong any more: everything that was taken arrives, and nothing is left over.
    async fn end(mut self) -> Outcome {
        self.books.lock().faulty = false;
        self.life.fail(false);
        let end = Instant::now() + Duration::from_secs(3 * 60 * 60);
        while self.queue.counts().await.unwrap().queued > 0 {
            assert!(Instant::now() < end, "something never arrives");
            sleep(Duration::from_secs(30)).await;
            self.check();
        }
        sleep(PATIENCE).await;
        for visitor in self.visitors.drain(..) {
            // One who left is a cancelled task.
            visitor.await.unwrap();
        }
        assert!(self.queue.nobody_waits(), "somebody is waited for who is gone");
        self.check();
        self.check_arrived();
        if self.failing {
            // What a commit left that failed and took all the same goes at the next start.
            recover(&Journal::simulated(self.life.clone()), &self.spool).await.unwrap();
        }
        let kept = self.life.store.lock().unwrap().folders().unwrap();
        for folder in self.spool.folders().unwrap() {
            assert!(kept.contains(&folder), "a file is left over");
        }
        self.life.end();
        self.spool.folders().unwrap().iter().for_each(|folder| self.spool.remove(folder));
        self.outcome.seen = self.books.lock().seen;
        self.outcome.replays = self.notes.0.replays.load(Ordering::SeqCst);
        self.outcome.accepted = self.notes.0.accepted.load(Ordering::SeqCst);
        self.outcome.turned_away = self.notes.0.turned_away.load(Ordering::SeqCst);
        self.outcome
    }

    /// The CRM has what was last entered under each reference, or has refused just that.
    fn check_arrived(&self) {
        let store = self.life.store.lock().unwrap();
        let books = self.books.lock();
        let told = self.notes.0.told.lock().unwrap();
        for reference in &*told {
            let draft = &books.drafts[reference];
            match store.standing("form", reference).unwrap() {
                Some(Standing::Answered(Answer::Refused(words))) => {
                    let said = words.strip_prefix("no ").unwrap();
                    let standing = store.settled(reference, content_of(reference, said)).unwrap();
                    assert!(standing.is_some(), "another content was refused than was sent last");
                }
                Some(Standing::Answered(Answer::Delivered(deal))) => {
                    let said = &deal.stage;
                    let standing = store.settled(reference, content_of(reference, said)).unwrap();
                    assert!(standing.is_some(), "another content was delivered than was sent last");
                    assert_eq!(&draft.stored.last().unwrap().0, said, "the CRM has an older one");
                }
                other => panic!("{reference} is {other:?}"),
            }
        }
    }
}

impl Clock {
    fn now(&self) -> Moment {
        let since = i64::try_from(self.begun.elapsed().as_millis()).unwrap();
        Moment(BEGIN + since + self.jump.load(Ordering::SeqCst))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self { begun: Instant::now(), jump: Arc::default() }
    }
}

/// A run of the proxy.
pub(super) async fn start(
    books: &Books,
    life: &Life,
    spool: &Spool,
    clock: &Clock,
    rules: Delivery,
    (seed, failing): (u64, bool),
) -> Queue<SimulatedCrm> {
    // A start that fails is no start.
    life.fail(false);
    let journal = Journal::simulated(life.clone());
    recover(&journal, spool).await.unwrap();
    let clock = clock.clone();
    let chance = std::sync::Mutex::new(fastrand::Rng::with_seed(seed));
    let ambient = Ambient {
        now: Box::new(move || clock.now()),
        chance: Box::new(move || chance.lock().unwrap().u64(..)),
    };
    let crm = SimulatedCrm { books: books.clone(), life: life.clone() };
    let queue = Queue::start(crm, journal, spool.clone(), rules, ambient).await.unwrap();
    life.fail(failing);
    queue
}
