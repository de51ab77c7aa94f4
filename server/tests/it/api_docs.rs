//! `/api/docs` shows everything in the OpenAPI document, without authentication, and loads nothing from other sites.

use serde_json::Value;

use super::openapi::operations;
use crate::harness::TestApp;

/// A text, escaped as in the HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text between tags, on one line.
fn text_content(html: &str) -> String {
    let (mut text, mut inside) = (String::new(), false);
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of the document as it is displayed: without backticks.
fn prose(text: &Value) -> String {
    let text = escaped(text.as_str().unwrap_or_default()).replace('`', "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_the_complete_document() {
    let app = TestApp::sqlite().await;
    let document = app.get("/api/v1/openapi.json").send().await.expect(200).json();
    let html = app.get("/api/docs").send().await.expect(200).text();
    let page = text_content(&html);
    let operations = operations(&document);
    assert!(!operations.is_empty());
    assert_eq!(html.matches("docs-body").count(), operations.len() + schemas(&document).len());
    for (path, method, operation) in &operations {
        let what = format!("{method} {path}");
        let id = format!("id=\"{}\"", operation["operationId"].as_str().unwrap());
        let at = html.find(&id).unwrap_or_else(|| panic!("{what} is missing"));
        let before = text_content(html[..at].rsplit_once("<details").unwrap().1);
        for part in [method.clone(), path.clone(), prose(&operation["summary"])] {
            assert!(before.contains(&part), "{what}: {part} in {before}");
        }
        assert_eq!(before.contains("Requires a key"), operation["security"].to_string().contains("bearer"), "{what}");
        let own = text_content(html[at..].split("</details>").next().unwrap());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            for part in [&parameter["name"], &parameter["description"]] {
                assert!(own.contains(&prose(part)), "{what}: {part}");
            }
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(own.contains(status) && own.contains(&prose(&response["description"])), "{what}: {status}");
        }
        let shell = format!("{}{}", app.origin(), path.split('{').next().unwrap());
        assert!(own.contains(&shell), "{what}: curl {shell}");
    }
    for (name, schema) in schemas(&document) {
        let id = format!("id=\"type-{name}\"");
        let own = text_content(
            html.split_once(&id).unwrap_or_else(|| panic!("{name} is missing")).1.split("</details>").next().unwrap(),
        );
        for (member, of) in schema["properties"].as_object().into_iter().flatten() {
            assert!(own.contains(member.as_str()) && own.contains(&prose(&of["description"])), "{name}.{member}");
        }
        for value in schema["enum"].as_array().into_iter().flatten() {
            assert!(own.contains(value.as_str().unwrap()), "{name}: {value}");
        }
    }
    assert!(page.contains("1 to 8760") && page.contains("up to 200 characters"), "bounds are shown");
    assert!(html.contains("href=\"/api/v1/openapi.json\""));
    app.close().await;
}

fn schemas(document: &Value) -> &serde_json::Map<String, Value> {
    document["components"]["schemas"].as_object().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_has_no_scripts_and_no_broken_links() {
    let app = TestApp::sqlite().await;
    let answer = app.get("/api/docs").send().await.expect(200);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let html = answer.text();
    for forbidden in ["<script", "style=", "onclick", "src="] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    for href in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        match href.strip_prefix('#') {
            Some(id) => assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{href}"),
            None => assert!(href.starts_with('/') && !href.starts_with("//"), "{href} is a link to another site"),
        }
    }
    let chosen = app.get("/api/docs").header("cookie", "latchkey-theme=dark").send().await.expect(200).text();
    assert!(chosen.contains("data-theme=\"dark\""));
    app.close().await;
}
