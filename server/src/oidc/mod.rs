//! The HTTP of the OpenID Connect provider: its documents, the endpoints that applications call, and those to which they send
//! browsers. What is decided is decided in `service::oidc`.

mod browser;
mod device;
mod discovery;
mod endpoints;
mod wire;

use axum::Router;
use axum::routing::{get, post};

use service::oidc::{DEVICE, PICTURES};

use crate::next::AUTHORIZE;
use crate::state::AppState;

/// The routes to which browsers come with their cookie.
pub fn of_visitors() -> Router<AppState> {
    Router::new()
        .route(AUTHORIZE, get(browser::authorize))
        .route(browser::DECIDE, post(browser::decide))
        .route(browser::LOGOUT, get(browser::logout))
        .route(browser::CONFIRM_LOGOUT, post(browser::confirm_logout))
        .route(DEVICE, get(device::show).post(device::decide))
}

/// The routes that need no cookie: what applications call, and forms of other sites, which become requests without a body.
pub fn of_applications() -> Router<AppState> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::configuration).options(endpoints::preflight))
        .route("/.well-known/oauth-authorization-server", get(discovery::configuration).options(endpoints::preflight))
        .route(discovery::JWKS, get(discovery::keys).options(endpoints::preflight))
        .route(AUTHORIZE, post(browser::with_query))
        .route(browser::LOGOUT, post(browser::with_query))
        .route(endpoints::PAR, post(endpoints::push).options(endpoints::preflight))
        .route(endpoints::DEVICE_AUTHORIZATION, post(endpoints::begin_device).options(endpoints::preflight))
        .route(endpoints::TOKEN, post(endpoints::token).options(endpoints::preflight))
        .route(endpoints::USER_INFO, get(endpoints::user_info).post(endpoints::user_info).options(endpoints::preflight))
        .route(endpoints::REVOKE, post(endpoints::revoke).options(endpoints::preflight))
        .route(endpoints::INTROSPECT, post(endpoints::introspect))
        .route(&format!("{PICTURES}/{{client}}/{{account}}/{{version}}/{{proof}}"), get(endpoints::picture))
}
