//! Redirects visitors who are not signed in to the sign-in page, and members to their own pages.
//!
//! This is not access control: `service` checks permissions on every call.

use app::pages;
use app::request::Visitor;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Permissions;

use crate::next::sign_in_and_return_to;

/// The redirect of a request for a page that the visitor may not use.
pub fn elsewhere(request: &Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let permissions = request
        .extensions()
        .get::<Visitor>()
        .and_then(|visitor| visitor.signed.as_ref())
        .map(|signed| signed.actor.permissions);
    let redirect = match page_for(request.uri().path(), permissions)? {
        Elsewhere::Login => {
            let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
            Redirect::to(&sign_in_and_return_to(wanted))
        }
        Elsewhere::Start(page) => Redirect::to(page.path),
    };
    Some(redirect.into_response())
}

#[derive(Debug, PartialEq, Eq)]
enum Elsewhere {
    Login,
    /// The page on which the visitor starts.
    Start(pages::Page),
}

fn page_for(path: &str, permissions: Option<Permissions>) -> Option<Elsewhere> {
    let below = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match permissions {
        None if below("/admin") || below("/me") => Some(Elsewhere::Login),
        Some(permissions) if below("/admin") && !pages::may_open(path, permissions) => {
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
        let nothing = Some(Permissions::empty());
        let invites = Some(Permissions::only(Permission::InvitesView));
        assert_eq!(page_for("/admin", nothing), Some(Elsewhere::Start(pages::HOME)));
        assert_eq!(page_for("/me", nothing), None);
        assert_eq!(page_for("/admin/invites", invites), None);
        assert_eq!(page_for("/admin/settings", invites), Some(Elsewhere::Start(pages::INVITES)));
        assert_eq!(page_for("/admin", Some(Permissions::all())), None);
    }
}
