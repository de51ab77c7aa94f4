//! The texts of requests.

pub(super) const REQUESTS: &str = "Requests";

/// Below the name of who asks. `groups` are names, separated by commas.
pub(super) fn asks_for(groups: &str) -> String {
    if groups.is_empty() {
        "Asks to be added. The invite gives no groups any more.".to_owned()
    } else {
        format!("Asks to be added to {groups}")
    }
}

/// Below the address of who asks.
pub(super) const ASKS_FOR_LINK: &str = "Asks for a new link. The address is not verified.";

/// A button.
pub(super) const ADD: &str = "Add member";

/// The accessible name of that button.
pub(super) fn add_label(name: &str, groups: &str) -> String {
    format!("Add member {name} to {groups}")
}

/// A button.
pub(super) const CREATE_LINK: &str = "Create link";

/// The accessible name of that button.
pub(super) fn create_link_label(email: &str) -> String {
    format!("Create link for {email}")
}

/// A button.
pub(super) const DISMISS: &str = "Dismiss";

/// The accessible name of that button.
pub(super) fn dismiss_label(name: &str) -> String {
    format!("Dismiss the request of {name}")
}

pub(super) const NOT_LOADED: &str = "Requests could not be loaded.";

/// Below a page of them.
pub(super) const MORE: &str = "There are more. They are shown when these have an answer.";

/// Emphasised; [`UNDELIVERED`] follows. `address` comes isolated.
pub(super) fn undelivered(address: &str, answer: Option<&str>) -> String {
    match answer.map(|answer| answer.trim().trim_end_matches('.')) {
        None | Some("") => format!("The message to {address} could not be delivered."),
        Some(answer) => format!("The message to {address} could not be delivered: {answer}."),
    }
}

pub(super) const UNDELIVERED: &str = "Copy the link of this invite, and send it in another way.";
