//! Responses while a start waits for its database. Without them, requests of a reverse proxy would hang.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::connections::{self, Limits};

/// A start usually takes milliseconds, during which it is better to let requests wait than to refuse them.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Runs `start` to its end. If it takes longer, `listener` responds with 503 meanwhile, and `/healthz` with 200.
pub async fn answer_during<T>(listener: std::net::TcpListener, limits: Limits, start: impl Future<Output = T>) -> T {
    answer_after(TIMEOUT, listener, limits, start).await
}

async fn answer_after<T>(
    timeout: Duration,
    listener: std::net::TcpListener,
    limits: Limits,
    start: impl Future<Output = T>,
) -> T {
    let started = CancellationToken::new();
    // Also when this is dropped, so that its connections are closed.
    let _ends = started.clone().drop_guard();
    let answers = async {
        tokio::time::sleep(timeout).await;
        match TcpListener::from_std(listener) {
            Ok(listener) => connections::serve(listener, router(), limits, started).await,
            Err(error) => tracing::warn!(%error, "nobody is answered until the start is over"),
        }
        std::future::pending().await
    };
    tokio::select! {
        started = start => started,
        never = answers => never,
    }
}

fn router() -> Router {
    let starting = (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "2")], "Latchkey waits for its database.\n");
    Router::new().route("/healthz", get(|| async { "ok\n" })).fallback(move || std::future::ready(starting))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};

    use super::*;

    async fn ask(addr: SocketAddr, path: &'static str) -> String {
        let asked = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(addr)?;
            write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            std::io::Result::Ok(answer)
        });
        asked.await.unwrap().unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_start_that_waits_says_so_and_then_leaves_the_port_to_the_server() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let addr = listener.local_addr().unwrap();
        let theirs = listener.try_clone().unwrap();
        let ask_both = async { (ask(addr, "/readyz").await, ask(addr, "/healthz").await) };
        let (ready, healthy) = answer_after(Duration::ZERO, theirs, Limits::new(1_024), ask_both).await;
        assert!(ready.starts_with("HTTP/1.1 503 ") && ready.contains("retry-after: 2\r\n"), "{ready}");
        assert!(healthy.starts_with("HTTP/1.1 200 "), "{healthy}");

        let server = TcpListener::from_std(listener).unwrap();
        let router = Router::new().fallback(|| async { "served" });
        tokio::spawn(connections::serve(server, router, Limits::new(1_024), CancellationToken::new()));
        assert!(ask(addr, "/readyz").await.ends_with("served"));
    }
}
