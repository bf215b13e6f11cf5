//! Reading form files, and the mistakes that authors see.

mod answer_rules;
mod choices;
mod controls_and_dates;
mod creating;
mod hidden;
mod markdown;
mod merging;
mod presets;
mod proof;
mod routes;
mod steps_and_conditions;
mod success;
mod texts;
mod translations;

use deal_contract::definition::{Field, FieldKind, FormDefinition, PublicDefinition};
use deal_contract::kind::TextFormat;
use deal_contract::values::FlagValue;

#[track_caller]
fn assert_mistakes(toml: &str, expected: &[&str]) {
    let found = FormDefinition::from_toml(toml).map_or_else(
        |mistakes| mistakes.to_string().lines().map(str::to_owned).collect(),
        |_| Vec::new(),
    );
    assert_eq!(found, expected);
}

/// Returns the public half as JSON, and asserts that reading the JSON gives the same definition.
#[track_caller]
fn public_json(toml: &str) -> serde_json::Value {
    let form = FormDefinition::from_toml(toml).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let json = serde_json::to_string(&form.public).unwrap();
    assert_eq!(serde_json::from_str::<PublicDefinition>(&json).unwrap(), form.public);
    serde_json::from_str(&json).unwrap()
}

/// Returns a form with one field. The field has these lines.
fn field(lines: &str) -> String {
    format!("title = 'F'\n[[field]]\nlabel = 'L'\n{lines}")
}

#[test]
fn reads_the_settings_of_fields_and_presets() {
    let form = FormDefinition::from_toml(
        r#"
        title = "Request a quote"
        intro = "We answer in a day."
        submit_label = "Send"
        success_message = "Thank you"

        [[field]]
        parameter = "contact_name"
        label = "Name"
        hint = "As on your card"
        required = true
        max_length = 80

        [[field]]
        parameter = "resolution"
        label = "Status"

        [[field]]
        custom_field = "size"
        kind = "choice"
        label = "Size"
        options = ["S", { value = "l", label = "Large" }]

        [[field]]
        parameter = "create_new_stage"
        label = "New stage"
        opt_in = true

        [[field]]
        parameter = "attachments"
        label = "Files"
        max_files = 3
        max_total = "20 MB"

        [presets]
        funnel = "Sales"
        create_new_funnel = true
        use_contact_owner = false
        match_with_phone = "1"
        expected_closing_amount = 523
        actual_closing_date = 2020-09-30
        tags = "web, spring"

        [presets.custom_fields]
        campaign = "spring"
        "#,
    )
    .unwrap();
    let [name, resolution, size, flag, files] = &form.public.fields[..] else {
        panic!("{:?}", form.public.fields);
    };
    let text = FieldKind::Text { format: TextFormat::SingleLine, max_length: Some(80) };
    assert_eq!((&name.kind, name.required), (&text, true));
    assert_eq!(name.autocomplete.as_deref(), Some("name"));
    let options = |field: &Field| match &field.kind {
        FieldKind::Choice { options, .. } => {
            options.iter().map(|option| format!("{}={}", option.value, option.label)).collect()
        }
        kind => vec![format!("{kind:?}")],
    };
    assert_eq!(options(resolution), ["open=Open", "closed=Closed", "won=Won", "lost=Lost"]);
    assert_eq!(size.parameter, "size");
    assert!(options(size)[1].ends_with("=Large"));
    assert_eq!(flag.kind, FieldKind::flag(FlagValue::Two));
    let limits = FieldKind::Attachments { max_files: Some(3), max_total: Some(20_000_000) };
    assert_eq!(files.kind, limits);
    let presets: Vec<(&str, &str)> = form
        .private
        .presets
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_fixed().unwrap_or("answers")))
        .collect();
    assert_eq!(
        presets,
        [
            ("actual_closing_date", "2020-09-30"),
            ("campaign", "spring"),
            ("create_new_funnel", "2"),
            ("expected_closing_amount", "523"),
            ("funnel", "Sales"),
            ("match_with_phone", "1"),
            ("note", "answers"),
            ("tags", "web, spring"),
            ("use_contact_owner", "1"),
        ]
    );
}

#[test]
fn does_not_reveal_presets_in_json_or_debug_output() {
    let form = FormDefinition::from_toml(
        "title = 'F'\n[[field]]\nparameter = 'tags'\nlabel = 'T'\nrequired = true\n\
         [presets]\nfunnel = 'secret'",
    )
    .unwrap();
    let json = serde_json::to_string(&form.public).unwrap();
    assert!(!json.contains("secret"), "{json}");
    assert!(!format!("{form:?}").contains("secret"));
    assert_eq!(serde_json::from_str::<PublicDefinition>(&json).unwrap(), form.public);
}

