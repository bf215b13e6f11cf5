//! What an author of a form definition is told.

mod creating;
mod flow;
mod hidden;
mod look;
mod merging;
mod proof;
mod texts;

use deal_contract::definition::{Field, FieldKind, FormDefinition, PublicDefinition};
use deal_contract::kind::TextFormat;
use deal_contract::values::FlagValue;

#[track_caller]
fn mistakes(toml: &str, expected: &[&str]) {
    let found = FormDefinition::from_toml(toml).map_or_else(
        |mistakes| mistakes.to_string().lines().map(str::to_owned).collect(),
        |_| Vec::new(),
    );
    assert_eq!(found, expected);
}

/// The public half as the page gets it, which is what the page reads.
#[track_caller]
fn public(toml: &str) -> serde_json::Value {
    let form = FormDefinition::from_toml(toml).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let json = serde_json::to_string(&form.public).unwrap();
    assert_eq!(serde_json::from_str::<PublicDefinition>(&json).unwrap(), form.public);
    serde_json::from_str(&json).unwrap()
}

/// A form that is right but for what is added to its one field.
fn field(lines: &str) -> String {
    format!("title = 'F'\n[[field]]\nlabel = 'L'\n{lines}")
}

#[test]
fn a_form_of_every_kind_is_read() {
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
    let presets: Vec<(&str, &str)> =
        form.private.presets.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        presets,
        [
            ("actual_closing_date", "2020-09-30"),
            ("campaign", "spring"),
            ("create_new_funnel", "2"),
            ("expected_closing_amount", "523"),
            ("funnel", "Sales"),
            ("match_with_phone", "1"),
            ("tags", "web, spring"),
            ("use_contact_owner", "1"),
        ]
    );
}

