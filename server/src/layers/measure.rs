//! Counts requests and the time until their responses begin, for `/metrics`.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;

use crate::metrics::{Metrics, Route};

/// Measures one request.
#[derive(Debug)]
pub struct Timer {
    route: Route,
    start: Instant,
}

impl Timer {
    /// Starts when the request arrives. It is counted by the template of its route: paths contain invite codes, and there is
    /// no limit to their number.
    pub fn start(request: &Request) -> Self {
        let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
        Self { route: Route::new(request.method(), path), start: Instant::now() }
    }

    /// Counts the request when its response begins.
    pub fn stop(self, metrics: &Metrics, status: StatusCode) {
        metrics.count(self.route, status, self.start.elapsed());
    }
}
