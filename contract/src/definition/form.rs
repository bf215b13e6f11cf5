use std::collections::BTreeMap;

use super::preset::Preset;
use super::private::PrivateDefinition;
use super::public::PublicDefinition;
use crate::messages::primary_language;
use crate::parameter;
use crate::values::FlagValue;

/// The definition of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDefinition {
    /// The half that the page gets.
    pub public: PublicDefinition,
    /// The half that stays in the proxy.
    pub private: PrivateDefinition,
    /// The public half in other languages.
    pub translations: Vec<Translation>,
}

/// The public half of a form in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The public half with the translated texts. Its `lang` is the language. It has the same
    /// questions, values and conditions as the form.
    pub public: PublicDefinition,
    /// The keys of the texts that the author has not translated, such as `field.note.hint`.
    pub missing: Vec<String>,
}

impl FormDefinition {
    /// Returns the public half in each language. The form's own language is the first.
    pub fn languages(&self) -> impl Iterator<Item = &PublicDefinition> {
        let translations = self.translations.iter().map(|translation| &translation.public);
        std::iter::once(&self.public).chain(translations)
    }

    /// Returns the public half in the language that [`find_language`] finds for a tag.
    pub fn in_language(&self, tag: &str) -> Option<&PublicDefinition> {
        let offered: Vec<&str> = self.languages().filter_map(|form| form.lang.as_deref()).collect();
        self.languages().nth(find_language(&offered, tag)?)
    }

    /// Returns the custom fields of questions and hidden values that the CRM ignores unless they
    /// exist in its settings. Returns an empty list if a preset always lets the CRM create custom
    /// fields.
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

/// Finds the offered tag that best matches the wanted tag: the same tag, otherwise the longest
/// offered tag that is a prefix of it (RFC 4647, 3.4), otherwise the first offered tag in the same
/// language. Returns the index of the offered tag.
///
/// ```
/// use deal_contract::definition::find_language;
///
/// assert_eq!(find_language(&["en", "de-informal", "de"], "de-AT"), Some(2));
/// assert_eq!(find_language(&["en", "pt-BR"], "PT"), Some(1));
/// assert_eq!(find_language(&["en", "pt-BR"], "fr"), None);
/// ```
pub fn find_language(offered: &[&str], wanted: &str) -> Option<usize> {
    let mut range = Some(wanted);
    while let Some(prefix) = range {
        if let Some(index) = offered.iter().position(|tag| tag.eq_ignore_ascii_case(prefix)) {
            return Some(index);
        }
        range = prefix.rsplit_once('-').map(|(shorter, _)| shorter);
    }
    let language = primary_language(wanted);
    offered.iter().position(|tag| primary_language(tag).eq_ignore_ascii_case(language))
}
