//! The form in the dialog: how many invites an act changes, and until when they are extended.

use domain::invites::{BulkAction, BulkDraft, BulkOutcome, MAX_EXTENSION_DAYS};
use domain::{Code, Failure, Timestamp};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::api;
use super::text;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Choice, DialogFoot, FormError, IconName, Sending, TextField, Toasts, browser, instant};

/// A date of one's own.
const DATE: &str = "date";
/// A number of days of one's own.
const OTHER: &str = "other";
/// Numbers are days.
const LENGTHS: &[(&str, &str)] = &[
    ("1", text::BY_1_DAY),
    ("7", text::BY_7_DAYS),
    ("30", text::BY_30_DAYS),
    (OTHER, text::OTHER_DAYS),
    (DATE, text::UNTIL_DATE),
];

/// The end that is chosen.
#[derive(Clone, Copy)]
struct End {
    length: RwSignal<String>,
    days: RwSignal<String>,
    date: RwSignal<String>,
}

impl End {
    fn new() -> Self {
        let [length, days, date] = ["7", "", ""].map(|text| RwSignal::new(text.to_owned()));
        Self { length, days, date }
    }

    /// The draft with the end as it is typed. What is wrong is said here, so that nothing is counted for it meanwhile.
    fn of(self, draft: BulkDraft) -> Result<BulkDraft, ServerFnError> {
        let wrong = |field, why| ServerFnError(Failure::field(Code::Invalid, field, why));
        match (draft.action, self.length.get().as_str()) {
            (BulkAction::Extend, DATE) => match instant("expires_at", &self.date.get())? {
                Some(end) if end <= browser::now() => Err(wrong("expires_at", text::DATE_PASSED)),
                Some(end) => Ok(BulkDraft { expires_at: Some(end.to_rfc3339()), ..draft }),
                None => Err(wrong("expires_at", text::NOT_A_DATE)),
            },
            (BulkAction::Extend, length) => {
                let typed = if length == OTHER { self.days.get() } else { length.to_owned() };
                match typed.trim().parse() {
                    Ok(days) if (1..=MAX_EXTENSION_DAYS.into()).contains(&days) => {
                        Ok(BulkDraft { days: Some(days), ..draft })
                    }
                    _ => Err(wrong("days", text::DAYS_WRONG)),
                }
            }
            _ => Ok(draft),
        }
    }
}

#[component]
pub(super) fn BulkForm(
    /// The act, without an end.
    draft: BulkDraft,
    /// Closes the dialog.
    close: Callback<()>,
    /// Called when something was changed.
    done: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let action = draft.action;
    let end = End::new();
    let sending = Sending::new("bulk-invites");
    let Sending { wrong, busy, .. } = sending;
    let counted = RwSignal::new(None::<BulkOutcome>);
    // What is changed is what was counted first: what is created since is left out.
    let as_of = StoredValue::new(None::<Timestamp>);
    let asked = StoredValue::new(draft.clone());
    Effect::new(move || {
        let typed = asked.with_value(|draft| end.of(draft.clone()));
        counted.set(None);
        wrong.set(None);
        spawn_local(async move {
            let Ok(typed) = typed else { return };
            let answer = api::count_changes(typed.clone()).await;
            // Something else may have been chosen since, or the dialog closed.
            let latest = asked.try_with_value(|draft| untrack(|| end.of(draft.clone())));
            if latest != Some(Ok(typed)) {
                return;
            }
            match answer {
                Ok(outcome) => {
                    as_of.update_value(|as_of| {
                        as_of.get_or_insert(outcome.as_of);
                    });
                    counted.set(Some(outcome));
                }
                Err(fault) => wrong.set(Some(fault)),
            }
        });
    });
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || {
                let draft = asked.with_value(|draft| untrack(|| end.of(draft.clone())))?;
                Ok(BulkDraft { as_of: as_of.get_value(), ..draft })
            },
            api::change_all,
            move |outcome: BulkOutcome| {
                close.try_run(());
                toasts.done(text::after(action, &outcome));
                done.try_run(());
            },
        );
    };
    let icon = match action {
        BulkAction::Pause => IconName::Pause,
        BulkAction::Resume => IconName::Play,
        BulkAction::Extend => IconName::Extend,
        BulkAction::Delete => IconName::Trash,
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                {(action == BulkAction::Extend).then(|| view! { <EndFields end wrong /> }.into_any())}
                <p id="bulk-count" aria-live="polite">
                    {move || {
                        counted
                            .with(|counted| counted.as_ref().map(|counted| text::before(action, counted)))
                            .unwrap_or_else(|| {
                                // Nothing is counted for an end that is not typed yet.
                                let counts = asked.with_value(|draft| end.of(draft.clone()).is_ok());
                                if counts && wrong.with(Option::is_none) { text::COUNTING.to_owned() } else { String::new() }
                            })
                    }}
                </p>
                <p class="soft">{text::meaning(action)}</p>
                <FormError wrong />
            </div>
            <DialogFoot verb=text::title(action) icon busy close danger=action == BulkAction::Delete />
        </form>
    }
}

#[component]
fn EndFields(end: End, wrong: crate::ui::Wrong) -> impl IntoView {
    let End { length, days, date } = end;
    view! {
        <div class="field-group">
            <Choice name="length" legend=text::EXTEND_BY options=LENGTHS value=length autofocus=true />
            {move || {
                length
                    .with(|length| match length.as_str() {
                        DATE => {
                            Some(
                                view! {
                                    <TextField
                                        id="bulk-expires"
                                        name="expires_at"
                                        label=text::NEW_EXPIRY_DATE
                                        value=date
                                        wrong
                                        kind="datetime-local"
                                        help=text::TIME_ZONE_HELP
                                    />
                                }
                                    .into_any(),
                            )
                        }
                        OTHER => {
                            Some(
                                view! {
                                    <TextField
                                        id="bulk-days"
                                        name="days"
                                        label=text::DAYS
                                        value=days
                                        wrong
                                        kind="number"
                                        min="1"
                                        max="365"
                                        help=text::DAYS_HELP
                                    />
                                }
                                    .into_any(),
                            )
                        }
                        _ => None,
                    })
            }}
        </div>
    }
}
