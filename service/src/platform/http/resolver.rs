//! Which addresses requests are sent to. An address is checked when it is chosen, and what its name resolves to at every
//! connection: a name can resolve to something else later.

use std::net::{IpAddr, SocketAddr};

use domain::webhooks::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The reason an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// It is no address of the web.
    #[error("Enter an address that begins with https://, such as https://example.org/path.")]
    Malformed,
    /// It has no TLS.
    #[error("Enter an address that begins with https://. Without TLS, others could read and change what is sent.")]
    Plain,
    /// It is in a private network.
    #[error(
        "This address is in a private network. Enter a public one, or have the operator set --webhooks-to-private-networks."
    )]
    Private,
}

/// Parses an address, and refuses those that name a network that is not allowed. Names are resolved later, by
/// [`Resolver`].
pub(crate) fn check(url: &str, to_private_networks: bool) -> Result<Url, Refused> {
    let url = Url::parse(url).map_err(|_| Refused::Malformed)?;
    if to_private_networks {
        return Ok(url);
    }
    if url.scheme() != "https" {
        return Err(Refused::Plain);
    }
    // The parser reads the number of an IPv4 address in every form that a system would.
    let is_allowed = match url.host().ok_or(Refused::Malformed)? {
        Host::Ipv4(address) => is_public(IpAddr::V4(address)),
        Host::Ipv6(address) => is_public(IpAddr::V6(address)),
        Host::Domain(_) => true,
    };
    if is_allowed { Ok(url) } else { Err(Refused::Private) }
}

/// Resolves names, without addresses in networks that are not allowed. The client connects to nothing else; it does not ask
/// for the addresses of hosts that are addresses, which [`check`] has seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver {
    pub(super) to_private_networks: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let to_private_networks = self.to_private_networks;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let is_allowed = |address: &SocketAddr| to_private_networks || is_public(address.ip());
            let (allowed, refused): (Vec<_>, Vec<_>) = found.partition(is_allowed);
            if allowed.is_empty() && !refused.is_empty() {
                return Err(Box::<dyn std::error::Error + Send + Sync>::from(Refused::Private));
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_with_tls_are_accepted() {
        assert!(check("https://chat.example/hook", false).is_ok());
        assert!(check("https://8.8.8.8", false).is_ok());
        assert_eq!(check("http://chat.example", false), Err(Refused::Plain));
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "017700000001",
            "127.1",
            "10.0.0.1",
            "169.254.169.254",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[fd00::1]",
            "[fe80::1]",
            "0",
            "100.64.1.1",
        ] {
            assert_eq!(check(&format!("https://{host}/hook"), false), Err(Refused::Private), "{host}");
            assert!(check(&format!("http://{host}/hook"), true).is_ok(), "{host}");
        }
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_not_resolved() {
        let resolve = async |to_private_networks| {
            let name = "localhost".parse().unwrap();
            Resolver { to_private_networks }.resolve(name).await.map(Iterator::count)
        };
        assert_eq!(resolve(false).await.unwrap_err().to_string(), Refused::Private.to_string());
        assert!(resolve(true).await.unwrap() > 0);
    }
}
