//! Property tests of the parsers: no input causes a panic, a parsed value prints as the text it was parsed from, and
//! bounds hold.
//!
//! Inputs are arbitrary texts and texts that are almost valid: a parser would refuse most arbitrary texts at the first
//! character.

use std::str::FromStr;

use domain::accounts::{Email, Password, Role, Username};
use domain::ids::InviteId;
use domain::invites::{EndsDraft, InviteCode, InviteDraft, Terms};
use domain::paging::{Cursor, Limit};
use domain::settings::{CodeLength, DefaultRole, RegistrationMode, SettingsDraft, UsesCeiling};
use domain::setup::SetupDraft;
use domain::signup::{AttemptKey, SignUpDraft};
use domain::text::{DisplayName, KeyName, Label, SiteName, is_hidden};
use domain::{Patch, Timestamp};
use proptest::prelude::*;

/// Arbitrary texts, and texts similar to a code, an e-mail address, a timestamp, a cursor, an id or an enum value.
fn input_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,300}",
        "[ \t]{0,2}[A-Za-z0-9._-]{0,70}[ \n]{0,2}",
        "[A-Za-z0-9.+_'-]{1,66}@[A-Za-z0-9-]{1,64}(\\.[a-z]{1,10}){0,3}",
        "[A-Za-z0-9 äß中ع\u{202E}\u{200B}\u{0}\u{FEFF}]{0,210}",
        "[0-9]{4,5}-[01][0-9]-[0-3][0-9][Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?",
        "[np][0-9a-fA-F]{46,52}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "-?[0-9]{1,24}",
        "(user|moderator|admin|owner|open|invite_only|closed|pending)[ A-Z]{0,1}",
    ]
}

fn input_number() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -2..10_000_i64, Just(i64::MIN), Just(i64::MAX), 999_999..1_000_002_i64]
}

/// Asserts that a parsed value prints as its input without outer white space, and that this text parses to the same
/// value.
macro_rules! round_trips {
    ($type:ty, $text:expr) => {
        if let Ok(value) = <$type>::parse($text) {
            let printed = value.as_str().to_owned();
            prop_assert_eq!(<$type>::parse(&printed).ok(), Some(value));
            prop_assert_eq!(printed.as_str(), $text.trim(), "only outer white space is removed");
        }
    };
}

macro_rules! string_round_trips {
    ($type:ty, $text:expr) => {
        if let Ok(value) = <$type>::from_str($text) {
            prop_assert_eq!(value.as_str(), $text);
        }
    };
}

