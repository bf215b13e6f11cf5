//! The parameters of one call, before anything is known about their values.

use std::collections::BTreeMap;

use crate::options::EmptyValues;
use crate::refusal::Refusal;
use crate::values::{Flag, Resolution, is_amount, is_date};

/// The names of the reference, but for `key`, `attachments` (files) and `custom_field`, which
/// stands for any custom field's own name.
const DOCUMENTED: &[&str] = &[
    "deal_id",
    "external_reference_id",
    "name",
    "contact_id",
    "contact_name",
    "contact_email",
    "send_email_to_contact",
    "send_email_to_contact_subject",
    "contact_phone",
    "match_with_email",
    "match_with_phone",
    "check_name",
    "contact_source",
    "contact_facebook",
    "contact_twitter",
    "contact_skype",
    "contact_linkedin",
    "contact_pinterest",
    "contact_googlePlus",
    "contact_instagram",
    "company_id",
    "company_name",
    "company_email",
    "company_phone",
    "expected_closing_date",
    "actual_closing_date",
    "expected_closing_amount",
    "actual_closing_amount",
    "stage",
    "deal_type",
    "create_new_stage",
    "funnel",
    "create_new_funnel",
    "resolution",
    "won_reasons",
    "lost_reason",
    "reason_name",
    "create_new_reason_name",
    "tags",
    "remove_tags",
    "notifyToEmail",
    "notifyEmailSubject",
    "notifyEmailExtraText",
    "owner_email",
    "dealcollaborator_email",
    "dealcollaboratoronly_email",
    "use_contact_owner",
    "owner_group",
    "email_notify_owner",
    "auto_create_custom_fields",
    "note_title",
    "note",
    "create_new_deal_score",
    "deal_score",
    "contact_address_street",
    "contact_address_city",
    "contact_address_zipcode",
];

/// What `$_REQUEST` would hold: one text for each name, the last that was sent, body over query.
#[derive(Default)]
pub(crate) struct Parameters {
    values: BTreeMap<String, String>,
    empty_values: EmptyValues,
}

impl std::fmt::Debug for Parameters {
    /// Names only: the values are personal, and one of them is the key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}

impl Parameters {
    /// Adds a parameter under the name PHP would give it.
    pub(crate) fn insert(&mut self, name: &str, value: String) {
        if let Some(name) = php_name(name) {
            self.values.insert(name, value);
        }
    }

    /// From now on an empty value has that meaning.
    pub(crate) fn read_empty_values_as(&mut self, empty_values: EmptyValues) {
        self.empty_values = empty_values;
    }

    /// The text of a parameter that is not empty.
    pub(crate) fn text(&self, name: &'static str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The text of a parameter that an empty value may clear: empty then.
    pub(crate) fn clearable(&self, name: &'static str) -> Option<String> {
        self.values.get(name).filter(|value| self.counts(value)).cloned()
    }

    fn counts(&self, value: &str) -> bool {
        !value.is_empty() || self.empty_values == EmptyValues::Clear
    }

    pub(crate) fn owned(&self, name: &'static str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(crate) fn date(&self, parameter: &'static str) -> Result<Option<String>, Refusal> {
        match self.owned(parameter) {
            Some(text) if !is_date(&text) => Err(Refusal::NotADate { parameter }),
            date => Ok(date),
        }
    }

    pub(crate) fn amount(&self, parameter: &'static str) -> Result<Option<String>, Refusal> {
        match self.owned(parameter) {
            Some(text) if !is_amount(&text) => Err(Refusal::NotAnAmount { parameter }),
            amount => Ok(amount),
        }
    }

    pub(crate) fn flag(&self, parameter: &'static str, default: Flag) -> Result<Flag, Refusal> {
        match self.text(parameter) {
            None => Ok(default),
            Some(text) => Flag::parse(text).ok_or(Refusal::NotAFlag { parameter }),
        }
    }

    pub(crate) fn resolution(&self) -> Result<Option<Resolution>, Refusal> {
        self.text("resolution")
            .map(|text| Resolution::parse(text).ok_or(Refusal::NotAResolution))
            .transpose()
    }

    /// Splits what was sent, without `key` and empty values, into what the reference names and
    /// what it does not.
    pub(crate) fn by_documentation(self) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let clears = self.empty_values == EmptyValues::Clear;
        self.values
            .into_iter()
            .filter(|(name, value)| name != "key" && (clears || !value.is_empty()))
            .partition(|(name, _)| DOCUMENTED.contains(&name.as_str()))
    }
}

/// The name under which PHP keeps a parameter, or none where it makes an array of it.
///
/// Spaces before the name are dropped; dots, spaces and a `[` that is never closed become `_`.
fn php_name(sent: &str) -> Option<String> {
    let name = sent.trim_start_matches(' ');
    let array = name
        .split_once('[')
        .is_some_and(|(before, after)| !before.is_empty() && after.contains(']'));
    if array || name.is_empty() || name.starts_with('\0') {
        return None;
    }
    Some(name.replace(['.', ' ', '['], "_"))
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENTED, php_name};

    #[test]
    fn names_are_bent_as_php_bends_them() {
        assert_eq!(php_name(" shoe.size in cm").as_deref(), Some("shoe_size_in_cm"));
        assert_eq!(php_name("odd[name").as_deref(), Some("odd_name"));
        assert_eq!(php_name("list[]"), None);
        assert_eq!(php_name(""), None);
    }

    #[test]
    fn every_text_parameter_of_the_reference_is_known_once() {
        // 60 rows: these, `key`, `attachments` and `custom_field`. A test of the proxy compares their
        // names with the contract's.
        let mut names = DOCUMENTED.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 57);
    }
}
