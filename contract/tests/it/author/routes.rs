//! Routes: presets that depend on the answers.

use deal_contract::definition::{AnswerWords, FormDefinition};

use super::assert_mistakes;

/// Lines 1 to 16: a choice, an amount, a name and presets.
fn form(rest: &str) -> String {
    format!(
        "title = 'Quote'
[[field]]
custom_field = 'topic'
kind = 'choice'
label = 'Topic'
options = ['web', 'shop']
[[field]]
parameter = 'expected_closing_amount'
label = 'Budget'
[[field]]
parameter = 'contact_name'
label = 'Name'
[presets]
note = 'x'
owner_email = 'sales@example.com'
tags = 'web'
{rest}"
    )
}

const ROUTES: &str = "
[[route]]
when = { parameter = 'expected_closing_amount', at_least = 10000 }
[route.presets]
owner_email = 'large@example.com'
name = 'Large: {contact_name}'
[route.presets.custom_fields]
size = 'large'
[[route]]
when = { custom_field = 'topic', is = 'shop' }
[route.presets]
owner_email = 'shop@example.com'
tags = 'shop'
";

/// Asserts the presets that the proxy sends with these answers.
#[track_caller]
fn check(rest: &str, answers: &[(&str, &str)], expected: &[(&str, &str)]) {
    let form =
        FormDefinition::from_toml(&form(rest)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let answer = |name: &str| answers.iter().find(|(known, _)| *known == name).map(|a| a.1);
    let words = AnswerWords { yes: "yes", no: "no" };
    let values = form.private.values(&form.public, answer, words, "");
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .filter(|(name, _)| *name != "note")
        .collect();
    assert_eq!(values, expected);
}

#[test]
fn the_first_route_that_matches_adds_and_replaces_presets() {
    check(ROUTES, &[], &[("owner_email", "sales@example.com"), ("tags", "web")]);
    check(ROUTES, &[("topic", "shop")], &[("owner_email", "shop@example.com"), ("tags", "shop")]);
    check(
        ROUTES,
        &[("topic", "shop"), ("expected_closing_amount", "12.000"), ("contact_name", "Zoë")],
        &[
            ("name", "Large: Zoë"),
            ("owner_email", "large@example.com"),
            ("size", "large"),
            ("tags", "web"),
        ],
    );
}

#[test]
fn all_routes_that_match_apply_in_the_forms_order() {
    let form = form(ROUTES).replacen("title", "apply_routes = 'all'\ntitle", 1);
    let form = FormDefinition::from_toml(&form).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let answer = |name: &str| match name {
        "topic" => Some("shop"),
        "expected_closing_amount" => Some("12000"),
        _ => None,
    };
    let values =
        form.private.values(&form.public, answer, AnswerWords { yes: "yes", no: "no" }, "");
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, v)| &**v);
    assert_eq!(value("owner_email"), Some("shop@example.com"));
    assert_eq!(value("size"), Some("large"));
    assert_eq!(value("tags"), Some("shop"));
}

#[test]
fn a_route_does_not_match_the_answer_to_a_hidden_question() {
    let hidden = form(ROUTES).replacen(
        "label = 'Budget'",
        "label = 'Budget'\nshow_when = { custom_field = 'topic', is = 'shop' }",
        1,
    );
    let form = FormDefinition::from_toml(&hidden).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let answer = |name: &str| (name == "expected_closing_amount").then_some("12000");
    let values =
        form.private.values(&form.public, answer, AnswerWords { yes: "yes", no: "no" }, "");
    assert!(values.contains(&("owner_email", "sales@example.com".to_owned())), "{values:?}");
}

#[test]
fn reports_incomplete_routes() {
    assert_mistakes(
        &form("[[route]]\n[route.presets]\nstage = 'New'"),
        &[
            "17:1: `when` is missing: write the condition under which the route applies, such as when = { parameter = \"contact_name\", filled = true }",
        ],
    );
    assert_mistakes(
        &form("[[route]]\nwhen = { custom_field = 'topic', is = 'web' }\nstage = 'New'"),
        &[
            "17:1: `presets` is missing: write [route.presets] and, below it, what the proxy sends on this route",
            "19:1: unknown key `stage`; use `when` or `presets`",
        ],
    );
    assert_mistakes(
        &form("").replacen("title", "apply_routes = 'all'\ntitle", 1),
        &["1:16: `apply_routes` has no effect without a [[route]]; remove it"],
    );
    assert_mistakes(
        &form(ROUTES).replacen("title", "apply_routes = 'frist'\ntitle", 1),
        &["1:16: unknown value `frist` of `apply_routes`; did you mean `first`?"],
    );
    let route =
        "[[route]]\nwhen = { custom_field = 'topic', is = 'web' }\n[route.presets]\nstage = 'A'\n";
    assert_mistakes(
        &form(&route.repeat(2)),
        &[
            "21:1: an earlier route has the same condition, so this one never applies; write apply_routes = \"all\", or change a condition",
        ],
    );
}

