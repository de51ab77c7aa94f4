//! How lines of the log are written, as configured: for programs every line is an object that names the request.

use reqwest::Method;
use serde_json::Value;

use crate::harness::process::{Server, fail, latchkey};
use crate::harness::{Database, Kind};

/// What a server logs of one request, line by line, and the request's id as the caller was told.
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
async fn every_line_of_json_is_an_object_and_carries_the_request() {
    // Not a terminal: what nobody chose is JSON too.
    for format in [Some("json"), Some("auto"), None] {
        let (lines, id) = lines(format).await;
        let objects: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).expect(line)).collect();
        let told = objects.iter().find(|line| line["message"] == "answered").expect("a line of the request");
        assert_eq!(told["span"]["id"], id, "{told}");
        assert_eq!((&told["route"], &told["status"]), (&"/api/v1/openapi.json".into(), &200.into()), "{told}");
        assert!(told["timestamp"].is_string() && told["level"] == "INFO", "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_for_reading_and_has_no_colours_in_a_file() {
    let (lines, id) = lines(Some("text")).await;
    let told = lines.iter().find(|line| line.contains("answered")).expect("a line of the request");
    assert!(told.contains(&id) && told.contains("route=\"/api/v1/openapi.json\""), "{told}");
    assert!(lines.iter().all(|line| !line.starts_with('{') && !line.contains('\u{1b}')), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_word_stops_the_start() {
    let database = Database::fresh(Kind::Sqlite).await;
    let said = fail(&database, &["serve", "--log-format", "yaml"], "");
    assert!(said.contains("auto, text or json") && said.contains("yaml"), "{said}");
}
