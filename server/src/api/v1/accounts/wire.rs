//! Accounts as the contract describes them. What is sent is parsed by [`domain::accounts::NewAccountDraft`] and
//! [`domain::accounts::AccountDraft`]; [`NewAccount`] and [`AccountChange`] describe what these accept.

use domain::accounts::{AccountFilter, AccountQuery, AccountRow};
use domain::attributes::Attribute;
use domain::failure::Check;
use domain::ids::{AccountId, FlowId};
use domain::members::MemberDetail;
use domain::pictures::PictureVersion;
use domain::{Failure, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::paging::paging;
use super::super::redemptions::InviteRef;
use super::super::views::{AccountRef, GroupRef, Role, page};
use crate::api::extract::{id_parameter, parameter};

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a5-0000-7d0e-9d6a-3f0e6c1b2a77",
    "email": "mateo@example.org",
    "username": "mateo",
    "name": "Mateo Quispe",
    "role": "user",
    "status": "active",
    "created_at": "2026-11-21T10:00:00Z",
    "updated_at": "2026-11-21T10:00:00Z",
    "last_active_at": null,
    "ends_at": null,
    "email_verified_at": "2026-11-21T10:05:00Z",
    "activate_by": null,
    "picture_set_at": null,
}))]
pub struct Account {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// E-mail address.
    email: String,
    /// Username.
    username: String,
    /// Display name; null if there is none.
    #[schema(required = true)]
    name: Option<String>,
    /// Role.
    role: Role,
    /// Status.
    status: AccountStatus,
    /// Time it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time of the last change of the account, apart from its sessions and groups.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Time it was last active, accurate to a minute; null for never.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    last_active_at: Option<Timestamp>,
    /// Time from which it can't sign in any more; null for never.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
    /// Time its e-mail address was verified; null if it was not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    email_verified_at: Option<Timestamp>,
    /// Time at which it is deleted unless its e-mail address is verified; null if it does not wait for that.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    activate_by: Option<Timestamp>,
    /// Time its picture was set; null if there is none.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    picture_set_at: Option<Timestamp>,
}

impl From<domain::accounts::Account> for Account {
    fn from(account: domain::accounts::Account) -> Self {
        Self {
            id: account.id,
            status: account.status.into(),
            email: account.email.into(),
            username: account.username.into(),
            name: account.name.map(Into::into),
            role: account.role.into(),
            created_at: account.created_at,
            updated_at: account.updated_at,
            last_active_at: account.last_active_at,
            ends_at: account.ends_at,
            email_verified_at: account.email_verified_at,
            activate_by: account.activate_by,
            picture_set_at: account.picture.map(PictureVersion::set_at),
        }
    }
}

/// Status of an account.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// Can sign in.
    Active,
    /// Can sign in, and has no permissions until it is approved.
    Pending,
    /// Can sign in, and has no permissions until its e-mail address is verified.
    Unverified,
    /// Was pending approval and was declined; cannot sign in.
    Declined,
    /// Cannot sign in.
    Suspended,
    /// Its end has passed; cannot sign in until the end is moved.
    Ended,
}

impl From<domain::accounts::AccountStatus> for AccountStatus {
    fn from(status: domain::accounts::AccountStatus) -> Self {
        use domain::accounts::AccountStatus as Is;
        match status {
            Is::Active => Self::Active,
            Is::Pending => Self::Pending,
            Is::Unverified => Self::Unverified,
            Is::Declined => Self::Declined,
            Is::Suspended => Self::Suspended,
            Is::Ended => Self::Ended,
        }
    }
}

/// A link with which the password of an account can be set, once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "url": "https://join.example.org/reset/Wn0xq3m2lJ0QbU5pYgkq8c5l1v8JXr2mT6yQ9aZb3Hs",
    "expires_at": "2026-11-21T11:00:00Z",
}))]
pub struct ResetLink {
    /// The address. It can't be read again.
    url: String,
    /// Time from which the link is not valid any more.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<domain::password_resets::ResetLink> for ResetLink {
    fn from(link: domain::password_resets::ResetLink) -> Self {
        Self { url: link.url, expires_at: link.expires_at }
    }
}

