//! Which e-mails go out.

use super::row::{Group::Notification, Kind, Parameter, row};
use crate::values::FlagValue;

pub(super) const ROWS: &[Parameter] = &[
    row(
        "send_email_to_contact",
        Kind::Flag,
        Notification,
        "1",
        "Whether the contact gets an e-mail with the deal's name and number.",
    )
    .yes_at(FlagValue::One)
    .defaults_to("2")
    .opt_in(),
    row(
        "send_email_to_contact_subject",
        Kind::Text,
        Notification,
        "We got your request",
        "The subject of the e-mail to the contact.",
    )
    .defaults_to("New Deal Creation Notification from COMPANY_NAME")
    .opt_in(),
    row(
        "notifyToEmail",
        Kind::Email,
        Notification,
        "sales@example.com",
        "Who gets an e-mail about the new deal.",
    )
    .opt_in(),
    row(
        "notifyEmailSubject",
        Kind::Text,
        Notification,
        "New Deal Added",
        "The subject of the e-mail about the new deal.",
    )
    .opt_in(),
    row(
        "notifyEmailExtraText",
        Kind::LongText,
        Notification,
        "From the landing page",
        "Text at the end of the e-mail about the new deal.",
    )
    .opt_in(),
    row(
        "email_notify_owner",
        Kind::Flag,
        Notification,
        "1",
        "Whether the deal's owner gets an e-mail.",
    )
    .yes_at(FlagValue::One)
    .opt_in(),
];
