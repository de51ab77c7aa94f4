//! The dashboard (`/admin`) and the member area (`/me`): one application that the browser takes over.

#[cfg(feature = "ssr")]
mod document;
mod missing;
mod nav;
mod shell;
mod shortcuts;
mod top;

use domain::viewer::Viewer;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

#[cfg(feature = "ssr")]
pub use document::document;

use crate::accounts::{AccountsPage, MemberPage};
use crate::invites::{InvitePage, InvitesPage};
use crate::me::{AccountPage, HomePage};
use crate::overview::OverviewPage;
use crate::redemptions::RedemptionsPage;
use crate::server_fn_error::ServerFnError;
use crate::settings::SettingsPage;
use missing::MissingPage;
use shell::Shell;

/// The signed-in account and its surroundings. Read once by the shell and shared by everything in it.
#[derive(Clone, Copy)]
pub struct CurrentViewer(pub Resource<Result<Viewer, ServerFnError>>);

/// The router and everything in it. Every page is written whole before it is sent (`Async`), so that it reads without
/// the script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let title = |page: String| if page.is_empty() { "Latchkey".to_owned() } else { format!("{page} · Latchkey") };
    view! {
        <Title formatter=title />
        <Router>
            <Routes fallback=|| view! { <main class="main"><MissingPage /></main> }>
                <ParentRoute path=path!("") view=Shell ssr=SsrMode::Async>
                    <Route path=path!("/admin") view=OverviewPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/invites") view=InvitesPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/invites/:id") view=InvitePage ssr=SsrMode::Async />
                    <Route path=path!("/admin/redemptions") view=RedemptionsPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/members") view=AccountsPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/members/:id") view=MemberPage ssr=SsrMode::Async />
                    // The address before; bookmarks and notes have it.
                    <Route path=path!("/admin/accounts") view=AccountsPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/settings") view=SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/*any") view=MissingPage ssr=SsrMode::Async />
                    <Route path=path!("/me") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/me/account") view=AccountPage ssr=SsrMode::Async />
                    <Route path=path!("/me/*any") view=MissingPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Takes the page over in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(|| {
        provide_context(crate::ui::browser::assets());
        view! { <App /> }
    });
}
