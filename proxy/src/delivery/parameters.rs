//! The text parameters of a deal: answers, presets and, in a correction, the answers that were cleared.

use std::borrow::Cow;
use std::collections::BTreeSet;

use deal_contract::definition::{AnswerWords, FormDefinition};
use deal_contract::parameter::{self, Parameter};

use crate::settings::forms::Form;
use crate::store::Answers;

/// Returns the name and the value of each text parameter. The value of a preset replaces the answer with the same
/// name.
///
/// A correction also sends an empty value for each parameter that has no value now, but may have had one in earlier
/// content of the same draft, if the CRM's API reference allows an empty value.
pub(super) fn parameters<'a>(
    form: &'a Form,
    answers: &'a Answers,
    is_correction: bool,
) -> Vec<(&'a str, Cow<'a, str>)> {
    let presets = presets(form, answers);
    let is_preset = |name: &str| presets.iter().any(|(preset, _)| *preset == name);
    let own = answers.values.iter().filter(|(name, _)| !is_preset(name));
    let own = own.map(|(name, value)| (name.as_str(), Cow::Borrowed(value.as_str())));
    let emptied = possible_parameters(form)
        .into_iter()
        .filter(|name| !is_preset(name) && answer(answers, name).is_none())
        .map(|name| (name, Cow::Borrowed("")));
    let all = own.chain(presets.iter().cloned()).chain(emptied);
    all.filter(|(name, value)| !value.is_empty() || is_correction && may_be_empty(name)).collect()
}

fn presets<'a>(form: &'a Form, answers: &Answers) -> Vec<(&'a str, Cow<'a, str>)> {
    let [yes, no] = form.own.localizer.yes_and_no();
    let words = AnswerWords { yes: &yes, no: &no };
    let definition = &form.definition;
    let answer = |name: &str| answer(answers, name);
    let values = definition.private.values(&definition.public, answer, words, &answers.consent);
    values.into_iter().map(|(name, value)| (name, Cow::Owned(value))).collect()
}

fn answer<'a>(answers: &'a Answers, parameter: &str) -> Option<&'a str> {
    let given = answers.values.iter().find(|(name, _)| name == parameter);
    given.map(|(_, value)| value.as_str())
}

/// Returns the parameters that a field, a hidden value or a preset may have set in earlier content.
fn possible_parameters(form: &Form) -> BTreeSet<&str> {
    let FormDefinition { public, private, .. } = &form.definition;
    let fields = public.fields.iter().map(|field| field.parameter.as_str());
    let hidden = public.hidden.iter().map(|hidden| hidden.parameter.as_str());
    fields.chain(hidden).chain(private.names()).collect()
}

fn may_be_empty(name: &str) -> bool {
    let row = parameter::find(name).or_else(|| parameter::find("custom_field"));
    row.is_some_and(Parameter::may_be_empty)
}
