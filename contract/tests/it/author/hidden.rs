//! Values that the page gives.

use serde_json::json;

use super::{field, mistakes, public};

fn form(lines: &str) -> String {
    field("parameter = 'note'") + "\n[[hidden]]\n" + lines
}

#[test]
fn a_hidden_value_comes_from_the_address_or_the_page() {
    let json = public(&form(
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
fn a_hidden_value_has_one_source() {
    mistakes(
        &form("custom_field = 'x'"),
        &[
            "5:1: `url_parameter` is missing: write url_parameter = \"utm_source\", or page = \"address\"",
        ],
    );
    mistakes(
        &form("custom_field = 'x'\nurl_parameter = 'y'\npage = 'title'"),
        &["8:8: here are a url_parameter and a page; remove one"],
    );
    mistakes(
        &form("custom_field = 'x'\npage = 'refferer'\nlabel = 'L'"),
        &[
            "7:8: a page cannot tell its `refferer`; did you mean `referrer`?",
            "8:1: there is no key `label` here; there are `parameter`, `custom_field`, `opt_in`, `url_parameter` and `page`",
        ],
    );
}

#[test]
fn only_plain_text_can_be_hidden() {
    for name in ["contact_email", "expected_closing_date", "resolution", "contact_linkedin"] {
        mistakes(
            &form(&format!("parameter = '{name}'\npage = 'title'")),
            &[&format!(
                "5:1: `{name}` cannot be hidden: it does not take every line of text; ask for it in a [[field]]"
            )],
        );
    }
}

#[test]
fn what_visitors_may_not_set_no_page_may_set() {
    mistakes(
        &form("parameter = 'key'\nurl_parameter = 'key'"),
        &[
            "5:1: no form may ask for `key`: it comes from the proxy's environment alone (CRM_API_KEY); remove it",
        ],
    );
    mistakes(
        &form("parameter = 'owner_group'\nurl_parameter = 'team'"),
        &[
            "5:1: `owner_group` reaches past the visitor's own deal; set it under [presets], or add opt_in = true if every visitor may choose it",
        ],
    );
    mistakes(&form("parameter = 'owner_group'\nurl_parameter = 'team'\nopt_in = true"), &[]);
}

#[test]
fn a_hidden_value_is_no_field_and_no_preset() {
    mistakes(
        &form("parameter = 'note'\npage = 'title'"),
        &["5:1: `note` stands here twice; remove one"],
    );
    mistakes(
        &form("parameter = 'stage'\npage = 'title'\n[presets]\nstage = 'New'"),
        &["9:1: `stage` stands here twice; remove one"],
    );
}
