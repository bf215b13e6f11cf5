//! Steps, and conditions on earlier answers.

use serde_json::json;

use super::{assert_mistakes, public_json};

/// Lines 1 to 19: a choice, a flag, a long text field and two single-line text fields.
const FIELDS: &str = "title = 'F'
[[field]]
custom_field = 'topic'
kind = 'choice'
options = ['site', 'shop']
label = 'Topic'
[[field]]
parameter = 'create_new_stage'
opt_in = true
label = 'Stage'
[[field]]
parameter = 'note'
label = 'Note'
[[field]]
parameter = 'contact_name'
label = 'Name'
[[field]]
custom_field = 'last'
label = 'Last'
";

fn with(lines: &str) -> String {
    format!("{FIELDS}{lines}\n")
}

#[test]
fn reads_a_condition_on_an_earlier_answer() {
    let condition = |lines: &str| public_json(&with(lines))["fields"][4]["show_when"].clone();
    assert_eq!(
        condition("show_when = { custom_field = 'topic', is = ['shop', 'site'] }"),
        json!({"parameter": "topic", "is": ["shop", "site"]})
    );
    // For this flag, 2 means yes.
    assert_eq!(
        condition("show_when = { parameter = 'create_new_stage', is = true }"),
        json!({"parameter": "create_new_stage", "is": ["2"]})
    );
    assert_eq!(
        condition("show_when = { parameter = 'create_new_stage', is = false }"),
        json!({"parameter": "create_new_stage", "is": ["1"]})
    );
    assert_eq!(
        condition("show_when = { parameter = 'contact_name', is = 'Zoë' }"),
        json!({"parameter": "contact_name", "is": ["Zoë"]})
    );
}

#[test]
fn reads_every_test_and_nested_conditions() {
    let condition = |lines: &str| public_json(&ordered(lines))["fields"][4]["show_when"].clone();
    let amount = |test: serde_json::Value| {
        let mut json = json!({"parameter": "expected_closing_amount"});
        json.as_object_mut().unwrap().extend(test.as_object().unwrap().clone());
        json
    };
    let written = |tests: &str| {
        condition(&format!("show_when = {{ parameter = 'expected_closing_amount', {tests} }}"))
    };
    assert_eq!(written("at_least = 10000"), amount(json!({"at_least": "10000"})));
    assert_eq!(written("at_most = '0099.50'"), amount(json!({"at_most": "99.5"})));
    assert_eq!(written("is = 99.95"), amount(json!({"is": ["99.95"]})));
    assert_eq!(written("filled = false"), amount(json!({"filled": false})));
    assert_eq!(
        written("at_least = 5, at_most = 5"),
        json!({"all": [amount(json!({"at_least": "5"})), amount(json!({"at_most": "5"}))]})
    );
    assert_eq!(
        condition(
            "show_when = { any = [
                { parameter = 'expected_closing_date', at_least = 2026-01-31 },
                { all = [
                    { parameter = 'contact_id', at_most = 7 },
                    { parameter = 'note', filled = true },
                ] },
            ] }"
        ),
        json!({"any": [
            {"parameter": "expected_closing_date", "at_least": "2026-01-31"},
            {"all": [
                {"parameter": "contact_id", "at_most": "7"},
                {"parameter": "note", "filled": true},
            ]},
        ]})
    );
    let form = public_json(&with("required_when = { custom_field = 'topic', is_not = 'shop' }"));
    assert_eq!(
        form["fields"][4]["required_when"],
        json!({"parameter": "topic", "is_not": ["shop"]})
    );
}

/// Lines 1 to 18: an amount, a day, an id and a long text, then a question with these lines.
fn ordered(lines: &str) -> String {
    format!(
        "title = 'F'
[[field]]
parameter = 'expected_closing_amount'
label = 'Budget'
[[field]]
parameter = 'expected_closing_date'
label = 'Start'
[[field]]
parameter = 'contact_id'
opt_in = true
label = 'Contact'
[[field]]
parameter = 'note'
label = 'Note'
[[field]]
custom_field = 'last'
kind = 'text'
label = 'Last'
{lines}
"
    )
}

