//! What is sent to and read from applications (RFC 7643 and 7644): the part of it that they understand.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The media type of requests and answers.
pub(super) const MEDIA_TYPE: &str = "application/scim+json";
pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A page of resources.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct List {
    #[serde(default)]
    pub(super) total_results: u64,
    #[serde(default, rename = "Resources")]
    pub(super) resources: Option<Vec<Value>>,
}

/// What the service can do.
#[derive(Debug, Deserialize)]
pub(super) struct ServiceProviderConfig {
    #[serde(default)]
    pub(super) patch: Option<Supported>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Supported {
    #[serde(default)]
    pub(super) supported: bool,
}

/// What an answer says went wrong.
#[derive(Debug, Deserialize)]
pub(super) struct Fault {
    pub(super) detail: Option<String>,
}

/// An account as it is there.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub(super) id: String,
    pub(super) external_id: Option<String>,
    #[serde(default)]
    #[serde(rename = "userName")]
    pub(super) login: String,
    pub(super) display_name: Option<String>,
    pub(super) name: Option<Name>,
    pub(super) emails: Option<Vec<Email>>,
    /// Absent is active.
    pub(super) active: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Name {
    pub(super) formatted: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Email {
    #[serde(default)]
    pub(super) value: String,
    pub(super) primary: Option<bool>,
}

/// A group as it is there.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) external_id: Option<String>,
    #[serde(default)]
    pub(super) display_name: String,
    pub(super) members: Option<Vec<Member>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Member {
    #[serde(default)]
    pub(super) value: String,
}

impl User {
    pub(super) fn is_active(&self) -> bool {
        self.active.unwrap_or(true)
    }

    /// The address that counts: the primary one, or the only one.
    pub(super) fn email(&self) -> Option<&Email> {
        let emails = self.emails.as_deref().unwrap_or_default();
        emails.iter().find(|email| email.primary == Some(true)).or(match emails {
            [only] => Some(only),
            _ => None,
        })
    }
}

/// A resource that may have the identifier of another system.
pub(super) trait Identified: DeserializeOwned {
    /// The identifier; an empty one is none.
    fn external_id(&self) -> Option<&str>;
}

impl Identified for User {
    fn external_id(&self) -> Option<&str> {
        self.external_id.as_deref().filter(|id| !id.is_empty())
    }
}

impl Identified for Group {
    fn external_id(&self) -> Option<&str> {
        self.external_id.as_deref().filter(|id| !id.is_empty())
    }
}

/// One change of a resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Operation {
    pub(super) op: &'static str,
    pub(super) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Value>,
}

impl Operation {
    pub(super) fn replace(path: &str, value: impl Into<Value>) -> Self {
        Self { op: "replace", path: path.to_owned(), value: Some(value.into()) }
    }

    pub(super) fn add(path: &str, value: impl Into<Value>) -> Self {
        Self { op: "add", path: path.to_owned(), value: Some(value.into()) }
    }

    pub(super) fn remove(path: String) -> Self {
        Self { op: "remove", path, value: None }
    }
}

/// The body of a PATCH.
pub(super) fn patch(operations: &[Operation]) -> Value {
    json!({ "schemas": [PATCH], "Operations": operations })
}

/// A filter (RFC 7644, section 3.4.2.2). Its values are those of JSON.
pub(super) fn equals(attribute: &str, value: &str) -> String {
    format!("{attribute} eq {}", Value::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_services_answer_is_read_with_what_they_leave_out() {
        let user: User = serde_json::from_str(r#"{"id":"1","emails":null,"name":null,"meta":{},"roles":[]}"#).unwrap();
        assert!(user.is_active() && user.email().is_none() && user.login.is_empty());
        let user: User = serde_json::from_str(
            r#"{"id":"1","userName":"a","active":false,"emails":[{"value":"x"},{"value":"y","primary":true}]}"#,
        )
        .unwrap();
        assert_eq!((user.is_active(), user.email().unwrap().value.as_str()), (false, "y"));
        let list: List = serde_json::from_str(r#"{"totalResults":0}"#).unwrap();
        assert!(list.resources.is_none());
    }

    #[test]
    fn no_name_ends_a_filter() {
        assert_eq!(equals("userName", r#"a" or "1" eq "1\"#), r#"userName eq "a\" or \"1\" eq \"1\\""#);
    }
}