/// Asserts that every field error of a failure names a field of the draft and has a message.
fn assert_fields(failure: &domain::Failure, known: &[&str]) -> Result<(), TestCaseError> {
    prop_assert!(!failure.fields.is_empty());
    for error in &failure.fields {
        prop_assert!(known.contains(&error.field.as_str()), "{}", error.field);
        prop_assert!(!error.message.is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn names_and_codes(text in input_text()) {
        round_trips!(InviteCode, &text);
        round_trips!(Username, &text);
        round_trips!(Email, &text);
        round_trips!(Label, &text);
        round_trips!(DisplayName, &text);
        round_trips!(SiteName, &text);
        round_trips!(KeyName, &text);
        if let Ok(label) = Label::parse(&text) {
            prop_assert!((1..=Label::MAX).contains(&label.as_str().chars().count()));
            prop_assert!(!label.as_str().chars().any(is_hidden));
        }
        if let Ok(code) = InviteCode::parse(&text) {
            prop_assert!((6..=64).contains(&code.as_str().len()) && code.as_str().is_ascii());
        }
        if let Ok(name) = Username::parse(&text) {
            prop_assert!((2..=32).contains(&name.as_str().len()) && name.as_str().is_ascii());
        }
        if let Ok(email) = Email::parse(&text) {
            prop_assert!(email.as_str().len() <= 254 && email.as_str().contains('@'));
            prop_assert!(!email.as_str().chars().any(|c| is_hidden(c) || c.is_whitespace()));
        }
        if let Ok(key) = AttemptKey::parse(&text) {
            prop_assert!((1..=255).contains(&key.as_str().len()) && key.as_str() == text);
        }
        if let Ok(password) = Password::parse(&text) {
            prop_assert!(password.expose() == text && text.len() <= Password::MAX_BYTES);
            let shown = format!("{password:?}");
            prop_assert!(!shown.contains(&text));
        }
    }

    #[test]
    fn timestamps_cursors_ids_and_enums(text in input_text()) {
        if let Some(at) = Timestamp::parse(&text) {
            prop_assert_eq!(Timestamp::parse(&at.to_rfc3339()), Some(at));
            prop_assert!(at.as_micros() >= 0);
        }
        if let Ok(cursor) = text.parse::<Cursor>() {
            prop_assert_eq!(cursor.to_string(), text.to_lowercase());
        }
        if let Ok(limit) = text.parse::<Limit>() {
            prop_assert!((1..=200).contains(&u64::from(limit)));
        }
        if let Ok(id) = text.parse::<InviteId>() {
            prop_assert_eq!(id.to_string().parse::<InviteId>().ok(), Some(id));
        }
        string_round_trips!(Role, &text);
        string_round_trips!(RegistrationMode, &text);
        string_round_trips!(DefaultRole, &text);
    }

    #[test]
    fn invites(label in input_text(), code in input_text(), at in input_text(), role in input_text(), uses in input_number(), hours in input_number(), now in 0..4_000_000_000_000_000_i64) {
        let now = Timestamp::from_micros(now);
        let draft = InviteDraft {
            label: Patch::Set(label), code: Patch::Set(code), max_uses: Patch::Set(uses),
            expires_in_hours: Patch::Set(hours), expires_at: Patch::Keep, starts_at: Patch::Set(at),
            groups: Patch::Set(vec![role.clone()]), email: Patch::Set(role.clone()), email_domains: Patch::Set(vec![role.clone()]),
            welcome_text: Patch::Set(role.clone()), after: Patch::Set(role.clone()), role: Patch::Set(role),
            ends: Patch::Set(EndsDraft { of: "account".into(), after_days: Some(uses), at: None }),
            ..InviteDraft::default()
        };
        let known = [
            "label", "code", "max_uses", "expires_in_hours", "expires_at", "starts_at", "role", "groups", "email",
            "email_domains", "welcome_text", "after", "ends",
        ];
        let timed = InviteDraft { expires_at: draft.starts_at.clone(), expires_in_hours: Patch::Keep, ..draft.clone() };
        for draft in [draft, timed] {
            let change = InviteDraft { code: Patch::Keep, ..draft.clone() };
            for terms in [draft.parse(now).map(|new| new.terms), change.apply(Terms::default(), now)] {
                match terms {
                    Ok(terms) => {
                        prop_assert!(terms.max_uses.is_none_or(|uses| uses >= 1));
                        prop_assert!(terms.expires_at.is_none_or(|end| end > now));
                        prop_assert!(terms.role.can_be_granted());
                        prop_assert!(!terms.grants_admin() || (terms.email.is_some() && terms.max_uses == Some(1)));
                    }
                    Err(failure) => assert_fields(&failure, &known)?,
                }
            }
        }
    }

    #[test]
    fn sign_up_and_setup(code in input_text(), email in input_text(), username in input_text(), name in input_text(), password in input_text()) {
        let sign_up = SignUpDraft {
            code, email: email.clone(), username: username.clone(), name: name.clone(), password: password.clone(),
            attributes: [(email.clone(), name.clone())].into(),
            proof: name.clone(),
            ..SignUpDraft::default()
        };
        if let Err(failure) = sign_up.parse() {
            let attribute = format!("attributes.{email}");
            assert_fields(&failure, &["email", "username", "name", "password", &attribute])?;
        }
        let setup = SetupDraft { token: String::new(), site_name: name.clone(), email, username, name, password };
        if let Err(failure) = setup.parse() {
            assert_fields(&failure, &["site_name", "email", "username", "name", "password"])?;
        }
    }

    #[test]
    fn settings(
        site_name in input_text(), mode in input_text(), role in input_text(), length in input_number(), uses in input_number(), text in input_text(),
        url in input_text(), label in input_text(),
    ) {
        let draft = SettingsDraft {
            site_name: Some(site_name), registration_mode: Some(mode), default_role: Some(role),
            code_length: Some(length), invite_link_max_redemptions_limit: Some(uses),
            welcome_text: Some(text.clone()), welcome_url: Some(url), welcome_label: Some(label),
            member_invite_quota: Patch::Set(uses), member_invite_quota_period: Some(text),
            member_invite_max_uses: Patch::Set(uses), member_invite_max_days: Patch::Set(length),
            member_invite_min_account_age: Some(length),
            ..SettingsDraft::default()
        };
        if let Err(failure) = draft.parse() {
            let known = [
                "site_name", "registration_mode", "default_role", "code_length", "invite_link_max_redemptions_limit",
                "welcome_text", "welcome_url", "welcome_label", "member_invite_quota", "member_invite_quota_period",
                "member_invite_max_uses", "member_invite_max_days", "member_invite_min_account_age",
            ];
            assert_fields(&failure, &known)?;
        }
        if let Ok(ceiling) = UsesCeiling::try_from(uses) {
            prop_assert_eq!(i64::from(ceiling.get()), uses);
            prop_assert!((1..=1_000_000).contains(&uses));
        }
        if let Ok(code_length) = CodeLength::try_from(length) {
            prop_assert_eq!(i64::from(code_length.get()), length);
        }
    }
}
