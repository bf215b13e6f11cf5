//! Questions in steps, and questions that hang on others.

use serde_json::json;

use super::{mistakes, public};

/// Lines 1 to 20: a choice, a flag, a long text and a line.
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
fn a_question_can_hang_on_an_earlier_answer() {
    let condition = |lines: &str| public(&with(lines))["fields"][4]["show_when"].clone();
    assert_eq!(
        condition("show_when = { custom_field = 'topic', is = ['shop', 'site'] }"),
        json!({"parameter": "topic", "is": ["shop", "site"]})
    );
    // This flag means yes at 2.
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
fn a_condition_that_cannot_hold_is_a_mistake() {
    let condition = |condition: &str| with(&format!("show_when = {condition}"));
    mistakes(
        &condition("{ custom_field = 'topic', is = 'shoop' }"),
        &["20:44: `topic` has no answer `shoop`; did you mean `shop`?"],
    );
    mistakes(
        &condition("{ custom_field = 'topik', is = 'shop' }"),
        &["20:30: there is no field `topik` before this one; did you mean `topic`?"],
    );
    mistakes(
        &condition("{ custom_field = 'last', is = 'x' }"),
        &[
            "20:30: there is no field `last` before this one; there are `topic`, `create_new_stage`, `note` and `contact_name`",
        ],
    );
    mistakes(
        &condition("{ parameter = 'note', is = 'x' }"),
        &["20:27: no field can hang on `note`: its answer is not one line or value"],
    );
    mistakes(
        &condition("{ parameter = 'create_new_stage', is = '2' }"),
        &["20:52: `create_new_stage` is a flag: `is` takes true or false"],
    );
    mistakes(
        &condition("{ parameter = 'contact_name', is = true }"),
        &["20:48: `is` takes a text in quotes, or a list of them"],
    );
    mistakes(
        &condition("{ parameter = 'contact_name', is = [] }"),
        &["20:48: `is` is empty; write the answer on which the field is asked"],
    );
    mistakes(
        &condition("{ custom_field = 'topic', parameter = 'note', iss = 'x' }"),
        &[
            "20:13: `is` is missing: write the answer on which it is asked, such as is = \"shop\"",
            "20:30: here are a parameter and a custom_field; remove one",
            "20:59: there is no key `iss` here; there are `parameter`, `custom_field` and `is`",
        ],
    );
}

#[test]
fn steps_split_the_questions() {
    let json = public(&with(
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
fn each_question_is_in_one_step_in_the_forms_order() {
    mistakes(
        &with(
            "[[step]]\ntitle = 'One'\nfields = ['topic', 'note', 'create_new_stage']\n\
             [[step]]\ntitle = 'Two'\nfields = ['topic', 'contact_nam', 'last']",
        ),
        &[
            "14:1: `contact_name` is in no step; add it to one",
            "22:28: `create_new_stage` comes before `note` in the form; steps keep the form's order",
            "25:11: `topic` stands in the steps twice; remove one",
            "25:20: there is no field `contact_nam` in this form; did you mean `contact_name`?",
        ],
    );
    mistakes(
        &with(
            "[[step]]\ntitle = 'One'\n\
             fields = ['topic', 'create_new_stage', 'note', 'contact_name', 'last']",
        ),
        &["20:1: one step is the whole form; remove it, or write a second one"],
    );
    mistakes(
        &with(
            "[[step]]\nfields = ['topic', 'create_new_stage', 'note', 'contact_name', 'last']\n\
             [[step]]\ntitle = 'Two'\nfields = []",
        ),
        &[
            "20:1: `title` is missing: write the step's heading, such as title = \"About you\"",
            "22:1: a step has no fields; write fields = [\"contact_name\"] or remove the step",
        ],
    );
}

#[test]
fn a_field_that_cannot_be_read_is_not_missed_elsewhere() {
    let form = with("show_when = { custom_field = 'topic', is = 'shop' }");
    mistakes(
        &form.replace("kind = 'choice'", "kind = 'choise'"),
        &["4:8: there is no kind `choise`; did you mean `choice`?"],
    );
}
