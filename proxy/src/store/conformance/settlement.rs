use std::time::Duration;

use super::world::{World, delivered, failed, new, reference, refusal, refused, retry};
use crate::store::{Counts, Filter, SubmissionStatus};

pub(super) async fn adds_up_only_the_waits_that_count_towards_giving_up(world: World) {
    let proxy = world.proxy();
    let ticket = proxy.submit(new(1, "Zoë")).await;
    for (wait, counts) in [(5, true), (60, false), (7, true)] {
        assert!(proxy.settle(ticket, &retry(wait, counts)).await);
    }
    let delivery = proxy.claim(ticket).await;
    assert_eq!((delivery.attempts, delivery.waited), (2, Duration::from_secs(12)));
}

pub(super) async fn prunes_refusals_only_after_their_visitors_have_seen_them(world: World) {
    let proxy = world.proxy();
    for byte in 1..=3 {
        let ticket = proxy.submit(new(byte, "x")).await;
        proxy.settle(ticket, &refused()).await;
    }
    world.advance(Duration::from_secs(60));
    proxy.rows.prune(Duration::ZERO).await.unwrap();
    assert_eq!(proxy.rows.counts().await.unwrap().refused, 3);
    // One visitor sees the status, and another sends the submission again.
    proxy.mark_seen(1).await;
    proxy.admit(new(2, "x")).await;
    proxy.rows.prune(Duration::ZERO).await.unwrap();
    assert_eq!(proxy.rows.counts().await.unwrap().refused, 1);
    assert_eq!(proxy.status(3).await, Some(SubmissionStatus::Replied(refusal())));
}

pub(super) async fn prunes_old_delivered_and_seen_refused_submissions_only(world: World) {
    let proxy = world.proxy();
    for (byte, outcome) in
        [(0, Some(delivered())), (1, Some(refused())), (2, Some(failed())), (3, None)]
    {
        let ticket = proxy.submit(new(byte, "x")).await;
        if let Some(outcome) = outcome {
            assert!(proxy.settle(ticket, &outcome).await);
        }
    }
    proxy.mark_seen(1).await;
    let counts = Counts { queued: 1, delivered: 1, refused: 1, failed: 1 };
    proxy.rows.prune(Duration::from_secs(60)).await.unwrap();
    assert_eq!(proxy.rows.counts().await.unwrap(), counts);
    world.advance(Duration::from_secs(61));
    proxy.rows.prune(Duration::from_secs(60)).await.unwrap();
    let counts = Counts { queued: 1, failed: 1, ..Counts::default() };
    assert_eq!(proxy.rows.counts().await.unwrap(), counts);
}

pub(super) async fn reads_without_changing_rows(world: World) {
    let proxy = world.proxy();
    let ticket = proxy.submit(new(1, "x")).await;
    proxy.settle(ticket, &refused()).await;
    let before = proxy.rows.list(&Filter::default(), None, 9).await.unwrap();
    for _ in 0..3 {
        proxy.rows.status("quote", &reference(1)).await.unwrap();
        proxy.rows.counts().await.unwrap();
        let after = proxy.rows.list(&Filter::default(), None, 9).await.unwrap();
        assert_eq!(after, before);
    }
    // The refusal is still unseen.
    world.advance(Duration::from_secs(60));
    proxy.rows.prune(Duration::ZERO).await.unwrap();
    assert_eq!(proxy.rows.counts().await.unwrap().refused, 1);
}
