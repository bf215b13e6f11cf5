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
        "The CRM user who owns the deal; the CRM ignores an address that is not an active user's.",
    )
    .switched_off_by(&[Switch { parameter: "use_contact_owner", value: Some("2") }])
    .opt_in(),
    row(
        "dealcollaborator_email",
        text(TextFormat::Email),
        Owner,
        "user@example.com",
        "A CRM user with full access to the deal; the CRM ignores an address that is not an active user's.",
    )
    .opt_in(),
    row(
        "dealcollaboratoronly_email",
        text(TextFormat::Email),
        Owner,
        "user@example.com",
        "A CRM user who works on deals only; the CRM ignores an address that is not an active user's.",
    )
    .opt_in(),
    row(
        "use_contact_owner",
        ParameterKind::Answer(Kind::Flag),
        Owner,
        "2",
        "Whether the contact's owner also owns the deal; the CRM then ignores owner_email.",
    )
    .yes(FlagValue::Two)
    .default("1")
    .opt_in(),
    row(
        "owner_group",
        text(TextFormat::SingleLine),
        Owner,
        "Inbound",
        "The group of CRM users who get these deals in turn.",
    )
    .switched_off_by(&[sent("owner_email")])
    .opt_in(),
];
