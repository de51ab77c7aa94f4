//! The components of the API reference.

use leptos::prelude::*;

use super::{Answer, Member, Word};
use crate::public::text;

/// Text in which `this` is code.
#[component]
pub(super) fn Prose(text: String) -> impl IntoView {
    (!text.is_empty()).then(|| view! { <p>{inline(&text)}</p> })
}

fn inline(text: &str) -> Vec<AnyView> {
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    parts
        .map(|(at, part)| {
            let part = part.to_owned();
            if at % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
        })
        .collect()
}

/// A block of code.
#[component]
pub(super) fn Shell(text: String) -> impl IntoView {
    view! {
        <pre class="docs-code">
            <code>{text}</code>
        </pre>
    }
}

/// The description of a type, with links to named types.
#[component]
pub(super) fn Kind(words: Vec<Word>) -> impl IntoView {
    words
        .into_iter()
        .map(|word| match word {
            Word::Text(text) => text.into_any(),
            Word::Value(value) => view! { <code>{value}</code> }.into_any(),
            Word::Type(name) => {
                let to = format!("#type-{name}");
                view! { <a class="mono" href=to>{name}</a> }.into_any()
            }
        })
        .collect_view()
}

/// Members or parameters, each with its type and description.
#[component]
pub(super) fn Members(members: Vec<Member>) -> impl IntoView {
    let members = members.into_iter().map(|member| {
        view! {
            <dt>
                <code>{member.name}</code>
                {member.required.then(|| view! { <span class="docs-must">{text::API_REQUIRED}</span> })}
            </dt>
            <dd>
                <p class="docs-kind">
                    {member.place.map(|place| format!("{place}, "))} <Kind words=member.kind />
                </p>
                <Prose text=member.about />
            </dd>
        }
    });
    view! { <dl class="docs-facts">{members.collect_view()}</dl> }
}

/// The responses, by status.
#[component]
pub(super) fn Answers(answers: Vec<Answer>) -> impl IntoView {
    let answers = answers.into_iter().map(|answer| {
        let class = answer.status.chars().next().map(String::from);
        let headers = answer.headers.into_iter().map(|(name, says)| {
            view! {
                <p class="docs-kind">
                    {text::API_HEADER_BEFORE} <code>{name}</code> ": " {inline(&says)}
                </p>
            }
        });
        view! {
            <dt>
                <span class="docs-status" data-class=class>{answer.status}</span>
            </dt>
            <dd>
                <p>
                    {inline(&answer.about)} " " <Kind words=answer.kind />
                </p>
                {headers.collect_view()}
            </dd>
        }
    });
    view! { <dl class="docs-facts docs-answers">{answers.collect_view()}</dl> }
}
