//! Which attributes of a resource are answered (RFC 7644, section 3.9).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::directory::AttributeName;
use serde_json::{Map, Value};

use super::query::Query;
use super::refusal::{Kind, Refusal};

/// Attributes that are always answered.
const ALWAYS: [&str; 2] = ["schemas", "id"];

/// The choice of attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Projection {
    /// Those that are answered without a wish.
    Default,
    /// These.
    Only(Vec<AttributeName>),
    /// All but these.
    Without(Vec<AttributeName>),
}

impl<S: Sync> FromRequestParts<S> for Projection {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = Query::of(parts);
        Self::parse(query.get("attributes"), query.get("excludedAttributes"))
    }
}

impl Projection {
    /// Parses the parameters `attributes` and `excludedAttributes`, names separated by commas.
    ///
    /// # Errors
    /// [`Kind::Value`] if both are sent, or a name is none.
    fn parse(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, Refusal> {
        match (attributes.map(str::trim).filter(|names| !names.is_empty()), excluded) {
            (None, None) => Ok(Self::Default),
            (Some(_), Some(_)) => Err(Refusal::new(Kind::Value, "Send attributes or excludedAttributes, not both.")),
            (Some(names), None) => Ok(Self::Only(parse_names(names)?)),
            (None, Some(names)) => Ok(Self::Without(parse_names(names)?)),
        }
    }

    /// Whether an attribute is answered, or a part of it.
    pub fn wants(&self, attribute: &str) -> bool {
        match self {
            Self::Default => true,
            Self::Only(names) => names.iter().any(|name| name.attribute.eq_ignore_ascii_case(attribute)),
            Self::Without(names) => {
                !names.iter().any(|name| name.part.is_none() && name.attribute.eq_ignore_ascii_case(attribute))
            }
        }
    }

    /// Whether a request names a part of an attribute, which is answered only then.
    pub fn names(&self, attribute: &str, part: &str) -> bool {
        let is_named = |name: &AttributeName| {
            let of = name.part.as_deref();
            name.attribute.eq_ignore_ascii_case(attribute) && of.is_some_and(|of| of.eq_ignore_ascii_case(part))
        };
        matches!(self, Self::Only(names) if names.iter().any(is_named))
    }

    /// Whether a request names attributes, so that the answer has them.
    pub fn is_chosen(&self) -> bool {
        matches!(self, Self::Only(_))
    }

    /// The resource with the attributes that are answered.
    pub fn apply(&self, mut resource: Map<String, Value>) -> Value {
        resource.retain(|key, value| {
            let is_always = ALWAYS.contains(&key.as_str());
            if !is_always {
                self.retain_parts(key, value);
            }
            is_always || self.wants(key)
        });
        Value::Object(resource)
    }

    /// Removes the parts of an attribute that are not answered.
    fn retain_parts(&self, attribute: &str, value: &mut Value) {
        let (names, keep) = match self {
            Self::Default => return,
            Self::Only(names) => (names, true),
            Self::Without(names) => (names, false),
        };
        let of: Vec<&AttributeName> =
            names.iter().filter(|name| name.attribute.eq_ignore_ascii_case(attribute)).collect();
        let parts: Vec<&str> = of.iter().filter_map(|name| name.part.as_deref()).collect();
        // The whole attribute is named.
        if parts.is_empty() || (keep && of.len() > parts.len()) {
            return;
        }
        let is_kept = |part: &str| parts.iter().any(|named| named.eq_ignore_ascii_case(part)) == keep;
        match value {
            Value::Object(object) => object.retain(|part, _| is_kept(part)),
            Value::Array(values) => {
                for value in values.iter_mut().filter_map(Value::as_object_mut) {
                    value.retain(|part, _| is_kept(part));
                }
            }
            _ => {}
        }
    }
}

fn parse_names(names: &str) -> Result<Vec<AttributeName>, Refusal> {
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(AttributeName::parse).collect::<Result<_, _>>().map_err(Refusal::unparsed(Kind::Value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answered(attributes: Option<&str>, excluded: Option<&str>) -> Value {
        let resource = json!({
            "schemas": ["s"], "id": "1", "userName": "ada", "active": true,
            "emails": [{ "value": "a@b.example", "type": "work" }], "meta": { "created": "c", "location": "l" },
        });
        let Value::Object(resource) = resource else { unreachable!() };
        Projection::parse(attributes, excluded).unwrap().apply(resource)
    }

    #[test]
    fn what_is_named_is_answered_or_left_out() {
        assert_eq!(answered(Some("USERNAME"), None), json!({ "schemas": ["s"], "id": "1", "userName": "ada" }));
        let address = json!({ "schemas": ["s"], "id": "1", "emails": [{ "value": "a@b.example" }] });
        assert_eq!(answered(Some("emails.value"), None), address);
        let both = answered(Some("emails.value,emails"), None);
        assert_eq!(both["emails"][0]["type"], "work");
        let without = answered(None, Some("emails,meta.location,id"));
        assert_eq!(
            without,
            json!({ "schemas": ["s"], "id": "1", "userName": "ada", "active": true, "meta": { "created": "c" } })
        );
        assert_eq!(answered(Some(""), None), answered(None, None));
        assert!(Projection::parse(Some("a"), Some("b")).is_err() && Projection::parse(Some("a b"), None).is_err());
    }

    #[test]
    fn members_are_read_only_if_they_are_answered() {
        let wants = |attributes, excluded| Projection::parse(attributes, excluded).unwrap().wants("members");
        assert!(wants(None, None) && wants(Some("members.value"), None) && wants(None, Some("members.display")));
        assert!(!wants(Some("displayName"), None) && !wants(None, Some("Members")));
        let names = |attributes| Projection::parse(attributes, None).unwrap().names("members", "display");
        assert!(names(Some("members.value,members.Display")) && !names(Some("members")) && !names(None));
    }
}
