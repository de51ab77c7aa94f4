//! What the acts on one invite do that ask the server. A part of the browser's program of its own, downloaded when an act is
//! pointed at or chosen: lists of invites are read more often than acted on, and the search has these acts as well.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use std::sync::Arc;

use domain::invites::Invite;
use domain::text::isolated;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{api, text};
use crate::ui::{Acting, Download, Question};

/// What an act does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Pauses it.
    Pause,
    /// Resumes it.
    Resume,
    /// Asks, then deletes it for good.
    Delete,
}

#[wasm_split(invite_acts, fallible, preload(preload_acts))]
fn perform(acting: Acting, does: Does, invite: Invite) -> Result<(), SplitLoaderError> {
    match does {
        Does::Pause => acting.run(api::pause(invite.id), |invite| text::paused(&isolated(invite.title()))),
        Does::Resume => acting.run(api::resume(invite.id), |invite| text::resumed(&isolated(invite.title()))),
        Does::Delete => delete(acting, &invite),
    }
    Ok(())
}

/// Acts at once, or asks first.
pub(super) fn run(acting: Acting, does: Does, invite: &Invite) {
    acting.by_part(perform(acting, does, invite.clone()));
}

/// Downloads the acts unless they are there.
pub(super) fn load_acts() -> Download {
    Box::pin(preload_acts())
}

fn delete(acting: Acting, invite: &Invite) {
    let (id, title) = (invite.id, isolated(invite.title()));
    acting.ask(Question {
        title: text::delete_title(&title),
        text: text::delete_text(invite.used),
        verb: text::DELETE,
        danger: true,
        act: Arc::new(move || {
            let done = text::deleted(&title);
            acting.run(api::delete(id), |()| done);
        }),
    });
}
