//! Values that a visitor could add to the CRM's settings.

use super::reader::{Placed, Reader};
use super::sent::{Sent, Source, may_be_yes};
use crate::parameter::creating_flag;

/// A stage, funnel, reason or score that any visitor may name needs `opt_in` where the CRM would
/// create it. One that is chosen from the author's options does not.
pub(super) fn check(
    reader: &mut Reader<'_>,
    sent: &[Sent<'_>],
    one: &Sent<'_>,
    opt_in: Option<&Placed<bool>>,
) {
    let Some(flag) = creating_flag(one.name) else { return };
    let name = one.name;
    let creates = one.source == Source::Free && may_be_yes(sent, flag);
    match opt_in {
        None | Some(Placed { value: false, .. }) if creates => reader.mistake(
            one.at,
            format!(
                "with `{flag}`, the CRM adds every `{name}` that a visitor writes to its settings; \
                 ask for a choice, set it under [presets], or add opt_in = true if that is meant"
            ),
        ),
        Some(opt_in) if !creates => {
            reader.mistake(opt_in.at, format!("`{name}` needs no opt_in; remove it"));
        }
        _ => {}
    }
}
