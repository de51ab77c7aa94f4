//! What webhooks, and applications connected by SCIM, are told of each event. The match has no wildcard, so that a new event
//! forces a decision.

use std::collections::BTreeSet;

use crate::events::Event;
use crate::ids::{AccountId, ApplicationId, GroupId, InviteId};
use crate::redemptions::RedemptionKind;
use crate::time::Timestamp;
use crate::webhooks::EventType;

/// Something that webhooks are told, before it is made a message: which event, and about what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// About an account.
    Account {
        /// The event.
        event: EventType,
        /// The account.
        account: AccountId,
        /// The invite that created it.
        invite: Option<InviteId>,
        /// What changed of it.
        changed: Vec<String>,
        /// When it ends, if it is about that.
        ends_at: Option<Timestamp>,
    },
    /// About an invite.
    Invite {
        /// The event.
        event: EventType,
        /// The invite.
        invite: InviteId,
    },
    /// An invite was used. If this was its last use, it is used up as well.
    Redeemed {
        /// The invite.
        invite: InviteId,
        /// Who used it.
        account: AccountId,
        /// Whether it created the account.
        kind: RedemptionKind,
    },
    /// About a group.
    Group {
        /// The event.
        event: EventType,
        /// The group.
        group: GroupId,
    },
    /// About who is in a group.
    Member {
        /// The event.
        event: EventType,
        /// The group.
        group: GroupId,
        /// The account.
        account: AccountId,
        /// Whether the account manages the group, where it is known.
        is_manager: Option<bool>,
        /// When the membership ends, if that was set, or if it is about that.
        ends_at: Option<Timestamp>,
    },
    /// About an application.
    Application {
        /// The event.
        event: EventType,
        /// The application.
        application: ApplicationId,
    },
}

impl Notice {
    /// The types of the messages that it may become.
    pub fn events(&self) -> impl Iterator<Item = EventType> {
        let (event, other) = match self {
            Self::Account { event, .. }
            | Self::Invite { event, .. }
            | Self::Group { event, .. }
            | Self::Member { event, .. }
            | Self::Application { event, .. } => (*event, None),
            Self::Redeemed { .. } => (EventType::InviteRedeemed, Some(EventType::InviteUsedUp)),
        };
        std::iter::once(event).chain(other)
    }
}

/// What some notices are about, as applications connected by SCIM need it: not what happened, but what may be different now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    /// Accounts of which something changed.
    pub accounts: BTreeSet<AccountId>,
    /// Accounts that joined or left groups, so that applications may admit them since, or no longer.
    pub members: BTreeSet<AccountId>,
    /// Groups of which something changed, or who is in them.
    pub groups: BTreeSet<GroupId>,
    /// Applications of which something changed.
    pub applications: BTreeSet<ApplicationId>,
    /// Whether groups were deleted. Nobody knows any more who was in them.
    pub groups_deleted: bool,
}

impl Affected {
    /// What `notices` are about.
    pub fn by<'a>(notices: impl IntoIterator<Item = &'a Notice>) -> Self {
        let mut affected = Self::default();
        for notice in notices {
            affected.add(notice);
        }
        affected
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, notice: &Notice) {
        match notice {
            // An end that is near changes nothing yet; a new account, and the groups that are joined, are notices of their own.
            Notice::Account { event: EventType::AccountEndsSoon, .. }
            | Notice::Member { event: EventType::MembershipEndsSoon, .. }
            | Notice::Redeemed { .. }
            | Notice::Invite { .. } => {}
            // Applications are not told of these.
            Notice::Account { changed, .. }
                if !changed.is_empty() && changed.iter().all(|field| matches!(field.as_str(), "role" | "picture")) => {}
            Notice::Account { account, .. } => {
                self.accounts.insert(*account);
            }
            Notice::Group { event, group } => {
                self.groups.insert(*group);
                self.groups_deleted |= *event == EventType::GroupDeleted;
            }
            Notice::Member { group, account, .. } => {
                self.groups.insert(*group);
                self.members.insert(*account);
            }
            Notice::Application { application, .. } => {
                self.applications.insert(*application);
            }
        }
    }
}

