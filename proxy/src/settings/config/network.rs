use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::Deserialize;
use thiserror::Error;

/// A network such as `10.0.0.0/8` or `fd00::/8`, or a single address such as `192.0.2.7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network(IpNet);

/// The text is neither an address nor a network.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "“{0}” is neither an address nor a network: write an address such as \"192.0.2.7\" or a network \
     such as \"10.0.0.0/8\""
)]
pub struct NetworkError(String);

impl Network {
    /// Returns whether the network contains the address. An IPv4-mapped IPv6 address counts as
    /// IPv4.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let single_address = || text.parse::<IpAddr>().map(IpNet::from);
        text.parse()
            .or_else(|_| single_address())
            .map(Self)
            .map_err(|_| NetworkError(text.to_owned()))
    }
}

impl TryFrom<String> for Network {
    type Error = NetworkError;

    fn try_from(text: String) -> Result<Self, NetworkError> {
        text.parse()
    }
}

impl Display for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_networks_and_single_addresses() {
        let contains = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        assert!(contains("10.0.0.0/8", "10.255.0.1"));
        assert!(contains("10.0.0.0/8", "::ffff:10.0.0.1"));
        assert!(contains("192.0.2.7", "192.0.2.7"));
        assert!(contains("fd00::/8", "fd12::1"));
        assert!(!contains("192.0.2.7", "192.0.2.8"));
        assert!(!contains("10.0.0.0/8", "11.0.0.1"));
        for wrong in ["", "10.0.0.0/33", "10.0.0", "proxy.example", "10.0.0.1:80"] {
            assert_eq!(wrong.parse::<Network>(), Err(NetworkError(wrong.to_owned())));
        }
    }
}
