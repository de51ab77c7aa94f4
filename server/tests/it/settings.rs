//! `/api/v1/admin/settings` and `latchkey settings`.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::on_both_databases;

const SETTINGS: &str = "/api/v1/admin/settings";

/// Everything that a change can have, as it is read afterwards.
fn all() -> Value {
    json!({
        "site_name": "Bramble Yard",
        "registration_mode": "open",
        "default_role": "refused",
        "code_length": 20,
        "invite_link_max_redemptions_limit": 1_000_000,
        "welcome_text": "The kiln is on *Tuesdays*.\nBring clay.",
        "welcome_url": "https://forum.example.org/",
        "welcome_label": "To the forum",
        "user_permissions": ["invites.create"],
        "moderator_permissions": ["invites.create", "redemptions.view"],
        "allowed_origins": ["https://forum.example.org", "https://wiki.example.org"],
        "member_invite_quota": 1_000,
        "member_invite_quota_period": "month",
        "member_invite_max_uses": 7,
        "member_invite_max_days": 3_650,
        "member_invite_min_account_age": 14,
    })
}

on_both_databases! {
    async fn every_setting_is_read_and_changed(app: &TestApp) {
        let key = app.owner_key().await;
        let read = async || app.get(SETTINGS).bearer(&key).send().await.expect(200).json();
        let change = async |body: &Value| app.patch(SETTINGS).bearer(&key).json(body).send().await;
        let first = read().await;
        assert_eq!((&first["registration_mode"], &first["registration_mode_fixed"]), (&json!("invite_only"), &json!(false)));
        assert_eq!((&first["welcome_url"], &first["allowed_origins"]), (&Value::Null, &json!([])));
        assert_eq!(change(&json!({})).await.expect(200).json(), first, "what is left out stays");

        let changed = change(&all()).await.expect(200).json();
        let mut expected = all();
        expected["registration_mode_fixed"] = json!(false);
        assert_eq!((&changed, read().await), (&expected, expected.clone()));

        let null = json!({
            "welcome_text": null, "welcome_url": null, "user_permissions": null, "allowed_origins": null,
            "member_invite_quota": null, "member_invite_max_uses": null, "member_invite_max_days": null,
        });
        let cleared = change(&null).await.expect(200).json();
        for (name, value) in cleared.as_object().unwrap() {
            match name.as_str() {
                "welcome_label" => assert_eq!(value, &Value::Null, "a label is nothing without its link"),
                "user_permissions" | "allowed_origins" => assert_eq!(value, &json!([]), "{name}"),
                name if null.get(name).is_some() => assert_eq!(value, &Value::Null, "{name}"),
                name => assert_eq!(value, &expected[name], "{name}"),
            }
        }
    }
}

on_both_databases! {
    async fn every_wrong_setting_is_named_and_changes_nothing(app: &TestApp) {
        let key = app.owner_key().await;
        let before = app.get(SETTINGS).bearer(&key).send().await.expect(200).json();
        for (wrong, fields) in [
            (json!({ "site_name": null, "code_length": 11 }), &["code_length", "site_name"][..]),
            (json!({ "registration_mode": "half_open", "default_role": "owner" }), &["default_role", "registration_mode"]),
            (json!({ "welcome_label": "To the forum", "welcome_url": "" }), &["welcome_url"]),
            (json!({ "allowed_origins": ["http://example.org"] }), &["allowed_origins"]),
            (json!({ "member_invite_quota": 0, "member_invite_max_days": 3651 }), &["member_invite_max_days", "member_invite_quota"]),
            (json!({ "moderator_permissions": ["admins.manage"] }), &["moderator_permissions"]),
            (json!({ "user_permissions": ["secrets.read"] }), &["user_permissions[0]"]),
            (json!({ "code_length": "20" }), &["code_length"]),
            (json!({ "registration_mode_fixed": true }), &["registration_mode_fixed"]),
        ] {
            app.patch(SETTINGS).bearer(&key).json(&wrong).send().await.invalid(fields);
        }
        assert_eq!(app.get(SETTINGS).bearer(&key).send().await.expect(200).json(), before);
    }
}

on_both_databases! {
    async fn nobody_gives_a_role_what_they_may_not_do_themselves(app: &TestApp) {
        app.database.execute("UPDATE settings SET moderator_permissions = 'settings.view settings.change'").await;
        let key = app.key_of(&app.person("mo", Role::Moderator).await).await;
        let give = |permission: &str| json!({ "user_permissions": [permission] });
        app.patch(SETTINGS).bearer(&key).json(&give("invites.create")).send().await.problem(403, "forbidden");
        app.patch(SETTINGS).bearer(&key).json(&give("settings.view")).send().await.expect(200);
    }
}
