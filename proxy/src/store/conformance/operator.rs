use std::time::Duration;

use super::world::{World, delivered, failed, new, reference, refused, retry};
use crate::store::{Counts, Filter, NewSubmission, State};

/// Creates a delivered, a refused, a failed and a waiting submission.
async fn one_in_each_state(world: &World) -> super::world::Proxy {
    let proxy = world.proxy();
    for (byte, outcome) in [(1, delivered()), (2, refused()), (3, failed()), (4, retry(600, true))]
    {
        let ticket = proxy.submit(new(byte, "x")).await;
        assert!(proxy.settle(ticket, &outcome).await);
    }
    proxy
}

fn named(byte: u8) -> Filter {
    Filter { references: vec![reference(byte).as_str().to_owned()], ..Filter::default() }
}

pub(super) async fn lists_submissions_page_by_page(world: World) {
    let proxy = world.proxy();
    for byte in 1..=5 {
        proxy.submit(new(byte, "x")).await;
    }
    let (mut after, mut listed) = (None, Vec::new());
    for expected in [2, 2, 1] {
        let page = proxy.store.list(&Filter::default(), after, 2).await.unwrap();
        assert_eq!(page.items.len(), expected);
        listed.extend(page.items.into_iter().map(|entry| entry.reference));
        after = page.next;
        assert_eq!(after.is_some(), listed.len() < 5);
    }
    let all: Vec<String> = (1..=5).map(|byte| reference(byte).as_str().to_owned()).collect();
    assert_eq!(listed, all);
}

pub(super) async fn filters_by_all_conditions(world: World) {
    let proxy = one_in_each_state(&world).await;
    proxy.submit(NewSubmission { form: "callback".to_owned(), ..new(5, "x") }).await;
    world.advance(Duration::from_secs(60));
    proxy.submit(new(6, "x")).await;
    let count =
        async |filter: &Filter| proxy.store.list(filter, None, 99).await.unwrap().items.len();
    let all = Filter::default;
    assert_eq!(count(&all()).await, 6);
    let queued = Filter { state: Some(State::Queued), ..all() };
    assert_eq!(count(&queued).await, 3);
    let quote = Filter { form: Some("quote".to_owned()), ..queued };
    assert_eq!(count(&quote).await, 2);
    let old = Filter { older_than: Some(Duration::from_secs(30)), ..quote };
    assert_eq!(count(&old).await, 1);
    assert_eq!(count(&named(2)).await, 1);
    let beginning = |length| Filter {
        references: vec![reference(2).as_str().chars().take(length).collect()],
        ..all()
    };
    assert_eq!(count(&beginning(6)).await, 1);
    assert_eq!(count(&beginning(5)).await, 6);
}

pub(super) async fn retries_all_submissions_except_delivered_ones(world: World) {
    let proxy = one_in_each_state(&world).await;
    let retried = proxy.rows.retry(&Filter::default()).await.unwrap();
    assert_eq!(retried, [reference(2), reference(3), reference(4)]);
    let due = proxy.rows.take_due(9, &[]).await.unwrap();
    assert_eq!(due.len(), 3);
    assert!(due.iter().all(|due| due.is_immediate));
    let delivery = proxy.claim(due[2].ticket).await;
    assert_eq!((delivery.attempts, delivery.waited), (0, Duration::ZERO));
}

pub(super) async fn purges_waiting_submissions_only_by_reference(world: World) {
    let proxy = one_in_each_state(&world).await;
    let purged = proxy.store.purge(&Filter::default()).await.unwrap();
    assert_eq!(purged, [reference(1), reference(2), reference(3)]);
    let counts = proxy.rows.counts().await.unwrap();
    assert_eq!(counts, Counts { queued: 1, ..Counts::default() });
    assert!(proxy.rows.oldest_queued().await.unwrap().is_some());
    assert_eq!(proxy.store.purge(&named(4)).await.unwrap(), [reference(4)]);
    assert_eq!(proxy.rows.counts().await.unwrap(), Counts::default());
    assert_eq!(proxy.rows.oldest_queued().await.unwrap(), None);
}
