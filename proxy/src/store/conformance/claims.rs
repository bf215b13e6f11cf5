//! Two proxies on the same data: each submission is delivered by one of them at a time.

use std::time::Duration;

use super::world::{World, deal, delivered, later, new, refused};
use crate::store::{ClaimResult, LEASE, SubmissionStatus};

pub(super) async fn another_proxy_cannot_claim_a_submission_until_the_lease_ends(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    let ticket = one.submit(new(1, "Ana")).await;
    other.assert_held(ticket).await;
    let delivery = one.claim(ticket).await;
    world.pass(LEASE / 2);
    other.assert_held(ticket).await;
    assert!(one.rows.renew(&delivery.claim).await.unwrap());
    world.pass(LEASE * 9 / 10);
    other.assert_held(ticket).await;
    world.pass(LEASE);
    other.claim(ticket).await;
    assert!(!one.rows.renew(&delivery.claim).await.unwrap());
}

pub(super) async fn a_settlement_counts_only_with_the_last_claim(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    let ticket = one.submit(new(1, "Ana")).await;
    let lost = one.claim(ticket).await;
    world.pass(LEASE * 2);
    let delivery = other.claim(ticket).await;
    assert!(!one.rows.settle(&lost.claim, &refused()).await.unwrap());
    one.assert_held(ticket).await;
    assert!(other.rows.settle(&delivery.claim, &delivered()).await.unwrap());
    assert!(!other.rows.settle(&delivery.claim, &refused()).await.unwrap());
    assert_eq!(one.status(1).await, Some(SubmissionStatus::Replied(deal())));
}

pub(super) async fn a_settlement_that_is_not_final_frees_the_submission(world: World) {
    let (one, other) = (world.proxy(), world.proxy());
    let ticket = one.submit(new(1, "Ana")).await;
    assert!(one.settle(ticket, &later(1, true)).await);
    other.claim(ticket).await;
}

pub(super) async fn a_correction_waits_for_the_delivery_of_the_content_that_it_replaces(
    world: World,
) {
    let (one, other) = (world.proxy(), world.proxy());
    let first = one.submit(new(1, "Ana")).await;
    let delivery = one.claim(first).await;
    let corrected = other.submit(new(1, "Anna")).await;
    other.assert_held(corrected).await;
    world.pass(Duration::from_secs(30));
    assert!(one.rows.renew(&delivery.claim).await.unwrap());
    other.assert_held(corrected).await;
    // The call for the replaced content has ended.
    assert!(!one.rows.settle(&delivery.claim, &delivered()).await.unwrap());
    let delivery = other.claim(corrected).await;
    assert!(other.rows.settle(&delivery.claim, &delivered()).await.unwrap());
}

pub(super) async fn a_claim_is_granted_to_one_of_two_proxies(world: World) {
    let proxies = [world.proxy(), world.proxy()];
    for byte in 0..8 {
        let ticket = proxies[0].submit(new(byte, "Ana")).await;
        assert!(proxies[0].settle(ticket, &later(1, true)).await);
        let claims = proxies.iter().map(|proxy| proxy.rows.claim(ticket));
        let results = futures_util::future::join_all(claims).await;
        let granted = results.iter().filter(|result| matches!(result, Ok(ClaimResult::Granted(_))));
        assert_eq!(granted.count(), 1, "{results:?}");
    }
}
