use deal_contract::definition::PublicDefinition;

use super::draft::Draft;
use crate::settings::Localizer;

/// A plain form to render: its definition, its language and the answers.
pub(super) struct PlainForm<'a> {
    pub(super) public: &'a PublicDefinition,
    pub(super) localizer: &'a Localizer,
    pub(super) draft: &'a Draft,
    /// The prefix of all element ids: empty on the proxy's own page, otherwise the form's id, because
    /// the page may contain several forms.
    pub(super) prefix: &'a str,
}

impl PlainForm<'_> {
    /// The element id of a parameter's question.
    pub(super) fn id(&self, parameter: &str) -> String {
        format!("{}{parameter}", self.prefix)
    }
}
