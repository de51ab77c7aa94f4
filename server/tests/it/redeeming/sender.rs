//! Requests of one account through one of several servers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::Answer;
use crate::harness::caller::Caller;
use crate::harness::process::Server;

/// Who sends requests, and to which server.
#[derive(Clone)]
pub struct Sender {
    pub caller: Caller,
    /// An API key.
    pub key: String,
}

impl Sender {
    /// The same account through each of some servers.
    pub fn through(servers: &[Server], key: &str) -> Vec<Self> {
        servers.iter().map(|server| Self { caller: server.caller(), key: key.to_owned() }).collect()
    }

    /// The whole answer; nothing if the server is gone.
    pub async fn answer(&self, method: Method, path: &str, body: &Value) -> Option<Answer> {
        let bearer = format!("Bearer {}", self.key);
        self.caller.try_send(method, path, &[("authorization", &bearer)], Some(body)).await
    }

    /// The status of the answer; nothing if the server is gone.
    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Option<u16> {
        let answer = self.answer(method, path, body).await?;
        let status = answer.status.as_u16();
        assert!(status < 500 || status == 503, "{path}: {status} {}", String::from_utf8_lossy(&answer.body));
        Some(status)
    }

    /// The status of the answer to a POST; nothing if the server is gone.
    pub async fn post(&self, path: &str, body: &Value) -> Option<u16> {
        self.send(Method::POST, path, body).await
    }

    /// Creates something.
    pub async fn create(&self, path: &str, body: &Value) -> Value {
        self.answer(Method::POST, path, body).await.expect("an answer").expect(201).json()
    }

    /// The id of a new group.
    pub async fn group(&self, name: &str) -> Value {
        self.create("/api/v1/admin/groups", &json!({ "name": name })).await["id"].clone()
    }
}

/// The text of a JSON value.
pub fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