/// What webhooks are told of `event`, in this order.
#[must_use]
#[expect(clippy::too_many_lines, reason = "an arm for each event")]
pub fn notices(event: &Event) -> Vec<Notice> {
    use EventType as Type;
    match event {
        Event::InviteCreated { invite, .. } => of_invite(Type::InviteCreated, *invite),
        Event::InviteUpdated { invite, .. } => of_invite(Type::InviteUpdated, *invite),
        Event::InvitePaused { invite } => of_invite(Type::InvitePaused, *invite),
        Event::InviteResumed { invite } => of_invite(Type::InviteResumed, *invite),
        Event::InviteDeleted { invite, .. } => of_invite(Type::InviteDeleted, *invite),
        Event::InviteExpired { invite } => of_invite(Type::InviteExpired, *invite),
        Event::AccountSignedUp { account, invite, groups, .. } => {
            let created = Notice::Account {
                event: Type::AccountCreated,
                account: *account,
                invite: *invite,
                changed: Vec::new(),
                ends_at: None,
            };
            let redeemed = invite.map(|invite| redeemed(invite, *account, RedemptionKind::New));
            std::iter::once(created).chain(redeemed).chain(joined(groups, *account)).collect()
        }
        Event::AccountJoined { account, invite, groups } => {
            let redeemed = redeemed(*invite, *account, RedemptionKind::Joined);
            std::iter::once(redeemed).chain(joined(groups, *account)).collect()
        }
        Event::JoinRequestGranted { account, groups, .. } => joined(groups, *account).collect(),
        Event::AccountCreated { account, .. } | Event::SetupCompleted { account } => {
            of_account(Type::AccountCreated, *account, &[])
        }
        Event::AccountUpdated { account, changed } | Event::LoginChanged { account, changed, .. } => {
            let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
            of_account(Type::AccountUpdated, *account, &changed)
        }
        Event::AccountRoleChanged { account, .. } => of_account(Type::AccountUpdated, *account, &["role"]),
        Event::OwnershipTransferred { account, from, .. } => {
            let both = [*account, *from].map(|one| of_account(Type::AccountUpdated, one, &["role"]));
            both.concat()
        }
        Event::AccountRenamed { account } => of_account(Type::AccountUpdated, *account, &["name"]),
        Event::PictureSet { account } | Event::PictureRemoved { account } => {
            of_account(Type::AccountUpdated, *account, &["picture"])
        }
        Event::ApprovalUndone { account, .. } => of_account(Type::AccountUpdated, *account, &["status"]),
        Event::AccountApproved { account, .. } => of_account(Type::AccountApproved, *account, &[]),
        Event::AccountDeclined { account, .. } => of_account(Type::AccountDeclined, *account, &[]),
        Event::AccountSuspended { account, .. } | Event::AccountEnded { account, .. } => {
            of_account(Type::AccountSuspended, *account, &[])
        }
        Event::AccountEndsSoon { account, ends_at } => account_ends_soon(*account, *ends_at),
        Event::AccountRestored { account, .. } => of_account(Type::AccountRestored, *account, &[]),
        // The account can be used from now on, or waits for approval.
        Event::AccountActivated { account } | Event::AccountMarkedVerified { account } => {
            of_account(Type::AccountUpdated, *account, &["status"])
        }
        Event::EmailChangeConfirmed { account, .. } => of_account(Type::AccountUpdated, *account, &["email"]),
        Event::AccountLapsed { account, .. } | Event::AccountDeleted { account, .. } => {
            of_account(Type::AccountDeleted, *account, &[])
        }
        Event::GroupCreated { group, .. } => of_group(Type::GroupCreated, *group),
        Event::GroupUpdated { group, .. } => of_group(Type::GroupUpdated, *group),
        Event::GroupDeleted { group, .. } => of_group(Type::GroupDeleted, *group),
        Event::GroupMembersAdded { group, accounts, is_manager, ends_at } => {
            let added = |account: &AccountId| member_added(*group, *account, Some(*is_manager), *ends_at);
            accounts.iter().map(added).collect()
        }
        Event::GroupMembersRemoved { group, accounts, .. } => {
            accounts.iter().map(|account| member_removed(*group, *account)).collect()
        }
        Event::MembershipEnded { group, account, .. } => vec![member_removed(*group, *account)],
        Event::MembershipEndsSoon { group, account, ends_at } => membership_ends_soon(*group, *account, *ends_at),
        Event::ApplicationCreated { application, .. } => of_application(Type::ApplicationCreated, *application),
        Event::ApplicationUpdated { application, .. } => of_application(Type::ApplicationUpdated, *application),
        Event::ApplicationDeleted { application } => of_application(Type::ApplicationDeleted, *application),
        // What an account asks for changes nothing yet. Requests are between those who ask and the author of an invite;
        // sessions, passwords, keys, tokens and secrets are nobody else's business; settings and webhooks are those of this
        // site; demo data and keys come before there are webhooks.
        Event::JoinRequested { .. }
        | Event::JoinRequestDismissed { .. }
        | Event::LinkRequested { .. }
        | Event::LinkRequestGranted { .. }
        | Event::LinkRequestDismissed { .. }
        | Event::PasswordChanged { .. }
        | Event::PasswordSet { .. }
        | Event::ResetLinkMade { .. }
        | Event::ResetLinkRequested { .. }
        | Event::PasswordReset { .. }
        | Event::ActivationResent { .. }
        | Event::EmailChangeRequested { .. }
        | Event::EmailChangeCancelled { .. }
        | Event::KeyCreated { .. }
        | Event::KeyRevoked { .. }
        | Event::SignedIn { .. }
        | Event::SignedInBySignUp { .. }
        | Event::SessionEnded { .. }
        | Event::OtherSessionsEnded { .. }
        | Event::SettingsUpdated { .. }
        | Event::RegistrationReopened { .. }
        | Event::DemoFilled { .. }
        | Event::ClientSecretCreated { .. }
        | Event::ApplicationOpened { .. }
        | Event::ApplicationPictureSet { .. }
        | Event::ApplicationPictureRemoved { .. }
        | Event::ConsentGiven { .. }
        | Event::TokensRevoked { .. }
        | Event::WebhookCreated { .. }
        | Event::WebhookUpdated { .. }
        | Event::WebhookPaused { .. }
        | Event::WebhookResumed { .. }
        | Event::WebhookDeleted { .. }
        | Event::WebhookSecretCreated { .. }
        | Event::MailConfigured { .. }
        | Event::MailTurnedOff
        | Event::FlowCreated { .. }
        | Event::FlowChanged { .. }
        | Event::FlowDeleted { .. }
        | Event::FlowMadeDefault { .. }
        | Event::TermsCreated { .. }
        | Event::TermsPublished { .. }
        | Event::TermsDeleted { .. }
        | Event::TermsAccepted { .. }
        | Event::MailResent { .. }
        | Event::MailLinkCopied { .. }
        | Event::InvitationsSent { .. }
        | Event::InvitationsResent { .. }
        | Event::InvitationResent { .. }
        | Event::InvitationRevoked { .. }
        | Event::DataKeyRotated { .. } => Vec::new(),
    }
}

