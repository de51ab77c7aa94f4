//! The texts of the frame around the pages of the dashboard: navigation, top bar, shortcuts, and the pages that stand in
//! for others.

use domain::paging::Count;

pub(super) use crate::ui::text::{
    AUDIT_LOG, CREATE_INVITE, GO_TO_START, GROUPS, INVITES, LATCHKEY, MEMBERS, REDEMPTIONS, SKIP, TRY_AGAIN,
};

// The head of the document.

/// The title of the window, of a page with a title.
pub(super) fn title(page: &str) -> String {
    format!("{page} · {LATCHKEY}")
}

/// What search engines show.
#[cfg(feature = "ssr")]
pub(super) const ABOUT: &str = "The dashboard of Latchkey: invites, redemptions and members.";
/// Below a page whose script did not arrive. The link [`TRY_AGAIN`] follows.
#[cfg(feature = "ssr")]
pub(super) const WITHOUT_SCRIPT_BEFORE: &str = "This page is shown without its script. Links, filters and search work; \
     buttons that change something need the script. ";

// Navigation.

/// The accessible name of the navigation.
pub(super) const MAIN: &str = "Main";
/// The accessible name of the navigation at the bottom of a phone's screen.
pub(super) const QUICK: &str = "Quick navigation";
/// The accessible name of the logo, which leads to the start page.
pub(super) const START: &str = "Start";
pub(super) const OVERVIEW: &str = "Overview";
pub(super) const APPLICATIONS: &str = "Applications";
pub(super) const WEBHOOKS: &str = "Webhooks";
pub(super) const SETTINGS: &str = "Settings";
pub(super) const HOME: &str = "Home";
pub(super) const ACCOUNT: &str = "Account";
/// Opens the drawer with the pages that a phone's bar has no room for.
pub(super) const MORE: &str = "More";
/// The accessible name of the drawer.
pub(super) const MORE_PAGES: &str = "More pages";
pub(super) const CLOSE_MENU: &str = "Close menu";

/// For screen readers, after the number of accounts at the link to the members.
pub(super) const fn pending_approval_after(count: Count) -> &'static str {
    if count.counted == 1 { " account pending approval" } else { " accounts pending approval" }
}

pub(super) fn version(version: &str) -> String {
    format!("{LATCHKEY} {version}")
}

// The top bar.

/// The accessible name of the logo, which leads to the start page.
pub(super) const LOGO: &str = "Latchkey, start";
/// The accessible name of the button that opens the account menu.
pub(super) fn account_menu(name: &str) -> String {
    format!("Account menu of {name}")
}

pub(super) fn role_on_site(role: &str, site_name: &str) -> String {
    format!("{role} of {site_name}")
}

/// The accessible name of the choice between the themes.
pub(super) const COLOURS: &str = "Colours";
pub(super) const SIGN_OUT: &str = "Sign out";

// Shortcuts.

/// The title of the dialog, and what opens it.
pub(super) const SHORTCUTS: &str = "Keyboard shortcuts";
pub(super) const SEARCH_OR_JUMP: &str = "Search or jump to a page";
pub(super) const SEARCH_WHILE_TYPING: &str = "The same, also while typing";
pub(super) const NEXT_ROW: &str = "Next row";
pub(super) const PREVIOUS_ROW: &str = "Previous row";
pub(super) const OPEN_ROW: &str = "Open the row";
pub(super) const COPY_INVITE_LINK: &str = "Copy the invite link";
pub(super) const EDIT_INVITE: &str = "Edit the invite";
pub(super) const PREVIOUS_PAGE: &str = "Previous page of the list";
pub(super) const NEXT_PAGE: &str = "Next page of the list";
pub(super) const CLOSE_DIALOG: &str = "Close the dialog or menu";
pub(super) const SHOW_SHORTCUTS: &str = "Show keyboard shortcuts";
pub(super) const USE_SHORTCUTS: &str = "Use single-letter shortcuts in this browser";

// Instead of a page that does not exist.

pub(super) const NOT_FOUND: &str = "Page not found";
pub(super) const NOT_FOUND_TITLE: &str = "There is no page at this address";
pub(super) const NOT_FOUND_TEXT: &str = "It may be mistyped, or the page was removed.";

// Instead of a page whose program did not arrive.

pub(super) const NOT_LOADED: &str = "Page not loaded";
pub(super) const NOT_LOADED_TEXT: &str = "This page could not be loaded. Check your connection, then try again.";
