//! Fields that let visitors add values to the CRM's settings.

use super::reader::{Located, Reader};
use super::sent_parameter::{SentParameter, Source, may_be_yes};
use crate::parameter::creating_flag;

/// Requires `opt_in` for a stage, funnel, reason or score if visitors can send any text and the CRM
/// would create the value. A choice of the author's options needs no `opt_in`.
pub(super) fn check(
    reader: &mut Reader<'_>,
    sent: &[SentParameter<'_>],
    parameter: &SentParameter<'_>,
    opt_in: Option<&Located<bool>>,
) {
    let Some(flag) = creating_flag(parameter.name) else { return };
    let name = parameter.name;
    let creates = parameter.source == Source::AnyText && may_be_yes(sent, flag);
    match opt_in {
        None | Some(Located { value: false, .. }) if creates => reader.report(
            parameter.at,
            format!(
                "with `{flag}`, any visitor can add a `{name}` to the CRM's settings; use \
                 kind = \"choice\", set it under [presets], or add opt_in = true to allow this"
            ),
        ),
        Some(opt_in) if !creates => {
            reader.report(opt_in.at, format!("`{name}` does not need opt_in; remove it"));
        }
        _ => {}
    }
}
