//! The dialog that makes an invite and copies its link.

use domain::accounts::Role;
use domain::invites::{Invite, InviteDraft};
use domain::{Code, Failure};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::server_fn_error::ServerFnError;
use crate::settings::ClosedNote;
use crate::ui::{
    Choice, Dialog, DialogFoot, FormError, Icon, IconName, SelectField, Sending, TextField, Toast, Toasts, browser,
};

/// How long it works.
const LIFETIMES: &[(&str, &str)] =
    &[("", "No end"), ("24", "1 day"), ("168", "7 days"), ("720", "30 days"), ("hours", "Hours…"), ("date", "Date…")];
/// How many may come.
const PLACES: &[(&str, &str)] = &[("", "No limit"), ("1", "1"), ("10", "10"), ("50", "50"), ("other", "Other…")];

/// What was typed.
#[derive(Clone, Copy)]
struct Form {
    lifetime: RwSignal<String>,
    hours: RwSignal<String>,
    expires_at: RwSignal<String>,
    places: RwSignal<String>,
    max_uses: RwSignal<String>,
    label: RwSignal<String>,
    code: RwSignal<String>,
    role: RwSignal<String>,
    starts_at: RwSignal<String>,
}

impl Form {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            lifetime: empty(),
            hours: RwSignal::new("48".to_owned()),
            expires_at: empty(),
            places: empty(),
            max_uses: RwSignal::new("25".to_owned()),
            label: empty(),
            code: empty(),
            role: RwSignal::new(Role::User.as_str().to_owned()),
            starts_at: empty(),
        }
    }

    /// The draft, or what is no number or no moment and so can't even be sent.
    fn draft(self) -> Result<InviteDraft, ServerFnError> {
        let mut draft = InviteDraft {
            label: Some(self.label.get_untracked()),
            code: Some(self.code.get_untracked()),
            role: Some(self.role.get_untracked()),
            starts_at: moment("starts_at", &self.starts_at.get_untracked())?,
            ..InviteDraft::default()
        };
        match self.lifetime.get_untracked().as_str() {
            "" => {}
            "date" => {
                draft.expires_at = moment("expires_at", &self.expires_at.get_untracked())?;
                if draft.expires_at.is_none() {
                    return Err(refused("expires_at", "Choose a date and time, or “No end”."));
                }
            }
            "hours" => draft.expires_in_hours = Some(number("expires_in_hours", &self.hours.get_untracked())?),
            hours => draft.expires_in_hours = Some(number("expires_in_hours", hours)?),
        }
        match self.places.get_untracked().as_str() {
            "" => {}
            "other" => draft.max_uses = Some(number("max_uses", &self.max_uses.get_untracked())?),
            places => draft.max_uses = Some(number("max_uses", places)?),
        }
        Ok(draft)
    }
}

/// A wrong field that the browser finds.
pub(super) fn refused(field: &str, message: &str) -> ServerFnError {
    ServerFnError(Failure::field(Code::Invalid, field, message))
}

/// A number as typed.
pub(super) fn number(field: &str, text: &str) -> Result<i64, ServerFnError> {
    text.trim().parse().map_err(|_| refused(field, "Enter a whole number."))
}

/// A moment as typed, in RFC 3339; `None` if nothing was.
pub(super) fn moment(field: &str, text: &str) -> Result<Option<String>, ServerFnError> {
    if text.is_empty() {
        return Ok(None);
    }
    let at = browser::from_input(text).ok_or_else(|| refused(field, "Enter a date and time."))?;
    Ok(Some(at.to_rfc3339()))
}

/// The dialog. On success the link is on the clipboard, and the toast can put it there again.
#[component]
pub fn CreateDialog(
    /// Whether it is open.
    open: Signal<bool>,
    /// Called when it shall be closed.
    close: Callback<()>,
    /// Called when there is a new invite.
    created: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id="new-invite" open close title="New invite">
            <CreateForm close created />
        </Dialog>
    }
}

