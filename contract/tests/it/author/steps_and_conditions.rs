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
fn reports_a_condition_that_is_never_met() {
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
            "20:27: a condition cannot use `note`, which has the kind `long_text`; use a field with a one-line answer",
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
        &["20:48: `is` is empty; write the answer for which the field is shown"],
    );
    assert_mistakes(
        &condition("{ custom_field = 'topic', parameter = 'note', iss = 'x' }"),
        &[
            "20:13: `is` is missing: write the answer for which the field is shown, such as is = \"shop\"",
            "20:30: `parameter` and `custom_field` cannot be used together; remove one",
            "20:59: unknown key `iss`; use `parameter`, `custom_field` or `is`",
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
fn reports_missing_repeated_and_unordered_fields_of_steps() {
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
