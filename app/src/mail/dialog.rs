//! The dialog that sets e-mail up.

use domain::mail::MailView;
use leptos::prelude::*;

use super::form::MailForm;
use super::text;
use crate::ui::Dialog;

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
    view! {
        <Dialog id="mail-settings" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|edited| view! { <MailForm edited close saved /> }.into_any())}
        </Dialog>
    }
}
