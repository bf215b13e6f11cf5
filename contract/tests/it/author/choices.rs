//! Choices with several answers, and answers that are not an option.

use super::{assert_mistakes, field, public_json};

fn choices(more: &str) -> String {
    field(&format!(
        "custom_field = 'channel'\nkind = 'choices'\noptions = ['Web', 'Print']\n{more}"
    ))
}

#[test]
fn reads_the_settings_of_a_choice_with_several_answers() {
    let more = "control = 'chips'\nother = true\nmin_choices = 2\nmax_choices = 3";
    let json = public_json(&choices(more));
    let question = &json["fields"][0];
    assert_eq!(question["kind"], "choices");
    assert_eq!(question["control"], "chips");
    assert_eq!(question["other"], true);
    assert_eq!((&question["min_choices"], &question["max_choices"]), (&2.into(), &3.into()));
}

#[test]
fn tags_can_be_chosen_from_options() {
    let json = public_json(&field("parameter = 'tags'\nkind = 'choices'\noptions = ['a', 'b']"));
    assert_eq!(json["fields"][0]["options"][1]["value"], "b");
}

#[test]
fn rejects_limits_that_are_too_low_or_impossible_to_meet() {
    assert_mistakes(
        &choices("min_choices = 1"),
        &["7:15: `min_choices` must be at least 2; for at least one answer, write required = true"],
    );
    assert_mistakes(
        &choices("max_choices = 1"),
        &[
            "7:15: `max_choices` must be at least 2; to allow only one answer, write kind = \"choice\"",
        ],
    );
    assert_mistakes(
        &choices("min_choices = 3"),
        &["2:1: `min_choices` is 3, but there are only 2 options"],
    );
    assert_mistakes(&choices("min_choices = 3\nother = true"), &[]);
    assert_mistakes(
        &choices("min_choices = 3\nmax_choices = 2\nother = true"),
        &["2:1: `min_choices` (3) is above `max_choices` (2); swap them"],
    );
}

#[test]
fn rejects_options_that_would_be_ambiguous_in_an_answer() {
    assert_mistakes(
        &field("custom_field = 'c'\nkind = 'choices'\noptions = ['a, b', 'c']"),
        &["6:12: the option `a, b` contains a comma, which separates several answers; write \
           { value = \"…\", label = \"a, b\" } with a value without a comma"],
    );
    assert_mistakes(
        &field("custom_field = 'c'\nkind = 'choice'\noptions = ['a, b', 'df-other']"),
        &["6:20: `df-other` has another meaning; choose another value"],
    );
}

#[test]
fn rejects_settings_of_other_kinds() {
    assert_mistakes(
        &field("parameter = 'contact_name'\nother = true\nmin_choices = 2"),
        &[
            "5:9: a field of this kind cannot have `other`; remove it",
            "6:15: a field of this kind cannot have `min_choices`; remove it",
        ],
    );
    assert_mistakes(
        &field("parameter = 'resolution'\nother = true"),
        &["5:9: a field of this kind cannot have `other`; remove it"],
    );
    assert_mistakes(
        &field(
            "custom_field = 'c'\nkind = 'choices'\ncontrol = 'chips'\n\
             options = [{ value = 'a', label = 'A' }]",
        ),
        &["2:1: with control = \"chips\", visitors type the options, so an option cannot have \
           another value than its label; write it as a text"],
    );
}

#[test]
fn normalizes_option_values_in_the_same_way_as_answers() {
    let json = public_json(&field(
        "custom_field = 'c'\nkind = 'choices'\noptions = ['Web\u{ad}design ', ' Print']",
    ));
    let option = |index: usize| json["fields"][0]["options"][index]["value"].clone();
    assert_eq!((option(0), option(1)), ("Webdesign".into(), "Print".into()));
}
