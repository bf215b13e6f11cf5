//! Yes or no.

use deal_contract::definition::FlagControl;
use web_sys::Element;

use super::field::Maker;
use super::text::identified;

/// A box to tick, or a switch. What yes sends is the definition's `yes`, which is not always `1`.
pub(super) fn checkbox(maker: &Maker<'_>, control: Option<FlagControl>) -> Element {
    let kind = match control {
        Some(FlagControl::Switch) => "input;class=df-switch;part=switch;type=checkbox;role=switch",
        _ => "input;class=df-box;part=checkbox;type=checkbox",
    };
    identified(maker, maker.make(kind, ""))
}
