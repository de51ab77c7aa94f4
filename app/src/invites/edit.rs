//! The form that changes an invite.

use domain::invites::{Allowance, Invite};
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::CHANGE_DIALOG;
use super::effects::Effects;
use super::fields::InviteFields;
use super::form::InviteForm;
use super::{api, text};
use crate::ui::{Acting, DialogFoot, FormError, IconName, Sending};

#[component]
pub fn EditForm(
    /// The invite that is edited.
    invite: Invite,
    /// What the viewer may give it.
    bounds: Option<Allowance>,
    /// Closes the dialog.
    close: Callback<()>,
    /// How the page acts.
    acting: Acting,
) -> impl IntoView {
    let form = InviteForm::of(&invite, bounds);
    let sending = Sending::new(CHANGE_DIALOG);
    let Sending { wrong, busy, .. } = sending;
    let (id, used) = (invite.id, invite.used);
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || form.draft(),
            move |draft| api::update(id, draft),
            move |invite: Invite| {
                close.try_run(());
                acting.changed.try_run(());
                acting.toasts.done(text::saved(&isolated(invite.title())));
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <InviteFields form wrong />
                <FormError wrong />
            </div>
            <Effects form used />
            <DialogFoot verb=text::SAVE_CHANGES icon=IconName::Check busy close />
        </form>
    }
}
