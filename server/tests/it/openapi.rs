//! The OpenAPI document: the public contract of the REST API.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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

/// Of two types with one name the document has the schema of one, without a word.
#[test]
fn no_two_schemas_have_the_same_name() {
    let mut found = BTreeMap::<String, PathBuf>::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for name in schemas(&fs::read_to_string(&path).unwrap()) {
                let other = found.insert(name.clone(), path.clone());
                assert_eq!(other, None, "{name} is in {} as well", path.display());
            }
        }
    }
    assert!(found.len() > 100, "{found:?}");
}

/// The types in a file that have a schema.
fn schemas(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut has_schema = false;
    for line in text.lines().map(str::trim_start) {
        has_schema |= line.starts_with("#[derive(") && line.contains("ToSchema");
        let words = line.strip_prefix("pub ").unwrap_or(line);
        let Some(rest) = words.strip_prefix("struct ").or_else(|| words.strip_prefix("enum ")) else { continue };
        if std::mem::take(&mut has_schema) {
            names.push(rest.split(|of: char| !of.is_alphanumeric()).next().unwrap_or_default().to_owned());
        }
    }
    names
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
