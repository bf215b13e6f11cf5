//! What moves to the widget's second module.

use super::split::Parts;

/// Only forms for which `PublicDefinition::uses_more` is true may call these functions. The code for sending
/// and retrying, and for failures, is not in this list: it must be available at all times.
///
/// Each entry is a function with `#[inline(never)]`, so that its code is not in its callers.
pub(super) const PARTS: Parts<'_> = Parts {
    paths: &[
        "deal_form::controls::attachments",
        "deal_form::controls::choice::Options",
        "deal_form::controls::choice::other_line",
        "deal_form::controls::choice::suggest",
        "deal_form::controls::date",
        "deal_form::controls::tags",
        "<deal_form::form::events::Listener>::add_files",
    ],
    // The first build prints these names.
    entries: &[],
    early: &["deal_contract::definition::read", "<deal_form::form::load::Loader>"],
    late: &["deal_form::form::mount::mount"],
};
