//! `/api/docs`: the OpenAPI document as a page. The page shows all of the document and nothing else
//! (`server/tests/it/api_docs.rs`).

mod curl;
mod schema;

use std::sync::LazyLock;

use app::public::api_docs::{Answer, ApiDocs, Group, Member, Operation, Type, Word, api_docs};
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value};

use crate::api;
use crate::layers::answer::Audience;
use crate::state::AppState;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(api::openapi()).unwrap_or_default());

pub fn routes() -> Router<AppState> {
    Router::new().route("/api/docs", get(show))
}

async fn show(State(state): State<AppState>, audience: Audience) -> Response {
    let docs = Reader { document: &DOCUMENT, origin: state.public_url().origin() }.docs();
    Html(api_docs(&audience.look(), docs)).into_response()
}

/// Converts the document for a page at `origin`.
struct Reader<'a> {
    document: &'a Value,
    origin: &'a str,
}

impl Reader<'_> {
    fn docs(&self) -> ApiDocs {
        let groups = self.groups();
        let mut operations = groups.iter().flat_map(|group| &group.operations);
        let first = operations.find(|operation| operation.needs_key).map(|operation| operation.curl.clone());
        ApiDocs {
            about: text(&self.document["info"]["description"]),
            document: format!("{}/openapi.json", api::PREFIX),
            key: text(&self.document["components"]["securitySchemes"]["bearer"]["description"]),
            first: first.unwrap_or_default(),
            problem: self.named("Problem"),
            types: members(&self.document["components"]["schemas"]).map(|(name, _)| self.named(name)).collect(),
            groups,
        }
    }

    /// The operations grouped by tag, in the order of the document.
    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (path, item) in members(&self.document["paths"]) {
            for (method, operation) in members(item).filter(|(_, operation)| operation["operationId"].is_string()) {
                let tag = text(&operation["tags"][0]);
                let operation = self.operation(path, method, operation);
                match groups.iter_mut().find(|group| group.name == tag) {
                    Some(group) => group.operations.push(operation),
                    None => groups.push(Group { name: tag, operations: vec![operation] }),
                }
            }
        }
        // Operations about the API itself come last.
        groups.sort_by_key(|group| group.name == "about");
        groups
    }

    fn operation(&self, path: &str, method: &str, operation: &Value) -> Operation {
        let method = method.to_uppercase();
        let needs_key =
            operation["security"].as_array().is_some_and(|all| all.iter().any(|one| one["bearer"].is_array()));
        let body = content(&operation["requestBody"]);
        let is_file = members(&operation["requestBody"]["content"]).any(|(kind, _)| kind != "application/json");
        let responses = members(&operation["responses"]);
        let result =
            responses.clone().find(|(status, _)| status.starts_with('2')).map(|(_, response)| content(response));
        let sent = if is_file { Some(curl::Sent::File("image/png")) } else { self.example(body).map(curl::Sent::Json) };
        Operation {
            id: text(&operation["operationId"]),
            curl: curl::command(self.origin, &method, path, needs_key, sent.as_ref()),
            path: path.to_owned(),
            summary: text(&operation["summary"]),
            about: operation["description"].as_str().map(str::to_owned),
            needs_key,
            parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
            body: name_of(body).map(|name| self.named(name)),
            result: result.and_then(name_of).map(|name| self.named(name)),
            answers: responses.map(|(status, response)| answer(status, response)).collect(),
            method,
        }
    }

    /// The schema with this name.
    fn named(&self, name: &str) -> Type {
        let schema = &self.document["components"]["schemas"][name];
        let required = schema["required"].as_array();
        let is_required = |name: &str| required.is_some_and(|required| required.iter().any(|one| one == name));
        let of_members = members(&schema["properties"]).map(|(name, member)| Member {
            name: name.to_owned(),
            place: None,
            required: is_required(name),
            kind: schema::describe(member),
            about: schema::description(member),
        });
        let is_object = schema["properties"].is_object();
        Type {
            name: name.to_owned(),
            about: text(&schema["description"]),
            members: of_members.collect(),
            kind: if is_object { Vec::new() } else { schema::describe(schema) },
            example: self.example(schema).filter(|_| is_object).map(|example| curl::json(&example)),
        }
    }
}

fn parameter(parameter: &Value) -> Member {
    Member {
        name: text(&parameter["name"]),
        place: parameter["in"].as_str().map(str::to_owned),
        required: parameter["required"] == true,
        kind: schema::describe(&parameter["schema"]),
        about: text(&parameter["description"]),
    }
}

fn answer(status: &str, response: &Value) -> Answer {
    Answer {
        status: status.to_owned(),
        about: text(&response["description"]),
        kind: name_of(content(response)).map(|name| vec![Word::Type(name.to_owned())]).unwrap_or_default(),
        headers: members(&response["headers"])
            .map(|(name, header)| (name.to_owned(), text(&header["description"])))
            .collect(),
    }
}

/// The members of an object, in order; empty for any other value.
fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> + Clone {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

/// A string on one line; empty for any other value.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The schema of a body, whatever its media type.
fn content(of: &Value) -> &Value {
    members(&of["content"]).next().map_or(&Value::Null, |(_, content)| &content["schema"])
}

/// The name of the schema that `schema` refers to, if it is a reference.
fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}
