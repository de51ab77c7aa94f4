//! The texts of terms.
//!
//! Names come isolated (`domain::text::isolated`) in sentences.

use domain::flows::AskedMembers;
use domain::text::thousands;

pub(super) use crate::ui::text::SAVE_CHANGES;

/// The page that leads here.
pub(super) const FLOWS: &str = "Flows";
pub(super) const TERMS: &str = "Terms";
pub(super) const ABOUT: &str =
    "Documents that people accept when they sign up. A flow says which. Every version is kept, with who accepted it.";
pub(super) const CREATE: &str = "Create terms";
pub(super) const NO_TERMS: &str = "No terms yet";
pub(super) const NO_TERMS_TEXT: &str =
    "Nobody has to accept anything to sign up. Add the rules of the house or a privacy notice, for example.";
pub(super) const NAME: &str = "Name";
pub(super) const NAME_EXAMPLE: &str = "Rules of the house";
pub(super) const PRESENT: &str = "Current version";
pub(super) const ACCEPTED_BY: &str = "Accepted by";
pub(super) const USED_BY: &str = "Used by";
pub(super) const VERSIONS: &str = "Versions";
pub(super) const NO_FLOWS: &str = "No flow asks for these terms.";

pub(super) fn version(number: u32) -> String {
    format!("Version {number}")
}

pub(super) fn members(count: u64) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{} members", thousands(count)) }
}

pub(super) fn flows(count: usize) -> String {
    match count {
        0 => "No flow".to_owned(),
        1 => "1 flow".to_owned(),
        count => format!("{count} flows"),
    }
}

// The page of one document.

pub(super) const ABSENT: &str = "There are no such terms";
pub(super) const ABSENT_TEXT: &str = "They may have been deleted, or the address is incomplete.";
pub(super) const ALL_TERMS: &str = "Show all terms";
pub(super) const EDIT: &str = "Edit";
pub(super) const EXPORT: &str = "Export acceptances";
pub(super) const DELETE: &str = "Delete…";

pub(super) fn describes(version: u32, accepted_by: u64) -> String {
    format!("Version {version}, accepted by {}", members(accepted_by))
}

/// In the history.
pub(super) const fn asked(ask: AskedMembers) -> &'static str {
    match ask {
        AskedMembers::Nobody => "no members were asked",
        AskedMembers::Accepted => "members who had accepted an earlier version were asked",
        AskedMembers::All => "every member was asked",
    }
}

pub(super) fn delete_title(name: &str) -> String {
    format!("Delete {name}?")
}

pub(super) const DELETE_TEXT: &str =
    "Terms that a flow asks for cannot be deleted. Records of who accepted them are kept.";
pub(super) const DELETE_TERMS: &str = "Delete terms";

pub(super) fn deleted(name: &str) -> String {
    format!("{name} deleted")
}

// The form.

pub(super) const NEW: &str = "New terms";

pub(super) fn edit_title(name: &str) -> String {
    format!("Edit {name}")
}

pub(super) const TEXT: &str = "Text";
pub(super) const TEXT_HELP: &str =
    "Markdown: **bold**, _italic_, headings, lists and links. Changing the text creates a new version.";
pub(super) const PREVIEW: &str = "Preview";
pub(super) const ASK: &str = "Members who are asked to accept the new version";
pub(super) const ASK_HELP: &str =
    "They are asked at their next sign-in, before they go on. Those who sign up accept it anyway.";

/// The choice of who is asked.
pub(super) const fn asks(ask: AskedMembers) -> &'static str {
    match ask {
        AskedMembers::Nobody => "Nobody",
        AskedMembers::Accepted => "Those who accepted an earlier version",
        AskedMembers::All => "Every member",
    }
}

/// A toast; `before` is the number of the version before, of terms that there were.
pub(super) fn saved(name: &str, before: Option<u32>, version: u32) -> String {
    match before {
        None => format!("{name} created"),
        Some(before) if before == version => format!("{name} saved"),
        Some(_) => format!("{name} published as version {version}"),
    }
}
