//! The deal itself.

use super::kind::{ParameterKind, text};
use super::row::{Group::Deal, Parameter, row, sent};
use crate::kind::{Kind, TextFormat};

pub(super) const ROWS: &[Parameter] = &[
    row(
        "deal_id",
        text(TextFormat::Id),
        Deal,
        "5452",
        "The CRM's number of an existing deal: that deal is updated and none is added.",
    )
    .opt_in(),
    row(
        "external_reference_id",
        ParameterKind::Reference,
        Deal,
        "Deal656588",
        "The sender's own, unique name for the deal. Sent again, it updates the deal it made. The \
         widget makes one for every draft.",
    )
    .off_by(&[sent("deal_id")])
    .never(),
    row("name", text(TextFormat::SingleLine), Deal, "Selling Product", "The deal's name."),
    row(
        "expected_closing_date",
        ParameterKind::Answer(Kind::Date),
        Deal,
        "2020-09-30",
        "The day on which the deal should close, YYYY-MM-DD.",
    ),
    row(
        "actual_closing_date",
        ParameterKind::Answer(Kind::Date),
        Deal,
        "2020-09-30",
        "The day on which the deal did close, YYYY-MM-DD.",
    ),
    row(
        "expected_closing_amount",
        text(TextFormat::Amount),
        Deal,
        "523",
        "What the deal should bring: digits, spaces, commas and full stops.",
    ),
    row(
        "actual_closing_amount",
        text(TextFormat::Amount),
        Deal,
        "523",
        "What the deal did bring: digits, spaces, commas and full stops.",
    ),
    row(
        "deal_type",
        text(TextFormat::SingleLine),
        Deal,
        "New business",
        "The deal's type; a type that the CRM does not know is created.",
    )
    .opt_in(),
];
