//! The running server, from the open port to the last response.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::connections::{self, Limits};
use crate::routes::router;
use crate::state::AppState;

/// The time limit for open requests after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves on `listener` until `stop` is cancelled, then completes open requests and closes the database.
pub async fn serve(listener: TcpListener, state: AppState, limits: Limits, stop: CancellationToken) {
    let ctx = state.ctx().clone();
    let limits = Limits { exempt: state.trusted_proxies().to_vec(), ..limits };
    let stopping = stop.clone();
    tokio::select! {
        () = connections::serve(listener, router(state), limits, stop) => {}
        // A client that never reads its response must not keep the process running.
        () = async { stopping.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("some requests did not end in time and were dropped");
        }
    }
    ctx.close().await;
}

/// A token that is cancelled when the process is asked to stop: SIGTERM by service managers, SIGINT by Ctrl+C.
///
/// # Errors
/// If the signal handlers cannot be installed.
pub(crate) fn stop_on_signals() -> std::io::Result<CancellationToken> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to stop: finishing what was begun");
        token.cancel();
        // A second signal stops the process immediately.
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(130);
    });
    Ok(stop)
}
