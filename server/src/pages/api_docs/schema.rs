//! Descriptions and examples of schemas.

use app::public::api_docs::Word;
use serde_json::{Map, Value, json};

use super::{Reader, members, name_of, text};

/// Maximum depth of an example, because types may be recursive.
const DEPTH: u8 = 4;

/// Describes a schema as text: `integer, 1 to 200`, `list of Invite`, `one of …`.
pub(super) fn describe(schema: &Value) -> Vec<Word> {
    let mut words = alternatives(schema);
    if let Some(values) = schema["enum"].as_array() {
        words = vec![Word::Text("one of ".to_owned())];
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                words.push(Word::Text(", ".to_owned()));
            }
            words.push(Word::Value(value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
    }
    for bound in bounds(schema) {
        words.push(Word::Text(", ".to_owned()));
        words.push(bound);
    }
    words
}

fn alternatives(schema: &Value) -> Vec<Word> {
    if let Some(name) = name_of(schema) {
        return vec![Word::Type(name.to_owned())];
    }
    let one_of: Vec<&Value> =
        ["oneOf", "anyOf", "allOf"].iter().filter_map(|of| schema[of].as_array()).flatten().collect();
    if !one_of.is_empty() {
        let mut words = Vec::new();
        for (at, one) in one_of.into_iter().enumerate() {
            if at > 0 {
                words.push(Word::Text(" or ".to_owned()));
            }
            words.extend(describe(one));
        }
        return words;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if types == ["array"] {
        return [vec![Word::Text("list of ".to_owned())], describe(&schema["items"])].concat();
    }
    vec![Word::Text(types.join(" or "))]
}

impl Reader<'_> {
    /// An example: that of the document, or one composed of the examples of its parts.
    pub(super) fn example(&self, schema: &Value) -> Option<Value> {
        (!schema.is_null()).then(|| self.example_at(schema, DEPTH))
    }

    fn example_at(&self, schema: &Value, depth: u8) -> Value {
        if !schema["example"].is_null() {
            return schema["example"].clone();
        }
        if depth == 0 {
            return Value::Null;
        }
        if let Some(name) = name_of(schema) {
            return self.example_at(&self.document["components"]["schemas"][name], depth - 1);
        }
        if let Some(values) = schema["enum"].as_array() {
            return values.first().cloned().unwrap_or_default();
        }
        if schema["properties"].is_object() {
            let of = members(&schema["properties"]);
            let of = of.map(|(name, member)| (name.to_owned(), self.example_at(member, depth - 1)));
            return Value::Object(of.collect::<Map<_, _>>());
        }
        match schema["type"].as_str() {
            Some("array") => json!([self.example_at(&schema["items"], depth - 1)]),
            Some("integer" | "number") => json!(schema["minimum"].as_i64().unwrap_or(1)),
            Some("boolean") => json!(true),
            Some("string") => match schema["format"].as_str() {
                Some("uuid") => json!("0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77"),
                Some("date-time") => json!("2026-11-21T10:00:00Z"),
                _ => json!("…"),
            },
            _ => Value::Null,
        }
    }
}

/// The description of a member: its own, or the first one among its alternatives.
pub(super) fn description(schema: &Value) -> String {
    let own = text(&schema["description"]);
    if !own.is_empty() {
        return own;
    }
    let one_of = schema["oneOf"].as_array().into_iter().flatten();
    one_of.map(|one| text(&one["description"])).find(|text| !text.is_empty()).unwrap_or_default()
}

fn bounds(schema: &Value) -> Vec<Word> {
    let mut bounds = Vec::new();
    match schema["format"].as_str() {
        // The width of an integer is only of interest to programs, which read the document.
        None | Some("int32" | "int64") => {}
        Some(format) => bounds.push(Word::Text(format.to_owned())),
    }
    let between = |low: &str, high: &str| match (schema[low].as_u64(), schema[high].as_u64()) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}")),
        (Some(low), None) => Some(format!("{low} or more")),
        (None, Some(high)) => Some(format!("up to {high}")),
        (None, None) => None,
    };
    bounds.extend(between("minimum", "maximum").map(Word::Text));
    bounds.extend(between("minLength", "maxLength").map(|length| Word::Text(format!("{length} characters"))));
    bounds.extend(between("minItems", "maxItems").map(|length| Word::Text(format!("{length} of them"))));
    bounds.extend(schema["pattern"].as_str().map(|pattern| Word::Value(pattern.to_owned())));
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(schema: &Value) -> String {
        let words = describe(schema).into_iter().map(|word| match word {
            Word::Text(text) | Word::Type(text) | Word::Value(text) => text,
        });
        words.collect()
    }

    #[test]
    fn a_description_includes_the_bounds() {
        let reference = json!({ "$ref": "#/components/schemas/Role" });
        for (schema, expected) in [
            (json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": 200 }), "integer, 1 to 200"),
            (json!({ "type": ["string", "null"], "format": "date-time" }), "string or null, date-time"),
            (json!({ "type": "string", "maxLength": 64, "pattern": "^a$" }), "string, up to 64 characters, ^a$"),
            (json!({ "type": "array", "items": reference }), "list of Role"),
            (json!({ "oneOf": [reference, { "type": "null" }] }), "Role or null"),
            (json!({ "type": "string", "enum": ["asc", "desc"] }), "one of asc, desc"),
        ] {
            assert_eq!(text_of(&schema), expected, "{schema}");
        }
    }
}
