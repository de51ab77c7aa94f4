//! The page to open after signing in, which is always one of this site.

use domain::ids::ApplicationId;
use domain::web::{Destination, LocalPath};
use service::forward_auth::ENTER;
use url::form_urlencoded::{self, Serializer};

/// The path of the authorization endpoint of OpenID Connect, which leads on to an application.
pub const AUTHORIZE: &str = "/oidc/authorize";

/// The parameter by which an application says whom it expects.
pub const LOGIN_HINT: &str = "login_hint";

/// The page on which an account waits for its address to be verified.
pub const VERIFY_EMAIL: &str = "/verify-email";

/// What says which application a sign-in leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Application {
    /// Its client id.
    Client(String),
    /// Host and port of its site.
    Site(String),
    /// Its id.
    Id(ApplicationId),
}

/// The application to which a sign-in leads that returns to `next`, if it leads to one.
pub fn application_of(next: &str) -> Option<Application> {
    if let Some(id) = opened(next) {
        return Some(Application::Id(id));
    }
    let (path, query) = next.split_once('?')?;
    let only = |name: &str| {
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        let value = values.next()?.1.into_owned();
        values.next().is_none().then_some(value)
    };
    match path {
        AUTHORIZE => only("client_id").map(Application::Client),
        ENTER => only("site").map(Application::Site),
        _ => None,
    }
}

/// The application that a path opens.
fn opened(path: &str) -> Option<ApplicationId> {
    Destination::parse(path).ok()?.application()
}

/// The e-mail address or username with which an application expects somebody to sign in (OpenID Connect Core 1.0, section
/// 3.1.2.1), if the sign-in leads to one that said so.
pub fn login_hint(next: &str) -> Option<String> {
    let query = next.strip_prefix(AUTHORIZE)?.strip_prefix('?')?;
    let hint = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == LOGIN_HINT)?.1.into_owned();
    (!hint.is_empty() && hint.len() <= 254 && !hint.contains(char::is_control)).then_some(hint)
}

/// Whether a path of this site leads on to another.
pub fn leads_away(path: &str) -> bool {
    matches!(path.split('?').next(), Some(AUTHORIZE | ENTER)) || opened(path).is_some()
}

/// `text` if it is a path on this site.
pub fn local_path(text: &str) -> Option<&str> {
    LocalPath::parse(text).is_ok().then_some(text)
}

/// The URL of the sign-in page that returns to `wanted`.
pub fn sign_in_and_return_to(wanted: &str) -> String {
    page_and_return_to("/login", &[], wanted)
}

/// The same for somebody who is signed in, and has to show that they still are who they were, or somebody else.
pub fn sign_in_again_and_return_to(wanted: &str) -> String {
    page_and_return_to("/login", &[("again", "1")], wanted)
}

/// The URL of the sign-up page that leads on to `wanted`.
pub fn sign_up_and_return_to(wanted: &str) -> String {
    page_and_return_to("/signup", &[], wanted)
}

fn page_and_return_to(page: &str, parameters: &[(&str, &str)], wanted: &str) -> String {
    let next = local_path(wanted).map(|path| ("next", path));
    let mut query = Serializer::new(String::new());
    query.extend_pairs(parameters.iter().copied().chain(next));
    match query.finish() {
        query if query.is_empty() => page.to_owned(),
        query => format!("{page}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_ours_pass() {
        for path in ["/", "/admin/invites?status=active&q=a%20b", "/me#sessions"] {
            assert_eq!(local_path(path), Some(path));
        }
    }

    #[test]
    fn nothing_leads_off_the_site() {
        for bad in [
            "",
            "admin",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /admin",
            "/ä",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
        assert_eq!(local_path(&format!("/{}", "x".repeat(LocalPath::MAX_BYTES))), None);
    }

    #[test]
    fn the_way_back_survives_the_query() {
        assert_eq!(sign_in_and_return_to("/admin/invites?q=a&b=c"), "/login?next=%2Fadmin%2Finvites%3Fq%3Da%26b%3Dc");
        assert_eq!(sign_in_and_return_to("//evil.example"), "/login");
    }

    #[test]
    fn an_application_hints_at_who_signs_in() {
        let hint = login_hint("/oidc/authorize?client_id=x&login_hint=ada%40example.org");
        assert_eq!(hint.as_deref(), Some("ada@example.org"));
        for other in ["/oidc/authorize?login_hint=", "/oidc/authorize?login_hint=a%0Ab", "/me?login_hint=ada"] {
            assert_eq!(login_hint(other), None, "{other}");
        }
    }

    #[test]
    fn the_application_of_a_way_back_is_found() {
        let client = application_of("/oidc/authorize?a=b&client_id=x");
        assert_eq!(client, Some(Application::Client("x".to_owned())));
        let site = application_of("/forward-auth/enter?site=wiki.example.org%3A8443&to=%2F");
        assert_eq!(site, Some(Application::Site("wiki.example.org:8443".to_owned())));
        let id = "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77";
        assert_eq!(application_of(&format!("/open/{id}")), Some(Application::Id(id.parse().unwrap())));
        for other in [
            "/me",
            "/open/me",
            "/oidc/authorize",
            "/oidc/authorizer?client_id=x",
            "/oidc/authorize?client_id=x&client_id=y",
        ] {
            assert_eq!(application_of(other), None, "{other}");
        }
    }
}
