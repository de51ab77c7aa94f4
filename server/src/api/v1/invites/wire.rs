//! Invites as the contract describes them. A new invite and a change are parsed by [`domain::invites::InviteDraft`];
//! [`NewInvite`] and [`InviteChange`] describe what it accepts.

use domain::failure::Check;
use domain::ids::{FlowId, InviteId};
use domain::invites::{InviteQuery, Terms};
use domain::{Failure, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::paging::paging;
use super::super::views::{AccountRef, GroupRef, Role, page};
use super::terms::{AccessEnd, InviteAttribute, NewAccessEnd};
use crate::api::extract::parameter;

/// An invite as staff see it.
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own in JSON")]
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "code": "7QmX2pVd9KtR",
    "url": "https://door.example.org/inv/7QmX2pVd9KtR",
    "code_kind": "random",
    "label": "Summer course",
    "role": "user",
    "groups": [{ "id": "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77", "name": "Potters" }],
    "used": 3,
    "max_uses": 25,
    "starts_at": null,
    "expires_at": "2027-03-01T18:00:00Z",
    "email": null,
    "email_domains": ["example.org"],
    "approval": false,
    "attributes": [{ "key": "team", "value": "Clay", "locked": true }],
    "welcome_text": "**Welcome** to the workshop.",
    "after": "/me",
    "ends": { "of": "groups", "after_days": 30, "at": null },
    "existing_members": true,
    "show_uses_left": true,
    "without_code": false,
    "verify_email": false,
    "flow_id": null,
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
    /// Invite code; null once the invite is deleted, and for an API key without the permission `invites.view_codes`.
    #[schema(required = true)]
    code: Option<String>,
    /// Invite link; null whenever the code is null.
    #[schema(required = true, format = "uri")]
    url: Option<String>,
    /// Origin of the code.
    code_kind: CodeKind,
    /// Name of the invite among staff. Invitees never see it.
    #[schema(required = true)]
    label: Option<String>,
    /// Role of the accounts it creates.
    role: Role,
    /// Groups that these accounts join.
    groups: Vec<GroupRef>,
    /// Uses so far.
    used: u32,
    /// Maximum uses; null for no limit.
    #[schema(required = true)]
    max_uses: Option<u32>,
    /// Start; null for at once.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    starts_at: Option<Timestamp>,
    /// End; null for never. At this instant the invite has expired.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// The only e-mail address that may sign up; null for any.
    #[schema(required = true, format = "email")]
    email: Option<String>,
    /// Domains of e-mail addresses that may sign up; empty for any.
    email_domains: Vec<String>,
    /// Whether the accounts are pending approval.
    approval: bool,
    /// Attributes that the accounts get.
    attributes: Vec<InviteAttribute>,
    /// What the sign-up page says, as Markdown without HTML; null for nothing.
    #[schema(required = true)]
    welcome_text: Option<String>,
    /// Where people go after they sign up: `/open/ID` of an application, another path on this site, or an `https` address of a
    /// site that the settings allow; null for their own page.
    #[schema(required = true)]
    after: Option<String>,
    /// When access ends; null for never.
    #[schema(required = true)]
    ends: Option<AccessEnd>,
    /// Whether people who have an account already may use it, to join its groups.
    existing_members: bool,
    /// Whether the sign-up page shows how many uses are left.
    show_uses_left: bool,
    /// Whether addresses of `email_domains` sign up by it without its code, while registration is open.
    without_code: bool,
    /// Whether the accounts have to verify their e-mail address, where e-mail is set up. Those of an invite with `email` or
    /// `email_domains` always have to.
    verify_email: bool,
    /// Id of its flow; null for the default flow.
    #[schema(required = true, value_type = Option<Uuid>)]
    flow_id: Option<FlowId>,
    /// Time it was paused; null if it is not paused.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    paused_at: Option<Timestamp>,
    /// Time it was deleted; null if it is not deleted.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Timestamp>,
    /// Time it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Account that created it.
    created_by: AccountRef,
    /// Its status now.
    status: InviteStatus,
}

