//! Navigation: beside the page, and at the bottom of the screen on a phone.

use domain::access::Permission;
use domain::paging::Count;
use domain::viewer::Viewer;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::text;
use crate::pages::{self, Page};
use crate::ui::{Await, Icon, IconName, Logo};
use crate::viewer::CurrentViewer;

/// A link of the navigation.
#[derive(Clone, Copy)]
struct Place {
    page: Page,
    words: &'static str,
    icon: IconName,
}

const OVERVIEW: Place = Place { page: pages::OVERVIEW, words: text::OVERVIEW, icon: IconName::Overview };
const INVITES: Place = Place { page: pages::INVITES, words: text::INVITES, icon: IconName::Invites };
const REDEMPTIONS: Place = Place { page: pages::REDEMPTIONS, words: text::REDEMPTIONS, icon: IconName::Redemptions };
const MEMBERS: Place = Place { page: pages::MEMBERS, words: text::MEMBERS, icon: IconName::Members };
const GROUPS: Place = Place { page: pages::GROUPS, words: text::GROUPS, icon: IconName::Groups };
const APPLICATIONS: Place =
    Place { page: pages::APPLICATIONS, words: text::APPLICATIONS, icon: IconName::Applications };
const WEBHOOKS: Place = Place { page: pages::WEBHOOKS, words: text::WEBHOOKS, icon: IconName::Webhooks };
const AUDIT: Place = Place { page: pages::AUDIT, words: text::AUDIT_LOG, icon: IconName::Audit };
const SETTINGS: Place = Place { page: pages::SETTINGS, words: text::SETTINGS, icon: IconName::Settings };
const HOME: Place = Place { page: pages::HOME, words: text::HOME, icon: IconName::Overview };
const OWN_INVITES: Place = Place { page: pages::OWN_INVITES, words: text::INVITES, icon: IconName::Invites };
const ACCOUNT: Place = Place { page: pages::ACCOUNT, words: text::ACCOUNT, icon: IconName::User };

const STAFF: &[Place] =
    &[OVERVIEW, INVITES, OWN_INVITES, REDEMPTIONS, MEMBERS, GROUPS, APPLICATIONS, WEBHOOKS, AUDIT, SETTINGS];
const MEMBER: &[Place] = &[HOME, OWN_INVITES, GROUPS, ACCOUNT];
/// The pages that the bar of a phone has no room for.
const MORE: &[Place] = &[OWN_INVITES, REDEMPTIONS, GROUPS, APPLICATIONS, WEBHOOKS, AUDIT, SETTINGS];

/// Those of `places` that the viewer may open.
fn open_to(viewer: Option<&Viewer>, places: &[Place]) -> Vec<Place> {
    let is_shown = |place: &Place| match viewer {
        Some(viewer) => pages::is_offered(place.page, viewer),
        None => place.page.needs.is_none() && ![pages::GROUPS, pages::OWN_INVITES].contains(&place.page),
    };
    places.iter().copied().filter(is_shown).collect()
}

/// Whether the viewer works in the dashboard, or has their own pages only.
pub fn is_staff(viewer: &Viewer) -> bool {
    viewer.is_staff()
}

/// Opens the dialog that creates an invite.
pub const NEW_INVITE: &str = "/admin/invites?new=1";

/// Whether the viewer is offered to create invites: that needs the page of invites, too.
pub fn creates_invites(viewer: &Viewer) -> bool {
    viewer.may(Permission::InvitesCreate) && pages::INVITES.is_open_to(viewer.permissions)
}

/// `aria-current` of the link to the page at hand, or to the nearest page above it.
fn current(place: Place) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
    let path = use_location().pathname;
    move || {
        let here = path.with(|path| match place.page.path {
            "/admin" | "/me" => path.trim_end_matches('/') == place.page.path,
            // The list of members has an older address.
            "/admin/members" if path.starts_with("/admin/accounts") => true,
            // The page about e-mail is reached from the settings.
            "/admin/settings" if path == pages::MAIL.path => true,
            // So are flows, and the terms that they ask for.
            "/admin/settings" if [pages::FLOWS, pages::TERMS].iter().any(|page| path.starts_with(page.path)) => true,
            // What invitations bring are invites.
            "/admin/invites" if path.starts_with("/admin/invitations") => true,
            href => path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')),
        });
        here.then_some("page")
    }
}

