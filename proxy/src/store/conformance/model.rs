//! Random changes, which have to give the same results with every engine. The engine in memory is the model.

use std::time::Duration;

use deal_contract::reference::Reference;
use proptest::prelude::*;

use super::world::{Proxy, World, delivered, failed, new, numbered, reference, refused, retry};
use crate::store::row::LEASE;
use crate::store::{ClaimResult, Filter, Mark, NewSubmission, Outcome, State};

#[derive(Debug, Clone)]
enum Step {
    Admit { byte: u8, value: u8, number: Option<u32>, files: bool },
    Claim { proxy: usize, waiting: usize },
    Settle { proxy: usize, claim: usize, outcome: usize },
    Renew { proxy: usize, claim: usize },
    TakeDue { proxy: usize, limit: usize, running: Vec<usize> },
    Release { proxy: usize, except: Vec<usize> },
    Advance(u64),
    MarkSeen(u8),
    Confirm(u8),
    Retry(usize),
    Purge(usize),
    Prune(u64),
    EnforceQuota(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..4_u8, 0..3_u8, prop::option::of(1..4_u32), any::<bool>())
            .prop_map(|(byte, value, number, files)| Step::Admit { byte, value, number, files }),
        5 => (0..2_usize, 0..4_usize).prop_map(|(proxy, waiting)| Step::Claim { proxy, waiting }),
        5 => (0..2_usize, 0..6_usize, 0..5_usize)
            .prop_map(|(proxy, claim, outcome)| Step::Settle { proxy, claim, outcome }),
        1 => (0..2_usize, 0..6_usize).prop_map(|(proxy, claim)| Step::Renew { proxy, claim }),
        2 => (0..2_usize, 0..4_usize, prop::collection::vec(0..4_usize, 0..2))
            .prop_map(|(proxy, limit, running)| Step::TakeDue { proxy, limit, running }),
        1 => (0..2_usize, prop::collection::vec(0..4_usize, 0..2))
            .prop_map(|(proxy, except)| Step::Release { proxy, except }),
        3 => (0..LEASE.as_secs() * 2).prop_map(Step::Advance),
        1 => (1..4_u8).prop_map(Step::MarkSeen),
        1 => (1..4_u8).prop_map(Step::Confirm),
        1 => (0..6_usize).prop_map(Step::Retry),
        1 => (0..6_usize).prop_map(Step::Purge),
        1 => (0..600_u64).prop_map(Step::Prune),
        1 => (0..20_000_u64).prop_map(Step::EnforceQuota),
    ]
}

fn outcome(number: usize) -> Outcome {
    match number {
        0 => delivered(),
        1 => refused(),
        2 => failed(),
        3 => retry(30, true),
        _ => Outcome::Retry {
            problem: "busy".to_owned(),
            wait: Duration::from_secs(90),
            deferred: true,
            counts: false,
        },
    }
}

fn filter(number: usize) -> Filter {
    let references = vec![reference(1).as_str().chars().take(14).collect()];
    match number {
        0 => Filter::default(),
        1 => Filter { references, ..Filter::default() },
        2 => Filter { state: Some(State::Failed), ..Filter::default() },
        3 => Filter { older_than: Some(Duration::from_secs(60)), ..Filter::default() },
        4 => Filter { form: Some("callback".to_owned()), ..Filter::default() },
        _ => Filter { state: Some(State::Queued), ..Filter::default() },
    }
}

