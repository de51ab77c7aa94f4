//! The network of a client, by which limits and queues count.

use std::net::IpAddr;

use crate::Client;

/// An IPv4 address, or the /64 network of an IPv6 address, because one household or server has all of its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Network {
    /// Unknown: on the command line and in tests.
    Unknown,
    /// An IPv4 address.
    V4([u8; 4]),
    /// The first 64 bits of an IPv6 address.
    V6([u8; 8]),
}

impl Network {
    /// The network of an address. An IPv4-mapped IPv6 address counts as IPv4.
    pub(crate) fn of(ip: Option<IpAddr>) -> Self {
        match ip.map(|ip| ip.to_canonical()) {
            None => Self::Unknown,
            Some(IpAddr::V4(ip)) => Self::V4(ip.octets()),
            Some(IpAddr::V6(ip)) => {
                let mut prefix = [0; 8];
                prefix.copy_from_slice(&ip.octets()[..8]);
                Self::V6(prefix)
            }
        }
    }

    /// The bytes from which a bucket is derived.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Unknown => &[],
            Self::V4(octets) => octets,
            Self::V6(octets) => octets,
        }
    }
}

impl Client {
    /// The network of the client.
    pub(crate) fn network(&self) -> Network {
        Network::of(self.ip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_counts_by_64_and_mapped_ipv4_as_ipv4() {
        let network = |ip: &str| Network::of(Some(ip.parse().unwrap()));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
