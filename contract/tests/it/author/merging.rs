//! Presets that would merge several visitors' records into one.

use super::assert_mistakes;

/// Returns a form with fields for `asked` and with `presets`.
fn form(asked: &[&str], presets: &str) -> String {
    let field = |name: &&str| format!("[[field]]\nparameter = '{name}'\nlabel = 'L'\n");
    let fields: Vec<String> = asked.iter().map(field).collect();
    let fields = fields.concat();
    format!("title = 'F'\n{fields}[presets]\n{presets}")
}

#[test]
fn rejects_a_preset_deal_id() {
    for deal in ["deal_id = 5", "deal_id = '5'"] {
        assert_mistakes(
            &form(&["note"], deal),
            &[
                "6:1: `deal_id` cannot be preset: every submission would overwrite the same deal, and the CRM would ignore the draft's reference; remove it",
            ],
        );
    }
}

#[test]
fn rejects_a_preset_contact_id_if_a_field_changes_the_contact() {
    assert_mistakes(
        &form(&["contact_email", "note", "contact_address_city"], "contact_id = 5"),
        &[
            "12:1: with the preset `contact_id`, every visitor would change the same contact, because the form also sends `contact_email`, `contact_address_city`; remove the preset or these parameters",
        ],
    );
    assert_mistakes(&form(&["note", "company_name"], "contact_id = 5"), &[]);
    // A preset is the same for every visitor.
    assert_mistakes(&form(&["note"], "contact_id = 5\ncontact_email = 'a@b.de'"), &[]);
}

#[test]
fn rejects_a_preset_contact_id_if_a_hidden_value_changes_the_contact() {
    assert_mistakes(
        "title = 'F'\n[[field]]\nparameter = 'note'\nlabel = 'L'\n[[hidden]]\n\
         parameter = 'contact_address_city'\nurl_parameter = 'city'\n[presets]\ncontact_id = 5",
        &[
            "9:1: with the preset `contact_id`, every visitor would change the same contact, because the form also sends `contact_address_city`; remove the preset or these parameters",
        ],
    );
}

#[test]
fn rejects_a_preset_that_the_crm_uses_to_find_contacts() {
    let mistake = |line: u8, name: &str, asked: &str| {
        format!(
            "{line}:1: with the preset `{name}`, every visitor would change the same contact, because the form also sends `{asked}`; remove the preset or these parameters"
        )
    };
    let name = &["contact_name"];
    let phone = &["contact_phone"];
    assert_mistakes(
        &form(name, "contact_email = 'a@b.de'"),
        &[&mistake(6, "contact_email", "contact_name")],
    );
    assert_mistakes(
        &form(name, "contact_email = 'a@b.de'\nmatch_with_email = true"),
        &[&mistake(6, "contact_email", "contact_name")],
    );
    assert_mistakes(&form(name, "contact_email = 'a@b.de'\nmatch_with_email = false"), &[]);
    assert_mistakes(&form(name, "contact_phone = '12345'"), &[]);
    assert_mistakes(
        &form(name, "contact_phone = '12345'\nmatch_with_phone = true"),
        &[&mistake(6, "contact_phone", "contact_name")],
    );
    assert_mistakes(&form(phone, "contact_name = 'Web'"), &[]);
    assert_mistakes(
        &form(phone, "contact_name = 'Web'\ncheck_name = true"),
        &[&mistake(6, "contact_name", "contact_phone")],
    );
}

#[test]
fn rejects_a_preset_company_if_a_field_changes_the_company() {
    for preset in ["company_id = 5", "company_name = 'C'", "company_email = 'a@b.de'"] {
        let name = preset.split(' ').next().unwrap();
        assert_mistakes(
            &form(&["company_phone"], preset),
            &[&format!(
                "6:1: with the preset `{name}`, every visitor would change the same company, because the form also sends `company_phone`; remove the preset or these parameters"
            )],
        );
        assert_mistakes(&form(&["contact_name", "contact_phone"], preset), &[]);
    }
}

#[test]
fn rejects_check_name_if_visitors_send_the_contact_name() {
    assert_mistakes(
        &form(&["contact_name"], "check_name = true"),
        &[
            "6:1: with `check_name`, visitors with the same name would share one contact; set it to false or remove it",
        ],
    );
    assert_mistakes(&form(&["contact_name"], "check_name = false"), &[]);
    assert_mistakes(&form(&["contact_phone"], "check_name = true"), &[]);
}
