//! What must hold between the fields, hidden values and presets of one form.

use super::hidden::Given;
use super::presets::Preset;
use super::questions::Asked;
use super::reader::Reader;
use super::sent::Sent;
use super::{creating, merging};
use crate::parameter::{self, Switch};

pub(super) fn check(reader: &mut Reader<'_>, asked: &[Asked], given: &[Given], presets: &[Preset]) {
    let sent = Sent::all(asked, given, presets);
    for (index, one) in sent.iter().enumerate() {
        if sent.iter().take(index).any(|other| other.name == one.name) {
            reader.mistake(one.at, format!("`{}` stands here twice; remove one", one.name));
        }
        let switches = parameter::find(one.name).map_or(&[][..], |row| row.switched_off_by);
        for switch in switches {
            if sent.iter().any(|other| switches_off(other, switch)) {
                reader.mistake(one.at, switched_off(one.name, switch));
            }
        }
    }
    merging::check(reader, &sent);
    let asked = asked.iter().map(|asked| asked.opt_in.as_ref());
    let opt_ins = asked.chain(given.iter().map(|given| given.opt_in.as_ref()));
    for (one, opt_in) in sent.iter().zip(opt_ins) {
        creating::check(reader, &sent, one, opt_in);
    }
}

/// A field might take the value that switches off, so it counts too.
fn switches_off(other: &Sent<'_>, switch: &Switch) -> bool {
    other.name == switch.parameter
        && match (switch.value, other.preset()) {
            (Some(value), Some(preset)) => value == preset,
            _ => true,
        }
}

fn switched_off(name: &str, switch: &Switch) -> String {
    let Switch { parameter, value } = switch;
    match value {
        Some(value) => format!(
            "the CRM ignores `{name}` when `{parameter}` is {value}, which this form also sends; \
             remove one of them"
        ),
        None => format!(
            "the CRM ignores `{name}` beside `{parameter}`, which this form also sends; remove one \
             of them"
        ),
    }
}
