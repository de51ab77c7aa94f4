//! One document of terms, and its versions.

use std::sync::Arc;

use domain::flows::{FlowRef, TermsDetails, TermsVersion};
use domain::ids::TermsId;
use domain::text::isolated;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::api::{self, Opened};
use super::dialogs::{EditDialog, PREFETCH};
use super::text;
use crate::pages;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Absent, Acting, Icon, IconName, Load, NamedHead, Question, Time, TimeAs};

/// The page of the terms whose id is in the path.
#[component]
pub fn TermsPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<TermsId>().ok())));
    let opened = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::open(id).await,
                None => Err(ServerFnError::respond(domain::Failure::not_found("terms"))),
            }
        },
    );
    let acting = Acting::new(move || opened.refetch());
    let navigate = StoredValue::new(use_navigate());
    let gone = Callback::new(move |()| {
        navigate.with_value(|navigate| navigate(pages::TERMS.path, NavigateOptions::default()));
    });
    let editing = RwSignal::new(None);
    view! {
        <Title text=text::TERMS />
        <Load
            from=opened
            heading=text::TERMS
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (pages::TERMS.path, text::ALL_TERMS) }
            children=move |Opened { details, html, versions }| {
                let used_by = details.summary.used_by.clone();
                view! {
                    {head(details, acting, gone, editing)}
                    <div class="stack">
                        <section class="card" aria-labelledby="terms-present">
                            <div class="card-head">
                                <h2 id="terms-present">{text::PRESENT}</h2>
                            </div>
                            <div class="card-body">
                                <div class="welcome-preview" dir="auto" inner_html=html></div>
                            </div>
                        </section>
                        {flows(used_by)}
                        {history(versions)}
                    </div>
                }
            }
        />
        <EditDialog of=editing saved=Callback::new(move |_| opened.refetch()) />
    }
}

fn head(details: TermsDetails, acting: Acting, gone: Callback<()>, editing: RwSignal<Option<TermsDetails>>) -> AnyView {
    let (id, can_change) = (details.summary.terms.id, details.can_change);
    let name = details.summary.terms.name.to_string();
    let description = Some(text::describes(details.summary.version, details.summary.accepted_by));
    let of_act = isolated(&name);
    let kept = StoredValue::new(details);
    let delete = move |_| {
        let name = of_act.clone();
        acting.ask(Question {
            title: text::delete_title(&name),
            text: text::DELETE_TEXT.to_owned(),
            verb: text::DELETE_TERMS,
            danger: true,
            act: Arc::new(move || acting.run_and_leave(api::delete(id), text::deleted(&name), gone)),
        });
    };
    view! {
        <NamedHead path=pages::TERMS.path list=text::TERMS name description>
            <a class="btn" href=format!("{}/acceptances.csv", pages::terms(id)) rel="external" download="">
                <Icon name=IconName::Download />
                {text::EXPORT}
            </a>
            {can_change
                .then(|| {
                    view! {
                        <button
                            type="button"
                            id="edit-terms-opener"
                            class="btn btn-primary"
                            data-prefetch=PREFETCH
                            on:click=move |_| editing.set(Some(kept.get_value()))
                        >
                            <Icon name=IconName::Pencil />
                            {text::EDIT}
                        </button>
                        <button type="button" id="delete-terms" class="btn btn-danger-quiet" on:click=delete>
                            <Icon name=IconName::Trash />
                            {text::DELETE}
                        </button>
                    }.into_any()
                })}
        </NamedHead>
    }
    .into_any()
}

/// The flows that ask for them.
fn flows(used_by: Vec<FlowRef>) -> AnyView {
    if used_by.is_empty() {
        return view! { <p class="soft">{text::NO_FLOWS}</p> }.into_any();
    }
    let line = |flow: FlowRef| {
        view! {
            <li>
                <span class="grow">
                    <a class="clip" href=pages::flow(flow.id)>
                        <bdi>{flow.name.to_string()}</bdi>
                    </a>
                </span>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="terms-flows">
            <div class="card-head">
                <h2 id="terms-flows">{text::USED_BY}</h2>
            </div>
            <ul class="list">{used_by.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// The versions, each with its source.
fn history(versions: Vec<TermsVersion>) -> AnyView {
    let line = |TermsVersion { number, text: source, ask, published_at }: TermsVersion| {
        view! {
            <li class="terms-version">
                <details class="more grow">
                    <summary>
                        <Icon name=IconName::Right />
                        <b>{text::version(number)}</b>
                        <span class="muted small">
                            "· "
                            <Time at=published_at show=TimeAs::Both />
                            " · "
                            {text::asked(ask)}
                        </span>
                    </summary>
                    <p class="lines" dir="auto">
                        {source.to_string()}
                    </p>
                </details>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="terms-versions">
            <div class="card-head">
                <h2 id="terms-versions">{text::VERSIONS}</h2>
            </div>
            <ul class="list">{versions.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
