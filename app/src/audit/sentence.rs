//! What an entry says, as a sentence that its originator begins.

use domain::access::Permissions;
use domain::audit::{AuditDetail, AuditEntry};
use domain::events::{Action, SubjectKind};
use leptos::prelude::*;

use super::text::{self, Words, words};
use crate::pages;

/// What was done, with a link to what it was done to where the viewer may open that.
pub(super) fn sentence(entry: &AuditEntry, permissions: Permissions) -> AnyView {
    let Ok(action) = entry.action.parse::<Action>() else {
        return view! { {text::UNKNOWN_BEFORE} " " <code>{entry.action.clone()}</code> }.into_any();
    };
    let Words { before, own, .. } = words(action);
    let is_own = entry.subject.id.is_some_and(|id| entry.originator.account.as_ref().is_some_and(|by| by.id.0 == id));
    match own.filter(|_| is_own) {
        Some(own) => own.into_any(),
        None => view! { {before} " " {subject(entry, action.subject_kind(), permissions)} }.into_any(),
    }
}

/// The name of what an entry is about, if it has one.
fn subject(entry: &AuditEntry, kind: SubjectKind, permissions: Permissions) -> AnyView {
    let href = entry.subject.id.and_then(|id| href(kind, &id.to_string()));
    match (entry.subject.label.clone(), href) {
        (Some(label), Some(href)) if kind.is_shown_to(permissions) => view! {
            <a dir="auto" href=href>
                {label}
            </a>
        }
        .into_any(),
        (Some(label), _) => view! { <bdi>{label}</bdi> }.into_any(),
        // They may have none, and are kept.
        (None, Some(href)) if kind == SubjectKind::Mailing && kind.is_shown_to(permissions) => view! {
            <a href=href>{text::UNNAMED_MAILING}</a>
        }
        .into_any(),
        // What has a page, but no name any more, and is not hidden from the viewer.
        (None, Some(_)) if entry.detail != AuditDetail::Hidden => view! {
            <span class="muted">{text::gone(kind)}</span>
        }
        .into_any(),
        (None, _) => ().into_any(),
    }
}

/// The page of a thing of a kind that has pages.
fn href(kind: SubjectKind, id: &str) -> Option<String> {
    let list = match kind {
        SubjectKind::Invite => pages::INVITES,
        SubjectKind::Account => pages::MEMBERS,
        SubjectKind::Group => pages::GROUPS,
        SubjectKind::Application => pages::APPLICATIONS,
        SubjectKind::Webhook => pages::WEBHOOKS,
        SubjectKind::Mailing => pages::INVITATIONS,
        SubjectKind::Flow
        | SubjectKind::Terms
        | SubjectKind::Settings
        | SubjectKind::ApiKey
        | SubjectKind::Session
        | SubjectKind::DataKey => return None,
    };
    Some(format!("{}/{id}", list.path))
}