/// The column beside the page; icons only where there is less room.
#[component]
pub fn SideNav() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    view! {
        <nav class="nav" aria-label=text::MAIN>
            <a class="nav-brand" href="/" rel="external" title=text::START>
                <Logo />
            </a>
            <Await
                from=viewer
                children=|viewer| {
                    let viewer = viewer.ok();
                    let places = if viewer.as_ref().is_some_and(is_staff) { STAFF } else { MEMBER };
                    let places = open_to(viewer.as_ref(), places);
                    let pending = viewer.as_ref().and_then(|viewer| viewer.pending);
                    view! {
                        <NavList places pending />
                        {viewer
                            .map(|viewer| {
                                view! {
                                    <p class="nav-foot">
                                        {viewer.site_name.to_string()} <br />
                                        {text::version(&viewer.version)}
                                    </p>
                                }.into_any()
                            })}
                    }
                }
            />
        </nav>
    }
}

/// The number of accounts pending approval, at the link to the members.
fn badge(place: Place, pending: Option<Count>) -> Option<impl IntoView> {
    let pending = pending.filter(|pending| place.page.path == MEMBERS.page.path && pending.counted > 0)?;
    Some(view! {
        <span class="nav-count">
            {pending.to_string()}
            <span class="sr">{text::pending_approval_after(pending)}</span>
        </span>
    })
}

#[component]
fn NavList(places: Vec<Place>, pending: Option<Count>) -> impl IntoView {
    view! {
        <ul class="nav-list">
            {places
                .into_iter()
                .map(|place| {
                    view! {
                        <li>
                            <a class="nav-link" href=place.page.path title=place.words aria-current=current(place)>
                                <Icon name=place.icon />
                                <span>{place.words}</span>
                                {badge(place, pending)}
                            </a>
                        </li>
                    }.into_any()
                })
                .collect_view()}
        </ul>
    }
}

/// The bar at the bottom of a phone's screen, and the drawer with the other pages.
#[component]
pub fn ThumbNav() -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let link = |place: Place, pending: Option<Count>| {
        view! {
            <a class="bar-link" href=place.page.path aria-current=current(place)>
                <Icon name=place.icon />
                {place.words}
                {badge(place, pending)}
            </a>
        }
    };
    view! {
        <Await
            from=viewer
            children=move |viewer| {
                if viewer.as_ref().is_ok_and(is_staff) {
                    let viewer = viewer.ok();
                    let pending = viewer.as_ref().and_then(|viewer| viewer.pending);
                    let links = |places| {
                        open_to(viewer.as_ref(), places).into_iter().map(|place| link(place, pending)).collect_view()
                    };
                    let creates = viewer.as_ref().is_some_and(creates_invites);
                    let more = open_to(viewer.as_ref(), MORE);
                    view! {
                        <nav class="bar" aria-label=text::QUICK>
                            {links(&[OVERVIEW, INVITES])}
                            {creates
                                .then(|| {
                                    view! {
                                        <a class="bar-link bar-new" href=NEW_INVITE aria-label=text::CREATE_INVITE>
                                            <Icon name=IconName::Plus />
                                        </a>
                                    }.into_any()
                                })}
                            {links(&[MEMBERS])}
                            <button type="button" class="bar-link" popovertarget="drawer">
                                <Icon name=IconName::Menu />
                                {text::MORE}
                            </button>
                        </nav>
                        <Drawer places=more />
                    }
                        .into_any()
                } else {
                    let links = open_to(viewer.as_ref().ok(), MEMBER).into_iter().map(|place| link(place, None));
                    view! { <nav class="bar" aria-label=text::QUICK>{links.collect_view()}</nav> }.into_any()
                }
            }
        />
    }
}

/// The pages the bar has no room for. Closes itself when one of them is opened.
#[component]
fn Drawer(places: Vec<Place>) -> impl IntoView {
    let shut = move |_| crate::ui::browser::click("#drawer-close");
    view! {
        <nav class="drawer" id="drawer" popover="auto" aria-label=text::MORE_PAGES on:click=shut>
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
                    aria-label=text::CLOSE_MENU
                    on:click=|event| event.stop_propagation()
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <NavList places pending=None />
        </nav>
    }
}
