//! The control for a flag: a checkbox or a switch.

use deal_contract::definition::FlagControl;
use web_sys::Element;

use super::field::Maker;
use super::text::identify;

/// Creates a checkbox or a switch.
pub(super) fn checkbox(maker: &Maker<'_>, control: Option<FlagControl>) -> Element {
    let kind = match control {
        Some(FlagControl::Switch) => "input;class=df-switch;part=switch;type=checkbox;role=switch",
        _ => "input;class=df-box;part=checkbox;type=checkbox",
    };
    identify(maker, maker.make(kind, ""))
}
