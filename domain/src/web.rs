//! Addresses on the web: other sites, and paths of this one.

use serde::{Deserialize, Serialize};

use crate::ids::ApplicationId;
use crate::text::{ParseError, each_once, is_hidden, parsed_text, shown_text, stored_text};

/// The most sites that invites may lead to.
pub const MAX_ORIGINS: usize = 20;

/// An absolute `https` URL (RFC 3986) of at most 2,000 bytes, without credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HttpsUrl(String);

impl HttpsUrl {
    const SCHEME: &str = "https://";

    /// Parses a URL as typed; outer white space is dropped. Letters outside ASCII are let through: browsers encode them.
    ///
    /// # Errors
    /// When it has another scheme, no host, credentials, white space, or is too long.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let url = with_scheme(text.trim(), Self::SCHEME).map(Self);
        url.ok_or_else(|| {
            ParseError("Enter an address that begins with https://, such as https://example.org/start.".to_owned())
        })
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0[Self::SCHEME.len()..].split(['/', '?', '#']).next().unwrap_or_default()
    }
}

parsed_text!(HttpsUrl);
shown_text!(HttpsUrl);

/// An absolute `http` or `https` URL (RFC 3986) of at most 2,000 bytes, without credentials: also of what runs on a network
/// without certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebUrl(String);

impl WebUrl {
    /// Parses a URL as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it has another scheme, no host, credentials, white space, or is too long.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let url = [HttpsUrl::SCHEME, "http://"].into_iter().find_map(|scheme| with_scheme(text, scheme));
        url.map(Self).ok_or_else(|| {
            ParseError(
                "Enter an address that begins with https:// or http://, such as https://chat.example.org.".into(),
            )
        })
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

parsed_text!(WebUrl);
shown_text!(WebUrl);

/// The maximum length of an address, in bytes.
const MAX_BYTES: usize = 2_000;

/// The address `text` with its scheme in lower case, if that is `scheme`, a host follows, and nothing in it is refused.
pub(crate) fn with_scheme(text: &str, scheme: &str) -> Option<String> {
    let (start, rest) = text.split_at_checked(scheme.len())?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let fits = start.eq_ignore_ascii_case(scheme)
        && text.len() <= MAX_BYTES
        && host.starts_with(|first: char| first.is_alphanumeric() || first == '[')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
        && !text.chars().any(|c| c.is_whitespace() || is_hidden(c) || matches!(c, '\\' | '"' | '<' | '>'));
    fits.then(|| format!("{scheme}{rest}"))
}

impl HttpsUrl {
    /// The origin (RFC 6454): scheme, host and port, without the default port.
    #[must_use]
    pub fn origin(&self) -> HttpsOrigin {
        let host = self.host().to_lowercase();
        HttpsOrigin(format!("{}{}", Self::SCHEME, host.strip_suffix(":443").unwrap_or(&host)))
    }
}

/// An `https` origin (RFC 6454): scheme, host in lower case and, if it is not 443, the port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HttpsOrigin(String);

impl HttpsOrigin {
    /// Parses an origin as typed; outer white space and one slash at the end are dropped.
    ///
    /// # Errors
    /// When it is no `https` address, or has a path.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let url = HttpsUrl::parse(text.strip_suffix('/').unwrap_or(text)).ok();
        // What follows the host would be left out without a word.
        url.filter(|url| url.as_str().len() == HttpsUrl::SCHEME.len() + url.host().len())
            .map(|url| url.origin())
            .ok_or_else(|| {
                ParseError(format!(
                    "\u{201C}{text}\u{201D} is no site. Enter sites like https://example.org, without a path."
                ))
            })
    }

