use std::str::FromStr;

use super::text::SingleLineText;
use super::text_value::text_value;
use crate::code::Code;

/// A web address, or a name on a social network.
///
/// Source: the parameters `contact_facebook` to `contact_instagram` in the CRM's API reference
/// ("URL or name"). A text with a scheme must be an `http` or `https` address with a host, so that
/// a click on it in the CRM never runs a stranger's `javascript:`.
///
/// # Errors
/// `javascript:alert(1)`, `ftp://example.com` and `https://` are [`Code::HandleAddress`]. The
/// errors for [`SingleLineText`] also apply.
///
/// ```
/// use deal_contract::values::SocialProfile;
///
/// assert!("@mike.douglas".parse::<SocialProfile>().is_ok());
/// assert!("https://facebook.com/mike".parse::<SocialProfile>().is_ok());
/// assert!("javascript:alert(1)".parse::<SocialProfile>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SocialProfile(String);

text_value!(SocialProfile);

impl FromStr for SocialProfile {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        text.parse::<SingleLineText>()?;
        if has_scheme(text) && !is_web_address(text) {
            return Err(Code::HandleAddress);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Returns whether the text begins with a scheme, such as `javascript:` or `https:` (RFC 3986,
/// 3.1). Browsers skip spaces before a scheme, so this function does too. `live:` is the prefix of
/// Skype names, not a scheme.
fn has_scheme(text: &str) -> bool {
    text.trim_start().split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && scheme != "live"
    })
}

fn is_web_address(text: &str) -> bool {
    // Do not split at "://": string search would add 2 kB to the widget.
    let parts = text.split_once(':');
    let parts = parts.and_then(|(scheme, rest)| Some((scheme, rest.strip_prefix("//")?)));
    parts.is_some_and(|(scheme, rest)| {
        (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
            && !rest.starts_with(['/', '?', '#', ':'])
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}
