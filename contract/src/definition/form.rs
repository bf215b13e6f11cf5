use std::collections::BTreeMap;

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
    /// Returns the custom fields of questions and hidden values that the CRM ignores unless they
    /// exist in its settings. Returns none if a preset always lets the CRM create custom fields.
    pub fn uncertain_custom_fields(&self) -> Vec<&str> {
        if self.private.cases().all(|presets| creates_custom_fields(&presets)) {
            return Vec::new();
        }
        self.public.custom_fields().collect()
    }

    /// Returns whether the CRM always gets this answer, because a preset for a documented parameter
    /// contains it or because the CRM creates custom fields.
    pub fn has_answer_in_preset(&self, parameter: &str) -> bool {
        self.private.cases().all(|presets| {
            creates_custom_fields(&presets)
                || presets.into_iter().any(|(name, preset)| {
                    parameter::find(name).is_some() && preset.contains(parameter)
                })
        })
    }
}

fn creates_custom_fields(presets: &BTreeMap<&str, &Preset>) -> bool {
    let flag = presets.get("auto_create_custom_fields").and_then(|preset| preset.as_fixed());
    flag == Some(FlagValue::Two.as_str())
}
