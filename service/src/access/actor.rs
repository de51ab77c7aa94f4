//! The authenticated caller and the client it speaks through.

use std::net::IpAddr;

use domain::access::{Permission, Permissions, to_names};
use domain::accounts::{AccountRef, Role};
use domain::ids::{AccountId, KeyId, SessionId};
use domain::invites::{Invite, InviteRef};
use domain::keys::KeyScope;
use domain::{Code, Failure};

/// How a caller was authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// With a browser session.
    Session(SessionId),
    /// With an API key.
    ApiKey(KeyId),
    /// On the command line, which needs access to the data itself.
    Operator,
}

/// The authenticated caller. Created only by [`crate::sessions::resolve`], [`crate::keys::resolve`] and
/// [`crate::operations::operator`], once per request, so that a suspension takes effect with the next request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountRef,
    /// The role of the account at the time of the request.
    pub role: Role,
    /// How the caller was authenticated.
    pub via: Via,
    /// The client that sent the request.
    pub client: Client,
    /// Whether the account is active; one that is pending approval may do nothing, also where it manages a group.
    pub(crate) active: bool,
    /// What the account may do, by its role and its groups; nothing while it is pending approval.
    pub permissions: Permissions,
    /// The scope of the API key; [`KeyScope::Full`] for other callers.
    pub(crate) scope: KeyScope,
    /// The account's epoch when the caller was authenticated ([`crate::accounts::store::Verified`]).
    pub(crate) auth_epoch: i64,
}

impl Actor {
    /// The id of the account.
    pub(crate) const fn id(&self) -> AccountId {
        self.account.id
    }

    /// What the caller may do: what its account may do, as far as the scope of the API key includes it.
    pub(crate) fn effective(&self) -> Permissions {
        self.permissions.iter().filter(|permission| self.scope.includes(*permission)).collect()
    }

    /// Whether the caller has `permission`.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission) && self.scope.includes(permission)
    }

    /// Whether a caller that is not bound by its permissions, because the object is its own, has a key for it.
    pub(crate) fn is_in_scope(&self, permission: Permission) -> bool {
        self.scope.includes(permission)
    }

    /// Checks that the caller has `permission`.
    ///
    /// # Errors
    /// [`Code::Forbidden`] if the account does not have it, or the scope of the API key does not include it.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Failure> {
        if !self.permissions.contains(permission) {
            return Err(Failure::new(
                Code::Forbidden,
                "Your account does not have permission to do this. Ask an admin.",
            ));
        }
        if !self.scope.includes(permission) {
            let why = format!("This API key does not have the permission {permission}. Use a key that has it.");
            return Err(Failure::new(Code::Forbidden, why));
        }
        Ok(())
    }

    /// Checks that the caller has each of these permissions, before it gives them to others.
    ///
    /// # Errors
    /// [`Code::Forbidden`], with the names of those it has not.
    pub(crate) fn require_all(&self, permissions: Permissions) -> Result<(), Failure> {
        let lacking = permissions - self.effective();
        if lacking.is_empty() {
            return Ok(());
        }
        let names = to_names(lacking).replace(' ', ", ");
        Err(Failure::new(Code::Forbidden, format!("You can't give permissions that you don't have: {names}.")))
    }

    /// Whether the caller may read the codes of the invites of everyone.
    pub(crate) fn reads_codes(&self) -> bool {
        self.may(Permission::InvitesViewCodes)
    }

    /// Takes code and link out of an invite that is to be shown, unless the caller may read them: they are those of its own
    /// invites, or it may read every code.
    pub(crate) fn hide_code(&self, invite: &mut Invite) {
        // Who may not create invites may still have created one for the groups they manage.
        let creates = self.may(Permission::InvitesCreate) || !invite.terms.groups.is_empty();
        // Anyone who has the code can become an admin.
        let reads = if invite.terms.grants_admin() { self.may(Permission::AdminsManage) } else { self.reads_codes() };
        let is_own = invite.created_by.id == self.id() && creates && self.scope.includes(Permission::InvitesCreate);
        if !is_own && !reads {
            (invite.code, invite.url) = (None, None);
        }
    }

    /// The same for an invite that is only named.
    pub(crate) fn hide_code_of(&self, invite: &mut InviteRef) {
        if !self.reads_codes() {
            invite.code = None;
        }
    }

    /// The same for one that `author` created: its code is shown to them, unless the API key creates no invites.
    pub(crate) fn hide_code_of_others(&self, invite: &mut InviteRef, author: AccountId) {
        if author != self.id() || !self.is_in_scope(Permission::InvitesCreate) {
            self.hide_code_of(invite);
        }
    }
}

/// The client that sent a request. Used for limits, the audit log and the list of sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The IP address, if it is known from a trusted source.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
}
