use std::str::FromStr;

use super::table::find;
use crate::code::Code;
use crate::values::text_value;

/// The API name of a custom field. Its value is sent under this name.
///
/// The name is a letter followed by letters, digits and underscores, at most 64 bytes: the CRM runs
/// on PHP, which rewrites dots, spaces and `[`. The name cannot be that of a parameter in the CRM's
/// API reference.
///
/// # Errors
/// `budget range`, `2nd`, `a[b]` and `contact_name` are [`Code::CustomFieldName`].
///
/// ```
/// use deal_contract::parameter::CustomFieldName;
///
/// assert!("budget_range".parse::<CustomFieldName>().is_ok());
/// assert!("contact_name".parse::<CustomFieldName>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomFieldName(String);

text_value!(CustomFieldName);

impl FromStr for CustomFieldName {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        if text.len() <= 64
            && text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && find(text).is_none()
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(Code::CustomFieldName)
        }
    }
}