impl From<domain::invites::Invite> for Invite {
    fn from(invite: domain::invites::Invite) -> Self {
        let Terms { label, role, groups: _, max_uses, starts_at, expires_at, .. } = invite.terms;
        Self {
            id: invite.id,
            code: invite.code.map(Into::into),
            url: invite.url,
            code_kind: invite.code_kind.into(),
            label: label.map(Into::into),
            role: role.into(),
            groups: invite.group_refs.into_iter().map(Into::into).collect(),
            used: invite.used,
            max_uses,
            starts_at,
            expires_at,
            email: invite.terms.email.map(Into::into),
            email_domains: invite.terms.email_domains.into_iter().map(Into::into).collect(),
            approval: invite.terms.approval,
            attributes: invite.terms.attributes.into_iter().map(Into::into).collect(),
            welcome_text: invite.terms.welcome_text.map(Into::into),
            after: invite.terms.after.map(Into::into),
            ends: invite.terms.ends.map(Into::into),
            existing_members: invite.terms.existing_members,
            show_uses_left: invite.terms.show_uses_left,
            without_code: invite.terms.without_code,
            verify_email: invite.terms.verify_email,
            flow_id: invite.terms.flow,
            paused_at: invite.paused_at,
            deleted_at: invite.deleted_at,
            created_at: invite.created_at,
            created_by: invite.created_by.into(),
            status: invite.status.into(),
        }
    }
}

/// Origin of a code.
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

/// Status of an invite: the first that holds of deleted, expired, used up, paused, scheduled, active.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatus {
    /// Deleted for good.
    Deleted,
    /// Cannot be used until it is resumed.
    Paused,
    /// Its start is in the future.
    Scheduled,
    /// Its end has passed.
    Expired,
    /// Its maximum uses are reached.
    UsedUp,
    /// Can be used.
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
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "label": "Summer course", "max_uses": 25, "expires_in_hours": 168, "role": "user" }))]
pub struct NewInvite {
    /// Name of the invite among staff.
    #[schema(max_length = 200)]
    label: Option<String>,
    /// Invite code of your own instead of a random one.
    #[schema(min_length = 6, max_length = 64, pattern = "^[A-Za-z0-9_-]{6,64}$")]
    code: Option<String>,
    /// Maximum uses, up to the ceiling in the settings (5,000 unless changed); null for no limit. Members have a lower
    /// ceiling, which null stands for, and an end (see `/me/invites/limits`).
    #[schema(minimum = 1)]
    max_uses: Option<i64>,
    /// End as hours from now. Not together with `expires_at`.
    #[schema(minimum = 1, maximum = 8760)]
    expires_in_hours: Option<i64>,
    /// End. Not together with `expires_in_hours`.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Start.
    #[schema(format = DateTime)]
    starts_at: Option<String>,
    /// Role of the accounts it creates: `user` if left out. `admin` is granted by owners only, with `max_uses` 1 and an
    /// `email`.
    #[schema(value_type = Option<GrantedRole>)]
    role: Option<String>,
    /// Ids of the groups that these accounts join: groups that the account of the API key manages, with fewer permissions than
    /// it has.
    #[schema(value_type = Option<Vec<Uuid>>, max_items = 20)]
    groups: Option<Vec<String>>,
    /// The only e-mail address that may sign up.
    #[schema(format = "email", max_length = 254)]
    email: Option<String>,
    /// Domains of e-mail addresses that may sign up, such as `example.org`; any if left out. A domain does not stand for those
    /// below it.
    #[schema(max_items = 20)]
    email_domains: Option<Vec<String>>,
    /// Whether the accounts are pending approval; false if left out.
    approval: Option<bool>,
    /// Attributes that the accounts get.
    #[schema(max_items = 20)]
    attributes: Option<Vec<InviteAttribute>>,
    /// What the sign-up page says, as Markdown. HTML and images in it are left out.
    #[schema(max_length = 2000)]
    welcome_text: Option<String>,
    /// Where people go after they sign up: `/open/ID` of an application, another path on this site that begins with one `/`, or
    /// an `https` address of a site that the settings allow. Their own page if left out.
    #[schema(max_length = 2048)]
    after: Option<String>,
    /// When access ends; never if left out.
    ends: Option<NewAccessEnd>,
    /// Whether people who have an account already may use it, to join its groups; true if left out.
    existing_members: Option<bool>,
    /// Whether the sign-up page shows how many uses are left; true if left out.
    show_uses_left: Option<bool>,
    /// Whether addresses of `email_domains` sign up by it without its code, while registration is open. Needs the permission
    /// settings.change.
    without_code: Option<bool>,
    /// Whether the accounts have to verify their e-mail address, where e-mail is set up.
    verify_email: Option<bool>,
    /// Id of its flow; the default flow if left out. Needs the permission invites.view.
    #[schema(value_type = Option<Uuid>)]
    flow_id: Option<String>,
}

