//! A random schedule with three proxies that share a store. Visitors send, correct and repeat submissions through a load
//! balancer, sometimes through two proxies at once. The proxies crash, pause, restart and lose their connection to the
//! database.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, sleep};

use super::clock::JumpingClock;
use super::crm::{CallCounts, CrmDatabase};
use super::replica::{self, Condition, Faults, ReplicaCrm};
use super::run::Proxy;
use super::schedule::check_arrived;
use super::visitor::{Responses, Visit, WAIT_LIMIT, next_text, visit};
use crate::store::memory::MemoryStore;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The number of each kind of event, to prove that the schedules cover all of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct EventCounts {
    calls: CallCounts,
    crashes: u32,
    pauses: u32,
    cuts: u32,
    restarts: u32,
    twins: u32,
    repeated: u32,
}

struct Replica {
    faults: Faults,
    proxy: Proxy<ReplicaCrm>,
}

struct World {
    rng: fastrand::Rng,
    clock: JumpingClock,
    data: MemoryStore,
    database: CrmDatabase,
    replicas: Vec<Replica>,
    visitors: Vec<JoinHandle<()>>,
    responses: Arc<Responses>,
    /// The last text under each reference.
    last: Vec<(Reference, String)>,
    counts: EventCounts,
}

/// Runs the schedule for this seed to its end.
pub(super) fn run(seed: u64) -> EventCounts {
    super::runtime().block_on(async {
        let mut world = World::begin(seed).await;
        for _ in 0..world.rng.u32(10..40) {
            world.act().await;
        }
        world.end().await
    })
}

impl World {
    async fn begin(seed: u64) -> Self {
        let clock = JumpingClock::default();
        let data = MemoryStore::new(clock.clock());
        let database = CrmDatabase::new(seed ^ 0x5eed);
        let mut world = Self {
            rng: fastrand::Rng::with_seed(seed),
            last: (0..3).map(|n| (Reference::from_random([n; 16]), String::new())).collect(),
            replicas: Vec::new(),
            visitors: Vec::new(),
            responses: Arc::default(),
            counts: EventCounts::default(),
            clock,
            data,
            database,
        };
        for _ in 0..3 {
            let replica = world.start().await;
            world.replicas.push(replica);
        }
        world
    }

    async fn start(&mut self) -> Replica {
        let (faults, seed) = (Faults::default(), self.rng.u64(..));
        let proxy = replica::start(&self.data, &self.database, &faults, seed).await;
        Replica { faults, proxy }
    }

    async fn act(&mut self) {
        let which = self.rng.usize(0..self.replicas.len());
        match self.rng.u32(0..100) {
            0..45 => self.send(),
            45..60 => sleep(Duration::from_millis(self.rng.u64(0..10_000))).await,
            60..70 => sleep(Duration::from_secs(self.rng.u64(0..300))).await,
            70..77 => {
                self.counts.crashes += 1;
                self.database.lock().checks_retry_after = false;
                self.replicas[which].faults.set(Condition::Crashed);
                self.replicas[which] = self.start().await;
            }
            77..84 => {
                self.counts.pauses += 1;
                self.interrupt(which, Condition::Paused);
            }
            84..91 => {
                self.counts.cuts += 1;
                self.interrupt(which, Condition::CutOff);
            }
            91..95 => {
                self.counts.restarts += 1;
                self.database.lock().checks_retry_after = false;
                let end = Instant::now() + Duration::from_secs(self.rng.u64(0..30));
                self.replicas[which].proxy.queue.stop_retries();
                self.replicas[which].proxy.queue.stop(end).await;
                self.replicas[which].faults.set(Condition::Crashed);
                self.replicas[which] = self.start().await;
            }
            _ => {
                let until = Instant::now() + Duration::from_secs(self.rng.u64(0..200));
                self.database.lock().misconfigured_until = Some(until);
            }
        }
        for _ in 0..self.rng.u32(0..6) {
            yield_now().await;
        }
    }

    /// Interrupts a proxy for up to ten minutes, which is longer than a lease.
    fn interrupt(&mut self, which: usize, condition: Condition) {
        self.database.lock().checks_retry_after = false;
        let faults = self.replicas[which].faults.clone();
        faults.set(condition);
        let time = Duration::from_secs(self.rng.u64(0..600));
        tokio::spawn(async move {
            sleep(time).await;
            faults.set(Condition::Running);
        });
    }

    /// Lets a visitor send new text, or the last text again, to one proxy or to two proxies at once.
    fn send(&mut self) {
        let (reference, text) = next_text(&mut self.rng, &mut self.last);
        let has_file = self.rng.u32(0..4) == 0;
        let first = self.rng.usize(0..self.replicas.len());
        let mut receivers = vec![first];
        if self.rng.u32(0..3) == 0 {
            self.counts.twins += 1;
            receivers.push((first + 1) % self.replicas.len());
        }
        for receiver in receivers {
            let Replica { faults, proxy } = &self.replicas[receiver];
            self.visitors.push(tokio::spawn(visit(Visit {
                proxy: proxy.clone(),
                database: self.database.clone(),
                interruptions: Arc::new(faults.clone()),
                responses: Arc::clone(&self.responses),
                reference: reference.clone(),
                text: text.clone(),
                has_file,
            })));
        }
    }

    /// Ends all faults, and checks that every accepted submission arrives and that no unknown file remains.
    async fn end(mut self) -> EventCounts {
        self.database.lock().faulty = false;
        // Wait until all interruptions have ended.
        sleep(Duration::from_secs(600)).await;
        let end = Instant::now() + 6 * HOUR;
        while self.replicas[0].proxy.queue.counts().await.unwrap().queued > 0 {
            assert!(Instant::now() < end, "a submission never arrives");
            sleep(Duration::from_secs(30)).await;
        }
        sleep(WAIT_LIMIT).await;
        for visitor in self.visitors.drain(..).filter(JoinHandle::is_finished) {
            visitor.await.unwrap();
        }
        check_arrived(&self.database, &self.data, &self.responses);
        self.clock.forward(240 * HOUR);
        self.replicas[0].proxy.store.sweep().await.unwrap();
        assert!(!self.data.has_unknown_files(), "files remain that no row refers to");
        for replica in &self.replicas {
            replica.faults.set(Condition::Crashed);
        }
        self.counts.calls = self.database.lock().counts;
        self.counts.repeated = self.responses.repeated.load(Ordering::SeqCst);
        self.counts
    }
}

impl EventCounts {
    pub(super) fn add(&mut self, mut other: Self) {
        for (sum, number) in self.numbers().into_iter().zip(other.numbers()) {
            *sum += *number;
        }
    }

    fn numbers(&mut self) -> [&mut u32; 13] {
        let Self { calls, crashes, pauses, cuts, restarts, twins, repeated } = self;
        let [delivered, refused, failed, reply_lost, retry_after, misconfigured, updated] =
            calls.numbers();
        [
            delivered,
            refused,
            failed,
            reply_lost,
            retry_after,
            misconfigured,
            updated,
            crashes,
            pauses,
            cuts,
            restarts,
            twins,
            repeated,
        ]
    }

    /// Checks that each event happened often enough for the test to prove something.
    pub(super) fn assert_varied(mut self) {
        let all = format!("{self:?}");
        assert!(self.numbers().iter().all(|number| **number > 100), "{all}");
    }
}
