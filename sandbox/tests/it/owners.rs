use serde_json::{Value, json};

use crate::crm::Crm;

#[tokio::test]
async fn assigns_deals_to_the_members_of_a_group_in_turn() {
    let crm = Crm::start().await;
    let mut owners = Vec::new();
    for _ in 0..3 {
        crm.send(&[("owner_group", "Inbound")]).await;
        owners.push(crm.json("/deals.json").await[0]["owner_email"].clone());
    }
    assert_eq!(owners, ["ana@company.com", "ben@company.com", "ana@company.com"]);
}

#[tokio::test]
async fn prefers_an_owner_to_a_group_and_ignores_unknown_users() {
    let crm = Crm::start().await;
    for (email, expected) in
        [("user1@company.com", json!("user1@company.com")), ("user@email.com", Value::Null)]
    {
        crm.send(&[
            ("owner_email", email),
            ("owner_group", "Inbound"),
            ("dealcollaborator_email", email),
            ("dealcollaboratoronly_email", email),
        ])
        .await;
        let deal = crm.json("/deals.json").await[0].clone();
        assert_eq!(deal["owner_email"], expected);
        assert_eq!(deal["dealcollaborator_email"], expected);
        assert_eq!(deal["dealcollaboratoronly_email"], expected);
    }
}

#[tokio::test]
async fn assigns_a_deal_to_the_owner_of_its_contact_on_request() {
    let crm = Crm::start().await;
    let contact = ("contact_email", "mike@example.com");
    crm.send(&[contact, ("owner_email", "ben@company.com")]).await;
    crm.send(&[contact, ("owner_email", "ana@company.com"), ("use_contact_owner", "2")]).await;
    assert_eq!(crm.json("/deals.json").await[0]["owner_email"], "ben@company.com");
    crm.send(&[contact, ("owner_email", "ana@company.com"), ("use_contact_owner", "1")]).await;
    assert_eq!(crm.json("/deals.json").await[0]["owner_email"], "ana@company.com");
}

fn emails(deal: &Value) -> Vec<(&str, &str, &str)> {
    let emails = deal["emails"].as_array().unwrap().iter();
    emails
        .map(|email| {
            let text = |name: &str| email[name].as_str().unwrap();
            (text("asked_by"), text("to"), text("subject"))
        })
        .collect()
}

#[tokio::test]
async fn stores_no_email_without_a_request() {
    let crm = Crm::start().await;
    crm.send(&[
        ("contact_email", "mike@example.com"),
        ("owner_email", "ana@company.com"),
        ("send_email_to_contact", "2"),
        ("email_notify_owner", "2"),
    ])
    .await;
    assert_eq!(crm.deal().await["emails"], json!([]));
}

#[tokio::test]
async fn stores_requested_emails_with_the_deal() {
    let crm = Crm::start().await;
    let call = [
        ("external_reference_id", "web-1"),
        ("name", "Selling Product"),
        ("contact_email", "mike@example.com"),
        ("send_email_to_contact", "1"),
        ("owner_email", "ana@company.com"),
        ("email_notify_owner", "1"),
        ("notifyToEmail", "user1@company.com"),
        ("notifyEmailSubject", "A lead"),
        ("notifyEmailExtraText", "Please reply today."),
    ];
    crm.send(&call).await;
    let deal = crm.deal().await;
    assert_eq!(
        emails(&deal),
        [
            (
                "send_email_to_contact",
                "mike@example.com",
                "New Deal Creation Notification from Sandbox Company"
            ),
            ("notifyToEmail", "user1@company.com", "A lead"),
            ("email_notify_owner", "ana@company.com", "A new deal was assigned to you"),
        ]
    );
    assert_eq!(deal["emails"][0]["body"], "Deal: Selling Product\nDeal ID: 1");
    assert_eq!(deal["emails"][1]["body"], "Deal: Selling Product\nDeal ID: 1\nPlease reply today.");

    crm.send(&call).await;
    let deal = crm.deal().await;
    let notified = emails(&deal).into_iter().filter(|(by, ..)| *by == "notifyToEmail").count();
    assert_eq!(notified, 1, "an update must not send the email about a new deal");
}