#[test]
fn the_public_half_survives_json_and_knows_no_preset() {
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
fn json_is_read_by_the_same_rules() {
    let form: FormDefinition = serde_json::from_str(
        r#"{"title": "F", "field": [{"parameter": "note", "label": "N", "max_length": 5}],
            "presets": {"create_new_stage": true, "stage": "New", "resolution": "won"}}"#,
    )
    .unwrap();
    assert_eq!(form.public.fields[0].kind.length_limit(), 5);
    assert_eq!(form.private.presets["create_new_stage"], "2");
    assert_eq!(form.private.presets["resolution"], "won");

    let error = serde_json::from_str::<FormDefinition>(r#"{"title": 1, "feild": []}"#).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("`title` takes a text in quotes, but here is a number"), "{error}");
    assert!(error.contains("no key `feild` here; did you mean `field`?"), "{error}");
}

#[test]
fn every_mistake_is_named_with_its_place() {
    mistakes(
        "titel = 'x'\n\n[[field]]\nparameter = 'contact_emial'\nlable = 'E'\n",
        &[
            "1:1: `title` is missing: write the form's heading, such as title = \"Request a quote\"",
            "1:1: there is no key `titel` here; did you mean `title`?",
            "3:1: `label` is missing: write the question's text, such as label = \"Your name\"",
            "4:13: the API has no parameter `contact_emial`; did you mean `contact_email`?",
            "5:1: there is no key `lable` here; did you mean `label`?",
        ],
    );
}

#[test]
fn a_wrong_value_is_not_called_missing() {
    mistakes(
        "title = ' '\n[[field]]\nparameter = 'note'\nlabel = 5",
        &[
            "1:9: `title` is empty; write a text or leave it out",
            "4:9: `label` takes a text in quotes, but here is a number",
        ],
    );
}

#[test]
fn broken_toml_is_named_with_its_line() {
    let error = FormDefinition::from_toml("title = 'x'\n[[field]\n").unwrap_err();
    assert_eq!(error.0[0].line, Some(2));
    assert!(error.0[0].message.starts_with("this is not TOML: "), "{error}");
}

#[test]
fn a_kind_has_to_fit_the_parameter() {
    mistakes(
        &field("parameter = 'expected_closing_date'\nkind = 'amount'"),
        &["5:8: `expected_closing_date` cannot be asked for as `amount`; use `date`"],
    );
    mistakes(
        &field("parameter = 'note'\nkind = 'longtext'"),
        &["5:8: there is no kind `longtext`; did you mean `long_text`?"],
    );
    mistakes(
        &field("parameter = 'note'\noptions = ['a']"),
        &[
            "5:11: a field of kind `long_text` has no options; remove them or write kind = \"choice\"",
        ],
    );
    mistakes(
        &field("custom_field = 'x'\nkind = 'flag'\nmax_length = 5"),
        &["6:14: a field of this kind has no `max_length`; remove it"],
    );
    mistakes(
        &field("custom_field = 'x'\nkind = 'choice'"),
        &["2:1: `options` is missing: write the answers, such as options = [\"Yes\", \"No\"]"],
    );
    mistakes(
        &field("parameter = 'resolution'\noptions = ['open', 'win', 'open']"),
        &[
            "5:20: the API knows no resolution `win`; use open, closed, won or lost",
            "5:27: `open` is offered twice; remove one",
        ],
    );
}

#[test]
fn a_custom_field_is_called_as_in_the_crm() {
    mistakes(
        &field("parameter = 'custom_field'"),
        &["4:13: write custom_field = \"its_api_name\" in place of parameter"],
    );
    mistakes(
        &field("custom_field = 'note'"),
        &["4:16: `note` is a parameter of the API; write parameter = \"note\""],
    );
    mistakes(
        &field("custom_field = 'team size'"),
        &[
            "4:16: `team size` cannot be a custom field's API name; use letters, digits and underscores, a letter first",
        ],
    );
}

#[test]
fn the_key_has_no_place_in_a_form() {
    mistakes(
        &field("parameter = 'key'"),
        &[
            "2:1: no form may ask for `key`: it comes from the proxy's environment alone (CRM_API_KEY); remove it",
        ],
    );
    mistakes(
        &(field("parameter = 'note'") + "\n[presets]\nkey = '123'"),
        &[
            "6:1: `key` cannot be preset: it comes from the proxy's environment alone (CRM_API_KEY); remove it",
        ],
    );
}

#[test]
fn what_reaches_past_the_visitors_deal_needs_opt_in() {
    mistakes(
        &field("parameter = 'owner_email'"),
        &[
            "2:1: `owner_email` reaches past the visitor's own deal; set it under [presets], or add opt_in = true if every visitor may choose it",
        ],
    );
    mistakes(&field("parameter = 'owner_email'\nopt_in = true"), &[]);
    mistakes(
        &field("parameter = 'note'\nopt_in = true"),
        &["5:10: `note` needs no opt_in; remove it"],
    );
}

#[test]
fn what_the_crm_would_ignore_is_a_mistake() {
    mistakes(
        &(field("parameter = 'contact_name'") + "\n[presets]\ncontact_id = 5"),
        &[
            "2:1: the CRM ignores `contact_name` beside `contact_id`, which this form also sends; remove one of them",
        ],
    );
    mistakes(
        &(field("parameter = 'note'")
            + "\n[presets]\nowner_email = 'a@b.de'\nuse_contact_owner = true"),
        &[
            "6:1: the CRM ignores `owner_email` when `use_contact_owner` is 2, which this form also sends; remove one of them",
        ],
    );
    mistakes(
        &(field("parameter = 'note'")
            + "\n[presets]\nowner_email = 'a@b.de'\nuse_contact_owner = false"),
        &[],
    );
    mistakes(
        &(field("parameter = 'note'") + "\n[presets]\nnote = 'x'"),
        &["6:1: `note` stands here twice; remove one"],
    );
}

#[test]
fn a_preset_is_checked_like_a_visitors_value() {
    let presets = |lines: &str| field("parameter = 'note'") + "\n[presets]\n" + lines;
    mistakes(
        &presets("expected_closing_date = '2023-02-29'"),
        &[
            "6:25: Enter a real date for “expected_closing_date”: this day does not exist. Here is `2023-02-29`",
        ],
    );
    mistakes(&presets("check_name = 0"), &["6:14: Enter 1 or 2 for “check_name”. Here is `0`"]);
    mistakes(
        &presets("resolution = 'win'"),
        &["6:14: `resolution` can only be open, closed, won or lost. Here is `win`"],
    );
    mistakes(
        &presets("campaign = 'x'"),
        &[
            "6:1: the API has no parameter `campaign`; custom fields stand under [presets.custom_fields]",
        ],
    );
    mistakes(
        &presets("funel = 'x'"),
        &["6:1: the API has no parameter `funel`; did you mean `funnel`?"],
    );
    mistakes(
        &presets("attachments = 'a.pdf'\ncustom_field = 'x'\nexternal_reference_id = 'x'"),
        &[
            "6:1: `attachments` cannot be preset: files come from the visitor; remove it",
            "7:1: `custom_field` cannot be preset: custom fields stand under [presets.custom_fields]; remove it",
            "8:1: `external_reference_id` cannot be preset: the widget makes it for each draft; remove it",
        ],
    );
    mistakes(
        &presets("[presets.custom_fields]\nstage = 'x'"),
        &["7:1: `stage` is a parameter of the API; move it up to [presets]"],
    );
}

#[test]
fn the_crms_limits_hold_for_authors_too() {
    mistakes(
        &field("parameter = 'attachments'\nmax_total = '200 MB'\nmax_files = 50"),
        &[
            "5:13: `max_total` is between 1 byte and 100 MB, the CRM's own limit",
            "6:13: `max_files` is at most 20: the CRM would drop the rest",
        ],
    );
    for (written, bytes) in
        [("5000", 5_000), ("'600 bytes'", 600), ("'70 B'", 70), ("'8 kB'", 8_000)]
    {
        let form = public(&field(&format!("parameter = 'attachments'\nmax_total = {written}")));
        assert_eq!(form["fields"][0]["max_total"], bytes, "{written}");
    }
    mistakes(
        &field("parameter = 'note'\nmax_files = 2"),
        &["5:13: a field of this kind has no `max_files`; remove it"],
    );
}
