use std::fmt::{self, Display, Formatter};

use reqwest::Url;
use serde::Deserialize;
use thiserror::Error;

/// Where the CRM takes deals: an `http` or `https` address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CrmUrl(Url);

/// An origin as browsers write it: `https://www.example.com`, with a port where it is not the
/// usual one, and nothing behind it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(String);

/// A host as browsers write it after `https://`: `leads.example.com`, with the port unless it is
/// the default one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Host(String);

/// Why a text is no address.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum AddressError {
    /// No web address at all.
    #[error("“{0}” is no web address: write it with its https://")]
    NotWeb(String),
    /// A user name, password, query or fragment: the key belongs in `CRM_API_KEY`.
    #[error("the CRM's address takes no user name, query or fragment; the key goes in CRM_API_KEY")]
    Extra,
    /// Not just a host and a port, or a port that browsers omit.
    #[error("“{0}” is no host: write it as in \"leads.example.com\" or \"leads.example.com:8443\"")]
    NotHost(String),
    /// More than scheme, host and port.
    #[error("“{given}” is no origin: write “{origin}”")]
    NotOrigin {
        /// What stands there.
        given: String,
        /// What should.
        origin: String,
    },
}

impl CrmUrl {
    /// The address.
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// Whether the key would cross the network in the clear.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Whether the CRM is on this machine: a sandbox, as a rule.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl std::str::FromStr for CrmUrl {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let url = web_address(text)?;
        let extra = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if extra { Err(AddressError::Extra) } else { Ok(Self(url)) }
    }
}

impl TryFrom<String> for CrmUrl {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl Origin {
    /// The origin, as the `Origin` header has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = AddressError;

    fn try_from(given: String) -> Result<Self, AddressError> {
        let origin = web_address(&given)?.origin().ascii_serialization();
        if origin == given {
            Ok(Self(origin))
        } else {
            Err(AddressError::NotOrigin { given, origin })
        }
    }
}

impl Host {
    /// Whether an origin's host and port are these.
    pub(crate) fn is(&self, host: &str) -> bool {
        self.0 == host
    }
}

impl TryFrom<String> for Host {
    type Error = AddressError;

    fn try_from(given: String) -> Result<Self, AddressError> {
        let is_written_so = |scheme: &str| {
            let origin = format!("{scheme}{given}");
            web_address(&origin).is_ok_and(|url| url.origin().ascii_serialization() == origin)
        };
        if ["http://", "https://"].iter().all(|scheme| is_written_so(scheme)) {
            Ok(Self(given))
        } else {
            Err(AddressError::NotHost(given))
        }
    }
}

impl Display for CrmUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

pub(super) fn web_address(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text).map_err(|_| AddressError::NotWeb(text.to_owned()))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(url)
    } else {
        Err(AddressError::NotWeb(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_exact() {
        let origin = |text: &str| Origin::try_from(text.to_owned()).map(|origin| origin.0);
        assert_eq!(origin("https://www.example.com").unwrap(), "https://www.example.com");
        assert_eq!(origin("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        for (given, meant) in [
            ("https://www.example.com/", "https://www.example.com"),
            ("https://www.example.com/landing", "https://www.example.com"),
            ("https://www.example.com:443", "https://www.example.com"),
            ("HTTPS://WWW.Example.com", "https://www.example.com"),
        ] {
            let message = format!("“{given}” is no origin: write “{meant}”");
            assert_eq!(origin(given).unwrap_err().to_string(), message);
        }
        for wrong in ["*", "null", "www.example.com", "", "ftp://example.com"] {
            assert!(matches!(origin(wrong), Err(AddressError::NotWeb(_))), "{wrong}");
        }
    }

    #[test]
    fn a_host_is_written_as_in_an_origin() {
        for host in ["leads.example.com", "leads.intranet:8070", "[::1]:8070"] {
            assert!(Host::try_from(host.to_owned()).unwrap().is(host), "{host}");
        }
        for wrong in
            ["", "Leads.example.com", "https://a.example", "a.example:443", "a.example/", "a b"]
        {
            let error = Host::try_from(wrong.to_owned()).unwrap_err();
            assert_eq!(error, AddressError::NotHost(wrong.to_owned()));
        }
    }

    #[test]
    fn the_crm_s_address_carries_no_key() {
        assert_eq!("https://crm.example/add?key=1".parse::<CrmUrl>(), Err(AddressError::Extra));
        assert_eq!("https://me:pw@crm.example/add".parse::<CrmUrl>(), Err(AddressError::Extra));
        assert!("https://crm.example/site/api/crm_add_deal".parse::<CrmUrl>().is_ok());
    }

    #[test]
    fn a_sandbox_on_this_machine_is_recognised() {
        for (url, loopback) in [
            ("http://127.0.0.1:8090/", true),
            ("http://[::1]:8090/", true),
            ("http://localhost/", true),
            ("https://hubbucs.com/", false),
        ] {
            assert_eq!(url.parse::<CrmUrl>().unwrap().is_loopback(), loopback, "{url}");
        }
    }
}
