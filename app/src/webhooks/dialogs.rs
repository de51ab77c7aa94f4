//! The dialogs of webhooks. Their form is a part of the browser's program, downloaded when a dialog is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::text::isolated;
use domain::webhooks::{Webhook, WebhookWithSecret};
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::WebhookForm;
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that leads to the form.
pub const PREFETCH: &str = "webhook-form";

/// What the form does with what it saved.
#[derive(Clone, Copy)]
pub(super) enum Saved {
    /// A new webhook, with its secret.
    Created(Callback<WebhookWithSecret>),
    /// A webhook that was changed.
    Changed(Callback<()>),
}

#[wasm_split(webhook_form, fallible, preload(preload_form))]
fn draw(webhook: Option<Webhook>, close: Callback<()>, saved: Saved) -> Drawn {
    Ok(view! { <WebhookForm webhook close saved /> }.into_any())
}

/// Downloads the form unless it is there.
pub fn load_forms() -> Download {
    Box::pin(preload_form())
}

fn deferred(webhook: Option<Webhook>, close: Callback<()>, saved: Saved) -> AnyView {
    let draw = drawing(move || draw(webhook.clone(), close, saved));
    view! { <Deferred load=load_forms draw /> }.into_any()
}

/// The dialog that creates a webhook.
#[component]
pub(super) fn CreateDialog(open: RwSignal<bool>, saved: Callback<WebhookWithSecret>) -> impl IntoView {
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog id="new-webhook" open=open close title=text::NEW.to_owned()>
            {deferred(None, close, Saved::Created(saved))}
        </Dialog>
    }
}

/// The dialog that changes a webhook, open while there is one.
#[component]
pub(super) fn EditDialog(of: RwSignal<Option<Webhook>>, saved: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let title = Signal::derive(move || {
        of.with(|of| of.as_ref().map(|of| text::edit_title(&isolated(of.terms.name.as_str()))).unwrap_or_default())
    });
    view! {
        <Dialog id="edit-webhook" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|webhook| deferred(Some(webhook), close, Saved::Changed(saved)))}
        </Dialog>
    }
}
