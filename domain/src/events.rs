//! Events: everything that changes, as one typed enum. The audit log records each event in the transaction of its change.
//!
//! An event has ids and changed values, never an invite code, token, password or API key. Its JSON form is stored and is
//! meant for consumers outside this process, so that names and fields are never renamed: a change that readers would
//! notice is a new variant, and one that they could misread raises [`VERSION`].

use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;

use crate::accounts::Role;
use crate::groups::GroupTerms;
use crate::ids::{AccountId, GroupId, InviteId, KeyId, SessionId};
use crate::invites::Terms;
use crate::settings::{RegistrationMode, SettingsPatch};

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
        terms: Terms,
    },
    /// The terms of an invite were changed, or its end was moved.
    #[serde(rename = "invite.update")]
    InviteUpdated {
        /// The invite.
        invite: InviteId,
        /// What it allows since.
        #[serde(flatten)]
        terms: Terms,
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
    },
    /// An account was created on the command line.
    #[serde(rename = "account.create")]
    AccountCreated {
        /// The new account.
        account: AccountId,
        /// Its role.
        role: Role,
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
    /// Accounts were added to a group.
    #[serde(rename = "group.add_members")]
    GroupMembersAdded {
        /// The group.
        group: GroupId,
        /// The accounts.
        accounts: Vec<AccountId>,
        /// Whether they became managers, or members who are not managers.
        is_manager: bool,
    },
    /// Accounts were removed from a group.
    #[serde(rename = "group.remove_members")]
    GroupMembersRemoved {
        /// The group.
        group: GroupId,
        /// The accounts.
        accounts: Vec<AccountId>,
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
    /// The data key was replaced by a new one.
    #[serde(rename = "data_key.rotate")]
    DataKeyRotated {
        /// Number of invite codes that were encrypted again.
        codes: u64,
    },
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An invite.
    Invite(InviteId),
    /// An account.
    Account(AccountId),
    /// An API key.
    ApiKey(KeyId),
    /// A group.
    Group(GroupId),
    /// A browser session.
    Session(SessionId),
    /// The settings.
    Settings,
    /// The data key.
    DataKey,
}

impl Subject {
    /// The kind of the subject. The field of an event that has the subject's id has this name.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Invite(_) => "invite",
            Self::Account(_) => "account",
            Self::ApiKey(_) => "api_key",
            Self::Group(_) => "group",
            Self::Session(_) => "session",
            Self::Settings => "settings",
            Self::DataKey => "data_key",
        }
    }

    /// The id; `None` for what exists only once.
    #[must_use]
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::Invite(id) => Some(id.0),
            Self::Account(id) => Some(id.0),
            Self::ApiKey(id) => Some(id.0),
            Self::Group(id) => Some(id.0),
            Self::Session(id) => Some(id.0),
            Self::Settings | Self::DataKey => None,
        }
    }
}

impl Event {
    /// What the event is about.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match self {
            Self::InviteCreated { invite, .. }
            | Self::InviteUpdated { invite, .. }
            | Self::InvitePaused { invite }
            | Self::InviteResumed { invite }
            | Self::InviteDeleted { invite, .. } => Subject::Invite(*invite),
            Self::AccountSignedUp { account, .. }
            | Self::AccountCreated { account, .. }
            | Self::AccountApproved { account, .. }
            | Self::ApprovalUndone { account, .. }
            | Self::AccountDeclined { account, .. }
            | Self::AccountSuspended { account, .. }
            | Self::AccountRestored { account, .. }
            | Self::AccountRenamed { account }
            | Self::PasswordChanged { account, .. }
            | Self::PasswordSet { account, .. }
            | Self::SignedIn { account, .. }
            | Self::SignedInBySignUp { account, .. }
            | Self::OtherSessionsEnded { account, .. }
            | Self::SetupCompleted { account }
            | Self::DemoFilled { account, .. } => Subject::Account(*account),
            Self::GroupCreated { group, .. }
            | Self::GroupUpdated { group, .. }
            | Self::GroupDeleted { group, .. }
            | Self::GroupMembersAdded { group, .. }
            | Self::GroupMembersRemoved { group, .. } => Subject::Group(*group),
            Self::KeyCreated { api_key } | Self::KeyRevoked { api_key } => Subject::ApiKey(*api_key),
            Self::SessionEnded { session } => Subject::Session(*session),
            Self::SettingsUpdated { .. } | Self::RegistrationReopened { .. } => Subject::Settings,
            Self::DataKeyRotated { .. } => Subject::DataKey,
        }
    }
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

