//! One webhook, and what was sent to it.

use domain::ids::WebhookId;
use domain::outbox::DeliveryStatus;
use domain::paging::{Cursor, Page};
use domain::text::isolated;
use domain::webhooks::{Delivery, DeliveryQuery, EventType, Webhook, WebhookSecret};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::dialogs::{EditDialog, PREFETCH};
use super::doing::{delete, rotate_secret, set_paused};
use super::list::{PATH, state};
use super::{api, text};
use crate::server_fn_error::ServerFnError;
use crate::ui::{
    Absent, Acting, DeliveryDetails, FreshSecret, Head, Icon, IconName, Listing, Load, NamedHead, SecretOnce, Time,
    TimeAs, nothing, paging, status_filters, url,
};

/// The URL of a webhook's page.
pub(super) fn href(id: WebhookId) -> String {
    format!("{PATH}/{id}")
}

/// The page of the webhook whose id is in the path.
#[component]
pub fn WebhookPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<WebhookId>().ok())));
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| DeliveryQuery {
            status: query.get_str("status").and_then(|status| status.parse().ok()),
            paging: paging(query),
        })
    });
    // Both at once: what is drawn when one arrives would be drawn in what the other has replaced.
    let opened = Resource::new(
        move || (id.get(), asked.get()),
        |(id, query)| async move {
            let id = id.ok_or_else(|| ServerFnError::respond(domain::Failure::not_found("webhook")))?;
            let webhook = api::get(id).await?;
            let deliveries = api::deliveries(id, query).await?;
            Ok::<_, ServerFnError>((webhook, deliveries))
        },
    );
    let acting = Acting::new(move || opened.refetch());
    let navigate = use_navigate();
    let gone = Callback::new(move |()| navigate(PATH, NavigateOptions::default()));
    let editing = RwSignal::new(None);
    let made: RwSignal<Option<FreshSecret>> = RwSignal::new(None);
    view! {
        <Title text=text::WEBHOOK />
        <Load
            from=opened
            heading=text::WEBHOOK
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (PATH, text::ALL_WEBHOOKS) }
            children=move |(webhook, deliveries): (Webhook, Page<Delivery>)| {
                view! {
                    <Heading webhook=webhook.clone() acting gone editing />
                    <div class="stack">
                        <SecretOnce made />
                        <Summary webhook=webhook.clone() acting made />
                        <section class="stack" aria-labelledby="deliveries">
                            <div class="row row-between">
                                <h2 id="deliveries">{text::DELIVERIES}</h2>
                                <button type="button" class="btn btn-sm" on:click=move |_| opened.refetch()>
                                    <Icon name=IconName::Refresh />
                                    {text::REFRESH}
                                </button>
                            </div>
                            <Deliveries page=deliveries id=webhook.id asked=asked.get_untracked() acting />
                        </section>
                    </div>
                }
            }
        />
        <EditDialog of=editing saved=Callback::new(move |()| opened.refetch()) />
    }
}

#[component]
fn Heading(webhook: Webhook, acting: Acting, gone: Callback<()>, editing: RwSignal<Option<Webhook>>) -> impl IntoView {
    let (id, is_paused) = (webhook.id, webhook.paused_at.is_some());
    let name = webhook.terms.name.to_string();
    let of_act = StoredValue::new(isolated(&name));
    let kept = StoredValue::new(webhook);
    let (icon, pause) = if is_paused { (IconName::Play, text::RESUME) } else { (IconName::Pause, text::PAUSE) };
    view! {
        <NamedHead path=PATH list=text::WEBHOOKS name>
                <button
                    type="button"
                    id="edit-webhook-opener"
                    class="btn btn-primary"
                    data-prefetch=PREFETCH
                    on:click=move |_| editing.set(Some(kept.get_value()))
                >
                    <Icon name=IconName::Pencil />
                    {text::EDIT}
                </button>
                <button
                    type="button"
                    id="pause-webhook"
                    class="btn"
                    on:click=move |_| set_paused(acting, id, of_act.get_value(), !is_paused)
                >
                    <Icon name=icon />
                    {pause}
                </button>
                <button
                    type="button"
                    id="delete-webhook"
                    class="btn btn-danger-quiet"
                    on:click=move |_| delete(acting, id, of_act.get_value(), gone)
                >
                    <Icon name=IconName::Trash />
                    {text::DELETE}
                </button>
        </NamedHead>
    }
}

