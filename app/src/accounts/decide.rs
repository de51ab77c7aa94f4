//! The form that approves or declines accounts with a message.

use domain::accounts::AccountsChanged;
use domain::approvals::{Decision, DecisionsDraft};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::actions::Deciding;
use super::{api, text};
use crate::ui::{DialogFoot, FormError, IconName, Sending, TextArea, Toasts};

#[component]
pub(super) fn DecideForm(deciding: Deciding, close: Callback<()>, decided: Callback<()>) -> impl IntoView {
    let toasts = Toasts::expect();
    let Deciding { decision, accounts, name } = deciding;
    let count = accounts.len();
    let note = RwSignal::new(String::new());
    let sending = Sending::new("decide");
    let Sending { wrong, busy, .. } = sending;
    let (about, verb, icon) = match decision {
        Decision::Approve => (text::APPROVE_ABOUT, text::APPROVE, IconName::Check),
        Decision::Decline => (text::DECLINE_ABOUT, text::DECLINE_VERB, IconName::Close),
    };
    let submit = move |event: SubmitEvent| {
        let (accounts, name) = (accounts.clone(), name.clone());
        sending.send(
            &event,
            move || Ok(DecisionsDraft { accounts, decision, note: Some(note.get_untracked()) }),
            api::decide_all,
            move |outcome: AccountsChanged| {
                close.try_run(());
                toasts.done(match (decision, name) {
                    (Decision::Approve, Some(name)) if outcome.changed == 1 => text::approved(&name),
                    (Decision::Decline, Some(name)) if outcome.changed == 1 => text::declined(&name),
                    _ => text::decided(decision, outcome),
                });
                decided.try_run(());
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <p>{about}</p>
                <TextArea
                    id="decide-note"
                    name="note"
                    label=if count == 1 { text::NOTE } else { text::NOTE_TO_EACH }
                    value=note
                    wrong
                    autofocus=true
                    help=match decision {
                        Decision::Approve => text::NOTE_OF_APPROVAL,
                        Decision::Decline => text::NOTE_OF_DECLINE,
                    }
                />
                <FormError wrong />
            </div>
            <DialogFoot verb icon busy close />
        </form>
    }
}
