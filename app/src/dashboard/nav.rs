//! The ways through the dashboard: beside the page, and under the thumb on a phone.

use domain::accounts::{Permission, Viewer};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::CurrentViewer;
use crate::ui::{Await, Icon, IconName, Logo};

/// A page one can go to.
#[derive(Clone, Copy)]
struct Place {
    href: &'static str,
    words: &'static str,
    icon: IconName,
}

const OVERVIEW: Place = Place { href: "/admin", words: "Overview", icon: IconName::Overview };
const INVITES: Place = Place { href: "/admin/invites", words: "Invites", icon: IconName::Invites };
const REDEMPTIONS: Place = Place { href: "/admin/redemptions", words: "Redemptions", icon: IconName::Redemptions };
const MEMBERS: Place = Place { href: "/admin/accounts", words: "Members", icon: IconName::Members };
const SETTINGS: Place = Place { href: "/admin/settings", words: "Settings", icon: IconName::Settings };
const YOU: Place = Place { href: "/me", words: "You", icon: IconName::Overview };
const ACCOUNT: Place = Place { href: "/me/account", words: "Account", icon: IconName::User };

const STAFF: &[Place] = &[OVERVIEW, INVITES, REDEMPTIONS, MEMBERS, SETTINGS];
const MEMBER: &[Place] = &[YOU, ACCOUNT];

/// Whether someone has the dashboard's pages, or only their own.
pub fn is_staff(viewer: &Viewer) -> bool {
    viewer.account.role.may(Permission::ManageInvites)
}

/// Marks the page one is on: the place itself, or the nearest above it.
fn current(place: Place) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
    let path = use_location().pathname;
    move || {
        let here = path.with(|path| match place.href {
            "/admin" | "/me" => path.trim_end_matches('/') == place.href,
            href => path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')),
        });
        here.then_some("page")
    }
}

/// The column beside the page; icons alone where there is less room.
#[component]
pub fn SideNav() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    view! {
        <nav class="nav" aria-label="Main">
            <a class="nav-brand" href="/" rel="external" title="Start">
                <Logo />
            </a>
            <Await
                from=viewer
                children=|viewer| {
                    let viewer = viewer.ok();
                    let places = if viewer.as_ref().is_some_and(is_staff) { STAFF } else { MEMBER };
                    view! {
                        <NavList places />
                        {viewer
                            .map(|viewer| {
                                view! {
                                    <p class="nav-foot">
                                        {viewer.site_name.to_string()} <br />
                                        {format!("Latchkey {}", viewer.version)}
                                    </p>
                                }.into_any()
                            })}
                    }
                }
            />
        </nav>
    }
}

#[component]
fn NavList(places: &'static [Place]) -> impl IntoView {
    view! {
        <ul class="nav-list">
            {places
                .iter()
                .map(|&place| {
                    view! {
                        <li>
                            <a class="nav-link" href=place.href title=place.words aria-current=current(place)>
                                <Icon name=place.icon />
                                <span>{place.words}</span>
                            </a>
                        </li>
                    }.into_any()
                })
                .collect_view()}
        </ul>
    }
}

/// The bar under the thumb, and the drawer with the rest.
#[component]
pub fn ThumbNav() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let link = |place: Place| {
        view! {
            <a class="bar-link" href=place.href aria-current=current(place)>
                <Icon name=place.icon />
                {place.words}
            </a>
        }
    };
    view! {
        <Await
            from=viewer
            children=move |viewer| {
                if viewer.as_ref().is_ok_and(is_staff) {
                    view! {
                        <nav class="bar" aria-label="Short">
                            {link(OVERVIEW)}
                            {link(INVITES)}
                            <a class="bar-link bar-new" href="/admin/invites?new=1" aria-label="New invite">
                                <Icon name=IconName::Plus />
                            </a>
                            {link(MEMBERS)}
                            <button type="button" class="bar-link" popovertarget="drawer">
                                <Icon name=IconName::Menu />
                                "More"
                            </button>
                        </nav>
                        <Drawer />
                    }
                        .into_any()
                } else {
                    view! { <nav class="bar" aria-label="Short">{link(YOU)} {link(ACCOUNT)}</nav> }.into_any()
                }
            }
        />
    }
}

/// Every page, from the side. Closes itself when one of them is opened.
#[component]
fn Drawer() -> impl IntoView {
    let shut = move |_| crate::ui::browser::click("#drawer-close");
    view! {
        <nav class="drawer" id="drawer" popover="auto" aria-label="All pages" on:click=shut>
            <div class="row row-between">
                <span class="nav-brand">
                    <Logo />
                </span>
                <button
                    type="button"
                    class="btn btn-quiet btn-icon"
                    id="drawer-close"
                    popovertarget="drawer"
                    popovertargetaction="hide"
                    aria-label="Close menu"
                    on:click=|event| event.stop_propagation()
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <NavList places=STAFF />
        </nav>
    }
}