#[test]
fn reports_a_test_that_does_not_fit_the_question() {
    let first = |tests: &str| with(&format!("show_when = {{ custom_field = 'topic', {tests} }}"));
    assert_mistakes(
        &first("at_least = 5"),
        &[
            "20:50: `at_least` cannot test `topic`, which has the kind `choice`; use a field of kind amount, id or date",
        ],
    );
    assert_mistakes(
        &first("filled = 'yes'"),
        &["20:48: `filled` takes true or false, without quotes"],
    );
    assert_mistakes(
        &with("show_when = { parameter = 'create_new_stage', filled = true }"),
        &[
            "20:56: `filled` cannot test `create_new_stage`, which has the kind `flag`; write is = true or is = false",
        ],
    );
    let limit = |parameter: &str, test: &str| {
        ordered(&format!("show_when = {{ parameter = '{parameter}', {test} }}"))
    };
    assert_mistakes(
        &limit("expected_closing_amount", "at_least = '1.250,00'"),
        &["19:65: `at_least` takes an amount in digits, such as 10000 or 99.95"],
    );
    assert_mistakes(
        &limit("expected_closing_date", "at_most = 'today'"),
        &["19:62: `at_most` takes a day, such as 2026-01-31"],
    );
    assert_mistakes(
        &limit("contact_id", "is = [5, 0]"),
        &["19:50: `is` takes a whole number above zero, such as 5"],
    );
}

#[test]
fn reports_tests_that_contradict_each_other() {
    let tests = |tests: &str| {
        ordered(&format!("show_when = {{ parameter = 'expected_closing_amount', {tests} }}"))
    };
    let contradiction = |at: &str, first: &str, second: &str| {
        format!(
            "{at}: no answer to `expected_closing_amount` passes both `{first}` and `{second}`; change one of them"
        )
    };
    assert_mistakes(
        &tests("at_least = 10, at_most = 9.99"),
        &[&contradiction("19:79", "at_least", "at_most")],
    );
    assert_mistakes(&tests("is = 5, filled = false"), &[&contradiction("19:71", "is", "filled")]);
    assert_mistakes(
        &tests("is = [1, 2], is_not = [2, 1]"),
        &[&contradiction("19:76", "is", "is_not")],
    );
    assert_mistakes(&tests("at_least = 10, at_most = 10, is = 10, filled = true"), &[]);
    let one = "{ parameter = 'expected_closing_amount', is = 1 }";
    let two = "{ parameter = 'expected_closing_amount', is = 2 }";
    assert_mistakes(&ordered(&format!("show_when = {{ any = [{one}, {two}] }}")), &[]);
    assert_mistakes(
        &ordered(&format!("show_when = {{ all = [{one}, {{ any = [{two}, {one}] }}] }}")),
        &[&contradiction("19:128", "is", "is")],
    );
}

#[test]
fn reports_groups_of_conditions_that_are_empty_mixed_or_too_deep() {
    let condition = |condition: &str| with(&format!("show_when = {condition}"));
    assert_mistakes(
        &condition("{ all = [] }"),
        &[
            "20:21: `all` takes a list of conditions, such as all = [{ parameter = \"contact_name\", filled = true }]",
        ],
    );
    let topic = "{ custom_field = 'topic', is = 'shop' }";
    assert_mistakes(
        &condition(&format!("{{ all = [{topic}], any = [{topic}] }}")),
        &[
            "20:70: `all` and `any` cannot be used together; write one of them in the list of the other",
        ],
    );
    assert_mistakes(
        &condition(&format!("{{ any = [{topic}], is = 'shop' }}")),
        &["20:64: `is` cannot be used together with `any`; write it in a table of the list"],
    );
    assert_mistakes(&condition(&format!("{{ any = [{{ all = [{topic}] }}] }}")), &[]);
    assert_mistakes(
        &condition(&format!("{{ any = [{{ all = [{{ any = [{topic}] }}] }}] }}")),
        &["20:40: conditions can be nested at most 3 levels deep; write a simpler one"],
    );
}

#[test]
fn rejects_required_together_with_required_when() {
    assert_mistakes(
        &with("required = true\nrequired_when = { custom_field = 'topic', is = 'shop' }"),
        &["20:12: `required` and `required_when` cannot be used together; remove one"],
    );
}

