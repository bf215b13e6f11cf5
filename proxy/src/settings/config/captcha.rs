use deal_contract::protocol::CaptchaSite;
use reqwest::Url;
use serde::Deserialize;

use super::AddressError;
use super::address::{is_loopback, web_address};

/// The captcha's service. Without it, forms cannot require a captcha.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Captcha {
    /// The address that verifies answers. If empty, there is no captcha.
    pub verify_url: ServiceUrl,
    /// The site key, which pages send to the service.
    pub site_key: String,
    /// The service's script, which pages load.
    pub script: ServiceUrl,
    /// The hosts whose pages may send answers. If empty, all hosts may.
    pub hostnames: Vec<String>,
}

/// A web address, or an empty string for none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ServiceUrl(Option<Url>);

impl Captcha {
    /// Returns the data that pages need to show the captcha.
    pub(crate) fn site(&self) -> CaptchaSite {
        let script = self.script.url().map(Url::to_string).unwrap_or_default();
        CaptchaSite { site_key: self.site_key.clone(), script }
    }
}

impl ServiceUrl {
    pub(crate) fn url(&self) -> Option<&Url> {
        self.0.as_ref()
    }

    /// Returns whether the address is `http` on another machine, so that data crosses the network unencrypted.
    pub(crate) fn is_unencrypted(&self) -> bool {
        self.0.as_ref().is_some_and(|url| url.scheme() == "http" && !is_loopback(url))
    }
}

impl TryFrom<String> for ServiceUrl {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        if text.is_empty() { Ok(Self(None)) } else { web_address(&text).map(|url| Self(Some(url))) }
    }
}
