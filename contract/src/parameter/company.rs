//! The parameters of the contact's company.

use super::kind::text;
use super::row::{Group::Company, Parameter, row, sent};
use crate::kind::TextFormat;

pub(super) const ROWS: &[Parameter] = &[
    row(
        "company_id",
        text(TextFormat::Id),
        Company,
        "952622",
        "The CRM's number for the company. If it is sent, the CRM updates this company's email and phone.",
    )
    .opt_in(),
    row(
        "company_name",
        text(TextFormat::SingleLine),
        Company,
        "Hubb UCS Company",
        "The company's name; if no company matches, the CRM creates one.",
    )
    .switched_off_by(&[sent("company_id")])
    .autocomplete("organization"),
    row(
        "company_email",
        text(TextFormat::Email),
        Company,
        "office@example.com",
        "The company's email address; if no company matches, the CRM creates one.",
    ),
    row(
        "company_phone",
        text(TextFormat::Phone),
        Company,
        "54065486544",
        "The company's phone number; if no company matches, the CRM creates one.",
    ),
];
