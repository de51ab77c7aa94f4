//! What the acts on a webhook do.

use std::sync::Arc;

use domain::ids::WebhookId;
use leptos::prelude::*;

use super::secret::fresh;
use super::{api, text};
use crate::ui::{Acting, FreshSecret, Question};

/// Deletes a webhook and calls `gone`, after a question. Its name is isolated.
pub(super) fn delete(acting: Acting, id: WebhookId, name: String, gone: Callback<()>) {
    acting.ask(Question {
        title: text::delete_title(&name),
        text: text::DELETE_TEXT.to_owned(),
        verb: text::DELETE_WEBHOOK,
        danger: true,
        act: Arc::new(move || acting.run_and_leave(api::delete(id), text::deleted(&name), gone)),
    });
}

/// Creates another secret and hands it to `made`, after a question. The name is isolated.
pub(super) fn rotate_secret(acting: Acting, id: WebhookId, name: &str, made: RwSignal<Option<FreshSecret>>) {
    acting.ask(Question {
        title: text::rotate_title(name),
        text: text::ROTATE_TEXT.to_owned(),
        verb: text::CREATE_SECRET,
        danger: false,
        act: Arc::new(move || {
            acting.run(api::rotate_secret(id), move |created| {
                made.try_set(Some(fresh(created, false)));
                text::SECRET_CREATED.to_owned()
            });
        }),
    });
}

/// Pauses a webhook, or resumes it. Its name is isolated.
pub(super) fn set_paused(acting: Acting, id: WebhookId, name: String, paused: bool) {
    if paused {
        acting.run(api::pause(id), move |_| text::paused(&name));
    } else {
        acting.run(api::resume(id), move |_| text::resumed(&name));
    }
}
