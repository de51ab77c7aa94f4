//! Requests as curl commands.

use serde_json::Value;

/// The body of a request.
pub(super) enum Sent {
    /// JSON, such as this.
    Json(Value),
    /// A file of this media type.
    File(&'static str),
}

/// The curl command of a request. Path parameters are shell variables.
pub(super) fn command(origin: &str, method: &str, path: &str, needs_key: bool, body: Option<&Sent>) -> String {
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
    match body {
        Some(Sent::Json(body)) => {
            lines.push("-H 'Content-Type: application/json'".to_owned());
            lines.push(format!("-d '{}'", json(body).replace('\'', r"'\''")));
        }
        Some(Sent::File(media_type)) => {
            lines.push(format!("-H 'Content-Type: {media_type}'"));
            lines.push("--data-binary @FILE".to_owned());
        }
        None => {}
    }
    lines.join(" \\\n  ")
}

/// JSON with line breaks and indentation.
pub(super) fn json(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_quotation_mark_in_the_body_is_escaped() {
        let command = command("http://h", "PATCH", "/a/{id}/b", true, Some(&Sent::Json(json!({ "label": "Inês's" }))));
        assert_eq!(
            command,
            "curl -X PATCH \"http://h/a/$ID/b\" \\\n  -H \"Authorization: Bearer $KEY\" \\\n  -H 'Content-Type: \
             application/json' \\\n  -d '{\n  \"label\": \"Inês'\\''s\"\n}'"
        );
    }
}
