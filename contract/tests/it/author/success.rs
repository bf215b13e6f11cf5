//! What happens after a form is sent: `[success]`.

use deal_contract::definition::Redirect;
use deal_contract::reply::Deal;

use super::{assert_mistakes, public_json};

/// Returns a form with these lines under `[success]`.
fn success(lines: &str) -> String {
    format!("title = 'F'\n[[field]]\nparameter = 'contact_name'\nlabel = 'L'\n[success]\n{lines}")
}

#[test]
fn reads_the_settings() {
    let json = public_json(&success(
        "redirect = '/thanks?deal={deal_id}'\nshow = ['deal_id', 'stage']\nanother = false",
    ));
    let expected = serde_json::json!({
        "redirect": "/thanks?deal={deal_id}",
        "show": ["deal_id", "stage"],
        "another": false,
    });
    assert_eq!(json["success"], expected);
    assert_eq!(public_json(&success(""))["success"], serde_json::Value::Null);
}

#[test]
fn rejects_an_insecure_redirect_or_one_whose_value_could_become_the_host() {
    for address in ["http://example.com", "//example.com", "/{deal_id}", "thanks", "/a b", "/a\\b"]
    {
        assert_mistakes(
            &success(&format!("redirect = '{address}'")),
            &[
                "6:12: `redirect` takes an address that begins with https:// or /, without spaces; if \
               it begins with /, a placeholder cannot follow immediately",
            ],
        );
    }
}

#[test]
fn rejects_unknown_names() {
    assert_mistakes(
        &success("redirect = '/thanks?{deal}'\nshow = ['stag']"),
        &[
            "6:12: `redirect` cannot contain `{deal}`; use `deal_id` or `reference`",
            "7:9: the CRM's reply has no `stag`; did you mean `stage`?",
        ],
    );
}

#[test]
fn percent_encodes_deal_values_in_the_redirect_address() {
    let deal = Deal { deal_id: "ü&{reference}/1".to_owned(), ..Deal::received("web-1") };
    let redirect = Redirect::new("/شكرا?deal={deal_id}&ref={reference}").unwrap();
    assert_eq!(redirect.address(&deal), "/شكرا?deal=%C3%BC%26%7Breference%7D%2F1&ref=web-1");
    assert_eq!(redirect.address(&Deal::received("web-1")), "/شكرا?deal=&ref=web-1");
}
