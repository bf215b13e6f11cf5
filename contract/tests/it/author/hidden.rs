//! Hidden values.

use serde_json::json;

use super::{assert_mistakes, field, public_json};

fn form(lines: &str) -> String {
    field("parameter = 'note'") + "\n[[hidden]]\n" + lines
}

#[test]
fn reads_a_hidden_value_from_a_url_parameter_or_the_page() {
    let json = public_json(&form(
        "custom_field = 'utm_source'\nurl_parameter = 'utm_source'\n\
         [[hidden]]\nparameter = 'contact_source'\npage = 'referrer'\nopt_in = true",
    ));
    assert_eq!(
        json["hidden"],
        json!([
            {"parameter": "utm_source", "url_parameter": "utm_source"},
            {"parameter": "contact_source", "page": "referrer"},
        ])
    );
}

#[test]
fn requires_exactly_one_source_of_a_hidden_value() {
    assert_mistakes(
        &form("custom_field = 'x'"),
        &[
            "5:1: `url_parameter` is missing: write url_parameter = \"utm_source\", or page = \"address\"",
        ],
    );
    assert_mistakes(
        &form("custom_field = 'x'\nurl_parameter = 'y'\npage = 'title'"),
        &["8:8: `url_parameter` and `page` cannot be used together; remove one"],
    );
    assert_mistakes(
        &form("custom_field = 'x'\npage = 'refferer'\nlabel = 'L'"),
        &[
            "7:8: unknown value `refferer` of `page`; did you mean `referrer`?",
            "8:1: unknown key `label`; use `parameter`, `custom_field`, `opt_in`, `url_parameter` or `page`",
        ],
    );
}

#[test]
fn rejects_a_hidden_value_for_a_parameter_with_a_format() {
    for name in ["contact_email", "expected_closing_date", "resolution", "contact_linkedin"] {
        assert_mistakes(
            &form(&format!("parameter = '{name}'\npage = 'title'")),
            &[&format!(
                "5:1: `{name}` cannot be a hidden value, because it accepts only values in a specific format; ask for it in a [[field]]"
            )],
        );
    }
}

#[test]
fn does_not_let_a_page_set_parameters_that_visitors_may_not_set() {
    assert_mistakes(
        &form("parameter = 'key'\nurl_parameter = 'key'"),
        &[
            "5:1: a form cannot ask for `key`: the proxy reads it only from its environment (CRM_API_KEY); remove it",
        ],
    );
    assert_mistakes(
        &form("parameter = 'owner_group'\nurl_parameter = 'team'"),
        &[
            "5:1: `owner_group` affects more than the visitor's own deal; set it under [presets], or add opt_in = true if every visitor may choose it",
        ],
    );
    assert_mistakes(&form("parameter = 'owner_group'\nurl_parameter = 'team'\nopt_in = true"), &[]);
}

#[test]
fn rejects_a_hidden_value_that_is_also_a_field_or_a_preset() {
    assert_mistakes(
        &form("parameter = 'note'\npage = 'title'"),
        &["5:1: `note` is in this form twice; remove one"],
    );
    assert_mistakes(
        &form("parameter = 'stage'\npage = 'title'\n[presets]\nstage = 'New'"),
        &["9:1: `stage` is in this form twice; remove one"],
    );
}

#[test]
fn a_campaign_adds_the_usual_parameters_that_the_form_does_not_set() {
    let form = "campaign = true\n".to_owned()
        + &form("custom_field = 'utm_source'\nurl_parameter = 'from'")
        + "\n[[field]]\ncustom_field = 'utm_term'\nkind = 'text'\nlabel = 'Term'";
    let json = public_json(&form);
    let own = |name: &str| json!({"parameter": name, "url_parameter": name});
    let mut expected = vec![json!({"parameter": "utm_source", "url_parameter": "from"})];
    expected.extend(["utm_medium", "utm_campaign", "utm_content"].map(own));
    expected.extend(["gclid", "fbclid", "msclkid"].map(own));
    assert_eq!(json["hidden"], json!(expected));
}

#[test]
fn a_form_without_a_campaign_sends_no_parameters_of_campaigns() {
    let json = public_json(&("campaign = false\n".to_owned() + &field("parameter = 'note'")));
    assert_eq!(json.get("hidden"), None);
    assert_mistakes(
        &("campaign = 'yes'\n".to_owned() + &field("parameter = 'note'")),
        &["1:12: `campaign` takes true or false, without quotes"],
    );
}
