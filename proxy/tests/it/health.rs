//! How the proxy says that it is well.

use std::time::Duration;

use serde_json::json;

use crate::support::{Multipart, World, answer, callback};

#[tokio::test]
async fn a_running_proxy_says_ok() {
    let world = World::start().await;
    let response = world.get("/healthz").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), "ok");
}

#[tokio::test]
async fn a_proxy_is_ready_as_long_as_it_can_write_files() {
    let world = World::start().await;
    let ready = async || answer(world.get("/readyz").send().await.unwrap()).await;
    let said = json!({"ready": true, "spool": true, "journal": true, "stopping": false});
    assert_eq!(ready().await, (200, said));
    world.spool_empties().await;
    std::fs::remove_dir_all(world.folder.path().join("spool")).unwrap();
    // What is known counts for a second.
    let becomes = async |status: u16| loop {
        let answer = ready().await;
        if answer.0 == status {
            break answer.1;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let said = json!({"ready": false, "spool": false, "journal": true, "stopping": false});
    assert_eq!(becomes(503).await, said);
    std::fs::create_dir(world.folder.path().join("spool")).unwrap();
    assert_eq!(becomes(200).await["ready"], true);
}

#[tokio::test]
async fn what_happens_is_counted() {
    let world = World::start().await;
    assert_eq!(world.submit("callback", callback()).await.0, 200);
    assert_eq!(world.submit("callback", Multipart::new()).await.0, 422);
    // Read to its end, so that the next request has the same connection.
    let form = world.get("/forms/quote").send().await.unwrap();
    assert_eq!(form.status(), 200);
    form.bytes().await.unwrap();
    let response = world.get("/metrics").send().await.unwrap();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(media_type.starts_with("application/openmetrics-text; version=1.0.0"), "{media_type}");
    response.bytes().await.unwrap();
    let body = callback().finish().1.len() + Multipart::new().finish().1.len();
    let lines = [
        "deal_proxy_answers_total{route=\"/forms/{id}\",status=\"200\",code=\"\"} 2".to_owned(),
        "deal_proxy_answers_total{route=\"/forms/{id}\",status=\"422\",code=\"problems\"} 1"
            .to_owned(),
        "deal_proxy_answer_seconds_count{route=\"/forms/{id}\"} 3".to_owned(),
        format!("deal_proxy_received_bytes_total {body}"),
        "deal_proxy_connections 1".to_owned(),
        "deal_proxy_uploads 0".to_owned(),
        "deal_proxy_submissions{state=\"delivered\"} 1".to_owned(),
        "deal_proxy_submissions{state=\"queued\"} 0".to_owned(),
        "deal_proxy_deliveries_paused 0".to_owned(),
        "# EOF".to_owned(),
    ];
    // A connection that has served counts until its end is seen.
    world.counts(&lines).await;
}

#[tokio::test]
async fn visitors_do_not_get_the_counts() {
    let world = World::start().await;
    let visitor = world.get("/metrics").header("x-forwarded-for", "192.0.2.1");
    assert_eq!(visitor.send().await.unwrap().status(), 404);
    // A proxy in front that does not say for whom it asks.
    for (name, value) in [
        ("x-forwarded-for", "unknown"),
        ("x-forwarded-for", ""),
        ("x-forwarded-host", "leads.example.com"),
        ("forwarded", "for=192.0.2.1"),
        ("via", "1.1 front"),
    ] {
        let handed_on = world.get("/metrics").header(name, value).send().await.unwrap();
        assert_eq!(handed_on.status(), 404, "{name}: {value}");
    }
    let inside = world.get("/metrics").header("x-forwarded-for", "127.0.0.1");
    assert_eq!(inside.send().await.unwrap().status(), 200);
    let world = World::with(|config| config.trusted_proxies.clear()).await;
    assert_eq!(world.get("/metrics").send().await.unwrap().status(), 404);
}
