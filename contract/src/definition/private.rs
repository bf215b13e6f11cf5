use std::collections::BTreeMap;

use super::preset::{AnswerWords, Preset};
use super::public::PublicDefinition;

/// The values that the proxy adds to each submission. It cannot be serialised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrivateDefinition {
    /// The value of each parameter that the form sets instead of the visitor.
    pub presets: BTreeMap<String, Preset>,
}

impl PrivateDefinition {
    /// The name and the value of each preset for a submission with these answers, as the API writes them. A value is
    /// empty if none of its placeholders has an answer.
    pub fn values<'a>(
        &self,
        form: &PublicDefinition,
        answer: impl Fn(&str) -> Option<&'a str>,
        words: AnswerWords<'_>,
    ) -> Vec<(&str, String)> {
        let presets = self.presets.iter();
        presets.map(|(name, preset)| (name.as_str(), preset.fill(form, &answer, words))).collect()
    }
}
