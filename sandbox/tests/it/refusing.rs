use serde_json::{Value, json};

use crate::crm::Crm;

/// Sends one parameter, compares the whole reply and checks that nothing was stored.
async fn check(crm: &Crm, name: &str, value: &str, message: &str) {
    let reply = crm.call(&[("name", "A deal"), (name, value)]).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    let reply: Value = reply.json().await.unwrap();
    assert_eq!(reply, json!({ "error_message": message }), "{name}={value}");
    assert_eq!(crm.json("/deals.json").await, json!([]));
}

#[tokio::test]
async fn refuses_a_missing_or_wrong_key() {
    let crm = Crm::start().await;
    let api = crm.sandbox.api_url();
    for (query, message) in [
        ("", "key is missing"),
        ("key=", "key is missing"),
        ("key=other", "key is not a valid API key"),
    ] {
        let reply = crm.client.get(format!("{api}?{query}")).send().await.unwrap();
        assert_eq!(reply.status(), 200);
        let reply: Value = reply.json().await.unwrap();
        assert_eq!(reply, json!({ "error_message": message }), "{query}");
    }
    assert_eq!(crm.json("/deals.json").await, json!([]));
}

#[tokio::test]
async fn refuses_invalid_values() {
    let crm = Crm::start().await;
    let flags = [
        "send_email_to_contact",
        "match_with_email",
        "match_with_phone",
        "check_name",
        "create_new_stage",
        "create_new_funnel",
        "create_new_reason_name",
        "create_new_deal_score",
        "use_contact_owner",
        "email_notify_owner",
        "auto_create_custom_fields",
    ];
    let ids = ["1", "0", "-1", "x", "99999999999999999999"];
    for (names, values, message) in [
        (
            &["expected_closing_date", "actual_closing_date"][..],
            &["2023-02-29", "2020-9-30", "30.09.2020", "2020-09-30 ", "soon"][..],
            "must be a date in the format YYYY-mm-dd",
        ),
        (
            &["expected_closing_amount", "actual_closing_amount"],
            &["-5", ",.", " ", "5 EUR", "1e3"],
            "may only contain numbers, spaces and the characters , and .",
        ),
        (&flags, &["0", "3", "true", " 1", "12"], "must be 1 or 2"),
        (&["resolution"], &["Open", "pending", "won "], "must be open, closed, won or lost"),
        (&["deal_id"], &ids, "is not the ID of a deal"),
        (&["contact_id"], &ids, "is not the ID of a contact"),
        (&["company_id"], &ids, "is not the ID of a company"),
    ] {
        for name in names {
            for value in values {
                check(&crm, name, value, &format!("{name} {message}")).await;
            }
        }
    }
}

#[tokio::test]
async fn refuses_an_incomplete_form_and_leaves_no_file() {
    let crm = Crm::start().await;
    let body = "--limit\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nsandbox-key\r\n\
                --limit\r\nContent-Disposition: form-data; name=\"attachments[]\"; \
                filename=\"a.pdf\"\r\n\r\nhalf of";
    let request = crm.client.post(crm.sandbox.api_url()).body(body);
    let request = request.header("content-type", "multipart/form-data; boundary=limit");
    let reply: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(reply, json!({"error_message": "the request body could not be read"}));
    assert_eq!(crm.json("/deals.json").await, json!([]));
    assert_eq!(std::fs::read_dir(crm.folder.path().join("incoming")).unwrap().count(), 0);
}

#[tokio::test]
async fn serves_only_get_and_post() {
    let crm = Crm::start().await;
    let url = format!("{}?key=sandbox-key", crm.sandbox.api_url());
    for request in [crm.client.head(&url), crm.client.put(&url), crm.client.delete(&url)] {
        assert_eq!(request.send().await.unwrap().status(), 405);
    }
    assert_eq!(crm.json("/deals.json").await, json!([]));
}
