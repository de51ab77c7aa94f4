//! Events: everything that changes, as one typed enum. The audit log records each event in the transaction of its
//! change.
//!
//! An event has ids and changed values, never an invite code, token, password or API key. Its JSON form is stored and
//! is meant for consumers outside this process, so that names and fields are never renamed: a change that readers would
//! notice is a new variant, and one that they could misread raises [`VERSION`].

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::accounts::{Email, Role};
use crate::applications::ApplicationTerms;
use crate::flows::AskedMembers;
use crate::groups::GroupTerms;
use crate::ids::{
    AccountId, ApplicationId, DeliveryId, FlowId, GroupId, InvitationId, InviteId, KeyId, MailingId, SessionId,
    TermsId, WebhookId,
};
use crate::mail::{Encryption, MailKind, SmtpHost};
use crate::settings::{RegistrationMode, SettingsPatch};
use crate::text::{FlowName, TermsName, WebhookName};
use crate::time::Timestamp;
use crate::webhooks::EventType;

mod action;
mod subject;
mod terms;
#[cfg(test)]
mod tests;

pub use action::Action;
pub use subject::{Subject, SubjectKind};
pub use terms::{MoreTerms, RecordedTerms};

/// The version of the JSON form of events.
pub const VERSION: u16 = 1;

