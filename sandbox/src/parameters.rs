//! The parameters of one call, before their values are checked.

use std::collections::BTreeMap;

use crate::options::EmptyValues;
use crate::refusal::Refusal;
use crate::values::{Flag, Resolution, is_amount, is_date};

/// The names in the CRM's API reference, except `key`, `attachments` (files) and `custom_field`, which
/// stands for the name of any custom field.
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

/// The content of PHP's `$_REQUEST`: the last value of each name, where the body overrides the query.
#[derive(Default)]
pub(crate) struct Parameters {
    values: BTreeMap<String, String>,
    empty_values: EmptyValues,
}

impl std::fmt::Debug for Parameters {
    /// Prints only names, because the values are personal data and one of them is the key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}

impl Parameters {
    /// Adds a parameter under the name that PHP gives it. Ignores a parameter that PHP ignores or turns into an array.
    pub(crate) fn insert(&mut self, name: &str, value: String) {
        if let Some(name) = php_name(name) {
            self.values.insert(name, value);
        }
    }

    pub(crate) fn set_empty_values(&mut self, empty_values: EmptyValues) {
        self.empty_values = empty_values;
    }

    /// Returns the value of a parameter, or `None` if it is empty or was not sent.
    pub(crate) fn text(&self, name: &'static str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns the value of a parameter, which may be empty to clear the earlier value. Returns `None` if the
    /// parameter was not sent, or is empty and keeps the earlier value.
    pub(crate) fn clearable_text(&self, name: &'static str) -> Option<String> {
        self.values.get(name).filter(|value| self.empty_values.is_sent(value)).cloned()
    }

    pub(crate) fn owned_text(&self, name: &'static str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(crate) fn date(&self, parameter: &'static str) -> Result<Option<String>, Refusal> {
        match self.owned_text(parameter) {
            Some(text) if !is_date(&text) => Err(Refusal::NotADate { parameter }),
            date => Ok(date),
        }
    }

    pub(crate) fn amount(&self, parameter: &'static str) -> Result<Option<String>, Refusal> {
        match self.owned_text(parameter) {
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

    /// Splits the parameters into the documented ones and all others. Leaves out `key`, and empty values
    /// that keep the earlier value.
    pub(crate) fn split_documented(self) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let empty_values = self.empty_values;
        self.values
            .into_iter()
            .filter(|(name, value)| name != "key" && empty_values.is_sent(value))
            .partition(|(name, _)| DOCUMENTED.contains(&name.as_str()))
    }
}

/// Returns the name that PHP gives a parameter, or `None` if PHP ignores the parameter or turns it into an array.
///
/// Leading spaces are removed; dots, spaces and an unclosed `[` become `_`.
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
    fn changes_names_as_php_does() {
        assert_eq!(php_name(" shoe.size in cm").as_deref(), Some("shoe_size_in_cm"));
        assert_eq!(php_name("odd[name").as_deref(), Some("odd_name"));
        assert_eq!(php_name("list[]"), None);
        assert_eq!(php_name(""), None);
    }

    #[test]
    fn lists_every_text_parameter_in_the_api_reference_once() {
        // The CRM's API reference has 60 parameters: these, `key`, `attachments` and `custom_field`. A test
        // of the proxy compares the names with those of the contract.
        let mut names = DOCUMENTED.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 57);
    }
}
