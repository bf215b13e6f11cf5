use serde_json::json;

use crate::crm::Crm;

const MIKE: [(&str, &str); 3] = [
    ("contact_name", "Mike Douglas"),
    ("contact_email", "mike@example.com"),
    ("contact_phone", "+1 (555) 01-00"),
];

/// Sends Mike's deal, then another, and tells whether both have one contact.
#[track_caller]
fn check(second: &'static [(&'static str, &'static str)], same: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (one, two) = runtime.block_on(async {
        let crm = Crm::start().await;
        crm.send(&MIKE).await;
        let reply = crm.send(second).await;
        assert_eq!(reply["message"], "success", "{reply}");
        let deals = crm.json("/deals.json").await;
        (deals[1]["contact_id"].clone(), deals[0]["contact_id"].clone())
    });
    assert_eq!(one == two, same, "{second:?}: {one} and {two}");
}

#[test]
fn an_email_matches_unless_told_otherwise() {
    check(&[("contact_email", "MIKE@example.com")], true);
    check(&[("contact_email", "mike@example.com"), ("match_with_email", "1")], true);
    check(&[("contact_email", "mike@example.com"), ("match_with_email", "2")], false);
    check(&[("contact_email", "other@example.com")], false);
}

#[test]
fn a_phone_matches_only_when_asked_to() {
    check(&[("contact_phone", "+15550100")], false);
    check(&[("contact_phone", "+15550100"), ("match_with_phone", "1")], true);
    check(&[("contact_phone", "+15550100"), ("match_with_phone", "2")], false);
}

#[test]
fn a_name_matches_only_when_asked_to() {
    check(&[("contact_name", "Mike Douglas")], false);
    check(&[("contact_name", "Mike Douglas"), ("check_name", "1")], true);
    check(&[("contact_name", "Mike Douglas"), ("check_name", "2")], false);
}

#[tokio::test]
async fn a_unique_custom_field_matches_a_contact() {
    let crm = Crm::start().await;
    crm.send(&[("contact_name", "Mike"), ("customer_number", "C-7")]).await;
    crm.send(&[("contact_email", "new@example.com"), ("customer_number", "C-7")]).await;
    let deals = crm.json("/deals.json").await;
    assert_eq!(deals[0]["contact_id"], deals[1]["contact_id"]);
}

#[tokio::test]
async fn a_match_fills_gaps_and_replaces_nothing() {
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
async fn contact_id_updates_email_and_phone_and_ignores_the_name() {
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
async fn a_contact_has_a_source_networks_and_an_address() {
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
async fn a_deal_without_a_contact_has_none() {
    let crm = Crm::start().await;
    crm.send(&[("name", "A deal"), ("contact_source", "campaign1")]).await;
    let deal = crm.deal().await;
    assert!(deal["contact"].is_null() && deal["company"].is_null(), "{deal}");
}

#[tokio::test]
async fn a_company_is_known_by_its_name_email_or_phone() {
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
async fn company_id_updates_email_and_phone_and_ignores_the_name() {
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
