//! `/`: redirects to the dashboard, the member page, the setup page or the sign-in page.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Permission, Role};
use service::setup::State as SetupState;

use super::request::Visit;
use crate::state::AppState;

pub async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    if let Some(signed) = &visit.signed {
        return Redirect::to(home(signed.account.role)).into_response();
    }
    match service::setup::state(state.ctx()).await {
        Ok(SetupState::Open) => Redirect::to("/setup").into_response(),
        Ok(SetupState::Done) => Redirect::to("/login").into_response(),
        Err(error) => visit.audience.fail(error),
    }
}

/// The start page of a role.
fn home(role: Role) -> &'static str {
    if role.may(Permission::SeeInvites) { "/admin" } else { "/me" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admins_and_owners_start_in_the_dashboard() {
        assert_eq!(Role::ALL.map(home), ["/me", "/me", "/admin", "/admin"]);
    }
}
