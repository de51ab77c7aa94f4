//! One search for everything: a dialog that finds invites, members, redemptions, pages and actions.
//!
//! The button and the frame of the dialog with its field come with every page. What is found is a part of its own, which
//! is downloaded when the search is first opened ([`part`]); what was typed meanwhile is kept.

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

use crate::ui::browser;

/// The value of `data-prefetch` on what opens the search.
pub const PREFETCH: &str = "search";

/// The element id of the list of results.
const LIST: &str = "search-results";

/// The state of the search.
#[derive(Clone, Copy)]
pub struct QuickSearch {
    /// Whether it is open.
    pub open: RwSignal<bool>,
    /// Whether the dialog that lists the keyboard shortcuts is open.
    shortcuts: RwSignal<bool>,
    /// The text in its field.
    typed: RwSignal<String>,
    /// The element id of the option that Enter chooses; `None` while there is none.
    active: RwSignal<Option<String>>,
    /// What handles the keys of the field, once it is downloaded.
    keys: RwSignal<Option<Callback<KeyboardEvent>>>,
}

impl QuickSearch {
    /// Creates it and provides it to everything below. `shortcuts` opens the dialog that lists the keyboard shortcuts.
    pub fn provide(shortcuts: RwSignal<bool>) {
        provide_context(Self {
            open: RwSignal::new(false),
            shortcuts,
            typed: RwSignal::new(String::new()),
            active: RwSignal::new(None),
            keys: RwSignal::new(None),
        });
    }

    /// The one that was provided.
    #[must_use]
    pub fn expect() -> Self {
        expect_context()
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

/// Forgets what an account opened last: on a shared computer it is nobody else's business.
pub fn forget_recent(account: AccountId) {
    browser::forget(&recent_key(account));
}
