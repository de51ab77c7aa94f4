//! The authenticated caller and the client it speaks through.

use std::net::IpAddr;

use domain::accounts::{AccountRef, Permission, Role};
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
    /// The scope of the API key; [`KeyScope::Full`] for other callers.
    pub(crate) scope: KeyScope,
    /// The account's epoch when the caller was authenticated ([`crate::accounts::store::Verified`]).
    pub(crate) auth_epoch: i64,
    /// Whether the account is pending approval. It then has no permissions.
    pub(crate) pending: bool,
}

impl Actor {
    /// The id of the account.
    pub(crate) const fn id(&self) -> AccountId {
        self.account.id
    }

    /// Checks that the caller has `permission`.
    ///
    /// # Errors
    /// [`Code::Forbidden`] if the role does not have it, the account is pending approval, or the API key can only read.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Failure> {
        if self.pending || !self.role.may(permission) {
            return Err(Failure::new(
                Code::Forbidden,
                "Your account does not have permission to do this. Ask an admin.",
            ));
        }
        if self.scope.only_reads() && !permission.only_reads() {
            return Err(Failure::new(Code::Forbidden, "This API key can only read. Use a key with full access."));
        }
        Ok(())
    }

    /// Whether the actor may read invite codes.
    pub(crate) const fn reads_codes(&self) -> bool {
        self.scope.reads_codes()
    }

    /// Takes code and link out of an invite that is to be shown, unless the actor may read them.
    pub(crate) fn hide_code(&self, invite: &mut Invite) {
        if !self.reads_codes() {
            (invite.code, invite.url) = (None, None);
        }
    }

    /// The same for an invite that is only named.
    pub(crate) fn hide_code_of(&self, invite: &mut InviteRef) {
        if !self.reads_codes() {
            invite.code = None;
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
