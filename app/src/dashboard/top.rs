//! The top bar: search, Create invite, and the account menu.

use domain::viewer::Viewer;
use leptos::prelude::*;

use super::nav::{NEW_INVITE, creates_invites, is_staff};
use super::shortcuts::Help;
use super::text;
use crate::request::Theme;
use crate::search::{SearchField, forget_recent};
use crate::ui::{Avatar, Await, Icon, IconName, Mark, browser};
use crate::viewer::CurrentViewer;

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    view! {
        <header class="top">
            <a class="top-mark" href="/" rel="external">
                <span class="logo">
                    <Mark />
                    <span class="sr">{text::LOGO}</span>
                </span>
            </a>
            <Await
                from=viewer
                children=|viewer| {
                    let viewer = viewer.ok();
                    let staff = viewer.as_ref().is_some_and(is_staff);
                    let creates = viewer.as_ref().is_some_and(creates_invites);
                    view! {
                        {viewer.is_some().then(|| view! { <SearchField invites=staff /> }.into_any())}
                        <div class="top-acts">
                            {creates
                                .then(|| {
                                    view! {
                                        <a class="btn btn-primary only-desk" href=NEW_INVITE>
                                            <Icon name=IconName::Plus />
                                            {text::CREATE_INVITE}
                                        </a>
                                    }.into_any()
                                })}
                            {viewer.map(|viewer| view! { <UserMenu viewer /> }.into_any())}
                        </div>
                    }
                }
            />
        </header>
    }
}

#[component]
fn UserMenu(viewer: Viewer) -> impl IntoView {
    let Help(help) = expect_context();
    let staff = is_staff(&viewer);
    let account = viewer.account.id;
    let name = viewer.account.display_name().to_owned();
    view! {
        <button type="button" class="btn btn-quiet btn-icon" popovertarget="user-menu">
            <span class="sr">{text::account_menu(&name)}</span>
            <Avatar of=viewer.account.reference() />
        </button>
        <div class="menu" id="user-menu" popover="auto">
            <p class="menu-head">
                <strong>
                    <bdi>{name.clone()}</bdi>
                </strong>
                <br />
                <span class="muted tiny">{text::role_on_site(viewer.account.role.title(), viewer.site_name.as_str())}</span>
            </p>
            <hr class="menu-sep" />
            <a class="menu-item" href="/me">
                <Icon name=IconName::Overview />
                {text::HOME}
            </a>
            <a class="menu-item" href="/me/account">
                <Icon name=IconName::User />
                {text::ACCOUNT}
            </a>
            {staff
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="menu-item"
                            popovertarget="user-menu"
                            popovertargetaction="hide"
                            on:click=move |_| help.set(true)
                        >
                            <Icon name=IconName::Info />
                            {text::SHORTCUTS}
                            <span class="kbd" aria-hidden="true">
                                "?"
                            </span>
                        </button>
                    }.into_any()
                })}
            <hr class="menu-sep" />
            <ThemeChoice />
            <hr class="menu-sep" />
            <form method="post" action="/logout" on:submit=move |_| forget_recent(account)>
                <button class="menu-item" id="sign-out">
                    <Icon name=IconName::Logout />
                    {text::SIGN_OUT}
                </button>
            </form>
        </div>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let chosen = RwSignal::new(Theme::System);
    // The server wrote the page in the colours already; which of the three is marked, the browser says.
    Effect::new(move || chosen.set(browser::theme()));
    view! {
        <fieldset class="menu-head">
            <legend class="sr">{text::COLOURS}</legend>
            <div class="seg">
                {Theme::ALL
                    .map(|theme| {
                        let choose = move |_| {
                            chosen.set(theme);
                            browser::set_theme(theme);
                        };
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name="theme"
                                    value=theme.as_str().unwrap_or("system")
                                    prop:checked=move || chosen.get() == theme
                                    on:change=choose
                                />
                                {theme.title()}
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}
