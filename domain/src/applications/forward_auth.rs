//! How an application is connected by forward-auth: a reverse proxy in front of it asks, for each request, who is signed in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::attributes::AttributeKey;
use crate::failure::Check;
use crate::text::{ParseError, each_once, shown_text, stored_text};
use crate::web::WebOrigin;

/// The most sites of one application.
pub const MAX_SITES: usize = 20;

/// The most headers that tell an application who is signed in.
pub const MAX_IDENTITY_HEADERS: usize = 20;

/// The name of a request header (RFC 9110, section 5.1) that tells an application who is signed in: 3 to 60 letters, digits and
/// `-`, beginning with `Remote-` or `X-`, and none that proxies and browsers use for something else. Each word begins with a
/// capital letter, so that two names that differ only in case are the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdentityHeader(String);

impl IdentityHeader {
    const MAX: usize = 60;

    /// Headers that begin with `X-` and mean something else to a proxy or a browser.
    const USED_OTHERWISE: &[&str] = &[
        "X-Content-Type-Options",
        "X-Dns-Prefetch-Control",
        "X-Frame-Options",
        "X-Http-Method-Override",
        "X-Real-Ip",
        "X-Request-Id",
        "X-Robots-Tag",
        "X-Xss-Protection",
    ];

    /// The beginnings of such headers.
    const USED_OTHERWISE_AS: &[&str] = &["X-Accel-", "X-Original-", "X-Rewrite-", "X-Sendfile"];

    /// What may follow `X-Forwarded-`: the other headers of this name describe the request.
    const FORWARDED: &[&str] = &["User", "Email", "Groups", "Preferred-Username"];

    /// Parses a name as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it has other characters or another length, or is a header that has another meaning.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let words: Vec<_> = text.split('-').map(capitalised).collect();
        let name = words.join("-");
        let is_one = letters
            && text.len() <= Self::MAX
            && words.len() > 1
            && words.iter().all(|word| !word.is_empty())
            && matches!(words[0].as_str(), "Remote" | "X");
        if !is_one {
            return Err(ParseError(format!(
                "\u{201C}{text}\u{201D} can't be used: the name of a header begins with Remote- or X-."
            )));
        }
        let describes_request = name.strip_prefix("X-Forwarded-").is_some_and(|rest| !Self::FORWARDED.contains(&rest));
        if describes_request
            || Self::USED_OTHERWISE.contains(&name.as_str())
            || Self::USED_OTHERWISE_AS.iter().any(|start| name.starts_with(start))
        {
            return Err(ParseError(format!("{name} can't be used: it means something else to proxies and browsers.")));
        }
        Ok(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

stored_text!(IdentityHeader);
shown_text!(IdentityHeader);

fn capitalised(word: &str) -> String {
    let mut word = word.to_ascii_lowercase();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// What a header tells of the account, as text: `username`, or `attribute:KEY`; after `percent-encoded:`, if the value is to be
/// percent-encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdentityValue(String);

/// What a value begins with that is percent-encoded.
const ENCODED: &str = "percent-encoded:";

/// What a header tells of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Its id, which never changes.
    Id,
    /// Its username.
    Username,
    /// Its e-mail address.
    Email,
    /// Its display name, or its username.
    Name,
    /// The names of its groups, separated by commas. A comma in a name is written as `%2C`.
    Groups,
    /// Its role: `user`, `moderator`, `admin` or `owner`.
    Role,
    /// The value of an attribute, or nothing.
    Attribute(AttributeKey),
}

impl IdentityValue {
    /// Parses what a header tells; outer white space is dropped.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let value = Self(text.trim().to_owned());
        value.told().map(|_| value)
    }

    /// Whether the value is percent-encoded UTF-8 (RFC 3986, section 2.1): headers have no encoding of their own, and some
    /// programs read them as Latin-1.
    #[must_use]
    pub fn is_encoded(&self) -> bool {
        self.0.starts_with(ENCODED)
    }

    /// What is told.
    ///
    /// # Errors
    /// When it is nothing that this version knows.
    pub fn told(&self) -> Result<Told, ParseError> {
        Ok(match self.0.strip_prefix(ENCODED).unwrap_or(&self.0) {
            "id" => Told::Id,
            "username" => Told::Username,
            "email" => Told::Email,
            "name" => Told::Name,
            "groups" => Told::Groups,
            "role" => Told::Role,
            text => match text.strip_prefix("attribute:") {
                Some(key) => Told::Attribute(AttributeKey::parse(key)?),
                None => {
                    return Err(ParseError(format!(
                        "\u{201C}{text}\u{201D} is not a value of a header. Enter username, email, name, groups, role, id or \
                         attribute:KEY, after percent-encoded: if it is to be encoded."
                    )));
                }
            },
        })
    }
}

stored_text!(IdentityValue);
shown_text!(IdentityValue);

/// What is chosen about the connection by forward-auth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardAuthTerms {
    /// Where browsers reach the application. A site belongs to one application.
    pub sites: Vec<WebOrigin>,
    /// The headers that tell it who is signed in.
    pub headers: BTreeMap<IdentityHeader, IdentityValue>,
}

