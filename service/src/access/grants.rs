//! The grant rule: which role an invite of whom may give.

use domain::accounts::{Permission, Role};
use domain::{Code, Failure};

/// Checks that an author with the role `author` may grant `granted`: it may invite, invites may grant that role, and the
/// role is strictly below the author's. Checked when an invite is created, changed, resumed and
/// redeemed.
///
/// # Errors
/// [`Code::Forbidden`].
pub(crate) fn check_grant(author: Role, granted: Role) -> Result<(), Failure> {
    if author.may(Permission::ManageInvites) && granted.can_be_granted() && granted.is_below(author) {
        Ok(())
    } else {
        Err(Failure::new(Code::Forbidden, "An invite can only grant a role below that of the account that created it."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_grant_what() {
        let (yes, no) = (true, false);
        // Rows: the author; columns: the role granted, in the order of Role::ALL.
        for (author, granted) in [
            (Role::User, [no, no, no, no]),
            (Role::Moderator, [no, no, no, no]),
            (Role::Admin, [yes, yes, no, no]),
            (Role::Owner, [yes, yes, no, no]),
        ] {
            assert_eq!(Role::ALL.map(|role| check_grant(author, role).is_ok()), granted, "{author}");
        }
    }
}
