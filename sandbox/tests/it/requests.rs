use serde_json::json;

use crate::crm::Crm;

#[tokio::test]
async fn each_call_is_written_down_without_its_values() {
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
            "outcome": "added", "deal_id": "1", "error_message": null, "answer": "json",
        })
    );
}

#[tokio::test]
async fn what_became_of_a_call_is_told() {
    let crm = Crm::start().await;
    crm.send(&[("external_reference_id", "web-1")]).await;
    crm.send(&[("external_reference_id", "web-1")]).await;
    crm.send(&[("check_name", "0")]).await;
    crm.set_faults(&json!({"kind": "html"})).await;
    crm.call(&[]).send().await.unwrap();
    let calls = crm.json("/requests.json").await;
    let told: Vec<_> = calls
        .as_array()
        .unwrap()
        .iter()
        .map(|call| (call["outcome"].as_str().unwrap(), call["answer"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("added", "json"), ("updated", "json"), ("refused", "json"), ("not_stored", "html")]
    );
    assert_eq!(calls[2]["error_message"], "check_name must be 1 or 2");
}

#[tokio::test]
async fn the_page_and_the_lists_are_no_calls() {
    let crm = Crm::start().await;
    for path in ["/", "/deals.json", "/faults"] {
        crm.get(path).await;
    }
    assert_eq!(crm.json("/requests.json").await, json!([]));
}
