//! The deal itself.

use super::row::{Group::Deal, Kind, Parameter, row, sent};

pub(super) const ROWS: &[Parameter] = &[
    row(
        "deal_id",
        Kind::Id,
        Deal,
        "5452",
        "The CRM's number of an existing deal: that deal is updated and none is added.",
    )
    .opt_in(),
    row(
        "external_reference_id",
        Kind::Reference,
        Deal,
        "Deal656588",
        "The sender's own, unique name for the deal. Sent again, it updates the deal it made. The \
         widget makes one for every draft.",
    )
    .off_by(&[sent("deal_id")])
    .never(),
    row("name", Kind::Text, Deal, "Selling Product", "The deal's name."),
    row(
        "expected_closing_date",
        Kind::Date,
        Deal,
        "2020-09-30",
        "The day on which the deal should close, YYYY-MM-DD.",
    ),
    row(
        "actual_closing_date",
        Kind::Date,
        Deal,
        "2020-09-30",
        "The day on which the deal did close, YYYY-MM-DD.",
    ),
    row(
        "expected_closing_amount",
        Kind::Amount,
        Deal,
        "523",
        "What the deal should bring: digits, spaces, commas and full stops.",
    ),
    row(
        "actual_closing_amount",
        Kind::Amount,
        Deal,
        "523",
        "What the deal did bring: digits, spaces, commas and full stops.",
    ),
    row(
        "deal_type",
        Kind::Text,
        Deal,
        "New business",
        "The deal's type; a type that the CRM does not know is created.",
    )
    .opt_in(),
];
