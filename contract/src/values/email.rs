use std::str::FromStr;

use super::text_value::text_value;
use crate::code::Code;

/// An email address that a sales team can write to.
///
/// Source: the valid email address of WHATWG HTML, 4.10.5.1.5, which browsers check too. In
/// addition, the domain must have a dot, because `name@gmail` only works inside a company's
/// network, and the address can have at most 254 bytes (RFC 5321, 4.5.3.1.3).
///
/// # Errors
/// [`Code::EmailFormat`] for everything else: `name`, `name@`, `name@gmail`, `a b@example.com`,
/// `a@-b.com`, `a@b..com`.
///
/// ```
/// use deal_contract::values::Email;
///
/// assert!("mike.o'neil+web@mail.example.com".parse::<Email>().is_ok());
/// assert!("mike@gmail".parse::<Email>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

text_value!(Email);

impl FromStr for Email {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let (local, domain) = text.split_once('@').ok_or(Code::EmailFormat)?;
        let labels = domain.split('.').count();
        if text.len() <= 254
            && !local.is_empty()
            && local.bytes().all(is_local)
            && labels >= 2
            && domain.split('.').all(is_domain_label)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(Code::EmailFormat)
        }
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_domain_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}
