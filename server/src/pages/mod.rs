//! Pages that are rendered on the server and need no script, and a few other routes.

pub mod api_docs;
mod asking;
pub mod assets;
mod audit;
pub mod cookie;
pub mod health;
mod inv;
pub mod invitations;
mod joining;
pub mod leaving;
mod login;
mod members;
pub mod metrics;
mod onward;
mod open;
mod password_resets;
mod pictures;
pub mod posting;
mod redemptions;
pub mod request;
mod root;
mod setup;
mod signup;
mod terms;
mod verification;

use axum::Router;
use axum::routing::{get, post};

use crate::next;
use crate::state::AppState;

/// The pages that identify the visitor by the cookie.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(root::show))
        .route("/setup", get(setup::show).post(setup::send))
        .route("/signup", get(signup::show).post(signup::send))
        .route("/signup/check", post(signup::check))
        .route("/signup/ask", post(asking::send))
        .route("/signup/asked", get(asking::asked))
        .route("/continue", get(onward::show))
        .route("/open/{id}", get(open::show))
        .route("/join", post(joining::join))
        .route("/join/ask", post(joining::ask))
        .route("/join-requests/{id}/grant", post(joining::grant))
        .route("/join-requests/{id}/dismiss", post(joining::dismiss))
        .route("/invite-requests/{id}/grant", post(asking::grant))
        .route("/invite-requests/{id}/dismiss", post(asking::dismiss))
        .route("/login", get(login::show).post(login::send))
        .route("/login/terms", get(login::show_terms).post(login::accept_terms))
        .route("/logout", post(login::leave))
        .route("/forgot", get(password_resets::show_forgot).post(password_resets::send_forgot))
        .route("/reset/{token}", get(password_resets::show).post(password_resets::send))
        .route(next::VERIFY_EMAIL, get(verification::show_waiting))
        .route("/verify-email/resend", post(verification::resend))
        .route("/verify-email/address", post(verification::change_address))
        .route("/activate/{token}", get(verification::show).post(verification::send))
        .route("/confirm-email", get(verification::confirmed))
        .route("/confirm-email/{token}", get(verification::show_change).post(verification::confirm_change))
        .route("/inv", get(inv::by_query))
        .route("/inv/{key}", get(inv::by_path))
        .route(app::pages::FLOW_PREVIEW, get(signup::show_preview).post(signup::send_preview))
        .route("/admin/redemptions.csv", get(redemptions::download))
        .route("/admin/terms/{id}/acceptances.csv", get(terms::download))
        .route(app::accounts::query::CSV_PATH, get(members::download))
        .route(app::audit::query::CSV_PATH, get(audit::download))
        .merge(pictures::routes())
}
