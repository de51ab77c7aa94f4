//! The list of webhooks.

use domain::paging::{Cursor, Page};
use domain::webhooks::{Webhook, WebhookQuery, WebhookWithSecret};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::dialogs::{CreateDialog, PREFETCH};
use super::secret::fresh;
use super::{api, text};
use crate::ui::{Head, Icon, IconName, Listing, Load, SecretOnce, Skeleton, Time, TimeAs, nothing, paging, url};

/// The path of the list.
pub(super) const PATH: &str = crate::pages::WEBHOOKS.path;

/// The page.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| WebhookQuery { paging: params.with(paging) });
    let page = Resource::new(move || asked.get(), api::list);
    let creating = RwSignal::new(false);
    let made = RwSignal::new(None);
    let saved = Callback::new(move |created: WebhookWithSecret| {
        made.set(Some(fresh(created, true)));
        page.refetch();
    });
    view! {
        <Title text=text::WEBHOOKS />
        <div class="page-head">
            <div>
                <h1>{text::WEBHOOKS}</h1>
                <p class="page-sub">{text::ABOUT}</p>
            </div>
            <div class="page-acts">
                <button
                    type="button"
                    id="create-webhook"
                    class="btn btn-primary"
                    data-prefetch=PREFETCH
                    on:click=move |_| creating.set(true)
                >
                    <Icon name=IconName::Plus />
                    {text::CREATE}
                </button>
            </div>
        </div>
        <SecretOnce made />
        <Load from=page skeleton=Skeleton::Table children=move |page| view! { <WebhookTable page /> } />
        <CreateDialog open=creating saved />
    }
}

#[component]
fn WebhookTable(page: Page<Webhook>) -> impl IntoView {
    if page.items.is_empty() {
        return nothing(text::NO_WEBHOOKS, text::NO_WEBHOOKS_TEXT, None);
    }
    let to = |cursor: Cursor| url::with_query(PATH, &[("cursor", Some(cursor.to_string()))]);
    let heads = view! {
        <Head label=text::WEBHOOK />
        <Head label=text::EVENTS />
        <Head label=text::STATE />
        <Head label=text::CREATED class="cell-wide" />
    }
    .into_any();
    let row = |webhook| view! { <Row webhook /> }.into_any();
    view! {
        <Listing label=text::WEBHOOKS heads page row total=text::webhooks href=to words=text::PREVIOUS_NEXT />
    }
    .into_any()
}

#[component]
fn Row(webhook: Webhook) -> impl IntoView {
    let state = state(&webhook);
    let Webhook { id, terms, created_at, .. } = webhook;
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <a class="cell-title clip" dir="auto" id=format!("webhook-{id}") href=super::page::href(id)>
                    {terms.name.to_string()}
                </a>
                <span class="cell-sub clip">{terms.url.to_string()}</span>
            </th>
            <td role="cell" data-label=text::EVENTS class="cell-fit">
                {terms.events.map_or_else(|| text::ALL_EVENTS.to_owned(), |events| text::events(events.len()))}
            </td>
            <td role="cell" data-label=text::STATE class="cell-fit">
                {state}
            </td>
            <td role="cell" data-label=text::CREATED class="cell-fit cell-wide">
                <Time at=created_at show=TimeAs::Day />
            </td>
        </tr>
    }
}

/// Whether something is sent to a webhook, and arrives.
pub(super) fn state(webhook: &Webhook) -> AnyView {
    let (tone, words) = match webhook {
        Webhook { paused_at: Some(_), .. } => ("paused", text::PAUSED),
        Webhook { failures: 1.., .. } => ("danger", text::FAILING),
        _ => ("live", text::ACTIVE),
    };
    view! { <span class="badge" data-status=tone>{words}</span> }.into_any()
}
