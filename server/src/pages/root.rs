//! `/`: everyone is sent where they belong.

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

/// Where someone of this role is at home.
fn home(role: Role) -> &'static str {
    if role.may(Permission::SeeInvites) { "/admin" } else { "/me" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_run_the_place_start_in_the_dashboard() {
        assert_eq!(Role::ALL.map(home), ["/me", "/me", "/admin", "/admin"]);
    }
}
