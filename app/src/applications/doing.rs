//! What the acts on an application do. A part of the browser's program of its own, downloaded when an act is pointed at or
//! chosen.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use std::sync::Arc;

use domain::applications::ApplicationWithSecret;
use domain::ids::ApplicationId;
use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{api, text};
use crate::ui::{Acting, Download, Question};

/// The value of `data-prefetch` on a control that leads to an act.
pub const ACTS_PREFETCH: &str = "application-acts";

/// What an act does to an application. Names are isolated.
pub(super) enum Does {
    /// Asks, then deletes it and calls `gone`.
    Delete { name: String, gone: Callback<()> },
    /// Asks, then creates another client secret and hands it to `made`.
    RotateSecret { name: String, made: Callback<ApplicationWithSecret> },
}

#[wasm_split(application_acts, fallible, preload(preload_acts))]
fn perform(acting: Acting, id: ApplicationId, does: Does) -> Result<(), SplitLoaderError> {
    match does {
        Does::Delete { name, gone } => acting.ask(Question {
            title: text::delete_title(&name),
            text: text::DELETE_TEXT.to_owned(),
            verb: text::DELETE_APPLICATION,
            danger: true,
            act: Arc::new(move || acting.run_and_leave(api::delete(id), text::deleted(&name), gone)),
        }),
        Does::RotateSecret { name, made } => acting.ask(Question {
            title: text::rotate_title(&name),
            text: text::ROTATE_TEXT.to_owned(),
            verb: text::CREATE_SECRET,
            danger: false,
            act: Arc::new(move || {
                acting.run(api::rotate_secret(id), move |created| {
                    made.try_run(created);
                    text::SECRET_CREATED.to_owned()
                });
            }),
        }),
    }
    Ok(())
}

/// Asks, then acts.
pub(super) fn run(acting: Acting, id: ApplicationId, does: Does) {
    acting.by_part(perform(acting, id, does));
}

/// Downloads the acts unless they are there.
pub fn load_acts() -> Download {
    Box::pin(preload_acts())
}
