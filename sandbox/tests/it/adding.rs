use serde_json::{Value, json};

use crate::crm::{Crm, FILE, REFERENCE};

#[tokio::test]
async fn replies_with_the_documented_keys_in_order() {
    let crm = Crm::start().await;
    let reply = crm.call(&[("name", "Selling Product")]).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.headers()["content-type"], "application/json");
    assert_eq!(
        reply.text().await.unwrap(),
        r#"{"message":"success","deal_id":"1","external_reference_id":"","expected_closing_date":"","actual_closing_date":"","expected_closing_amount":"","actual_closing_amount":"","stage":"New","resolution":"open"}"#
    );
}

#[tokio::test]
async fn repeats_sent_values_in_the_reply() {
    let crm = Crm::start().await;
    let sent = [
        ("external_reference_id", "Deal656588"),
        ("expected_closing_date", "2024-02-29"),
        ("actual_closing_date", "2020-09-30"),
        ("expected_closing_amount", "1 250,00"),
        ("actual_closing_amount", "1.250"),
        ("stage", "Proposal"),
        ("resolution", "won"),
    ];
    let reply = crm.send(&sent).await;
    for (name, value) in sent {
        assert_eq!(reply[name], value, "{name}");
    }
}

#[tokio::test]
async fn updates_only_the_sent_values_of_a_deal_with_a_known_reference() {
    let crm = Crm::start().await;
    let first = crm.send(&[REFERENCE, ("name", "First"), ("stage", "Qualified")]).await;
    let second = crm.send(&[REFERENCE, ("name", "Second"), ("won_reasons", "")]).await;
    assert_eq!(first["deal_id"], second["deal_id"]);
    assert_eq!(second["stage"], "Qualified");
    let deal = crm.deal().await;
    assert_eq!(deal["name"], "Second");
    assert_eq!(deal["updates"], 1);
    assert_eq!(
        deal["parameters"],
        json!({"external_reference_id": "web-1", "name": "Second", "stage": "Qualified"})
    );
}

#[tokio::test]
async fn ignores_empty_values() {
    let crm = Crm::start().await;
    let id = crm.send(&[("name", "Kept"), ("expected_closing_date", "")]).await["deal_id"].clone();
    crm.send(&[("deal_id", id.as_str().unwrap()), ("name", ""), ("resolution", "")]).await;
    assert_eq!(crm.deal().await["name"], "Kept");
}

#[tokio::test]
async fn prefers_deal_id_to_a_reference() {
    let crm = Crm::start().await;
    let one = crm.send(&[("external_reference_id", "one")]).await["deal_id"].clone();
    let two = crm.send(&[("external_reference_id", "two")]).await["deal_id"].clone();
    let one_id = one.as_str().unwrap();
    let reply =
        crm.send(&[("deal_id", one_id), ("external_reference_id", "two"), ("name", "First")]).await;
    assert_eq!(reply["deal_id"], one);
    assert_eq!(reply["external_reference_id"], "one");
    let deals = crm.json("/deals.json").await;
    assert_eq!(deals[0]["deal_id"], two, "the newest deal comes first");
    assert_eq!(deals[0]["name"], Value::Null);
    assert_eq!(deals[1]["name"], "First");
}

#[tokio::test]
async fn adds_a_deal_for_each_call_without_a_reference() {
    let crm = Crm::start().await;
    crm.send(&[("name", "Same")]).await;
    crm.send(&[("name", "Same")]).await;
    assert_eq!(crm.json("/deals.json").await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn creates_one_deal_from_simultaneous_calls_with_the_same_reference() {
    let crm = std::sync::Arc::new(Crm::start().await);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let crm = std::sync::Arc::clone(&crm);
            tokio::spawn(async move { crm.send(&[REFERENCE]).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap()["deal_id"], "1");
    }
    assert_eq!(crm.deal().await["updates"], 19);
}

#[tokio::test]
async fn reads_parameters_from_query_and_body_and_prefers_the_body() {
    let crm = Crm::start().await;
    let api = crm.sandbox.api_url();
    let get = crm.client.get(&api).query(&[("key", "sandbox-key"), ("stage", "Won")]);
    let reply: Value = get.send().await.unwrap().json().await.unwrap();
    assert_eq!(reply["stage"], "Won");

    let both = crm.call(&[("name", "Body"), ("name", "Last in the body")]);
    both.query(&[("name", "Query"), ("stage", "Lost")]).send().await.unwrap();
    let deals = crm.json("/deals.json").await;
    assert_eq!(deals[0]["name"], "Last in the body");
    assert_eq!(deals[0]["stage"], "Lost");
}

#[tokio::test]
async fn reads_parameters_from_a_multipart_form() {
    let crm = Crm::start().await;
    let reply = crm
        .send_parts(&[
            (r#"name="stage""#, b"Proposal"),
            (r#"name="name""#, "Größe\r\n2".as_bytes()),
        ])
        .await;
    assert_eq!(reply["stage"], "Proposal");
    assert_eq!(crm.deal().await["name"], "Größe\r\n2");
}

#[tokio::test]
async fn adds_and_removes_tags() {
    let crm = Crm::start().await;
    crm.send(&[REFERENCE, ("tags", "tag1, tag2,tag3"), ("remove_tags", "tag1")]).await;
    assert_eq!(crm.deal().await["tags"], json!(["tag1", "tag2", "tag3"]));
    crm.send(&[REFERENCE, ("tags", "tag4,tag3"), ("remove_tags", "tag1, tag2")]).await;
    assert_eq!(crm.deal().await["tags"], json!(["tag3", "tag4"]));
}

#[tokio::test]
async fn adds_each_note_to_the_timeline() {
    let crm = Crm::start().await;
    crm.send(&[REFERENCE, ("note_title", "Title"), ("note", "One")]).await;
    crm.send(&[REFERENCE, ("note", "Two")]).await;
    let notes = crm.deal().await["notes"].clone();
    assert_eq!((&notes[0]["title"], &notes[0]["text"]), (&json!("Title"), &json!("One")));
    assert_eq!((&notes[1]["title"], &notes[1]["text"]), (&Value::Null, &json!("Two")));
}

#[tokio::test]
async fn keeps_deals_and_files_after_a_restart() {
    let crm = Crm::start().await;
    crm.send_parts(&[(r#"name="external_reference_id""#, b"web-1"), FILE]).await;
    let before = crm.deal().await;

    let crm = crm.restart().await;
    let after = crm.deal().await;
    assert_eq!(before, after);
    let url = after["attachments"][0]["url"].as_str().unwrap();
    assert_eq!(crm.get(url).await.bytes().await.unwrap(), "bytes");
    assert_eq!(crm.send(&[REFERENCE]).await["deal_id"], "1");
}

#[tokio::test]
async fn removes_all_data_on_reset() {
    let crm = Crm::start().await;
    crm.send_parts(&[(r#"name="contact_email""#, b"a@example.com"), FILE]).await;
    crm.set_faults(&json!({"kind": "drop"})).await;
    let reset = crm.client.post(crm.url("/reset")).send().await.unwrap();
    assert_eq!(reset.status(), 204);
    for list in ["/deals.json", "/requests.json", "/faults"] {
        assert_eq!(crm.json(list).await, json!([]), "{list}");
    }
    assert_eq!(crm.get("/files/1").await.status(), 404);
    assert_eq!(std::fs::read_dir(crm.folder.path().join("files")).unwrap().count(), 0);
    assert_eq!(crm.send(&[("contact_id", "1")]).await["message"], Value::Null);
}