    /// The origin.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

parsed_text!(HttpsOrigin);
shown_text!(HttpsOrigin);

/// Parses the sites that invites may lead to. Blank lines are left out, and each site is kept once.
///
/// # Errors
/// When one is no origin, or there are more than [`MAX_ORIGINS`].
pub fn parse_origins(typed: &[String]) -> Result<Vec<HttpsOrigin>, ParseError> {
    each_once(typed, MAX_ORIGINS, "sites", HttpsOrigin::parse)
}

/// An `https` or `http` origin (RFC 6454): scheme, host in lower case and, if it is not the default, the port. The host is
/// ASCII, as browsers send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebOrigin(String);

impl WebOrigin {
    /// Parses an origin as typed; outer white space and one slash at the end are dropped.
    ///
    /// # Errors
    /// When it is no web address, has a path, or a host with letters outside ASCII.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let bare = text.strip_suffix('/').unwrap_or(text);
        let of_scheme = |(scheme, port): (&str, &str)| {
            let url = with_scheme(bare, scheme)?;
            let authority = url[scheme.len()..].to_ascii_lowercase();
            let fits = authority.is_ascii() && !authority.contains(['/', '?', '#']);
            fits.then(|| Self(format!("{scheme}{}", authority.strip_suffix(port).unwrap_or(&authority))))
        };
        [(HttpsUrl::SCHEME, ":443"), ("http://", ":80")].into_iter().find_map(of_scheme).ok_or_else(|| {
            ParseError(format!(
                "\u{201C}{text}\u{201D} is no site. Enter sites like https://wiki.example.org, without a path."
            ))
        })
    }

    /// The origin.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port, as in the header `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// Whether browsers connect with TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with(HttpsUrl::SCHEME)
    }

    /// The host and, if it is not the default, the port.
    fn parts(&self) -> (&str, Option<u16>) {
        let authority = self.authority();
        let parts = authority.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        parts.map_or((authority, None), |(host, port)| (host, Some(port)))
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> &str {
        self.parts().0
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.parts().1.unwrap_or(if self.is_https() { 443 } else { 80 })
    }
}

stored_text!(WebOrigin);
shown_text!(WebOrigin);

/// A path on this site, with query and fragment: at most 8,192 visible ASCII characters that begin with one slash. The request of
/// an application, to which a sign-in returns, has some thousand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalPath(String);

impl LocalPath {
    /// The maximum length, in bytes.
    pub const MAX_BYTES: usize = 8_192;

    /// Parses a path. Browsers treat `//host` and `/\host` as other sites, and first remove tabs and line breaks.
    ///
    /// # Errors
    /// When it could lead to another site.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let local = text.starts_with('/')
            && !text.starts_with("//")
            && !text.contains('\\')
            && text.len() <= Self::MAX_BYTES
            && text.bytes().all(|b| b.is_ascii_graphic());
        if local {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError("Enter a path on this site that begins with one /, such as /me.".to_owned()))
        }
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

parsed_text!(LocalPath);
shown_text!(LocalPath);

/// Where someone goes next: a path on this site, or an `https` address of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Destination(String);

impl Destination {
    /// What the paths begin with that lead on to applications; the id follows.
    pub const OPEN: &str = "/open/";
    /// The maximum length of a path, in bytes.
    const MAX_BYTES: usize = 2_048;

