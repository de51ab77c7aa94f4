//! An HTTP client for a server in another process.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::Value;

use super::answer::Answer;

/// Maximum time for one response.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Sends requests to one server.
#[derive(Clone)]
pub struct Caller {
    origin: String,
    client: Client,
}

impl Caller {
    /// A client of the server at `origin`.
    pub fn new(origin: String) -> Self {
        // The client wants to have one, also without TLS. It fails if there is one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(TIMEOUT).no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { origin, client: client.build().expect("a client") }
    }

    /// `HOST:PORT` of the server.
    pub fn address(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, address)| address)
    }

    /// Sends one request; `None` if there is no complete response.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Option<Answer> {
        let mut request = self.client.request(method, format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.ok()?.to_vec();
        Some(Answer { status, headers, body })
    }

    /// The origin of the server.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Sends one request with a text body.
    pub async fn send_text(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.origin)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, body: response.bytes().await.expect("a whole body").to_vec() }
    }

    /// Sends one request and expects a response.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        self.try_send(method, path, headers, body).await.expect("an answer")
    }

    /// Creates an invite.
    pub async fn invite(&self, key: &str, draft: &Value) -> Value {
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", bearer.as_str())];
        self.send(Method::POST, "/api/v1/admin/invites", &headers, Some(draft)).await.expect(201).json()
    }

    /// Reads an invite.
    pub async fn read_invite(&self, key: &str, id: &Value) -> Value {
        let bearer = format!("Bearer {key}");
        let path = format!("/api/v1/admin/invites/{}", id.as_str().expect("an id"));
        self.send(Method::GET, &path, &[("authorization", &bearer)], None).await.expect(200).json()
    }

    /// Sends one sign-up.
    pub async fn sign_up(&self, body: &Value) -> Answer {
        self.send(Method::POST, "/api/v1/signup", &[], Some(body)).await
    }
}
