//! The form that approves or declines accounts with a message.

use std::sync::Arc;

use domain::approvals::{Decision, DecisionsDraft, DecisionsMade};
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::actions::{Acts, Deciding, Does};
use super::{api, doing, text};
use crate::ui::{self, DialogFoot, FormError, IconName, Sending, TextArea, Toast, ToastAction};

#[component]
pub(super) fn DecideForm(deciding: Deciding, acts: Acts, close: Callback<()>, decided: Callback<()>) -> impl IntoView {
    let Deciding { decision, accounts, row } = deciding;
    let count = accounts.len();
    let note = RwSignal::new(String::new());
    let sending = Sending::new("decide");
    let Sending { wrong, busy, .. } = sending;
    let (about, verb, icon) = match decision {
        Decision::Approve => (text::APPROVE_ABOUT, text::APPROVE, IconName::Check),
        Decision::Decline => (text::DECLINE_ABOUT, text::DECLINE_VERB, IconName::Close),
    };
    let submit = move |event: SubmitEvent| {
        let (accounts, row) = (accounts.clone(), row.clone());
        sending.send(
            &event,
            move || Ok(DecisionsDraft { accounts, decision, note: Some(note.get_untracked()) }),
            api::decide_all,
            move |made: DecisionsMade| {
                close.try_run(());
                acts.acting.toasts.show(match row.filter(|_| made.accounts.changed == 1) {
                    Some(row) => {
                        let title = text::declined(&isolated(row.account.display_name()));
                        let undo = Arc::new(move || doing::run(acts, Does::Reconsider, &row));
                        let action = Some(ToastAction { label: ui::text::UNDO, act: undo });
                        Toast { title, action, ..Toast::default() }
                    }
                    None => Toast { title: text::decided(decision, &made), ..Toast::default() },
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
