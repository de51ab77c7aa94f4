//! The form that raises the maximum uses of an invite that is used up.

use domain::Patch;
use domain::invites::{Allowance, Invite, InviteDraft, SUGGESTED_MAX_USES};
use domain::text::thousands;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::CHANGE_DIALOG;
use super::form::{number, wrong_field};
use super::{api, text};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Acting, DialogFoot, FormError, IconName, Sending, TextField};

/// The new limit as typed; empty is none. A limit that is no higher than the uses so far would raise nothing.
fn raised(typed: &str, used: u32) -> Result<Patch<i64>, ServerFnError> {
    if typed.trim().is_empty() {
        return Ok(Patch::Clear);
    }
    let limit = number("max_uses", typed)?;
    if limit <= i64::from(used) {
        return Err(wrong_field("max_uses", &text::at_least(&thousands(used.saturating_add(1)))));
    }
    Ok(Patch::Set(limit))
}

#[component]
pub fn LimitForm(
    /// The invite whose limit is raised.
    invite: Invite,
    /// What the viewer may give it.
    bounds: Option<Allowance>,
    /// Closes the dialog.
    close: Callback<()>,
    /// How the page acts.
    acting: Acting,
) -> impl IntoView {
    let Invite { id, used, terms, .. } = invite;
    let suggested = terms.max_uses.unwrap_or(used).max(used).saturating_add(SUGGESTED_MAX_USES);
    let suggested = bounds.and_then(|bounds| bounds.max_uses).map_or(suggested, |max| suggested.min(max));
    let max_uses = RwSignal::new(suggested.to_string());
    let sending = Sending::new(CHANGE_DIALOG);
    let Sending { wrong, busy, .. } = sending;
    let draft = move || -> Result<InviteDraft, ServerFnError> {
        let max_uses = raised(&max_uses.get_untracked(), used)?;
        Ok(InviteDraft { max_uses, ..InviteDraft::default() })
    };
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            draft,
            move |draft| api::update(id, draft),
            move |invite: Invite| {
                close.try_run(());
                acting.changed.try_run(());
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
                    help=if bounds.is_some() { text::MOST_USES_HELP } else { text::MAX_USES_HELP }
                />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::RAISE_LIMIT icon=IconName::Plus busy close />
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_raised_above_the_uses_so_far() {
        assert_eq!(raised("4", 3), Ok(Patch::Set(4)));
        assert_eq!(raised(" ", 3), Ok(Patch::Clear));
        for typed in ["3", "0", "-1"] {
            let wrong = raised(typed, 3).unwrap_err();
            assert_eq!(wrong.of("max_uses").as_deref(), Some("Enter at least 4."), "{typed}");
        }
        assert!(raised("many", 3).unwrap_err().of("max_uses").is_some());
    }
}