#[test]
fn reads_json_by_the_same_rules() {
    let form: FormDefinition = serde_json::from_str(
        r#"{"title": "F", "field": [{"parameter": "note", "label": "N", "max_length": 5}],
            "presets": {"create_new_stage": true, "stage": "New", "resolution": "won"}}"#,
    )
    .unwrap();
    assert_eq!(form.public.fields[0].kind.length_limit(), 5);
    assert_eq!(form.private.presets["create_new_stage"].as_fixed(), Some("2"));
    assert_eq!(form.private.presets["resolution"].as_fixed(), Some("won"));

    let error = serde_json::from_str::<FormDefinition>(r#"{"title": 1, "feild": []}"#).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("`title` takes text in quotes, not a number"), "{error}");
    assert!(error.contains("unknown key `feild`; did you mean `field`?"), "{error}");
}

#[test]
fn reports_each_mistake_with_its_line_and_column() {
    assert_mistakes(
        "titel = 'x'\n\n[[field]]\nparameter = 'contact_emial'\nlable = 'E'\n",
        &[
            "1:1: `title` is missing: write the form's heading, such as title = \"Request a quote\"",
            "1:1: unknown key `titel`; did you mean `title`?",
            "3:1: `label` is missing: write the question's text, such as label = \"Your name\"",
            "4:13: unknown parameter `contact_emial`; did you mean `contact_email`?",
            "5:1: unknown key `lable`; did you mean `label`?",
        ],
    );
}

#[test]
fn does_not_report_a_wrong_value_as_missing() {
    assert_mistakes(
        "title = ' '\n[[field]]\nparameter = 'note'\nlabel = 5",
        &[
            "1:9: `title` is empty; write some text or remove it",
            "4:9: `label` takes text in quotes, not a number",
        ],
    );
}

#[test]
fn reports_invalid_toml_with_its_line() {
    let error = FormDefinition::from_toml("title = 'x'\n[[field]\n").unwrap_err();
    assert_eq!(error.0[0].line, Some(2));
    assert!(error.0[0].message.starts_with("invalid TOML: "), "{error}");
}

#[test]
fn rejects_kinds_and_settings_that_do_not_fit_the_parameter() {
    assert_mistakes(
        &field("parameter = 'expected_closing_date'\nkind = 'amount'"),
        &["5:8: `expected_closing_date` cannot have the kind `amount`; use `date`"],
    );
    assert_mistakes(
        &field("parameter = 'note'\nkind = 'longtext'"),
        &["5:8: unknown kind `longtext`; did you mean `long_text`?"],
    );
    assert_mistakes(
        &field("parameter = 'note'\noptions = ['a']"),
        &[
            "5:11: a field of kind `long_text` cannot have options; remove them or write kind = \"choice\" or \"choices\"",
        ],
    );
    assert_mistakes(
        &field("custom_field = 'x'\nkind = 'flag'\nmax_length = 5"),
        &["6:14: a field of this kind cannot have `max_length`; remove it"],
    );
    assert_mistakes(
        &field("custom_field = 'x'\nkind = 'choice'"),
        &["2:1: `options` is missing: write the options, such as options = [\"Yes\", \"No\"]"],
    );
    assert_mistakes(
        &field("parameter = 'resolution'\noptions = ['open', 'win', 'open']"),
        &[
            "5:20: unknown resolution `win`; use open, closed, won or lost",
            "5:27: the option `open` is listed twice; remove one",
        ],
    );
}

#[test]
fn rejects_an_invalid_name_of_a_custom_field() {
    assert_mistakes(
        &field("parameter = 'custom_field'"),
        &["4:13: write custom_field = \"its_api_name\" instead of parameter"],
    );
    assert_mistakes(
        &field("custom_field = 'note'"),
        &["4:16: `note` is a parameter of the API; write parameter = \"note\""],
    );
    assert_mistakes(
        &field("custom_field = 'team size'"),
        &[
            "4:16: `team size` cannot be a custom field's API name; start with a letter, and use only letters, digits and underscores",
        ],
    );
}