/// Status of an account after an operation.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountState {
    /// The status.
    status: AccountStatus,
}

impl From<domain::accounts::AccountStatus> for AccountState {
    fn from(status: domain::accounts::AccountStatus) -> Self {
        Self { status: status.into() }
    }
}

/// An account, with the invite it signed up with.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedAccount {
    #[serde(flatten)]
    account: Account,
    /// Invite that the account signed up with; null if there was none.
    #[schema(required = true)]
    invite: Option<InviteRef>,
    /// Account that created that invite; null if there was none.
    #[schema(required = true)]
    inviter: Option<AccountRef>,
}

/// An account, with the invite it signed up with and its attributes.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountDetail {
    #[serde(flatten)]
    row: ListedAccount,
    /// Attributes, by key. The answers to the flow are among them.
    attributes: Vec<AccountAttribute>,
    /// Flow that the account signed up with; null if it did not sign up, or before there were flows.
    #[schema(required = true)]
    flow: Option<AccountFlow>,
}

/// The flow that an account signed up with.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountFlow {
    /// Id of the flow, which may be deleted.
    #[schema(value_type = Uuid)]
    id: FlowId,
    /// Name of the flow.
    name: String,
    /// Number of the version that was answered.
    version: u32,
    /// Groups of the flow that were withheld, because those who saved the flow or created the invite may not give them any more.
    withheld: Vec<GroupRef>,
}

impl From<domain::flows::AccountFlow> for AccountFlow {
    fn from(of: domain::flows::AccountFlow) -> Self {
        Self {
            id: of.flow.id,
            name: of.flow.name.into(),
            version: of.version,
            withheld: of.withheld.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<MemberDetail> for AccountDetail {
    fn from(detail: MemberDetail) -> Self {
        let attributes = detail.attributes.into_iter();
        let flow = detail.flow.map(Into::into);
        Self {
            row: detail.row.into(),
            attributes: attributes
                .map(|Attribute { key, value }| AccountAttribute { key: key.into(), value: value.into() })
                .collect(),
            flow,
        }
    }
}

/// Attribute of an account.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "key": "team", "value": "Clay" }))]
pub struct AccountAttribute {
    /// Key.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    key: String,
    /// Value: one line.
    #[schema(min_length = 1, max_length = 500)]
    value: String,
}

impl From<AccountRow> for ListedAccount {
    fn from(row: AccountRow) -> Self {
        let AccountRow { account, invite, inviter, .. } = row;
        Self { account: account.into(), invite: invite.map(Into::into), inviter: inviter.map(Into::into) }
    }
}

// No `Debug`: it holds a password.
/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(as = CreateAccount, example = json!({
    "email": "grace@example.org",
    "username": "grace",
    "name": "Grace Ito",
    "role": "user",
    "password": "a bench by the window",
    "groups": [],
    "attributes": [{ "key": "team", "value": "Clay" }],
    "ends_at": "2027-06-30T22:00:00Z",
}))]
pub struct NewAccount {
    /// E-mail address.
    #[schema(format = "email", max_length = 254)]
    email: String,
    /// Username: letters, digits, dots, dashes and underscores; the first character is a letter or digit.
    #[schema(min_length = 2, max_length = 32)]
    username: String,
    /// Password: at least 10 characters, at most 256 bytes, and hard to guess.
    #[schema(format = Password, min_length = 10)]
    password: String,
    /// Display name.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Role: `user` if left out. One with fewer permissions than the account of the API key.
    #[schema(value_type = Option<GivenRole>)]
    role: Option<String>,
    /// Ids of groups that it joins. The account of the API key has to be allowed to add members to each.
    #[schema(max_items = 20)]
    groups: Option<Vec<Uuid>>,
    /// Attributes, each key once.
    #[schema(max_items = 20)]
    attributes: Option<Vec<AccountAttribute>>,
    /// Time from which it can't sign in any more: in the future; never if left out.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
}

/// Role that staff can give.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it documents what the domain parses")]
pub enum GivenRole {
    /// Has an account.
    User,
    /// Has the permissions that the settings give to moderators.
    Moderator,
    /// Manages everything except admins.
    Admin,
}

/// A change of an account (RFC 7396): what is left out stays, null clears the name, the end and the attributes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "name": "Grace Ito" }))]
pub struct AccountChange {
    /// E-mail address. Can't be cleared.
    #[schema(format = "email", max_length = 254)]
    email: Option<String>,
    /// Username. Can't be cleared.
    #[schema(min_length = 2, max_length = 32)]
    username: Option<String>,
    /// Display name.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Role. Can't be cleared.
    #[schema(value_type = Option<GivenRole>)]
    role: Option<String>,
    /// Time from which it can't sign in any more: in the future; null for never.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
    /// All attributes, at most 20: those that are not listed are removed.
    #[schema(max_items = 20)]
    attributes: Option<Vec<AccountAttribute>>,
}

/// The decision about an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "note": "Welcome!" }))]
pub struct DecisionNote {
    /// Message to the person: shown on their start page, or when they try to sign in.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// The same decision about several accounts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({
    "accounts": ["0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77"],
    "decision": "approve",
    "note": "Welcome!",
}))]
pub struct Decisions {
    /// Ids of the accounts.
    #[schema(min_items = 1, max_items = 200)]
    accounts: Vec<Uuid>,
    /// The decision.
    decision: Decision,
    /// Message to each person: shown on their start page, or when they try to sign in.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// What is decided about accounts.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// They become active.
    Approve,
    /// They can't sign in, and the uses of their invites are given back.
    Decline,
}

