//! What the acts on a member do. A part of the browser's program of its own, downloaded when an act is pointed at or chosen:
//! lists of members are read more often than acted on, and the search has these acts as well.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use std::sync::Arc;

use domain::accounts::{AccountRow, AccountStatus};
use domain::approvals::Decision;
use domain::password_resets::ResetLink;
use domain::text::isolated;
use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::actions::{Acts, Deciding, Does};
use super::{api, text};
use crate::ui::{Download, FreshSecret, Question};

/// The value of `data-prefetch` on a control that leads to an act.
pub const ACTS_PREFETCH: &str = "member-acts";

#[wasm_split(member_acts, fallible, preload(preload_acts))]
fn perform(acts: Acts, does: Does, row: AccountRow) -> Result<(), SplitLoaderError> {
    match does {
        Does::Approve => acts.approve(&row),
        Does::Decline => acts.decline(&row),
        Does::Reconsider => acts.reconsider(&row),
        Does::Suspend => acts.suspend(&row),
        Does::Restore => acts.restore(&row),
        Does::Delete => acts.delete(&row),
        Does::MakeResetLink => acts.make_reset_link(&row),
        Does::ResendActivation => acts.resend_activation(&row),
        Does::MarkVerified => acts.mark_verified(&row),
    }
    Ok(())
}

/// Acts at once, or asks first.
pub(super) fn run(acts: Acts, does: Does, row: &AccountRow) {
    acts.acting.by_part(perform(acts, does, row.clone()));
}

/// Downloads the acts unless they are there.
pub fn load_acts() -> Download {
    Box::pin(preload_acts())
}

impl Acts {
    fn approve(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        let undone = name.clone();
        self.acting.run_undoable(
            api::decide(id, Decision::Approve, None),
            move |status| {
                // One whose end has passed while it waited is approved and ended.
                let approved = status == AccountStatus::Active;
                (if approved { text::approved(&name) } else { unchanged(&name, status) }, approved)
            },
            move || {
                let name = undone.clone();
                self.acting.run(api::undo_decision(id, Decision::Approve), move |status| match status {
                    AccountStatus::Pending => text::pending_again(&name),
                    _ => unchanged(&name, status),
                });
            },
        );
    }

    fn decline(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        if let Some(dialog) = self.deciding {
            let decision = Decision::Decline;
            return dialog.set(Some(Deciding { decision, accounts: vec![id], row: Some(Box::new(row.clone())) }));
        }
        let row = row.clone();
        self.acting.ask(Question {
            title: text::decline_title(&name),
            text: text::decline_text(&name),
            verb: text::DECLINE_ACCOUNT,
            danger: true,
            act: Arc::new(move || {
                let (name, row) = (name.clone(), row.clone());
                self.acting.run_undoable(
                    api::decide(id, Decision::Decline, None),
                    move |_| (text::declined(&name), true),
                    move || self.reconsider(&row),
                );
            }),
        });
    }

    fn reconsider(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        let can_decide = row.can_decide;
        let put_back = async move {
            if can_decide { api::undo_decision(id, Decision::Decline).await } else { api::restore(id).await }
        };
        self.acting.run(put_back, move |status| match status {
            AccountStatus::Pending => text::pending_again(&name),
            _ => unchanged(&name, status),
        });
    }

    fn suspend(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.acting.ask(Question {
            title: text::suspend_title(&name),
            text: text::suspend_text(&name),
            verb: text::SUSPEND_MEMBER,
            danger: true,
            act: Arc::new(move || {
                let name = name.clone();
                self.acting.run(api::suspend(id), move |status| match status {
                    AccountStatus::Suspended => text::suspended(&name),
                    _ => unchanged(&name, status),
                });
            }),
        });
    }

    fn delete(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        let Self { acting, gone, .. } = self;
        acting.ask(Question {
            title: text::delete_title(&name),
            text: text::delete_text(&name),
            verb: text::DELETE_MEMBER,
            danger: true,
            act: Arc::new(move || {
                let name = name.clone();
                match gone {
                    None => acting.run(api::delete(id), move |()| text::deleted(&name)),
                    Some(gone) => acting.run_and_leave(api::delete(id), text::deleted(&name), gone),
                }
            }),
        });
    }

    fn make_reset_link(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        let Self { acting, made, .. } = self;
        acting.ask(Question {
            title: text::make_reset_link_title(&name),
            text: text::make_reset_link_text(&name),
            verb: text::MAKE_RESET_LINK_VERB,
            danger: false,
            act: Arc::new(move || {
                let name = name.clone();
                acting.run(api::make_reset_link(id), move |link| {
                    if let Some(made) = made {
                        made.try_run((id, fresh(link, name)));
                    }
                    text::RESET_LINK_MADE.to_owned()
                });
            }),
        });
    }

    fn resend_activation(self, row: &AccountRow) {
        let name = isolated(row.account.display_name());
        self.acting.run(api::resend_activation(row.account.id), move |_| text::activation_resent(&name));
    }

    fn mark_verified(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.acting.ask(Question {
            title: text::mark_verified_title(&name),
            text: text::mark_verified_text(&isolated(row.account.email.as_str())),
            verb: text::MARK_VERIFIED_VERB,
            danger: false,
            act: Arc::new(move || {
                let name = name.clone();
                self.acting.run(api::mark_verified(id), move |status| match status {
                    AccountStatus::Active => text::marked_verified(&name),
                    AccountStatus::Pending => text::pending_now(&name),
                    _ => unchanged(&name, status),
                });
            }),
        });
    }

    fn restore(self, row: &AccountRow) {
        let (id, name) = (row.account.id, isolated(row.account.display_name()));
        self.acting.ask(Question {
            title: text::restore_title(&name),
            text: text::restore_text(&name),
            verb: text::RESTORE_MEMBER,
            danger: false,
            act: Arc::new(move || {
                let name = name.clone();
                self.acting.run(api::restore(id), move |status| match status {
                    AccountStatus::Active => text::restored(&name),
                    _ => unchanged(&name, status),
                });
            }),
        });
    }
}

/// A reset link that was just made for the member with this isolated name.
fn fresh(link: ResetLink, of: String) -> FreshSecret {
    FreshSecret {
        title: text::reset_link_of(&of),
        note: text::RESET_LINK_NOTE,
        label: text::RESET_LINK,
        secret: link.url,
        of,
        copy: (text::COPY_LINK, text::LINK_COPIED),
        hide: text::HIDE_LINK,
        link: None,
    }
}

/// What a toast says when somebody else was quicker.
fn unchanged(name: &str, status: AccountStatus) -> String {
    text::unchanged(name, &status.title().to_lowercase())
}