/// Role that an invite can grant. Never owner.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it documents what the domain parses")]
pub enum GrantedRole {
    /// Has an account.
    User,
    /// Has the permissions that the settings give to moderators.
    Moderator,
    /// Manages everything except admins. Only owners grant it, for one use and one e-mail address.
    Admin,
}

/// A change of an invite (RFC 7396): what is left out stays, null clears. It does not change the accounts that the invite has
/// already created.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "label": null, "max_uses": 50 }))]
pub struct InviteChange {
    /// Name of the invite among staff.
    #[schema(max_length = 200)]
    label: Option<String>,
    /// Maximum uses; not below the uses so far.
    #[schema(minimum = 1)]
    max_uses: Option<i64>,
    /// End as hours from now. Not together with `expires_at`.
    #[schema(minimum = 1, maximum = 8760)]
    expires_in_hours: Option<i64>,
    /// End.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Start.
    #[schema(format = DateTime)]
    starts_at: Option<String>,
    /// Role of the accounts it creates. Can't be cleared.
    #[schema(value_type = Option<GrantedRole>)]
    role: Option<String>,
    /// Ids of the groups that accounts join from now on.
    #[schema(value_type = Option<Vec<Uuid>>, max_items = 20)]
    groups: Option<Vec<String>>,
    /// The only e-mail address that may sign up.
    #[schema(format = "email", max_length = 254)]
    email: Option<String>,
    /// Domains of e-mail addresses that may sign up.
    #[schema(max_items = 20)]
    email_domains: Option<Vec<String>>,
    /// Whether accounts are pending approval from now on.
    approval: Option<bool>,
    /// Attributes that accounts get from now on.
    #[schema(max_items = 20)]
    attributes: Option<Vec<InviteAttribute>>,
    /// What the sign-up page says, as Markdown.
    #[schema(max_length = 2000)]
    welcome_text: Option<String>,
    /// Where people go after they sign up.
    #[schema(max_length = 2048)]
    after: Option<String>,
    /// When access ends of those who sign up from now on.
    ends: Option<NewAccessEnd>,
    /// Whether people who have an account already may use it. Null is true.
    existing_members: Option<bool>,
    /// Whether the sign-up page shows how many uses are left. Null is true.
    show_uses_left: Option<bool>,
    /// Whether addresses of `email_domains` sign up by it without its code, while registration is open. Null is false. Needs
    /// the permission settings.change.
    without_code: Option<bool>,
    /// Whether the accounts have to verify their e-mail address, where e-mail is set up. Null is false.
    verify_email: Option<bool>,
    /// Id of its flow; null is the default flow. Needs the permission invites.view.
    #[schema(value_type = Option<Uuid>)]
    flow_id: Option<String>,
}

page! {
    /// One page of invites.
    Invites {
        /// The invites.
        Invite from domain::invites::Invite
    }
}

/// Filter, order and page of a list of invites.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvitesParams {
    /// Only invites whose label has these words or their beginnings, in any order and case, or with this code or link.
    q: Option<String>,
    /// Only invites with this status; all except deleted ones if left out.
    #[param(value_type = Option<InviteStatus>, inline)]
    status: Option<String>,
    /// Sort by `created` (if left out), `expires` or `used`.
    #[param(pattern = "^(created|expires|used)$")]
    sort: Option<String>,
    /// Order: `desc` (if left out) or `asc`.
    #[param(pattern = "^(asc|desc)$")]
    order: Option<String>,
    /// Maximum number of invites; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// A cursor of another page of the same list.
    cursor: Option<String>,
}

impl InvitesParams {
    /// Parses every parameter, so that all the wrong ones are named.
    pub fn parse(self) -> Result<InviteQuery, Failure> {
        let mut check = Check::default();
        let query = InviteQuery {
            q: self.q,
            status: parameter(&mut check, "status", self.status.as_deref()),
            sort: parameter(&mut check, "sort", self.sort.as_deref()).unwrap_or_default(),
            order: parameter(&mut check, "order", self.order.as_deref()).unwrap_or_default(),
            paging: paging(&mut check, self.limit.as_deref(), self.cursor.as_deref()),
        };
        check.finish(Some(query))
    }
}
