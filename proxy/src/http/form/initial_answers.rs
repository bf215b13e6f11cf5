//! The initial answers on the proxy's own page, from the page's address and the form's defaults.

use axum::http::Uri;
use deal_contract::check::{Today, check_field};
use deal_contract::definition::{Field, PublicDefinition, QuestionState};

use crate::intake::normalize_answer;
use crate::settings::clock;

/// Returns the answers with their parameters. Ignores an invalid answer in the address, because the
/// visitor did not type it.
pub(super) fn initial_answers(form: &PublicDefinition, uri: &Uri) -> Vec<(String, String)> {
    let query = uri.query().unwrap_or_default();
    let today = Today::in_any_time_zone(clock::utc_day());
    let from_address = |field: &Field| {
        // A plain form would send the answer even if the condition is not met.
        let name = field.prefill.as_ref().filter(|_| !form.is_conditional(field))?;
        let (_, value) =
            form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name)?;
        let answer = normalize_answer(form, field, &value);
        let problem = check_field(field, QuestionState::Required, &answer, today);
        problem.is_none().then_some(answer)
    };
    let from_address = form
        .fields
        .iter()
        .filter_map(|field| Some((field.parameter.clone(), from_address(field)?)));
    // If a parameter has several values, the first one is used.
    from_address.chain(form.plain_defaults()).collect()
}
