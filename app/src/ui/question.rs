//! Questions that are asked before something is done.

use std::sync::Arc;

use leptos::prelude::*;

use super::text;

/// What is asked before it is done.
#[derive(Clone)]
pub struct Question {
    /// The act and its object: `Delete “Open evening”?`
    pub title: String,
    /// The consequences.
    pub text: String,
    /// The label of the button that acts.
    pub verb: &'static str,
    /// Whether it takes something away.
    pub danger: bool,
    /// The act.
    pub act: Arc<dyn Fn() + Send + Sync>,
}

/// A question, and the label of the button that does nothing.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) keep: &'static str,
}

/// Where questions are asked.
#[derive(Clone, Copy)]
pub struct Confirm(pub(super) RwSignal<Option<Asked>>);

impl Confirm {
    /// Creates it and provides it to everything below.
    #[must_use]
    pub fn provide() -> Self {
        let confirm = Self(RwSignal::new(None));
        provide_context(confirm);
        confirm
    }

    /// The one that was provided.
    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// Asks.
    pub fn ask(self, question: Question) {
        self.0.set(Some(Asked { question, keep: text::CANCEL }));
    }

    /// Asks whether to lose what was typed; `discard` loses it.
    pub fn ask_about_unsaved(self, discard: impl Fn() + Send + Sync + 'static) {
        let question = Question {
            title: text::DISCARD_TITLE.to_owned(),
            text: text::DISCARD_TEXT.to_owned(),
            verb: text::DISCARD,
            danger: true,
            act: Arc::new(discard),
        };
        self.0.set(Some(Asked { question, keep: text::KEEP_EDITING }));
    }
}
