//! The forms of an invite link. They redirect to the sign-up page and do not use up the invite.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::invites::InviteCode;
use url::form_urlencoded::Serializer;

use super::request::Visit;

/// `/inv/CODE`
pub async fn by_path(Path(key): Path<String>) -> Response {
    to_sign_up(&key)
}

/// `/inv?=CODE` and `/inv?key=CODE`
pub async fn by_query(visit: Visit) -> Response {
    to_sign_up(&visit.parameter("").or_else(|| visit.parameter("key")).unwrap_or_default())
}

fn to_sign_up(key: &str) -> Response {
    Redirect::to(&sign_up(key)).into_response()
}

/// The invite code in typed or pasted text, which may be a complete link; the text if it contains none.
pub fn key_in(text: &str) -> String {
    InviteCode::pasted(text).map_or_else(|| text.trim().to_owned(), String::from)
}

/// The path of the sign-up page for an invite code.
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
    fn the_code_is_extracted_from_a_pasted_link() {
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
    fn the_code_is_escaped_in_the_url() {
        assert_eq!(sign_up("7QmX2pVd9KtR"), "/signup?inv=7QmX2pVd9KtR");
        assert_eq!(sign_up("a&b=c d\r\nx:y#z"), "/signup?inv=a%26b%3Dc+d%0D%0Ax%3Ay%23z");
        assert_eq!(sign_up("  "), "/signup");
    }
}
