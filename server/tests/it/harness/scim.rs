//! A SCIM service in the process of the test: accounts and groups in memory. Filters are not understood.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The token that it accepts.
pub const TOKEN: &str = "the-token-of-the-application";

/// Resources by their kind and id.
type Resources = Arc<Mutex<Vec<(String, Value)>>>;

/// Listens on loopback until the test ends.
#[derive(Clone)]
pub struct ScimService {
    address: SocketAddr,
    resources: Resources,
}

impl ScimService {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let resources = Resources::default();
        let router = Router::new()
            .route("/scim/{kind}", get(list).post(create))
            .route("/scim/{kind}/{id}", get(read).put(replace))
            .with_state(resources.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        Self { address, resources }
    }

    /// A connection to it, as a draft has it.
    pub fn draft(&self) -> Value {
        json!({ "url": self.url(), "token": TOKEN, "groups": true })
    }

    pub fn url(&self) -> String {
        format!("http://{}/scim", self.address)
    }

    /// The account with this name, if it is there.
    pub fn user(&self, name: &str) -> Option<Value> {
        let resources = self.resources.lock().expect("no panic");
        resources.iter().map(|(_, resource)| resource).find(|user| user["userName"] == name).cloned()
    }
}

fn is_authorised(headers: &HeaderMap) -> bool {
    headers.get("authorization").is_some_and(|value| value == &format!("Bearer {TOKEN}"))
}

async fn list(
    State(resources): State<Resources>,
    Path(kind): Path<String>,
    Query(page): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if !is_authorised(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if kind == "ServiceProviderConfig" {
        return Json(json!({ "patch": { "supported": false } })).into_response();
    }
    let number = |name: &str| page[name].parse::<usize>().expect("a number");
    let resources = resources.lock().expect("no panic");
    let all: Vec<_> = resources.iter().filter(|(of, _)| *of == kind).map(|(_, resource)| resource).collect();
    let listed: Vec<_> = all.iter().skip(number("startIndex") - 1).take(number("count")).collect();
    Json(json!({ "totalResults": all.len(), "Resources": listed })).into_response()
}

async fn create(
    State(resources): State<Resources>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    if !is_authorised(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut resource: Value = serde_json::from_str(&body).expect("JSON");
    let mut resources = resources.lock().expect("no panic");
    resource["id"] = format!("r{}", resources.len()).into();
    resources.push((kind, resource.clone()));
    (StatusCode::CREATED, Json(resource)).into_response()
}

async fn read(State(resources): State<Resources>, Path((kind, id)): Path<(String, String)>) -> Response {
    let resources = resources.lock().expect("no panic");
    match resources.iter().find(|(of, resource)| *of == kind && resource["id"] == id) {
        Some((_, resource)) => Json(resource.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn replace(
    State(resources): State<Resources>,
    Path((kind, id)): Path<(String, String)>,
    body: String,
) -> Response {
    let mut resources = resources.lock().expect("no panic");
    match resources.iter_mut().find(|(of, resource)| *of == kind && resource["id"] == id) {
        Some((_, resource)) => {
            *resource = serde_json::from_str(&body).expect("JSON");
            Json(resource.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
