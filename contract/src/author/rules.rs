//! Rules for the fields, hidden values and presets of a form together.

use super::hidden::ParsedHidden;
use super::parsed_fields::ParsedField;
use super::presets::Preset;
use super::reader::Reader;
use super::sent_parameter::SentParameter;
use super::{creating, merging};
use crate::parameter::{self, Switch};

pub(super) fn check(
    reader: &mut Reader<'_>,
    fields: &[ParsedField],
    hidden: &[ParsedHidden],
    presets: &[Preset],
) {
    let sent = SentParameter::all(fields, hidden, presets);
    for (index, one) in sent.iter().enumerate() {
        let is_repeated = sent.iter().take(index).any(|other| other.name == one.name);
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
    merging::check(reader, &sent);
    let opt_ins = fields.iter().map(|parsed| parsed.opt_in.as_ref());
    let opt_ins = opt_ins.chain(hidden.iter().map(|parsed| parsed.opt_in.as_ref()));
    for (one, opt_in) in sent.iter().zip(opt_ins) {
        creating::check(reader, &sent, one, opt_in);
    }
}

/// Whether `other` can switch a parameter off. A field counts, because its answer can be the value.
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
