//! The parameters that a form sends, from its fields, hidden values and presets.

use super::hidden::ParsedHidden;
use super::parsed_fields::ParsedField;
use super::presets::Preset;
use super::tree::Position;
use crate::parameter;

/// A parameter that the form sends, and where its value comes from.
pub(super) struct SentParameter<'a> {
    pub(super) at: Position,
    pub(super) name: &'a str,
    pub(super) source: Source<'a>,
    /// Whether the parameter is a preset.
    pub(super) is_preset: bool,
    /// Whether the parameter is a preset that contains the answer for the same parameter.
    pub(super) has_own_answer: bool,
}

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// A preset without placeholders.
    Preset(&'a str),
    /// The visitor chooses one of the author's options.
    Option,
    /// The visitor or the page can send any text, or a preset contains such a text.
    AnyText,
}

impl<'a> SentParameter<'a> {
    pub(super) fn all(
        fields: &'a [ParsedField],
        hidden: &'a [ParsedHidden],
        presets: &[&'a Preset],
    ) -> Vec<Self> {
        let fields = fields.iter().map(|ParsedField { at, field, .. }| SentParameter {
            at: *at,
            name: &field.parameter,
            source: match &field.kind {
                kind if kind.has_only_options() => Source::Option,
                _ => Source::AnyText,
            },
            is_preset: false,
            has_own_answer: false,
        });
        let hidden = hidden.iter().map(|parsed| SentParameter {
            at: parsed.at,
            name: &parsed.hidden.parameter,
            source: Source::AnyText,
            is_preset: false,
            has_own_answer: false,
        });
        let presets = presets.iter().map(|preset| SentParameter {
            at: preset.at,
            name: &preset.parameter,
            source: preset.value.as_fixed().map_or(Source::AnyText, Source::Preset),
            is_preset: true,
            has_own_answer: preset.value.contains(&preset.parameter),
        });
        fields.chain(hidden).chain(presets).collect()
    }

    /// Returns the value if the parameter is a preset without placeholders.
    pub(super) fn preset(&self) -> Option<&'a str> {
        match self.source {
            Source::Preset(value) => Some(value),
            Source::Option | Source::AnyText => None,
        }
    }
}

/// Returns whether the flag can mean yes, because of a preset or a visitor's answer.
pub(super) fn may_be_yes(sent: &[SentParameter<'_>], flag: &str) -> bool {
    let yes = parameter::find(flag).and_then(|row| row.yes);
    sent.iter()
        .filter(|one| one.name == flag)
        .any(|one| one.preset().is_none_or(|value| yes.is_some_and(|yes| yes.as_str() == value)))
}
