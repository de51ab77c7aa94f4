//! The viewer's API keys: creating and revoking them.

use std::sync::Arc;

use domain::keys::{ApiKey, KeyScope, NewApiKey};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api::{self, Lifetime};
use crate::server_fn_error::ServerFnError;
use crate::ui::{
    Acting, Choice, CopyButton, Dialog, DialogFoot, FormError, Icon, IconName, Load, Question, Sending, TextField, Time,
};

/// The choices of [`Lifetime`], by their place in [`Lifetime::ALL`].
const LIFETIMES: &[(&str, &str)] =
    &[("0", Lifetime::Month.title()), ("1", Lifetime::Year.title()), ("2", Lifetime::Unlimited.title())];

/// The choices of [`KeyScope`].
const SCOPES: &[(&str, &str)] = &[
    (KeyScope::Full.as_str(), "Full access"),
    (KeyScope::Read.as_str(), "Read only"),
    (KeyScope::ReadCodes.as_str(), "Read only, with invite codes"),
];

/// The card.
#[component]
pub fn KeysCard(
    /// The keys. Read by the page: a resource created while another one is awaited is created, and read, more than once.
    keys: Resource<Result<Vec<ApiKey>, ServerFnError>>,
    /// The key that was just created. Kept by the page, so that only the viewer takes it away.
    made: RwSignal<Option<NewApiKey>>,
) -> impl IntoView {
    let acting = Acting::new(move || keys.refetch());
    let creating = RwSignal::new(false);
    let close = Callback::new(move |()| creating.set(false));
    let created = Callback::new(move |key| {
        made.set(Some(key));
        keys.refetch();
    });
    let revoke = Callback::new(move |key: ApiKey| {
        acting.ask(Question {
            title: format!("Revoke “{}”?", key.name),
            text:
                "Scripts that use this key stop working at once. A revoked key can’t be restored; create a new one instead."
                    .to_owned(),
            verb: "Revoke key",
            danger: true,
            act: Arc::new(move || {
                let done = format!("Revoked “{}”", key.name);
                acting.run(api::revoke(key.id), |()| done);
            }),
        });
    });
    view! {
        <section class="card" aria-labelledby="keys">
            <div class="card-head">
                <div>
                    <h2 id="keys">"API keys"</h2>
                    <p class="card-note">"For scripts. A key has your permissions, or is read-only."</p>
                </div>
                <button type="button" id="make-key" class="btn btn-sm" on:click=move |_| creating.set(true)>
                    <Icon name=IconName::Plus />
                    "Create API key"
                </button>
            </div>
            {move || made.get().map(|key| view! { <Secret key made /> }.into_any())}
            <Load
                from=keys
                children=move |keys| {
                    if keys.is_empty() {
                        return view! { <p class="card-body soft">"No API keys yet. Create one when a script needs it."</p> }
                            .into_any();
                    }
                    let lines = keys.into_iter().map(|key| view! { <KeyLine key revoke /> }.into_any()).collect_view();
                    view! { <ul class="list">{lines}</ul> }.into_any()
                }
            />
            <Dialog id="new-key" open=creating close title="Create API key".to_owned() small=true>
                <KeyForm close created />
            </Dialog>
        </section>
    }
}

/// The new key, the only time it can be read.
#[component]
fn Secret(key: NewApiKey, made: RwSignal<Option<NewApiKey>>) -> impl IntoView {
    let name = key.key.name.to_string();
    view! {
        <div class="secret" role="status">
            <p>
                <strong>{format!("“{name}” was created.")}</strong>
                " Copy the key now: it can’t be shown again, because only its hash is stored."
            </p>
            <div class="row row-nowrap">
                <input class="input copyline" readonly aria-label="New API key" value=key.secret.clone() />
                <CopyButton text=key.secret label="Copy key" of=name done="Key copied" class="btn" />
            </div>
            <div class="row">
                <button type="button" class="btn btn-sm" on:click=move |_| made.set(None)>
                    "Hide key"
                </button>
            </div>
        </div>
    }
}

#[component]
fn KeyLine(key: ApiKey, revoke: Callback<ApiKey>) -> impl IntoView {
    let label = format!("Revoke {}", key.name);
    let kept = key.clone();
    view! {
        <li>
            <Icon name=IconName::Key />
            <div class="grow">
                <span class="cell-title">{key.name.to_string()}</span>
                <span class="cell-sub">
                    <span class="mono">{key.hint} "…"</span>
                    " · "
                    {match key.scope {
                        KeyScope::Full => "",
                        KeyScope::Read => "read only · ",
                        KeyScope::ReadCodes => "read only, with invite codes · ",
                    }}
                    {match key.last_used_at {
                        Some(at) => view! { "last used " <Time at /> }.into_any(),
                        None => "never used".into_any(),
                    }}
                    " · "
                    {match key.expires_at {
                        Some(at) => view! { "expires " <Time at /> }.into_any(),
                        None => "never expires".into_any(),
                    }}
                </span>
            </div>
            <button
                type="button"
                id=format!("end-{}", kept.id)
                class="btn btn-sm btn-danger-quiet"
                aria-label=label
                on:click=move |_| revoke.run(kept.clone())
            >
                "Revoke"
            </button>
        </li>
    }
}

#[component]
fn KeyForm(close: Callback<()>, created: Callback<NewApiKey>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let scope = RwSignal::new(KeyScope::Full.as_str().to_owned());
    let lifetime = RwSignal::new("1".to_owned());
    let sending = Sending::new("new-key");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let place = lifetime.get_untracked().parse::<usize>().ok();
            let chosen = place.and_then(|place| Lifetime::ALL.get(place).copied()).unwrap_or(Lifetime::Year);
            Ok((name.get_untracked(), scope.get_untracked().parse().unwrap_or(KeyScope::Read), chosen))
        };
        sending.send(
            &event,
            read,
            |(name, scope, chosen)| api::create(name, scope, chosen),
            move |key| {
                close.run(());
                created.run(key);
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <TextField
                    id="new-key-name"
                    name="name"
                    label="Name"
                    value=name
                    wrong
                    autofocus=true
                    placeholder="Nightly import"
                />
                <Choice name="key-scope" legend="Permissions" options=SCOPES value=scope />
                <Choice name="key-lifetime" legend="Expires" options=LIFETIMES value=lifetime />
                <FormError wrong />
            </div>
            <DialogFoot verb="Create API key" icon=IconName::Key busy close />
        </form>
    }
}
