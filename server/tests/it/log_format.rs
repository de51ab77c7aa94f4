//! The format of the log. In JSON every line is an object with the request id.

use reqwest::Method;
use serde_json::Value;

use crate::harness::process::{Server, fail, latchkey};
use crate::harness::{Database, Kind};

/// The log lines of a server for one request, and the request id of the response.
async fn lines(format: Option<&str>) -> (Vec<String>, String) {
    let database = Database::fresh(Kind::Sqlite).await;
    let mut command = latchkey(&database);
    command.env("LATCHKEY_LOG", "info");
    if let Some(format) = format {
        command.env("LATCHKEY_LOG_FORMAT", format);
    }
    let mut server = Server::launch_by(command, &database);
    server.wait_until_it_serves().await;
    let answer = server.caller().send(Method::GET, "/api/v1/openapi.json", &[], None).await.expect(200);
    let id = answer.header("x-request-id").expect("an id").to_owned();
    (server.log_after_stopping().lines().map(str::to_owned).collect(), id)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_json_line_is_an_object_with_the_request_id() {
    // Standard error is not a terminal, so the default is JSON.
    for format in [Some("json"), Some("auto"), None] {
        let (lines, id) = lines(format).await;
        let objects: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).expect(line)).collect();
        let line = objects.iter().find(|line| line["message"] == "answered").expect("a line of the request");
        assert_eq!(line["request_id"], id, "{line}");
        assert_eq!((&line["route"], &line["status"]), (&"/api/v1/openapi.json".into(), &200.into()), "{line}");
        assert!(line["timestamp"].is_string() && line["level"] == "INFO", "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn text_has_no_colours_in_a_file() {
    let (lines, id) = lines(Some("text")).await;
    let line = lines.iter().find(|line| line.contains("answered")).expect("a line of the request");
    assert!(line.contains(&id) && line.contains("route=\"/api/v1/openapi.json\""), "{line}");
    assert!(lines.iter().all(|line| !line.starts_with('{') && !line.contains('\u{1b}')), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_format_is_an_error() {
    let database = Database::fresh(Kind::Sqlite).await;
    let message = fail(&database, &["serve", "--log-format", "yaml"], "");
    assert!(message.contains("auto, text or json") && message.contains("yaml"), "{message}");
}
