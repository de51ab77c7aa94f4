//! What the service can do (RFC 7644, section 4). Public, like the OpenAPI document: it is the same everywhere.

use std::sync::LazyLock;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::{MAX_RESULTS, Window};
use domain::{Code, Failure};
use serde_json::{Value, json};
use service::Ctx;

use super::query::{DEFAULT_RESULTS, Query};
use super::refusal::Refusal;
use super::{PREFIX, answer};

/// The schemas: those of accounts and groups with what is kept here, and those of these documents (RFC 7643, section
/// 8.7.2).
static SCHEMAS: LazyLock<Vec<Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("schemas.json")).unwrap_or_default());

/// What the service can do.
pub async fn service(State(ctx): State<Ctx>, query: Query) -> Result<Response, Refusal> {
    refuse_filter(&query)?;
    let unsupported = json!({ "supported": false });
    let document = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": MAX_RESULTS },
        "changePassword": unsupported,
        "sort": unsupported,
        "etag": unsupported,
        "pagination": { "cursor": true, "index": true, "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_RESULTS, "maxPageSize": MAX_RESULTS },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "API key",
            "description": "An API key of an account with permission to manage accounts and groups, as a bearer token.",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{}{PREFIX}/ServiceProviderConfig", ctx.public_url()) },
    });
    Ok(answer::document(StatusCode::OK, &document))
}

/// The types of resources.
pub async fn resource_types(State(ctx): State<Ctx>, query: Query) -> Result<Response, Refusal> {
    refuse_filter(&query)?;
    Ok(all(types(&ctx)))
}

/// One type of resources.
pub async fn resource_type(State(ctx): State<Ctx>, Path(id): Path<String>) -> Result<Response, Refusal> {
    one(types(&ctx), &id, "resource type")
}

/// The schemas.
pub async fn schemas(State(ctx): State<Ctx>, query: Query) -> Result<Response, Refusal> {
    refuse_filter(&query)?;
    Ok(all(located_schemas(&ctx)))
}

/// One schema.
pub async fn schema(State(ctx): State<Ctx>, Path(id): Path<String>) -> Result<Response, Refusal> {
    one(located_schemas(&ctx), &id, "schema")
}

fn types(ctx: &Ctx) -> Vec<Value> {
    let of = |(name, path): (&str, &str)| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name,
            "name": name,
            "endpoint": path,
            "schema": format!("urn:ietf:params:scim:schemas:core:2.0:{name}"),
            "meta": { "resourceType": "ResourceType", "location": answer::location(ctx.public_url(), "ResourceTypes", name) },
        })
    };
    [("User", "/Users"), ("Group", "/Groups")].map(of).to_vec()
}

fn located_schemas(ctx: &Ctx) -> Vec<Value> {
    let located = |schema: &Value| {
        let mut schema = schema.clone();
        let location = answer::location(ctx.public_url(), "Schemas", schema["id"].as_str().unwrap_or_default());
        schema["meta"] = json!({ "resourceType": "Schema", "location": location });
        schema
    };
    SCHEMAS.iter().map(located).collect()
}

fn all(documents: Vec<Value>) -> Response {
    let total = documents.len() as u64;
    answer::list(documents, total, Window::Index { start: 1, count: total }, None)
}

fn one(documents: Vec<Value>, id: &str, what: &str) -> Result<Response, Refusal> {
    let found = documents.into_iter().find(|document| document["id"].as_str().is_some_and(|known| known == id));
    Ok(answer::document(StatusCode::OK, &found.ok_or_else(|| Failure::not_found(what))?))
}

/// Refuses a filter (section 4).
fn refuse_filter(query: &Query) -> Result<(), Failure> {
    if !query.has_filter() {
        return Ok(());
    }
    Err(Failure::new(Code::Forbidden, "These documents can't be filtered."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_read() {
        let names: Vec<_> = SCHEMAS.iter().filter_map(|schema| schema["name"].as_str()).collect();
        assert_eq!(names, ["User", "Group", "ServiceProviderConfig", "ResourceType", "Schema"]);
    }
}
