//! The parameters that a form sends, from its fields, hidden values and presets.

use super::hidden::Given;
use super::presets::Preset;
use super::questions::Asked;
use super::tree::Place;
use crate::definition::FieldKind;
use crate::parameter;

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
    pub(super) fn all(asked: &'a [Asked], given: &'a [Given], presets: &'a [Preset]) -> Vec<Self> {
        let fields = asked.iter().map(|Asked { at, field, .. }| Sent {
            at: *at,
            name: &field.parameter,
            source: match &field.kind {
                FieldKind::Choice { .. } => Source::Chosen,
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
