//! The parameters for the emails that the CRM sends.

use super::kind::{ParameterKind, text};
use super::row::{Group::Notification, Parameter, row};
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

pub(super) const ROWS: &[Parameter] = &[
    row(
        "send_email_to_contact",
        ParameterKind::Answer(Kind::Flag),
        Notification,
        "1",
        "Whether the contact gets an email with the deal's name and number.",
    )
    .yes(FlagValue::One)
    .default("2")
    .opt_in(),
    row(
        "send_email_to_contact_subject",
        text(TextFormat::SingleLine),
        Notification,
        "We got your request",
        "The subject of the email to the contact.",
    )
    .default("New Deal Creation Notification from COMPANY_NAME")
    .opt_in(),
    row(
        "notifyToEmail",
        text(TextFormat::Email),
        Notification,
        "sales@example.com",
        "The address that gets an email about the new deal.",
    )
    .opt_in(),
    row(
        "notifyEmailSubject",
        text(TextFormat::SingleLine),
        Notification,
        "New Deal Added",
        "The subject of the email about the new deal.",
    )
    .opt_in(),
    row(
        "notifyEmailExtraText",
        text(TextFormat::MultiLine),
        Notification,
        "From the landing page",
        "Text at the end of the email about the new deal.",
    )
    .opt_in(),
    row(
        "email_notify_owner",
        ParameterKind::Answer(Kind::Flag),
        Notification,
        "1",
        "Whether the deal's owner gets an email.",
    )
    .yes(FlagValue::One)
    .opt_in(),
];
