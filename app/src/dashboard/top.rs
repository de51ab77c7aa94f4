//! The top bar: search, Create invite, and the account menu.

use domain::viewer::Viewer;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::nav::is_staff;
use super::shortcuts::Help;
use super::text;
use crate::request::Theme;
use crate::ui::{Avatar, Await, Icon, IconName, Mark, browser, url};
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
                    view! {
                        {staff.then(|| view! { <Search /> }.into_any())}
                        <div class="top-acts">
                            {staff
                                .then(|| {
                                    view! {
                                        <a class="btn btn-primary only-desk" href="/admin/invites?new=1">
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
fn Search() -> impl IntoView {
    let navigate = use_navigate();
    let typed = RwSignal::new(String::new());
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        let q = typed.get_untracked().trim().to_owned();
        navigate(
            &url::with_query("/admin/invites", &[("q", (!q.is_empty()).then_some(q))]),
            NavigateOptions::default(),
        );
    };
    view! {
        <form class="command" role="search" aria-label=text::QUICK_SEARCH method="get" action="/admin/invites" on:submit=search>
            <Icon name=IconName::Search />
            <input
                type="search"
                id="search"
                name="q"
                aria-label=text::SEARCH_INVITES_LABEL
                placeholder=text::SEARCH_INVITES
                autocomplete="off"
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <span class="kbd" aria-hidden="true">
                "/"
            </span>
        </form>
    }
}

#[component]
fn UserMenu(viewer: Viewer) -> impl IntoView {
    let Help(help) = expect_context();
    let staff = is_staff(&viewer);
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
            <form method="post" action="/logout">
                <button class="menu-item">
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
