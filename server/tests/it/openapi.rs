//! The OpenAPI document: the public contract of the REST API.

use serde_json::Value;

use crate::harness::TestApp;

fn document() -> Value {
    serde_json::to_value(server::api::openapi()).unwrap()
}

/// Every operation: path, method, description.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if ["get", "put", "post", "patch", "delete"].contains(&method.as_str()) {
                operations.push((path.clone(), method.to_uppercase(), operation.clone()));
            }
        }
    }
    operations
}

#[test]
fn the_document_matches_the_snapshot() {
    insta::assert_json_snapshot!(document());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served() {
    let app = TestApp::sqlite().await;
    let answer = app.get("/api/v1/openapi.json").send().await.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json(), document());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_path_has_exactly_the_documented_methods() {
    let app = TestApp::sqlite().await;
    let document = document();
    for path in document["paths"].as_object().unwrap().keys() {
        let mut documented: Vec<_> = operations(&document)
            .into_iter()
            .filter(|(of, ..)| of == path)
            .flat_map(|(_, method, _)| if method == "GET" { vec![method, "HEAD".to_owned()] } else { vec![method] })
            .collect();
        documented.sort_unstable();
        let answer = app.call("OPTIONS", &fill(path, "x")).send().await.expect(204);
        let mut allowed: Vec<_> = answer.header("allow").unwrap().split(',').map(|m| m.trim().to_owned()).collect();
        allowed.sort_unstable();
        assert_eq!(allowed, documented, "{path}");
    }
    app.close().await;
}

/// A path with its parameters filled in.
pub fn fill(path: &str, value: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        // Of a version.
        "{number}" => "1",
        _ if segment.starts_with('{') => value,
        _ => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

#[test]
fn every_operation_is_completely_documented() {
    let document = document();
    let operations = operations(&document);
    let mut ids: Vec<_> = operations.iter().map(|(.., operation)| operation["operationId"].to_string()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), operations.len(), "operationIds are unique");
    for (path, method, operation) in &operations {
        let what = format!("{method} {path}");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{what}");
        assert!(operation["security"].is_array(), "{what} documents whether it needs an API key");
        let statuses: Vec<_> = operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
        let guarded = operation["security"].to_string().contains("bearer");
        let mut expected = vec!["400", "413", "421", "429", "500", "503"];
        if guarded {
            expected.extend(["401", "403"]);
        }
        if operation["requestBody"].is_object() {
            expected.extend(["415", "422"]);
        }
        if path.contains('{') {
            expected.push("404");
        }
        for status in expected {
            assert!(statuses.contains(&status), "{what} documents {status}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{what} {status}");
            if status.starts_with(['4', '5']) {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{what} {status}");
            }
        }
    }
}

#[test]
fn every_reference_is_valid() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value.as_str() {
                        Some(target) if name == "$ref" => found.push(target),
                        _ => references(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
}

#[test]
fn every_example_matches_its_schema() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let (Some(example), Some(properties)) = (schema["example"].as_object(), schema["properties"].as_object())
        else {
            continue;
        };
        for member in example.keys() {
            assert!(properties.contains_key(member), "{name}.{member}");
        }
        for required in schema["required"].as_array().into_iter().flatten() {
            assert!(example.contains_key(required.as_str().unwrap()), "{name}'s example lacks {required}");
        }
    }
}
