use crm_sandbox::CustomField;
use serde_json::json;

use crate::crm::Crm;

const MIKE: [(&str, &str); 3] = [
    ("contact_name", "Mike Douglas"),
    ("contact_email", "mike@example.com"),
    ("contact_phone", "+1 (555) 01-00"),
];

#[tokio::test]
async fn matches_a_contact_by_email_by_default_and_by_phone_or_name_on_request() {
    for (second, is_match) in [
        (&[("contact_email", "MIKE@example.com")][..], true),
        (&[("contact_email", "mike@example.com"), ("match_with_email", "1")], true),
        (&[("contact_email", "mike@example.com"), ("match_with_email", "2")], false),
        (&[("contact_email", "other@example.com")], false),
        (&[("contact_phone", "+15550100")], false),
        (&[("contact_phone", "+15550100"), ("match_with_phone", "1")], true),
        (&[("contact_phone", "+15550100"), ("match_with_phone", "2")], false),
        (&[("contact_name", "Mike Douglas")], false),
        (&[("contact_name", "Mike Douglas"), ("check_name", "1")], true),
        (&[("contact_name", "Mike Douglas"), ("check_name", "2")], false),
    ] {
        let crm = Crm::start().await;
        crm.send(&MIKE).await;
        let reply = crm.send(second).await;
        assert_eq!(reply["message"], "success", "{second:?}: {reply}");
        let deals = crm.json("/deals.json").await;
        assert_eq!(deals[0]["contact_id"] == deals[1]["contact_id"], is_match, "{second:?}");
    }
}

#[tokio::test]
async fn matches_a_contact_by_a_unique_custom_field() {
    let crm = Crm::start_with(|options| {
        options.custom_fields = vec![CustomField::unique("customer_number")];
    })
    .await;
    crm.send(&[("contact_name", "Mike"), ("customer_number", "C-7")]).await;
    crm.send(&[("contact_email", "new@example.com"), ("customer_number", "C-7")]).await;
    let deals = crm.json("/deals.json").await;
    assert_eq!(deals[0]["contact_id"], deals[1]["contact_id"]);
}

#[tokio::test]
async fn adds_missing_values_to_a_matched_contact_without_replacing_others() {
    let crm = Crm::start().await;
    crm.send(&[("contact_email", "mike@example.com"), ("contact_name", "Mike")]).await;
    crm.send(&[
        ("contact_email", "mike@example.com"),
        ("contact_name", "Somebody else"),
        ("contact_phone", "555"),
    ])
    .await;
    let contact = crm.json("/deals.json").await[0]["contact"].clone();
    assert_eq!(contact["name"], "Mike");
    assert_eq!(contact["phone"], "555");
}

#[tokio::test]
async fn updates_email_and_phone_but_not_the_name_of_a_contact_given_by_id() {
    let crm = Crm::start().await;
    crm.send(&MIKE).await;
    crm.send(&[
        ("contact_id", "1"),
        ("contact_name", "Ignored"),
        ("contact_email", "new@example.com"),
        ("contact_phone", "555"),
    ])
    .await;
    let deals = crm.json("/deals.json").await;
    for deal in [&deals[0], &deals[1]] {
        let contact = &deal["contact"];
        assert_eq!(contact["contact_id"], "1");
        assert_eq!(contact["name"], "Mike Douglas");
        assert_eq!(contact["email"], "new@example.com");
        assert_eq!(contact["phone"], "555");
    }
}

#[tokio::test]
async fn stores_source_social_profiles_and_address_of_a_contact() {
    let crm = Crm::start().await;
    crm.send(&[
        ("contact_email", "mike@example.com"),
        ("contact_source", "campaign1"),
        ("contact_facebook", "a"),
        ("contact_twitter", "b"),
        ("contact_skype", "c"),
        ("contact_linkedin", "d"),
        ("contact_pinterest", "e"),
        ("contact_googlePlus", "f"),
        ("contact_instagram", "g"),
        ("contact_address_street", "4806 Reppert Coal Road"),
        ("contact_address_city", "Bloomfield Township"),
        ("contact_address_zipcode", "48302"),
    ])
    .await;
    let contact = crm.deal().await["contact"].clone();
    assert_eq!(contact["source"], "campaign1");
    assert_eq!(
        contact["socials"],
        json!({"facebook": "a", "twitter": "b", "skype": "c", "linkedin": "d", "pinterest": "e",
               "googlePlus": "f", "instagram": "g"})
    );
    assert_eq!(
        contact["address"],
        json!({"street": "4806 Reppert Coal Road", "city": "Bloomfield Township",
               "zipcode": "48302"})
    );
}

#[tokio::test]
async fn creates_no_contact_without_a_name_email_or_phone() {
    let crm = Crm::start().await;
    crm.send(&[("name", "A deal"), ("contact_source", "campaign1")]).await;
    let deal = crm.deal().await;
    assert!(deal["contact"].is_null() && deal["company"].is_null(), "{deal}");
}

#[tokio::test]
async fn matches_a_company_by_name_email_or_phone() {
    let crm = Crm::start().await;
    crm.send(&[
        ("company_name", "Hubb UCS Company"),
        ("company_email", "email@website.com"),
        ("company_phone", "54065486544"),
    ])
    .await;
    for (name, value, expected) in [
        ("company_name", "hubb ucs company", "1"),
        ("company_email", "email@website.com", "1"),
        ("company_phone", "5406 5486 544", "1"),
        ("company_name", "Another", "2"),
    ] {
        crm.send(&[(name, value)]).await;
        assert_eq!(crm.json("/deals.json").await[0]["company_id"], expected, "{name}={value}");
    }
}

#[tokio::test]
async fn updates_the_email_but_not_the_name_of_a_company_given_by_id() {
    let crm = Crm::start().await;
    crm.send(&[("company_name", "Hubb UCS Company")]).await;
    crm.send(&[("company_id", "1"), ("company_name", "Ignored"), ("company_email", "a@b.com")])
        .await;
    let company = crm.json("/deals.json").await[0]["company"].clone();
    assert_eq!(
        company,
        json!({"company_id": "1", "name": "Hubb UCS Company", "email": "a@b.com", "phone": null})
    );
}
