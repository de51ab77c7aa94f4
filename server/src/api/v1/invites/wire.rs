//! The shapes of invites on the wire.

use domain::failure::Check;
use domain::ids::InviteId;
use domain::invites::{InviteDraft, InvitePatchDraft, InviteQuery, Order};
use domain::paging::{Page, Paging};
use domain::{Failure, Patch, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::views::{AccountRef, Role};
use crate::api::extract::parameter;

/// An invite as staff see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "code": "7QmX2pVd9KtR",
    "url": "https://door.example.org/inv/7QmX2pVd9KtR",
    "code_kind": "random",
    "label": "Summer course",
    "role": "user",
    "used": 3,
    "max_uses": 25,
    "starts_at": null,
    "expires_at": "2027-03-01T18:00:00Z",
    "paused_at": null,
    "deleted_at": null,
    "created_at": "2026-11-21T10:00:00Z",
    "created_by": { "id": "0199f0a4-0000-7d0e-9d6a-3f0e6c1b2a77", "username": "ines", "name": "Inês" },
    "status": "active",
}))]
pub struct Invite {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: InviteId,
    /// The invite code; null once the invite is deleted, and to an API key of the scope `read`.
    #[schema(required = true)]
    code: Option<String>,
    /// The invite link; null where the code is.
    #[schema(required = true, format = "uri")]
    url: Option<String>,
    /// Where the key comes from.
    code_kind: CodeKind,
    /// What staff call it. Invitees never see it.
    #[schema(required = true)]
    label: Option<String>,
    /// What those who come by it become.
    role: Role,
    /// How many came by it.
    used: u32,
    /// How many may; null for any number.
    #[schema(required = true)]
    max_uses: Option<u32>,
    /// From when; null if from the start.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    starts_at: Option<Timestamp>,
    /// Until when; null for no end.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When it was paused; null if it is not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    paused_at: Option<Timestamp>,
    /// When it was deleted; null if it is not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Who made it.
    created_by: AccountRef,
    /// Where it stands now.
    status: InviteStatus,
}

impl From<domain::invites::Invite> for Invite {
    fn from(invite: domain::invites::Invite) -> Self {
        Self {
            id: invite.id,
            code: invite.code.map(Into::into),
            url: invite.url,
            code_kind: invite.code_kind.into(),
            label: invite.label.map(Into::into),
            role: invite.role.into(),
            used: invite.used,
            max_uses: invite.max_uses,
            starts_at: invite.starts_at,
            expires_at: invite.expires_at,
            paused_at: invite.paused_at,
            deleted_at: invite.deleted_at,
            created_at: invite.created_at,
            created_by: invite.created_by.into(),
            status: invite.status.into(),
        }
    }
}

/// Where a code comes from.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// Drawn at random.
    Random,
    /// Chosen by staff.
    Own,
}

impl From<domain::invites::CodeKind> for CodeKind {
    fn from(kind: domain::invites::CodeKind) -> Self {
        match kind {
            domain::invites::CodeKind::Random => Self::Random,
            domain::invites::CodeKind::Own => Self::Own,
        }
    }
}

/// Where an invite stands: the first that holds of deleted, paused, scheduled, expired, used up, active.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatus {
    /// Gone for good.
    Deleted,
    /// Stopped until someone resumes it.
    Paused,
    /// Not yet.
    Scheduled,
    /// No longer.
    Expired,
    /// Everyone it had room for is in.
    UsedUp,
    /// Lets people in.
    Active,
}

impl From<domain::invites::InviteStatus> for InviteStatus {
    fn from(status: domain::invites::InviteStatus) -> Self {
        use domain::invites::InviteStatus as Is;
        match status {
            Is::Deleted => Self::Deleted,
            Is::Paused => Self::Paused,
            Is::Scheduled => Self::Scheduled,
            Is::Expired => Self::Expired,
            Is::UsedUp => Self::UsedUp,
            Is::Active => Self::Active,
        }
    }
}

/// A new invite. Every member may be left out: a random code, no limit, no end, role `user`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "label": "Summer course", "max_uses": 25, "expires_in_hours": 168, "role": "user" }))]
pub struct NewInvite {
    /// What staff call it.
    #[schema(max_length = 200)]
    label: Option<String>,
    /// An own code instead of a random one.
    #[schema(min_length = 6, max_length = 64, pattern = "^[A-Za-z0-9_-]{6,64}$")]
    code: Option<String>,
    /// How many may come by it, up to the ceiling of the settings (5,000 unless changed); null for any number.
    #[schema(minimum = 1)]
    max_uses: Option<i64>,
    /// For how many hours from now. Not together with `expires_at`.
    #[schema(minimum = 1, maximum = 8760)]
    expires_in_hours: Option<i64>,
    /// Until when. Not together with `expires_in_hours`.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// From when.
    #[schema(format = DateTime)]
    starts_at: Option<String>,
    /// What those who come by it become: `user` (if left out) or `moderator`.
    #[schema(value_type = Option<GrantedRole>)]
    role: Option<String>,
}

