//! What the viewer answered at sign-up, and the terms that they accepted. A part of the browser's program, downloaded after the page.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::flows::{AcceptedTerms, ShownAnswer};
use domain::text::isolated;
use domain::viewer::OwnAnswers;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::{api, text};
use crate::ui::{Await, Deferred, Drawn, Time, drawing};

#[wasm_split(own_answers, fallible, preload(preload))]
fn draw() -> Drawn {
    Ok(card())
}

/// The card; nothing where there is neither.
pub(super) fn answers_card() -> AnyView {
    let draw = drawing(draw);
    view! { <Deferred load=|| Box::pin(preload()) draw failed=text::ANSWERS_NOT_LOADED class="card card-body" unseen=true /> }
        .into_any()
}

fn card() -> AnyView {
    let answers = Resource::new(|| (), |()| api::answers());
    view! {
        <Await
            from=answers
            children=move |answers| {
                let answers = answers.ok().filter(|of| !of.answers.is_empty() || !of.terms.is_empty());
                answers.map(|answers| view! { <Card answers /> }.into_any())
            }
        />
    }
    .into_any()
}

#[component]
fn Card(answers: OwnAnswers) -> impl IntoView {
    let OwnAnswers { answers, terms } = answers;
    let note = (!answers.is_empty()).then(|| view! { <p class="help">{text::ANSWERS_NOTE}</p> });
    let answer = |ShownAnswer { label, value, .. }: ShownAnswer| {
        view! {
            <dt>{label}</dt>
            <dd dir="auto">
                {value}
            </dd>
        }
        .into_any()
    };
    let accepted = |AcceptedTerms { terms, version, accepted_at }: AcceptedTerms| {
        view! {
            <dt>{text::accepted(&isolated(terms.name.as_str()), version)}</dt>
            <dd>
                <Time at=accepted_at />
            </dd>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="answers">
            <div class="card-head">
                <h2 id="answers">{text::ANSWERS}</h2>
            </div>
            <div class="card-body">
                <dl class="facts answers">
                    {answers.into_iter().map(answer).collect_view()} {terms.into_iter().map(accepted).collect_view()}
                </dl>
                {note}
            </div>
        </section>
    }
}
