//! The viewer's own invites, and what is left to them.

use domain::invites::{Allowance, Invite, OwnInvites, QuotaLeft};
use domain::paging::Page;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::actions::Acts;
use super::bounds::Bounds;
use super::dialogs::{ChangeDialog, CreateDialog, PREFETCH};
use super::list::InviteRow;
use super::{api, text};
use crate::pages;
use crate::ui::{Acting, Banner, Head, Icon, IconName, Listing, Load, Skeleton, Time, browser, nothing, paging, url};
use crate::viewer::CurrentViewer;

/// The page. `?new=1` opens the dialog that creates one.
#[component]
pub fn OwnInvitesPage() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    view! {
        <Title text=text::YOUR_INVITES />
        <Load
            from=viewer
            heading=text::YOUR_INVITES
            children=|viewer| {
                if viewer.may_invite() {
                    view! { <OwnList /> }.into_any()
                } else {
                    view! {
                        <h1 class="sr">{text::YOUR_INVITES}</h1>
                        {nothing(text::MAY_NOT_INVITE, text::MAY_NOT_INVITE_TEXT, None)}
                    }
                        .into_any()
                }
            }
        />
    }
}

#[component]
fn OwnList() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(paging));
    let own = Resource::new(move || asked.get(), api::own);
    let reload = move || own.refetch();
    let acts = Acts::new(Acting::new(reload)).on_own();
    let bounds = Bounds::provide();
    let creating = Signal::derive(move || params.with(|params| params.get_str("new") == Some("1")));
    let close = {
        let navigate = use_navigate();
        Callback::new(move |()| {
            navigate(
                pages::OWN_INVITES.path,
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() },
            );
        })
    };
    view! {
        <Load
            from=own
            heading=text::YOUR_INVITES
            skeleton=Skeleton::Table
            children=move |OwnInvites { page, allowance }| {
                bounds.set(allowance);
                view! {
                    <Heading allowance />
                    <div class="stack">
                        <Left allowance />
                        <OwnTable page allowance acts />
                    </div>
                }
            }
        />
        <ChangeDialog acts />
        <CreateDialog open=creating close created=Callback::new(move |()| reload()) />
    }
}

/// Whether another invite can be created now.
fn may_create_now(allowance: Allowance) -> bool {
    allowance.may_create && allowance.old_enough_at.is_none() && allowance.quota.is_none_or(|quota| quota.left > 0)
}

/// The heading and, while there is one, the button that creates an invite.
#[component]
fn Heading(allowance: Allowance) -> impl IntoView {
    let create = may_create_now(allowance).then(|| {
        view! {
            <div class="page-acts">
                <a class="btn btn-primary" href=format!("{}?new=1", pages::OWN_INVITES.path) data-prefetch=PREFETCH>
                    <Icon name=IconName::Plus />
                    {text::CREATE_INVITE}
                </a>
            </div>
        }
        .into_any()
    });
    view! {
        <div class="page-head">
            <div>
                <h1>{text::YOUR_INVITES}</h1>
                <p class="page-sub">{text::YOUR_INVITES_ABOUT}</p>
            </div>
            {create}
        </div>
    }
}

/// What is left, or why nothing is and from when there is something again.
#[component]
fn Left(allowance: Allowance) -> impl IntoView {
    if !allowance.may_create {
        return view! {
            <Banner tone="act" icon=IconName::Info>
                {text::ONLY_FOR_GROUPS}
            </Banner>
        }
        .into_any();
    }
    if let Some(at) = allowance.old_enough_at {
        return view! {
            <Banner tone="warn" icon=IconName::Hourglass>
                {text::TOO_NEW_BEFORE}
                <Time at />
                "."
            </Banner>
        }
        .into_any();
    }
    match allowance.quota {
        Some(QuotaLeft { size, period, next_at: Some(at), .. }) => view! {
            <Banner tone="warn" icon=IconName::Hourglass>
                <strong>{text::none_left(size, period)}</strong>
                " "
                {text::NEXT_BEFORE}
                <Time at />
                "."
            </Banner>
        }
        .into_any(),
        Some(quota) => {
            let left = text::left(quota.left, quota.size, quota.period);
            view! {
                <p class="soft" id="invites-left">
                    {left}
                </p>
            }
            .into_any()
        }
        None => ().into_any(),
    }
}

#[component]
fn OwnTable(page: Page<Invite>, allowance: Allowance, acts: Acts) -> impl IntoView {
    if page.items.is_empty() {
        let words = if may_create_now(allowance) { text::NO_INVITES_TEXT } else { text::NO_OWN_INVITES_TEXT };
        return nothing(text::NO_INVITES, words, None);
    }
    // Runs in the browser alone, once the rows are there.
    Effect::new(browser::return_to_row);
    let href = |cursor: domain::paging::Cursor| {
        url::with_query(pages::OWN_INVITES.path, &[("cursor", Some(cursor.to_string()))])
    };
    let heads = view! {
        <Head label=text::INVITE />
        <Head label=text::CODE />
        <Head label=text::STATUS />
        <Head label=text::USES />
        <Head label=text::EXPIRES />
        <Head label=text::CREATED sorted=Some("descending") class="cell-wide" />
        <Head label=text::ACTIONS unseen=true />
    }
    .into_any();
    let row = move |invite| view! { <InviteRow invite acts selection=None /> }.into_any();
    view! { <Listing label=text::YOUR_INVITES heads page row total=text::invites href /> }.into_any()
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::invites::QuotaPeriod;

    use super::*;

    #[test]
    fn another_invite_is_offered_while_it_would_be_accepted() {
        let free = Allowance { may_create: true, ..Allowance::default() };
        let quota = |left| Some(QuotaLeft { size: 5, period: QuotaPeriod::Week, left, next_at: None });
        for (allowance, offered) in [
            (free, true),
            (Allowance::default(), false),
            (Allowance { quota: quota(1), ..free }, true),
            (Allowance { quota: quota(0), ..free }, false),
            (Allowance { old_enough_at: Some(Timestamp::from_micros(1)), ..free }, false),
        ] {
            assert_eq!(may_create_now(allowance), offered, "{allowance:?}");
        }
    }
}
