//! What must hold between the fields, hidden values and presets of one form.

use super::field::Asked;
use super::hidden::Given;
use super::presets::Preset;
use super::reader::{Place, Reader};
use crate::parameter::{self, Switch};

/// A parameter that the form sends, and how.
struct Sent<'a> {
    at: Place,
    name: &'a str,
    /// The value, where the form itself gives it.
    preset: Option<&'a str>,
}

pub(super) fn check(reader: &mut Reader<'_>, asked: &[Asked], given: &[Given], presets: &[Preset]) {
    let fields =
        asked.iter().map(|asked| Sent { at: asked.at, name: &asked.field.parameter, preset: None });
    let given = given.iter().map(|given| Sent {
        at: given.at,
        name: &given.hidden.parameter,
        preset: None,
    });
    let presets = presets.iter().map(|preset| Sent {
        at: preset.at,
        name: &preset.parameter,
        preset: Some(&preset.value),
    });
    let sent: Vec<Sent<'_>> = fields.chain(given).chain(presets).collect();
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
}

/// A field might take the value that switches off, so it counts too.
fn switches_off(other: &Sent<'_>, switch: &Switch) -> bool {
    other.name == switch.parameter
        && match (switch.value, other.preset) {
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
