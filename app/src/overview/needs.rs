//! What needs attention, each with the next step.

use domain::invites::Invite;
use domain::overview::{AttentionItem, AttentionReason};
use domain::paging::Count;
use leptos::prelude::*;

use crate::invites::{ActMenu, Acts};
use crate::ui::{Icon, IconName, Time, TimeAs};

/// The card.
#[component]
pub fn Needs(
    /// The accounts pending approval.
    pending: Count,
    /// The invites that need attention.
    needs: Vec<AttentionItem>,
    /// The page's acts.
    acts: Acts,
) -> impl IntoView {
    let list = if needs.is_empty() && pending.counted == 0 {
        view! {
            <p class="quiet">
                <Icon name=IconName::Full />
                <span>
                    <strong>"Nothing needs attention."</strong>
                    " No account is pending approval, and no live invite is about to expire, used up or unused."
                </span>
            </p>
        }
        .into_any()
    } else {
        view! {
            <ul class="list needs">
                {(pending.counted > 0).then(|| view! { <Pending pending /> }.into_any())}
                {needs.into_iter().map(|need| view! { <NeedRow need acts /> }.into_any()).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="needs">
            <div class="card-head">
                <h2 id="needs">"Needs attention"</h2>
            </div>
            {list}
        </section>
    }
}

#[component]
fn Pending(pending: Count) -> impl IntoView {
    let who = if pending.counted == 1 {
        "1 account pending approval".to_owned()
    } else {
        format!("{pending} accounts pending approval")
    };
    view! {
        <li>
            <Icon name=IconName::Members />
            <div class="grow">
                <span class="cell-title">{who}</span>
                <span class="cell-sub">"Approve or decline each of them."</span>
            </div>
            <a class="btn btn-sm" href="/admin/members?status=pending">
                "Review requests"
            </a>
        </li>
    }
}

#[component]
fn NeedRow(need: AttentionItem, acts: Acts) -> impl IntoView {
    let AttentionItem { why, invite } = need;
    let id = invite.id;
    let title = invite.title().to_owned();
    let (icon, verb): (_, &'static str) = match why {
        AttentionReason::EndsSoon => (IconName::Hourglass, "Extend"),
        AttentionReason::Filled => (IconName::Full, "Raise the limit"),
        AttentionReason::Unused => (IconName::Link, "Copy link"),
    };
    let kept = invite.clone();
    let act = move |_| match why {
        AttentionReason::EndsSoon => acts.extending.set(Some(kept.clone())),
        AttentionReason::Filled => acts.raising.set(Some(kept.clone())),
        AttentionReason::Unused => acts.copy_link(&kept),
    };
    view! {
        <li>
            <Icon name=icon />
            <div class="grow">
                <a class="cell-title clip" dir="auto" href=format!("/admin/invites/{id}")>
                    {title.clone()}
                </a>
                <span class="cell-sub">{reason(why, &invite)}</span>
            </div>
            <div class="row row-nowrap">
                <button
                    type="button"
                    class="btn btn-sm nowrap"
                    id=format!("need-act-{id}")
                    aria-label=format!("{verb}: {title}")
                    on:click=act
                >
                    {verb}
                </button>
                <ActMenu id=format!("need-{id}") invite acts />
            </div>
        </li>
    }
}

fn reason(why: AttentionReason, invite: &Invite) -> AnyView {
    match why {
        AttentionReason::EndsSoon => {
            let left = match invite.terms.max_uses.map(|max| max.saturating_sub(invite.used)) {
                None => "unlimited uses".to_owned(),
                Some(1) => "1 use left".to_owned(),
                Some(left) => format!("{left} uses left"),
            };
            let end = invite
                .terms
                .expires_at
                .map(|at| view! { "Expires " <Time at show=TimeAs::Relative /> ", " }.into_any());
            view! { {end} {left} }.into_any()
        }
        AttentionReason::Filled => format!("All {} uses are taken.", invite.used).into_any(),
        AttentionReason::Unused => {
            let since = invite.terms.starts_at.map_or(invite.created_at, |starts| starts.max(invite.created_at));
            view! { "Unused since " <Time at=since show=TimeAs::Day /> "." }.into_any()
        }
    }
}
