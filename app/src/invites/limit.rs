//! The form that raises the maximum uses of an invite that is used up.

use domain::Patch;
use domain::invites::{Invite, InviteDraft, SUGGESTED_MAX_USES};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::form::number;
use super::{api, text};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Acting, DialogFoot, FormError, IconName, Sending, TextField};

#[component]
pub fn LimitForm(
    /// The invite whose limit is raised.
    invite: Invite,
    /// Closes the dialog.
    close: Callback<()>,
    /// How the page acts.
    acting: Acting,
) -> impl IntoView {
    let Invite { id, used, terms, .. } = invite;
    let suggested = terms.max_uses.unwrap_or(used).max(used).saturating_add(SUGGESTED_MAX_USES);
    let max_uses = RwSignal::new(suggested.to_string());
    let sending = Sending::new("raise-limit");
    let Sending { wrong, busy, .. } = sending;
    let draft = move || -> Result<InviteDraft, ServerFnError> {
        let typed = max_uses.get_untracked();
        let max_uses = if typed.trim().is_empty() { Patch::Clear } else { Patch::Set(number("max_uses", &typed)?) };
        Ok(InviteDraft { max_uses, ..InviteDraft::default() })
    };
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            draft,
            move |draft| api::update(id, draft),
            move |invite: Invite| {
                close.run(());
                acting.changed.run(());
                acting.toasts.done(text::max_uses(invite.terms.max_uses));
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <p class="soft">{text::used_of_limit(used, terms.max_uses.unwrap_or(used))}</p>
                <TextField
                    id="raise-limit-max-uses"
                    name="max_uses"
                    label=text::MAX_USES
                    value=max_uses
                    wrong
                    kind="number"
                    class="input input-num"
                    min="1"
                    autofocus=true
                    help=text::MAX_USES_HELP
                />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::RAISE_LIMIT icon=IconName::Plus busy close />
        </form>
    }
}
