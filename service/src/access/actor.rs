//! Who acts, and whence.

use std::net::IpAddr;

use domain::accounts::{AccountRef, Permission, Role};
use domain::ids::{AccountId, KeyId, SessionId};
use domain::invites::{Invite, InviteRef};
use domain::keys::KeyScope;
use domain::{Code, Failure};

/// How an actor proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A browser session.
    Session(SessionId),
    /// An API key.
    ApiKey(KeyId),
    /// The command line: whoever runs it holds the data itself.
    Operator,
}

/// Who acts. Made only by [`crate::sessions::resolve`], [`crate::keys::resolve`] and [`crate::operations::operator`], afresh for
/// each request, so that it never outlives a suspension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// As which account.
    pub account: AccountRef,
    /// With which role, now.
    pub role: Role,
    /// How they proved it.
    pub via: Via,
    /// Whence the request came.
    pub client: Client,
    /// The scope of the API key the actor came with; everything where it is none.
    pub(crate) scope: KeyScope,
    /// The account's epoch when the actor was resolved ([`crate::accounts::store::Verified`]).
    pub(crate) auth_epoch: i64,
    /// Whether an admin has yet to approve the account: then its role gives it nothing.
    pub(crate) pending: bool,
}

impl Actor {
    /// The id of the account.
    pub(crate) const fn id(&self) -> AccountId {
        self.account.id
    }

    /// Refuses unless the actor's role allows `permission`.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Failure> {
        if self.pending || !self.role.may(permission) {
            return Err(Failure::new(Code::Forbidden, "Your account may not do this. Ask an admin."));
        }
        if self.scope.only_reads() && !permission.only_reads() {
            return Err(Failure::new(Code::Forbidden, "This API key may only read. Use one that may do everything."));
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

/// Whence a request comes: for limits, the audit log and the list of one's sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The address, as far as it can be trusted.
    pub ip: Option<IpAddr>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
}
