//! The form that moves the end of an invite to a later instant. For invites that have an end.

use std::time::Duration;

use domain::Timestamp;
use domain::invites::{Allowance, Invite};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::CHANGE_DIALOG;
use super::form::{DATE, EndPreview, NONE, expires_words, preview, wrong_field};
use super::{api, text};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Acting, Choice, DialogFoot, FormError, IconName, Sending, TextField, Time, browser, instant};

/// Numbers are hours.
const LENGTHS: &[(&str, &str)] = &[
    ("24", text::BY_1_DAY),
    ("168", text::BY_7_DAYS),
    ("720", text::BY_30_DAYS),
    (DATE, text::UNTIL_DATE),
    (NONE, text::NO_END),
];

/// `hours` after the present end, or after `now` if that has passed.
fn extended(present: Option<Timestamp>, hours: u64, now: Timestamp) -> Timestamp {
    present.map_or(now, |present| present.max(now)).plus(Duration::from_hours(hours))
}

#[component]
pub fn ExtendForm(
    /// The invite that is extended.
    invite: Invite,
    /// What the viewer may give it.
    bounds: Option<Allowance>,
    /// Closes the dialog.
    close: Callback<()>,
    /// How the page acts.
    acting: Acting,
) -> impl IntoView {
    let length = RwSignal::new("168".to_owned());
    // How much later depends on its age: what is too much is refused with the last date.
    let lengths: Vec<_> = LENGTHS.iter().copied().filter(|(value, _)| bounds.is_none() || *value != NONE).collect();
    let (id, present) = (invite.id, invite.terms.expires_at);
    // An end that has passed is nothing to begin with.
    let ahead = present.filter(|present| *present > browser::now());
    let date = RwSignal::new(ahead.map(browser::to_input).unwrap_or_default());
    let sending = Sending::new(CHANGE_DIALOG);
    let Sending { wrong, busy, .. } = sending;

    let end = move |length: &str, date: &str| -> Result<Option<Timestamp>, ServerFnError> {
        match length {
            NONE => Ok(None),
            DATE => match instant("expires_at", date)? {
                Some(end) => Ok(Some(end)),
                None => Err(wrong_field("expires_at", text::NO_NEW_EXPIRY_DATE)),
            },
            hours => Ok(Some(extended(present, hours.parse().unwrap_or_default(), browser::now()))),
        }
    };
    // What is wrong with the end is said at the field for a date.
    Effect::new(move || {
        if wrong.with(|wrong| wrong.as_ref().is_some_and(|fault| fault.of("expires_at").is_some())) {
            length.set(DATE.to_owned());
        }
    });
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || end(&length.get_untracked(), &date.get_untracked()),
            move |end| api::extend(id, end),
            move |invite: Invite| {
                close.try_run(());
                acting.changed.try_run(());
                acting.toasts.done(expires_words(invite.terms.expires_at));
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                {present
                    .map(|present| {
                        view! {
                            <p class="soft">
                                {if invite.status == domain::invites::InviteStatus::Expired { text::EXPIRED_BEFORE } else { text::EXPIRES_BEFORE }}
                                <Time at=present />
                            </p>
                        }.into_any()
                    })}
                <div class="field-group">
                    <Choice name="length" legend=text::EXTEND_BY options=lengths value=length autofocus=true />
                    {move || {
                        (length.with(|length| length == DATE))
                            .then(|| {
                                view! {
                                    <TextField
                                        id="extend-invite-expires"
                                        name="expires_at"
                                        label=text::NEW_EXPIRY_DATE
                                        value=date
                                        wrong
                                        kind="datetime-local"
                                        help=text::TIME_ZONE_HELP
                                    />
                                }.into_any()
                            })
                    }}
                    <EndPreview words=move || end(&length.get(), &date.get()).ok().and_then(preview) />
                </div>
                <FormError wrong />
            </div>
            <DialogFoot verb=text::EXTEND_INVITE icon=IconName::Extend busy close />
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_added_to_an_end_that_is_ahead_and_else_to_the_present() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let now = at(1_000_000);
        let day = 24 * 3_600;
        assert_eq!(extended(Some(at(1_000_060)), 24, now), at(1_000_060 + day));
        assert_eq!(extended(Some(at(999_940)), 24, now), at(1_000_000 + day));
        assert_eq!(extended(None, 24, now), at(1_000_000 + day));
    }
}
