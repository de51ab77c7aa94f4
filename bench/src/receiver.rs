//! The other end of webhooks.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long what was sent is waited for.
const PATIENCE: Duration = Duration::from_mins(3);

/// A server that answers messages once it is opened. Ends when this value is dropped.
#[derive(Debug)]
pub struct Receiver {
    /// The address, such as `127.0.0.1:40000`.
    pub addr: String,
    open: watch::Sender<bool>,
    count: watch::Receiver<usize>,
    hanging: watch::Receiver<usize>,
    serving: JoinHandle<io::Result<()>>,
}

impl Receiver {
    /// A server that leaves every message without an answer.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start() -> io::Result<Self> {
        let (open, opened) = watch::channel(false);
        let (counted, count) = watch::channel(0);
        let (hangs, hanging) = watch::channel(0);
        let seen = Arc::new(Mutex::new(HashSet::new()));
        let receive = move |headers: HeaderMap| {
            let (seen, counted, hangs, mut opened) = (seen.clone(), counted.clone(), hangs.clone(), opened.clone());
            async move {
                hangs.send_modify(|hanging| *hanging += 1);
                if opened.wait_for(|open| *open).await.is_err() {
                    return StatusCode::SERVICE_UNAVAILABLE;
                }
                let id = headers.get("webhook-id").map(|id| id.as_bytes().to_vec());
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.insert(id);
                counted.send_replace(seen.len());
                StatusCode::NO_CONTENT
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?.to_string();
        let router = Router::new().route("/{name}", post(receive));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { addr, open, count, hanging, serving })
    }

    /// Answers from now on, also what waits.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until `messages` different messages have been answered.
    ///
    /// # Errors
    /// When they do not come in some minutes.
    pub async fn answered(&self, messages: usize) -> io::Result<()> {
        until(self.count.clone(), messages).await
    }

    /// Waits until so many messages have been left without an answer.
    ///
    /// # Errors
    /// When they do not come in some minutes.
    pub async fn hanging(&self, messages: usize) -> io::Result<()> {
        until(self.hanging.clone(), messages).await
    }
}

async fn until(mut count: watch::Receiver<usize>, enough: usize) -> io::Result<()> {
    let came = matches!(tokio::time::timeout(PATIENCE, count.wait_for(|count| *count >= enough)).await, Ok(Ok(_)));
    let count = *count.borrow();
    if came { Ok(()) } else { Err(io::Error::other(format!("{count} messages instead of {enough}"))) }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