    /// Parses an address as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it is neither a path on this site nor an `https` address.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.starts_with('/') && text.len() <= Self::MAX_BYTES {
            return LocalPath::parse(text).map(|path| Self(path.into()));
        }
        HttpsUrl::parse(text).map(|url| Self(url.into())).map_err(|_| {
            ParseError("Enter a path on this site such as /me, or an address that begins with https://.".to_owned())
        })
    }

    /// The page of this site that leads on to an application, for those who may enter it.
    #[must_use]
    pub fn of_application(id: ApplicationId) -> Self {
        Self(format!("{}{id}", Self::OPEN))
    }

    /// The application that it leads to, if it is one of these pages.
    #[must_use]
    pub fn application(&self) -> Option<ApplicationId> {
        self.0.strip_prefix(Self::OPEN)?.parse().ok()
    }

    /// The address on another site, or `None` for a path on this one.
    #[must_use]
    pub fn external(&self) -> Option<HttpsUrl> {
        HttpsUrl::parse(&self.0).ok()
    }

    /// Whether it may be used: on another site only if that is one of `allowed`.
    #[must_use]
    pub fn is_allowed(&self, allowed: &[HttpsOrigin]) -> bool {
        self.external().map_or_else(|| LocalPath::parse(&self.0).is_ok(), |url| allowed.contains(&url.origin()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

stored_text!(Destination);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_to_go_is_an_https_address() {
        for (good, host) in [
            ("https://example.org", "example.org"),
            (" HTTPS://example.org:8443/a?b=c#d ", "example.org:8443"),
            ("https://werkstätte.example/start", "werkstätte.example"),
            ("https://[2001:db8::1]/", "[2001:db8::1]"),
        ] {
            assert_eq!(HttpsUrl::parse(good).unwrap().host(), host, "{good}");
        }
        for bad in [
            "",
            "example.org",
            "http://example.org",
            "https://",
            "https:///path",
            "https://a b.example",
            "https://user@evil.example",
            "https://example.org/\"onclick",
            "https://example.org\\@evil.example",
            "javascript:alert(1)",
            &format!("https://example.org/{}", "x".repeat(2_000)),
        ] {
            assert!(HttpsUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_a_site_without_a_path() {
        for (typed, origin) in [
            ("https://example.org", "https://example.org"),
            (" HTTPS://Example.ORG:443/ ", "https://example.org"),
            ("https://forum.example.org:8443", "https://forum.example.org:8443"),
        ] {
            assert_eq!(HttpsOrigin::parse(typed).unwrap().as_str(), origin, "{typed}");
        }
        for bad in [
            "",
            "example.org",
            "http://example.org",
            "https://example.org/a",
            "https://example.org//",
            "https://example.org?a",
            "https://a@example.org",
        ] {
            assert!(HttpsOrigin::parse(bad).is_err(), "{bad}");
        }
        let typed = |count: usize| (0..count).map(|n| format!("https://s{n}.example")).collect::<Vec<_>>();
        assert_eq!(parse_origins(&typed(MAX_ORIGINS)).unwrap().len(), MAX_ORIGINS);
        assert!(parse_origins(&typed(MAX_ORIGINS + 1)).is_err());
        let twice = ["https://a.example", "", "https://A.example/"].map(str::to_owned);
        assert_eq!(parse_origins(&twice).unwrap().len(), 1);
    }

    #[test]
    fn a_site_has_the_host_that_browsers_send() {
        for (typed, origin, authority, host, port) in [
            ("https://Wiki.example.org/", "https://wiki.example.org", "wiki.example.org", "wiki.example.org", 443),
            ("https://wiki.example.org:443", "https://wiki.example.org", "wiki.example.org", "wiki.example.org", 443),
            ("http://10.0.0.5:8080", "http://10.0.0.5:8080", "10.0.0.5:8080", "10.0.0.5", 8080),
            ("http://[::1]:80", "http://[::1]", "[::1]", "[::1]", 80),
        ] {
            let parsed = WebOrigin::parse(typed).unwrap();
            assert_eq!((parsed.as_str(), parsed.authority()), (origin, authority));
            assert_eq!((parsed.host(), parsed.port()), (host, port));
        }
        for bad in
            ["", "wiki.example.org", "https://wiki.example.org/x", "https://a@b.example", "https://münchen.example"]
        {
            assert!(WebOrigin::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_paths_of_this_site_are_local() {
        for path in ["/", "/admin/invites?status=active&q=a%20b", "/me#sessions"] {
            assert_eq!(LocalPath::parse(path).unwrap().as_str(), path);
        }
        for bad in
            ["", "admin", "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", " /admin", "/ä"]
        {
            assert!(LocalPath::parse(bad).is_err(), "{bad:?}");
        }
        assert!(LocalPath::parse(&format!("/{}", "x".repeat(LocalPath::MAX_BYTES))).is_err());
    }

    #[test]
    fn another_site_is_a_destination_only_if_it_is_allowed() {
        let allowed = [HttpsOrigin::parse("https://forum.example.org").unwrap()];
        for (typed, may) in [
            ("/me", true),
            ("https://forum.example.org", true),
            ("https://FORUM.example.org:443/start?a=b", true),
            ("https://forum.example.org:8443/", false),
            ("https://forum.example.org.evil.example/", false),
            ("https://evil.example/forum.example.org", false),
        ] {
            assert_eq!(Destination::parse(typed).unwrap().is_allowed(&allowed), may, "{typed}");
        }
        assert!(!Destination::stored("//evil.example").is_allowed(&allowed), "whatever is stored");
        let id = "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77".parse().unwrap();
        let chat = Destination::of_application(id);
        assert_eq!((chat.as_str(), chat.application()), ("/open/0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77", Some(id)));
        assert!(chat.is_allowed(&[]) && Destination::parse(chat.as_str()).as_ref() == Ok(&chat));
        for other in ["/me", "/open/", "/open/x", "https://example.org/open/0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77"] {
            assert_eq!(Destination::parse(other).unwrap().application(), None, "{other}");
        }
        for bad in [
            "",
            "//evil.example",
            "javascript:alert(1)",
            "http://forum.example.org",
            "https://forum.example.org@evil.example",
        ] {
            assert!(Destination::parse(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in ".*") {
            let _ = (HttpsOrigin::parse(&text), Destination::parse(&text));
        }
    }
}
