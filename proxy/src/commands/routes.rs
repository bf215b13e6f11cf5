//! The table of a form's routes for `deal-proxy check`.

use std::collections::BTreeMap;

use deal_contract::definition::{ApplyRoutes, Condition, FormDefinition, Preset, Test};
use deal_proxy::printable;

/// Returns the lines of the table, or an empty list if the form has no routes.
pub(super) fn table(form: &FormDefinition) -> Vec<String> {
    let private = &form.private;
    if private.routes.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![("when".to_owned(), "the proxy sends".to_owned())];
    rows.extend(
        private.routes.iter().map(|route| (condition(&route.when), values(&route.presets))),
    );
    let (applies, rest) = match private.apply_routes {
        ApplyRoutes::First => ("the first route whose condition is met applies", "otherwise"),
        ApplyRoutes::All => ("every route whose condition is met applies", "always"),
    };
    rows.push((rest.to_owned(), values(&private.presets)));
    let width = rows.iter().map(|(when, _)| when.chars().count()).max().unwrap_or_default();
    let rows = rows.iter().map(|(when, values)| printable(&format!("  {when:width$}  {values}")));
    std::iter::once(applies.to_owned()).chain(rows).collect()
}

/// Describes the condition in words.
fn condition(when: &Condition) -> String {
    let (word, conditions) = match when {
        Condition::All(conditions) => (" and ", conditions),
        Condition::Any(conditions) => (" or ", conditions),
        Condition::Answer { parameter, test } => return test_of(parameter, test),
    };
    let part = |part: &Condition| match part {
        Condition::Answer { .. } => condition(part),
        _ => format!("({})", condition(part)),
    };
    conditions.iter().map(part).collect::<Vec<_>>().join(word)
}

fn test_of(parameter: &str, test: &Test) -> String {
    match test {
        Test::Is(answers) => format!("{parameter} is {}", answers.join(" / ")),
        Test::IsNot(answers) => format!("{parameter} is not {}", answers.join(" / ")),
        Test::Filled(true) => format!("{parameter} has an answer"),
        Test::Filled(false) => format!("{parameter} has no answer"),
        Test::AtLeast(least) => format!("{parameter} is at least {least}"),
        Test::AtMost(most) => format!("{parameter} is at most {most}"),
    }
}

fn values(presets: &BTreeMap<String, Preset>) -> String {
    let value = |(name, preset): (&String, &Preset)| match preset.as_fixed() {
        Some(value) => format!("{name} = {value}"),
        None => format!("{name} with answers"),
    };
    match presets.iter().map(value).collect::<Vec<_>>() {
        values if values.is_empty() => "no presets".to_owned(),
        values => values.join(", "),
    }
}