fn of_account(event: EventType, account: AccountId, changed: &[&str]) -> Vec<Notice> {
    let changed = changed.iter().map(|&field| field.to_owned()).collect();
    vec![Notice::Account { event, account, invite: None, changed, ends_at: None }]
}

fn account_ends_soon(account: AccountId, ends_at: Timestamp) -> Vec<Notice> {
    let event = EventType::AccountEndsSoon;
    vec![Notice::Account { event, account, invite: None, changed: Vec::new(), ends_at: Some(ends_at) }]
}

fn membership_ends_soon(group: GroupId, account: AccountId, ends_at: Timestamp) -> Vec<Notice> {
    let event = EventType::MembershipEndsSoon;
    vec![Notice::Member { event, group, account, is_manager: None, ends_at: Some(ends_at) }]
}

fn of_invite(event: EventType, invite: InviteId) -> Vec<Notice> {
    vec![Notice::Invite { event, invite }]
}

fn of_group(event: EventType, group: GroupId) -> Vec<Notice> {
    vec![Notice::Group { event, group }]
}

fn of_application(event: EventType, application: ApplicationId) -> Vec<Notice> {
    vec![Notice::Application { event, application }]
}

const fn redeemed(invite: InviteId, account: AccountId, kind: RedemptionKind) -> Notice {
    Notice::Redeemed { invite, account, kind }
}

