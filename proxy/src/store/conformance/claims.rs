//! Two proxies with the same data: only one of them delivers a submission at a time.

use std::time::Duration;

use super::world::{Proxy, World, deal, delivered, new, reference, refused, retry};
use crate::store::row::LEASE;
use crate::store::{ClaimResult, SubmissionStatus};

pub(super) async fn grants_no_claim_to_another_proxy_until_the_lease_ends(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    let ticket = one.submit(new(1, "Ana")).await;
    other.assert_held(ticket).await;
    let delivery = one.claim(ticket).await;
    world.advance(LEASE / 2);
    other.assert_held(ticket).await;
    assert!(one.rows.renew(&delivery.claim).await.unwrap());
    world.advance(LEASE * 9 / 10);
    other.assert_held(ticket).await;
    world.advance(LEASE);
    other.claim(ticket).await;
    assert!(!one.rows.renew(&delivery.claim).await.unwrap());
}

pub(super) async fn settles_only_with_the_last_claim(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    let ticket = one.submit(new(1, "Ana")).await;
    let lost = one.claim(ticket).await;
    world.advance(LEASE * 2);
    let delivery = other.claim(ticket).await;
    assert!(!one.rows.settle(&lost.claim, &refused()).await.unwrap());
    one.assert_held(ticket).await;
    assert!(other.rows.settle(&delivery.claim, &delivered()).await.unwrap());
    assert!(!other.rows.settle(&delivery.claim, &refused()).await.unwrap());
    assert_eq!(one.status(1).await, Some(SubmissionStatus::Replied(deal())));
}

pub(super) async fn releases_the_claim_after_a_failed_attempt(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    let ticket = one.submit(new(1, "Ana")).await;
    assert!(one.settle(ticket, &retry(60, true)).await);
    other.assert_held(ticket).await;
    world.advance(Duration::from_secs(60));
    other.claim(ticket).await;
}

pub(super) async fn leaves_the_wait_to_the_proxy_that_made_the_last_attempt(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    let ticket = one.submit(new(1, "Ana")).await;
    // The submission waits in this proxy for longer than a lease, so another proxy delivers it.
    world.advance(LEASE);
    assert_eq!(other.take_due().await, [ticket]);
    assert!(other.settle(ticket, &retry(60, true)).await);
    one.assert_held(ticket).await;
    // The other proxy measures the wait by its monotonic clock.
    other.claim(ticket).await;
}

pub(super) async fn delays_a_correction_until_the_delivery_of_the_replaced_content_ends(
    world: World,
) {
    let (one, other) = (world.proxy(), world.proxy());
    let first = one.submit(new(1, "Ana")).await;
    let delivery = one.claim(first).await;
    let corrected = other.submit(new(1, "Anna")).await;
    other.assert_held(corrected).await;
    world.advance(Duration::from_secs(30));
    assert!(one.rows.renew(&delivery.claim).await.unwrap());
    other.assert_held(corrected).await;
    // The call for the replaced content has ended.
    assert!(!one.rows.settle(&delivery.claim, &delivered()).await.unwrap());
    let delivery = other.claim(corrected).await;
    assert!(other.rows.settle(&delivery.claim, &delivered()).await.unwrap());
}

pub(super) async fn takes_due_submissions_in_order_and_each_only_once(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    let mut tickets = Vec::new();
    for (byte, wait) in [(1, 60), (2, 20), (3, 40), (4, 600)] {
        let ticket = one.submit(new(byte, "Ana")).await;
        assert_eq!(other.take_due().await, [], "the proxy that admits a submission claims it");
        assert!(one.settle(ticket, &retry(wait, true)).await);
        tickets.push(ticket);
    }
    assert_eq!(one.take_due().await, []);
    world.advance(Duration::from_secs(60));
    let due = other.rows.take_due(2, &[]).await.unwrap();
    let taken: Vec<_> = due.iter().map(|due| due.ticket).collect();
    assert_eq!(taken, [tickets[1], tickets[2]]);
    assert!(!due[0].is_immediate);
    assert_eq!(one.take_due().await, [tickets[0]]);
    one.assert_held(tickets[1]).await;
    other.assert_held(tickets[0]).await;
    // A crashed proxy does not renew its claims.
    world.advance(LEASE);
    assert_eq!(one.take_due().await, [tickets[1], tickets[2], tickets[0]]);
}

pub(super) async fn does_not_take_content_that_the_proxy_is_delivering(world: World) {
    let proxy = world.proxy();
    let ticket = proxy.submit(new(1, "Ana")).await;
    let delivery = proxy.claim(ticket).await;
    // The lease has ended, because the journal was not available for its renewal.
    world.advance(LEASE * 2);
    assert_eq!(proxy.rows.take_due(9, &[reference(1)]).await.unwrap(), []);
    assert!(proxy.rows.settle(&delivery.claim, &delivered()).await.unwrap());
}

pub(super) async fn releases_its_own_claims_except_some(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    one.submit(new(1, "Ana")).await;
    let waiting = one.submit(new(2, "Ben")).await;
    let others = other.submit(new(3, "Cem")).await;
    one.rows.release(&[reference(1)]).await.unwrap();
    assert_eq!(other.take_due().await, [waiting]);
    one.assert_held(others).await;
}

pub(super) async fn takes_each_submission_only_once_if_several_proxies_take_at_the_same_time(
    world: World,
) {
    let proxies = [world.proxy(), world.proxy(), world.proxy()];
    for byte in 0..30 {
        let ticket = proxies[0].submit(new(byte, "Ana")).await;
        assert!(proxies[0].settle(ticket, &retry(1, true)).await);
    }
    world.advance(Duration::from_secs(1));
    let each_takes = proxies.iter().map(Proxy::take_due);
    let mut tickets = futures_util::future::join_all(each_takes).await.concat();
    // An engine may skip rows that another proxy is reading.
    tickets.extend(proxies[0].take_due().await);
    let count = tickets.len();
    tickets.sort_unstable();
    tickets.dedup();
    assert_eq!((tickets.len(), count), (30, 30));
}

pub(super) async fn grants_a_claim_to_only_one_of_two_proxies(world: World) {
    let proxies = [world.proxy(), world.proxy()];
    for byte in 0..8 {
        let ticket = proxies[0].submit(new(byte, "Ana")).await;
        assert!(proxies[0].settle(ticket, &retry(1, true)).await);
        world.advance(Duration::from_secs(1));
        let claims = proxies.iter().map(|proxy| proxy.rows.claim(ticket));
        let results = futures_util::future::join_all(claims).await;
        let granted = results.iter().filter(|result| matches!(result, Ok(ClaimResult::Granted(_))));
        assert_eq!(granted.count(), 1, "{results:?}");
    }
}