/// Runs the steps, and returns a log of all results.
async fn run(world: &World, steps: &[Step]) -> Vec<String> {
    let proxies: [Proxy; 2] = [world.proxy(), world.proxy()];
    let (mut claims, mut log, mut file_sets) = (Vec::new(), Vec::new(), 0_u32);
    for step in steps {
        let rows = &proxies[0].rows;
        let result = match step {
            Step::Admit { byte, value, number, files } => {
                let value = value.to_string();
                let submission = match number {
                    Some(number) => NewSubmission {
                        draft: super::world::draft(*byte, &value),
                        ..numbered(&value, *number)
                    },
                    None => new(*byte, &value),
                };
                file_sets += 1;
                let set = crate::store::FileSetId(format!("{file_sets:032x}"));
                let files = files.then_some(set);
                format!("{:?}", rows.admit(NewSubmission { files, ..submission }).await.unwrap())
            }
            Step::Claim { proxy, waiting } => {
                let all = proxies[*proxy].queued().await;
                match all.get(*waiting) {
                    None => String::new(),
                    Some(waiting) => {
                        let result = proxies[*proxy].rows.claim(waiting.ticket).await.unwrap();
                        if let ClaimResult::Granted(delivery) = &result {
                            claims.push(delivery.claim.clone());
                        }
                        format!("{result:?}")
                    }
                }
            }
            Step::Settle { proxy, claim, outcome: number } => match claims.iter().rev().nth(*claim)
            {
                None => String::new(),
                Some(claim) => {
                    let outcome = outcome(*number);
                    format!("{}", proxies[*proxy].rows.settle(claim, &outcome).await.unwrap())
                }
            },
            Step::Renew { proxy, claim } => match claims.iter().rev().nth(*claim) {
                None => String::new(),
                Some(claim) => format!("{}", proxies[*proxy].rows.renew(claim).await.unwrap()),
            },
            Step::TakeDue { proxy, limit, running } => {
                let running = references(&proxies[*proxy], running).await;
                let taken = proxies[*proxy].rows.take_due(*limit, &running).await.unwrap();
                format!("{taken:?}")
            }
            Step::Release { proxy, except } => {
                let except = references(&proxies[*proxy], except).await;
                format!("{:?}", proxies[*proxy].rows.release(&except).await.unwrap())
            }
            Step::Advance(seconds) => {
                world.advance(Duration::from_secs(*seconds));
                String::new()
            }
            Step::MarkSeen(byte) => {
                let mark = Mark::RefusalSeen;
                format!("{:?}", rows.mark("quote", &reference(*byte), mark).await.unwrap())
            }
            Step::Confirm(byte) => {
                let mark = Mark::ArrivalConfirmed;
                format!("{:?}", rows.mark("quote", &reference(*byte), mark).await.unwrap())
            }
            Step::Retry(number) => format!("{:?}", rows.retry(&filter(*number)).await.unwrap()),
            Step::Purge(number) => format!("{:?}", rows.purge(&filter(*number)).await.unwrap()),
            Step::Prune(seconds) => {
                format!("{:?}", rows.prune(Duration::from_secs(*seconds)).await.unwrap())
            }
            Step::EnforceQuota(bytes) => {
                format!("{:?}", rows.enforce_quota(*bytes).await.unwrap())
            }
        };
        log.push(result);
        log.push(state(&proxies).await);
    }
    log
}

/// Returns the references of the queued submissions with these indexes.
async fn references(proxy: &Proxy, indexes: &[usize]) -> Vec<Reference> {
    let queued = proxy.queued().await;
    indexes.iter().filter_map(|index| Some(queued.get(*index)?.reference.clone())).collect()
}

/// Returns the complete state of the store.
async fn state(proxies: &[Proxy; 2]) -> String {
    let [first, second] = proxies;
    let all = first.rows.list(&Filter::default(), None, 99).await.unwrap();
    let rows: Vec<_> = all
        .items
        .into_iter()
        .map(|(mut row, answers)| {
            // The names of proxies are random.
            row.owner = None;
            (row, answers.map(|answers| (answers.values, answers.files.len())))
        })
        .collect();
    format!("{rows:?} {:?}", second.rows.counts().await.unwrap())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn gives_the_same_results_with_every_engine(steps in prop::collection::vec(step(), 1..40)) {
        runtime().block_on(async {
            let (memory, local) = (World::in_memory(), World::local());
            local.set_clock_like(&memory);
            assert_eq!(run(&memory, &steps).await, run(&local, &steps).await);
        });
    }
}

#[cfg(feature = "shared")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    #[test]
    fn gives_the_same_results_with_the_shared_store(steps in prop::collection::vec(step(), 1..40)) {
        static SHARED: std::sync::OnceLock<Option<World>> = std::sync::OnceLock::new();
        let runtime = runtime();
        let shared = SHARED.get_or_init(|| runtime.block_on(World::shared()));
        if let Some(shared) = shared {
            runtime.block_on(async {
                let memory = World::in_memory();
                shared.clear();
                shared.set_clock_like(&memory);
                assert_eq!(run(&memory, &steps).await, run(shared, &steps).await);
            });
        }
    }
}
