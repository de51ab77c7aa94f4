//! The grant rule: which role an invite of whom may give.

use domain::access::{Permission, Permissions, RolePermissions, is_below};
use domain::accounts::Role;
use domain::{Code, Failure};

/// Checks that an author with the permissions `author` may grant `granted`: it may invite, invites may grant that role, and
/// the role has fewer permissions than the author, or those of every member. Checked when an invite is created, changed,
/// resumed and redeemed.
///
/// # Errors
/// [`Code::Forbidden`].
pub(crate) fn check_grant(author: Permissions, granted: Role, roles: RolePermissions) -> Result<(), Failure> {
    let adds_nothing = roles.of(granted).is_subset(roles.user);
    let is_lower = adds_nothing || is_below(roles.of(granted), author);
    if author.contains(Permission::InvitesCreate) && granted.can_be_granted() && is_lower {
        Ok(())
    } else {
        Err(Failure::new(
            Code::Forbidden,
            "An invite can only grant a role with fewer permissions than the account that created it.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_grant_what() {
        let (yes, no) = (true, false);
        let roles = RolePermissions::default();
        // Rows: the author; columns: the role granted, in the order of Role::ALL.
        for (author, granted) in [
            (Role::User, [no, no, no, no]),
            (Role::Moderator, [yes, no, no, no]),
            (Role::Admin, [yes, yes, no, no]),
            (Role::Owner, [yes, yes, no, no]),
        ] {
            let may_grant = |role| check_grant(roles.of(author), role, roles).is_ok();
            assert_eq!(Role::ALL.map(may_grant), granted, "{author}");
        }
    }

    #[test]
    fn members_who_may_invite_grant_their_own_role_and_nothing_more() {
        let members_invite = RolePermissions { user: Permission::InvitesCreate.into(), ..RolePermissions::default() };
        let member = members_invite.of(Role::User);
        assert!(check_grant(member, Role::User, members_invite).is_ok());
        assert!(check_grant(member, Role::Moderator, members_invite).is_err());
        let without = RolePermissions { moderator: Permissions::empty(), ..members_invite };
        assert!(check_grant(member, Role::Moderator, without).is_ok(), "the same permissions by another name");
    }
}