/// When several accounts end.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "accounts": ["0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77"], "ends_at": "2027-06-30T22:00:00Z" }))]
pub struct AccountEnds {
    /// Ids of the accounts.
    #[schema(min_items = 1, max_items = 200)]
    accounts: Vec<Uuid>,
    /// Time from which they can't sign in any more: in the future; null for never. Can't be left out.
    #[schema(format = DateTime, required = true)]
    ends_at: Option<String>,
}

/// What became of a change of several accounts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "changed": 12, "unchanged": 1, "refused": 0 }))]
pub struct AccountsChanged {
    /// Number of accounts that were changed.
    changed: u32,
    /// Number of accounts that were so already.
    unchanged: u32,
    /// Number of accounts that can't be changed with the API key, or no longer exist.
    refused: u32,
}

impl From<domain::accounts::AccountsChanged> for AccountsChanged {
    fn from(outcome: domain::accounts::AccountsChanged) -> Self {
        let domain::accounts::AccountsChanged { changed, unchanged, refused } = outcome;
        Self { changed, unchanged, refused }
    }
}

/// What became of the same decision about several accounts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "changed": 12, "unchanged": 1, "refused": 0, "decided_before": [] }))]
pub struct DecisionsMade {
    #[serde(flatten)]
    accounts: AccountsChanged,
    /// Accounts about which somebody else had decided before. Nothing about them was changed.
    decided_before: Vec<DecidedBefore>,
}

impl From<domain::approvals::DecisionsMade> for DecisionsMade {
    fn from(made: domain::approvals::DecisionsMade) -> Self {
        Self {
            accounts: made.accounts.into(),
            decided_before: made.decided_before.into_iter().map(Into::into).collect(),
        }
    }
}

/// An account about which somebody had decided before.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedBefore {
    /// The account.
    account: AccountRef,
    /// Its status.
    status: AccountStatus,
    /// Who decided; null if that is not known.
    #[schema(required = true)]
    by: Option<AccountRef>,
}

