//! The frame around every page of the dashboard.

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use leptos_router::location::Location;

use super::nav::{SideNav, ThumbNav};
use super::shortcuts::{Help, Shortcuts};
use super::text;
use super::top::TopBar;
use crate::me::api;
use crate::search::{QuickSearch, SearchDialog};
use crate::settings::ClosedBanner;
use crate::ui::{Changes, Clock, ConfirmDialog, ToastRegion, Toasts, browser, use_menu_keys};
use crate::url;
use crate::viewer::CurrentViewer;

/// The shell. Provides the viewer and toasts to everything below it.
#[component]
pub fn Shell() -> impl IntoView {
    provide_context(CurrentViewer(Resource::new(|| (), |()| api::get())));
    let help = RwSignal::new(false);
    provide_context(Help(help));
    let _ = Toasts::provide();
    Changes::provide();
    Clock::provide();
    QuickSearch::provide(help);
    use_menu_keys();
    settle(use_location().pathname);
    announce_pages();
    super::parts::prefetch();
    view! {
        <a class="skip" href="#main" rel="external">
            {text::SKIP}
        </a>
        <div class="shell">
            <SideNav />
            <TopBar />
            <main class="main" id="main" tabindex="-1">
                <ClosedBanner />
                <Outlet />
            </main>
            <ThumbNav />
        </div>
        <SearchDialog />
        <ToastRegion />
        <ConfirmDialog />
        <Shortcuts />
    }
}

/// Computes a memo before parts of the page that read it are drawn.
///
/// On the server they are drawn on several threads. A memo that two of them read for the first time at the same moment
/// can lose its value between them (`reactive_graph` 0.2.16): the later one panics, and the page never comes. Memos that
/// a resource is made from are computed with it; this one is read first where the ways through the dashboard are drawn.
fn settle<T: Send + Sync + 'static>(memo: Memo<T>) {
    memo.with_untracked(|_| ());
}

/// A page that was opened without loading gets the focus, as a loaded one would, so that screen readers announce it. If a
/// newer server has answered meanwhile, the page is loaded after all: at this moment nothing that was typed is lost.
fn announce_pages() {
    let Location { pathname, search, .. } = use_location();
    Effect::new(move |before: Option<String>| {
        let now = pathname.get();
        if before.is_some_and(|before| before != now) {
            if crate::client::is_outdated() {
                // By address: the browser's own may still be that of the page before.
                let here = url::with_search(&now, &search.get_untracked());
                // Fails only for an address that is none.
                let _ = window().location().assign(&here);
            } else {
                browser::focus("#main");
            }
        }
        now
    });
}