/// What an invite may make of someone. Never an admin or owner.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it documents what the domain parses")]
pub enum GrantedRole {
    /// Has an account.
    User,
    /// Keeps order among users.
    Moderator,
}

impl From<NewInvite> for InviteDraft {
    fn from(new: NewInvite) -> Self {
        Self {
            label: new.label,
            code: new.code,
            max_uses: new.max_uses,
            expires_in_hours: new.expires_in_hours,
            expires_at: new.expires_at,
            starts_at: new.starts_at,
            role: new.role,
        }
    }
}

/// A change of an invite (RFC 7396): what is left out stays, null clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "label": null, "max_uses": 50 }))]
pub struct InviteChange {
    /// What staff call it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    label: Patch<String>,
    /// How many may come by it; not below how many came.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1)]
    max_uses: Patch<i64>,
    /// For how many hours from now. Not together with `expires_at`.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 8760)]
    expires_in_hours: Patch<i64>,
    /// Until when.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Patch<String>,
    /// From when.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    starts_at: Patch<String>,
    /// What those who come by it become. Can't be cleared.
    #[serde(default)]
    #[schema(value_type = Option<GrantedRole>)]
    role: Patch<String>,
}

impl From<InviteChange> for InvitePatchDraft {
    fn from(change: InviteChange) -> Self {
        Self {
            label: change.label,
            max_uses: change.max_uses,
            expires_in_hours: change.expires_in_hours,
            expires_at: change.expires_at,
            starts_at: change.starts_at,
            role: change.role,
        }
    }
}

/// One page of invites.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invites {
    /// The invites.
    items: Vec<Invite>,
    /// Leads to those that follow; null on the last page.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// Leads to those before; null on the first page.
    #[schema(required = true)]
    previous_cursor: Option<String>,
}

impl From<Page<domain::invites::Invite>> for Invites {
    fn from(page: Page<domain::invites::Invite>) -> Self {
        Self {
            items: page.items.into_iter().map(Into::into).collect(),
            next_cursor: page.next_cursor.map(Into::into),
            previous_cursor: page.previous_cursor.map(Into::into),
        }
    }
}

/// Which invites to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvitesParams {
    /// The invite with exactly this code, and those whose label begins with this, in any case.
    q: Option<String>,
    /// Those that stand so; all but the deleted ones if left out.
    #[param(value_type = Option<InviteStatus>, inline)]
    status: Option<String>,
    /// What to sort by: `created` (if left out), `expires` or `used`.
    #[param(pattern = "^(created|expires|used)$")]
    sort: Option<String>,
    /// Which way: `desc` (if left out) or `asc`.
    #[param(pattern = "^(asc|desc)$")]
    order: Option<String>,
    /// How many at most; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// A cursor of another page of the same list.
    cursor: Option<String>,
}

impl InvitesParams {
    /// Parses every parameter, so that all the wrong ones are named.
    pub fn parse(self) -> Result<InviteQuery, Failure> {
        let mut check = Check::default();
        let order = match self.order.as_deref() {
            Some("asc") => Order::Ascending,
            None | Some("desc") => Order::Descending,
            Some(_) => {
                check.wrong("order", "Choose asc or desc.");
                Order::default()
            }
        };
        let query = InviteQuery {
            q: self.q,
            status: parameter(&mut check, "status", self.status.as_deref()),
            sort: parameter(&mut check, "sort", self.sort.as_deref()).unwrap_or_default(),
            order,
            paging: paging(&mut check, self.limit.as_deref(), self.cursor.as_deref()),
        };
        check.finish(Some(query))
    }
}

/// `limit` and `cursor`, which every list has.
pub fn paging(check: &mut Check, limit: Option<&str>, cursor: Option<&str>) -> Paging {
    Paging { cursor: parameter(check, "cursor", cursor), limit: parameter(check, "limit", limit).unwrap_or_default() }
}

/// What a code says to whoever holds it, before they sign up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "valid": true,
    "role": "user",
    "expires_at": "2027-03-01T18:00:00Z",
    "places_left": 22,
    "invited_by": "Inês",
}))]
pub struct Invitation {
    /// Always true: a code that lets no one in is a 404.
    valid: bool,
    /// What one becomes.
    role: Role,
    /// Until when; null for no end.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// How many may still come by it; null for any number.
    #[schema(required = true)]
    places_left: Option<u32>,
    /// Who invites.
    invited_by: String,
}

impl From<domain::signup::Invitation> for Invitation {
    fn from(invitation: domain::signup::Invitation) -> Self {
        Self {
            valid: true,
            role: invitation.role.into(),
            expires_at: invitation.expires_at,
            places_left: invitation.places_left,
            invited_by: invitation.invited_by,
        }
    }
}
