//! Several proxies with one database and one bucket.
//!
//! The tests start and stop processes, which blocks their thread. The sandbox and the bucket need other threads.

mod cluster;

use std::time::Duration;

use serde_json::json;

use self::cluster::{Cluster, submission};
use crate::support::{pdf, reference, wait_until};

/// Longer than a lease.
const LEASE_SECONDS: u64 = 5 * 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creates_one_deal_if_two_proxies_receive_the_same_submission() {
    let Some(cluster) = Cluster::start(2).await else { return };
    cluster.set_faults(json!({"kind": "delay", "before_storing_ms": 1_500})).await;
    let body = || submission(&reference(1)).file("a.pdf", "application/pdf", &pdf(300_000));
    let [one, other] = &cluster.proxies[..] else { panic!("two proxies") };
    let (first, second) = tokio::join!(one.submit("quote", body()), other.submit("quote", body()));
    assert_eq!((first.0, second.0), (200, 200), "{first:?} {second:?}");
    assert_eq!(first.1["deal_id"], second.1["deal_id"]);
    assert_eq!(cluster.calls().await.len(), 1);
    let deals = cluster.deals().await;
    assert_eq!(deals.len(), 1);
    assert_eq!(cluster.file_of(&deals[0]).await, pdf(300_000));
    // Any proxy knows the status.
    for proxy in 0..2 {
        cluster.wait_for_state(proxy, &reference(1), "delivered").await;
    }
    cluster.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_proxy_delivers_the_submissions_of_a_killed_proxy() {
    let Some(mut cluster) = Cluster::start(2).await else { return };
    cluster.set_faults(json!({"kind": "drop", "when": "before_reading", "times": 1})).await;
    let killed = cluster.proxies.remove(0);
    let body = submission(&reference(1)).file("a.pdf", "application/pdf", &pdf(6_000_000));
    let sent = tokio::spawn(killed.post("quote", body).send());
    cluster.wait_for_call().await;
    drop(killed);
    let _ = sent.await.unwrap();
    // The claim of the killed proxy is still valid, or its retry is not due.
    cluster.advance_clock(LEASE_SECONDS);
    cluster.wait_for_state(0, &reference(1), "delivered").await;
    let deals = cluster.deals().await;
    assert_eq!(deals.len(), 1);
    assert_eq!(cluster.file_of(&deals[0]).await, pdf(6_000_000));
    cluster.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_stops_leaves_its_waiting_submissions_to_the_others() {
    let Some(mut cluster) = Cluster::start(2).await else { return };
    // The first proxy cannot deliver now, and waits for an hour.
    cluster
        .set_faults(json!({"kind": "status", "code": 503, "retry_after": 3_600, "times": 1}))
        .await;
    let stopped = cluster.proxies.remove(0);
    let (status, json) = stopped.submit("quote", submission(&reference(1))).await;
    assert_eq!((status, json["message"].as_str()), (202, Some("received")), "{json}");
    stopped.terminate();
    assert_eq!(stopped.wait().0, Some(0));
    assert_eq!(cluster.deals().await.len(), 0);
    cluster.advance_clock(3_600);
    cluster.wait_for_state(0, &reference(1), "delivered").await;
    cluster.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_while_proxies_are_replaced() {
    let Some(mut cluster) = Cluster::start(3).await else { return };
    let mut sent = 0_u8;
    for round in 0..3 {
        let mut visitors = tokio::task::JoinSet::new();
        for number in 0..12 {
            sent += 1;
            let mut body = submission(&reference(sent));
            if number % 4 == 0 {
                body = body.file("a.pdf", "application/pdf", &pdf(200_000));
            }
            // The load balancer sends nothing to the proxy that stops now.
            let proxy = (round + 1 + number % 2) % 3;
            visitors.spawn(cluster.proxies[proxy].post("quote", body).send());
        }
        let next = cluster.start_proxy();
        let stopped = std::mem::replace(&mut cluster.proxies[round], next);
        stopped.terminate();
        assert_eq!(stopped.wait().0, Some(0));
        while let Some(response) = visitors.join_next().await {
            let response = response.unwrap().unwrap();
            assert!(response.status().is_success(), "{}", response.status());
        }
    }
    wait_until("everything is delivered", async || {
        cluster.deals().await.len() == usize::from(sent)
    })
    .await;
    assert_eq!(cluster.calls().await.len(), usize::from(sent), "a deal was sent twice");
    cluster.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn survives_a_database_that_is_away() {
    let Some(cluster) = Cluster::with_own_server(2).await else { return };
    let Some(server) = &cluster.server else { return };
    cluster.set_faults(json!({"kind": "delay", "before_responding_ms": 1_000})).await;
    let one = tokio::spawn(cluster.proxies[0].post("quote", submission(&reference(1))).send());
    cluster.wait_for_call().await;
    server.stop();
    // The CRM's reply reaches the visitor, although the proxy cannot store it yet.
    assert_eq!(one.await.unwrap().unwrap().status(), 200);
    // A new submission gets an error before anything is promised, and the widget sends it again.
    let (status, json) = cluster.proxies[1].submit("quote", submission(&reference(2))).await;
    assert_eq!(status, 503, "{json}");
    let ready = cluster.proxies[1].get("/readyz").send().await.unwrap();
    assert_eq!(ready.status(), 503);
    assert!(ready.text().await.unwrap().contains("journal_unreadable"));
    server.resume();
    let other = &cluster.proxies[1];
    wait_until("the proxy is ready again", async || {
        other.get("/readyz").send().await.unwrap().status() == 200
    })
    .await;
    assert_eq!(other.submit("quote", submission(&reference(2))).await.0, 200);
    cluster.wait_for_state(1, &reference(1), "delivered").await;
    assert_eq!((cluster.deals().await.len(), cluster.calls().await.len()), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn promises_nothing_while_the_bucket_is_away() {
    use test_services::s3::{Fault, Operation};

    let Some(cluster) = Cluster::start(1).await else { return };
    let body = || submission(&reference(1)).file("a.pdf", "application/pdf", &pdf(100_000));
    cluster.bucket.fail(Operation::Any, Fault::Unavailable);
    let (status, json) = cluster.proxies[0].submit("quote", body()).await;
    assert_eq!(status, 503, "{json}");
    // Submissions without files are still accepted.
    assert_eq!(cluster.proxies[0].submit("quote", submission(&reference(2))).await.0, 200);
    cluster.bucket.recover();
    assert_eq!(cluster.proxies[0].submit("quote", body()).await.0, 200);
    assert_eq!(cluster.deals().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_list_retry_and_purge_submissions_of_all_proxies() {
    let Some(cluster) = Cluster::start(2).await else { return };
    let refusal = json!({"kind": "refuse", "error_message": "Not today", "times": 2});
    cluster.set_faults(refusal).await;
    for (proxy, number) in [(0, 1), (1, 2)] {
        let body = submission(&reference(number)).file("a.pdf", "application/pdf", &pdf(1_000));
        assert_eq!(cluster.proxies[proxy].submit("quote", body).await.0, 422);
    }
    let list = cluster.submissions(&["list"]);
    assert!(list.contains(&reference(1)) && list.contains(&reference(2)), "{list}");
    let shown = cluster.submissions(&["show", &reference(1), "--content"]);
    assert!(shown.contains("s3://deals/") && shown.contains("Not today"), "{shown}");
    cluster.submissions(&["retry", &reference(1)]);
    cluster.wait_for_state(0, &reference(1), "delivered").await;
    cluster.submissions(&["purge", &reference(2)]);
    assert!(!cluster.submissions(&["list"]).contains(&reference(2)));
    tokio::time::timeout(Duration::from_secs(60), cluster.assert_clean()).await.unwrap();
}
