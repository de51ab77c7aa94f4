//! `/api/v1/admin/settings` and `latchkey settings`.

use domain::accounts::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::process::{Server, fail, owner_key, run};
use crate::harness::{Database, Kind, on_both_databases};

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
        "sign_in_alerts": false,
        "verify_email": true,
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
            (json!({ "sign_in_alerts": "no" }), &["sign_in_alerts"]),
            (json!({ "sign_in_alerts": null }), &["sign_in_alerts"]),
            (json!({ "verify_email": null }), &["verify_email"]),
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

/// The same on the command line.
async fn script(kind: Kind) {
    let database = Database::fresh(kind).await;
    run(&database, &["migrate"], "");
    let key = owner_key(&database);
    let show = |name: &str| run(&database, &["settings", "show", name], "");
    let set = |changes: &[&str]| run(&database, &[&["settings", "set"], changes].concat(), "");
    let refused = |changes: &[&str]| fail(&database, &[&["settings", "set"], changes].concat(), "");
    assert_eq!(show("registration_mode"), "invite_only");
    assert_eq!(show("welcome_url"), "", "nothing is set");
    let printed = set(&[
        "site_name=Bramble = Yard",
        "registration_mode=open",
        "code_length=20",
        "welcome_text=The kiln is on Tuesdays.\nBring clay.",
        "user_permissions=invites.create,invites.create_multi",
        "allowed_origins=https://forum.example.org, https://wiki.example.org",
        "member_invite_quota=",
        "sign_in_alerts=false",
    ]);
    assert_eq!(printed, "", "nothing is printed");
    let listed = run(&database, &["settings", "show"], "");
    for line in [
        "site_name\tBramble = Yard",
        "registration_mode\topen",
        "registration_mode_fixed\tfalse",
        "code_length\t20",
        "welcome_text\tThe kiln is on Tuesdays. Bring clay.",
        "user_permissions\tinvites.create,invites.create_multi",
        "allowed_origins\thttps://forum.example.org,https://wiki.example.org",
        "member_invite_quota\t",
        "sign_in_alerts\tfalse",
    ] {
        assert!(listed.lines().any(|found| found == line), "{line}: {listed}");
    }
    assert_eq!(show("welcome_text"), "The kiln is on Tuesdays.\nBring clay.");

    let server = Server::start(&database).await;
    let header = format!("Bearer {key}");
    let read = server.caller().send(Method::GET, SETTINGS, &[("authorization", &header)], None).await;
    let read: Value = read.expect(200).json();
    server.stop();
    let names: Vec<_> = listed.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect();
    let mut expected: Vec<_> = read.as_object().unwrap().keys().cloned().collect();
    expected.sort_unstable();
    assert_eq!(names, expected, "what the REST API has");

    // What is printed can be set again, every setting.
    let changes: Vec<_> = listed.lines().map(|line| line.replacen('\t', "=", 1)).collect();
    let changes = changes.iter().map(|change| if change.contains('=') { change.clone() } else { format!("{change}=") });
    let changes: Vec<_> = changes.filter(|change| !change.starts_with("registration_mode_fixed")).collect();
    set(&changes.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(run(&database, &["settings", "show"], ""), listed);

    set(&["allowed_origins=", "welcome_text="]);
    assert_eq!((show("allowed_origins"), show("welcome_text")), (String::new(), String::new()));
    let wrong = refused(&["code_length=11", "site_name=", "registration_mode=half_open"]);
    for field in ["code_length:", "site_name:", "registration_mode:"] {
        assert!(wrong.contains(field), "{wrong}");
    }
    assert!(refused(&["user_permissions=secrets.read"]).contains("user_permissions"));
    assert!(refused(&["colour=red"]).contains("registration_mode"), "the settings are listed");
    assert!(fail(&database, &["settings", "show", "colour"], "").contains("colour"));
    assert_eq!(show("code_length"), "20");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_command_line() {
    script(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_command_line() {
    script(Kind::Postgres).await;
}
