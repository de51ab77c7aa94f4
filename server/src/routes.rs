//! The router, and the order of its layers.

use std::sync::LazyLock;

use app::dashboard;
use app::request::{RequestId, UndeclaredProxy, Visitor};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use domain::{Code, Failure};
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use tower::ServiceBuilder;

use crate::layers::answer::Audience;
use crate::layers::{common, compression, cookies, headers, server_fn, timeout};
use crate::state::AppState;
use crate::{api, directory, flow_export, forward_auth, oidc, pages};

/// The routes of the dashboard, generated once per process. While Leptos generates them it loads no resource in the whole
/// process, and a page that is being rendered for another router would wait forever (`leptos_server` 0.8.8).
static DASHBOARD: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(dashboard::App));

/// The complete router. Tests call it with `tower::ServiceExt::oneshot`.
///
/// A request passes the layers from the last `.layer` to the first.
pub fn router(state: AppState) -> Router {
    let of_visitors = Router::new()
        .merge(dashboard(&state))
        .merge(pages::routes())
        .merge(flow_export::routes())
        .merge(oidc::of_visitors())
        .merge(forward_auth::of_visitors())
        .layer(from_fn_with_state(state.clone(), cookies::pass));

    let dynamic = Router::new()
        .merge(of_visitors)
        .merge(pages::health::routes())
        .merge(pages::metrics::routes())
        .merge(pages::api_docs::routes())
        .merge(pages::invitations::routes())
        .merge(oidc::of_applications())
        .merge(forward_auth::of_proxies())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(state.clone())
        // Nested and not mounted as a service, so that the log has the templates of its routes.
        .nest(api::PREFIX, api::router(state.ctx().clone()))
        .nest(directory::PREFIX, directory::router(state.ctx().clone()))
        .layer(ServiceBuilder::new().map_request(compression::withhold).layer(compression::layer()));

    dynamic.merge(pages::assets::routes().with_state(state.clone())).layer(from_fn_with_state(state, common::pass))
}

/// The pages of the dashboard and every server function. This is called once, because a second call would register every
/// server function again, at the same paths.
fn dashboard(state: &AppState) -> Router<AppState> {
    let shared = state.clone();
    Router::new()
        .leptos_routes_with_context(state, DASHBOARD.clone(), move || provide_contexts(&shared), dashboard::document)
        .layer(from_fn(headers::allow_dashboard))
        .layer(from_fn_with_state(state.clone(), server_fn::adjust))
        .layer(from_fn_with_state(state.clone(), timeout::limit))
}

/// Provides the contexts of pages and server functions: what the layers added to the request.
fn provide_contexts(state: &AppState) {
    provide_context(state.ctx().clone());
    provide_context(state.assets().of_the_dashboard());
    let undeclared = state.undeclared_proxy().current(state.ctx().now());
    provide_context(UndeclaredProxy(undeclared.map(|address| address.to_string())));
    let Some(parts) = use_context::<Parts>() else { return };
    if let Some(id) = parts.extensions.get::<RequestId>() {
        provide_context(id.clone());
    }
    if let Some(visitor) = parts.extensions.get::<Visitor>() {
        provide_context(visitor.clone());
    }
    // Replaces the nonce of Leptos, which is in no header.
    if let Some(nonce) = parts.extensions.get::<Nonce>() {
        provide_context(nonce.clone());
    }
}

async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    Audience::of(&state, &request).refuse(Failure::not_found("page"))
}

async fn method_not_allowed(State(state): State<AppState>, request: Request) -> Response {
    let message = "This address can't be used that way.";
    Audience::of(&state, &request).refuse(Failure::new(Code::MethodNotAllowed, message))
}
