//! The texts of webhooks.
//!
//! Names come isolated (`domain::text::isolated`) in toasts and questions.

pub(super) use crate::ui::text::{CREATED, PREVIOUS_NEXT, REFRESH, SAVE_CHANGES};

// The list.

pub(super) const WEBHOOKS: &str = "Webhooks";
pub(super) const WEBHOOK: &str = "Webhook";
pub(super) const ABOUT: &str = "Tell other systems what happens here, when it happens.";
pub(super) const CREATE: &str = "Create webhook";
pub(super) const NEW: &str = "New webhook";
pub(super) const NO_WEBHOOKS: &str = "No webhooks yet";
pub(super) const NO_WEBHOOKS_TEXT: &str =
    "A webhook posts to an address of yours when somebody signs up, an invite is used up, or a member is suspended.";

pub(super) fn webhooks(count: usize) -> String {
    if count == 1 { "1 webhook".to_owned() } else { format!("{count} webhooks") }
}

pub(super) const STATE: &str = "Status";
pub(super) const ACTIVE: &str = "Active";
pub(super) const PAUSED: &str = "Paused";
pub(super) const FAILING: &str = "Failing";
pub(super) const EVENTS: &str = "Events";
pub(super) const ALL_EVENTS: &str = "All events";

pub(super) fn events(count: usize) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}

// The form.

pub(super) fn edit_title(name: &str) -> String {
    format!("Edit {name}")
}

pub(super) const NAME: &str = "Name";
pub(super) const NAME_EXAMPLE: &str = "Chat bot";
pub(super) const ADDRESS: &str = "Address";
pub(super) const ADDRESS_EXAMPLE: &str = "https://bot.example.org/latchkey";
pub(super) const ADDRESS_HELP: &str = "Events are posted here as JSON, signed as Standard Webhooks describes.";
pub(super) const WHICH_EVENTS: &str = "Events";
pub(super) const EVERY_EVENT: &str = "All events, including future ones";
pub(super) const SOME_EVENTS: &str = "Some";
pub(super) const CHOOSE_EVENTS: &str = "Choose events";

pub(super) fn created(name: &str) -> String {
    format!("{name} created")
}

pub(super) fn saved(name: &str) -> String {
    format!("{name} saved")
}

// One webhook.

pub(super) const ABSENT: &str = "There is no such webhook";
pub(super) const ABSENT_TEXT: &str = "It may have been deleted, or the address is incomplete.";
pub(super) const ALL_WEBHOOKS: &str = "All webhooks";
pub(super) const EDIT: &str = "Edit";
pub(super) const PAUSE: &str = "Pause";
pub(super) const RESUME: &str = "Resume";
/// `…` marks what asks first.
pub(super) const DELETE: &str = "Delete…";
pub(super) const TEST: &str = "Send a test event";
pub(super) const TEST_SENT: &str = "Test event on its way";
pub(super) const SECRET: &str = "Signing secret";
/// An instant follows.
pub(super) const SIGNS_UNTIL_BEFORE: &str = "signs until ";
/// An instant follows.
pub(super) const CREATED_BEFORE: &str = "created ";

pub(super) fn paused(name: &str) -> String {
    format!("{name} paused")
}

pub(super) fn resumed(name: &str) -> String {
    format!("{name} resumed")
}

pub(super) fn failing(attempts: u32) -> String {
    if attempts == 1 { "The last attempt failed".to_owned() } else { format!("The last {attempts} attempts failed") }
}

// Signing secrets.

/// `…` marks what asks first.
pub(super) const ROTATE: &str = "New secret…";

pub(super) fn secret_of(name: &str) -> String {
    format!("Signing secret of {name}")
}

pub(super) const COPY_NOW: &str = "Copy it now. It is not shown again.";
pub(super) const COPY_SECRET: &str = "Copy secret";
pub(super) const SECRET_COPIED: &str = "Secret copied";
pub(super) const HIDE_SECRET: &str = "Hide secret";
pub(super) const SHOW_IT: &str = "Show the webhook";
pub(super) const CREATE_SECRET: &str = "Create secret";
pub(super) const SECRET_CREATED: &str = "Secret created";

pub(super) fn rotate_title(name: &str) -> String {
    format!("Create a new signing secret for {name}?")
}

pub(super) const ROTATE_TEXT: &str =
    "Events are signed with both secrets for 24 hours, so that you can enter the new one on the other side meanwhile.";

// Deleting.

pub(super) fn delete_title(name: &str) -> String {
    format!("Delete {name}?")
}

pub(super) const DELETE_TEXT: &str = "Pending deliveries will not be sent.";
pub(super) const DELETE_WEBHOOK: &str = "Delete webhook";

pub(super) fn deleted(name: &str) -> String {
    format!("{name} deleted")
}

// Deliveries.

pub(super) const DELIVERIES: &str = "Deliveries";
pub(super) const NO_DELIVERIES: &str = "Nothing here";
pub(super) const NO_DELIVERIES_TEXT: &str =
    "Send a test event to see one. Deliveries are listed for 7 days, and failed ones for 30.";

pub(super) fn deliveries(count: usize) -> String {
    if count == 1 { "1 delivery".to_owned() } else { format!("{count} deliveries") }
}

pub(super) const EVENT: &str = "Event";
pub(super) const ANSWER: &str = "Last answer";
pub(super) const HAPPENED: &str = "Time";
pub(super) const NO_ANSWER_YET: &str = "None yet";
pub(super) const RETRY: &str = "Retry";
/// The accessible name of [`RETRY`].
pub(super) fn retry_of(event: &str) -> String {
    format!("Retry {event}")
}

pub(super) const RETRIED: &str = "Tried again now";

pub(super) fn attempts(count: u32) -> String {
    if count == 1 { "1 attempt".to_owned() } else { format!("{count} attempts") }
}

/// An instant follows.
pub(super) const NEXT_BEFORE: &str = "next ";
