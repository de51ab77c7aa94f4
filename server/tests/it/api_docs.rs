//! `/api/docs` says everything the OpenAPI document says, to whoever asks, and loads nothing from elsewhere.

use serde_json::Value;

use super::openapi::operations;
use crate::harness::TestApp;

/// A text as it stands in the HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What stands between tags, on one line.
fn read(html: &str) -> String {
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

/// Prose of the document as it is read: code without its marks.
fn prose(text: &Value) -> String {
    let text = escaped(text.as_str().unwrap_or_default()).replace('`', "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_the_document_is_on_the_page() {
    let app = TestApp::sqlite().await;
    let document = app.get("/api/v1/openapi.json").send().await.expect(200).json();
    let html = app.get("/api/docs").send().await.expect(200).text();
    let page = read(&html);
    let operations = operations(&document);
    assert!(!operations.is_empty());
    assert_eq!(html.matches("docs-body").count(), operations.len() + schemas(&document).len());
    for (path, method, operation) in &operations {
        let what = format!("{method} {path}");
        let id = format!("id=\"{}\"", operation["operationId"].as_str().unwrap());
        let at = html.find(&id).unwrap_or_else(|| panic!("{what} has a place"));
        let before = read(html[..at].rsplit_once("<details").unwrap().1);
        for part in [method.clone(), path.clone(), prose(&operation["summary"])] {
            assert!(before.contains(&part), "{what}: {part} in {before}");
        }
        assert_eq!(before.contains("needs a key"), operation["security"].to_string().contains("bearer"), "{what}");
        let own = read(html[at..].split("</details>").next().unwrap());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            for part in [&parameter["name"], &parameter["description"]] {
                assert!(own.contains(&prose(part)), "{what}: {part}");
            }
        }
        for (status, answer) in operation["responses"].as_object().unwrap() {
            assert!(own.contains(status) && own.contains(&prose(&answer["description"])), "{what}: {status}");
        }
        let shell = format!("{}{}", app.origin(), path.split('{').next().unwrap());
        assert!(own.contains(&shell), "{what}: curl {shell}");
    }
    for (name, schema) in schemas(&document) {
        let id = format!("id=\"type-{name}\"");
        let own = read(
            html.split_once(&id).unwrap_or_else(|| panic!("{name} has a place")).1.split("</details>").next().unwrap(),
        );
        for (member, of) in schema["properties"].as_object().into_iter().flatten() {
            assert!(own.contains(member.as_str()) && own.contains(&prose(&of["description"])), "{name}.{member}");
        }
        for value in schema["enum"].as_array().into_iter().flatten() {
            assert!(own.contains(value.as_str().unwrap()), "{name}: {value}");
        }
    }
    assert!(page.contains("1 to 8760") && page.contains("up to 200 characters"), "bounds are said");
    assert!(html.contains("href=\"/api/v1/openapi.json\""));
    app.close().await;
}

fn schemas(document: &Value) -> &serde_json::Map<String, Value> {
    document["components"]["schemas"].as_object().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_a_page_without_scripts_and_every_link_leads_somewhere() {
    let app = TestApp::sqlite().await;
    let answer = app.get("/api/docs").send().await.expect(200);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let html = answer.text();
    for unwelcome in ["<script", "style=", "onclick", "src="] {
        assert!(!html.contains(unwelcome), "{unwelcome}");
    }
    for href in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        match href.strip_prefix('#') {
            Some(id) => assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{href}"),
            None => assert!(href.starts_with('/') && !href.starts_with("//"), "{href} leads elsewhere"),
        }
    }
    let chosen = app.get("/api/docs").header("cookie", "latchkey-theme=dark").send().await.expect(200).text();
    assert!(chosen.contains("data-theme=\"dark\""));
    app.close().await;
}
