//! The short forms of an invite link. They lead to the page that knows the invitation and spend nothing.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use url::Url;
use url::form_urlencoded::Serializer;

use super::request::Visit;

/// `/inv/KEY`
pub async fn by_path(Path(key): Path<String>) -> Response {
    to_sign_up(&key)
}

/// `/inv?=KEY` and `/inv?key=KEY`
pub async fn by_query(visit: Visit) -> Response {
    to_sign_up(&visit.parameter("").or_else(|| visit.parameter("key")).unwrap_or_default())
}

fn to_sign_up(key: &str) -> Response {
    Redirect::to(&sign_up(key)).into_response()
}

/// The key in what someone typed or pasted: it may be the whole link.
pub fn key_in(text: &str) -> String {
    let text = text.trim();
    match Url::parse(text) {
        Ok(link) => {
            let mut pairs = link.query_pairs();
            let in_query = pairs.find(|(name, _)| matches!(name.as_ref(), "" | "key" | "inv"));
            let in_path = link.path().strip_prefix("/inv/").map(str::to_owned);
            in_query.map(|(_, key)| key.into_owned()).or(in_path).unwrap_or_else(|| text.to_owned())
        }
        Err(_) => text.to_owned(),
    }
}

/// The sign-up page of an invite key.
pub fn sign_up(key: &str) -> String {
    match key.trim() {
        "" => "/signup".to_owned(),
        key => format!("/signup?{}", Serializer::new(String::new()).append_pair("inv", key).finish()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_link_is_its_key() {
        for text in [
            "7QmX2pVd9KtR",
            "  7QmX2pVd9KtR\n",
            "https://join.example.org/inv/7QmX2pVd9KtR",
            "https://join.example.org/inv?=7QmX2pVd9KtR",
            "https://join.example.org/inv?key=7QmX2pVd9KtR",
            "https://join.example.org/signup?inv=7QmX2pVd9KtR",
        ] {
            assert_eq!(key_in(text), "7QmX2pVd9KtR", "{text}");
        }
        assert_eq!(key_in("https://join.example.org/other"), "https://join.example.org/other");
    }

    #[test]
    fn a_key_cannot_leave_its_place_in_the_address() {
        assert_eq!(sign_up("7QmX2pVd9KtR"), "/signup?inv=7QmX2pVd9KtR");
        assert_eq!(sign_up("a&b=c d\r\nx:y#z"), "/signup?inv=a%26b%3Dc+d%0D%0Ax%3Ay%23z");
        assert_eq!(sign_up("  "), "/signup");
    }
}
