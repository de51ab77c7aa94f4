//! The public URL. Links, the `Host` and `Origin` checks and the name of the session cookie are derived from it.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

/// An origin (RFC 6454): scheme, host and port, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    https: bool,
    loopback: bool,
}

impl PublicUrl {
    /// Parses `https://join.example.org` or `http://127.0.0.1:3000`.
    ///
    /// # Errors
    /// The text is not an origin; the error is a sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("The public URL {text:?} {why}.");
        let url = Url::parse(text).map_err(|error| wrong(&format!("is not a valid URL: {error}")))?;
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(wrong("must begin with https:// or http://")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("must not contain a username or password"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("must end after the host and port: Latchkey cannot run under a path"));
        }
        let host = url.host().ok_or_else(|| wrong("has no host"))?;
        let loopback = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        };
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        Ok(Self { origin: url.origin().ascii_serialization(), authority, https, loopback })
    }

    /// The default public URL of a server that listens on `addr`; `None` unless `addr` is loopback.
    #[must_use]
    pub fn of_loopback(addr: SocketAddr) -> Option<Self> {
        if !addr.ip().is_loopback() {
            return None;
        }
        let authority = match addr.port() {
            80 => match addr.ip() {
                IpAddr::V4(ip) => ip.to_string(),
                IpAddr::V6(ip) => format!("[{ip}]"),
            },
            _ => addr.to_string(),
        };
        Some(Self { origin: format!("http://{authority}"), authority, https: false, loopback: true })
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port; a default port is left out.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether browsers connect with TLS.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Whether only this machine can connect.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether a request with this `Host` header is accepted. On loopback every name and port of this machine is,
    /// because of `localhost`, forwarded ports and tests.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        let default_port = if self.https { ":443" } else { ":80" };
        let host = host.strip_suffix(default_port).unwrap_or(host);
        host.eq_ignore_ascii_case(&self.authority) || (self.loopback && is_loopback_host(host))
    }

    /// Whether `origin` is this site. `host` is the `Host` header of the request, which must have been checked before.
    #[must_use]
    pub fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        let on_loopback = || self.loopback && is_loopback_host(host) && origin == format!("http://{host}");
        origin == self.origin || on_loopback()
    }

    /// The name of the session cookie. The prefix `__Host-` restricts it to HTTPS, this host and the path `/` (RFC
    /// 6265bis, section 4.1.3.2). Without HTTPS, browsers reject such a name.
    #[must_use]
    pub const fn cookie_name(&self) -> &'static str {
        if self.https { "__Host-latchkey" } else { "latchkey" }
    }

    /// The name of the cookie by which a browser is known to the accounts that signed in with it, by the same rules.
    #[must_use]
    pub const fn known_cookie_name(&self) -> &'static str {
        if self.https { "__Host-latchkey-known" } else { "latchkey-known" }
    }
}

/// Whether a `Host` header names this machine, with any port.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost")
        || name == "[::1]"
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_normalised_and_has_no_default_port() {
        let url = PublicUrl::parse("HTTPS://Join.Example.ORG:443/").unwrap();
        assert_eq!(url.origin(), "https://join.example.org");
        assert_eq!(url.authority(), "join.example.org");
        assert!(url.is_https() && !url.is_loopback());
        assert_eq!(url.cookie_name(), "__Host-latchkey");
    }

    #[test]
    fn a_text_that_is_not_an_origin_is_refused_with_a_message() {
        for bad in [
            "",
            "join.example.org",
            "ftp://a.example",
            "https://a.example/latchkey",
            "https://u:p@a.example",
            "https://a.example/?x",
        ] {
            assert!(PublicUrl::parse(bad).unwrap_err().starts_with("The public URL"), "{bad}");
        }
    }

    #[test]
    fn loopback_addresses_need_no_public_url() {
        for (addr, origin) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("[::1]:3000", "http://[::1]:3000"),
            ("127.0.0.1:80", "http://127.0.0.1"),
            ("[::1]:80", "http://[::1]"),
        ] {
            let url = PublicUrl::of_loopback(addr.parse().unwrap()).unwrap();
            assert_eq!(url.origin(), origin);
            assert_eq!(PublicUrl::parse(origin).unwrap(), url);
        }
        assert_eq!(PublicUrl::of_loopback("0.0.0.0:3000".parse().unwrap()), None);
    }

    #[test]
    fn only_the_public_host_is_accepted() {
        let url = PublicUrl::parse("https://join.example.org").unwrap();
        for good in ["join.example.org", "JOIN.example.org", "join.example.org:443"] {
            assert!(url.answers_to(good), "{good}");
        }
        for bad in ["", "example.org", "join.example.org:80", "join.example.org.evil.test", "localhost", "127.0.0.1"] {
            assert!(!url.answers_to(bad), "{bad}");
        }
    }

    #[test]
    fn on_loopback_every_loopback_name_and_port_is_accepted() {
        let url = PublicUrl::parse("http://127.0.0.1:3000").unwrap();
        for good in ["127.0.0.1:3000", "localhost", "localhost:8080", "[::1]:9", "127.0.0.1", "127.0.0.2:1"] {
            assert!(url.answers_to(good), "{good}");
        }
        for bad in ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "::1", "localhost:"] {
            assert!(!url.answers_to(bad), "{bad}");
        }
    }

    #[test]
    fn the_own_origin_is_recognised() {
        let public = PublicUrl::parse("https://join.example.org").unwrap();
        assert!(public.is_own_origin("https://join.example.org", "join.example.org"));
        assert!(!public.is_own_origin("http://join.example.org", "join.example.org"));
        assert!(!public.is_own_origin("null", "join.example.org"));
        let local = PublicUrl::parse("http://127.0.0.1:3000").unwrap();
        assert!(local.is_own_origin("http://localhost:3000", "localhost:3000"));
        assert!(!local.is_own_origin("http://localhost:4000", "localhost:3000"));
    }
}
