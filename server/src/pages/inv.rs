//! The short forms of an invite link. They lead to the page that knows the invitation and spend nothing.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
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
    fn a_key_cannot_leave_its_place_in_the_address() {
        assert_eq!(sign_up("7QmX2pVd9KtR"), "/signup?inv=7QmX2pVd9KtR");
        assert_eq!(sign_up("a&b=c d\r\nx:y#z"), "/signup?inv=a%26b%3Dc+d%0D%0Ax%3Ay%23z");
        assert_eq!(sign_up("  "), "/signup");
    }
}