/// The groups that an account joined by an invite, which makes no managers.
fn joined(groups: &[GroupId], account: AccountId) -> impl Iterator<Item = Notice> {
    groups.iter().map(move |group| member_added(*group, account, Some(false), None))
}

const fn member_added(
    group: GroupId,
    account: AccountId,
    is_manager: Option<bool>,
    ends_at: Option<Timestamp>,
) -> Notice {
    Notice::Member { event: EventType::GroupMemberAdded, group, account, is_manager, ends_at }
}

const fn member_removed(group: GroupId, account: AccountId) -> Notice {
    Notice::Member { event: EventType::GroupMemberRemoved, group, account, is_manager: None, ends_at: None }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::accounts::Role;

    #[test]
    fn a_sign_up_creates_an_account_uses_an_invite_and_joins_groups() {
        let (account, invite) = (AccountId(Uuid::from_u128(1)), InviteId(Uuid::from_u128(2)));
        let groups = vec![GroupId(Uuid::from_u128(3)), GroupId(Uuid::from_u128(4))];
        let event = Event::AccountSignedUp {
            account,
            invite: Some(invite),
            role: Role::User,
            groups,
            flow: None,
            flow_version: None,
        };
        let types: Vec<_> = notices(&event).iter().flat_map(Notice::events).collect();
        assert_eq!(
            types,
            [
                EventType::AccountCreated,
                EventType::InviteRedeemed,
                EventType::InviteUsedUp,
                EventType::GroupMemberAdded,
                EventType::GroupMemberAdded
            ]
        );
        let without = Event::AccountSignedUp {
            account,
            invite: None,
            role: Role::User,
            groups: Vec::new(),
            flow: None,
            flow_version: None,
        };
        assert_eq!(notices(&without).len(), 1);
    }

    #[test]
    fn a_transfer_of_ownership_changes_two_roles() {
        let (account, from) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let told = notices(&Event::OwnershipTransferred { account, from, invites_paused: 0 });
        let ids: Vec<_> = told
            .iter()
            .map(|notice| matches!(notice, Notice::Account { changed, .. } if changed == &["role"]))
            .collect();
        assert_eq!(ids, [true, true]);
    }

    #[test]
    fn an_end_that_is_near_is_told_to_webhooks_and_not_to_applications() {
        let (account, group) = (AccountId(Uuid::from_u128(1)), GroupId(Uuid::from_u128(3)));
        let ends_at = Timestamp::from_micros(1);
        for (event, told) in [
            (Event::AccountEndsSoon { account, ends_at }, EventType::AccountEndsSoon),
            (Event::MembershipEndsSoon { group, account, ends_at }, EventType::MembershipEndsSoon),
        ] {
            let notices = notices(&event);
            assert_eq!(notices.iter().flat_map(Notice::events).collect::<Vec<_>>(), [told]);
            assert!(Affected::by(&notices).is_empty(), "{told:?}");
        }
    }

    #[test]
    fn applications_are_told_of_accounts_groups_and_who_is_in_them() {
        let (account, group) = (AccountId(Uuid::from_u128(1)), GroupId(Uuid::from_u128(3)));
        let by = |event: &Event| Affected::by(&notices(event));
        let signed_up = Event::AccountSignedUp {
            account,
            invite: None,
            role: Role::User,
            groups: vec![group],
            flow: None,
            flow_version: None,
        };
        let expected = Affected {
            accounts: [account].into(),
            members: [account].into(),
            groups: [group].into(),
            ..Affected::default()
        };
        assert_eq!(by(&signed_up), expected);
        assert!(by(&Event::PictureSet { account }).is_empty());
        let changed = |fields: &[&str]| {
            let changed = fields.iter().map(|&field| field.to_owned()).collect();
            !by(&Event::AccountUpdated { account, changed }).is_empty()
        };
        assert!(changed(&["email"]) && changed(&["ends_at"]) && changed(&["name"]) && changed(&["username"]));
        let deleted = by(&Event::GroupDeleted { group, members: 1, invites_paused: 0 });
        assert!(deleted.groups_deleted && deleted.groups.contains(&group));
        assert!(!by(&Event::AccountSuspended { account, invites_paused: 0, keys_revoked: 0 }).is_empty());
    }
}
