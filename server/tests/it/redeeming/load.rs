//! Continuous sign-ups by several workers, until the server is stopped.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::harness::caller::Caller;
use crate::harness::people::sign_up;
use crate::harness::process::Server;

/// Number of concurrent sign-ups.
const WORKERS: u64 = 8;

/// Status and body of the response to a sign-up; `None` if there was none.
pub type Outcome = Option<(u16, Value)>;

/// The running workers.
pub struct Load {
    workers: JoinSet<Vec<(String, Outcome)>>,
    statuses: mpsc::UnboundedReceiver<u16>,
}

/// Starts sign-ups with usernames that begin with `prefix`.
pub fn start_load(server: &Server, code: &Value, prefix: &str) -> Load {
    let (sender, statuses) = mpsc::unbounded_channel();
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        workers.spawn(work(server.caller(), code.clone(), format!("{prefix}-w{worker}"), sender.clone()));
    }
    Load { workers, statuses }
}

impl Load {
    /// Waits until `count` more sign-ups were answered with 201.
    pub async fn wait_for_successes(&mut self, count: usize) {
        let mut successes = 0;
        while successes < count {
            match self.statuses.recv().await {
                Some(201) => successes += 1,
                Some(_) => {}
                None => panic!("the server stopped after {successes} of {count}"),
            }
        }
    }

    /// Waits until the server has stopped and returns the outcomes by username.
    pub async fn finish(self) -> BTreeMap<String, Outcome> {
        self.workers.join_all().await.into_iter().flatten().collect()
    }
}

async fn work(
    caller: Caller,
    code: Value,
    worker: String,
    sender: mpsc::UnboundedSender<u16>,
) -> Vec<(String, Outcome)> {
    let mut log = Vec::new();
    for number in 0.. {
        let name = format!("{worker}-{number}");
        let outcome = attempt(&caller, &code, &name).await;
        let stopped = outcome.is_none();
        if let Some((status, _)) = &outcome {
            // The receiver may be gone.
            let _ = sender.send(*status);
        }
        log.push((name, outcome));
        if stopped {
            break;
        }
    }
    log
}

/// Sends one sign-up with the username as its idempotency key, so that it can be repeated.
pub async fn attempt(caller: &Caller, code: &Value, name: &str) -> Outcome {
    let body = sign_up(code, name);
    let answer = caller.try_send(Method::POST, "/api/v1/signup", &[("idempotency-key", name)], Some(&body)).await?;
    Some((answer.status.as_u16(), answer.json()))
}