#[test]
fn rejects_the_key_as_a_field_and_as_a_preset() {
    assert_mistakes(
        &field("parameter = 'key'"),
        &[
            "2:1: a form cannot ask for `key`: the proxy reads it only from its environment (CRM_API_KEY); remove it",
        ],
    );
    assert_mistakes(
        &(field("parameter = 'note'") + "\n[presets]\nkey = '123'"),
        &[
            "6:1: `key` cannot be preset: the proxy reads it only from its environment (CRM_API_KEY); remove it",
        ],
    );
}

#[test]
fn requires_opt_in_for_a_parameter_that_affects_more_than_the_visitors_deal() {
    assert_mistakes(
        &field("parameter = 'owner_email'"),
        &[
            "2:1: `owner_email` affects more than the visitor's own deal; set it under [presets], or add opt_in = true if every visitor may choose it",
        ],
    );
    assert_mistakes(&field("parameter = 'owner_email'\nopt_in = true"), &[]);
    assert_mistakes(
        &field("parameter = 'note'\nopt_in = true"),
        &["5:10: `note` does not need opt_in; remove it"],
    );
}

#[test]
fn reports_a_parameter_that_the_crm_would_ignore() {
    assert_mistakes(
        &(field("parameter = 'contact_name'") + "\n[presets]\ncontact_id = 5"),
        &[
            "2:1: the CRM ignores `contact_name` if the form also sends `contact_id`; remove one of them",
        ],
    );
    assert_mistakes(
        &(field("parameter = 'note'")
            + "\n[presets]\nowner_email = 'a@b.de'\nuse_contact_owner = true"),
        &[
            "6:1: the CRM ignores `owner_email` if `use_contact_owner` is 2, which this form also sends; remove one of them",
        ],
    );
    assert_mistakes(
        &(field("parameter = 'note'")
            + "\n[presets]\nowner_email = 'a@b.de'\nuse_contact_owner = false"),
        &[],
    );
    assert_mistakes(
        &(field("parameter = 'note'") + "\n[presets]\nnote = 'x'"),
        &["6:1: `note` is in this form twice; remove one"],
    );
}

#[test]
fn checks_the_name_and_the_value_of_a_preset() {
    let presets = |lines: &str| field("parameter = 'note'") + "\n[presets]\n" + lines;
    assert_mistakes(
        &presets("expected_closing_date = '2023-02-29'"),
        &[
            "6:25: Enter a real date for “expected_closing_date”: this day does not exist. You wrote `2023-02-29`",
        ],
    );
    assert_mistakes(
        &presets("check_name = 0"),
        &["6:14: Enter 1 or 2 for “check_name”. You wrote `0`"],
    );
    assert_mistakes(
        &presets("resolution = 'win'"),
        &["6:14: `resolution` can only be open, closed, won or lost. You wrote `win`"],
    );
    assert_mistakes(
        &presets("campaign = 'x'"),
        &["6:1: unknown parameter `campaign`; write custom fields under [presets.custom_fields]"],
    );
    assert_mistakes(
        &presets("funel = 'x'"),
        &["6:1: unknown parameter `funel`; did you mean `funnel`?"],
    );
    assert_mistakes(
        &presets("attachments = 'a.pdf'\ncustom_field = 'x'\nexternal_reference_id = 'x'"),
        &[
            "6:1: `attachments` cannot be preset: only visitors add files; remove it",
            "7:1: `custom_field` cannot be preset: custom fields belong under [presets.custom_fields]; remove it",
            "8:1: `external_reference_id` cannot be preset: the widget creates it for each draft; remove it",
        ],
    );
    assert_mistakes(
        &presets("[presets.custom_fields]\nstage = 'x'"),
        &["7:1: `stage` is a parameter of the API; move it up to [presets]"],
    );
}

#[test]
fn rejects_limits_above_those_of_the_crm() {
    assert_mistakes(
        &field("parameter = 'attachments'\nmax_total = '200 MB'\nmax_files = 50"),
        &[
            "5:13: `max_total` must be between 1 byte and 100 MB, the limit of the CRM",
            "6:13: `max_files` can be at most 20; the CRM drops any further files",
        ],
    );
    for (written, bytes) in
        [("5000", 5_000), ("'600 bytes'", 600), ("'70 B'", 70), ("'8 kB'", 8_000)]
    {
        let form =
            public_json(&field(&format!("parameter = 'attachments'\nmax_total = {written}")));
        assert_eq!(form["fields"][0]["max_total"], bytes, "{written}");
    }
    assert_mistakes(
        &field("parameter = 'note'\nmax_files = 2"),
        &["5:13: a field of this kind cannot have `max_files`; remove it"],
    );
}
