//! The parameters of the deal itself.

use super::kind::{ParameterKind, text};
use super::row::{Group::Deal, Parameter, row, sent};
use crate::kind::{Kind, TextFormat};

pub(super) const ROWS: &[Parameter] = &[
    row(
        "deal_id",
        text(TextFormat::Id),
        Deal,
        "5452",
        "The CRM's number for an existing deal. If it is sent, the CRM updates this deal instead of creating a new one.",
    )
    .opt_in(),
    row(
        "external_reference_id",
        ParameterKind::Reference,
        Deal,
        "Deal656588",
        "The sender's unique name for the deal. If it is sent again, the CRM updates the same deal. The \
         widget creates one for each draft.",
    )
    .switched_off_by(&[sent("deal_id")])
    .never(),
    row("name", text(TextFormat::SingleLine), Deal, "Selling Product", "The deal's name."),
    row(
        "expected_closing_date",
        ParameterKind::Answer(Kind::Date),
        Deal,
        "2020-09-30",
        "The day on which the deal is expected to close, YYYY-MM-DD.",
    ),
    row(
        "actual_closing_date",
        ParameterKind::Answer(Kind::Date),
        Deal,
        "2020-09-30",
        "The day on which the deal closed, YYYY-MM-DD.",
    ),
    row(
        "expected_closing_amount",
        text(TextFormat::Amount),
        Deal,
        "523",
        "The expected amount of the deal: digits, spaces, commas and full stops.",
    ),
    row(
        "actual_closing_amount",
        text(TextFormat::Amount),
        Deal,
        "523",
        "The actual amount of the deal: digits, spaces, commas and full stops.",
    ),
    row(
        "deal_type",
        text(TextFormat::SingleLine),
        Deal,
        "New business",
        "The deal's type. If the type does not exist, the CRM creates it.",
    )
    .opt_in(),
];
