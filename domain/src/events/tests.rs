use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::Patch;
use crate::access::{Permission, Permissions};
use crate::accounts::{Email, EmailDomain};
use crate::applications::{ForwardAuthTerms, OidcTerms, RedirectUri, ScimRemoval, ScimTerms, ScimUserName};
use crate::attributes::{AttributeKey, AttributeValue, InviteAttribute};
use crate::invites::{AccessEnd, AccessOf, AgeDays, Ends, QuotaPeriod, QuotaSize, Terms, UsesLimit};
use crate::settings::{CodeLength, DefaultRole, HttpsOrigin, HttpsUrl, UsesCeiling, WelcomeText};
use crate::text::{
    ApplicationDescription, ApplicationName, GroupDescription, GroupName, Label, LinkLabel, SiteName, WebhookName,
};
use crate::time::Timestamp;
use crate::web::{Destination, WebOrigin, WebUrl};
use crate::webhooks::EventType;

/// The terms of an invite, each field filled.
fn invite_terms() -> RecordedTerms {
    RecordedTerms::from(Terms {
        label: Some(Label::stored("Open evening")),
        role: Role::Moderator,
        groups: vec![GroupId(Uuid::from_u128(5))],
        max_uses: Some(3),
        starts_at: Some(Timestamp::from_micros(1)),
        expires_at: Some(Timestamp::from_micros(2)),
        email: Some(Email::parse("mateo@example.org").unwrap()),
        email_domains: vec![EmailDomain::parse("example.org").unwrap()],
        approval: true,
        attributes: vec![InviteAttribute {
            key: AttributeKey::parse("team").unwrap(),
            value: AttributeValue::stored("Clay for Mateo"),
            locked: true,
        }],
        welcome_text: Some(WelcomeText::parse("Hello Mateo").unwrap()),
        after: Some(Destination::parse("/me").unwrap()),
        ends: Some(Ends { of: AccessOf::Account, when: AccessEnd::AfterDays(30) }),
        existing_members: false,
        show_uses_left: false,
        without_code: true,
    })
}

/// One event of every variant, each field filled.
fn examples() -> Vec<Event> {
    let ends_at = Timestamp::from_micros(3);
    let (invite, account) = (InviteId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
    let (api_key, session) = (KeyId(Uuid::from_u128(3)), SessionId(Uuid::from_u128(4)));
    let terms = invite_terms();
    let group = GroupId(Uuid::from_u128(5));
    let group_terms = GroupTerms {
        name: GroupName::stored("Potters"),
        description: Some(GroupDescription::stored("Clay")),
        permissions: Permission::InvitesCreate.into(),
    };
    let accounts = vec![account];
    let application = ApplicationId(Uuid::from_u128(7));
    let (webhook, name) = (WebhookId(Uuid::from_u128(8)), WebhookName::stored("Chat"));
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
        Event::AccountDeclined { account, invites_paused, keys_revoked, uses_released: 1 },
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
        Event::SettingsUpdated { changes: Box::new(every_setting()) },
        Event::RegistrationReopened { registration_mode: RegistrationMode::InviteOnly },
        Event::SetupCompleted { account },
        Event::DemoFilled { account, accounts: 60, invites: 25, seed: u64::MAX },
        Event::DataKeyRotated { codes: 9 },
        Event::GroupCreated { group, terms: group_terms.clone() },
        Event::GroupUpdated { group, terms: group_terms },
        Event::GroupDeleted { group, members: 3, invites_paused },
        Event::GroupMembersAdded { group, accounts: accounts.clone(), is_manager: true, ends_at: Some(ends_at) },
        Event::GroupMembersRemoved { group, accounts, invites_paused },
        Event::AccountUpdated { account, changed: vec!["email".to_owned()] },
        Event::AccountRoleChanged { account, role: Role::Admin, invites_paused, sessions_ended },
        Event::AccountDeleted { account, groups_left: 4, invites_paused },
        Event::OwnershipTransferred { account, from: AccountId(Uuid::from_u128(6)), invites_paused },
        Event::LoginChanged { account, changed: vec!["username".to_owned()], sessions_ended },
        Event::PictureSet { account },
        Event::PictureRemoved { account },
        Event::AccountEnded { account, invites_paused, keys_revoked },
        Event::MembershipEnded { group, account, invites_paused },
        Event::AccountJoined { account, invite, groups: vec![group] },
        Event::JoinRequested { invite, account },
        Event::JoinRequestGranted { invite, account, groups: vec![group] },
        Event::JoinRequestDismissed { invite, account },
        Event::ApplicationCreated { application, terms: Box::new(application_terms(group)) },
        Event::ApplicationUpdated { application, terms: Box::new(application_terms(group)) },
        Event::ApplicationDeleted { application },
        Event::ClientSecretCreated { application },
        Event::ApplicationOpened { application, account },
        Event::ConsentGiven { application, account },
        Event::TokensRevoked { application, account },
        Event::InviteExpired { invite },
        Event::WebhookCreated { webhook, name: name.clone(), events: Some(vec![EventType::InviteRedeemed]) },
        Event::WebhookUpdated { webhook, name, events: None, moved: true },
        Event::WebhookPaused { webhook },
        Event::WebhookResumed { webhook },
        Event::WebhookDeleted { webhook },
        Event::WebhookSecretCreated { webhook },
        Event::AccountEndsSoon { account, ends_at },
        Event::MembershipEndsSoon { group, account, ends_at },
        Event::ApplicationPictureSet { application },
        Event::ApplicationPictureRemoved { application },
        Event::ResetLinkMade { account },
        Event::PasswordReset { account, sessions_ended, keys_revoked },
    ]
}