#[component]
fn CreateForm(close: Callback<()>, created: Callback<()>) -> impl IntoView {
    let toasts = Toasts::expect();
    let form = Form::new();
    let sending = Sending::new("new-invite");
    let Sending { wrong, busy, .. } = sending;
    let more = RwSignal::new(false);
    // A wrong field must not hide in the folded part.
    Effect::new(move || {
        let folded = ["label", "code", "role", "starts_at"];
        if wrong.with(|wrong| wrong.as_ref().is_some_and(|fault| folded.iter().any(|field| fault.of(field).is_some())))
        {
            more.set(true);
        }
    });
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || form.draft(),
            api::create,
            move |invite| {
                close.run(());
                created.run(());
                spawn_local(async move { toasts.show(announce(&invite).await) });
            },
        );
    };
    view! {
            <form novalidate on:submit=submit>
                <div class="dialog-body">
                    <ClosedNote />
                    <Choice name="lifetime" legend="Valid for" options=LIFETIMES value=form.lifetime autofocus=true />
                    {move || {
     (form.lifetime.with(|lifetime| lifetime == "hours")).then(|| view! {
                        <TextField
                            id="new-invite-hours"
                            name="expires_in_hours"
                            label="Hours from now"
                            value=form.hours
                            wrong
                            kind="number"
                            class="input input-num"
                            min="1"
                            max="8760"
                            help="1 to 8,760, which is a year."
                        />
                    }.into_any())
    }}
                    {move || {
     (form.lifetime.with(|lifetime| lifetime == "date")).then(|| view! {
                        <TextField
                            id="new-invite-expires"
                            name="expires_at"
                            label="Until"
                            value=form.expires_at
                            wrong
                            kind="datetime-local"
                            help="In your time zone."
                        />
                    }.into_any())
    }}
                    <Choice name="places" legend="How many people?" options=PLACES value=form.places />
                    {move || {
     (form.places.with(|places| places == "other")).then(|| view! {
                        <TextField
                            id="new-invite-max-uses"
                            name="max_uses"
                            label="Number of people"
                            value=form.max_uses
                            wrong
                            kind="number"
                            class="input input-num"
                            min="1"
                        />
                    }.into_any())
    }}
                    <details
                        class="more fold"
                        prop:open=move || more.get()
                        on:toggle=move |event| {
                            let details: web_sys::HtmlDetailsElement = event_target(&event);
                            more.set(details.open());
                            if details.open() {
                                // On a low screen what opens would be below the fold.
                                details.scroll_into_view();
                            }
                        }
                    >
                        <summary>
                            <Icon name=IconName::Right />
                            "More options"
                            <span class="card-note">"name, code, role, start"</span>
                        </summary>
                        <div class="fold-body">
                            <div class="fields-2">
                                <TextField
                                    id="new-invite-label"
                                    name="label"
                                    label="Name"
                                    value=form.label
                                    wrong
                                    optional=true
                                    placeholder="November open evening"
                                    help="For you; invitees don’t see it."
                                />
                                <TextField
                                    id="new-invite-code"
                                    name="code"
                                    label="Code"
                                    value=form.code
                                    wrong
                                    optional=true
                                    class="input input-mono"
                                    placeholder="Random"
                                    help="Your own: 6 to 64 letters, digits, - or _. Easy to guess; a random one is not."
                                />
                            </div>
                            <div class="fields-2">
                                <SelectField
                                    id="new-invite-role"
                                    name="role"
                                    label="They become"
                                    options=grantable()
                                    value=form.role
                                    wrong
                                />
                                <TextField
                                    id="new-invite-starts"
                                    name="starts_at"
                                    label="Starts"
                                    value=form.starts_at
                                    wrong
                                    optional=true
                                    kind="datetime-local"
                                    help="In your time zone."
                                />
                            </div>
                        </div>
                    </details>
                    <FormError wrong />
                </div>
                <DialogFoot verb="Create and copy link" icon=IconName::Link busy close />
            </form>
        }
}

/// The roles a link can grant, in words.
pub(super) fn grantable() -> Vec<(&'static str, &'static str)> {
    Role::ALL.into_iter().filter(|role| role.can_be_granted()).map(|role| (role.as_str(), role.title())).collect()
}

/// Copies the new link and says so; the toast shows the code and copies again.
async fn announce(invite: &Invite) -> Toast {
    let url = invite.url.clone().unwrap_or_default();
    let copied = browser::copy(&url).await;
    Toast {
        title: if copied { "Invite made, link copied" } else { "Invite made" }.to_owned(),
        detail: invite.code.as_ref().map(|code| code.as_str().to_owned()),
        copy: Some(url),
        ..Toast::default()
    }
}
