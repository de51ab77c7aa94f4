//! The dialog that asks questions: it names the object, the consequences and what stays.

use leptos::prelude::*;

use super::question::Asked;
use super::{Confirm, Dialog};

/// The dialog that asks questions.
#[component]
pub fn ConfirmDialog() -> impl IntoView {
    let Confirm(asked) = Confirm::expect();
    let close = Callback::new(move |()| asked.set(None));
    let read = move |part: fn(&Asked) -> String| asked.with(|asked| asked.as_ref().map(part).unwrap_or_default());
    let act = move |_| {
        let answered = asked.get_untracked();
        asked.set(None);
        if let Some(Asked { question, .. }) = answered {
            (question.act)();
        }
    };
    view! {
        <Dialog
            id="confirm"
            open=Signal::derive(move || asked.with(Option::is_some))
            close
            title=Signal::derive(move || read(|asked| asked.question.title.clone()))
            small=true
        >
            <div class="dialog-body">
                <p>{move || read(|asked| asked.question.text.clone())}</p>
            </div>
            <div class="dialog-foot">
                <button type="button" class="btn btn-quiet" autofocus on:click=move |_| close.run(())>
                    {move || read(|asked| asked.keep.to_owned())}
                </button>
                <button
                    type="button"
                    class=move || {
                        if asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.question.danger)) {
                            "btn btn-danger"
                        } else {
                            "btn btn-primary"
                        }
                    }
                    on:click=act
                >
                    {move || read(|asked| asked.question.verb.to_owned())}
                </button>
            </div>
        </Dialog>
    }
}
