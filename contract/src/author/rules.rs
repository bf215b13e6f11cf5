//! Rules that a form's fields, hidden values and presets must meet together, on each route.

use super::hidden::ParsedHidden;
use super::parsed_fields::ParsedField;
use super::presets::Preset;
use super::reader::Reader;
use super::routes::ParsedRoutes;
use super::sent_parameter::SentParameter;
use super::{creating, merging};
use crate::definition::ApplyRoutes;
use crate::parameter::{self, Switch};

pub(super) fn check(
    reader: &mut Reader<'_>,
    fields: &[ParsedField],
    hidden: &[ParsedHidden],
    presets: &[Preset],
    routes: &ParsedRoutes,
) {
    for presets in preset_cases(presets, routes) {
        check_together(reader, &SentParameter::all(fields, hidden, &presets));
    }
    // Check whether visitors can make the CRM create values on any route.
    let all: Vec<&Preset> = presets.iter().chain(routes.presets()).collect();
    let sent = SentParameter::all(fields, hidden, &all);
    let opt_ins = fields.iter().map(|parsed| parsed.opt_in.as_ref());
    let opt_ins = opt_ins.chain(hidden.iter().map(|parsed| parsed.opt_in.as_ref()));
    for (one, opt_in) in sent.iter().zip(opt_ins) {
        creating::check(reader, &sent, one, opt_in);
    }
}

/// Returns the presets that can be sent together: without a route, and with each route. If several
/// routes can apply at once, the second case has the presets of all routes together.
fn preset_cases<'a>(presets: &'a [Preset], routes: &'a ParsedRoutes) -> Vec<Vec<&'a Preset>> {
    let mut cases = vec![presets.iter().collect()];
    if routes.apply == ApplyRoutes::All {
        cases.push(presets.iter().chain(routes.presets()).collect());
        return cases;
    }
    for route in &routes.list {
        let is_replaced =
            |preset: &&Preset| route.presets.iter().any(|own| own.parameter == preset.parameter);
        let kept = presets.iter().filter(|preset| !is_replaced(preset));
        cases.push(kept.chain(&route.presets).collect());
    }
    cases
}

/// Checks the parameters of one submission.
fn check_together(reader: &mut Reader<'_>, sent: &[SentParameter<'_>]) {
    for (index, one) in sent.iter().enumerate() {
        let mut others = sent.iter().take(index);
        let is_repeated = others.any(|other| other.name == one.name && !other.is_preset);
        if is_repeated && !one.has_own_answer {
            reader.report(one.at, format!("`{}` is in this form twice; remove one", one.name));
        }
        let switches = parameter::find(one.name).map_or(&[][..], |row| row.switched_off_by);
        for switch in switches {
            if sent.iter().any(|other| switches_off(other, switch)) {
                reader.report(one.at, switched_off_message(one.name, switch));
            }
        }
    }
    merging::check(reader, sent);
}

/// Returns whether `other` can switch a parameter off. A field can, because its answer can be the
/// switch's value.
fn switches_off(other: &SentParameter<'_>, switch: &Switch) -> bool {
    other.name == switch.parameter
        && match (switch.value, other.preset()) {
            (Some(value), Some(preset)) => value == preset,
            _ => true,
        }
}

fn switched_off_message(name: &str, switch: &Switch) -> String {
    let Switch { parameter, value } = switch;
    match value {
        Some(value) => format!(
            "the CRM ignores `{name}` if `{parameter}` is {value}, which this form also sends; \
             remove one of them"
        ),
        None => format!(
            "the CRM ignores `{name}` if the form also sends `{parameter}`; remove one of them"
        ),
    }
}
