use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::Deserialize;
use thiserror::Error;

/// A range of addresses: `10.0.0.0/8`, `fd00::/8`, or one alone, `192.0.2.7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network(IpNet);

/// Why a text is no range of addresses.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("“{0}” is no address and no network: write \"192.0.2.7\" or \"10.0.0.0/8\"")]
pub struct NetworkError(String);

impl Network {
    /// Whether the address lies in it. An IPv4 address that came by an IPv6 socket is what it is.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let alone = || text.parse::<IpAddr>().map(IpNet::from);
        text.parse().or_else(|_| alone()).map(Self).map_err(|_| NetworkError(text.to_owned()))
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
    fn a_network_is_a_range_or_one_address() {
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
