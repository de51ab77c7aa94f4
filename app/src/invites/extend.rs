//! The dialog that gives an invite more time.

use std::time::Duration;

use domain::invites::Invite;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::{self, Moment};
use super::create::{moment, refused};
use crate::fault::Fault;
use crate::ui::{
    Choice, Dialog, DialogFoot, FormError, IconName, TextField, Time, Toasts, Wrong, browser, focus_first_wrong,
};

const LENGTHS: &[(&str, &str)] =
    &[("24", "1 day"), ("168", "7 days"), ("720", "30 days"), ("", "No end"), ("date", "Date…")];

/// The dialog, open while there is something to extend.
#[component]
pub fn ExtendDialog(
    /// What is extended.
    extending: RwSignal<Option<Invite>>,
    /// Called when it has changed.
    changed: Callback<()>,
) -> impl IntoView {
    let close = Callback::new(move |()| extending.set(None));
    let title = Signal::derive(move || {
        extending
            .with(|invite| invite.as_ref().map(|invite| format!("Extend “{}”", invite.title())).unwrap_or_default())
    });
    view! {
        <Dialog id="extend-invite" open=Signal::derive(move || extending.with(Option::is_some)) close title>
            {extending.get_untracked().map(|invite| view! { <ExtendForm invite close changed /> })}
        </Dialog>
    }
}

#[component]
fn ExtendForm(invite: Invite, close: Callback<()>, changed: Callback<()>) -> impl IntoView {
    let toasts = Toasts::expect();
    let length = RwSignal::new("168".to_owned());
    let until = RwSignal::new(invite.expires_at.map(browser::to_input).unwrap_or_default());
    let wrong: Wrong = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let (id, ends) = (invite.id, invite.expires_at);

    let end = move || -> Result<Moment, Fault> {
        match length.get_untracked().as_str() {
            "" => Ok(Moment::Never),
            "date" => moment("expires_at", &until.get_untracked())?
                .map(Moment::At)
                .ok_or_else(|| refused("expires_at", "Choose a date and time, or “No end”.")),
            hours => {
                // From its end, or, if that has passed or there is none, from now.
                let now = browser::now();
                let from = ends.map_or(now, |ends| ends.max(now));
                let hours = hours.parse().unwrap_or_default();
                Ok(Moment::At(from.plus(Duration::from_hours(hours)).to_rfc3339()))
            }
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let refuse = move |fault| {
            wrong.set(Some(fault));
            focus_first_wrong("extend-invite");
        };
        let end = match end() {
            Ok(end) => end,
            Err(fault) => return refuse(fault),
        };
        busy.set(true);
        spawn_local(async move {
            match api::extend(id, end).await {
                Ok(invite) => {
                    close.run(());
                    changed.run(());
                    toasts.done(format!("“{}” has a new end", invite.title()));
                }
                Err(fault) => {
                    busy.set(false);
                    refuse(fault);
                }
            }
        });
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <p class="soft">
                    {match ends {
                        Some(ends) => view! { "Its end now: " <Time at=ends /> "." }.into_any(),
                        None => "It has no end now.".into_any(),
                    }}
                </p>
                <Choice name="length" legend="Longer by" options=LENGTHS value=length autofocus=true />
                <Show when=move || length.with(|length| length == "date")>
                    <TextField
                        id="extend-invite-expires"
                        name="expires_at"
                        label="Until"
                        value=until
                        wrong
                        kind="datetime-local"
                        help="In your time zone."
                    />
                </Show>
                <FormError wrong />
            </div>
            <DialogFoot verb="Extend" icon=IconName::Extend busy close />
        </form>
    }
}
