//! The form that creates an invite and copies its link.
// A form is a set of signals, which are indexes.
#![allow(clippy::large_types_passed_by_value)]

use domain::invites::Invite;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::fields::InviteFields;
use super::form::InviteForm;
use super::{api, text};
use crate::settings::ClosedNote;
use crate::ui::{DialogFoot, FormError, IconName, Sending, Toast, ToastCopy, Toasts, browser};

/// The form. On success the link is on the clipboard, and the toast can put it there again.
#[component]
pub(super) fn CreateForm(
    /// What is filled in at first.
    form: InviteForm,
    /// The id of the dialog.
    id: &'static str,
    /// Closes the dialog.
    close: Callback<()>,
    /// Called when there is a new invite.
    created: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let sending = Sending::new(id);
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || form.draft(),
            api::create,
            move |invite| {
                close.try_run(());
                created.try_run(());
                spawn_local(async move { toasts.show(announce(&invite).await) });
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <ClosedNote />
                <InviteFields form wrong />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::CREATE_INVITE icon=IconName::Plus busy close />
        </form>
    }
}

/// Copies the new link and says so; the toast shows it and copies it again.
async fn announce(invite: &Invite) -> Toast {
    let url = invite.url.clone().unwrap_or_default();
    let copied = browser::copy(&url).await;
    Toast {
        title: if copied { text::CREATED_AND_COPIED } else { text::CREATED_ONLY }.to_owned(),
        detail: Some(url.clone()),
        copy: Some(ToastCopy { label: text::COPY_LINK, text: url, done: text::LINK_COPIED }),
        ..Toast::default()
    }
}
