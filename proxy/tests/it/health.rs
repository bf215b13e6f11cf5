//! Health, readiness and metrics.

use deal_proxy::Size;
use serde_json::json;

use crate::support::{Multipart, World, callback, draft, millis, read_json, reference, wait_until};

#[tokio::test]
async fn healthz_responds_with_ok() {
    let world = World::start().await;
    let response = world.get("/healthz").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), "ok");
}

#[tokio::test]
async fn readyz_responds_with_503_while_the_spool_is_not_writable() {
    let world = World::start().await;
    let ready = async || read_json(world.get("/readyz").send().await.unwrap()).await;
    let expected = json!({"ready": true, "reasons": []});
    assert_eq!(ready().await, (200, expected));
    world.wait_for_empty_spool().await;
    std::fs::remove_dir_all(world.folder.path().join("spool")).unwrap();
    // The proxy caches the result for a second.
    wait_until("the proxy is not ready", async || ready().await.0 == 503).await;
    let expected = json!({"ready": false, "reasons": ["spool_not_writable"]});
    assert_eq!(ready().await, (503, expected));
    std::fs::create_dir(world.folder.path().join("spool")).unwrap();
    wait_until("the proxy is ready again", async || ready().await.0 == 200).await;
    assert_eq!(ready().await.1["ready"], true);
}

#[tokio::test]
async fn readyz_reports_a_full_disk() {
    let world = World::with_config(|config| config.limits.disk_floor = Size(u64::MAX)).await;
    let ready = read_json(world.get("/readyz").send().await.unwrap()).await;
    assert_eq!(ready, (503, json!({"ready": false, "reasons": ["disk_full"]})));
}

#[tokio::test]
async fn counts_responses_bytes_and_submissions() {
    let world = World::start().await;
    assert_eq!(world.submit("callback", callback()).await.0, 200);
    assert_eq!(world.submit("callback", Multipart::new()).await.0, 422);
    // Read the whole body, so that the client reuses the connection.
    let form = world.get("/forms/quote").send().await.unwrap();
    assert_eq!(form.status(), 200);
    form.bytes().await.unwrap();
    let response = world.get("/metrics").send().await.unwrap();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(media_type.starts_with("application/openmetrics-text; version=1.0.0"), "{media_type}");
    response.bytes().await.unwrap();
    let body = callback().finish().1.len() + Multipart::new().finish().1.len();
    let lines = [
        "deal_proxy_responses_total{method=\"POST\",route=\"/forms/{id}\",status=\"200\",code=\"\"} 1".to_owned(),
        "deal_proxy_responses_total{method=\"GET\",route=\"/forms/{id}\",status=\"200\",code=\"\"} 1".to_owned(),
        "deal_proxy_responses_total{method=\"POST\",route=\"/forms/{id}\",status=\"422\",code=\"problems\"} 1"
            .to_owned(),
        "deal_proxy_response_seconds_count{method=\"POST\",route=\"/forms/{id}\"} 2".to_owned(),
        format!("deal_proxy_received_bytes_total {body}"),
        "deal_proxy_connections 1".to_owned(),
        "deal_proxy_uploads 0".to_owned(),
        "deal_proxy_submissions{state=\"delivered\"} 1".to_owned(),
        "deal_proxy_submissions{state=\"queued\"} 0".to_owned(),
        "deal_proxy_deliveries_paused 0".to_owned(),
        "# EOF".to_owned(),
    ];
    // The proxy counts a closed connection until it notices that the connection has ended.
    world.wait_for_metrics(&lines).await;
}

