//! Random tests of the real queue, scheduler and transitions in virtual time, with the store in memory.

mod clock;
mod crm;
mod histories;
mod outage;
mod replica;
mod replicas;
mod run;
mod schedule;
mod visitor;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use self::schedule::Outcome;

/// Reads a number from an environment variable, or returns `default` if the variable is not set. `DEAL_PROXY_SCHEDULES`,
/// `DEAL_PROXY_REPLICAS` and `DEAL_PROXY_HISTORIES` set the number of runs, `DEAL_PROXY_SEED` the first seed: `DEAL_PROXY_SEED=…
/// DEAL_PROXY_SCHEDULES=1 cargo test -p deal-proxy schedules` repeats a failed run.
fn number_from_env(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

/// Creates a runtime with virtual time, which advances only while all tasks wait for it.
fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap()
}

#[test]
fn delivers_everything_after_a_day_long_outage_and_never_calls_before_retry_after() {
    runtime().block_on(outage::run());
}

#[test]
fn delivers_each_submission_once_in_a_thousand_random_schedules() {
    let count = number_from_env("DEAL_PROXY_SCHEDULES", 1_000);
    let mut total = Outcome::default();
    each_seed("DEAL_PROXY_SCHEDULES", count, schedule::run, |outcome| total.add(outcome));
    if count >= 1_000 {
        total.assert_varied();
    }
}

#[test]
fn three_proxies_never_call_the_crm_twice_at_a_time_for_one_reference() {
    let count = number_from_env("DEAL_PROXY_REPLICAS", 1_000);
    let mut total = replicas::EventCounts::default();
    each_seed("DEAL_PROXY_REPLICAS", count, replicas::run, |counts| total.add(counts));
    if count >= 1_000 {
        total.assert_varied();
    }
}

#[test]
fn keeps_confirmed_content_and_separates_visitors_in_random_histories() {
    let count = number_from_env("DEAL_PROXY_HISTORIES", 10_000);
    let mut total = [0; 7];
    each_seed("DEAL_PROXY_HISTORIES", count, histories::run, |counts| {
        let histories::EventCounts {
            confirmed,
            lost_responses,
            late,
            outdated,
            ended,
            went_back,
            status_requests,
        } = counts;
        let all = [confirmed, lost_responses, late, outdated, ended, went_back, status_requests];
        total.iter_mut().zip(all).for_each(|(sum, number)| *sum += number);
    });
    if count >= 10_000 {
        assert!(total.iter().all(|number| *number > 100), "{total:?}");
    }
}

/// Runs `count` seeds on two threads. If a seed fails, the message names the seed and the variable.
fn each_seed<T: Send>(
    variable: &str,
    count: u64,
    run: impl Fn(u64) -> T + Sync,
    add: impl FnMut(T) + Send,
) {
    let first = number_from_env("DEAL_PROXY_SEED", getrandom::u64().unwrap() >> 1);
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
        for (sum, number) in self.numbers().into_iter().zip(other.numbers_by_value()) {
            *sum += number;
        }
    }

    fn numbers(&mut self) -> [&mut u32; 12] {
        let [delivered, refused, failed, reply_lost, retry_after, misconfigured, updated] =
            self.calls.numbers();
        [
            delivered,
            refused,
            failed,
            reply_lost,
            retry_after,
            misconfigured,
            updated,
            &mut self.crashes,
            &mut self.repeated,
            &mut self.received,
            &mut self.left,
            &mut self.refused,
        ]
    }

    fn numbers_by_value(mut self) -> [u32; 12] {
        self.numbers().map(|number| *number)
    }

    /// Checks that each event happened often enough for the test to prove something.
    fn assert_varied(mut self) {
        let all = format!("{self:?}");
        for number in self.numbers() {
            assert!(*number > 100, "{all}");
        }
    }
}
