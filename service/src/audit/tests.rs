use domain::events::Event;
use domain::invites::InviteDraft;
use domain::keys::KeyScope;
use domain::settings::SettingsDraft;
use domain::text::KeyName;
use domain::{Patch, Timestamp};
use uuid::Uuid;

use super::*;
use crate::testing::{TestApp, code, on_both_databases};
use crate::{invites, keys, settings};

/// A row as it was stored before events had a type.
fn stored(action: &str, subject: (&str, Option<Uuid>), detail: &str) -> audit_log::Model {
    audit_log::Model {
        id: Uuid::nil(),
        created_at: 1,
        actor_kind: "operator".to_owned(),
        actor_id: None,
        action: action.to_owned(),
        subject_kind: subject.0.to_owned(),
        subject_id: subject.1,
        client_ip: None,
        detail: detail.to_owned(),
    }
}

/// Rows of every action, with the texts that were stored before events had a type. They must never change: consumers
/// read the audit log by them.
#[test]
fn rows_keep_the_texts_they_always_had() {
    let id = Some(Uuid::from_u128(7));
    let other = Uuid::from_u128(8);
    let (invite, account, key) = (("invite", id), ("account", id), ("api_key", id));
    let terms =
        r#"{"expires_at":"2027-01-15T08:00:00Z","label":"Open evening","max_uses":3,"role":"user","starts_at":null}"#;
    let settings = r#"{"code_length":20,"default_role":"user","invite_link_max_redemptions_limit":50,"registration_mode":"closed","site_name":"Brambleyard","welcome_label":null,"welcome_text":"Hello","welcome_url":"https://example.org"}"#;
    let signed_up = format!(r#"{{"invite":"{other}","role":"moderator"}}"#);
    let replaced = format!(r#"{{"replaced":"{other}"}}"#);
    let ended = r#"{"keys_revoked":1,"sessions_ended":2}"#;
    let blocked = r#"{"invites_paused":3,"keys_revoked":1}"#;
    let rows = [
        stored("invite.create", invite, terms),
        stored("invite.update", invite, terms),
        stored("invite.pause", invite, "{}"),
        stored("invite.resume", invite, "{}"),
        stored("invite.delete", invite, r#"{"used":4}"#),
        stored("account.sign_up", account, &signed_up),
        stored("account.sign_up", account, r#"{"role":"user"}"#),
        stored("account.create", account, r#"{"role":"owner"}"#),
        stored("account.approve", account, r#"{"keys_revoked":0}"#),
        stored("account.undo_approval", account, r#"{"keys_revoked":0}"#),
        stored("account.decline", account, blocked),
        stored("account.suspend", account, blocked),
        stored("account.restore", account, r#"{"keys_revoked":1}"#),
        stored("account.rename", account, "{}"),
        stored("account.change_password", account, ended),
        stored("account.set_password", account, ended),
        stored("api_key.create", key, "{}"),
        stored("api_key.revoke", key, "{}"),
        stored("session.sign_in", account, r#"{"replaced":null}"#),
        stored("session.sign_in", account, &replaced),
        stored("session.sign_up", account, &replaced),
        stored("session.revoke", ("session", id), "{}"),
        stored("session.revoke_others", account, r#"{"sessions":2}"#),
        stored("settings.update", ("settings", None), settings),
        stored("settings.update", ("settings", None), "{}"),
        stored("settings.reopen", ("settings", None), r#"{"registration_mode":"invite_only"}"#),
        stored("setup.complete", account, "{}"),
        stored("demo.fill", account, r#"{"accounts":60,"links":25,"seed":1}"#),
        stored("data_key.rotate", ("data_key", None), r#"{"codes":9}"#),
    ];
    for row in rows {
        let event = event(&row).unwrap_or_else(|error| panic!("{row:?}: {error}"));
        let written = super::row(row.id, Timestamp::from_micros(row.created_at), Originator::Operator, &event);
        assert_eq!(written.unwrap(), row);
    }
}

/// A row of a version that recorded less still reads.
#[test]
fn a_row_without_the_counts_reads() {
    let account = ("account", Some(Uuid::from_u128(7)));
    for action in ["account.suspend", "account.restore", "account.change_password", "session.revoke_others"] {
        assert!(event(&stored(action, account, "{}")).is_ok(), "{action}");
    }
    let sign_in = event(&stored("session.sign_in", account, "{}")).unwrap();
    assert!(matches!(sign_in, Event::SignedIn { replaced: None, .. }));
}

on_both_databases! {
    /// `TestApp::finish` does the same with the rows of every other test.
    async fn no_row_has_a_code_or_a_key(app: &TestApp) {
        let owner = app.owner().await;
        let own = InviteDraft { code: Patch::Set("OPEN-EVENING-2027".into()), ..InviteDraft::default() };
        let own = app.invite(&owner, own).await;
        let random = app.invite(&owner, InviteDraft::default()).await;
        let label = InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() };
        invites::update(&app.ctx, &owner, random.id, label).await.unwrap();
        app.sign_up(code(&random), "mateo").await.unwrap();
        invites::delete(&app.ctx, &owner, own.id).await.unwrap();
        let name = KeyName::parse("script").unwrap();
        let key = keys::create(&app.ctx, &owner, name, KeyScope::Full, None).await.unwrap();
        let draft = SettingsDraft { welcome_url: Some("https://example.org".into()), ..SettingsDraft::default() };
        settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log").await, 8);
        assert_readable(&app.ctx, &["OPEN-EVENING-2027", code(&random), &key.secret, &key.key.hint]).await;
    }
}
