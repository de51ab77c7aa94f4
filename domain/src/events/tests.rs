use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::Patch;
use crate::access::{Permission, Permissions};
use crate::accounts::EmailDomain;
use crate::applications::{ForwardAuthTerms, OidcTerms, RedirectUri, ScimRemoval, ScimTerms, ScimUserName};
use crate::attributes::{AttributeKey, AttributeValue, InviteAttribute};
use crate::invites::{AccessEnd, AccessOf, AgeDays, Ends, KnownPerson, QuotaPeriod, QuotaSize, Terms, UsesLimit};
use crate::settings::{CodeLength, DefaultRole, HttpsOrigin, HttpsUrl, UsesCeiling, WelcomeText};
use crate::text::{
    ApplicationDescription, ApplicationName, DisplayName, FlowName, GroupDescription, GroupName, Label, LinkLabel,
    SiteName, TermsName, WebhookName,
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
        person: Some(KnownPerson { name: Some(DisplayName::stored("Mateo")), ..KnownPerson::default() }),
        welcome_text: Some(WelcomeText::parse("Hello Mateo").unwrap()),
        after: Some(Destination::parse("/me").unwrap()),
        ends: Some(Ends { of: AccessOf::Account, when: AccessEnd::AfterDays(30) }),
        existing_members: false,
        show_uses_left: false,
        without_code: true,
        verify_email: true,
        flow: Some(FlowId(Uuid::from_u128(10))),
    })
}

