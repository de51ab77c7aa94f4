//! What the acts on an application do: each asks first.

use std::sync::Arc;

use domain::ids::ApplicationId;
use leptos::prelude::*;

use super::secret::fresh;
use super::{api, text};
use crate::ui::{Acting, FreshSecret, Question};

/// Deletes an application and calls `gone`. Its name is isolated.
pub(super) fn delete(acting: Acting, id: ApplicationId, name: String, gone: Callback<()>) {
    acting.ask(Question {
        title: text::delete_title(&name),
        text: text::DELETE_TEXT.to_owned(),
        verb: text::DELETE_APPLICATION,
        danger: true,
        act: Arc::new(move || acting.run_and_leave(api::delete(id), text::deleted(&name), gone)),
    });
}

/// Creates another client secret and hands it to `made`. The name is isolated.
pub(super) fn rotate_secret(acting: Acting, id: ApplicationId, name: &str, made: RwSignal<Option<FreshSecret>>) {
    acting.ask(Question {
        title: text::rotate_title(name),
        text: text::ROTATE_TEXT.to_owned(),
        verb: text::CREATE_SECRET,
        danger: false,
        act: Arc::new(move || {
            acting.run(api::rotate_secret(id), move |created| {
                made.try_set(fresh(created, false));
                text::SECRET_CREATED.to_owned()
            });
        }),
    });
}
