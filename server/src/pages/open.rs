//! `/open/{id}`: leads on to an application. An invite can lead here, and to nothing else that the settings do not list.

use app::public::applications::{Blocked, blocked};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::AccountStatus;
use domain::ids::ApplicationId;
use domain::web::Destination;
use service::applications::Opening;

use super::request::Visit;
use crate::next;
use crate::state::AppState;

/// Sends an account to an application that admits it; to its own page, if there is no such application any more.
pub async fn show(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Response {
    let account_page = || Redirect::to("/me").into_response();
    let Ok(id) = id.parse::<ApplicationId>() else { return account_page() };
    let here = Destination::of_application(id);
    let Some(signed) = &visit.signed else {
        return Redirect::to(&next::sign_in_and_return_to(here.as_str())).into_response();
    };
    let why = match service::applications::open(state.ctx(), signed.account.id, id).await {
        Ok(Opening::Missing) => return account_page(),
        Ok(_) if signed.account.status == AccountStatus::Pending => Blocked::Pending,
        Ok(Opening::At(url)) => return Redirect::to(url.as_str()).into_response(),
        Ok(Opening::NotAdmitted(application)) => Blocked::NotAdmitted(application),
        Err(error) => return visit.audience.fail(error),
    };
    match service::settings::public(state.ctx()).await {
        Ok(settings) => {
            let site_name = settings.site_name.to_string();
            visit.page(StatusCode::FORBIDDEN, |look| blocked(look, why, site_name, here.into()))
        }
        Err(error) => visit.audience.fail(error),
    }
}
