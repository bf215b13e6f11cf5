use deal_contract::protocol::CaptchaSite;
use reqwest::Url;
use serde::Deserialize;

use super::AddressError;
use super::address::web_address;

/// The service that tells persons from programs. Without one no form can want a captcha.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Captcha {
    /// Where answers are verified; nothing where there is no service.
    pub verify_url: Service,
    /// The key that pages name.
    pub site_key: String,
    /// The service's script, for pages to load.
    pub script: Service,
    /// The hosts of the pages whose answers count; all where none is named.
    pub hostnames: Vec<String>,
}

/// A web address, or the empty text for none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Service(Option<Url>);

impl Captcha {
    pub(crate) fn site(&self) -> CaptchaSite {
        let script = self.script.url().map(Url::to_string).unwrap_or_default();
        CaptchaSite { site_key: self.site_key.clone(), script }
    }
}

impl Service {
    pub(crate) fn url(&self) -> Option<&Url> {
        self.0.as_ref()
    }
}

impl TryFrom<String> for Service {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        if text.is_empty() { Ok(Self(None)) } else { web_address(&text).map(|url| Self(Some(url))) }
    }
}