impl From<domain::approvals::DecidedBefore> for DecidedBefore {
    fn from(before: domain::approvals::DecidedBefore) -> Self {
        Self { account: before.account.into(), status: before.status.into(), by: before.by.map(Into::into) }
    }
}

page! {
    /// One page of accounts.
    Accounts {
        /// The accounts.
        ListedAccount from AccountRow
    }
}

/// Filter, order and page of a list of accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountsParams {
    /// Only accounts whose name, username or e-mail address has these words or their beginnings.
    q: Option<String>,
    /// Only accounts with this status.
    #[param(value_type = Option<AccountStatus>, inline)]
    status: Option<String>,
    /// Only accounts with this role.
    #[param(value_type = Option<Role>, inline)]
    role: Option<String>,
    /// Only members of this group.
    #[param(value_type = Option<Uuid>)]
    group: Option<String>,
    /// Only accounts that used an invite created by this account.
    #[param(value_type = Option<Uuid>)]
    inviter: Option<String>,
    /// Only accounts that end within seven days (`account`), or have a membership that does (`membership`).
    #[param(pattern = "^(account|membership)$")]
    ends_soon: Option<String>,
    /// Sort by `created` (if left out), `name` or `last_active`.
    #[param(pattern = "^(created|name|last_active)$")]
    sort: Option<String>,
    /// Order: `desc` (if left out) or `asc`.
    #[param(pattern = "^(asc|desc)$")]
    order: Option<String>,
    /// Maximum number of accounts; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// A cursor of another page of the same list.
    cursor: Option<String>,
}

impl AccountsParams {
    pub fn parse(self) -> Result<AccountQuery, Failure> {
        let mut check = Check::default();
        let query = AccountQuery {
            filter: AccountFilter {
                q: self.q,
                status: parameter(&mut check, "status", self.status.as_deref()),
                role: parameter(&mut check, "role", self.role.as_deref()),
                group: id_parameter(&mut check, "group", self.group.as_deref()),
                inviter: id_parameter(&mut check, "inviter", self.inviter.as_deref()),
                ends_soon: parameter(&mut check, "ends_soon", self.ends_soon.as_deref()),
            },
            sort: parameter(&mut check, "sort", self.sort.as_deref()).unwrap_or_default(),
            order: parameter(&mut check, "order", self.order.as_deref()).unwrap_or_default(),
            paging: paging(&mut check, self.limit.as_deref(), self.cursor.as_deref()),
        };
        check.finish(Some(query))
    }
}

/// Filter and order of an export of accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountsExportParams {
    /// Only accounts whose name, username or e-mail address has these words or their beginnings.
    q: Option<String>,
    /// Only accounts with this status.
    #[param(value_type = Option<AccountStatus>, inline)]
    status: Option<String>,
    /// Only accounts with this role.
    #[param(value_type = Option<Role>, inline)]
    role: Option<String>,
    /// Only members of this group.
    #[param(value_type = Option<Uuid>)]
    group: Option<String>,
    /// Only accounts that used an invite created by this account.
    #[param(value_type = Option<Uuid>)]
    inviter: Option<String>,
    /// Only accounts that end within seven days (`account`), or have a membership that does (`membership`).
    #[param(pattern = "^(account|membership)$")]
    ends_soon: Option<String>,
    /// Sort by `created` (if left out), `name` or `last_active`.
    #[param(pattern = "^(created|name|last_active)$")]
    sort: Option<String>,
    /// Order: `desc` (if left out) or `asc`.
    #[param(pattern = "^(asc|desc)$")]
    order: Option<String>,
}

impl AccountsExportParams {
    /// The query of the list, whose page does not matter.
    pub fn parse(self) -> Result<AccountQuery, Failure> {
        let Self { q, status, role, group, inviter, ends_soon, sort, order } = self;
        let (limit, cursor) = (None, None);
        AccountsParams { q, status, role, group, inviter, ends_soon, sort, order, limit, cursor }.parse()
    }
}
