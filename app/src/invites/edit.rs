//! The dialog that changes an invite.

use domain::invites::Invite;
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api;
use super::form::{InviteFields, InviteForm};
use super::parts::InviteDialog;
use crate::ui::{Acting, DialogFoot, FormError, IconName, Sending};

/// The dialog, open while there is something to edit.
#[component]
pub fn EditDialog(
    /// The invite that is edited.
    editing: RwSignal<Option<Invite>>,
    /// How the page acts.
    acting: Acting,
) -> impl IntoView {
    view! {
        <InviteDialog
            id="edit-invite"
            verb="Edit"
            of=editing
            form=move |invite, close| view! { <EditForm invite close acting /> }.into_any()
        />
    }
}

#[component]
fn EditForm(invite: Invite, close: Callback<()>, acting: Acting) -> impl IntoView {
    let form = InviteForm::of(&invite);
    let sending = Sending::new("edit-invite");
    let Sending { wrong, busy, .. } = sending;
    let id = invite.id;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || form.draft(),
            move |draft| api::update(id, draft),
            move |invite: Invite| {
                close.run(());
                acting.changed.run(());
                acting.toasts.done(format!("Saved “{}”", isolated(invite.title())));
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <InviteFields form wrong />
                <FormError wrong />
            </div>
            <DialogFoot verb="Save changes" icon=IconName::Check busy close />
        </form>
    }
}
