//! The controls of fields, and the first and last day of a date.

use super::{assert_mistakes, field, public_json};

#[test]
fn reads_the_control_of_a_choice_and_of_a_flag() {
    let choice = "custom_field = 'x'\nkind = 'choice'\noptions = ['a', 'b']\n";
    assert_eq!(public_json(&field(choice))["fields"][0].get("control"), None);
    for control in ["radio", "select"] {
        let json = public_json(&field(&format!("{choice}control = '{control}'")));
        assert_eq!(json["fields"][0]["control"], control);
    }
    let flag = "custom_field = 'x'\nkind = 'flag'\n";
    for control in ["switch", "checkbox"] {
        let json = public_json(&field(&format!("{flag}control = '{control}'")));
        assert_eq!(json["fields"][0]["control"], control);
    }
    assert_mistakes(
        &field(&format!("{choice}control = 'switch'")),
        &[
            "7:11: a field of kind `choice` cannot have the control `switch`; use `select` or `radio`",
        ],
    );
    assert_mistakes(
        &field(&format!("{flag}control = 'swich'")),
        &["6:11: unknown control `swich`; did you mean `switch`?"],
    );
    assert_mistakes(
        &field("parameter = 'note'\ncontrol = 'radio'"),
        &["5:11: a field of this kind cannot have `control`; remove it"],
    );
}

#[test]
fn reads_the_first_and_the_last_day_of_a_date() {
    let date = |lines: &str| field(&format!("parameter = 'expected_closing_date'\n{lines}"));
    let json = public_json(&date("min = 'today'\nmax = 'today+30d'"));
    assert_eq!(json["fields"][0]["min"], "today");
    assert_eq!(json["fields"][0]["max"], "today+30d");
    let json = public_json(&date("min = 2026-01-31\nmax = '2026-12-31'"));
    assert_eq!(json["fields"][0]["min"], "2026-01-31");
    assert_mistakes(
        &date("min = 'tomorrow'\nmax = 5"),
        &[
            "5:7: `min` takes a day such as \"2026-01-31\", \"today\", \"today+30d\" or \"today-7d\"",
            "6:7: `max` takes a day such as \"2026-01-31\", \"today\", \"today+30d\" or \"today-7d\"",
        ],
    );
    assert_mistakes(
        &date("min = 'today+8d'\nmax = 'today+7d'"),
        &["6:7: `min` (today+8d) is after `max` (today+7d); swap them"],
    );
    assert_mistakes(
        &date("min = '2026-02-01'\nmax = '2026-01-31'"),
        &["6:7: `min` (2026-02-01) is after `max` (2026-01-31); swap them"],
    );
    assert_mistakes(&date("min = 'today'\nmax = '2020-01-01'"), &[]);
    assert_mistakes(
        &field("parameter = 'note'\nmin = 'today'"),
        &["5:7: a field of this kind cannot have `min`; remove it"],
    );
}