fn route(presets: &str) -> String {
    form(&format!(
        "[[route]]\nwhen = {{ custom_field = 'topic', is = 'web' }}\n[route.presets]\n{presets}"
    ))
}

#[test]
fn checks_route_presets_by_the_same_rules_as_form_presets() {
    assert_mistakes(
        &route("funel = 'x'\nkey = '1'\nresolution = 'win'\nstage = '{contact_name}'"),
        &[
            "20:1: unknown parameter `funel`; did you mean `funnel`?",
            "21:1: `key` cannot be preset: the proxy reads it only from its environment (CRM_API_KEY); remove it",
            "22:14: `resolution` can only be open, closed, won or lost. You wrote `win`",
            "23:9: `stage` cannot contain answers: it affects more than the visitor's own deal",
        ],
    );
    assert_mistakes(
        &route("contact_name = 'x'"),
        &["20:1: `contact_name` is in this form twice; remove one"],
    );
    assert_mistakes(
        &route("use_contact_owner = true"),
        &[
            "15:1: the CRM ignores `owner_email` if `use_contact_owner` is 2, which this form also sends; remove one of them",
        ],
    );
}

#[test]
fn refuses_a_route_that_would_merge_visitors_records() {
    assert_mistakes(
        &route("contact_email = 'a@example.com'"),
        &[
            "20:1: with the preset `contact_email`, every visitor would change the same contact, because the form also sends `contact_name`; remove the preset or these parameters",
        ],
    );
    assert_mistakes(&route("contact_email = 'a@example.com'\nmatch_with_email = false"), &[]);
    assert_mistakes(
        &route("check_name = true"),
        &[
            "20:1: with `check_name`, visitors with the same name would share one contact; set it to false or remove it",
        ],
    );
}

/// The second route sets a flag that changes the effect of the first route's preset.
#[test]
fn checks_routes_together_only_if_both_can_apply() {
    let routes = "[[route]]
when = { custom_field = 'topic', is = 'web' }
[route.presets]
contact_phone = '030 12345'
[[route]]
when = { parameter = 'expected_closing_amount', filled = true }
[route.presets]
match_with_phone = true
";
    assert_mistakes(&form(routes), &[]);
    assert_mistakes(
        &form(routes).replacen("title", "apply_routes = 'all'\ntitle", 1),
        &[
            "21:1: with the preset `contact_phone`, every visitor would change the same contact, because the form also sends `contact_name`; remove the preset or these parameters",
        ],
    );
}

#[test]
fn requires_opt_in_for_a_value_that_a_route_lets_the_crm_create() {
    let stage = |opt_in: &str, flag: &str| {
        form(&format!(
            "[[route]]\nwhen = {{ custom_field = 'topic', is = 'web' }}\n[route.presets]\n{flag}\n"
        )) + &format!("[[field]]\nparameter = 'stage'\nlabel = 'Stage'\n{opt_in}")
    };
    let yes = "create_new_stage = true";
    assert_mistakes(
        &stage("", yes),
        &[
            "21:1: with `create_new_stage`, any visitor can add a `stage` to the CRM's settings; use kind = \"choice\", set it under [presets], or add opt_in = true to allow this",
        ],
    );
    assert_mistakes(&stage("opt_in = true", yes), &[]);
    assert_mistakes(
        &stage("opt_in = true", "create_new_stage = false"),
        &["24:10: `stage` does not need opt_in; remove it"],
    );
}

#[test]
fn does_not_reveal_routes_in_json_or_debug_output() {
    let form = FormDefinition::from_toml(&form(ROUTES)).unwrap();
    let json = serde_json::to_string(&form.public).unwrap();
    for text in [json, format!("{form:?}")] {
        for private in ["example.com", "route", "10000", "large"] {
            let is_debug_of_routes = private == "route" && text.starts_with("FormDefinition");
            assert!(is_debug_of_routes || !text.contains(private), "{private}: {text}");
        }
    }
}
