//! The dialog that changes an invite.

use domain::Timestamp;
use domain::invites::Invite;
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api::{self, InviteEdit, Moment};
use super::create::{grantable, moment, number};
use super::parts::InviteDialog;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Acting, DialogFoot, FormError, IconName, SelectField, Sending, TextField, browser};

/// What was typed, beside what it was made from.
#[derive(Clone, Copy)]
struct Form {
    label: RwSignal<String>,
    max_uses: RwSignal<String>,
    role: RwSignal<String>,
    starts_at: MomentInput,
    expires_at: MomentInput,
}

/// A moment that may have been touched.
#[derive(Clone, Copy)]
struct MomentInput {
    typed: RwSignal<String>,
    shown: StoredValue<String>,
}

impl MomentInput {
    fn new(at: Option<Timestamp>) -> Self {
        let shown = at.map(browser::to_input).unwrap_or_default();
        Self { typed: RwSignal::new(shown.clone()), shown: StoredValue::new(shown) }
    }

    fn read(self, field: &str) -> Result<Moment, ServerFnError> {
        let typed = self.typed.get_untracked();
        if self.shown.with_value(|shown| *shown == typed) {
            return Ok(Moment::Keep);
        }
        Ok(moment(field, &typed)?.map_or(Moment::Never, Moment::At))
    }
}

impl Form {
    fn new(invite: &Invite) -> Self {
        Self {
            label: RwSignal::new(invite.label.as_ref().map(|label| label.as_str().to_owned()).unwrap_or_default()),
            max_uses: RwSignal::new(invite.max_uses.map(|uses| uses.to_string()).unwrap_or_default()),
            role: RwSignal::new(invite.role.as_str().to_owned()),
            starts_at: MomentInput::new(invite.starts_at),
            expires_at: MomentInput::new(invite.expires_at),
        }
    }

    fn edit(self) -> Result<InviteEdit, ServerFnError> {
        let max_uses = self.max_uses.get_untracked();
        Ok(InviteEdit {
            label: self.label.get_untracked(),
            max_uses: if max_uses.trim().is_empty() { None } else { Some(number("max_uses", &max_uses)?) },
            role: self.role.get_untracked(),
            starts_at: self.starts_at.read("starts_at")?,
            expires_at: self.expires_at.read("expires_at")?,
        })
    }
}

/// The dialog, open while there is something to edit.
#[component]
pub fn EditDialog(
    /// What is edited.
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
    let form = Form::new(&invite);
    let sending = Sending::new("edit-invite");
    let Sending { wrong, busy, .. } = sending;
    let id = invite.id;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || form.edit(),
            move |edit| api::update(id, edit),
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
                <TextField
                    id="edit-invite-label"
                    name="label"
                    label="Name"
                    value=form.label
                    wrong
                    optional=true
                    autofocus=true
                    help="For you; invitees don’t see it."
                />
                <div class="fields-2">
                    <TextField
                        id="edit-invite-max-uses"
                        name="max_uses"
                        label="Most people"
                        value=form.max_uses
                        wrong
                        optional=true
                        kind="number"
                        min="1"
                        help="Empty: no limit."
                    />
                    <SelectField
                        id="edit-invite-role"
                        name="role"
                        label="They become"
                        options=grantable()
                        value=form.role
                        wrong
                    />
                </div>
                <div class="fields-2">
                    <TextField
                        id="edit-invite-starts"
                        name="starts_at"
                        label="Starts"
                        value=form.starts_at.typed
                        wrong
                        optional=true
                        kind="datetime-local"
                        help="In your time zone. Empty: at once."
                    />
                    <TextField
                        id="edit-invite-expires"
                        name="expires_at"
                        label="Ends"
                        value=form.expires_at.typed
                        wrong
                        optional=true
                        kind="datetime-local"
                        help="In your time zone. Empty: never."
                    />
                </div>
                <FormError wrong />
            </div>
            <DialogFoot verb="Save" icon=IconName::Check busy close />
        </form>
    }
}
