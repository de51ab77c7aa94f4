//! The dialog that gives an invite more time.

use std::time::Duration;

use domain::invites::Invite;
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api::{self, Moment};
use super::create::{moment, refused};
use super::parts::InviteDialog;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Acting, Choice, DialogFoot, FormError, IconName, Sending, TextField, Time, browser};

const LENGTHS: &[(&str, &str)] =
    &[("24", "1 day"), ("168", "7 days"), ("720", "30 days"), ("", "No end"), ("date", "Date…")];

/// The dialog, open while there is something to extend.
#[component]
pub fn ExtendDialog(
    /// What is extended.
    extending: RwSignal<Option<Invite>>,
    /// How the page acts.
    acting: Acting,
) -> impl IntoView {
    view! {
        <InviteDialog
            id="extend-invite"
            verb="Extend"
            of=extending
            form=move |invite, close| view! { <ExtendForm invite close acting /> }.into_any()
        />
    }
}

#[component]
fn ExtendForm(invite: Invite, close: Callback<()>, acting: Acting) -> impl IntoView {
    let length = RwSignal::new("168".to_owned());
    let until = RwSignal::new(invite.expires_at.map(browser::to_input).unwrap_or_default());
    let sending = Sending::new("extend-invite");
    let Sending { wrong, busy, .. } = sending;
    let (id, ends) = (invite.id, invite.expires_at);

    let end = move || -> Result<Moment, ServerFnError> {
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
        sending.send(
            &event,
            end,
            move |end| api::extend(id, end),
            move |invite: Invite| {
                close.run(());
                acting.changed.run(());
                acting.toasts.done(format!("“{}” has a new end", isolated(invite.title())));
            },
        );
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
                    {move || {
     (length.with(|length| length == "date")).then(|| view! {
                        <TextField
                            id="extend-invite-expires"
                            name="expires_at"
                            label="Until"
                            value=until
                            wrong
                            kind="datetime-local"
                            help="In your time zone."
                        />
                    }.into_any())
    }}
                    <FormError wrong />
                </div>
                <DialogFoot verb="Extend" icon=IconName::Extend busy close />
            </form>
        }
}
