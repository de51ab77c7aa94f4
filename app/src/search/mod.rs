//! One search for everything: a dialog that finds invites, members, redemptions, pages and actions.
//!
//! The button and the frame of the dialog come with every page. What is in it is a part of its own ([`part`]), which is
//! downloaded when the search is first opened; what is typed meanwhile is kept.

mod commands;
mod dialog;
mod found;
mod item;
mod listbox;
mod opener;
mod part;
mod recent;
mod results;
mod text;

use domain::ids::AccountId;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

pub use dialog::SearchDialog;
pub use opener::SearchField;
pub use part::load_results;

use crate::ui::{Acting, browser};
use crate::viewer::CurrentViewer;

/// The value of `data-prefetch` on what opens the search.
pub const PREFETCH: &str = "search";

/// The state of the search.
#[derive(Clone, Copy)]
pub struct QuickSearch {
    /// Whether it is open.
    pub open: RwSignal<bool>,
    /// The text in its field.
    typed: RwSignal<String>,
    /// Whether its field is there; it comes with the results.
    ready: RwSignal<bool>,
    /// Whether the dialog that lists the keyboard shortcuts is open.
    shortcuts: RwSignal<bool>,
    /// How what is found is acted on. Outlives the dialog: an act may end after it was closed.
    acting: Acting,
}

impl QuickSearch {
    /// Creates it and provides it to everything below. `shortcuts` opens the dialog that lists the keyboard shortcuts.
    pub fn provide(shortcuts: RwSignal<bool>) {
        let CurrentViewer(viewer) = expect_context();
        provide_context(Self {
            open: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            ready: RwSignal::new(false),
            shortcuts,
            // The navigation counts the accounts pending approval.
            acting: Acting::anywhere(move || viewer.refetch()),
        });
    }

    /// The one that was provided.
    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// Opens it, or closes it.
    pub fn toggle(self) {
        self.typed.set(String::new());
        self.open.update(|open| *open = !*open);
    }

    /// Keeps what is typed before there is a field for it. Returns whether the key was one of a text.
    pub fn keep_typed(self, event: &KeyboardEvent) -> bool {
        if !self.open.get_untracked() || self.ready.get_untracked() || event.ctrl_key() || event.meta_key() {
            return false;
        }
        let key = event.key();
        match key.as_str() {
            "Backspace" => self.typed.update(|typed| {
                typed.pop();
            }),
            // Others have names, such as `Tab`.
            _ if key.chars().count() == 1 => self.typed.update(|typed| typed.push_str(&key)),
            _ => return false,
        }
        true
    }

    /// Opens the dialog that lists the keyboard shortcuts.
    fn show_shortcuts(self) {
        self.shortcuts.set(true);
    }
}

/// Where the browser keeps what an account opened last.
fn recent_key(account: AccountId) -> String {
    format!("latchkey-recent-{account}")
}

/// Forgets what an account opened last: others may use the same browser.
pub fn forget_recent(account: AccountId) {
    browser::forget(&recent_key(account));
}
