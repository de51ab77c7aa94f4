//! `/api/docs`: the reference of the REST API.

mod parts;

use leptos::prelude::*;

use self::parts::{Answers, Kind, Members, Prose, Shell};
use super::Look;
use super::document::{Head, render};
use super::text;
use crate::ui::{Icon, IconName, Logo};

/// The content of the page: the OpenAPI document, prepared for layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiDocs {
    /// The description of the API.
    pub about: String,
    /// The URL of the OpenAPI document.
    pub document: String,
    /// The description of API keys.
    pub key: String,
    /// An example of a request with a key, for the shell.
    pub first: String,
    /// The operations, grouped by tag.
    pub groups: Vec<Group>,
    /// The type of errors.
    pub problem: Type,
    /// The named types.
    pub types: Vec<Type>,
}

/// The operations with one tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The tag.
    pub name: String,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// The id, which is also its anchor on the page.
    pub id: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path's template.
    pub path: String,
    /// The summary.
    pub summary: String,
    /// The description.
    pub about: Option<String>,
    /// Whether it needs an API key.
    pub needs_key: bool,
    /// Parameters of path and query, and headers.
    pub parameters: Vec<Member>,
    /// The type of the request body.
    pub body: Option<Type>,
    /// The type of the successful response, if it has a name.
    pub result: Option<Type>,
    /// The responses, by status.
    pub answers: Vec<Answer>,
    /// An example for the shell.
    pub curl: String,
}

/// A member of a type, or a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: String,
    /// The location of a parameter.
    pub place: Option<String>,
    /// Whether it is required.
    pub required: bool,
    /// The type.
    pub kind: Vec<Word>,
    /// The description.
    pub about: String,
}

/// A part of the description of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Plain words.
    Text(String),
    /// The name of a type, which is linked.
    Type(String),
    /// A literal value.
    Value(String),
}

/// The response with one status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// `200`, …
    pub status: String,
    /// The description.
    pub about: String,
    /// The type of the body.
    pub kind: Vec<Word>,
    /// The documented headers and their descriptions.
    pub headers: Vec<(String, String)>,
}

/// A type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Type {
    /// The name.
    pub name: String,
    /// The description.
    pub about: String,
    /// The members of an object.
    pub members: Vec<Member>,
    /// The type, if it is not an object.
    pub kind: Vec<Word>,
    /// An example in JSON.
    pub example: Option<String>,
}

/// The page.
#[must_use]
pub fn api_docs(look: &Look, docs: ApiDocs) -> String {
    let head = Head { title: text::API.to_owned(), about: None };
    render(look, head, move || {
        let nav = docs.groups.iter().map(contents).collect_view();
        view! {
            <a class="skip" href="#main">{text::SKIP}</a>
            <header class="docs-top">
                <a class="docs-brand" href="/">
                    <Logo />
                </a>
                <a class="btn" href=docs.document.clone()>
                    <Icon name=IconName::Download />
                    {text::API_DOWNLOAD}
                </a>
            </header>
            <div class="docs">
                <nav class="docs-nav" aria-label=text::API_CONTENTS>
                    <ul class="docs-list">
                        <li><a href="#authentication">{text::API_AUTHENTICATION}</a></li>
                        <li><a href="#errors">{text::API_ERRORS}</a></li>
                    </ul>
                    {nav}
                    <ul class="docs-list">
                        <li><a href="#types">{text::API_TYPES}</a></li>
                    </ul>
                </nav>
                <main class="docs-main" id="main">
                    <h1>{text::API}</h1>
                    <Prose text=docs.about />
                    <section id="authentication">
                        <h2>{text::API_AUTHENTICATION}</h2>
                        <Prose text=docs.key />
                        <p>{text::API_KEY_EXAMPLE}</p>
                        <Shell text=docs.first />
                        <p><a href="/me/account">{text::API_MANAGE_KEYS}</a></p>
                    </section>
                    <section id="errors">
                        <h2>{text::API_ERRORS}</h2>
                        <Prose text=docs.problem.about.clone() />
                        {of_type(docs.problem)}
                    </section>
                    {docs.groups.into_iter().map(group).collect_view()}
                    <section id="types">
                        <h2>{text::API_TYPES}</h2>
                        {docs.types.into_iter().map(type_card).collect_view()}
                    </section>
                </main>
            </div>
        }
    })
}

/// The links to a group's operations.
fn contents(group: &Group) -> AnyView {
    let operations = group.operations.iter().map(|operation| {
        let (to, method, path) = (format!("#{}", operation.id), operation.method.clone(), short(&operation.path));
        view! {
            <li>
                <a href=to>
                    <span class="docs-verb" data-method=method.clone()>{method.clone()}</span>
                    " "
                    {path}
                </a>
            </li>
        }
    });
    view! {
        <p class="docs-group">{capitalised(&group.name)}</p>
        <ul class="docs-list">{operations.collect_view()}</ul>
    }
    .into_any()
}

/// A path without the prefix that all share.
fn short(path: &str) -> String {
    path.strip_prefix("/api/v1").unwrap_or(path).to_owned()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn group(group: Group) -> AnyView {
    view! {
        <section id=group.name.clone()>
            <h2>{capitalised(&group.name)}</h2>
            {group.operations.into_iter().map(operation).collect_view()}
        </section>
    }
    .into_any()
}

fn operation(operation: Operation) -> AnyView {
    let key = operation.needs_key.then(|| {
        view! {
            <span class="badge">
                <Icon name=IconName::Key />
                {text::API_NEEDS_KEY}
            </span>
        }
    });
    view! {
        <details class="card docs-card">
            <summary>
                <span class="docs-verb" data-method=operation.method.clone()>{operation.method.clone()}</span>
                <h3 class="mono">{operation.path}</h3>
                {key}
                <span class="docs-summary">{operation.summary}</span>
            </summary>
            <div class="docs-body" id=operation.id>
                {operation.about.map(|about| view! { <Prose text=about /> })}
                {(!operation.parameters.is_empty())
                    .then(|| view! { <h4>{text::API_PARAMETERS}</h4> <Members members=operation.parameters /> })}
                {operation.body.map(|body| titled(text::API_BODY, body))}
                {operation.result.map(|result| titled(text::API_RESULT, result))}
                <h4>{text::API_STATUSES}</h4>
                <Answers answers=operation.answers />
                <h4>{text::API_EXAMPLE}</h4>
                <Shell text=operation.curl />
            </div>
        </details>
    }
    .into_any()
}

fn titled(title: &'static str, of: Type) -> AnyView {
    let name = of.name.clone();
    let about = of.about.clone();
    view! {
        <h4>
            {title} ": " <Kind words=vec![Word::Type(name)] />
        </h4>
        <Prose text=about />
        {of_type(of)}
    }
    .into_any()
}

/// The members of a type, or its description, and an example.
fn of_type(of: Type) -> AnyView {
    view! {
        {(!of.members.is_empty()).then(|| view! { <Members members=of.members /> })}
        {(!of.kind.is_empty()).then(|| view! { <p class="docs-kind"><Kind words=of.kind /></p> })}
        {of.example.map(|example| view! { <Shell text=example /> })}
    }
    .into_any()
}

fn type_card(of: Type) -> AnyView {
    let (name, id, about) = (of.name.clone(), format!("type-{}", of.name), of.about.clone());
    view! {
        <details class="card docs-card">
            <summary>
                <h3 class="mono">{name}</h3>
                <span class="docs-summary">{about}</span>
            </summary>
            <div class="docs-body" id=id>
                {of_type(of)}
            </div>
        </details>
    }
    .into_any()
}
