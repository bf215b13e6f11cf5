//! How a field looks, and between which days an answer lies.

use super::{field, mistakes, public};

#[test]
fn a_choice_can_show_all_its_answers_and_a_flag_be_a_switch() {
    let choice = "custom_field = 'x'\nkind = 'choice'\noptions = ['a', 'b']\n";
    assert_eq!(public(&field(choice))["fields"][0].get("control"), None);
    for control in ["radio", "select"] {
        let json = public(&field(&format!("{choice}control = '{control}'")));
        assert_eq!(json["fields"][0]["control"], control);
    }
    let flag = "custom_field = 'x'\nkind = 'flag'\n";
    for control in ["switch", "checkbox"] {
        let json = public(&field(&format!("{flag}control = '{control}'")));
        assert_eq!(json["fields"][0]["control"], control);
    }
    mistakes(
        &field(&format!("{choice}control = 'switch'")),
        &["7:11: a field of kind `choice` cannot be a `switch`; use `select` and `radio`"],
    );
    mistakes(
        &field(&format!("{flag}control = 'swich'")),
        &["6:11: there is no control `swich`; did you mean `switch`?"],
    );
    mistakes(
        &field("parameter = 'note'\ncontrol = 'radio'"),
        &["5:11: a field of this kind has no `control`; remove it"],
    );
}

#[test]
fn a_date_can_have_a_first_and_a_last_day() {
    let date = |lines: &str| field(&format!("parameter = 'expected_closing_date'\n{lines}"));
    let json = public(&date("min = 'today'\nmax = 'today+30d'"));
    assert_eq!(json["fields"][0]["min"], "today");
    assert_eq!(json["fields"][0]["max"], "today+30d");
    let json = public(&date("min = 2026-01-31\nmax = '2026-12-31'"));
    assert_eq!(json["fields"][0]["min"], "2026-01-31");
    mistakes(
        &date("min = 'tomorrow'\nmax = 5"),
        &[
            "5:7: `min` takes a day such as \"2026-01-31\", \"today\", \"today+30d\" or \"today-7d\"",
            "6:7: `max` takes a day such as \"2026-01-31\", \"today\", \"today+30d\" or \"today-7d\"",
        ],
    );
    mistakes(
        &date("min = 'today+8d'\nmax = 'today+7d'"),
        &["6:7: no day is between `min` and `max`: today+8d is after today+7d; swap them"],
    );
    mistakes(
        &date("min = '2026-02-01'\nmax = '2026-01-31'"),
        &["6:7: no day is between `min` and `max`: 2026-02-01 is after 2026-01-31; swap them"],
    );
    mistakes(&date("min = 'today'\nmax = '2020-01-01'"), &[]);
    mistakes(
        &field("parameter = 'note'\nmin = 'today'"),
        &["5:7: a field of this kind has no `min`; remove it"],
    );
}
