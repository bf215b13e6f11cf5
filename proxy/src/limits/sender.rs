//! Finds the sender of a request.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use axum::http::{HeaderMap, HeaderName};

use crate::settings::config::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The headers that proxies add to forwarded requests.
const FORWARDING_HEADERS: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// The bits of an IPv6 address that identify the network. Devices choose the other bits, and may change
/// them at any time.
const NETWORK_BITS: u8 = 64;

/// The lengths of the prefixes that providers assign to a household and to a site (RFC 6177). A
/// household has 256 networks, and a site has 65,536.
const WIDER_BITS: [u8; 2] = [56, 48];

/// The rate limit of each network around a sender, as a multiple of one sender's limit, in the order of
/// [`Sender::networks`]: the sender's own network, the household and the site. Without these limits, the
/// hundreds of networks of one household could use up a form's rate. The wider networks have a higher rate
/// than one sender, because each phone of a mobile carrier is a sender with its own network.
pub(super) const SHARES: [NonZeroU32; 3] =
    [NonZeroU32::MIN, NonZeroU32::MIN.saturating_add(3), NonZeroU32::MIN.saturating_add(7)];

/// The address at the other end of a request's connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The sender of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sender {
    /// A sender with this address. For IPv6, it is the first address of the /64 network.
    At(IpAddr),
    /// A sender behind a trusted proxy that does not send `X-Forwarded-For`, or a program on the same
    /// machine.
    Unknown,
}

impl Sender {
    /// Returns the sender of a connection, before a request is read. Behind a trusted proxy, the sender is
    /// still unknown.
    pub(crate) fn of_peer(peer: IpAddr, trusted: &[Network]) -> Self {
        if is_trusted(trusted, peer) { Self::Unknown } else { Self::at(peer) }
    }

    /// Returns the sender of a request. `X-Forwarded-For` is used only if a trusted proxy sent it. The
    /// header is read from the right, and the addresses of trusted proxies are skipped, because visitors
    /// can forge the values further left.
    pub(crate) fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        if !is_trusted(trusted, peer) {
            return Self::at(peer);
        }
        let mut sender = Self::Unknown;
        let values = headers.get_all(FORWARDED_FOR).iter().rev();
        for entry in values.flat_map(|value| value.as_bytes().rsplit(|&byte| byte == b',')) {
            let Some(address) = address(entry) else { break };
            sender = Self::at(address);
            if !is_trusted(trusted, address) {
                break;
            }
        }
        sender
    }

    /// Returns the networks that contain the sender, each as its first address and its length in bits: the
    /// sender's own network and, for IPv6, the wider networks. Empty for an unknown sender.
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
        let around = around.into_iter().flat_map(|address| {
            WIDER_BITS.map(|bits| (IpAddr::V6(network_address(address, bits)), bits))
        });
        own.into_iter().chain(around)
    }

    /// Returns whether the sender is a trusted proxy, or a program on the same machine. If a forwarded
    /// request does not contain the sender's address, it may come from anybody, so the result is false.
    pub(crate) fn is_trusted_or_local(self, headers: &HeaderMap, trusted: &[Network]) -> bool {
        match self {
            Self::At(address) => is_trusted(trusted, address),
            Self::Unknown => !FORWARDING_HEADERS.iter().any(|name| headers.contains_key(*name)),
        }
    }

    fn at(address: IpAddr) -> Self {
        Self::At(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(network_address(address, NETWORK_BITS)),
            address @ IpAddr::V4(_) => address,
        })
    }
}

/// Returns the first address of the network with this length in bits.
fn network_address(address: Ipv6Addr, bits: u8) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> bits))
}

/// Parses an address in `X-Forwarded-For`, with or without a port.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim_matches([' ', '\t']);
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(bracketed).or_else(with_port)
}

/// Returns whether one of the networks contains the address.
pub(crate) fn is_trusted(networks: &[Network], address: IpAddr) -> bool {
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
    fn ignores_x_forwarded_for_from_untrusted_peers() {
        assert_eq!(sender("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(sender("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(sender("::ffff:127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
    }

    #[test]
    fn ignores_forged_values_in_x_forwarded_for() {
        assert_eq!(sender("127.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(sender("127.0.0.1", &["203.0.113.9", "198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(sender("127.0.0.1", &["10.0.0.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(sender("127.0.0.1", &["203.0.113.9, nonsense"]), "unknown");
        assert_eq!(sender("127.0.0.1", &["203.0.113.9, nonsense, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn parses_addresses_with_and_without_ports() {
        assert_eq!(sender("127.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(sender("127.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::");
        assert_eq!(sender("127.0.0.1", &["[2001:db8::1]"]), "2001:db8::");
        assert_eq!(sender("127.0.0.1", &["unknown"]), "unknown");
        assert_eq!(sender("127.0.0.1", &[]), "unknown");
    }

    #[test]
    fn all_addresses_of_an_ipv6_network_count_as_one_sender() {
        assert_eq!(sender("2001:db8:1:2::1", &[]), sender("2001:db8:1:2:ffff::9", &[]));
        assert_ne!(sender("2001:db8:1:2::1", &[]), sender("2001:db8:1:3::1", &[]));
        assert_eq!(sender("::ffff:192.0.2.1", &[]), "192.0.2.1");
    }
}
