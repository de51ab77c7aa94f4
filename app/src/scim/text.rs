//! The texts of the section about SCIM.

pub(super) const SCIM: &str = "Accounts in the application";
pub(super) const NOTE: &str = "Provisioned by SCIM, within seconds of each change.";
pub(super) const NOT_LOADED: &str = "The state of SCIM could not be loaded.";
pub(super) const COMPARE: &str = "Compare accounts";
pub(super) const SYNCHRONISE: &str = "Synchronise accounts";
pub(super) const SYNCHRONISING: &str = "Synchronisation started";
pub(super) const THERE: &str = "Known there";
pub(super) const WAITING: &str = "Waiting";
pub(super) const FAILED: &str = "Failed";
pub(super) const LAST_ERROR: &str = "Last error";
pub(super) const TOKEN: &str = "Token";
/// An instant follows.
pub(super) const NEXT_BEFORE: &str = "next ";

pub(super) fn there(accounts: &str, groups: &str) -> String {
    let accounts = if accounts == "1" { "1 account".to_owned() } else { format!("{accounts} accounts") };
    let groups = if groups == "1" { "1 group".to_owned() } else { format!("{groups} groups") };
    format!("{accounts}, {groups}")
}

pub(super) fn compared(differences: usize, complete: bool) -> String {
    match (differences, complete) {
        (_, false) => "Compared in part: the application has more than was read in time".to_owned(),
        (0, true) => "Nothing differs".to_owned(),
        (1, true) => "1 difference".to_owned(),
        (count, true) => format!("{count} differences"),
    }
}

pub(super) fn equal(count: u32) -> String {
    format!("Accounts and groups that are the same: {count}")
}

pub(super) const DIFFERENCES: &str = "Differences";
pub(super) const MORE: &str = "There are more. Synchronise, then compare again.";
pub(super) const RETRY: &str = "Retry";

/// The accessible name of [`RETRY`].
pub(super) fn retry_of(name: &str) -> String {
    format!("Retry {name}")
}

pub(super) const RETRIED: &str = "Tried again now";