/// A change. In JSON an object whose `action` is `noun.verb`, beside the fields of the variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action")]
pub enum Event {
    /// An invite was created.
    #[serde(rename = "invite.create")]
    InviteCreated {
        /// The invite.
        invite: InviteId,
        /// What it allows.
        #[serde(flatten)]
        terms: RecordedTerms,
    },
    /// The terms of an invite were changed, or its end was moved.
    #[serde(rename = "invite.update")]
    InviteUpdated {
        /// The invite.
        invite: InviteId,
        /// What it allows since.
        #[serde(flatten)]
        terms: RecordedTerms,
    },
    /// An invite was paused.
    #[serde(rename = "invite.pause")]
    InvitePaused {
        /// The invite.
        invite: InviteId,
    },
    /// A paused invite was resumed.
    #[serde(rename = "invite.resume")]
    InviteResumed {
        /// The invite.
        invite: InviteId,
    },
    /// An invite was deleted.
    #[serde(rename = "invite.delete")]
    InviteDeleted {
        /// The invite.
        invite: InviteId,
        /// Its uses until then.
        used: u64,
    },
    /// The end of an invite has passed.
    #[serde(rename = "invite.expire")]
    InviteExpired {
        /// The invite.
        invite: InviteId,
    },
    /// A visitor signed up, with an invite or, where sign-up is open, without one.
    #[serde(rename = "account.sign_up")]
    AccountSignedUp {
        /// The new account.
        account: AccountId,
        /// The invite that was used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invite: Option<InviteId>,
        /// The role of the account.
        role: Role,
        /// The groups that it joined.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<GroupId>,
        /// The flow.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow: Option<FlowId>,
        /// The version of the flow.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_version: Option<u32>,
    },
    /// Somebody who had an account joined groups with an invite.
    #[serde(rename = "account.join")]
    AccountJoined {
        /// The account.
        account: AccountId,
        /// The invite that was used.
        invite: InviteId,
        /// The groups that it joined, without those that it was in.
        groups: Vec<GroupId>,
    },
    /// Somebody asked the author of an invite to be added to its groups.
    #[serde(rename = "invite.ask_to_join")]
    JoinRequested {
        /// The invite.
        invite: InviteId,
        /// Who asked.
        account: AccountId,
    },
    /// Somebody who asked was added to the groups of an invite.
    #[serde(rename = "invite.grant_request")]
    JoinRequestGranted {
        /// The invite, which was not used.
        invite: InviteId,
        /// Who asked.
        account: AccountId,
        /// The groups that the account joined, without those that it was in.
        groups: Vec<GroupId>,
    },
    /// A request to be added to the groups of an invite was dismissed.
    #[serde(rename = "invite.dismiss_request")]
    JoinRequestDismissed {
        /// The invite.
        invite: InviteId,
        /// Who asked.
        account: AccountId,
    },
    /// Somebody asked the author of an invite for a new link. Their address is not recorded.
    #[serde(rename = "invite.ask_for_link")]
    LinkRequested {
        /// The invite.
        invite: InviteId,
    },
    /// Somebody who asked for a new link got an invite of their own.
    #[serde(rename = "invite.grant_link_request")]
    LinkRequestGranted {
        /// The invite that they asked about.
        invite: InviteId,
        /// The invite that was made for them.
        new_invite: InviteId,
    },
    /// A request for a new link was dismissed.
    #[serde(rename = "invite.dismiss_link_request")]
    LinkRequestDismissed {
        /// The invite.
        invite: InviteId,
    },
    /// An account was created on the command line.
    #[serde(rename = "account.create")]
    AccountCreated {
        /// The new account.
        account: AccountId,
        /// Its role.
        role: Role,
    },
    /// Staff changed an account. The values are not recorded.
    #[serde(rename = "account.update")]
    AccountUpdated {
        /// The account.
        account: AccountId,
        /// Which of `email`, `username`, `name`, `ends_at` and `attributes`, and of the `external_id` and `user_name`
        /// of a directory, were changed.
        changed: Vec<String>,
    },
    /// An account got another role.
    #[serde(rename = "account.change_role")]
    AccountRoleChanged {
        /// The account.
        account: AccountId,
        /// Its role since.
        role: Role,
        /// Number of its invites that were paused, because the role has fewer permissions.
        invites_paused: u64,
        /// Number of sessions that ended.
        sessions_ended: u64,
    },
    /// An account was deleted. Of it only the id is left.
    #[serde(rename = "account.delete")]
    AccountDeleted {
        /// The account.
        account: AccountId,
        /// Number of groups that it was in.
        groups_left: u64,
        /// Number of its invites that were paused.
        invites_paused: u64,
    },
    /// The end of an account has passed.
    #[serde(rename = "account.end")]
    AccountEnded {
        /// The account.
        account: AccountId,
        /// Number of its invites that were paused.
        invites_paused: u64,
        /// Number of its API keys that were revoked.
        keys_revoked: u64,
    },
    /// The end of an account is near, so that people can be told before it comes. Once for each end.
    #[serde(rename = "account.remind_of_end")]
    AccountEndsSoon {
        /// The account.
        account: AccountId,
        /// Its end.
        ends_at: Timestamp,
    },
    /// An owner handed ownership over and became an admin.
    #[serde(rename = "account.transfer_ownership")]
    OwnershipTransferred {
        /// The new owner.
        account: AccountId,
        /// The account that was an owner until then.
        from: AccountId,
        /// Number of invites of that account that were paused, because an admin has fewer permissions.
        invites_paused: u64,
    },
    /// An account that was pending approval, or declined, was approved.
    #[serde(rename = "account.approve")]
    AccountApproved {
        /// The account.
        account: AccountId,
        /// Number of API keys that were revoked: those of an account that had been declined.
        #[serde(default)]
        keys_revoked: u64,
    },
    /// An approval was undone: the account is pending approval again.
    #[serde(rename = "account.undo_approval")]
    ApprovalUndone {
        /// The account.
        account: AccountId,
        /// Always 0; earlier versions recorded it.
        #[serde(default)]
        keys_revoked: u64,
    },
    /// An account that was pending approval was declined.
    #[serde(rename = "account.decline")]
    AccountDeclined {
        /// The account.
        account: AccountId,
        /// Number of its invites that were paused.
        #[serde(default)]
        invites_paused: u64,
        /// Number of its API keys that were revoked.
        #[serde(default)]
        keys_revoked: u64,
        /// Number of uses of invites that were given back.
        #[serde(default, skip_serializing_if = "is_zero")]
        uses_released: u64,
    },
    /// An account was suspended.
    #[serde(rename = "account.suspend")]
    AccountSuspended {
        /// The account.
        account: AccountId,
        /// Number of its invites that were paused.
        #[serde(default)]
        invites_paused: u64,
        /// Number of its API keys that were revoked.
        #[serde(default)]
        keys_revoked: u64,
    },
    /// A suspension was lifted, or a declined account was put back to pending approval.
    #[serde(rename = "account.restore")]
    AccountRestored {
        /// The account.
        account: AccountId,
        /// Number of its API keys that were revoked.
        #[serde(default)]
        keys_revoked: u64,
    },
    /// An account changed its display name. The name is not recorded.
    #[serde(rename = "account.rename")]
    AccountRenamed {
        /// The account.
        account: AccountId,
    },
    /// An account changed the names that it signs in with. The values are not recorded.
    #[serde(rename = "account.change_login")]
    LoginChanged {
        /// The account.
        account: AccountId,
        /// Which of `email` and `username` were changed.
        changed: Vec<String>,
        /// Number of sessions that ended.
        sessions_ended: u64,
    },
    /// An account got a picture, by itself or by staff.
    #[serde(rename = "account.set_picture")]
    PictureSet {
        /// The account.
        account: AccountId,
    },
    /// The picture of an account was removed, by itself or by staff.
    #[serde(rename = "account.remove_picture")]
    PictureRemoved {
        /// The account.
        account: AccountId,
    },
    /// An application got a picture.
    #[serde(rename = "application.set_picture")]
    ApplicationPictureSet {
        /// The application.
        application: ApplicationId,
    },
    /// The picture of an application was removed.
    #[serde(rename = "application.remove_picture")]
    ApplicationPictureRemoved {
        /// The application.
        application: ApplicationId,
    },
    /// An account changed its password.
    #[serde(rename = "account.change_password")]
    PasswordChanged {
        /// The account.
        account: AccountId,
        /// Number of sessions that ended.
        #[serde(default)]
        sessions_ended: u64,
        /// Number of API keys that were revoked.
        #[serde(default)]
        keys_revoked: u64,
    },
    /// An operator set the password of an account.
    #[serde(rename = "account.set_password")]
    PasswordSet {
        /// The account.
        account: AccountId,
        /// Number of sessions that ended.
        #[serde(default)]
        sessions_ended: u64,
        /// Number of API keys that were revoked.
        #[serde(default)]
        keys_revoked: u64,
    },
    /// A link with which the password of an account can be set was made. An earlier one became invalid.
    #[serde(rename = "account.make_reset_link")]
    ResetLinkMade {
        /// The account.
        account: AccountId,
    },
    /// A visitor asked for such a link by e-mail, and a message with one waits to be sent.
    #[serde(rename = "account.request_reset_link")]
    ResetLinkRequested {
        /// The account.
        account: AccountId,
    },
    /// The password of an account was set with such a link.
    #[serde(rename = "account.reset_password")]
    PasswordReset {
        /// The account.
        account: AccountId,
        /// Number of sessions that ended.
        sessions_ended: u64,
        /// Number of API keys that were revoked.
        keys_revoked: u64,
    },
    /// The address of a new account was verified, and the account can be used.
    #[serde(rename = "account.activate")]
    AccountActivated {
        /// The account.
        account: AccountId,
    },
    /// A new account whose address nobody verified was deleted. Of it only the id is left.
    #[serde(rename = "account.lapse")]
    AccountLapsed {
        /// The account.
        account: AccountId,
        /// Number of uses of invites that were given back.
        uses_released: u64,
    },
    /// An activation link was asked for again, by the account or by staff.
    #[serde(rename = "account.resend_activation")]
    ActivationResent {
        /// The account.
        account: AccountId,
    },
    /// Staff marked the address of a new account as verified.
    #[serde(rename = "account.mark_verified")]
    AccountMarkedVerified {
        /// The account.
        account: AccountId,
    },
    /// An account asked for another e-mail address, which has to be confirmed. The address is not recorded.
    #[serde(rename = "account.request_email_change")]
    EmailChangeRequested {
        /// The account.
        account: AccountId,
    },
    /// An account took back that it asked for another e-mail address.
    #[serde(rename = "account.cancel_email_change")]
    EmailChangeCancelled {
        /// The account.
        account: AccountId,
    },
    /// A new e-mail address was confirmed, and is that of the account since. The address is not recorded.
    #[serde(rename = "account.confirm_email")]
    EmailChangeConfirmed {
        /// The account.
        account: AccountId,
        /// Number of sessions that ended.
        sessions_ended: u64,
    },
    /// A group was created.
    #[serde(rename = "group.create")]
    GroupCreated {
        /// The group.
        group: GroupId,
        /// What was chosen about it.
        #[serde(flatten)]
        terms: GroupTerms,
    },
    /// A group was changed.
    #[serde(rename = "group.update")]
    GroupUpdated {
        /// The group.
        group: GroupId,
        /// What is chosen about it since.
        #[serde(flatten)]
        terms: GroupTerms,
    },
    /// A group was deleted.
    #[serde(rename = "group.delete")]
    GroupDeleted {
        /// The group.
        group: GroupId,
        /// Number of members that it had.
        members: u64,
        /// Number of invites that granted it and were paused.
        invites_paused: u64,
    },
    /// Accounts were added to a group, or what they are in it, or until when, was changed.
    #[serde(rename = "group.add_members")]
    GroupMembersAdded {
        /// The group.
        group: GroupId,
        /// The accounts.
        accounts: Vec<AccountId>,
        /// Whether they became managers, or members who are not managers.
        is_manager: bool,
        /// When their memberships end, if they do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    /// Accounts were removed from a group.
    #[serde(rename = "group.remove_members")]
    GroupMembersRemoved {
        /// The group.
        group: GroupId,
        /// The accounts.
        accounts: Vec<AccountId>,
        /// Number of invites that were paused, because their authors may not grant as much any more.
        #[serde(default, skip_serializing_if = "is_zero")]
        invites_paused: u64,
    },
    /// The end of a membership has passed.
    #[serde(rename = "group.end_membership")]
    MembershipEnded {
        /// The group.
        group: GroupId,
        /// The account.
        account: AccountId,
        /// Number of invites of the account that were paused, because it may not grant as much any more.
        invites_paused: u64,
    },
    /// The end of a membership is near, so that people can be told before it comes. Once for each end.
    #[serde(rename = "group.remind_of_end")]
    MembershipEndsSoon {
        /// The group.
        group: GroupId,
        /// The account.
        account: AccountId,
        /// The end of the membership.
        ends_at: Timestamp,
    },
    /// An API key was created.
    #[serde(rename = "api_key.create")]
    KeyCreated {
        /// The key.
        api_key: KeyId,
    },
    /// An API key was revoked.
    #[serde(rename = "api_key.revoke")]
    KeyRevoked {
        /// The key.
        api_key: KeyId,
    },
    /// An account signed in with a browser.
    #[serde(rename = "session.sign_in")]
    SignedIn {
        /// The account.
        account: AccountId,
        /// The session that the browser had before, which ended.
        #[serde(default)]
        replaced: Option<SessionId>,
    },
    /// A browser was signed in by signing up.
    #[serde(rename = "session.sign_up")]
    SignedInBySignUp {
        /// The account.
        account: AccountId,
        /// The session that the browser had before, which ended.
        #[serde(default)]
        replaced: Option<SessionId>,
    },
    /// An account ended one of its sessions, perhaps by signing out.
    #[serde(rename = "session.revoke")]
    SessionEnded {
        /// The session.
        session: SessionId,
    },
    /// An account ended its other sessions.
    #[serde(rename = "session.revoke_others")]
    OtherSessionsEnded {
        /// The account.
        account: AccountId,
        /// Number of sessions that ended.
        #[serde(default)]
        sessions: u64,
    },
    /// Settings were changed.
    #[serde(rename = "settings.update")]
    SettingsUpdated {
        /// The changed settings with their new values; `null` for one that was removed.
        #[serde(flatten)]
        changes: Box<SettingsPatch>,
    },
    /// Registration was opened again after it was closed.
    #[serde(rename = "settings.reopen")]
    RegistrationReopened {
        /// Who may sign up since.
        registration_mode: RegistrationMode,
    },
    /// The first owner was created with the setup link.
    #[serde(rename = "setup.complete")]
    SetupCompleted {
        /// The owner.
        account: AccountId,
    },
    /// An empty database was filled with demo data.
    #[serde(rename = "demo.fill")]
    DemoFilled {
        /// The owner.
        account: AccountId,
        /// Number of accounts.
        accounts: u64,
        /// Number of invites.
        #[serde(rename = "links")]
        invites: u64,
        /// The seed of names and dates.
        seed: u64,
    },
    /// An application was created.
    #[serde(rename = "application.create")]
    ApplicationCreated {
        /// The application.
        application: ApplicationId,
        /// What was chosen about it.
        #[serde(flatten)]
        terms: Box<ApplicationTerms>,
    },
    /// An application was changed.
    #[serde(rename = "application.update")]
    ApplicationUpdated {
        /// The application.
        application: ApplicationId,
        /// What is chosen about it since.
        #[serde(flatten)]
        terms: Box<ApplicationTerms>,
    },
    /// An application was deleted, with every token that it had.
    #[serde(rename = "application.delete")]
    ApplicationDeleted {
        /// The application.
        application: ApplicationId,
    },
    /// A client secret of an application was created; the one before expires.
    #[serde(rename = "application.create_secret")]
    ClientSecretCreated {
        /// The application.
        application: ApplicationId,
    },
    /// Somebody signed in to an application with their account.
    #[serde(rename = "application.sign_in")]
    ApplicationOpened {
        /// The application.
        application: ApplicationId,
        /// Who signed in.
        account: AccountId,
    },
    /// Somebody let an application know who they are.
    #[serde(rename = "application.consent")]
    ConsentGiven {
        /// The application.
        application: ApplicationId,
        /// Who agreed.
        account: AccountId,
    },
    /// The tokens that an application had for an account were revoked, because one that had been used was used again.
    #[serde(rename = "application.revoke_tokens")]
    TokensRevoked {
        /// The application.
        application: ApplicationId,
        /// Whose tokens they were.
        account: AccountId,
    },
    /// A webhook was created. Its address is not recorded, because some contain a secret.
    #[serde(rename = "webhook.create")]
    WebhookCreated {
        /// The webhook.
        webhook: WebhookId,
        /// Its name.
        name: WebhookName,
        /// What it is told of; `None` is everything.
        events: Option<Vec<EventType>>,
    },
    /// A webhook was changed.
    #[serde(rename = "webhook.update")]
    WebhookUpdated {
        /// The webhook.
        webhook: WebhookId,
        /// Its name since.
        name: WebhookName,
        /// What it is told of since; `None` is everything.
        events: Option<Vec<EventType>>,
        /// Whether it has another address since.
        moved: bool,
    },
    /// A webhook was paused, by staff or because its address is gone.
    #[serde(rename = "webhook.pause")]
    WebhookPaused {
        /// The webhook.
        webhook: WebhookId,
    },
    /// A paused webhook was resumed.
    #[serde(rename = "webhook.resume")]
    WebhookResumed {
        /// The webhook.
        webhook: WebhookId,
    },
    /// A webhook was deleted, with everything that waited for it.
    #[serde(rename = "webhook.delete")]
    WebhookDeleted {
        /// The webhook.
        webhook: WebhookId,
    },
    /// A signing secret of a webhook was created; the one before expires.
    #[serde(rename = "webhook.create_secret")]
    WebhookSecretCreated {
        /// The webhook.
        webhook: WebhookId,
    },
    /// The mail server was set up, or changed. User name and password are not recorded.
    #[serde(rename = "mail.configure")]
    MailConfigured {
        /// Its host.
        host: SmtpHost,
        /// Its port.
        port: u16,
        /// How the connection is encrypted.
        encryption: Encryption,
        /// The address that mails come from.
        sender: Email,
    },
    /// Mail was turned off. What waits is kept.
    #[serde(rename = "mail.turn_off")]
    MailTurnedOff,
    /// Staff sent a mail again.
    #[serde(rename = "mail.resend")]
    MailResent {
        /// The mail.
        mail: DeliveryId,
        /// What it is for.
        kind: MailKind,
    },
    /// Staff copied the link of an invite from a mail. That of a password reset is [made](Self::ResetLinkMade).
    #[serde(rename = "mail.copy_link")]
    MailLinkCopied {
        /// The mail.
        mail: DeliveryId,
        /// What it is for.
        kind: MailKind,
    },
    /// Invitations were sent by mail. The addresses are not recorded.
    #[serde(rename = "mailing.send")]
    InvitationsSent {
        /// The mailing.
        mailing: MailingId,
        /// The number of recipients.
        recipients: u64,
    },
    /// Invitations of a mailing were sent again, to all who had not joined.
    #[serde(rename = "mailing.resend")]
    InvitationsResent {
        /// The mailing.
        mailing: MailingId,
        /// The number of recipients.
        recipients: u64,
    },
    /// One invitation was sent again.
    #[serde(rename = "mailing.resend_one")]
    InvitationResent {
        /// The mailing that it belongs to.
        mailing: MailingId,
        /// The invitation.
        invitation: InvitationId,
        /// Whether with a fresh link, which takes the place of the one that was sent.
        fresh: bool,
    },
    /// One invitation was revoked: its link can't be used any more.
    #[serde(rename = "mailing.revoke_one")]
    InvitationRevoked {
        /// The mailing that it belongs to.
        mailing: MailingId,
        /// The invitation.
        invitation: InvitationId,
    },
    /// A flow was created.
    #[serde(rename = "flow.create")]
    FlowCreated {
        /// The flow.
        flow: FlowId,
        /// Its name.
        name: FlowName,
    },
    /// A version of a flow was saved. What it says is in the version.
    #[serde(rename = "flow.update")]
    FlowChanged {
        /// The flow.
        flow: FlowId,
        /// Its name since.
        name: FlowName,
        /// The number of the version.
        number: u32,
        /// Whether those who have begun with an earlier version start again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        start_again: bool,
    },
    /// A flow was deleted.
    #[serde(rename = "flow.delete")]
    FlowDeleted {
        /// The flow.
        flow: FlowId,
        /// The flow that took its place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaced_with: Option<FlowId>,
        /// Number of invites that named it and name that one since.
        #[serde(default, skip_serializing_if = "is_zero")]
        invites: u64,
    },
    /// A flow was made the default.
    #[serde(rename = "flow.make_default")]
    FlowMadeDefault {
        /// The flow.
        flow: FlowId,
    },
    /// Terms were created.
    #[serde(rename = "terms.create")]
    TermsCreated {
        /// The terms.
        terms: TermsId,
        /// Their name.
        name: TermsName,
    },
    /// A version of terms was published, or they got another name.
    #[serde(rename = "terms.publish")]
    TermsPublished {
        /// The terms.
        terms: TermsId,
        /// Their name since.
        name: TermsName,
        /// The number of the present version.
        number: u32,
        /// Which members the version asks.
        ask: AskedMembers,
    },
    /// Terms were deleted.
    #[serde(rename = "terms.delete")]
    TermsDeleted {
        /// The terms.
        terms: TermsId,
    },
    /// An account accepted a version of terms after it had signed up.
    #[serde(rename = "account.accept_terms")]
    TermsAccepted {
        /// The account.
        account: AccountId,
        /// The terms.
        terms: TermsId,
        /// The number of the version.
        number: u32,
    },
    /// The data key was replaced by a new one.
    #[serde(rename = "data_key.rotate")]
    DataKeyRotated {
        /// Number of invite codes that were encrypted again.
        codes: u64,
    },
}

/// An event with the version of its form, as consumers outside this process get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionedEvent {
    /// Always [`VERSION`]. Another version is not read.
    #[serde(deserialize_with = "known_version")]
    version: u16,
    /// The event.
    #[serde(flatten)]
    pub event: Event,
}

impl From<Event> for VersionedEvent {
    fn from(event: Event) -> Self {
        Self { version: VERSION, event }
    }
}

/// Whether a number is left out: earlier versions did not count it.
#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls; where numbers are 32 bits wide it is none"
)]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn known_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    match u16::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        other => Err(de::Error::custom(format!("events of version {other} are not known; {VERSION} is"))),
    }
}
