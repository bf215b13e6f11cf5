use serde_json::{Value, json};

use crate::crm::Crm;

/// An unknown name with the flag at 1, without it, and at 2; then a known one in other letters.
async fn check(field: &str, flag: &str, at_first: Value, known: &str) {
    let crm = Crm::start().await;
    let reference = ("external_reference_id", "web-1");
    for flags in [vec![], vec![(flag, "1")]] {
        let mut call = vec![reference, (field, "Never heard of")];
        call.extend(flags);
        assert_eq!(crm.send(&call).await["message"], "success");
        assert_eq!(crm.deal().await[field], at_first, "{field} is ignored");
    }
    crm.send(&[reference, (field, "Brand new"), (flag, "2")]).await;
    assert_eq!(crm.deal().await[field], "Brand new");
    crm.send(&[reference, (field, &known.to_uppercase())]).await;
    assert_eq!(crm.deal().await[field], known, "spelled as on the list");
    crm.send(&[reference, (field, "Brand new")]).await;
    assert_eq!(crm.deal().await[field], "Brand new", "from now on it is on the list");
}

#[tokio::test]
async fn a_stage_is_created_only_at_two() {
    check("stage", "create_new_stage", json!("New"), "Qualified").await;
}

#[tokio::test]
async fn a_funnel_is_created_only_at_two() {
    check("funnel", "create_new_funnel", json!("Sales"), "Partners").await;
}

#[tokio::test]
async fn a_reason_is_created_only_at_two() {
    check("reason_name", "create_new_reason_name", Value::Null, "Price").await;
}

#[tokio::test]
async fn a_score_is_created_only_at_two() {
    check("deal_score", "create_new_deal_score", Value::Null, "Hot").await;
}

#[tokio::test]
async fn a_deal_type_is_created_when_unknown() {
    let crm = Crm::start().await;
    crm.send(&[("deal_type", "Brand new")]).await;
    assert_eq!(crm.deal().await["deal_type"], "Brand new");
}

#[tokio::test]
async fn an_unknown_parameter_is_ignored_unless_it_may_become_a_custom_field() {
    let crm = Crm::start().await;
    let reference = ("external_reference_id", "web-1");
    crm.send(&[reference, ("budget_range", "10-20k"), ("favourite_colour", "red")]).await;
    assert_eq!(crm.deal().await["custom_fields"], json!({"budget_range": "10-20k"}));
    assert_eq!(crm.json("/requests.json").await[0]["ignored"], json!(["favourite_colour"]));

    crm.send(&[reference, ("favourite_colour", "green"), ("auto_create_custom_fields", "2")]).await;
    crm.send(&[reference, ("favourite_colour", "blue")]).await;
    let deal = crm.deal().await;
    assert_eq!(
        deal["custom_fields"],
        json!({"budget_range": "10-20k", "favourite_colour": "blue"})
    );
    assert_eq!(deal["parameters"]["favourite_colour"], "blue");
}
