//! The real queue, scheduler and transitions in virtual time, by chance: the engine of the store is the one in memory.

mod clock;
mod crm;
mod histories;
mod outage;
mod run;
mod schedule;
mod visitor;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use self::schedule::Outcome;

/// How many schedules, and the seed of the first: `DEAL_PROXY_SCHEDULES=10000 cargo test -p
/// deal-proxy schedules`, `DEAL_PROXY_SEED=… DEAL_PROXY_SCHEDULES=1` for one that failed.
fn wanted(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().unwrap())
}

/// Time passes only while all tasks wait for it.
fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap()
}

#[test]
fn delivers_everything_after_a_day_long_outage_and_never_calls_before_retry_after() {
    runtime().block_on(outage::day());
}

#[test]
fn a_thousand_random_schedules_lose_nothing_and_double_nothing() {
    let count = wanted("DEAL_PROXY_SCHEDULES", 1_000);
    let mut total = Outcome::default();
    each_seed("DEAL_PROXY_SCHEDULES", count, schedule::run, |outcome| total.add(outcome));
    if count >= 1_000 {
        total.assert_varied();
    }
}

#[test]
fn random_histories_confirm_no_lost_content_and_mix_no_leads() {
    let count = wanted("DEAL_PROXY_HISTORIES", 10_000);
    let mut total = [0; 7];
    each_seed("DEAL_PROXY_HISTORIES", count, histories::run, |seen| {
        let histories::Seen { told, lost_responses, late, outdated, ended, back, asked } = seen;
        let all = [told, lost_responses, late, outdated, ended, back, asked];
        total.iter_mut().zip(all).for_each(|(sum, number)| *sum += number);
    });
    if count >= 10_000 {
        assert!(total.iter().all(|number| *number > 100), "{total:?}");
    }
}

/// Runs that many seeds on two threads. The variable names the test in what is said of a seed that
/// fails.
fn each_seed<T: Send>(
    variable: &str,
    count: u64,
    run: impl Fn(u64) -> T + Sync,
    add: impl FnMut(T) + Send,
) {
    let first = wanted("DEAL_PROXY_SEED", getrandom::u64().unwrap() >> 1);
    let next = AtomicU64::new(0);
    let add = Mutex::new(add);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= count {
                        return;
                    }
                    let seed = first + number;
                    let run = std::panic::AssertUnwindSafe(|| run(seed));
                    let Ok(outcome) = std::panic::catch_unwind(run) else {
                        panic!("failed with DEAL_PROXY_SEED={seed} {variable}=1");
                    };
                    add.lock().unwrap()(outcome);
                }
            });
        }
    });
}

impl Outcome {
    fn add(&mut self, other: Self) {
        let pairs = self.numbers().into_iter().zip(other.numbers_by_value());
        for (mine, theirs) in pairs {
            *mine += theirs;
        }
    }

    fn numbers(&mut self) -> [&mut u32; 12] {
        let seen = &mut self.seen;
        [
            &mut seen.delivered,
            &mut seen.refused,
            &mut seen.failed,
            &mut seen.reply_lost,
            &mut seen.retry_after,
            &mut seen.misconfigured,
            &mut seen.updated,
            &mut self.crashes,
            &mut self.replays,
            &mut self.accepted,
            &mut self.left,
            &mut self.turned_away,
        ]
    }

    fn numbers_by_value(mut self) -> [u32; 12] {
        self.numbers().map(|number| *number)
    }

    /// A schedule in which nothing happens proves nothing.
    fn assert_varied(mut self) {
        let all = format!("{self:?}");
        for number in self.numbers() {
            assert!(*number > 100, "{all}");
        }
    }
}
