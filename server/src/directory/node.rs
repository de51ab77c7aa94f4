//! Reading JSON whose names are compared without regard to case (RFC 7643, section 2.1), as directories write it.

use domain::Patch;
use serde_json::{Map, Value};

use super::refusal::{Kind, Refusal};

/// A member of an object.
pub fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A text; null is none.
pub fn text(name: &str, value: &Value) -> Result<Patch<String>, Refusal> {
    match value {
        Value::String(text) => Ok(Patch::Set(text.clone())),
        Value::Null => Ok(Patch::Clear),
        _ => Err(Refusal::new(Kind::Value, format!("{name} is a text."))),
    }
}

/// True or false, also as a text, as Microsoft Entra sends it.
pub fn boolean(name: &str, value: &Value) -> Result<bool, Refusal> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(Refusal::new(Kind::Value, format!("{name} is true or false."))),
    }
}

/// An object.
pub fn object<'a>(name: &str, value: &'a Value) -> Result<&'a Map<String, Value>, Refusal> {
    value.as_object().ok_or_else(|| Refusal::new(Kind::Value, format!("{name} is an object.")))
}