fn application_terms(group: GroupId) -> ApplicationTerms {
    ApplicationTerms {
        name: ApplicationName::stored("Chat"),
        description: Some(ApplicationDescription::stored("Talk")),
        url: Some(WebUrl::parse("https://chat.example.org").unwrap()),
        sign_in_url: Some(WebUrl::parse("https://chat.example.org/login").unwrap()),
        groups: Some(vec![group]),
        oidc: Some(OidcTerms {
            redirect_uris: vec![RedirectUri::parse("https://chat.example.org/cb").unwrap()],
            ..OidcTerms::default()
        }),
        forward_auth: Some(ForwardAuthTerms {
            sites: vec![WebOrigin::parse("https://chat.example.org").unwrap()],
            headers: ForwardAuthTerms::default_headers(),
        }),
        scim: Some(ScimTerms {
            url: WebUrl::parse("https://chat.example.org/scim/v2").unwrap(),
            user_name: ScimUserName::Email,
            create: true,
            groups: true,
            on_removal: ScimRemoval::Deactivate,
            adopt: false,
            token: None,
        }),
    }
}

/// A change of every setting.
fn every_setting() -> SettingsPatch {
    SettingsPatch {
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
        allowed_origins: Some(vec![HttpsOrigin::parse("https://example.org").unwrap()]),
        member_invite_quota: Patch::Set(QuotaSize::try_from(5).unwrap()),
        member_invite_quota_period: Some(QuotaPeriod::Week),
        member_invite_max_uses: Patch::Set(UsesLimit::try_from(5).unwrap()),
        member_invite_max_days: Patch::Clear,
        member_invite_min_account_age: Some(AgeDays::try_from(3).unwrap()),
    }
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
        Event::AccountUpdated { .. } => 31,
        Event::AccountRoleChanged { .. } => 32,
        Event::AccountDeleted { .. } => 33,
        Event::OwnershipTransferred { .. } => 34,
        Event::LoginChanged { .. } => 35,
        Event::PictureSet { .. } => 36,
        Event::PictureRemoved { .. } => 37,
        Event::AccountEnded { .. } => 38,
        Event::MembershipEnded { .. } => 39,
        Event::AccountJoined { .. } => 40,
        Event::JoinRequested { .. } => 41,
        Event::JoinRequestGranted { .. } => 42,
        Event::JoinRequestDismissed { .. } => 43,
        Event::ApplicationCreated { .. } => 44,
        Event::ApplicationUpdated { .. } => 45,
        Event::ApplicationDeleted { .. } => 46,
        Event::ClientSecretCreated { .. } => 47,
        Event::ApplicationOpened { .. } => 48,
        Event::ConsentGiven { .. } => 49,
        Event::TokensRevoked { .. } => 50,
        Event::InviteExpired { .. } => 51,
        Event::WebhookCreated { .. } => 52,
        Event::WebhookUpdated { .. } => 53,
        Event::WebhookPaused { .. } => 54,
        Event::WebhookResumed { .. } => 55,
        Event::WebhookDeleted { .. } => 56,
        Event::WebhookSecretCreated { .. } => 57,
        Event::AccountEndsSoon { .. } => 58,
        Event::MembershipEndsSoon { .. } => 59,
        Event::ApplicationPictureSet { .. } => 60,
        Event::ApplicationPictureRemoved { .. } => 61,
        Event::ResetLinkMade { .. } => 62,
        Event::PasswordReset { .. } => 63,
    }
}

