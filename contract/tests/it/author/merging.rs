//! Presets that would merge several visitors into one record.

use super::mistakes;

/// A form that asks for these parameters and sends those presets.
fn form(asked: &[&str], presets: &str) -> String {
    let field = |name: &&str| format!("[[field]]\nparameter = '{name}'\nlabel = 'L'\n");
    let fields: Vec<String> = asked.iter().map(field).collect();
    let fields = fields.concat();
    format!("title = 'F'\n{fields}[presets]\n{presets}")
}

#[test]
fn a_preset_deal_id_is_refused_whatever_the_form_asks_for() {
    for deal in ["deal_id = 5", "deal_id = '5'"] {
        mistakes(
            &form(&["note"], deal),
            &[
                "6:1: `deal_id` cannot be preset: every submission would overwrite that one deal, and the CRM would ignore the draft's reference; remove it",
            ],
        );
    }
}

#[test]
fn refuses_a_preset_contact_if_the_form_asks_about_the_contact() {
    mistakes(
        &form(&["contact_email", "note", "contact_address_city"], "contact_id = 5"),
        &[
            "12:1: with this `contact_id`, every visitor would change the same contact: the form also sends their `contact_email`, `contact_address_city`; remove the preset, or ask for none of these",
        ],
    );
    mistakes(&form(&["note", "company_name"], "contact_id = 5"), &[]);
    // The form's own values are the same for every visitor.
    mistakes(&form(&["note"], "contact_id = 5\ncontact_email = 'a@b.de'"), &[]);
}

#[test]
fn a_hidden_value_about_the_contact_counts_like_a_question() {
    mistakes(
        "title = 'F'\n[[field]]\nparameter = 'note'\nlabel = 'L'\n[[hidden]]\n\
         parameter = 'contact_address_city'\nurl_parameter = 'city'\n[presets]\ncontact_id = 5",
        &[
            "9:1: with this `contact_id`, every visitor would change the same contact: the form also sends their `contact_address_city`; remove the preset, or ask for none of these",
        ],
    );
}

#[test]
fn refuses_a_preset_by_which_the_crm_finds_contacts() {
    let one = |line: u8, name: &str, asked: &str| {
        format!(
            "{line}:1: with this `{name}`, every visitor would change the same contact: the form also sends their `{asked}`; remove the preset, or ask for none of these"
        )
    };
    let name = &["contact_name"];
    let phone = &["contact_phone"];
    mistakes(&form(name, "contact_email = 'a@b.de'"), &[&one(6, "contact_email", "contact_name")]);
    mistakes(
        &form(name, "contact_email = 'a@b.de'\nmatch_with_email = true"),
        &[&one(6, "contact_email", "contact_name")],
    );
    mistakes(&form(name, "contact_email = 'a@b.de'\nmatch_with_email = false"), &[]);
    mistakes(&form(name, "contact_phone = '12345'"), &[]);
    mistakes(
        &form(name, "contact_phone = '12345'\nmatch_with_phone = true"),
        &[&one(6, "contact_phone", "contact_name")],
    );
    mistakes(&form(phone, "contact_name = 'Web'"), &[]);
    mistakes(
        &form(phone, "contact_name = 'Web'\ncheck_name = true"),
        &[&one(6, "contact_name", "contact_phone")],
    );
}

#[test]
fn refuses_a_preset_company_if_the_form_asks_about_the_company() {
    for preset in ["company_id = 5", "company_name = 'C'", "company_email = 'a@b.de'"] {
        let name = preset.split(' ').next().unwrap();
        mistakes(
            &form(&["company_phone"], preset),
            &[&format!(
                "6:1: with this `{name}`, every visitor would change the same company: the form also sends their `company_phone`; remove the preset, or ask for none of these"
            )],
        );
        mistakes(&form(&["contact_name", "contact_phone"], preset), &[]);
    }
}

#[test]
fn a_preset_name_does_not_identify_a_contact() {
    mistakes(
        &form(&["contact_name"], "check_name = true"),
        &[
            "6:1: `check_name` would make one contact of all visitors who share a name; set it to false, or remove it",
        ],
    );
    mistakes(&form(&["contact_name"], "check_name = false"), &[]);
    mistakes(&form(&["contact_phone"], "check_name = true"), &[]);
}
