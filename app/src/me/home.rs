//! The page members land on after signing up: a welcome, where to go next, and their account.

use domain::access::Permission;
use domain::accounts::AccountStatus;
use domain::applications::ApplicationLink;
use domain::groups::Membership;
use domain::settings::Welcome;
use domain::text::isolated;
use domain::viewer::{MemberHome, Viewer};
use leptos::prelude::*;
use leptos_meta::Title;

use super::near_ends::NearEnds;
use super::{api, text};
use crate::pages;
use crate::requests::{Place, RequestsCard};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Avatar, Banner, Icon, IconName, Load, Pictured, Time, TimeAs};
use crate::viewer::CurrentViewer;

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let home = Resource::new(|| (), |()| api::home());
    view! {
        <Title text=text::HOME />
        <Load from=viewer heading=text::HOME children=move |viewer| view! { <Home viewer home /> } />
    }
}

#[component]
fn Home(viewer: Viewer, home: Resource<Result<MemberHome, ServerFnError>>) -> impl IntoView {
    let changes_welcome = viewer.may(Permission::SettingsChange);
    let Viewer { account, site_name, .. } = viewer;
    let pending = account.status == AccountStatus::Pending;
    let site_name = isolated(site_name.as_str());
    let created_at = account.created_at;
    let waiting = move |invited_by: Option<String>| {
        view! {
            <Banner tone="act" icon=IconName::Hourglass>
                <strong>{text::PENDING}</strong>
                " "
                {text::PENDING_TEXT}
                " "
                {text::SINCE_BEFORE}
                <Time at=created_at />
                "."
                {invited_by
                    .map(|name| view! { " " {text::INVITED_BY_BEFORE} <bdi>{name}</bdi> "." }.into_any())}
            </Banner>
        }
        .into_any()
    };
    view! {
        <div class="page-head">
            <div>
                <h1>{text::welcome_to(&site_name)}</h1>
                <p class="page-sub">{text::SIGNED_IN_BEFORE} <bdi>{account.display_name().to_owned()}</bdi> "."</p>
            </div>
        </div>
        <div class="stack">
            <Load
                from=home
                children=move |home| {
                    view! {
                        {pending.then(|| waiting(home.invited_by))}
                        <NearEnds ends=home.ends_soon />
                        {home
                            .note
                            .map(|note| {
                                view! {
                                    <Banner tone="note" icon=IconName::Info>
                                        <strong>{text::APPROVED}</strong>
                                        " "
                                        <span class="lines" dir="auto">{note.to_string()}</span>
                                    </Banner>
                                }.into_any()
                            })}
                        {(!home.requests.is_empty())
                            .then(|| view! { <RequestsCard requests=home.requests place=Place::Home /> }.into_any())}
                        <WelcomeCard welcome=home.welcome />
                        <ApplicationsCard applications=home.applications />
                        <GroupsCard groups=home.groups />
                    }
                }
            />
            <section class="card" aria-labelledby="you">
                <div class="card-head">
                    <h2 id="you">{text::YOUR_ACCOUNT}</h2>
                    <a class="btn btn-sm" href="/me/account">
                        {text::EDIT_ACCOUNT}
                    </a>
                </div>
                <div class="card-body">
                    <dl class="facts">
                        <dt>{text::USERNAME}</dt>
                        <dd>{format!("@{}", account.username)}</dd>
                        <dt>{text::EMAIL}</dt>
                        <dd>{account.email.to_string()}</dd>
                        <dt>{text::ROLE}</dt>
                        <dd>{account.role.title()}</dd>
                        <dt>{text::STATUS}</dt>
                        <dd>{account.status.title()}</dd>
                        {account
                            .ends_at
                            .map(|at| {
                                view! {
                                    <dt>{text::ENDS}</dt>
                                    <dd>
                                        <Time at />
                                    </dd>
                                }.into_any()
                            })}
                        <dt>{text::CREATED}</dt>
                        <dd>
                            <Time at=account.created_at show=TimeAs::Day />
                        </dd>
                    </dl>
                </div>
            </section>
            {changes_welcome
                .then(|| {
                    view! {
                        <p class="muted small">
                            {text::WELCOME_NOTE_BEFORE} <a href="/admin/settings#welcome">{text::EDIT_WELCOME}</a>
                        </p>
                    }.into_any()
                })}
        </div>
    }
}

/// The applications that the member may open; nothing where there are none.
#[component]
fn ApplicationsCard(applications: Vec<ApplicationLink>) -> impl IntoView {
    if applications.is_empty() {
        return ().into_any();
    }
    let tile = |application: ApplicationLink| {
        let of = Pictured::from(&application);
        view! {
            <li>
                <a class="app-tile" href=application.url.to_string() rel="external noreferrer">
                    <Avatar of class="avatar avatar-app" />
                    <span class="grow">
                        <b class="clip" dir="auto">
                            {application.name.to_string()}
                        </b>
                        {application
                            .description
                            .map(|words| {
                                view! {
                                    <small class="clip" dir="auto">
                                        {words.to_string()}
                                    </small>
                                }.into_any()
                            })}
                    </span>
                    <Icon name=IconName::ArrowRight />
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="your-applications">
            <div class="card-head">
                <h2 id="your-applications">{text::YOUR_APPLICATIONS}</h2>
            </div>
            <ul class="app-tiles">{applications.into_iter().map(tile).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// The groups of the member; nothing where there are none.
#[component]
fn GroupsCard(groups: Vec<Membership>) -> impl IntoView {
    if groups.is_empty() {
        return ().into_any();
    }
    let line = |of: Membership| {
        let name = of.group.name.to_string();
        view! {
            <li>
                <Icon name=IconName::Groups />
                <div class="grow">
                    {if of.is_manager {
                        view! {
                            <a class="cell-title clip" dir="auto" href=format!("{}/{}", pages::GROUPS.path, of.group.id)>
                                {name}
                            </a>
                        }
                            .into_any()
                    } else {
                        view! {
                            <span class="cell-title clip" dir="auto">
                                {name}
                            </span>
                        }
                            .into_any()
                    }}
                    <span class="cell-sub">
                        {of.is_manager.then_some(text::YOU_MANAGE)}
                        {(of.is_manager && of.ends_at.is_some()).then_some(" · ")}
                        {of.ends_at.map(|at| view! { {text::ENDS_BEFORE} <Time at show=TimeAs::Day /> }.into_any())}
                    </span>
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="your-groups">
            <div class="card-head">
                <h2 id="your-groups">{text::YOUR_GROUPS}</h2>
            </div>
            <ul class="list">{groups.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// The welcome text and where to go next; nothing where the site has neither.
#[component]
fn WelcomeCard(welcome: Welcome) -> impl IntoView {
    let Welcome { text, link } = welcome;
    if text.is_none() && link.is_none() {
        return ().into_any();
    }
    view! {
        <section class="card card-body stack" aria-label=text::WELCOME>
            {text.map(|text| view! { <p class="lines" dir="auto">{text.to_string()}</p> }.into_any())}
            {link
                .map(|link| {
                    view! {
                        <div class="row">
                            <a class="btn btn-primary" href=link.url.to_string() rel="external noreferrer">
                                {link.title()}
                                <Icon name=IconName::ArrowRight />
                            </a>
                        </div>
                    }.into_any()
                })}
        </section>
    }
    .into_any()
}
