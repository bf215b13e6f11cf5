//! The parameters for the deal's stage and result.

use super::kind::{ParameterKind, text};
use super::row::{Group::Pipeline, Parameter, row};
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

/// Creates a flag that lets the CRM create a value that does not exist. `1` means no, `2` yes.
const fn creates(name: &'static str, description: &'static str) -> Parameter {
    row(name, ParameterKind::Answer(Kind::Flag), Pipeline, "2", description)
        .yes(FlagValue::Two)
        .default("1")
        .opt_in()
}

pub(super) const ROWS: &[Parameter] = &[
    row(
        "stage",
        text(TextFormat::SingleLine),
        Pipeline,
        "Qualified",
        "The stage that the deal is in.",
    ),
    creates("create_new_stage", "Whether the CRM creates the stage if it does not exist."),
    row(
        "funnel",
        text(TextFormat::SingleLine),
        Pipeline,
        "Sales",
        "The funnel that the deal belongs to.",
    ),
    creates("create_new_funnel", "Whether the CRM creates the funnel if it does not exist."),
    row(
        "resolution",
        ParameterKind::Resolution,
        Pipeline,
        "open",
        "The state of the deal: open, closed, won or lost.",
    ),
    row(
        "won_reasons",
        text(TextFormat::MultiLine),
        Pipeline,
        "Best offer",
        "A comment on why the deal was won.",
    ),
    row(
        "lost_reason",
        text(TextFormat::MultiLine),
        Pipeline,
        "Too late",
        "A comment on why the deal was lost.",
    ),
    row(
        "reason_name",
        text(TextFormat::SingleLine),
        Pipeline,
        "Price",
        "The reason why the deal was won or lost.",
    ),
    creates("create_new_reason_name", "Whether the CRM creates the reason if it does not exist."),
    row(
        "deal_score",
        text(TextFormat::SingleLine),
        Pipeline,
        "Hot",
        "The deal's score, by its name.",
    ),
    creates("create_new_deal_score", "Whether the CRM creates the score if it does not exist."),
];
