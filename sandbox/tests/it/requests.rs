use serde_json::json;

use crate::crm::{Crm, REFERENCE};

#[tokio::test]
async fn logs_each_call_without_its_values() {
    let crm = Crm::start().await;
    let call = crm.call(&[("name", "Secret"), ("name", "Secret 2")]).query(&[("stage", "Secret")]);
    call.send().await.unwrap();
    let text = crm.get("/requests.json").await.text().await.unwrap();
    assert!(!text.contains("Secret") && !text.contains("sandbox-key"), "{text}");
    let calls: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(calls.as_array().unwrap().len(), 1);
    let mut call = calls[0].clone();
    for time in ["at", "finished"] {
        assert!(call[time].take().as_str().unwrap().ends_with('Z'));
    }
    assert_eq!(
        call,
        json!({
            "number": 1, "at": null, "finished": null, "method": "POST",
            "content_type": "application/x-www-form-urlencoded",
            "query": ["stage"], "body": ["key", "name", "name"], "files": [], "ignored": [],
            "overlaps": null,
            "outcome": "added", "deal_id": "1", "error_message": null, "response": "json",
        })
    );
}

#[tokio::test]
async fn logs_the_outcome_and_the_response_of_each_call() {
    let crm = Crm::start().await;
    crm.send(&[REFERENCE]).await;
    crm.send(&[REFERENCE]).await;
    crm.send(&[("check_name", "0")]).await;
    crm.set_faults(&json!({"kind": "html"})).await;
    crm.call(&[]).send().await.unwrap();
    let calls = crm.json("/requests.json").await;
    let results: Vec<_> = calls
        .as_array()
        .unwrap()
        .iter()
        .map(|call| (call["outcome"].as_str().unwrap(), call["response"].as_str().unwrap()))
        .collect();
    assert_eq!(
        results,
        [("added", "json"), ("updated", "json"), ("refused", "json"), ("not_stored", "html")]
    );
    assert_eq!(calls[2]["error_message"], "check_name must be 1 or 2");
}

#[tokio::test]
async fn reports_two_calls_with_one_reference_at_the_same_time() {
    let crm = Crm::start().await;
    let other = [("external_reference_id", "other")];
    crm.set_faults(&json!({"kind": "delay", "before_responding_ms": 500, "times": 3})).await;
    tokio::join!(crm.send(&[REFERENCE]), crm.send(&[REFERENCE]), crm.send(&other));
    crm.send(&[REFERENCE]).await;
    let calls = crm.json("/requests.json").await;
    let overlaps = calls.as_array().unwrap().iter().filter(|call| !call["overlaps"].is_null());
    assert_eq!(overlaps.count(), 1, "{calls}");
}

#[tokio::test]
async fn does_not_log_requests_for_the_page_and_the_lists() {
    let crm = Crm::start().await;
    for path in ["/", "/deals.json", "/faults"] {
        crm.get(path).await;
    }
    assert_eq!(crm.json("/requests.json").await, json!([]));
}
