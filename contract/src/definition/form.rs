use super::preset::Preset;
use super::private::PrivateDefinition;
use super::public::PublicDefinition;
use crate::parameter;
use crate::values::FlagValue;

/// The definition of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDefinition {
    /// The half that the page gets.
    pub public: PublicDefinition,
    /// The half that stays in the proxy.
    pub private: PrivateDefinition,
}

impl FormDefinition {
    /// The custom fields that the CRM ignores unless its settings have them: those of fields and
    /// hidden values. Empty if a preset lets the CRM create them.
    pub fn uncertain_custom_fields(&self) -> Vec<&str> {
        let creates = |flag: &Preset| flag.as_fixed() == Some(FlagValue::Two.as_str());
        if self.private.presets.get("auto_create_custom_fields").is_some_and(creates) {
            return Vec::new();
        }
        let PublicDefinition { fields, hidden, .. } = &self.public;
        let hidden = hidden.iter().map(|hidden| &hidden.parameter);
        let names = fields.iter().map(|field| &field.parameter).chain(hidden);
        names.map(String::as_str).filter(|name| parameter::find(name).is_none()).collect()
    }

    /// Whether the CRM always gets this answer: a preset for a documented parameter contains it.
    pub fn has_answer_in_preset(&self, parameter: &str) -> bool {
        let mut presets = self.private.presets.iter();
        presets.any(|(name, preset)| parameter::find(name).is_some() && preset.contains(parameter))
    }
}
