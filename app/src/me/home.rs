//! Where one lands after signing up: what one can do now.

use domain::accounts::{AccountStatus, Permission, Viewer};
use domain::text::isolated;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::dashboard::CurrentViewer;
use crate::ui::{Banner, Icon, IconName, Load, Time, TimeAs};

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    view! {
        <Title text="You" />
        <Load from=viewer heading="You" children=|viewer| view! { <Welcome viewer /> } />
    }
}

#[component]
fn Welcome(viewer: Viewer) -> impl IntoView {
    let Viewer { account, site_name, .. } = viewer;
    let staff = account.role.may(Permission::ManageInvites);
    let pending = account.status() == AccountStatus::Pending;
    let name = account.display_name().to_owned();
    view! {
        <div class="page-head">
            <div>
                <h1>"Welcome, " <bdi>{name}</bdi></h1>
                <p class="page-sub">{format!("You have an account at {}, and you are signed in.", isolated(site_name.as_str()))}</p>
            </div>
        </div>
        <div class="stack">
            {pending
                .then(|| {
                    view! {
                        <Banner tone="act" icon=IconName::Hourglass>
                            <strong>"An admin has yet to approve your account. "</strong>
                            "You need not do anything; come back later."
                        </Banner>
                    }.into_any()
                })}
            <section class="card" aria-labelledby="next">
                <div class="card-head">
                    <h2 id="next">"What you can do now"</h2>
                </div>
                <ul class="list">
                    {staff
                        .then(|| {
                            view! {
                                <Step
                                    icon=IconName::Invites
                                    title="Invite people"
                                    about="Make a link, send it, see who came by it."
                                    href="/admin/invites"
                                    words="Go to invites"
                                />
                            }.into_any()
                        })}
                    <Step
                        icon=IconName::User
                        title="Say what you like to be called"
                        about="Your name and your password are yours to change."
                        href="/me/account"
                        words="Your account"
                    />
                    <Step
                        icon=IconName::Shield
                        title="See where you are signed in"
                        about="And sign out a browser you no longer use."
                        href="/me/account#sessions"
                        words="Your sessions"
                    />
                </ul>
            </section>
            <section class="card" aria-labelledby="you">
                <div class="card-head">
                    <h2 id="you">"You"</h2>
                </div>
                <div class="card-body">
                    <dl class="facts">
                        <dt>"Username"</dt>
                        <dd>{format!("@{}", account.username)}</dd>
                        <dt>"E-mail"</dt>
                        <dd>{account.email.to_string()}</dd>
                        <dt>"You are"</dt>
                        <dd>{if pending { AccountStatus::Pending.title() } else { account.role.title() }}</dd>
                        <dt>"Since"</dt>
                        <dd>
                            <Time at=account.created_at show=TimeAs::Day />
                        </dd>
                    </dl>
                </div>
            </section>
        </div>
    }
}

#[component]
fn Step(
    icon: IconName,
    title: &'static str,
    about: &'static str,
    href: &'static str,
    words: &'static str,
) -> impl IntoView {
    view! {
        <li>
            <Icon name=icon />
            <div class="grow">
                <span class="cell-title">{title}</span>
                <span class="cell-sub">{about}</span>
            </div>
            <a class="btn btn-sm" href=href>
                {words}
            </a>
        </li>
    }
}