impl ForwardAuthTerms {
    /// The headers of an application of which nothing else is known: those of other sign-in services.
    #[must_use]
    pub fn default_headers() -> BTreeMap<IdentityHeader, IdentityValue> {
        let header = |(name, value): (&str, &str)| (IdentityHeader(name.to_owned()), IdentityValue(value.to_owned()));
        [("Remote-User", "username"), ("Remote-Email", "email"), ("Remote-Name", "name"), ("Remote-Groups", "groups")]
            .map(header)
            .into()
    }
}

/// [`ForwardAuthTerms`] as typed. What is left out keeps its value, or is the default where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForwardAuthDraft {
    /// [`ForwardAuthTerms::sites`], at least one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sites: Option<Vec<String>>,
    /// [`ForwardAuthTerms::headers`]; the default is [`ForwardAuthTerms::default_headers`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
}

impl ForwardAuthDraft {
    /// The terms after the change, or `None` after recording what is wrong under `forward_auth.FIELD`.
    pub(super) fn apply(self, current: Option<ForwardAuthTerms>, check: &mut Check) -> Option<ForwardAuthTerms> {
        let (old_sites, old_headers) = match current {
            Some(ForwardAuthTerms { sites, headers }) => (sites, headers),
            None => (Vec::new(), ForwardAuthTerms::default_headers()),
        };
        let sites = match self.sites {
            Some(typed) => check.take("forward_auth.sites", parse_sites(&typed)),
            None => Some(old_sites),
        };
        if sites.as_ref().is_some_and(Vec::is_empty) {
            check.add_error("forward_auth.sites", "Enter at least one site, such as https://wiki.example.org.");
        }
        let headers = match self.headers {
            Some(typed) => check.take("forward_auth.headers", parse_headers(&typed)),
            None => Some(old_headers),
        };
        Some(ForwardAuthTerms { sites: sites?, headers: headers? })
    }
}

impl From<ForwardAuthTerms> for ForwardAuthDraft {
    fn from(terms: ForwardAuthTerms) -> Self {
        let headers = terms.headers.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { sites: Some(terms.sites.into_iter().map(String::from).collect()), headers: Some(headers.collect()) }
    }
}

fn parse_sites(typed: &[String]) -> Result<Vec<WebOrigin>, ParseError> {
    each_once(typed, MAX_SITES, "sites", WebOrigin::parse)
}

