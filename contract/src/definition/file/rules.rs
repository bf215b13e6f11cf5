//! What must hold between the fields, hidden values and presets of one form.

use super::field::Asked;
use super::hidden::Given;
use super::presets::Preset;
use super::reader::{Place, Reader};
use super::{creating, merging};
use crate::definition::FieldKind;
use crate::parameter::{self, Switch};

/// A parameter that the form sends, and where its value comes from.
pub(super) struct Sent<'a> {
    pub(super) at: Place,
    pub(super) name: &'a str,
    pub(super) source: Source<'a>,
}

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// The form itself.
    Preset(&'a str),
    /// The visitor chooses one of the author's options.
    Chosen,
    /// The visitor, the page or its address: any text.
    Free,
}

impl<'a> Sent<'a> {
    fn all(asked: &'a [Asked], given: &'a [Given], presets: &'a [Preset]) -> Vec<Self> {
        let fields = asked.iter().map(|Asked { at, field, .. }| Sent {
            at: *at,
            name: &field.parameter,
            source: match field.kind {
                FieldKind::Choice => Source::Chosen,
                _ => Source::Free,
            },
        });
        let given = given.iter().map(|given| Sent {
            at: given.at,
            name: &given.hidden.parameter,
            source: Source::Free,
        });
        let presets = presets.iter().map(|preset| Sent {
            at: preset.at,
            name: &preset.parameter,
            source: Source::Preset(&preset.value),
        });
        fields.chain(given).chain(presets).collect()
    }

    /// The value, if the form itself gives it.
    pub(super) fn preset(&self) -> Option<&'a str> {
        match self.source {
            Source::Preset(value) => Some(value),
            Source::Chosen | Source::Free => None,
        }
    }
}

/// Whether that flag can mean yes: preset so, or the visitor's to say.
pub(super) fn may_be_yes(sent: &[Sent<'_>], flag: &str) -> bool {
    let yes = parameter::find(flag).and_then(|row| row.yes);
    sent.iter()
        .filter(|one| one.name == flag)
        .any(|one| one.preset().is_none_or(|value| yes.is_some_and(|yes| yes.as_str() == value)))
}

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
