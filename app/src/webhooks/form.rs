//! The form of a webhook: where it posts to, and which events.

use std::collections::BTreeSet;

use domain::Patch;
use domain::text::isolated;
use domain::webhooks::{EventType, Webhook, WebhookDraft, WebhookWithSecret};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::Saved;
use super::{api, text};
use crate::ui::{Choice, DialogFoot, ErrorLine, FormError, IconName, Sending, TextField, Toasts, Wrong};

/// The values of the choice of events.
const EVERY: &str = "every";
const SOME: &str = "some";
const WHICH: &[(&str, &str)] = &[(EVERY, text::EVERY_EVENT), (SOME, text::SOME_EVENTS)];

/// Creates a webhook, or changes one.
#[component]
pub(super) fn WebhookForm(
    /// The webhook that is changed.
    webhook: Option<Webhook>,
    close: Callback<()>,
    /// Called when it is saved.
    saved: Saved,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let id = webhook.as_ref().map(|webhook| webhook.id);
    let terms = webhook.map(|webhook| webhook.terms);
    let name = RwSignal::new(terms.as_ref().map(|terms| terms.name.to_string()).unwrap_or_default());
    let url = RwSignal::new(terms.as_ref().map(|terms| terms.url.to_string()).unwrap_or_default());
    let events = terms.and_then(|terms| terms.events);
    let which = RwSignal::new(if events.is_some() { SOME } else { EVERY }.to_owned());
    let chosen: RwSignal<BTreeSet<EventType>> = RwSignal::new(events.into_iter().flatten().collect());
    let sending = Sending::new(if id.is_some() { "edit-webhook" } else { "new-webhook" });
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let names = move || chosen.with_untracked(|chosen| chosen.iter().map(ToString::to_string).collect());
            let is_every = which.with_untracked(|which| which == EVERY);
            Ok(WebhookDraft {
                name: Patch::Set(name.get_untracked()),
                url: Patch::Set(url.get_untracked()),
                events: if is_every { Patch::Clear } else { Patch::Set(names()) },
            })
        };
        match (id, saved) {
            (Some(id), Saved::Changed(saved)) => {
                let done = move |webhook: Webhook| {
                    close.try_run(());
                    toasts.done(text::saved(&isolated(webhook.terms.name.as_str())));
                    saved.try_run(());
                };
                sending.send(&event, read, |draft| api::update(id, draft), done);
            }
            (_, Saved::Created(saved)) => {
                let done = move |created: WebhookWithSecret| {
                    close.try_run(());
                    toasts.done(text::created(&isolated(created.webhook.terms.name.as_str())));
                    saved.try_run(created);
                };
                sending.send(&event, read, api::create, done);
            }
            (None, Saved::Changed(_)) => {}
        }
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <TextField
                    id="webhook-name"
                    name="name"
                    label=text::NAME
                    value=name
                    wrong
                    autofocus=true
                    placeholder=text::NAME_EXAMPLE
                />
                <TextField
                    id="webhook-url"
                    name="url"
                    label=text::ADDRESS
                    value=url
                    wrong
                    kind="url"
                    placeholder=text::ADDRESS_EXAMPLE
                    help=text::ADDRESS_HELP
                />
                <Choice name="webhook-events" legend=text::WHICH_EVENTS options=WHICH value=which />
                {move || which.with(|which| which == SOME).then(|| view! { <Events chosen wrong /> }.into_any())}
                <FormError wrong />
            </div>
            <DialogFoot
                verb=if id.is_some() { text::SAVE_CHANGES } else { text::CREATE }
                icon=if id.is_some() { IconName::Check } else { IconName::Plus }
                busy
                close
            />
        </form>
    }
}

/// The choice of single events.
#[component]
fn Events(chosen: RwSignal<BTreeSet<EventType>>, wrong: Wrong) -> impl IntoView {
    let line = |event: EventType| {
        let change = move |change| {
            chosen.update(|chosen| {
                if event_target_checked(&change) {
                    chosen.insert(event)
                } else {
                    chosen.remove(&event)
                };
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    id=format!("event-{event}")
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&event))
                    on:change=change
                />
                <span>{event.title()}</span>
            </label>
        }
        .into_any()
    };
    let error = Signal::derive(move || wrong.get().and_then(|fault| fault.of("events")));
    view! {
        <fieldset class="field" aria-invalid=move || error.with(Option::is_some).then_some("true")>
            <legend class="label">{text::CHOOSE_EVENTS}</legend>
            <div class="event-choice">{EventType::choices().map(line).collect_view()}</div>
            <ErrorLine id="webhook-events-error".to_owned() error />
        </fieldset>
    }
}