#[tokio::test]
async fn hides_the_metrics_from_visitors() {
    let world = World::start().await;
    let visitor = world.get("/metrics").header("x-forwarded-for", "192.0.2.1");
    assert_eq!(visitor.send().await.unwrap().status(), 404);
    // These requests come through a reverse proxy that does not name the client's address.
    for (name, value) in [
        ("x-forwarded-for", "unknown"),
        ("x-forwarded-for", ""),
        ("x-forwarded-host", "leads.example.com"),
        ("forwarded", "for=192.0.2.1"),
        ("via", "1.1 front"),
    ] {
        let forwarded = world.get("/metrics").header(name, value).send().await.unwrap();
        assert_eq!(forwarded.status(), 404, "{name}: {value}");
    }
    let internal = world.get("/metrics").header("x-forwarded-for", "127.0.0.1");
    assert_eq!(internal.send().await.unwrap().status(), 200);
    let world = World::with_config(|config| config.trusted_proxies.clear()).await;
    assert_eq!(world.get("/metrics").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn counts_submissions_by_form_and_outcome_and_the_attempts() {
    let world = World::with_config(|config| config.delivery.give_up = millis(150)).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
    world.set_faults(json!({"kind": "refuse", "error_message": "Wrong stage"})).await;
    assert_eq!(world.submit("callback", draft(&reference(2))).await.0, 422);
    world.set_faults(json!({"kind": "status", "code": 503, "times": "until_cleared"})).await;
    assert_eq!(world.submit("callback", draft(&reference(3))).await.0, 202);
    world.wait_for_state("callback", &reference(3), "failed").await;
    let count = |form: &str, outcome: &str, count: u32| {
        format!(
            "deal_proxy_form_submissions_total{{form=\"{form}\",outcome=\"{outcome}\"}} {count}"
        )
    };
    let lines = [
        count("callback", "received", 3),
        count("callback", "delivered", 1),
        count("callback", "refused", 1),
        count("callback", "failed", 1),
        // The counters exist from the start, so that Prometheus sees the first increase.
        count("quote", "received", 0),
        "deal_proxy_oldest_queued_seconds 0".to_owned(),
    ];
    world.wait_for_metrics(&lines).await;
    let text = world.get("/metrics").send().await.unwrap().text().await.unwrap();
    let value = |name: &str| -> u64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().parse().unwrap()
    };
    assert!(value("deal_proxy_delivery_attempts_total{form=\"callback\"}") >= 4, "{text}");
    assert!(value("deal_proxy_free_disk_bytes") > 1_000_000, "{text}");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(value(&format!("deal_proxy_build_info{{version=\"{version}\"}}")), 1);
    assert!(!text.contains("deal_proxy_form_submissions_total{form=\"unknown"), "{text}");
}

#[tokio::test]
async fn reports_the_age_of_the_oldest_queued_submission() {
    let world = World::with_config(|config| config.delivery.retry_first = millis(600_000)).await;
    world.set_faults(json!({"kind": "status", "code": 503, "times": "until_cleared"})).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    wait_until("the submission is older than a second", async || {
        let text = world.get("/metrics").send().await.unwrap().text().await.unwrap();
        let age =
            text.lines().find_map(|line| line.strip_prefix("deal_proxy_oldest_queued_seconds "));
        age.unwrap().parse::<u32>().unwrap() > 1
    })
    .await;
}

/// A page that is not allowed usually only requests the form. The response to this request is not an error.
#[tokio::test]
async fn counts_requests_from_rejected_origins_for_each_form() {
    let world = World::start().await;
    for _ in 0..2 {
        let read = world.get("/forms/quote").header("origin", "https://www.example.com");
        assert_eq!(read.send().await.unwrap().status(), 200);
    }
    let own = format!("http://{}", world.proxy.addr);
    let read = world.get("/forms/callback").header("origin", own);
    assert_eq!(read.send().await.unwrap().status(), 200);
    let count = |form: &str, count: u32| {
        format!("deal_proxy_rejected_origins_total{{form=\"{form}\"}} {count}")
    };
    world.wait_for_metrics(&[count("quote", 2), count("callback", 0)]).await;
}

/// Anybody can send any method and any address.
#[tokio::test]
async fn creates_no_labels_for_invented_methods_and_forms() {
    let world = World::start().await;
    for method in ["BREW", "PROPFIND"] {
        let method = method.parse().unwrap();
        world.client.request(method, world.url("/forms/quote")).send().await.unwrap();
    }
    assert_eq!(world.submit("invented", callback()).await.0, 404);
    let text = world.get("/metrics").send().await.unwrap().text().await.unwrap();
    assert!(text.contains("{method=\"other\",route=\"/forms/{id}\",status=\"405\""), "{text}");
    assert!(!text.contains("BREW") && !text.contains("invented"), "{text}");
}
