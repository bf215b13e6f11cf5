//! Two proxies with the same data: only one of them delivers a submission at a time.

use std::time::Duration;

use super::world::{World, deal, delivered, new, refused, retry};
use crate::store::{ClaimResult, LEASE, SubmissionStatus};

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
    assert!(one.settle(ticket, &retry(1, true)).await);
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

pub(super) async fn grants_a_claim_to_only_one_of_two_proxies(world: World) {
    let proxies = [world.proxy(), world.proxy()];
    for byte in 0..8 {
        let ticket = proxies[0].submit(new(byte, "Ana")).await;
        assert!(proxies[0].settle(ticket, &retry(1, true)).await);
        let claims = proxies.iter().map(|proxy| proxy.rows.claim(ticket));
        let results = futures_util::future::join_all(claims).await;
        let granted = results.iter().filter(|result| matches!(result, Ok(ClaimResult::Granted(_))));
        assert_eq!(granted.count(), 1, "{results:?}");
    }
}
