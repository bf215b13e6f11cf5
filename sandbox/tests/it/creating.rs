use crm_sandbox::CustomField;
use serde_json::{Value, json};

use crate::crm::{Crm, REFERENCE};

#[tokio::test]
async fn creates_a_list_entry_only_if_its_flag_is_2() {
    for (field, flag, initial, listed) in [
        ("stage", "create_new_stage", json!("New"), "Qualified"),
        ("funnel", "create_new_funnel", json!("Sales"), "Partners"),
        ("reason_name", "create_new_reason_name", Value::Null, "Price"),
        ("deal_score", "create_new_deal_score", Value::Null, "Hot"),
    ] {
        let crm = Crm::start().await;
        for flags in [&[][..], &[(flag, "1")]] {
            let call = [&[REFERENCE, (field, "Unlisted")], flags].concat();
            assert_eq!(crm.send(&call).await["message"], "success");
            assert_eq!(crm.deal().await[field], initial, "{field}: the name is ignored");
        }
        crm.send(&[REFERENCE, (field, "Created"), (flag, "2")]).await;
        assert_eq!(crm.deal().await[field], "Created", "{field}: the name is created");
        crm.send(&[REFERENCE, (field, &listed.to_uppercase())]).await;
        assert_eq!(crm.deal().await[field], listed, "{field}: the spelling of the list is used");
        crm.send(&[REFERENCE, (field, "Created")]).await;
        assert_eq!(crm.deal().await[field], "Created", "{field}: the new name is on the list");
    }
}

#[tokio::test]
async fn creates_an_unknown_deal_type() {
    let crm = Crm::start().await;
    crm.send(&[("deal_type", "Brand new")]).await;
    assert_eq!(crm.deal().await["deal_type"], "Brand new");
}

#[tokio::test]
async fn creates_a_custom_field_for_an_unknown_parameter_only_if_allowed() {
    let crm = Crm::start_with(|options| {
        options.custom_fields = vec![CustomField::new("budget_range")];
    })
    .await;
    crm.send(&[REFERENCE, ("budget_range", "10-20k"), ("favourite_colour", "red")]).await;
    assert_eq!(crm.deal().await["custom_fields"], json!({"budget_range": "10-20k"}));
    assert_eq!(crm.json("/requests.json").await[0]["ignored"], json!(["favourite_colour"]));

    crm.send(&[REFERENCE, ("favourite_colour", "green"), ("auto_create_custom_fields", "2")]).await;
    crm.send(&[REFERENCE, ("favourite_colour", "blue")]).await;
    let deal = crm.deal().await;
    assert_eq!(
        deal["custom_fields"],
        json!({"budget_range": "10-20k", "favourite_colour": "blue"})
    );
    assert_eq!(deal["parameters"]["favourite_colour"], "blue");
}
