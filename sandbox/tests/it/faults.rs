use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::crm::Crm;

fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}

#[tokio::test]
async fn refuses_the_next_call_with_the_error_message_of_the_fault() {
    let crm = Crm::start().await;
    crm.set_faults(&json!({"kind": "refuse", "error_message": "Not today"})).await;
    assert_eq!(crm.send(&[]).await, json!({"error_message": "Not today"}));
    assert_eq!(crm.json("/deals.json").await, json!([]));
    assert_eq!(crm.send(&[]).await["message"], "success");
}

#[tokio::test]
async fn closes_the_connection_before_or_after_storing() {
    for (when, stored) in [("before_reading", 0), ("before_storing", 0), ("after_storing", 1)] {
        let crm = Crm::start().await;
        crm.set_faults(&json!({"kind": "drop", "when": when})).await;
        let error = crm.call(&[("name", "A deal")]).send().await.unwrap_err();
        assert!(error.is_request() && !error.is_timeout(), "{when}: {error:?}");
        let deals = crm.json("/deals.json").await;
        assert_eq!(deals.as_array().unwrap().len(), stored, "{when}");
        let call = crm.json("/requests.json").await[0].clone();
        assert_eq!(call["response"], "dropped", "{when}");
    }
}

#[tokio::test]
async fn responds_with_the_status_and_retry_after_of_the_fault() {
    let crm = Crm::start().await;
    crm.set_faults(&json!({"kind": "status", "code": 503, "retry_after": 7})).await;
    let response = crm.call(&[]).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "7");
    assert_eq!(crm.json("/deals.json").await, json!([]));
    assert_eq!(crm.json("/requests.json").await[0]["response"], json!({"status": 503}));

    crm.set_faults(&json!({"kind": "status"})).await;
    assert_eq!(crm.call(&[]).send().await.unwrap().status(), 500);
}

#[tokio::test]
async fn responds_with_html_instead_of_json() {
    let crm = Crm::start().await;
    crm.set_faults(&json!({"kind": "html", "when": "after_storing"})).await;
    let response = crm.call(&[]).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert!(response.text().await.unwrap().starts_with("<!doctype html>"));
    assert_eq!(crm.json("/deals.json").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn delays_each_step() {
    for step in ["before_reading_ms", "before_storing_ms", "before_responding_ms"] {
        let crm = Crm::start().await;
        crm.set_faults(&json!({"kind": "delay", step: 150})).await;
        let began = Instant::now();
        assert_eq!(crm.send(&[]).await["message"], "success");
        assert!(began.elapsed() >= Duration::from_millis(150), "{step}");
    }
}

#[tokio::test]
async fn stores_a_call_after_its_client_has_disconnected() {
    let crm = Crm::start().await;
    crm.set_faults(&json!({"kind": "delay", "before_storing_ms": 600_000})).await;
    let call = tokio::spawn(crm.call(&[("name", "Late")]).send());
    crm.wait_until("the call is read", "/requests.json", |calls| !is_empty(&calls[0]["body"]))
        .await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(crm.json("/deals.json").await, json!([]));
    crm.clear_faults().await;
    crm.wait_until("the deal is stored", "/deals.json", |deals| !is_empty(deals)).await;
    assert_eq!(crm.deal().await["name"], "Late");
}

#[tokio::test]
async fn ends_a_delay_in_progress_when_faults_are_cleared() {
    let crm = Crm::start().await;
    crm.set_faults(&json!({"kind": "delay", "before_responding_ms": 600_000})).await;
    let (reply, ()) = tokio::join!(crm.send(&[("name", "Delayed")]), async {
        // The deal is stored before the delay begins.
        crm.wait_until("the deal is stored", "/deals.json", |deals| !is_empty(deals)).await;
        crm.clear_faults().await;
    });
    assert_eq!(reply["message"], "success");
}

#[tokio::test]
async fn applies_faults_in_order_and_as_often_as_requested() {
    let crm = Crm::start().await;
    crm.set_faults(&json!([
        {"kind": "status", "code": 502, "times": 2},
        {"kind": "refuse", "times": "until_cleared"},
    ]))
    .await;
    for _ in 0..2 {
        assert_eq!(crm.call(&[]).send().await.unwrap().status(), 502);
    }
    for _ in 0..3 {
        assert_eq!(crm.send(&[]).await, json!({"error_message": "refused on demand"}));
    }
    assert_eq!(
        crm.json("/faults").await,
        json!([{"kind": "refuse", "when": "before_storing", "times": "until_cleared",
                "error_message": "refused on demand"}])
    );
    crm.clear_faults().await;
    assert_eq!(crm.send(&[]).await["message"], "success");
}

#[tokio::test]
async fn reports_a_mistake_in_a_fault_and_keeps_the_current_faults() {
    let crm = Crm::start().await;
    crm.set_faults(&json!({"kind": "html"})).await;
    let before = crm.json("/faults").await;
    for (fault, message) in [
        (json!({"kind": "explode"}), "unknown variant `explode`"),
        (json!({"kind": "drop", "wen": "after_storing"}), "unknown field `wen`"),
        (json!({"kind": "drop", "code": 500}), "only kind `status` has `code`"),
        (
            json!({"kind": "html", "error_message": "x"}),
            "only kind `refuse` has an `error_message`",
        ),
        (json!({"kind": "status", "code": 99}), "must be a status from 200 to 599"),
        (json!({"kind": "delay"}), "kind `delay` needs"),
        (json!([{"kind": "drop"}, {}]), "missing field `kind`"),
    ] {
        let request = crm.client.put(crm.url("/faults")).json(&fault);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 422, "{fault}");
        let body: Value = response.json().await.unwrap();
        assert!(body["error"].as_str().unwrap().contains(message), "{body}");
    }
    assert_eq!(crm.json("/faults").await, before);
}