fn known_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    match u16::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        other => Err(de::Error::custom(format!("events of version {other} are not known; {VERSION} is"))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;
    use crate::Patch;
    use crate::access::{Permission, Permissions};
    use crate::settings::{CodeLength, DefaultRole, HttpsUrl, UsesCeiling, WelcomeText};
    use crate::text::{GroupDescription, GroupName, Label, LinkLabel, SiteName};
    use crate::time::Timestamp;

    /// One event of every variant, each field filled.
    fn examples() -> Vec<Event> {
        let (invite, account) = (InviteId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let (api_key, session) = (KeyId(Uuid::from_u128(3)), SessionId(Uuid::from_u128(4)));
        let terms = Terms {
            label: Some(Label::stored("Open evening")),
            role: Role::Moderator,
            groups: vec![GroupId(Uuid::from_u128(5))],
            max_uses: Some(3),
            starts_at: Some(Timestamp::from_micros(1)),
            expires_at: Some(Timestamp::from_micros(2)),
        };
        let changes = SettingsPatch {
            site_name: Some(SiteName::stored("Brambleyard")),
            registration_mode: Some(RegistrationMode::Open),
            default_role: Some(DefaultRole::User),
            code_length: Some(CodeLength::default()),
            invite_link_max_redemptions_limit: Some(UsesCeiling::default()),
            welcome_text: Patch::Set(WelcomeText::parse("Hello").unwrap()),
            welcome_url: Patch::Set(HttpsUrl::parse("https://example.org").unwrap()),
            welcome_label: Patch::<LinkLabel>::Clear,
            user_permissions: Some(Permission::InvitesCreate.into()),
            moderator_permissions: Some(Permissions::empty()),
        };
        let group = GroupId(Uuid::from_u128(5));
        let group_terms = GroupTerms {
            name: GroupName::stored("Potters"),
            description: Some(GroupDescription::stored("Clay")),
            permissions: Permission::InvitesCreate.into(),
        };
        let accounts = vec![account];
        let (keys_revoked, invites_paused, sessions_ended, replaced) = (1, 2, 3, Some(session));
        vec![
            Event::InviteCreated { invite, terms: terms.clone() },
            Event::InviteUpdated { invite, terms },
            Event::InvitePaused { invite },
            Event::InviteResumed { invite },
            Event::InviteDeleted { invite, used: 7 },
            Event::AccountSignedUp { account, invite: Some(invite), role: Role::User, groups: vec![group] },
            Event::AccountCreated { account, role: Role::Admin },
            Event::AccountApproved { account, keys_revoked },
            Event::ApprovalUndone { account, keys_revoked },
            Event::AccountDeclined { account, invites_paused, keys_revoked },
            Event::AccountSuspended { account, invites_paused, keys_revoked },
            Event::AccountRestored { account, keys_revoked },
            Event::AccountRenamed { account },
            Event::PasswordChanged { account, sessions_ended, keys_revoked },
            Event::PasswordSet { account, sessions_ended, keys_revoked },
            Event::KeyCreated { api_key },
            Event::KeyRevoked { api_key },
            Event::SignedIn { account, replaced },
            Event::SignedInBySignUp { account, replaced },
            Event::SessionEnded { session },
            Event::OtherSessionsEnded { account, sessions: 2 },
            Event::SettingsUpdated { changes: Box::new(changes) },
            Event::RegistrationReopened { registration_mode: RegistrationMode::InviteOnly },
            Event::SetupCompleted { account },
            Event::DemoFilled { account, accounts: 60, invites: 25, seed: u64::MAX },
            Event::DataKeyRotated { codes: 9 },
            Event::GroupCreated { group, terms: group_terms.clone() },
            Event::GroupUpdated { group, terms: group_terms },
            Event::GroupDeleted { group, members: 3, invites_paused },
            Event::GroupMembersAdded { group, accounts: accounts.clone(), is_manager: true },
            Event::GroupMembersRemoved { group, accounts },
        ]
    }

    /// The position of the variant in [`examples`]. Without a wildcard, so that a new variant needs an example.
    fn position(event: &Event) -> usize {
        match event {
            Event::InviteCreated { .. } => 0,
            Event::InviteUpdated { .. } => 1,
            Event::InvitePaused { .. } => 2,
            Event::InviteResumed { .. } => 3,
            Event::InviteDeleted { .. } => 4,
            Event::AccountSignedUp { .. } => 5,
            Event::AccountCreated { .. } => 6,
            Event::AccountApproved { .. } => 7,
            Event::ApprovalUndone { .. } => 8,
            Event::AccountDeclined { .. } => 9,
            Event::AccountSuspended { .. } => 10,
            Event::AccountRestored { .. } => 11,
            Event::AccountRenamed { .. } => 12,
            Event::PasswordChanged { .. } => 13,
            Event::PasswordSet { .. } => 14,
            Event::KeyCreated { .. } => 15,
            Event::KeyRevoked { .. } => 16,
            Event::SignedIn { .. } => 17,
            Event::SignedInBySignUp { .. } => 18,
            Event::SessionEnded { .. } => 19,
            Event::OtherSessionsEnded { .. } => 20,
            Event::SettingsUpdated { .. } => 21,
            Event::RegistrationReopened { .. } => 22,
            Event::SetupCompleted { .. } => 23,
            Event::DemoFilled { .. } => 24,
            Event::DataKeyRotated { .. } => 25,
            Event::GroupCreated { .. } => 26,
            Event::GroupUpdated { .. } => 27,
            Event::GroupDeleted { .. } => 28,
            Event::GroupMembersAdded { .. } => 29,
            Event::GroupMembersRemoved { .. } => 30,
        }
    }

    fn object(event: &Event) -> serde_json::Map<String, Value> {
        serde_json::to_value(event).unwrap().as_object().unwrap().clone()
    }

    #[test]
    fn there_is_one_example_of_each_variant() {
        let positions: Vec<_> = examples().iter().map(position).collect();
        assert_eq!(positions, (0..=30).collect::<Vec<_>>());
    }

    #[test]
    fn every_variant_has_its_own_action_of_a_noun_and_a_verb() {
        let mut actions = BTreeSet::new();
        for event in examples() {
            let action = object(&event)["action"].as_str().unwrap().to_owned();
            let parts: Vec<_> = action.split('.').collect();
            let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(parts.len() == 2 && parts.into_iter().all(word), "{action}");
            assert!(actions.insert(action), "{event:?} has the action of another variant");
        }
    }

    #[test]
    fn every_event_reads_back_from_its_json() {
        for event in examples() {
            let versioned = VersionedEvent::from(event.clone());
            let json = serde_json::to_string(&versioned).unwrap();
            assert_eq!(serde_json::from_str::<VersionedEvent>(&json).unwrap(), versioned, "{json}");
            assert_eq!(serde_json::from_value::<Event>(object(&event).into()).unwrap(), event, "{json}");
        }
        let later = r#"{"version":2,"action":"data_key.rotate","codes":1}"#;
        assert!(serde_json::from_str::<VersionedEvent>(later).is_err());
    }

    /// The fields that events may have. Extend it only by what anyone who reads the audit log or gets a webhook may know.
    const FIELDS: [&str; 37] = [
        "account",
        "accounts",
        "action",
        "api_key",
        "code_length",
        "codes",
        "default_role",
        "description",
        "expires_at",
        "group",
        "groups",
        "invite",
        "invite_link_max_redemptions_limit",
        "invites_paused",
        "is_manager",
        "keys_revoked",
        "label",
        "links",
        "max_uses",
        "members",
        "moderator_permissions",
        "name",
        "permissions",
        "registration_mode",
        "replaced",
        "role",
        "seed",
        "session",
        "sessions",
        "sessions_ended",
        "site_name",
        "starts_at",
        "used",
        "user_permissions",
        "welcome_label",
        "welcome_text",
        "welcome_url",
    ];

    #[test]
    fn no_event_has_a_code_token_password_or_key() {
        for event in examples() {
            for (field, value) in object(&event) {
                assert!(FIELDS.contains(&field.as_str()), "{event:?} has the field {field}");
                let of_codes = ["codes", "code_length"].contains(&field.as_str());
                assert!(!of_codes || value.is_number(), "{event:?} has more of a code than a number");
                let of_keys = ["api_key", "session", "replaced"].contains(&field.as_str());
                assert!(!of_keys || Uuid::parse_str(value.as_str().unwrap()).is_ok(), "{event:?}: not an id");
            }
        }
    }

    #[test]
    fn the_id_of_the_subject_is_in_the_field_of_its_kind() {
        for event in examples() {
            let subject = event.subject();
            let field = object(&event).get(subject.kind()).cloned();
            assert_eq!(field, subject.id().map(|id| json!(id)), "{event:?}");
        }
    }

    #[test]
    fn only_changed_settings_are_named_and_a_removed_one_is_null() {
        let changes = SettingsPatch { welcome_url: Patch::Clear, ..SettingsPatch::default() };
        let event = Event::SettingsUpdated { changes: Box::new(changes) };
        let json = json!({ "action": "settings.update", "welcome_url": null });
        assert_eq!(serde_json::to_value(&event).unwrap(), json);
        assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);
    }
}
