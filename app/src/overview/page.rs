//! The overview's page.

use domain::invites::Invite;
use domain::overview::Overview;
use domain::redemptions::Redemption;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api;
use crate::invites::Uses;
use crate::ui::{CopyButton, Empty, Icon, IconName, Load, Person, Time};

/// The page.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| api::get());
    view! {
        <Title text="Overview" />
        <div class="page-head">
            <div>
                <h1>"Overview"</h1>
                <p class="page-sub">"Which links are live, and who came through the door."</p>
            </div>
        </div>
        <Load from=overview children=|overview| view! { <Content overview /> } />
    }
}

#[component]
fn Content(overview: Overview) -> impl IntoView {
    let Overview { accounts, pending, redemptions, redemptions_this_week, live, ending_soon, live_invites, latest } =
        overview;
    let waiting = pending.counted > 0;
    let ending = match ending_soon.counted {
        0 => "None ends this week".to_owned(),
        1 => "1 ends this week".to_owned(),
        _ => format!("{ending_soon} end this week"),
    };
    view! {
        <div class="stack">
            <div class="stats">
                <Stat
                    href="/admin/redemptions"
                    label="Came in this week"
                    value=redemptions_this_week.to_string()
                    note=format!("{redemptions} by links so far")
                />
                <Stat href="/admin/invites?status=active" label="Live links" value=live.to_string() note=ending />
                <Stat
                    href="/admin/accounts?status=pending"
                    label="Waiting for you"
                    value=pending.to_string()
                    note=if waiting { "Say yes to them" } else { "Nobody waits" }.to_owned()
                    act=waiting
                />
                <Stat href="/admin/accounts" label="Members" value=accounts.to_string() note="You among them".to_owned() />
            </div>
            <div class="cols-even">
                <LiveLinks invites=live_invites />
                <Latest redemptions=latest />
            </div>
        </div>
    }
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
}

#[component]
fn LiveLinks(invites: Vec<Invite>) -> impl IntoView {
    let list = if invites.is_empty() {
        view! {
            <Empty title="No link is live" text="Make one, send it to someone, and see them walk in.">
                <a class="btn" href="/admin/invites?new=1">
                    <Icon name=IconName::Plus />
                    "New invite"
                </a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <ul class="list">{invites.into_iter().map(|invite| view! { <LiveLink invite /> }.into_any()).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <section class="card" aria-labelledby="live">
            <div class="card-head">
                <h2 id="live">"Live links"</h2>
                <a class="small" href="/admin/invites">
                    "All invites"
                </a>
            </div>
            {list}
        </section>
    }
}

#[component]
fn LiveLink(invite: Invite) -> impl IntoView {
    let title = invite.title().to_owned();
    let url = invite.url.clone();
    view! {
        <li>
            <div class="grow">
                <a class="cell-title clip" href=format!("/admin/invites/{}", invite.id)>
                    {title.clone()}
                </a>
                <span class="cell-sub">
                    {match invite.expires_at {
                        Some(at) => view! { "Until " <Time at /> }.into_any(),
                        None => "Never expires".into_any(),
                    }}
                </span>
            </div>
            <Uses invite />
            {url
                .map(|text| {
                    view! { <CopyButton text label="Copy link" of=title done="Link copied" class="btn btn-sm btn-narrow" /> }.into_any()
                })}
        </li>
    }
}

#[component]
fn Latest(redemptions: Vec<Redemption>) -> impl IntoView {
    let list = if redemptions.is_empty() {
        view! { <Empty title="Nobody came through yet" text="Whoever signs up with a link stands here." /> }.into_any()
    } else {
        view! {
            <ul class="list">
                {redemptions
                    .into_iter()
                    .map(|row| {
                        view! {
                            <li>
                                <span class="grow">
                                    <Person of=row.account />
                                </span>
                                <span class="end">
                                    <a class="cell-sub clip" href=format!("/admin/invites/{}", row.invite.id)>
                                        {row.invite.title().to_owned()}
                                    </a>
                                    <Time at=row.created_at />
                                </span>
                            </li>
                        }.into_any()
                    })
                    .collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="latest">
            <div class="card-head">
                <h2 id="latest">"Latest through the door"</h2>
                <a class="small" href="/admin/redemptions">
                    "All"
                </a>
            </div>
            {list}
        </section>
    }
}
