//! Confirming: one dialog that names the thing, what will happen to it and what stays.

use std::sync::Arc;

use leptos::prelude::*;

use super::Dialog;

/// What is asked before it is done.
#[derive(Clone)]
pub struct Question {
    /// What will be done to what: `Delete “Open evening”?`
    pub title: String,
    /// What that means, and what stays.
    pub text: String,
    /// What the button says that does it.
    pub verb: &'static str,
    /// Whether it takes something away.
    pub danger: bool,
    /// What it does.
    pub act: Arc<dyn Fn() + Send + Sync>,
}

/// Where questions are asked.
#[derive(Clone, Copy)]
pub struct Confirm(RwSignal<Option<Question>>);

impl Confirm {
    /// Makes the place and offers it to everything below.
    #[must_use]
    pub fn provide() -> Self {
        let confirm = Self(RwSignal::new(None));
        provide_context(confirm);
        confirm
    }

    /// The place that was provided.
    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// Asks.
    pub fn ask(self, question: Question) {
        self.0.set(Some(question));
    }
}

/// The dialog questions are asked in.
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
                    "Keep it as it is"
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