/// An event with this action, each field filled. Without a wildcard, so that a new action needs an example.
#[expect(clippy::too_many_lines, reason = "an arm for each action")]
fn example(action: Action) -> Event {
    let ends_at = Timestamp::from_micros(3);
    let (invite, account) = (InviteId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
    let (api_key, session) = (KeyId(Uuid::from_u128(3)), SessionId(Uuid::from_u128(4)));
    let group = GroupId(Uuid::from_u128(5));
    let accounts = vec![account];
    let application = ApplicationId(Uuid::from_u128(7));
    let (webhook, name) = (WebhookId(Uuid::from_u128(8)), WebhookName::stored("Chat"));
    let (mailing, invitation) = (MailingId(Uuid::from_u128(10)), InvitationId(Uuid::from_u128(11)));
    let (flow, terms) = (FlowId(Uuid::from_u128(12)), TermsId(Uuid::from_u128(13)));
    let (keys_revoked, invites_paused, sessions_ended, replaced) = (1, 2, 3, Some(session));
    match action {
        Action::InviteCreated => Event::InviteCreated { invite, terms: invite_terms() },
        Action::InviteUpdated => Event::InviteUpdated { invite, terms: invite_terms() },
        Action::InvitePaused => Event::InvitePaused { invite },
        Action::InviteResumed => Event::InviteResumed { invite },
        Action::InviteDeleted => Event::InviteDeleted { invite, used: 7 },
        Action::InviteExpired => Event::InviteExpired { invite },
        Action::AccountSignedUp => {
            let (invite, groups) = (Some(invite), vec![group]);
            Event::AccountSignedUp {
                account,
                invite,
                role: Role::User,
                groups,
                flow: Some(flow),
                flow_version: Some(2),
            }
        }
        Action::AccountJoined => Event::AccountJoined { account, invite, groups: vec![group] },
        Action::JoinRequested => Event::JoinRequested { invite, account },
        Action::JoinRequestGranted => Event::JoinRequestGranted { invite, account, groups: vec![group] },
        Action::JoinRequestDismissed => Event::JoinRequestDismissed { invite, account },
        Action::LinkRequested => Event::LinkRequested { invite },
        Action::LinkRequestGranted => Event::LinkRequestGranted { invite, new_invite: InviteId(Uuid::from_u128(9)) },
        Action::LinkRequestDismissed => Event::LinkRequestDismissed { invite },
        Action::AccountCreated => Event::AccountCreated { account, role: Role::Admin },
        Action::AccountUpdated => Event::AccountUpdated { account, changed: vec!["email".to_owned()] },
        Action::AccountRoleChanged => {
            Event::AccountRoleChanged { account, role: Role::Admin, invites_paused, sessions_ended }
        }
        Action::AccountDeleted => Event::AccountDeleted { account, groups_left: 4, invites_paused },
        Action::AccountEnded => Event::AccountEnded { account, invites_paused, keys_revoked },
        Action::AccountEndsSoon => Event::AccountEndsSoon { account, ends_at },
        Action::OwnershipTransferred => {
            Event::OwnershipTransferred { account, from: AccountId(Uuid::from_u128(6)), invites_paused }
        }
        Action::AccountApproved => Event::AccountApproved { account, keys_revoked },
        Action::ApprovalUndone => Event::ApprovalUndone { account, keys_revoked },
        Action::AccountDeclined => Event::AccountDeclined { account, invites_paused, keys_revoked, uses_released: 1 },
        Action::AccountSuspended => Event::AccountSuspended { account, invites_paused, keys_revoked },
        Action::AccountRestored => Event::AccountRestored { account, keys_revoked },
        Action::AccountRenamed => Event::AccountRenamed { account },
        Action::LoginChanged => Event::LoginChanged { account, changed: vec!["username".to_owned()], sessions_ended },
        Action::PictureSet => Event::PictureSet { account },
        Action::PictureRemoved => Event::PictureRemoved { account },
        Action::PasswordChanged => Event::PasswordChanged { account, sessions_ended, keys_revoked },
        Action::PasswordSet => Event::PasswordSet { account, sessions_ended, keys_revoked },
        Action::ResetLinkMade => Event::ResetLinkMade { account },
        Action::ResetLinkRequested => Event::ResetLinkRequested { account },
        Action::PasswordReset => Event::PasswordReset { account, sessions_ended, keys_revoked },
        Action::AccountActivated => Event::AccountActivated { account },
        Action::AccountLapsed => Event::AccountLapsed { account, uses_released: 1 },
        Action::ActivationResent => Event::ActivationResent { account },
        Action::AccountMarkedVerified => Event::AccountMarkedVerified { account },
        Action::EmailChangeRequested => Event::EmailChangeRequested { account },
        Action::EmailChangeCancelled => Event::EmailChangeCancelled { account },
        Action::EmailChangeConfirmed => Event::EmailChangeConfirmed { account, sessions_ended },
        Action::GroupCreated => Event::GroupCreated { group, terms: group_terms() },
        Action::GroupUpdated => Event::GroupUpdated { group, terms: group_terms() },
        Action::GroupDeleted => Event::GroupDeleted { group, members: 3, invites_paused },
        Action::GroupMembersAdded => {
            Event::GroupMembersAdded { group, accounts, is_manager: true, ends_at: Some(ends_at) }
        }
        Action::GroupMembersRemoved => Event::GroupMembersRemoved { group, accounts, invites_paused },
        Action::MembershipEnded => Event::MembershipEnded { group, account, invites_paused },
        Action::MembershipEndsSoon => Event::MembershipEndsSoon { group, account, ends_at },
        Action::KeyCreated => Event::KeyCreated { api_key },
        Action::KeyRevoked => Event::KeyRevoked { api_key },
        Action::SignedIn => Event::SignedIn { account, replaced },
        Action::SignedInBySignUp => Event::SignedInBySignUp { account, replaced },
        Action::SessionEnded => Event::SessionEnded { session },
        Action::OtherSessionsEnded => Event::OtherSessionsEnded { account, sessions: 2 },
        Action::SettingsUpdated => Event::SettingsUpdated { changes: Box::new(every_setting()) },
        Action::RegistrationReopened => Event::RegistrationReopened { registration_mode: RegistrationMode::InviteOnly },
        Action::SetupCompleted => Event::SetupCompleted { account },
        Action::DemoFilled => Event::DemoFilled { account, accounts: 60, invites: 25, seed: u64::MAX },
        Action::ApplicationCreated => {
            Event::ApplicationCreated { application, terms: Box::new(application_terms(group)) }
        }
        Action::ApplicationUpdated => {
            Event::ApplicationUpdated { application, terms: Box::new(application_terms(group)) }
        }
        Action::ApplicationDeleted => Event::ApplicationDeleted { application },
        Action::ApplicationPictureSet => Event::ApplicationPictureSet { application },
        Action::ApplicationPictureRemoved => Event::ApplicationPictureRemoved { application },
        Action::ClientSecretCreated => Event::ClientSecretCreated { application },
        Action::ApplicationOpened => Event::ApplicationOpened { application, account },
        Action::ConsentGiven => Event::ConsentGiven { application, account },
        Action::TokensRevoked => Event::TokensRevoked { application, account },
        Action::WebhookCreated => {
            Event::WebhookCreated { webhook, name, events: Some(vec![EventType::InviteRedeemed]) }
        }
        Action::WebhookUpdated => Event::WebhookUpdated { webhook, name, events: None, moved: true },
        Action::WebhookPaused => Event::WebhookPaused { webhook },
        Action::WebhookResumed => Event::WebhookResumed { webhook },
        Action::WebhookDeleted => Event::WebhookDeleted { webhook },
        Action::WebhookSecretCreated => Event::WebhookSecretCreated { webhook },
        Action::MailConfigured => Event::MailConfigured {
            host: SmtpHost::parse("mail.example.org").unwrap(),
            port: 587,
            encryption: Encryption::StartTls,
            sender: Email::parse("noreply@example.org").unwrap(),
        },
        Action::InvitationsSent => Event::InvitationsSent { mailing, recipients: 3 },
        Action::InvitationsResent => Event::InvitationsResent { mailing, recipients: 2 },
        Action::InvitationResent => Event::InvitationResent { mailing, invitation, fresh: true },
        Action::InvitationRevoked => Event::InvitationRevoked { mailing, invitation },
        Action::MailTurnedOff => Event::MailTurnedOff,
        Action::MailLinkCopied => {
            Event::MailLinkCopied { mail: DeliveryId(Uuid::from_u128(9)), kind: MailKind::LinkGranted }
        }
        Action::MailResent => Event::MailResent { mail: DeliveryId(Uuid::from_u128(9)), kind: MailKind::PasswordReset },
        Action::FlowCreated => Event::FlowCreated { flow, name: FlowName::stored("Students") },
        Action::FlowChanged => {
            Event::FlowChanged { flow, name: FlowName::stored("Students"), number: 2, start_again: true }
        }
        Action::FlowDeleted => Event::FlowDeleted { flow, replaced_with: Some(flow), invites: 3 },
        Action::FlowMadeDefault => Event::FlowMadeDefault { flow },
        Action::TermsCreated => Event::TermsCreated { terms, name: TermsName::stored("Code of conduct") },
        Action::TermsPublished => Event::TermsPublished {
            terms,
            name: TermsName::stored("Code of conduct"),
            number: 2,
            ask: AskedMembers::All,
        },
        Action::TermsDeleted => Event::TermsDeleted { terms },
        Action::TermsAccepted => Event::TermsAccepted { account, terms, number: 2 },
        Action::DataKeyRotated => Event::DataKeyRotated { codes: 9 },
    }
}

/// One event of every variant.
fn examples() -> impl Iterator<Item = Event> {
    Action::ALL.into_iter().map(example)
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

fn group_terms() -> GroupTerms {
    GroupTerms {
        name: GroupName::stored("Potters"),
        description: Some(GroupDescription::stored("Clay")),
        permissions: Permission::InvitesCreate.into(),
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
        sign_in_alerts: Some(false),
        verify_email: Some(true),
    }
}

fn object(event: &Event) -> serde_json::Map<String, Value> {
    serde_json::to_value(event).unwrap().as_object().unwrap().clone()
}

#[test]
fn there_is_one_example_of_each_variant() {
    for action in Action::ALL {
        assert_eq!(example(action).action(), action);
    }
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
const FIELDS: [&str; 79] = [
    "account",
    "accounts",
    "action",
    "allowed_origins",
    "api_key",
    "application",
    "ask",
    "changed",
    "code_length",
    "codes",
    "default_role",
    "description",
    "encryption",
    "ends_at",
    "events",
    "expires_at",
    "flow",
    "flow_version",
    "forward_auth",
    "fresh",
    "from",
    "group",
    "groups",
    "groups_left",
    "host",
    "invitation",
    "invite",
    "invite_link_max_redemptions_limit",
    "invites",
    "invites_paused",
    "is_manager",
    "keys_revoked",
    "kind",
    "label",
    "links",
    "mail",
    "mailing",
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
    "new_invite",
    "number",
    "oidc",
    "permissions",
    "port",
    "recipients",
    "registration_mode",
    "replaced",
    "replaced_with",
    "role",
    "seed",
    "scim",
    "sender",
    "session",
    "sessions",
    "sessions_ended",
    "sign_in_alerts",
    "sign_in_url",
    "site_name",
    "start_again",
    "starts_at",
    "terms",
    "url",
    "used",
    "user_permissions",
    "uses_released",
    "verify_email",
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