fn object(event: &Event) -> serde_json::Map<String, Value> {
    serde_json::to_value(event).unwrap().as_object().unwrap().clone()
}

#[test]
fn there_is_one_example_of_each_variant() {
    let positions: Vec<_> = examples().iter().map(position).collect();
    assert_eq!(positions, (0..=63).collect::<Vec<_>>());
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
fn the_action_of_an_event_has_its_name_and_its_subject() {
    for event in examples() {
        let action = event.action();
        assert_eq!(object(&event)["action"], action.as_str(), "{event:?}");
        assert_eq!(event.subject().kind(), action.subject_kind(), "{event:?}");
    }
    assert_eq!(Action::ALL.len(), examples().len());
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
const FIELDS: [&str; 58] = [
    "account",
    "accounts",
    "action",
    "allowed_origins",
    "api_key",
    "application",
    "changed",
    "code_length",
    "codes",
    "default_role",
    "description",
    "ends_at",
    "events",
    "expires_at",
    "forward_auth",
    "from",
    "group",
    "groups",
    "groups_left",
    "invite",
    "invite_link_max_redemptions_limit",
    "invites_paused",
    "is_manager",
    "keys_revoked",
    "label",
    "links",
    "max_uses",
    "member_invite_max_days",
    "member_invite_max_uses",
    "member_invite_min_account_age",
    "member_invite_quota",
    "member_invite_quota_period",
    "members",
    "moderator_permissions",
    "more",
    "moved",
    "name",
    "oidc",
    "permissions",
    "registration_mode",
    "replaced",
    "role",
    "seed",
    "scim",
    "session",
    "sessions",
    "sessions_ended",
    "sign_in_url",
    "site_name",
    "starts_at",
    "url",
    "used",
    "user_permissions",
    "uses_released",
    "webhook",
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
fn no_event_has_what_an_invite_says_of_the_person_it_is_for() {
    for event in examples() {
        let json = serde_json::to_string(&event).unwrap();
        assert!(!json.contains("mateo") && !json.contains("Mateo"), "{json}");
    }
}

#[test]
fn an_invite_without_further_terms_is_recorded_as_before() {
    let event = Event::InviteCreated { invite: InviteId(Uuid::from_u128(1)), terms: Terms::default().into() };
    let json = serde_json::to_value(&event).unwrap();
    assert_eq!(json.get("more"), None, "{json}");
    assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);
}

#[test]
fn the_id_of_the_subject_is_in_the_field_of_its_kind() {
    for event in examples() {
        let subject = event.subject();
        let field = object(&event).get(subject.kind().as_str()).cloned();
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
