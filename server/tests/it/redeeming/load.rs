//! People who sign up one after another, several at a time, until the server is gone.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::harness::caller::Caller;
use crate::harness::people::sign_up;
use crate::harness::process::Server;

/// How many people try at the same time.
const WORKERS: u64 = 8;

/// What one sign-up was told. `None`: the server was gone before it said anything.
pub type Told = Option<(u16, Value)>;

/// A load on a server.
pub struct Load {
    workers: JoinSet<Vec<(String, Told)>>,
    statuses: mpsc::UnboundedReceiver<u16>,
}

/// Begins to sign people up whose names begin with `prefix`.
pub fn begin(server: &Server, code: &Value, prefix: &str) -> Load {
    let (tell, statuses) = mpsc::unbounded_channel();
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        workers.spawn(work(server.caller(), code.clone(), format!("{prefix}-w{worker}"), tell.clone()));
    }
    Load { workers, statuses }
}

impl Load {
    /// Waits until so many were told 201.
    pub async fn until_told(&mut self, count: usize) {
        let mut told = 0;
        while told < count {
            match self.statuses.recv().await {
                Some(201) => told += 1,
                Some(_) => {}
                None => panic!("the server was gone after {told} of {count}"),
            }
        }
    }

    /// Waits until the server is gone and returns what everyone was told, by name.
    pub async fn finish(self) -> BTreeMap<String, Told> {
        self.workers.join_all().await.into_iter().flatten().collect()
    }
}

async fn work(caller: Caller, code: Value, worker: String, tell: mpsc::UnboundedSender<u16>) -> Vec<(String, Told)> {
    let mut log = Vec::new();
    for number in 0.. {
        let name = format!("{worker}-{number}");
        let told = attempt(&caller, &code, &name).await;
        let gone = told.is_none();
        if let Some((status, _)) = &told {
            // Nobody may be listening.
            let _ = tell.send(*status);
        }
        log.push((name, told));
        if gone {
            break;
        }
    }
    log
}

/// One sign-up, named so that sending it again is the same attempt.
pub async fn attempt(caller: &Caller, code: &Value, name: &str) -> Told {
    let body = sign_up(code, name);
    let answer = caller.try_send(Method::POST, "/api/v1/signup", &[("idempotency-key", name)], Some(&body)).await?;
    Some((answer.status.as_u16(), answer.json()))
}
