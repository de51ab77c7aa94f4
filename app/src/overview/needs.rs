//! What needs attention, each with the next step.

use domain::endings::EndsSoon;
use domain::invites::Invite;
use domain::overview::{AttentionItem, AttentionReason};
use domain::paging::Count;
use leptos::prelude::*;

use super::text;
use crate::invites::{ActMenu, Acts};
use crate::ui::{Icon, IconName, Time, TimeAs};

/// The card.
#[component]
pub fn Needs(
    /// The accounts pending approval.
    pending: Count,
    /// The accounts, and the memberships, that end soon.
    ends_soon: [(EndsSoon, Count); 2],
    /// The invites that need attention.
    needs: Vec<AttentionItem>,
    /// The page's acts.
    acts: Acts,
) -> impl IntoView {
    let pending = (IconName::Members, text::pending_approval(pending), text::PENDING_TEXT, "status=pending", pending);
    let [accounts, memberships] = ends_soon.map(|(what, count)| {
        let (icon, narrowed) = match what {
            EndsSoon::Account => (IconName::Hourglass, "ends_soon=account"),
            EndsSoon::Membership => (IconName::Groups, "ends_soon=membership"),
        };
        (icon, text::end_soon(what, count), text::ENDS_SOON_TEXT, narrowed, count)
    });
    let mut of_members = vec![pending, accounts, memberships];
    of_members.retain(|(.., count)| count.counted > 0);
    let list = if needs.is_empty() && of_members.is_empty() {
        view! {
            <p class="quiet">
                <Icon name=IconName::Full />
                <span>
                    <strong>{text::NO_NEEDS}</strong>
                    " "
                    {text::NO_NEEDS_TEXT}
                </span>
            </p>
        }
        .into_any()
    } else {
        view! {
            <ul class="list needs">
                {of_members.into_iter().map(|(icon, words, sub, narrowed, _)| {
                    view! { <MembersRow icon words sub narrowed /> }.into_any()
                }).collect_view()}
                {needs.into_iter().map(|need| view! { <NeedRow need acts /> }.into_any()).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="needs">
            <div class="card-head">
                <h2 id="needs">{text::NEEDS}</h2>
            </div>
            {list}
        </section>
    }
}

/// Members who need attention, with the link to the list of them.
#[component]
fn MembersRow(icon: IconName, words: String, sub: &'static str, narrowed: &'static str) -> impl IntoView {
    view! {
        <li>
            <Icon name=icon />
            <div class="grow">
                <span class="cell-title">{words.clone()}</span>
                <span class="cell-sub">{sub}</span>
            </div>
            <a class="btn btn-sm" href=format!("/admin/members?{narrowed}") aria-label=text::label_of_row(text::REVIEW, &words)>
                {text::REVIEW}
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
        AttentionReason::EndsSoon => (IconName::Hourglass, text::EXTEND),
        AttentionReason::Filled => (IconName::Full, text::RAISE_LIMIT),
        AttentionReason::Unused => (IconName::Link, text::COPY_LINK),
    };
    let kept = invite.clone();
    let act = move |_| match why {
        AttentionReason::EndsSoon => acts.extend(&kept),
        AttentionReason::Filled => acts.raise_limit(&kept),
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
                    aria-label=text::label_of_row(verb, &title)
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
            let left = invite.terms.max_uses.map(|max| max.saturating_sub(invite.used));
            let end = invite.terms.expires_at.map(|at| view! { <Time at show=TimeAs::Relative /> }.into_any());
            view! { {text::expires_soon_before(left)} {end} }.into_any()
        }
        AttentionReason::Filled => text::used_up(invite.used).into_any(),
        AttentionReason::Unused => {
            let since = invite.terms.starts_at.map_or(invite.created_at, |starts| starts.max(invite.created_at));
            view! { {text::UNUSED_BEFORE} <Time at=since show=TimeAs::Day /> "." }.into_any()
        }
    }
}
