use deal_contract::definition::PublicDefinition;

use super::draft::Draft;
use crate::settings::Localizer;

/// A plain form as it is drawn for somebody: what is asked, in which words, and what was answered.
pub(super) struct Sheet<'a> {
    pub(super) public: &'a PublicDefinition,
    pub(super) localizer: &'a Localizer,
    pub(super) draft: &'a Draft,
    /// What all ids begin with: nothing on a page of one form, the form's own id where others may
    /// stand beside it.
    pub(super) prefix: &'a str,
}

impl Sheet<'_> {
    /// The id of the question about a parameter.
    pub(super) fn id(&self, parameter: &str) -> String {
        format!("{}{parameter}", self.prefix)
    }
}
