//! The texts of setting ends. Names come isolated (`domain::text::isolated`).

use domain::accounts::AccountsChanged;
use domain::groups::MembersChanged;
use domain::text::isolated;

use super::{EndsOf, OneMembership};
pub(super) use crate::ui::text::{ENDS, NEVER};
use crate::ui::text::{counted, members};

/// The title of the dialog, and its button.
pub(super) const SET_END: &str = "Set end";

/// What is set, and what an end does.
pub(super) fn about(of: &EndsOf) -> String {
    match of {
        EndsOf::Accounts(accounts) => {
            let whose = members(accounts.len());
            format!(
                "Sets when the accounts of {whose} end. Accounts that have ended can be used again if the end is moved."
            )
        }
        EndsOf::Memberships(group, accounts) => {
            let (whose, group) = (members(accounts.len()), isolated(group.name.as_str()));
            format!("Sets when the memberships of {whose} in {group} end. {MEMBERSHIP_END}")
        }
        EndsOf::Membership(OneMembership { group, name, .. }) => {
            let group = isolated(group.name.as_str());
            format!("Sets when the membership of {name} in {group} ends. {MEMBERSHIP_END}")
        }
    }
}

const MEMBERSHIP_END: &str = "Accounts are kept.";

/// A choice, and its field.
pub(super) const ON_A_DATE: &str = "On a date";
pub(super) const END_DATE: &str = "End";
pub(super) const ACCOUNT_END_HELP: &str = "From then on they can’t sign in. In your time zone.";
pub(super) const MEMBERSHIP_END_HELP: &str = "From then on they lose what the group grants. In your time zone.";

pub(super) fn account_ends_set(outcome: AccountsChanged) -> String {
    let AccountsChanged { changed, unchanged, refused } = outcome;
    counted(CHANGED, changed, [(unchanged, "had this end before"), (refused, "not possible")])
}

pub(super) fn member_ends_set(of: &EndsOf, outcome: &MembersChanged) -> String {
    let gone = u32::try_from(outcome.not_found.len()).unwrap_or(u32::MAX);
    match of {
        EndsOf::Membership(OneMembership { name, .. }) if outcome.changed == 1 => {
            format!("Set the end of the membership of {name}")
        }
        // Who is not a member any more is among them.
        _ => counted(CHANGED, outcome.changed, [(outcome.unchanged, "unchanged"), (gone, "not found")]),
    }
}

/// What was done to how many.
const CHANGED: &str = "Changed";
