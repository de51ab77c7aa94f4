//! The page members land on after signing up: a welcome, where to go next, and their account.

use domain::accounts::AccountStatus;
use domain::settings::Welcome;
use domain::text::isolated;
use domain::viewer::Viewer;
use leptos::prelude::*;
use leptos_meta::Title;

use super::text;
use crate::ui::{Banner, Icon, IconName, Load, Time, TimeAs};
use crate::viewer::CurrentViewer;

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    view! {
        <Title text=text::HOME />
        <Load from=viewer heading=text::HOME children=|viewer| view! { <Home viewer /> } />
    }
}

#[component]
fn Home(viewer: Viewer) -> impl IntoView {
    let staff = viewer.is_staff();
    let Viewer { account, site_name, welcome, .. } = viewer;
    let pending = account.status() == AccountStatus::Pending;
    let site_name = isolated(site_name.as_str());
    view! {
        <div class="page-head">
            <div>
                <h1>{text::welcome_to(&site_name)}</h1>
                <p class="page-sub">{text::SIGNED_IN_BEFORE} <bdi>{account.display_name().to_owned()}</bdi> "."</p>
            </div>
        </div>
        <div class="stack">
            {pending
                .then(|| {
                    view! {
                        <Banner tone="act" icon=IconName::Hourglass>
                            <strong>{text::PENDING}</strong>
                            " "
                            {text::PENDING_TEXT}
                        </Banner>
                    }.into_any()
                })}
            <WelcomeCard welcome />
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
                        <dd>{account.status().title()}</dd>
                        <dt>{text::CREATED}</dt>
                        <dd>
                            <Time at=account.created_at show=TimeAs::Day />
                        </dd>
                    </dl>
                </div>
            </section>
            {staff
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
