//! The grant rule: which role an invite of whom may give.

use domain::access::{Permission, Permissions, RolePermissions, is_below};
use domain::accounts::Role;
use domain::{Code, Failure};

/// Who grants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Author {
    /// What it may do.
    pub(crate) permissions: Permissions,
    /// Whether it manages each of the granted groups, of which there are some.
    pub(crate) manages_all: bool,
}

/// What is granted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant {
    /// The role.
    pub(crate) role: Role,
    /// Whether there are groups.
    pub(crate) has_groups: bool,
    /// What the groups grant together.
    pub(crate) of_groups: Permissions,
}

/// Checks that an author may grant a role and groups:
///
/// - The author may create invites, or manages each of the groups.
/// - Invites may grant the role; that of admin only those of owners, even where a manager could give all that they have. The
///   author manages each of the groups, or all groups that there are.
/// - Role and groups together give fewer permissions than the author has, or those of every member. Who manages each of the
///   groups may also give all that they have: managing a group is what their own membership has besides.
///
/// Checked when an invite is created, changed, resumed and redeemed.
///
/// # Errors
/// [`Code::Forbidden`].
pub(crate) fn check_grant(author: Author, grant: Grant, roles: RolePermissions) -> Result<(), Failure> {
    let Author { permissions, manages_all } = author;
    if grant.has_groups && !manages_all && !permissions.contains(Permission::GroupsManage) {
        let why = "An invite can only grant groups that the account that created it manages.";
        return Err(Failure::field(Code::Forbidden, "groups", why));
    }
    let granted = roles.of(grant.role) | grant.of_groups;
    let adds_nothing = granted.is_subset(roles.user);
    let is_lower = is_below(granted, permissions) || (manages_all && granted.is_subset(permissions));
    let makes_admins = grant.role != Role::Admin || permissions.contains(Permission::AdminsManage);
    let may_invite = permissions.contains(Permission::InvitesCreate) || manages_all;
    if may_invite && makes_admins && grant.role.can_be_granted() && (adds_nothing || is_lower) {
        Ok(())
    } else {
        Err(Failure::new(
            Code::Forbidden,
            "An invite can only grant fewer permissions than the account that created it has.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(permissions: Permissions, role: Role, roles: RolePermissions) -> Result<(), Failure> {
        let grant = Grant { role, has_groups: false, of_groups: Permissions::empty() };
        check_grant(Author { permissions, manages_all: false }, grant, roles)
    }

    #[test]
    fn who_may_grant_what() {
        let (yes, no) = (true, false);
        let roles = RolePermissions::default();
        // Rows: the author; columns: the role granted, in the order of Role::ALL.
        for (author, granted) in [
            (Role::User, [no, no, no, no]),
            (Role::Moderator, [yes, no, no, no]),
            (Role::Admin, [yes, yes, no, no]),
            (Role::Owner, [yes, yes, yes, no]),
        ] {
            let may_grant = |role| grant(roles.of(author), role, roles).is_ok();
            assert_eq!(Role::ALL.map(may_grant), granted, "{author}");
        }
    }

    #[test]
    fn members_who_may_invite_grant_their_own_role_and_nothing_more() {
        let members_invite = RolePermissions { user: Permission::InvitesCreate.into(), ..RolePermissions::default() };
        let member = members_invite.of(Role::User);
        assert!(grant(member, Role::User, members_invite).is_ok());
        assert!(grant(member, Role::Moderator, members_invite).is_err());
        let without = RolePermissions { moderator: Permissions::empty(), ..members_invite };
        assert!(grant(member, Role::Moderator, without).is_ok(), "the same permissions by another name");
    }

    #[test]
    fn who_may_grant_groups() {
        let (yes, no) = (true, false);
        let roles = RolePermissions::default();
        let view = Permissions::from(Permission::InvitesView);
        let with_groups = roles.of(Role::Moderator) | Permission::GroupsManage;
        // The permissions of the author, whether it manages each of the groups, what these grant, whether it may.
        for (permissions, manages_all, of_groups, may) in [
            // Staff need to manage all groups.
            (roles.of(Role::Moderator), no, Permissions::empty(), no),
            (with_groups, no, Permissions::empty(), yes),
            (with_groups, no, view, yes),
            // What they have not they cannot give, nor all that they have.
            (with_groups, no, Permission::SettingsChange.into(), no),
            (with_groups, no, with_groups, no),
            // A manager of the groups needs no other permission, and gives what the group gives.
            (Permissions::empty(), yes, Permissions::empty(), yes),
            (view, yes, view, yes),
            (Permissions::empty(), yes, view, no),
            (roles.of(Role::Owner), no, view, yes),
        ] {
            let grant = Grant { role: Role::User, has_groups: true, of_groups };
            let outcome = check_grant(Author { permissions, manages_all }, grant, roles);
            assert_eq!(outcome.is_ok(), may, "{permissions:?} {manages_all} {of_groups:?}");
        }
        let moderator = Grant { role: Role::Moderator, has_groups: true, of_groups: Permissions::empty() };
        assert!(check_grant(Author { permissions: view, manages_all: true }, moderator, roles).is_err());
        let admin = Grant { role: Role::Admin, ..moderator };
        for (author, may) in [(Role::Admin, no), (Role::Owner, yes)] {
            let author = Author { permissions: roles.of(author), manages_all: true };
            assert_eq!(check_grant(author, admin, roles).is_ok(), may, "{author:?}");
        }
    }
}
