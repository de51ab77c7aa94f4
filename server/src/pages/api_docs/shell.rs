//! Requests as one types them.

use serde_json::Value;

/// A request by curl. Parameters of the path are variables of the shell.
pub(super) fn curl(origin: &str, method: &str, path: &str, needs_key: bool, body: Option<&Value>) -> String {
    let path: Vec<String> = path
        .split('/')
        .map(|segment| match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => format!("${}", name.to_uppercase()),
            None => segment.to_owned(),
        })
        .collect();
    let verb = if method == "GET" { String::new() } else { format!("-X {method} ") };
    let mut lines = vec![format!("curl {verb}\"{origin}{}\"", path.join("/"))];
    if needs_key {
        lines.push("-H \"Authorization: Bearer $KEY\"".to_owned());
    }
    if let Some(body) = body {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{}'", json(body).replace('\'', r"'\''")));
    }
    lines.join(" \\\n  ")
}

/// JSON for reading.
pub(super) fn json(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_quotation_mark_in_a_body_ends_nothing() {
        let typed = curl("http://h", "PATCH", "/a/{id}/b", true, Some(&json!({ "label": "Inês's" })));
        assert_eq!(
            typed,
            "curl -X PATCH \"http://h/a/$ID/b\" \\\n  -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: \
             application/json' \\\n  -d '{\n  \"label\": \"Inês'\\''s\"\n}'"
        );
    }
}
