//! The SCIM service (RFC 7643 and 7644), by which a directory feeds accounts and groups in: what is sent and answered.
//! What is done is in `service::directory`; [ADR 23](../../../docs/adr/0023-scim-server.md).

mod answer;
mod discovery;
mod groups;
mod node;
mod patch;
mod projection;
mod query;
mod refusal;
mod request;
mod resources;
mod users;

use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use domain::{Code, Failure};
use service::Ctx;

pub(crate) use self::refusal::failed;
use self::refusal::{Kind, Refusal};

/// The path under which the service is mounted.
pub const PREFIX: &str = crate::body::DIRECTORY;

/// The media type of requests and answers.
const MEDIA_TYPE: &str = "application/scim+json";

/// An operation of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name, unique.
    pub name: &'static str,
    /// The method, in lower case.
    pub method: &'static str,
    /// The path, relative to [`PREFIX`].
    pub path: &'static str,
}

/// Defines the operations and their routes together, so that no route is forgotten where operations are tested.
macro_rules! operations {
    ($($name:ident: $method:ident $path:literal => $handler:path;)+) => {
        /// Every operation.
        pub const OPERATIONS: &[Operation] =
            &[$(Operation { name: stringify!($name), method: stringify!($method), path: $path }),+];

        fn routes() -> Router<Ctx> {
            Router::new()$(.route($path, axum::routing::$method($handler)))+
        }
    };
}

operations! {
    scim_service: get "/ServiceProviderConfig" => discovery::service;
    scim_resource_types: get "/ResourceTypes" => discovery::resource_types;
    scim_resource_type: get "/ResourceTypes/{id}" => discovery::resource_type;
    scim_schemas: get "/Schemas" => discovery::schemas;
    scim_schema: get "/Schemas/{id}" => discovery::schema;
    scim_list_users: get "/Users" => users::list;
    scim_create_user: post "/Users" => users::create;
    scim_get_user: get "/Users/{id}" => users::get;
    scim_replace_user: put "/Users/{id}" => users::replace;
    scim_change_user: patch "/Users/{id}" => users::change;
    scim_delete_user: delete "/Users/{id}" => users::delete;
    scim_list_groups: get "/Groups" => groups::list;
    scim_create_group: post "/Groups" => groups::create;
    scim_get_group: get "/Groups/{id}" => groups::get;
    scim_replace_group: put "/Groups/{id}" => groups::replace;
    scim_change_group: patch "/Groups/{id}" => groups::change;
    scim_delete_group: delete "/Groups/{id}" => groups::delete;
}

/// The router of the service, to be nested under [`PREFIX`].
pub fn router(ctx: Ctx) -> Router {
    let mut router = routes();
    for path in ["/Me", "/Bulk", "/.search", "/Users/.search", "/Groups/.search"] {
        router = router.route(path, axum::routing::any(not_implemented));
    }
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(refusal::render))
        .with_state(ctx)
}

async fn not_found() -> Refusal {
    Failure::not_found("path").into()
}

async fn not_implemented() -> Refusal {
    Refusal::new(Kind::NotImplemented, "This operation is not supported. See /ServiceProviderConfig.")
}

async fn method_not_allowed(method: Method) -> Response {
    let why = format!("This path does not support {method}. See `Allow`.");
    Refusal::from(Failure::new(Code::MethodNotAllowed, why)).into_response()
}
