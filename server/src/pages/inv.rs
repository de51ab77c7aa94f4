//! The forms of an invite link. They redirect to the sign-up page and do not use up the invite.

use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use domain::invites::InviteCode;
use domain::signup::AddressProof;
use url::form_urlencoded::Serializer;

use super::request::{Visit, parameter};

/// `/inv/CODE`, in the mail of an invitation `/inv/CODE?proof=TOKEN`
pub async fn by_path(Path(key): Path<String>, uri: Uri) -> Response {
    to_sign_up(&key, parameter(&uri, "proof").as_deref())
}

/// `/inv?=CODE` and `/inv?key=CODE`
pub async fn by_query(visit: Visit) -> Response {
    let key = visit.parameter("").or_else(|| visit.parameter("key")).unwrap_or_default();
    to_sign_up(&key, visit.parameter("proof").as_deref())
}

fn to_sign_up(key: &str, proof: Option<&str>) -> Response {
    Redirect::to(&with_proof(sign_up(key), proof)).into_response()
}

/// The path of the sign-up page for an invite code, with what proves the address; without what can't.
fn with_proof(path: String, proof: Option<&str>) -> String {
    match proof.and_then(AddressProof::parse).filter(|_| path.contains('?')) {
        Some(proof) => format!("{path}&proof={}", proof.as_str()),
        None => path,
    }
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

    #[test]
    fn a_proof_stays_beside_its_code() {
        let proof = "7QmX2pVd9KtR7QmX2pVd9KtR7QmX2pVd9KtR7QmX2pV";
        let kept = with_proof(sign_up("7QmX2pVd9KtR"), Some(proof));
        assert_eq!(kept, format!("/signup?inv=7QmX2pVd9KtR&proof={proof}"));
        for other in [None, Some(""), Some("a&b"), Some("\r\nx: y")] {
            assert_eq!(with_proof(sign_up("7QmX2pVd9KtR"), other), "/signup?inv=7QmX2pVd9KtR");
        }
        assert_eq!(with_proof(sign_up(""), Some(proof)), "/signup");
    }
}
