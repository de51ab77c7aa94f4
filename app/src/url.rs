//! Reading and writing URLs: the same text on the server and in the browser, so that links match on hydration.

use std::fmt::Write;

/// `text` escaped for a query: everything but the unreserved characters of RFC 3986.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The value of a parameter, which `get` returns as text; nothing if it is not valid.
#[must_use]
pub fn parsed<T: std::str::FromStr>(get: &impl Fn(&str) -> Option<String>, name: &str) -> Option<T> {
    get(name).and_then(|value| value.parse().ok())
}

/// `path` with those of `pairs` that have a value.
#[must_use]
pub fn with_query(path: &str, pairs: &[(&str, Option<String>)]) -> String {
    let mut url = path.to_owned();
    let mut separator = '?';
    for (name, value) in pairs {
        if let Some(value) = value {
            url.push(separator);
            url.push_str(name);
            url.push('=');
            url.push_str(&encode(value));
            separator = '&';
        }
    }
    url
}

/// `path` with the query `search` of a location, which may begin with a question mark.
#[must_use]
pub fn with_search(path: &str, search: &str) -> String {
    match search.trim_start_matches('?') {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The URL of the sign-in page that leads on to `wanted`.
#[must_use]
pub fn sign_in(wanted: &str) -> String {
    with_query("/login", &[("next", Some(wanted.to_owned()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_value_is_escaped() {
        assert_eq!(encode("a b&c=d/é"), "a%20b%26c%3Dd%2F%C3%A9");
        assert_eq!(sign_in("/admin?q=x"), "/login?next=%2Fadmin%3Fq%3Dx");
    }

    #[test]
    fn absent_values_leave_nothing_behind() {
        let pairs = [("q", None), ("status", Some("paused".to_owned())), ("cursor", Some("n0".to_owned()))];
        assert_eq!(with_query("/admin/invites", &pairs), "/admin/invites?status=paused&cursor=n0");
        assert_eq!(with_query("/admin", &[("q", None)]), "/admin");
        assert_eq!(with_search("/admin", ""), "/admin");
    }

    #[test]
    fn a_query_is_added_once() {
        assert_eq!(with_search("/admin", "?q=a"), "/admin?q=a");
        assert_eq!(with_search("/admin", "q=a"), "/admin?q=a");
    }
}
