//! The overview's page.

use domain::invites::Invite;
use domain::overview::Overview;
use domain::redemptions::Redemption;
use domain::text::thousands;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::api;
use super::chart::DaysChart;
use super::first::{First, NEW};
use super::needs::Needs;
use crate::invites::{ActDialogs, Acts, CreateDialog, Uses};
use crate::ui::{Acting, CopyButton, Empty, Icon, IconName, Load, Person, Time};

/// The page. `?new=1` opens the dialog that makes an invite.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| api::get());
    let acts = Acts::new(Acting::new(move || overview.refetch()));
    let read_anew = Callback::new(move |()| overview.refetch());
    // Whether the first link was copied while this page was open.
    let sent = RwSignal::new(false);

    let params = use_query_map();
    let creating = Signal::derive(move || params.with(|params| params.get_str("new") == Some("1")));
    let navigate = use_navigate();
    let close = Callback::new(move |()| {
        navigate("/admin", NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    view! {
        <Title text="Overview" />
        <div class="page-head">
            <div>
                <h1>"Overview"</h1>
                <p class="page-sub">"Which links are live, and who came through the door."</p>
            </div>
        </div>
        <Load from=overview children=move |overview| view! { <Content overview sent look_again=read_anew acts /> } />
        <ActDialogs acts />
        <CreateDialog open=creating close created=read_anew />
    }
}

#[component]
fn Content(overview: Overview, sent: RwSignal<bool>, look_again: Callback<()>, acts: Acts) -> impl IntoView {
    let first = overview.first_steps().map(|steps| {
        let invite = overview.live_invites.first().cloned();
        view! { <First steps invite sent look_again acts /> }
    });
    // Where only the owner is, there is nothing to draw or to list.
    let settled = overview.redemptions > 0 || overview.accounts > 1;
    let kept = StoredValue::new(overview.clone());
    let Overview { pending, needs, live_invites, latest, .. } = overview;
    view! {
        <div class="stack">
            {first}
            <Stats overview=kept />
            {settled
                .then(|| {
                    view! {
                        <div class="cols-even">
                            <DaysChart overview=kept />
                            <Needs pending needs acts />
                        </div>
                        <div class="cols-even">
                            <LiveLinks invites=live_invites />
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
        let ending = match overview.ending_soon.counted {
            0 => "None ends this week".to_owned(),
            1 => "1 ends this week".to_owned(),
            _ => format!("{} end this week", overview.ending_soon),
        };
        view! {
            <div class="stats">
                <Stat
                    href="/admin/redemptions"
                    label="Came in 7 days"
                    value=thousands(overview.redemptions_this_week)
                    note=format!("{} by links so far", thousands(overview.redemptions))
                />
                <Stat
                    href="/admin/invites?status=active"
                    label="Live links"
                    value=overview.live.to_string()
                    note=ending
                />
                <Stat
                    href="/admin/accounts?status=pending"
                    label="Waiting for you"
                    value=overview.pending.to_string()
                    note=if waiting { "Say yes to them" } else { "Nobody waits" }.to_owned()
                    act=waiting
                />
                <Stat
                    href="/admin/accounts"
                    label="Members"
                    value=thousands(overview.accounts)
                    note=if alone { "You, so far" } else { "You among them" }.to_owned()
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
}

#[component]
fn LiveLinks(invites: Vec<Invite>) -> impl IntoView {
    let list = if invites.is_empty() {
        view! {
            <Empty title="No link is live" text="Make one, send it to someone, and see them walk in.">
                <a class="btn" href=NEW>
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
                <a class="cell-title clip" dir="auto" href=format!("/admin/invites/{}", invite.id)>
                    {title.clone()}
                </a>
                <span class="cell-sub">
                    {match invite.terms.expires_at {
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
                                    <a class="cell-sub clip" dir="auto" href=format!("/admin/invites/{}", row.invite.id)>
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
