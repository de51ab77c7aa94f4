//! A machine without certificates of authorities: it serves, and says why nothing is sent.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{WEBHOOKS, path};
use crate::harness::process::{Server, latchkey, owner_key};
use crate::harness::{Database, Kind};

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_certificates_serves_and_says_why_nothing_is_sent() {
    let database = Database::fresh(Kind::Sqlite).await;
    let key = owner_key(&database);
    let mut command = latchkey(&database);
    command.env("SSL_CERT_FILE", "/nowhere").env("SSL_CERT_DIR", "/nowhere");
    let mut server = Server::launch_by(command, &database);
    server.wait_until_it_serves().await;
    let caller = server.caller();
    let bearer = format!("Bearer {key}");
    let send = async |method: Method, path: &str, body: Option<&Value>| {
        caller.send(method, path, &[("authorization", bearer.as_str())], body).await
    };
    let draft = json!({ "name": "Chat", "url": "https://203.0.114.1/hook" });
    let webhook = send(Method::POST, WEBHOOKS, Some(&draft)).await.expect(201).json();
    send(Method::POST, &format!("{}/ping", path(&webhook)), None).await.expect(204);
    let answer = async || {
        let list = send(Method::GET, &format!("{}/deliveries", path(&webhook)), None).await.expect(200).json();
        list["items"][0]["last_answer"].as_str().map(str::to_owned)
    };
    let told = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            if let Some(answer) = answer().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let told = told.await.expect("an attempt");
    assert!(told.contains("no certificates of authorities"), "{told}");
}
