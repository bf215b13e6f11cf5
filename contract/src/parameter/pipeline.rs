//! Where the deal stands and how it ended.

use super::kind::{ParameterKind, text};
use super::row::{Group::Pipeline, Parameter, row};
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

/// A flag that lets the CRM create what it does not know: no at `1`, yes at `2`.
const fn creates(name: &'static str, description: &'static str) -> Parameter {
    row(name, ParameterKind::Answer(Kind::Flag), Pipeline, "2", description)
        .yes_at(FlagValue::Two)
        .defaults_to("1")
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
    creates("create_new_stage", "Whether a stage that the CRM does not know is created."),
    row(
        "funnel",
        text(TextFormat::SingleLine),
        Pipeline,
        "Sales",
        "The funnel that the deal belongs to.",
    ),
    creates("create_new_funnel", "Whether a funnel that the CRM does not know is created."),
    row(
        "resolution",
        ParameterKind::Resolution,
        Pipeline,
        "open",
        "How the deal stands: open, closed, won or lost.",
    ),
    row(
        "won_reasons",
        text(TextFormat::MultiLine),
        Pipeline,
        "Best offer",
        "A comment on why it was won.",
    ),
    row(
        "lost_reason",
        text(TextFormat::MultiLine),
        Pipeline,
        "Too late",
        "A comment on why it was lost.",
    ),
    row(
        "reason_name",
        text(TextFormat::SingleLine),
        Pipeline,
        "Price",
        "The reason for which it was won or lost.",
    ),
    creates("create_new_reason_name", "Whether a reason that the CRM does not know is created."),
    row(
        "deal_score",
        text(TextFormat::SingleLine),
        Pipeline,
        "Hot",
        "The deal's score, by its name.",
    ),
    creates("create_new_deal_score", "Whether a score that the CRM does not know is created."),
];
