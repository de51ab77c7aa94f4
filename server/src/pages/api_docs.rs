//! `/api/docs`: the OpenAPI document as a page. Everything on it is read from the document: what is not in there is
//! missing here, and what is, is here (`server/tests/it/api_docs.rs`).

mod kind;
mod shell;

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
    Html(api_docs(audience.look(), docs)).into_response()
}

/// Reads the document for a page at `origin`.
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

    /// The operations by their tags, both in the order of the document.
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
        // What is about the interface itself comes last.
        groups.sort_by_key(|group| group.name == "about");
        groups
    }

    fn operation(&self, path: &str, method: &str, operation: &Value) -> Operation {
        let method = method.to_uppercase();
        let needs_key =
            operation["security"].as_array().is_some_and(|all| all.iter().any(|one| one["bearer"].is_array()));
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let answers = members(&operation["responses"]);
        let result = answers.clone().find(|(status, _)| status.starts_with('2')).map(|(_, answer)| content(answer));
        Operation {
            id: text(&operation["operationId"]),
            curl: shell::curl(self.origin, &method, path, needs_key, self.example(body).as_ref()),
            path: path.to_owned(),
            summary: text(&operation["summary"]),
            about: operation["description"].as_str().map(str::to_owned),
            needs_key,
            parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
            body: name_of(body).map(|name| self.named(name)),
            result: result.and_then(name_of).map(|name| self.named(name)),
            answers: answers.map(|(status, answer)| self::answer(status, answer)).collect(),
            method,
        }
    }

    /// The type of this name.
    fn named(&self, name: &str) -> Type {
        let schema = &self.document["components"]["schemas"][name];
        let required = schema["required"].as_array();
        let is_required = |name: &str| required.is_some_and(|required| required.iter().any(|one| one == name));
        let of_members = members(&schema["properties"]).map(|(name, member)| Member {
            name: name.to_owned(),
            place: None,
            required: is_required(name),
            kind: kind::kind(member),
            about: kind::about(member),
        });
        let is_object = schema["properties"].is_object();
        Type {
            name: name.to_owned(),
            about: text(&schema["description"]),
            members: of_members.collect(),
            kind: if is_object { Vec::new() } else { kind::kind(schema) },
            example: self.example(schema).filter(|_| is_object).map(|example| shell::json(&example)),
        }
    }
}

fn parameter(parameter: &Value) -> Member {
    Member {
        name: text(&parameter["name"]),
        place: parameter["in"].as_str().map(str::to_owned),
        required: parameter["required"] == true,
        kind: kind::kind(&parameter["schema"]),
        about: text(&parameter["description"]),
    }
}

fn answer(status: &str, answer: &Value) -> Answer {
    Answer {
        status: status.to_owned(),
        about: text(&answer["description"]),
        kind: name_of(content(answer)).map(|name| vec![Word::Type(name.to_owned())]).unwrap_or_default(),
        headers: members(&answer["headers"])
            .map(|(name, header)| (name.to_owned(), text(&header["description"])))
            .collect(),
    }
}

/// The members of an object, in order; none of anything else.
fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> + Clone {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

/// A text on one line, or nothing.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The schema of an answer's body, of whatever media type.
fn content(answer: &Value) -> &Value {
    members(&answer["content"]).next().map_or(&Value::Null, |(_, content)| &content["schema"])
}

/// The name that a schema is a reference to.
fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}
