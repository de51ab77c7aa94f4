//! The dialog that asks questions: it names the object, the consequences and what stays.

use leptos::prelude::*;

use super::{Confirm, Dialog, Question, text};

/// The dialog that asks questions.
#[component]
pub fn ConfirmDialog() -> impl IntoView {
    let Confirm(asked) = Confirm::expect();
    let close = Callback::new(move |()| asked.set(None));
    let read = move |part: fn(&Question) -> String| asked.with(|asked| asked.as_ref().map(part).unwrap_or_default());
    let act = move |_| {
        let question = asked.get_untracked();
        asked.set(None);
        if let Some(question) = question {
            (question.act)();
        }
    };
    view! {
        <Dialog
            id="confirm"
            open=Signal::derive(move || asked.with(Option::is_some))
            close
            title=Signal::derive(move || read(|question| question.title.clone()))
            small=true
        >
            <div class="dialog-body">
                <p>{move || read(|question| question.text.clone())}</p>
            </div>
            <div class="dialog-foot">
                <button type="button" class="btn btn-quiet" autofocus on:click=move |_| close.run(())>
                    {text::CANCEL}
                </button>
                <button
                    type="button"
                    class=move || {
                        if asked.with(|asked| asked.as_ref().is_some_and(|question| question.danger)) {
                            "btn btn-danger"
                        } else {
                            "btn btn-primary"
                        }
                    }
                    on:click=act
                >
                    {move || read(|question| question.verb.to_owned())}
                </button>
            </div>
        </Dialog>
    }
}
