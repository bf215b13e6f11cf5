//! The hidden values, which the page provides instead of the visitor. They are read when the form
//! is sent, because a page may set a campaign or change its address after the form is on the page.

use deal_contract::definition::{Hidden, HiddenSource, PageProperty};
use deal_contract::normalize;

use crate::browser::{query_parameter, url_parameter, window};
use crate::state::FormState;

/// Returns the hidden values that are not empty.
pub(super) fn values(state: &FormState) -> Vec<(&str, String)> {
    let value = |hidden: &Hidden| {
        let given = state.page_value(&hidden.parameter).or_else(|| read(&hidden.source));
        normalize::hidden(&given.unwrap_or_default())
    };
    let hidden = state.definition.hidden.iter();
    let values = hidden.map(|hidden| (hidden.parameter.as_str(), value(hidden)));
    values.filter(|(_, value)| !value.is_empty()).collect()
}

fn read(source: &HiddenSource) -> Option<String> {
    let window = window();
    match source {
        HiddenSource::UrlParameter(name) => url_parameter(name).or_else(|| campaign(name)),
        HiddenSource::Page(PageProperty::Address) => window.location().href().ok(),
        HiddenSource::Page(PageProperty::Referrer) => Some(window.document()?.referrer()),
        HiddenSource::Page(PageProperty::Title) => Some(window.document()?.title()),
    }
}

/// Returns a parameter of the campaign that the loader (`embed/deal-form.js`) keeps for the tab.
fn campaign(name: &str) -> Option<String> {
    let storage = window().session_storage().ok()??;
    query_parameter(&storage.get_item("deal-form campaign").ok()??, name)
}
