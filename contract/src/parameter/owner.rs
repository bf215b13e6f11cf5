//! The parameters for the people who work on the deal.

use super::kind::{ParameterKind, text};
use super::row::{Group::Owner, Parameter, Switch, row, sent};
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

pub(super) const ROWS: &[Parameter] = &[
    row(
        "owner_email",
        text(TextFormat::Email),
        Owner,
        "user@example.com",
        "The CRM user who owns the deal; the CRM ignores the address if it does not belong to an active user.",
    )
    .switched_off_by(&[Switch { parameter: "use_contact_owner", value: Some("2") }])
    .opt_in(),
    row(
        "dealcollaborator_email",
        text(TextFormat::Email),
        Owner,
        "user@example.com",
        "A CRM user who collaborates on the deal with full access; the CRM ignores the address if it does not \
         belong to an active user.",
    )
    .opt_in(),
    row(
        "dealcollaboratoronly_email",
        text(TextFormat::Email),
        Owner,
        "user@example.com",
        "A CRM user who only collaborates on the deal, without full access; the CRM ignores the address if it \
         does not belong to an active user.",
    )
    .opt_in(),
    row(
        "use_contact_owner",
        ParameterKind::Answer(Kind::Flag),
        Owner,
        "2",
        "Whether the contact's owner also owns the deal; the CRM then ignores `owner_email`.",
    )
    .yes(FlagValue::Two)
    .default("1")
    .opt_in(),
    row(
        "owner_group",
        text(TextFormat::SingleLine),
        Owner,
        "Inbound",
        "A group of CRM users. The CRM assigns new deals to its members in rotation.",
    )
    .switched_off_by(&[sent("owner_email")])
    .opt_in(),
];
