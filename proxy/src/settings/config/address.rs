use std::fmt::{self, Display, Formatter};

use reqwest::Url;
use serde::Deserialize;
use thiserror::Error;

/// The address of the CRM's API, with `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CrmUrl(Url);

/// An origin as browsers write it: `https://www.example.com`, with the port unless it is the default
/// one, and without a path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(String);

/// A host as browsers write it after `https://`: `leads.example.com`, with the port unless it is
/// the default one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Host(String);

/// Why a string is not a valid address.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum AddressError {
    /// The text is not a web address.
    #[error("“{0}” is not a web address: write the whole address, with https://")]
    NotWeb(String),
    /// The CRM's address has a user name, password, query or fragment.
    #[error(
        "the CRM's address must not contain a user name, a query or a fragment: set the key in \
         CRM_API_KEY"
    )]
    Extra,
    /// The text is not a host with an optional port, or has a port that browsers omit.
    #[error(
        "“{0}” is not a host: write a host such as \"leads.example.com\" or \"leads.example.com:8443\""
    )]
    NotHost(String),
    /// The text is not exactly scheme, host and port.
    #[error("“{given}” is not an origin: write “{origin}”")]
    NotOrigin {
        /// The text in the settings.
        given: String,
        /// The origin to write instead.
        origin: String,
    },
}

impl CrmUrl {
    /// Returns the address.
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// Returns whether the address is `http`. The key then crosses the network unencrypted.
    pub(crate) fn is_unencrypted(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Returns whether the CRM is on this machine. Such a CRM is usually a sandbox.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
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
    /// Returns the origin as in the header `Origin`.
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
    /// Returns whether an origin has this host and port.
    pub(crate) fn matches(&self, host: &str) -> bool {
        self.0 == host
    }
}

impl TryFrom<String> for Host {
    type Error = AddressError;

    fn try_from(given: String) -> Result<Self, AddressError> {
        let is_normal_form = |scheme: &str| {
            let origin = format!("{scheme}{given}");
            web_address(&origin).is_ok_and(|url| url.origin().ascii_serialization() == origin)
        };
        if ["http://", "https://"].iter().all(|scheme| is_normal_form(scheme)) {
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

/// Returns whether the address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
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
    fn accepts_only_exact_origins() {
        let origin = |text: &str| Origin::try_from(text.to_owned()).map(|origin| origin.0);
        assert_eq!(origin("https://www.example.com").unwrap(), "https://www.example.com");
        assert_eq!(origin("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        for (given, meant) in [
            ("https://www.example.com/", "https://www.example.com"),
            ("https://www.example.com/landing", "https://www.example.com"),
            ("https://www.example.com:443", "https://www.example.com"),
            ("HTTPS://WWW.Example.com", "https://www.example.com"),
        ] {
            let message = format!("“{given}” is not an origin: write “{meant}”");
            assert_eq!(origin(given).unwrap_err().to_string(), message);
        }
        for wrong in ["*", "null", "www.example.com", "", "ftp://example.com"] {
            assert!(matches!(origin(wrong), Err(AddressError::NotWeb(_))), "{wrong}");
        }
    }

    #[test]
    fn accepts_only_hosts_as_browsers_write_them() {
        for host in ["leads.example.com", "leads.intranet:8070", "[::1]:8070"] {
            assert!(Host::try_from(host.to_owned()).unwrap().matches(host), "{host}");
        }
        for wrong in
            ["", "Leads.example.com", "https://a.example", "a.example:443", "a.example/", "a b"]
        {
            let error = Host::try_from(wrong.to_owned()).unwrap_err();
            assert_eq!(error, AddressError::NotHost(wrong.to_owned()));
        }
    }

    #[test]
    fn rejects_a_key_in_the_address_of_the_crm() {
        assert_eq!("https://crm.example/add?key=1".parse::<CrmUrl>(), Err(AddressError::Extra));
        assert_eq!("https://me:pw@crm.example/add".parse::<CrmUrl>(), Err(AddressError::Extra));
        assert!("https://crm.example/site/api/crm_add_deal".parse::<CrmUrl>().is_ok());
    }

    #[test]
    fn recognises_a_sandbox_on_this_machine() {
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
