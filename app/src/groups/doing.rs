//! What the acts on a group and its members do. A part of the browser's program of its own, downloaded when an act is pointed
//! at or chosen.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use std::sync::Arc;

use domain::groups::{GroupRef, MembersDraft};
use domain::ids::{AccountId, GroupId};
use domain::invites::InviteRef;
use domain::text::isolated;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{api, text};
use crate::ui::{Acting, Download, Question};

/// The value of `data-prefetch` on a control that leads to an act.
pub const ACTS_PREFETCH: &str = "group-acts";

/// What an act does to a group. Names are isolated.
pub(super) enum Does {
    /// Asks, with what it would do, then deletes the group and calls `gone`.
    Delete { name: String, gone: Callback<()> },
    /// Asks, then removes accounts.
    Remove { title: String, accounts: Vec<String> },
    /// Makes a member a manager, or a manager a member.
    SetManager { account: AccountId, name: String, manager: bool },
}

#[wasm_split(group_acts, fallible, preload(preload_acts))]
fn perform(acting: Acting, id: GroupId, does: Does) -> Result<(), SplitLoaderError> {
    match does {
        Does::Delete { name, gone } => delete(acting, id, name, gone),
        Does::Remove { title, accounts } => remove(acting, id, title, accounts),
        Does::SetManager { account, name, manager } => {
            let draft =
                MembersDraft { accounts: vec![account.to_string()], manager: Some(manager), ..MembersDraft::default() };
            acting.run(api::add_members(id, draft), move |_| {
                if manager { text::is_manager_now(&name) } else { text::is_no_manager_now(&name) }
            });
        }
    }
    Ok(())
}

/// Acts at once, or asks first.
pub(super) fn run(acting: Acting, id: GroupId, does: Does) {
    acting.by_part(perform(acting, id, does));
}

/// Removes an account, whose name is isolated, from a group, on the page of the account. Asks first.
pub fn remove_one(acting: Acting, group: &GroupRef, account: AccountId, name: &str) {
    let title = text::remove_title(name, &isolated(group.name.as_str()));
    run(acting, group.id, Does::Remove { title, accounts: vec![account.to_string()] });
}

/// Downloads the acts unless they are there.
pub fn load_acts() -> Download {
    Box::pin(preload_acts())
}

fn delete(acting: Acting, id: GroupId, name: String, gone: Callback<()>) {
    spawn_local(async move {
        let deletion = match api::deletion(id).await {
            Ok(deletion) => deletion,
            Err(fault) => return acting.toasts.fault(&fault),
        };
        let named: Vec<_> = deletion.invites.iter().map(InviteRef::title).map(isolated).collect();
        acting.ask(Question {
            title: text::delete_title(&name),
            text: text::delete_text(deletion.members, deletion.invite_count, &named),
            verb: text::DELETE_GROUP,
            danger: true,
            act: Arc::new(move || acting.run_and_leave(api::delete(id), text::deleted(&name), gone)),
        });
    });
}

fn remove(acting: Acting, id: GroupId, title: String, accounts: Vec<String>) {
    acting.ask(Question {
        title,
        text: text::REMOVE_TEXT.to_owned(),
        verb: text::REMOVE_MEMBERS,
        danger: true,
        act: Arc::new(move || {
            let draft = MembersDraft { accounts: accounts.clone(), ..MembersDraft::default() };
            acting.run(api::remove_members(id, draft), |done| text::removed(done.changed));
        }),
    });
}
