//! The parameters of the contact.

use super::kind::{ParameterKind, text};
use super::row::{Group::Contact, Parameter, row, sent};
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

/// Creates the parameter for the contact's profile on a social network.
const fn social(name: &'static str, sample: &'static str, description: &'static str) -> Parameter {
    row(name, text(TextFormat::SocialProfile), Contact, sample, description)
}

/// Creates a flag that controls how the CRM looks for an existing contact. `1` means yes.
const fn matches(
    name: &'static str,
    default: &'static str,
    description: &'static str,
) -> Parameter {
    row(name, ParameterKind::Answer(Kind::Flag), Contact, "1", description)
        .yes(FlagValue::One)
        .default(default)
        .opt_in()
}

pub(super) const ROWS: &[Parameter] = &[
    row(
        "contact_id",
        text(TextFormat::Id),
        Contact,
        "65246",
        "The CRM's number for the contact. If it is sent, the CRM updates this contact's email and phone.",
    )
    .opt_in(),
    row(
        "contact_name",
        text(TextFormat::SingleLine),
        Contact,
        "Mike Douglas",
        "The contact's name; if no contact matches, the CRM creates one.",
    )
    .switched_off_by(&[sent("contact_id")])
    .autocomplete("name"),
    row(
        "contact_email",
        text(TextFormat::Email),
        Contact,
        "mike@example.com",
        "The contact's email address; if no contact matches, the CRM creates one.",
    )
    .autocomplete("email"),
    row(
        "contact_phone",
        text(TextFormat::Phone),
        Contact,
        "54065486544",
        "The contact's phone number; if no contact matches, the CRM creates one.",
    )
    .autocomplete("tel"),
    matches(
        "match_with_email",
        "1",
        "Whether the CRM looks for an existing contact with the same email address.",
    ),
    matches(
        "match_with_phone",
        "2",
        "Whether the CRM looks for an existing contact with the same phone number.",
    ),
    matches(
        "check_name",
        "2",
        "Whether the CRM looks for an existing contact with the same name.",
    ),
    row(
        "contact_source",
        text(TextFormat::SingleLine),
        Contact,
        "campaign1",
        "Where the contact came from. If the source does not exist, the CRM adds it.",
    )
    .opt_in(),
    social("contact_facebook", "https://facebook.com/mike", "Facebook page or name."),
    social("contact_twitter", "https://x.com/mike", "Twitter address or name."),
    social("contact_skype", "mike.douglas", "Skype name."),
    social("contact_linkedin", "mike-douglas", "LinkedIn name."),
    social("contact_pinterest", "mike", "Pinterest account."),
    social("contact_googlePlus", "mike", "Google+ account."),
    social("contact_instagram", "mike", "Instagram account."),
    row(
        "contact_address_street",
        text(TextFormat::SingleLine),
        Contact,
        "4806 Reppert Coal Road",
        "Street address.",
    )
    .autocomplete("street-address"),
    row(
        "contact_address_city",
        text(TextFormat::SingleLine),
        Contact,
        "Bloomfield Township",
        "City.",
    )
    .autocomplete("address-level2"),
    row("contact_address_zipcode", text(TextFormat::SingleLine), Contact, "48302", "Postal code.")
        .autocomplete("postal-code"),
];