#[test]
fn reports_a_condition_that_is_invalid_or_never_met() {
    let condition = |condition: &str| with(&format!("show_when = {condition}"));
    assert_mistakes(
        &condition("{ custom_field = 'topic', is = 'shoop' }"),
        &["20:44: `shoop` is not an option of `topic`; did you mean `shop`?"],
    );
    assert_mistakes(
        &condition("{ custom_field = 'topik', is = 'shop' }"),
        &["20:30: `topik` is not an earlier field; did you mean `topic`?"],
    );
    assert_mistakes(
        &condition("{ custom_field = 'last', is = 'x' }"),
        &[
            "20:30: `last` is not an earlier field; use `topic`, `create_new_stage`, `note` or `contact_name`",
        ],
    );
    assert_mistakes(
        &condition("{ parameter = 'note', is = 'x' }"),
        &[
            "20:40: `is` cannot test `note`, which has the kind `long_text`; write filled = true or filled = false",
        ],
    );
    assert_mistakes(
        &condition("{ parameter = 'create_new_stage', is = '2' }"),
        &["20:52: `create_new_stage` is a flag: `is` takes true or false"],
    );
    assert_mistakes(
        &condition("{ parameter = 'contact_name', is = true }"),
        &["20:48: `is` takes an answer in quotes, or a list of answers"],
    );
    assert_mistakes(
        &condition("{ parameter = 'contact_name', is = [] }"),
        &["20:48: `is` is empty; write an answer"],
    );
    assert_mistakes(
        &condition("{ custom_field = 'topic', parameter = 'note', iss = 'x' }"),
        &[
            "20:13: this condition has no test; write `is`, `is_not`, `filled`, `at_least` or `at_most`, such as is = \"shop\"",
            "20:30: `parameter` and `custom_field` cannot be used together; remove one",
            "20:59: unknown key `iss`; use `all`, `any`, `parameter`, `custom_field`, `is`, `is_not`, `filled`, `at_least` or `at_most`",
        ],
    );
}

#[test]
fn reads_the_steps_of_a_form() {
    let json = public_json(&with(
        "[[step]]\ntitle = 'One'\nfields = ['topic', 'create_new_stage']\n\
         [[step]]\ntitle = 'Two'\nfields = ['note', 'contact_name', 'last']",
    ));
    assert_eq!(
        json["steps"],
        json!([
            {"title": "One", "fields": ["topic", "create_new_stage"]},
            {"title": "Two", "fields": ["note", "contact_name", "last"]},
        ])
    );
}

#[test]
fn reads_the_condition_of_a_step() {
    let steps = |condition: &str| {
        with(&format!(
            "[[step]]\ntitle = 'One'\nfields = ['topic', 'create_new_stage']\n\
             [[step]]\ntitle = 'Two'\nfields = ['note', 'contact_name', 'last']\n\
             show_when = {condition}"
        ))
    };
    let json = public_json(&steps("{ custom_field = 'topic', is = 'shop' }"));
    assert_eq!(json["steps"][1]["show_when"], json!({"parameter": "topic", "is": ["shop"]}));
    assert_mistakes(
        &steps("{ parameter = 'note', filled = true }"),
        &["26:27: `note` is not an earlier field; use `topic` or `create_new_stage`"],
    );
}

#[test]
fn reports_fields_that_are_in_no_step_in_two_steps_or_out_of_order() {
    assert_mistakes(
        &with(
            "[[step]]\ntitle = 'One'\nfields = ['topic', 'note', 'create_new_stage']\n\
             [[step]]\ntitle = 'Two'\nfields = ['topic', 'contact_nam', 'last']",
        ),
        &[
            "14:1: `contact_name` is not in any step; add it to one",
            "22:28: `create_new_stage` is before `note` in the form; use the same order in the steps",
            "25:11: `topic` is in the steps twice; remove one",
            "25:20: unknown field `contact_nam`; did you mean `contact_name`?",
        ],
    );
    assert_mistakes(
        &with(
            "[[step]]\ntitle = 'One'\n\
             fields = ['topic', 'create_new_stage', 'note', 'contact_name', 'last']",
        ),
        &["20:1: a form with steps needs at least two; remove this step or add another"],
    );
    assert_mistakes(
        &with(
            "[[step]]\nfields = ['topic', 'create_new_stage', 'note', 'contact_name', 'last']\n\
             [[step]]\ntitle = 'Two'\nfields = []",
        ),
        &[
            "20:1: `title` is missing: write the step's heading, such as title = \"About you\"",
            "22:1: this step has no fields; write fields = [\"contact_name\"] or remove the step",
        ],
    );
}

#[test]
fn does_not_report_an_unreadable_field_as_unknown() {
    let form = with("show_when = { custom_field = 'topic', is = 'shop' }");
    assert_mistakes(
        &form.replace("kind = 'choice'", "kind = 'choise'"),
        &["4:8: unknown kind `choise`; did you mean `choice`?"],
    );
}
