//! Redirects visitors who are not signed in to the sign-in page, and members to their own pages.
//!
//! This is not access control: `service` checks permissions on every call.

use app::request::Visitor;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Permission, Role};

use crate::next::sign_in_and_return_to;

/// The redirect of a request for a page that the visitor may not use.
pub fn elsewhere(request: &Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let role = request
        .extensions()
        .get::<Visitor>()
        .and_then(|visitor| visitor.signed.as_ref())
        .map(|signed| signed.account.role);
    let redirect = match page_for(request.uri().path(), role)? {
        Elsewhere::Login => {
            let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
            Redirect::to(&sign_in_and_return_to(wanted))
        }
        Elsewhere::Me => Redirect::to("/me"),
    };
    Some(redirect.into_response())
}

#[derive(Debug, PartialEq, Eq)]
enum Elsewhere {
    Login,
    Me,
}

fn page_for(path: &str, role: Option<Role>) -> Option<Elsewhere> {
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
            assert_eq!(page_for(path, None), Some(Elsewhere::Login), "{path}");
        }
        for path in ["/", "/login", "/signup", "/administer", "/menu"] {
            assert_eq!(page_for(path, None), None, "{path}");
        }
    }

    #[test]
    fn members_go_to_their_own_pages() {
        assert_eq!(page_for("/admin", Some(Role::User)), Some(Elsewhere::Me));
        assert_eq!(page_for("/admin/invites", Some(Role::Moderator)), Some(Elsewhere::Me));
        assert_eq!(page_for("/me", Some(Role::User)), None);
        assert_eq!(page_for("/admin", Some(Role::Admin)), None);
        assert_eq!(page_for("/admin", Some(Role::Owner)), None);
    }
}
