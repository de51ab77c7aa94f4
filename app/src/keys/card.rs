//! The viewer's API keys: creating and revoking them.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use std::sync::Arc;

use domain::access::{Permissions, to_names};
use domain::keys::{ApiKey, KeyScope, NewApiKey};
use domain::{Code, Failure};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::api::{self, Lifetime};
use super::text;
use crate::access::PermissionPicker;
use crate::server_fn_error::ServerFnError;
use crate::ui::{
    Acting, Choice, Deferred, Dialog, DialogFoot, Download, Drawn, FormError, FreshSecret, Icon, IconName, Load,
    Question, SecretOnce, Sending, TextField, Time, drawing,
};
use crate::viewer::CurrentViewer;

/// The choices of [`Lifetime`], by their place in [`Lifetime::ALL`].
const LIFETIMES: &[(&str, &str)] =
    &[("0", Lifetime::Month.title()), ("1", Lifetime::Year.title()), ("2", Lifetime::Unlimited.title())];

/// The choices of [`KeyScope`], by its text; [`CUSTOM`] is a scope of some permissions.
const SCOPES: &[(&str, &str)] = &[
    ("full", text::SCOPE_FULL),
    ("read", text::SCOPE_READ),
    ("read_codes", text::SCOPE_READ_CODES),
    (CUSTOM, text::SCOPE_CUSTOM),
];

/// The choice of single permissions.
const CUSTOM: &str = "custom";

/// The form is a part of the browser's program, downloaded when the dialog is opened.
#[wasm_split(key_form, fallible, preload(preload_form))]
fn draw(close: Callback<()>, created: Callback<NewApiKey>) -> Drawn {
    Ok(view! { <KeyForm close created /> }.into_any())
}

fn load_form() -> Download {
    Box::pin(preload_form())
}

fn fresh(created: NewApiKey) -> FreshSecret {
    let name = created.key.name.to_string();
    FreshSecret {
        title: text::created(&name),
        note: text::COPY_NOW,
        label: text::NEW_KEY,
        secret: created.secret,
        of: name,
        copy: (text::COPY_KEY, text::KEY_COPIED),
        hide: text::HIDE_KEY,
        link: None,
    }
}

/// The card.
#[component]
pub fn KeysCard(
    /// The keys. Read by the page: a resource created while another one is awaited is created, and read, more than once.
    keys: Resource<Result<Vec<ApiKey>, ServerFnError>>,
    /// The key that was just created. Kept by the page, so that only the viewer takes it away.
    made: RwSignal<Option<FreshSecret>>,
) -> impl IntoView {
    let acting = Acting::new(move || keys.refetch());
    let creating = RwSignal::new(false);
    let close = Callback::new(move |()| creating.set(false));
    let created = Callback::new(move |key: NewApiKey| {
        // An older toast could cover the key.
        acting.toasts.clear();
        made.set(Some(fresh(key)));
        keys.refetch();
    });
    let revoke = Callback::new(move |key: ApiKey| {
        acting.ask(Question {
            title: text::revoke_title(key.name.as_str()),
            text: text::REVOKE_TEXT.to_owned(),
            verb: text::REVOKE_KEY,
            danger: true,
            act: Arc::new(move || {
                let done = text::revoked(key.name.as_str());
                acting.run(api::revoke(key.id), |()| done);
            }),
        });
    });
    view! {
        <section class="card" aria-labelledby="keys">
            <div class="card-head">
                <div>
                    <h2 id="keys">{text::KEYS}</h2>
                    <p class="card-note">{text::KEYS_NOTE}</p>
                </div>
                <button type="button" id="make-key" class="btn btn-sm" on:click=move |_| creating.set(true)>
                    <Icon name=IconName::Plus />
                    {text::CREATE}
                </button>
            </div>
            <SecretOnce made />
            <Load
                from=keys
                children=move |keys| {
                    if keys.is_empty() {
                        return view! { <p class="card-body soft">{text::NO_KEYS}</p> }.into_any();
                    }
                    let lines = keys.into_iter().map(|key| view! { <KeyLine key revoke /> }.into_any()).collect_view();
                    view! { <ul class="list">{lines}</ul> }.into_any()
                }
            />
            <Dialog id="new-key" open=creating close title=text::NEW_KEY.to_owned() small=true>
                {
                    let draw = drawing(move || draw(close, created));
                    view! { <Deferred load=load_form draw /> }.into_any()
                }
            </Dialog>
        </section>
    }
}

#[component]
fn KeyLine(key: ApiKey, revoke: Callback<ApiKey>) -> impl IntoView {
    let label = text::revoke_label(key.name.as_str());
    let kept = key.clone();
    view! {
        <li>
            <Icon name=IconName::Key />
            <div class="grow">
                <span class="cell-title">{key.name.to_string()}</span>
                <span class="cell-sub">
                    <span class="mono">{key.hint} "…"</span>
                    " · "
                    {text::scope_note(key.scope)}
                    {match key.last_used_at {
                        Some(at) => view! { {text::LAST_USED_BEFORE} <Time at /> }.into_any(),
                        None => text::NEVER_USED.into_any(),
                    }}
                    " · "
                    {match key.expires_at {
                        Some(at) => view! { {text::EXPIRES_BEFORE} <Time at /> }.into_any(),
                        None => text::NEVER_EXPIRES.into_any(),
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
                {text::REVOKE}
            </button>
        </li>
    }
}

#[component]
fn KeyForm(close: Callback<()>, created: Callback<NewApiKey>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let CurrentViewer(viewer) = expect_context();
    let scope = RwSignal::new(KeyScope::Full.to_string());
    let permissions = RwSignal::new(Permissions::empty());
    let lifetime = RwSignal::new("1".to_owned());
    let sending = Sending::new("new-key");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let place = lifetime.get_untracked().parse::<usize>().ok();
            let chosen = place.and_then(|place| Lifetime::ALL.get(place).copied()).unwrap_or(Lifetime::Year);
            let scope = scope.get_untracked();
            let scope = if scope == CUSTOM { to_names(permissions.get_untracked()) } else { scope };
            let scope = scope.parse::<KeyScope>().map_err(|wrong| Failure::field(Code::Invalid, "scope", wrong.0))?;
            Ok((name.get_untracked(), scope, chosen))
        };
        sending.send(
            &event,
            read,
            |(name, scope, chosen)| api::create(name, scope, chosen),
            move |key| {
                close.try_run(());
                created.try_run(key);
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <TextField
                    id="new-key-name"
                    name="name"
                    label=text::NAME
                    value=name
                    wrong
                    autofocus=true
                    placeholder=text::NAME_EXAMPLE
                />
                <Choice name="key-scope" legend=text::SCOPE options=SCOPES value=scope />
                {move || {
                    let viewer = viewer.get().and_then(Result::ok).filter(|_| scope.with(|scope| scope == CUSTOM))?;
                    let (offered, held) = (viewer.permissions, viewer.permissions);
                    let legend = text::SCOPE_CUSTOM_LEGEND;
                    Some(
                        view! { <PermissionPicker id="key-permission" legend offered held value=permissions /> }.into_any(),
                    )
                }}
                <Choice name="key-lifetime" legend=text::EXPIRES options=LIFETIMES value=lifetime />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::CREATE icon=IconName::Key busy close />
        </form>
    }
}
