//! The dialog that sets e-mail up. Its form is a part of the browser's program, downloaded when it is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::mail::MailView;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::MailForm;
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that opens the dialog.
pub const PREFETCH: &str = "mail-form";

#[wasm_split(mail_form, fallible, preload(preload_form))]
fn draw(edited: Edited, close: Callback<()>, saved: Callback<()>) -> Drawn {
    Ok(view! { <MailForm edited close saved /> }.into_any())
}

/// Downloads the form unless it is there.
pub fn load_form() -> Download {
    Box::pin(preload_form())
}

/// What the dialog is about.
#[derive(Clone)]
pub(super) struct Edited {
    /// The mail server, as it is set up.
    pub(super) mail: MailView,
    /// The name that messages are from unless another is chosen.
    pub(super) site_name: String,
}

/// The dialog that sets the mail server up, or changes it, open while there is something to edit.
#[component]
pub(super) fn MailDialog(of: RwSignal<Option<Edited>>, saved: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let is_on = move || of.with(|of| of.as_ref().is_some_and(|edited| edited.mail.terms.is_some()));
    let title = Signal::derive(move || {
        let words = if is_on() { text::EDIT_TITLE } else { text::SET_UP };
        words.to_owned()
    });
    let content = move || {
        of.get_untracked().map(|edited| {
            let draw = drawing(move || draw(edited.clone(), close, saved));
            view! { <Deferred load=load_form draw /> }.into_any()
        })
    };
    view! {
        <Dialog id="mail-settings" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {content()}
        </Dialog>
    }
}
