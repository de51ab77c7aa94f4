//! The state of a connection by SCIM: what is known there, what waits and failed, and what differs.

use domain::applications::{ScimComparison, ScimDelivery, ScimState};
use domain::ids::ApplicationId;
use domain::outbox::{DeliveryQuery, DeliveryStatus};
use domain::paging::{Limit, Paging};
use domain::text::isolated;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{Acting, Await, ErrorBanner, Icon, IconName, Time};

/// The section of an application.
#[component]
pub(super) fn Section(id: ApplicationId) -> impl IntoView {
    let opened = Resource::new(
        || (),
        move |()| async move {
            let failed = DeliveryQuery {
                status: Some(DeliveryStatus::Dead),
                paging: Paging { cursor: None, limit: Limit::try_from(10).unwrap_or_default() },
            };
            let state = api::state(id).await?;
            let failed = if state.failed.counted > 0 { api::deliveries(id, failed).await?.items } else { Vec::new() };
            Ok((state, failed))
        },
    );
    let acting = Acting::new(move || opened.refetch());
    let compared: RwSignal<Option<ScimComparison>> = RwSignal::new(None);
    let compare = move |_| {
        acting.run(api::compare(id), move |comparison| {
            let words = text::compared(comparison.differences.len(), comparison.complete);
            compared.try_set(Some(comparison));
            words
        });
    };
    view! {
        <section class="card connection" aria-labelledby="scim">
            <div class="card-head">
                <div>
                    <h2 id="scim">{text::SCIM}</h2>
                    <p class="card-note">{text::NOTE}</p>
                </div>
                <div class="row">
                    <button type="button" id="compare-scim" class="btn btn-sm" on:click=compare>
                        <Icon name=IconName::Search />
                        {text::COMPARE}
                    </button>
                    <button
                        type="button"
                        id="synchronise-scim"
                        class="btn btn-sm"
                        on:click=move |_| acting.run(api::synchronise(id), |_| text::SYNCHRONISING.to_owned())
                    >
                        <Icon name=IconName::Refresh />
                        {text::SYNCHRONISE}
                    </button>
                </div>
            </div>
            <Await
                from=opened
                children=move |opened| match opened {
                    Ok((state, failed)) => view! { <State state /> <Failed failed acting /> }.into_any(),
                    Err(fault) => view! { <ErrorBanner fault /> }.into_any(),
                }
            />
            {move || compared.get().map(|comparison| view! { <Differences comparison /> }.into_any())}
        </section>
    }
}

#[component]
fn State(state: ScimState) -> impl IntoView {
    let ScimState { token_hint, accounts, groups, waiting, failed, last_error, next_at, .. } = state;
    let next = next_at.filter(|_| waiting.counted > 0);
    view! {
        <div class="card-body">
            <dl class="facts">
                <dt>{text::THERE}</dt>
                <dd>{text::there(&accounts.to_string(), &groups.to_string())}</dd>
                <dt>{text::WAITING}</dt>
                <dd>
                    {waiting.to_string()} {next.map(|at| view! { ", " {text::NEXT_BEFORE} <Time at /> }.into_any())}
                </dd>
                <dt>{text::FAILED}</dt>
                <dd>{failed.to_string()}</dd>
                {last_error
                    .map(|error| {
                        view! {
                            <dt>{text::LAST_ERROR}</dt>
                            <dd>{error}</dd>
                        }
                            .into_any()
                    })}
                {(!token_hint.is_empty())
                    .then(|| {
                        view! {
                            <dt>{text::TOKEN}</dt>
                            <dd>
                                <code class="mono">{format!("…{token_hint}")}</code>
                            </dd>
                        }
                            .into_any()
                    })}
            </dl>
        </div>
    }
}

/// What was given up last.
#[component]
fn Failed(failed: Vec<ScimDelivery>, acting: Acting) -> impl IntoView {
    if failed.is_empty() {
        return ().into_any();
    }
    let row = move |delivery: ScimDelivery| {
        let ScimDelivery { id, about, name, last_answer, created_at, .. } = delivery;
        let title = about.title();
        let label = text::retry_of(&name.as_deref().map_or_else(|| title.to_owned(), isolated));
        view! {
            <li class="request">
                <div class="grow">
                    <span class="cell-title clip" dir="auto">{name.unwrap_or_else(|| title.to_owned())}</span>
                    <span class="cell-sub">{last_answer}</span>
                    <span class="cell-sub">
                        <Time at=created_at />
                    </span>
                </div>
                <button
                    type="button"
                    id=format!("retry-{id}")
                    class="btn btn-sm"
                    aria-label=label
                    on:click=move |_| acting.run(api::retry(id), |_| text::RETRIED.to_owned())
                >
                    {text::RETRY}
                </button>
            </li>
        }
        .into_any()
    };
    view! { <ul class="list" aria-label=text::FAILED>{failed.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// What a comparison found.
#[component]
fn Differences(comparison: ScimComparison) -> impl IntoView {
    let ScimComparison { equal, differences, more, .. } = comparison;
    let row = |one: domain::applications::ScimDifference| {
        view! {
            <li class="request">
                <div class="grow">
                    <span class="cell-title clip" dir="auto">{one.name}</span>
                    <span class="cell-sub">{one.differs.title()}</span>
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <p class="card-body muted">{text::equal(equal)}</p>
        <ul class="list" aria-label=text::DIFFERENCES>{differences.into_iter().map(row).collect_view()}</ul>
        {more.then(|| view! { <p class="card-body muted small">{text::MORE}</p> }.into_any())}
    }
}
