//! Redirects visitors who are not signed in to the sign-in page, and members to their own pages.
//!
//! This is not access control: `service` checks permissions on every call.

use app::request::Visitor;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use app::pages;
use domain::access::Permissions;

use crate::next::sign_in_and_return_to;

/// Redirects requests for pages that the visitor may not use.
pub async fn guard(request: Request, next: Next) -> Response {
    let permissions = request
        .extensions()
        .get::<Visitor>()
        .and_then(|visitor| visitor.signed.as_ref())
        .map(|signed| signed.actor.permissions);
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match elsewhere(request.uri().path(), permissions) {
        Some(Elsewhere::Login) if reads => {
            let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
            Redirect::to(&sign_in_and_return_to(wanted)).into_response()
        }
        Some(Elsewhere::Start(page)) if reads => Redirect::to(page.path).into_response(),
        _ => next.run(request).await,
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Elsewhere {
    Login,
    /// The page on which the visitor starts.
    Start(pages::Page),
}

fn elsewhere(path: &str, permissions: Option<Permissions>) -> Option<Elsewhere> {
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
            assert_eq!(elsewhere(path, None), Some(Elsewhere::Login), "{path}");
        }
        for path in ["/", "/login", "/signup", "/administer", "/menu"] {
            assert_eq!(elsewhere(path, None), None, "{path}");
        }
    }

    #[test]
    fn everyone_goes_to_the_pages_they_may_open() {
        let nothing = Some(Permissions::empty());
        let invites = Some(Permissions::only(Permission::InvitesView));
        assert_eq!(elsewhere("/admin", nothing), Some(Elsewhere::Start(pages::HOME)));
        assert_eq!(elsewhere("/me", nothing), None);
        assert_eq!(elsewhere("/admin/invites", invites), None);
        assert_eq!(elsewhere("/admin/settings", invites), Some(Elsewhere::Start(pages::INVITES)));
        assert_eq!(elsewhere("/admin", Some(Permissions::all())), None);
    }
}
