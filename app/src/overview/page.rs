//! The overview page. What occurs several times in it is drawn as [`AnyView`]: its code is then downloaded once.

use std::mem::take;

use domain::endings::EndsSoon;
use domain::invites::Invite;
use domain::overview::Overview;
use domain::redemptions::{Redemption, RedemptionKind};
use domain::text::thousands;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::api;
use super::chart::DaysChart;
use super::first::{First, NEW};
use super::needs::Needs;
use super::text;
use crate::invites::{Acts, ChangeDialog, CreateDialog, Uses};
use crate::requests::NewestRequests;
use crate::settings::WhetherClosed;
use crate::ui::{Acting, CopyButton, Empty, Icon, IconName, Load, Person, Time, TimeAs};

/// The page. `?new=1` opens the dialog to create an invite.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| api::get());
    let acts = Acts::new(Acting::new(move || overview.refetch()));
    let read_again = Callback::new(move |()| overview.refetch());
    // Whether the first link was copied while this page was open.
    let sent = RwSignal::new(false);

    let params = use_query_map();
    let creating = Signal::derive(move || params.with(|params| params.get_str("new") == Some("1")));
    let navigate = use_navigate();
    let close = Callback::new(move |()| {
        navigate("/admin", NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    view! {
        <Title text=text::OVERVIEW />
        <div class="page-head">
            <div>
                <h1>{text::OVERVIEW}</h1>
                <p class="page-sub">{text::OVERVIEW_ABOUT}</p>
            </div>
        </div>
        <Load from=overview children=move |overview| view! { <Content overview sent refresh=read_again acts /> } />
        <ChangeDialog acts />
        <CreateDialog open=creating close created=read_again />
    }
}

#[component]
fn Content(mut overview: Overview, sent: RwSignal<bool>, refresh: Callback<()>, acts: Acts) -> impl IntoView {
    let first = overview.first_steps().map(|steps| {
        let invite = overview.live_invites.first().cloned();
        view! { <First steps invite sent refresh acts /> }
    });
    // While the owner is the only member, there is nothing to draw or to list.
    let settled = overview.redemptions > 0 || overview.accounts > 1;
    let ends_soon =
        [(EndsSoon::Account, overview.accounts_end_soon), (EndsSoon::Membership, overview.memberships_end_soon)];
    let pending = overview.pending;
    let (needs, live_invites) = (take(&mut overview.needs), take(&mut overview.live_invites));
    let latest = take(&mut overview.latest);
    let kept = StoredValue::new(overview);
    view! {
        <div class="stack">
            {first}
            <Stats overview=kept />
            {settled
                .then(|| {
                    view! {
                        <NewestRequests />
                        <div class="cols-even">
                            <DaysChart overview=kept />
                            <Needs pending ends_soon needs acts />
                        </div>
                        <div class="cols-even">
                            <LiveInvites invites=live_invites />
                            <Latest redemptions=latest />
                        </div>
                    }.into_any()
                })}
        </div>
    }
}

#[component]
fn Stats(overview: StoredValue<Overview>) -> impl IntoView {
    overview.with_value(|overview| {
        let waiting = overview.pending.counted > 0;
        let alone = overview.accounts == 1;
        let expiring = text::expire_this_week(overview.ending_soon);
        let live = overview.live.to_string();
        view! {
            <div class="stats">
                <Stat
                    href="/admin/redemptions"
                    label=text::JOINED
                    value=thousands(overview.redemptions_this_week)
                    note=text::joined_in_total(overview.redemptions)
                />
                <WhetherClosed children=move |closed| {
                    let note = if closed { text::ON_HOLD.to_owned() } else { expiring.clone() };
                    view! { <Stat href="/admin/invites?status=active" label=text::ACTIVE_INVITES value=live.clone() note /> }
                } />
                <Stat
                    href="/admin/members?status=pending"
                    label=text::PENDING
                    value=overview.pending.to_string()
                    note=if waiting { text::REVIEW_REQUESTS } else { text::NO_REQUESTS }.to_owned()
                    act=waiting
                />
                <Stat
                    href="/admin/members"
                    label=text::MEMBERS
                    value=thousands(overview.accounts)
                    note=if alone { text::ONLY_YOU } else { text::INCLUDING_YOU }.to_owned()
                />
            </div>
        }
    })
}

#[component]
fn Stat(
    href: &'static str,
    label: &'static str,
    value: String,
    note: String,
    #[prop(optional)] act: bool,
) -> impl IntoView {
    view! {
        <a class="stat" href=href>
            <span class="stat-label">{label}</span>
            <span class="stat-value">{value}</span>
            <span class="stat-note" data-tone=act.then_some("act")>
                {note}
                {act.then(|| view! { <Icon name=IconName::ArrowRight /> }.into_any())}
            </span>
        </a>
    }
    .into_any()
}

#[component]
fn LiveInvites(invites: Vec<Invite>) -> impl IntoView {
    let list = if invites.is_empty() {
        view! {
            <Empty title=text::NO_ACTIVE_INVITES text=text::NO_ACTIVE_INVITES_TEXT>
                <a class="btn" href=NEW>
                    <Icon name=IconName::Plus />
                    {text::CREATE_INVITE}
                </a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <ul class="list">{invites.into_iter().map(|invite| view! { <LiveInvite invite /> }.into_any()).collect_view()}</ul> }
            .into_any()
    };
    view! { <ListCard id="live" title=text::ACTIVE_INVITES all=("/admin/invites", text::ALL_INVITES) list /> }
}

#[component]
fn LiveInvite(invite: Invite) -> impl IntoView {
    let title = invite.title().to_owned();
    let url = invite.url.clone();
    view! {
        <li>
            <div class="grow">
                <a class="cell-title clip" dir="auto" href=format!("/admin/invites/{}", invite.id)>
                    {title.clone()}
                </a>
                <span class="cell-sub">
                    {match invite.terms.expires_at {
                        Some(at) => view! { {text::EXPIRES_BEFORE} <Time at show=TimeAs::Relative /> }.into_any(),
                        None => text::NEVER_EXPIRES.into_any(),
                    }}
                </span>
            </div>
            <Uses invite />
            {url
                .map(|text| {
                    view! { <CopyButton text label=text::COPY_LINK of=title done=text::LINK_COPIED class="btn btn-sm btn-narrow" /> }.into_any()
                })}
        </li>
    }
}

#[component]
fn Latest(redemptions: Vec<Redemption>) -> impl IntoView {
    let list = if redemptions.is_empty() {
        view! { <Empty title=text::NO_REDEMPTIONS text=text::NO_REDEMPTIONS_TEXT /> }.into_any()
    } else {
        view! {
            <ul class="list">
                {redemptions
                    .into_iter()
                    .map(|row| {
                        view! {
                            <li>
                                <span class="grow">
                                    <Person href=format!("/admin/members/{}", row.account.id) of=row.account />
                                </span>
                                <span class="end">
                                    <a class="cell-sub clip" dir="auto" href=format!("/admin/invites/{}", row.invite.id)>
                                        {row.invite.title().to_owned()}
                                    </a>
                                    {(row.kind == RedemptionKind::Joined)
                                        .then(|| view! { <span class="cell-sub">{text::JOINED_GROUPS}</span> }.into_any())}
                                    <Time at=row.created_at show=TimeAs::Relative />
                                </span>
                            </li>
                        }.into_any()
                    })
                    .collect_view()}
            </ul>
        }
        .into_any()
    };
    view! { <ListCard id="latest" title=text::RECENT_REDEMPTIONS all=("/admin/redemptions", text::ALL_REDEMPTIONS) list /> }
}

/// The beginning of a list, with a link to all of it.
#[component]
fn ListCard(id: &'static str, title: &'static str, all: (&'static str, &'static str), list: AnyView) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby=id>
            <div class="card-head">
                <h2 id=id>{title}</h2>
                <a class="small" href=all.0>
                    {all.1}
                </a>
            </div>
            {list}
        </section>
    }
    .into_any()
}