/// Where it posts to, what, and whether that arrives.
#[component]
fn Summary(webhook: Webhook, acting: Acting, made: RwSignal<Option<FreshSecret>>) -> impl IntoView {
    let state = state(&webhook);
    let Webhook { id, terms, secrets, failures, paused_at, .. } = webhook;
    let name = isolated(terms.name.as_str());
    let events = match terms.events {
        Some(events) => events.into_iter().map(EventType::title).collect::<Vec<_>>().join(", "),
        None => text::ALL_EVENTS.to_owned(),
    };
    let failing = (failures > 0 && paused_at.is_none()).then(|| text::failing(failures));
    view! {
        <section class="card connection" aria-label=text::WEBHOOK>
            <div class="card-body">
                <dl class="facts">
                    <dt>{text::STATE}</dt>
                    <dd>
                        {state} " " {failing.map(|words| view! { <span class="muted small">{words}</span> }.into_any())}
                    </dd>
                    <dt>{text::ADDRESS}</dt>
                    <dd>
                        <code class="mono block">{terms.url.to_string()}</code>
                    </dd>
                    <dt>{text::EVENTS}</dt>
                    <dd>{events}</dd>
                    <dt>{text::SECRET}</dt>
                    <dd>{secrets.into_iter().map(|secret| view! { <Secret secret /> }.into_any()).collect_view()}</dd>
                </dl>
                <div class="row">
                    <button
                        type="button"
                        id="test-webhook"
                        class="btn btn-sm"
                        on:click=move |_| acting.run(api::ping(id), |()| text::TEST_SENT.to_owned())
                    >
                        <Icon name=IconName::ArrowRight />
                        {text::TEST}
                    </button>
                    <button
                        type="button"
                        id="rotate-secret"
                        class="btn btn-sm"
                        on:click=move |_| rotate_secret(acting, id, &name, made)
                    >
                        <Icon name=IconName::Refresh />
                        {text::ROTATE}
                    </button>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Secret(secret: WebhookSecret) -> impl IntoView {
    view! {
        <div>
            <code class="mono">{format!("{}…", secret.hint)}</code>
            " "
            <span class="muted small">
                {match secret.expires_at {
                    Some(at) => view! { {text::SIGNS_UNTIL_BEFORE} <Time at /> }.into_any(),
                    None => view! { {text::CREATED_BEFORE} <Time at=secret.created_at /> }.into_any(),
                }}
            </span>
        </div>
    }
}

#[component]
fn Deliveries(page: Page<Delivery>, id: WebhookId, asked: DeliveryQuery, acting: Acting) -> impl IntoView {
    let path = href(id);
    let with = move |status: Option<DeliveryStatus>, cursor: Option<Cursor>| {
        let pairs =
            [("status", status.map(|status| status.to_string())), ("cursor", cursor.map(|cursor| cursor.to_string()))];
        url::with_query(&path, &pairs)
    };
    let filters =
        status_filters(DeliveryStatus::ALL, DeliveryStatus::title, asked.status, |status| with(status, None), None);
    if page.items.is_empty() {
        let empty = nothing(text::NO_DELIVERIES, text::NO_DELIVERIES_TEXT, None);
        return view! {
            {filters}
            {empty}
        }
        .into_any();
    }
    let heads = view! {
        <Head label=text::EVENT />
        <Head label=text::STATE />
        <Head label=text::ANSWER />
        <Head label=text::HAPPENED />
        <Head label=text::RETRY unseen=true />
    }
    .into_any();
    let row = move |delivery| view! { <Row delivery acting /> }.into_any();
    let to = move |cursor| with(asked.status, Some(cursor));
    view! {
        {filters}
        <Listing label=text::DELIVERIES heads page row total=text::deliveries href=to />
    }
    .into_any()
}

#[component]
fn Row(delivery: Delivery, acting: Acting) -> impl IntoView {
    let Delivery { id, event, payload, status, attempts, created_at, next_at, last_status, last_answer, .. } = delivery;
    let tone = match status {
        DeliveryStatus::Delivered => "live",
        DeliveryStatus::Pending => "scheduled",
        DeliveryStatus::Retrying => "paused",
        DeliveryStatus::Dead => "danger",
    };
    let tried = (attempts > 0).then(|| text::attempts(attempts));
    let next = next_at.filter(|_| status == DeliveryStatus::Retrying);
    let answer = match (last_status, &last_answer) {
        (Some(status), _) => status.to_string(),
        (None, Some(words)) => words.clone(),
        (None, None) => text::NO_ANSWER_YET.to_owned(),
    };
    let words = last_answer.filter(|words| last_status.is_some() && !words.is_empty());
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <span class="cell-title">{event.title()}</span>
                <DeliveryDetails sent=Some(payload) answer=words />
            </th>
            <td role="cell" data-label=text::STATE class="cell-fit">
                <span class="badge" data-status=tone>{status.title()}</span>
            </td>
            <td role="cell" data-label=text::ANSWER>
                <div>
                    <span class="clip">{answer}</span>
                    <span class="cell-sub">
                        {tried}
                        {next.map(|at| view! { ", " {text::NEXT_BEFORE} <Time at show=TimeAs::Relative /> }.into_any())}
                    </span>
                </div>
            </td>
            <td role="cell" data-label=text::HAPPENED class="cell-fit">
                <Time at=created_at />
            </td>
            <td role="cell" class="cell-fit">
                {status
                    .can_retry()
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                id=format!("retry-{id}")
                                class="btn btn-sm"
                                aria-label=text::retry_of(event.title())
                                on:click=move |_| acting.run(api::retry(id), |_| text::RETRIED.to_owned())
                            >
                                {text::RETRY}
                            </button>
                        }.into_any()
                    })}
            </td>
        </tr>
    }
}
