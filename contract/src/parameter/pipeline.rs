//! Where the deal stands and how it ended.

use super::row::{Group::Pipeline, Kind, Parameter, row};
use crate::values::FlagValue;

/// A flag that lets the CRM create what it does not know: no at `1`, yes at `2`.
const fn creates(name: &'static str, description: &'static str) -> Parameter {
    row(name, Kind::Flag, Pipeline, "2", description)
        .yes_at(FlagValue::Two)
        .defaults_to("1")
        .opt_in()
}

pub(super) const ROWS: &[Parameter] = &[
    row("stage", Kind::Text, Pipeline, "Qualified", "The stage that the deal is in."),
    creates("create_new_stage", "Whether a stage that the CRM does not know is created."),
    row("funnel", Kind::Text, Pipeline, "Sales", "The funnel that the deal belongs to."),
    creates("create_new_funnel", "Whether a funnel that the CRM does not know is created."),
    row(
        "resolution",
        Kind::Resolution,
        Pipeline,
        "open",
        "How the deal stands: open, closed, won or lost.",
    ),
    row("won_reasons", Kind::LongText, Pipeline, "Best offer", "A comment on why it was won."),
    row("lost_reason", Kind::LongText, Pipeline, "Too late", "A comment on why it was lost."),
    row("reason_name", Kind::Text, Pipeline, "Price", "The reason for which it was won or lost."),
    creates("create_new_reason_name", "Whether a reason that the CRM does not know is created."),
    row("deal_score", Kind::Text, Pipeline, "Hot", "The deal's score, by its name."),
    creates("create_new_deal_score", "Whether a score that the CRM does not know is created."),
];
