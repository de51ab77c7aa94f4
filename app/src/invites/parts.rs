//! How an invite looks wherever it is shown.

use domain::invites::{Invite, InviteCode, InviteStatus};
use domain::text::thousands;
use leptos::prelude::*;

use super::text;
use crate::settings::WhetherClosed;
use crate::ui::{Icon, IconName, Toasts, copy};

/// Status as a word, an icon and a colour.
#[component]
pub fn StatusBadge(
    /// The status.
    status: InviteStatus,
) -> impl IntoView {
    // An invite that is live lets nobody in while registration is closed.
    if status == InviteStatus::Active {
        return view! {
            <WhetherClosed children=|closed| {
                if closed {
                    view! {
                        <span class="badge" data-status="paused" title=text::REGISTRATION_CLOSED>
                            <Icon name=IconName::Lock />
                            {text::ON_HOLD}
                        </span>
                    }
                        .into_any()
                } else {
                    view! {
                        <span class="badge" data-status="live">
                            <Icon name=IconName::Dot />
                            {text::ACTIVE}
                        </span>
                    }
                        .into_any()
                }
            } />
        }
        .into_any();
    }
    let (name, icon) = match status {
        InviteStatus::Active => ("live", IconName::Dot),
        InviteStatus::Scheduled => ("scheduled", IconName::Clock),
        InviteStatus::Paused => ("paused", IconName::Pause),
        InviteStatus::Expired => ("expired", IconName::Hourglass),
        InviteStatus::UsedUp => ("used-up", IconName::Full),
        InviteStatus::Deleted => ("deleted", IconName::Trash),
    };
    view! {
        <span class="badge" data-status=name>
            <Icon name=icon />
            {status.title()}
        </span>
    }
    .into_any()
}

/// Uses: `3/10` with a bar, or `3` where they are unlimited.
#[component]
pub fn Uses(
    /// The invite.
    invite: Invite,
) -> impl IntoView {
    let Invite { used, status, ref terms, .. } = invite;
    let max_uses = terms.max_uses;
    let tone = (status != InviteStatus::Active).then_some("ink");
    let label = text::uses_of(invite.title());
    view! {
        <span class="uses">
            <span>
                {thousands(used)} {max_uses.map(|max| view! { <span class="of">{format!("/{}", thousands(max))}</span> }.into_any())}
            </span>
            {max_uses
                .map(|max| {
                    view! {
                        <progress value=used.to_string() max=max.to_string() data-tone=tone aria-label=label>
                            {text::used_of(used, max)}
                        </progress>
                    }.into_any()
                })}
        </span>
    }
}

/// The invite code; a click copies it.
#[component]
pub fn CodeTag(
    /// The code; `None` for those who may not read it, and once the invite is deleted.
    code: Option<InviteCode>,
    /// Whether the invite is deleted.
    deleted: bool,
) -> impl IntoView {
    let toasts = Toasts::expect();
    match code {
        None => {
            let why = if deleted { text::CODE_DELETED } else { text::CODE_HIDDEN };
            view! { <span class="muted">{why}</span> }.into_any()
        }
        Some(code) => {
            let text = code.as_str().to_owned();
            let act = move |_| copy(toasts, text.clone(), text::CODE_COPIED);
            view! {
                <button type="button" class="code" title=text::COPY_CODE on:click=act>
                    <span class="sr">{text::COPY_CODE} " "</span>
                    <span>{code.as_str().to_owned()}</span>
                    <Icon name=IconName::Copy />
                </button>
            }
            .into_any()
        }
    }
}
