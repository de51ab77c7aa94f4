//! A request builder.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue, Method, Request, header};
use serde_json::Value;
use tower::ServiceExt;

use super::answer::Answer;
use super::app::{ORIGIN, TestApp};

/// A request to the application of one test.
pub struct Call<'a> {
    app: &'a TestApp,
    request: Request<Body>,
}

impl<'a> Call<'a> {
    /// A request from a program on this machine.
    pub fn new(app: &'a TestApp, method: Method, path: &str) -> Self {
        let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000)));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, app.host())
            .extension(peer)
            .body(Body::empty())
            .expect("a request");
        Self { app, request }
    }

    /// Sets a header and replaces an earlier one with the same name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header's value"));
        self
    }

    /// Adds a header and keeps earlier ones of that name.
    pub fn also(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.request.headers_mut().append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header's value"));
        self
    }

    /// Sets the IP address of the client.
    pub fn from(mut self, peer: ConnectInfo<SocketAddr>) -> Self {
        self.request.extensions_mut().insert(peer);
        self
    }

    /// Sets an API key.
    pub fn bearer(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    /// Sets a cookie and the headers that a browser sends from a page of this site.
    pub fn cookie(self, cookie: &str) -> Self {
        let origin = self.app.origin().to_owned();
        self.header("cookie", cookie).header("origin", &origin).header("sec-fetch-site", "same-origin")
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sets a form and the headers that a browser sends from a page of this site.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let origin = self.app.origin().to_owned();
        self.header("origin", &origin)
            .header("sec-fetch-site", "same-origin")
            .body("application/x-www-form-urlencoded", form.finish())
    }

    /// Sets any body.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        self = self.header("content-type", content_type).header("content-length", &body.len().to_string());
        *self.request.body_mut() = Body::from(body);
        self
    }

    /// Removes a header.
    pub fn without(mut self, name: &str) -> Self {
        self.request.headers_mut().remove(name);
        self
    }

    /// Sends the request.
    pub async fn send(self) -> Answer {
        let response = self.app.router.clone().oneshot(self.request).await.expect("a router never fails");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 16 * 1024 * 1024).await.expect("a whole body").to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl TestApp {
    /// The origin of the application.
    pub fn origin(&self) -> &str {
        self.ctx.public_url()
    }

    /// Host and port of the application.
    pub fn host(&self) -> &str {
        self.origin().split_once("://").map_or(ORIGIN, |(_, host)| host)
    }

    /// A `GET`.
    pub fn get(&self, path: &str) -> Call<'_> {
        Call::new(self, Method::GET, path)
    }

    /// A `POST`.
    pub fn post(&self, path: &str) -> Call<'_> {
        Call::new(self, Method::POST, path)
    }

    /// A `PATCH`.
    pub fn patch(&self, path: &str) -> Call<'_> {
        Call::new(self, Method::PATCH, path)
    }

    /// A `DELETE`.
    pub fn delete(&self, path: &str) -> Call<'_> {
        Call::new(self, Method::DELETE, path)
    }

    /// Any request.
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call::new(self, method.parse().expect("a method"), path)
    }
}
