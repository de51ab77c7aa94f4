//! Redirects visitors who are not signed in to the sign-in page, members to their own pages, and accounts whose address is
//! to be verified to the page that says so.
//!
//! This is not access control: `service` checks permissions on every call.

use app::pages;
use app::request::Visitor;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Permissions;
use domain::accounts::AccountStatus;

use crate::next::{VERIFY_EMAIL, sign_in_and_return_to};

/// The redirect of a request for a page that the visitor may not use.
pub fn elsewhere(request: &Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let signed = request
        .extensions()
        .get::<Visitor>()
        .and_then(|visitor| visitor.signed.as_ref())
        .map(|signed| (signed.account.status, signed.actor.permissions));
    let redirect = match page_for(request.uri().path(), signed)? {
        Elsewhere::Login => {
            let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
            Redirect::to(&sign_in_and_return_to(wanted))
        }
        Elsewhere::VerifyEmail => Redirect::to(VERIFY_EMAIL),
        Elsewhere::Start(page) => Redirect::to(page.path),
    };
    Some(redirect.into_response())
}

#[derive(Debug, PartialEq, Eq)]
enum Elsewhere {
    Login,
    /// The page on which an account waits for its address to be verified.
    VerifyEmail,
    /// The page on which the visitor starts.
    Start(pages::Page),
}

/// The folders of what an account can't use whose address is not verified. Applications refuse it themselves.
const OF_VERIFIED: [&str; 6] = ["/admin", "/me", "/signup", "/inv", "/continue", "/open"];

fn page_for(path: &str, signed: Option<(AccountStatus, Permissions)>) -> Option<Elsewhere> {
    let below = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match signed {
        None if below("/admin") || below("/me") => Some(Elsewhere::Login),
        Some((AccountStatus::Unverified, _)) => {
            (path == "/" || OF_VERIFIED.into_iter().any(below)).then_some(Elsewhere::VerifyEmail)
        }
        Some((_, permissions)) if below("/admin") && !pages::may_open(path, permissions) => {
            Some(Elsewhere::Start(pages::start(permissions)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::access::Permission;

    use super::*;

    #[test]
    fn strangers_go_to_the_door() {
        for path in ["/admin", "/admin/invites", "/admin/redemptions.csv", "/me", "/me/account"] {
            assert_eq!(page_for(path, None), Some(Elsewhere::Login), "{path}");
        }
        for path in ["/", "/login", "/signup", "/administer", "/menu"] {
            assert_eq!(page_for(path, None), None, "{path}");
        }
    }

    #[test]
    fn everyone_goes_to_the_pages_they_may_open() {
        let active = |permissions| Some((AccountStatus::Active, permissions));
        let nothing = active(Permissions::empty());
        let invites = active(Permissions::only(Permission::InvitesView));
        assert_eq!(page_for("/admin", nothing), Some(Elsewhere::Start(pages::HOME)));
        assert_eq!(page_for("/me", nothing), None);
        assert_eq!(page_for("/admin/invites", invites), None);
        assert_eq!(page_for("/admin/settings", invites), Some(Elsewhere::Start(pages::INVITES)));
        assert_eq!(page_for("/admin", active(Permissions::all())), None);
    }

    #[test]
    fn an_unverified_account_waits() {
        let waits = Some((AccountStatus::Unverified, Permissions::empty()));
        for path in ["/", "/admin", "/me", "/me/account", "/signup", "/inv/7QmX2pVd9KtR", "/continue", "/open/018f"] {
            assert_eq!(page_for(path, waits), Some(Elsewhere::VerifyEmail), "{path}");
        }
        for path in ["/verify-email", "/activate/token", "/login", "/logout", "/forgot", "/invalid"] {
            assert_eq!(page_for(path, waits), None, "{path}");
        }
        assert_eq!(page_for("/me", Some((AccountStatus::Pending, Permissions::empty()))), None);
    }
}
