//! A receiver of webhooks in the process of the test, with faults.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;

/// A message that arrived, whatever the answer was.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The path that it came to.
    pub target: String,
    /// The header `webhook-id`.
    pub id: String,
    pub body: Value,
}

#[derive(Default)]
struct Shared {
    arrived: Mutex<Vec<Arrived>>,
    has_faults: bool,
}

/// Listens on loopback until the test ends.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Receiver {
    pub async fn start(has_faults: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared { has_faults, ..Shared::default() });
        let router = Router::new().route("/{target}", post(receive)).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        Self { address, shared }
    }

    pub fn url(&self, target: &str) -> String {
        format!("http://{}/{target}", self.address)
    }

    /// What arrived at a path, in order.
    pub fn arrived(&self, target: &str) -> Vec<Arrived> {
        let arrived = self.shared.arrived.lock().expect("no panic");
        arrived.iter().filter(|one| one.target == target).cloned().collect()
    }

    /// Waits until this many messages have arrived.
    pub async fn until(&self, count: usize) {
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        while self.shared.arrived.lock().expect("no panic").len() < count {
            assert!(tokio::time::Instant::now() < deadline, "fewer than {count} messages arrived");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    Path(target): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let id = headers["webhook-id"].to_str().expect("text").to_owned();
    let body = serde_json::from_slice(&body).expect("JSON");
    let count = {
        let mut arrived = shared.arrived.lock().expect("no panic");
        arrived.push(Arrived { target, id, body });
        arrived.len()
    };
    match if shared.has_faults { count % 60 } else { 0 } {
        7 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        17 => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response(),
        27 => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response(),
        // Slow, and accepted.
        37 => {
            tokio::time::sleep(Duration::from_secs(1)).await;
            StatusCode::OK.into_response()
        }
        // The connection is closed within the answer, which was to fail.
        47 => {
            let broken = futures::stream::iter([Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("closed"))]);
            (StatusCode::BAD_GATEWAY, Body::from_stream(broken)).into_response()
        }
        // An answer without an end, and accepted.
        57 => {
            let endless = futures::stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 16 * 1024])));
            Body::from_stream(endless).into_response()
        }
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}
