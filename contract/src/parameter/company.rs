//! The person's company.

use super::row::{Group::Company, Kind, Parameter, row, sent};

pub(super) const ROWS: &[Parameter] = &[
    row(
        "company_id",
        Kind::Id,
        Company,
        "952622",
        "The CRM's number of the company. With it, e-mail and phone update that company.",
    )
    .opt_in(),
    row(
        "company_name",
        Kind::Text,
        Company,
        "Hubb UCS Company",
        "The company's name; a company that the CRM does not find is created.",
    )
    .off_by(&[sent("company_id")])
    .filled_as("organization"),
    row(
        "company_email",
        Kind::Email,
        Company,
        "office@example.com",
        "The company's e-mail address; a company that the CRM does not find is created.",
    ),
    row(
        "company_phone",
        Kind::Phone,
        Company,
        "54065486544",
        "The company's phone number; a company that the CRM does not find is created.",
    ),
];
