//! Whom a request comes from, as far as that can be believed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use axum::http::{HeaderMap, HeaderName};

use crate::settings::config::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What proxies add to what they hand on.
const FORWARDED: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// The bits of an IPv6 address that are a network's; the rest each device makes up anew as often as
/// it likes.
const NETWORK_BITS: u8 = 64;

/// What providers give to a household and to a site (RFC 6177): whoever has one has hundreds of
/// networks to send from.
const AROUND: [u8; 2] = [56, 48];

/// How many times the submissions of one sender its networks may send together, in the order of
/// [`Sender::networks`]: its own, a household's and a site's. One household has hundreds of networks,
/// which could use up a form's rate; a carrier's phones, each with its own network, are many senders.
pub(super) const SHARES: [NonZeroU32; 3] =
    [NonZeroU32::MIN, NonZeroU32::MIN.saturating_add(3), NonZeroU32::MIN.saturating_add(7)];

/// The other end of a request's connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Whom a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sender {
    /// Whoever has that address; for IPv6 the first one of its /64.
    At(IpAddr),
    /// Somebody behind a reverse proxy that does not say for whom it asks, or a program beside it.
    Unknown,
}

impl Sender {
    /// The other end of a connection.
    pub(crate) fn of_peer(peer: IpAddr, trusted: &[Network]) -> Self {
        if trusts(trusted, peer) { Self::Unknown } else { Self::at(peer) }
    }

    /// Who sent the request. Only a trusted proxy is believed to say for whom it asks, and only
    /// what it added itself: `X-Forwarded-For` is read from the right, over the proxies that are
    /// trusted in turn. Whatever stands further left, anybody can have written.
    pub(crate) fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        if !trusts(trusted, peer) {
            return Self::at(peer);
        }
        let mut sender = Self::Unknown;
        let values = headers.get_all(FORWARDED_FOR).iter().rev();
        for entry in values.flat_map(|value| value.as_bytes().rsplit(|&byte| byte == b',')) {
            let Some(address) = address(entry) else { break };
            sender = Self::at(address);
            if !trusts(trusted, address) {
                break;
            }
        }
        sender
    }

    /// The networks that it is in, each by its first address and its length in bits: its own, and
    /// for IPv6 those around it. None where it is unknown.
    pub(super) fn networks(self) -> impl Iterator<Item = (IpAddr, u8)> + Clone {
        let own = match self {
            Self::At(address @ IpAddr::V4(_)) => Some((address, 32)),
            Self::At(address @ IpAddr::V6(_)) => Some((address, NETWORK_BITS)),
            Self::Unknown => None,
        };
        let around = match self {
            Self::At(IpAddr::V6(address)) => Some(address),
            _ => None,
        };
        let around = around
            .into_iter()
            .flat_map(|address| AROUND.map(|bits| (IpAddr::V6(cut(address, bits)), bits)));
        own.into_iter().chain(around)
    }

    /// Whether it is one of the proxies in front, or beside them. What says of itself that it was
    /// handed on and not for whom may be anybody's.
    pub(crate) fn is_within(self, headers: &HeaderMap, trusted: &[Network]) -> bool {
        match self {
            Self::At(address) => trusts(trusted, address),
            Self::Unknown => !FORWARDED.iter().any(|name| headers.contains_key(*name)),
        }
    }

    fn at(address: IpAddr) -> Self {
        Self::At(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(cut(address, NETWORK_BITS)),
            address @ IpAddr::V4(_) => address,
        })
    }
}

/// The first address of the network of so many bits.
fn cut(address: Ipv6Addr, bits: u8) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> bits))
}

/// An address as proxies write it: alone, or with a port.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim_matches([' ', '\t']);
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(bracketed).or_else(with_port)
}

/// Whether one of the networks contains the address.
pub(crate) fn trusts(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["127.0.0.0/8", "10.0.0.0/8"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        match Sender::of(peer.parse().unwrap(), &headers, &trusted) {
            Sender::At(address) => address.to_string(),
            Sender::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(sender("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(sender("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(sender("::ffff:127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
    }

    #[test]
    fn what_a_visitor_writes_in_front_counts_for_nothing() {
        assert_eq!(sender("127.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(sender("127.0.0.1", &["203.0.113.9", "198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(sender("127.0.0.1", &["10.0.0.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(sender("127.0.0.1", &["203.0.113.9, nonsense"]), "unknown");
        assert_eq!(sender("127.0.0.1", &["203.0.113.9, nonsense, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn addresses_come_with_and_without_ports() {
        assert_eq!(sender("127.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(sender("127.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::");
        assert_eq!(sender("127.0.0.1", &["[2001:db8::1]"]), "2001:db8::");
        assert_eq!(sender("127.0.0.1", &["unknown"]), "unknown");
        assert_eq!(sender("127.0.0.1", &[]), "unknown");
    }

    #[test]
    fn a_household_is_one_sender() {
        assert_eq!(sender("2001:db8:1:2::1", &[]), sender("2001:db8:1:2:ffff::9", &[]));
        assert_ne!(sender("2001:db8:1:2::1", &[]), sender("2001:db8:1:3::1", &[]));
        assert_eq!(sender("::ffff:192.0.2.1", &[]), "192.0.2.1");
    }
}
