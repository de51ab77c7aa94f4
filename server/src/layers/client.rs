//! The client of a request: the address of the nearest hop that is not a trusted proxy, and the `User-Agent`.

use std::net::{IpAddr, SocketAddr};

use app::request::Visitor;
use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use ipnet::IpNet;
use service::Client;

use crate::state::AppState;

/// The maximum length of a `User-Agent`.
const USER_AGENT_CHARS: usize = 512;

/// Adds a [`Visitor`] with the [`Client`] to the request, not signed in. [`super::session`] replaces it.
pub fn identify(state: &AppState, request: &mut Request) {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    if let Some(peer) = peer.filter(|peer| !is_trusted(&peer.to_canonical(), state.trusted_proxies())) {
        state.undeclared_proxy().look(peer, request.headers(), state.ctx().now());
    }
    let client = Client {
        ip: peer.map(|peer| address(peer, request.headers(), state.trusted_proxies())),
        user_agent: user_agent(request.headers()),
    };
    request.extensions_mut().insert(Visitor { signed: None, session_ended: false, client });
}

/// The rightmost address of `X-Forwarded-For` that is not a trusted proxy. The addresses to its left are not trustworthy.
fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut nearest = peer.to_canonical();
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("unreadable").split(','))
        .collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(&nearest, trusted) {
            break;
        }
        match parse_hop(hop.trim()) {
            Some(ip) => nearest = ip.to_canonical(),
            None => break,
        }
    }
    nearest
}

fn is_trusted(ip: &IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(ip))
}

/// An address with or without a port, because proxies send both.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|addr| addr.ip()))
}

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let name = headers.get(USER_AGENT)?.to_str().ok()?;
    Some(name.chars().take(USER_AGENT_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn no_proxy_is_trusted_by_default() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn the_rightmost_untrusted_hop_counts() {
        let trusted = ["10.0.0.0/8", "127.0.0.0/8"];
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"], &trusted), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, 198.51.100.1, 10.1.2.3"], &trusted), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6", "198.51.100.1:4711"], &trusted), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &["[2001:db8::1]:443"], &trusted), "2001:db8::1");
    }

    #[test]
    fn what_cannot_be_read_ends_the_walk() {
        assert_eq!(seen("127.0.0.1", &["198.51.100.1, nonsense"], &["127.0.0.0/8"]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &[], &["127.0.0.0/8"]), "127.0.0.1");
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_the_same() {
        assert_eq!(seen("::ffff:127.0.0.1", &["198.51.100.1"], &["127.0.0.0/8"]), "198.51.100.1");
    }
}
