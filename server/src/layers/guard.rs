//! Redirects visitors who are not signed in to the sign-in page, and members to their own pages.
//!
//! This is not access control: `service` checks permissions on every call.

use app::request::Visitor;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Permission, Role};

use crate::next::sign_in_and_return_to;

/// Redirects requests for pages that the visitor may not use.
pub async fn guard(request: Request, next: Next) -> Response {
    let role = request
        .extensions()
        .get::<Visitor>()
        .and_then(|visitor| visitor.signed.as_ref())
        .map(|signed| signed.account.role);
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match elsewhere(request.uri().path(), role) {
        Some(Elsewhere::Login) if reads => {
            let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
            Redirect::to(&sign_in_and_return_to(wanted)).into_response()
        }
        Some(Elsewhere::Me) if reads => Redirect::to("/me").into_response(),
        _ => next.run(request).await,
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Elsewhere {
    Login,
    Me,
}

fn elsewhere(path: &str, role: Option<Role>) -> Option<Elsewhere> {
    let below = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match role {
        None if below("/admin") || below("/me") => Some(Elsewhere::Login),
        Some(role) if below("/admin") && !role.may(Permission::SeeInvites) => Some(Elsewhere::Me),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
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
    fn members_go_to_their_own_pages() {
        assert_eq!(elsewhere("/admin", Some(Role::User)), Some(Elsewhere::Me));
        assert_eq!(elsewhere("/admin/invites", Some(Role::Moderator)), Some(Elsewhere::Me));
        assert_eq!(elsewhere("/me", Some(Role::User)), None);
        assert_eq!(elsewhere("/admin", Some(Role::Admin)), None);
        assert_eq!(elsewhere("/admin", Some(Role::Owner)), None);
    }
}
