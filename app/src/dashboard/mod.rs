//! The dashboard (`/admin`) and the member area (`/me`): one application that the browser takes over.

#[cfg(feature = "ssr")]
mod document;
mod missing;
mod nav;
pub mod parts;
mod shell;
mod shortcuts;
mod text;
mod top;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

#[cfg(feature = "ssr")]
pub use document::document;

use crate::ui::{Confirm, Unsaved};
use missing::MissingPage;
use parts::Part;
use shell::Shell;

/// The router and everything in it. Every page is written whole before it is sent (`Async`), so that it reads without
/// the script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let _ = Confirm::provide();
    Unsaved::provide();
    view! {
        <Title formatter=title />
        <Router>
            <Routes fallback=|| view! { <main class="main"><MissingPage /></main> }>
                <ParentRoute path=path!("") view=Shell ssr=SsrMode::Async>
                    <Route path=path!("/admin") view=Part::Overview ssr=SsrMode::Async />
                    <Route path=path!("/admin/invites") view=Part::Invites ssr=SsrMode::Async />
                    <Route path=path!("/admin/invites/:id") view=Part::Invite ssr=SsrMode::Async />
                    <Route path=path!("/admin/invitations") view=Part::Invitations ssr=SsrMode::Async />
                    <Route path=path!("/admin/invitations/new") view=Part::NewInvitations ssr=SsrMode::Async />
                    <Route path=path!("/admin/invitations/:id") view=Part::Mailing ssr=SsrMode::Async />
                    <Route path=path!("/admin/redemptions") view=Part::Redemptions ssr=SsrMode::Async />
                    <Route path=path!("/admin/members") view=Part::Accounts ssr=SsrMode::Async />
                    <Route path=path!("/admin/members/:id") view=Part::Member ssr=SsrMode::Async />
                    // The former address, for bookmarks.
                    <Route path=path!("/admin/accounts") view=Part::Accounts ssr=SsrMode::Async />
                    <Route path=path!("/admin/groups") view=Part::Groups ssr=SsrMode::Async />
                    <Route path=path!("/admin/groups/:id") view=Part::Group ssr=SsrMode::Async />
                    <Route path=path!("/admin/applications") view=Part::Applications ssr=SsrMode::Async />
                    <Route path=path!("/admin/applications/:id") view=Part::Application ssr=SsrMode::Async />
                    <Route path=path!("/admin/webhooks") view=Part::Webhooks ssr=SsrMode::Async />
                    <Route path=path!("/admin/webhooks/:id") view=Part::Webhook ssr=SsrMode::Async />
                    <Route path=path!("/admin/audit") view=Part::Audit ssr=SsrMode::Async />
                    <Route path=path!("/admin/settings") view=Part::Settings ssr=SsrMode::Async />
                    <Route path=path!("/admin/mail") view=Part::Mail ssr=SsrMode::Async />
                    <Route path=path!("/admin/flows") view=Part::Flows ssr=SsrMode::Async />
                    <Route path=path!("/admin/flows/import") view=Part::FlowImport ssr=SsrMode::Async />
                    <Route path=path!("/admin/flows/:id") view=Part::Flow ssr=SsrMode::Async />
                    <Route path=path!("/admin/terms") view=Part::AllTerms ssr=SsrMode::Async />
                    <Route path=path!("/admin/terms/:id") view=Part::Terms ssr=SsrMode::Async />
                    <Route path=path!("/admin/*any") view=MissingPage ssr=SsrMode::Async />
                    <Route path=path!("/me") view=Part::Home ssr=SsrMode::Async />
                    <Route path=path!("/me/invites") view=Part::OwnInvites ssr=SsrMode::Async />
                    <Route path=path!("/me/invites/:id") view=Part::OwnInvite ssr=SsrMode::Async />
                    <Route path=path!("/me/account") view=Part::Account ssr=SsrMode::Async />
                    <Route path=path!("/me/*any") view=MissingPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The document title for the title of a page. Every title of the dashboard is formed here, so that none is written
/// without escaping.
fn title(page: String) -> String {
    let title = if page.is_empty() { text::LATCHKEY.to_owned() } else { text::title(&page) };
    // On the server, `leptos_meta` 0.8.7 writes the title without escaping. In the browser it sets it as text.
    #[cfg(feature = "ssr")]
    let title = crate::html::escaped(&title);
    title
}

/// Downloads the part of the page that is open. Must have succeeded before [`hydrate`].
///
/// # Errors
/// When the part did not arrive. The page then works as it does without scripts.
#[cfg(feature = "hydrate")]
pub async fn load() -> Result<(), wasm_split_helpers::SplitLoaderError> {
    console_error_panic_hook::set_once();
    match Part::at(&window().location().pathname().unwrap_or_default()) {
        Some(part) => part.load().await,
        None => Ok(()),
    }
}

/// Takes the page over in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    // Not `hydrate_lazy`: the page's part is here, so that nothing has to be waited for in the midst of it.
    leptos::mount::hydrate_body(|| {
        provide_context(crate::ui::browser::assets());
        view! { <App /> }
    });
}