fn parse_headers(typed: &BTreeMap<String, String>) -> Result<BTreeMap<IdentityHeader, IdentityValue>, ParseError> {
    let mut headers = BTreeMap::new();
    for (name, value) in typed {
        let name = IdentityHeader::parse(name)?;
        if headers.contains_key(&name) {
            return Err(ParseError(format!("{name} is given twice.")));
        }
        let value = IdentityValue::parse(value)?;
        headers.insert(name, value);
    }
    if headers.len() > MAX_IDENTITY_HEADERS {
        return Err(ParseError(format!("Enter at most {MAX_IDENTITY_HEADERS} headers.")));
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(json: &str, current: Option<ForwardAuthTerms>) -> Result<ForwardAuthTerms, crate::Failure> {
        let mut check = Check::default();
        let terms = serde_json::from_str::<ForwardAuthDraft>(json).unwrap().apply(current, &mut check);
        check.finish(terms)
    }

    #[test]
    fn a_connection_needs_a_site_and_has_the_usual_headers() {
        let terms = apply(r#"{"sites":["https://Wiki.example.org/", "", "https://wiki.example.org"]}"#, None).unwrap();
        assert_eq!(terms.sites, [WebOrigin::parse("https://wiki.example.org").unwrap()]);
        let headers: Vec<_> = terms.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(
            headers,
            ["Remote-Email: email", "Remote-Groups: groups", "Remote-Name: name", "Remote-User: username"]
        );
        assert!(apply("{}", None).unwrap_err().field_error("forward_auth.sites").is_some());
        let changed = apply(r#"{"headers":{"x-webauth-user":"attribute:unix_name"}}"#, Some(terms.clone())).unwrap();
        assert_eq!(changed.sites, terms.sites);
        assert_eq!(serde_json::to_value(&changed.headers).unwrap()["X-Webauth-User"], "attribute:unix_name");
        assert_eq!(ForwardAuthDraft::from(terms.clone()).apply(None, &mut Check::default()), Some(terms));
    }

    #[test]
    fn a_header_is_none_that_a_proxy_or_a_browser_understands() {
        for (typed, name) in [
            ("remote-user", "Remote-User"),
            (" X-WEBAUTH-USER ", "X-Webauth-User"),
            ("X-Forwarded-Email", "X-Forwarded-Email"),
        ] {
            assert_eq!(IdentityHeader::parse(typed).unwrap().as_str(), name);
        }
        for bad in [
            "",
            "X",
            "X-",
            "-X-User",
            "Remote User",
            "Remote-Üser",
            "Cookie",
            "Set-Cookie",
            "Authorization",
            "X-Forwarded-For",
            "x-forwarded-host",
            "X-Real-IP",
            "X-Original-URL",
            "X-Accel-Redirect",
            "Remote-User: x\r\nX-Y",
        ] {
            assert!(IdentityHeader::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_value_can_be_percent_encoded() {
        let encoded = IdentityValue::parse(" percent-encoded:attribute:city ").unwrap();
        assert_eq!(encoded.told().unwrap(), IdentityValue::parse("attribute:city").unwrap().told().unwrap());
        assert!(encoded.is_encoded() && !IdentityValue::parse("name").unwrap().is_encoded());
        for bad in ["percent-encoded:", "percent-encoded:percent-encoded:name", "percent-encoded name", "base64:name"] {
            assert!(IdentityValue::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_where_it_is_wrong() {
        for (json, field) in [
            (r#"{"sites":["https://wiki.example.org/path"]}"#, "forward_auth.sites"),
            (r#"{"sites":["wiki.example.org"]}"#, "forward_auth.sites"),
            (r#"{"sites":["https://a.example"],"headers":{"Remote-User":"password"}}"#, "forward_auth.headers"),
            (
                r#"{"sites":["https://a.example"],"headers":{"Remote-User":"id","remote-user":"name"}}"#,
                "forward_auth.headers",
            ),
            (r#"{"sites":["https://a.example"],"headers":{"Remote-User":"attribute:Ä"}}"#, "forward_auth.headers"),
        ] {
            let failure = apply(json, None).unwrap_err();
            assert!(failure.field_error(field).is_some(), "{json}: {failure:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_breaks_a_header(name in ".{0,70}") {
            if let Ok(header) = IdentityHeader::parse(&name) {
                proptest::prop_assert!(header.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
            }
        }
    }
}
