//! Invites of members, within their limits: `/api/v1/me/invites` and `latchkey invite create --account`.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::process::{fail, owner_key, run};
use crate::harness::{Database, Kind, on_both_databases};

const ADMIN: &str = "/api/v1/admin/invites";
const OWN: &str = "/api/v1/me/invites";

/// Lets members create invites for several people, two in a week.
const MEMBERS_INVITE: &str =
    "UPDATE settings SET user_permissions = 'invites.create invites.create_multi', member_invite_quota = 2";

on_both_databases! {
    async fn a_member_creates_as_many_invites_as_the_settings_allow(app: &TestApp) {
        let owner = app.owner_key().await;
        let others = app.invite(&owner, &json!({ "label": "Of the owner" })).await;
        app.database.execute(MEMBERS_INVITE).await;
        let una = app.person("una", Role::User).await;
        let key = app.key_of(&una).await;
        let limits = async || app.get(&format!("{OWN}/limits")).bearer(&key).send().await.expect(200).json();
        let quota = json!({ "size": 2, "period": "week", "left": 2, "next_at": null });
        let all = json!({ "may_create": true, "max_uses": 5, "max_days": 30, "quota": quota, "old_enough_at": null });
        assert_eq!(limits().await, all);

        let first = app.invite(&key, &json!({ "label": "For friends" })).await;
        assert_eq!(first["max_uses"], 5, "the most that a member may");
        assert!(first["expires_at"].is_string(), "{first}");
        let create = async |draft: Value| app.post(ADMIN).bearer(&key).json(&draft).send().await;
        create(json!({ "max_uses": 6 })).await.invalid(&["max_uses"]);
        create(json!({ "expires_in_hours": 721 })).await.invalid(&["expires_at"]);
        create(json!({ "code": "open-evening" })).await.problem(403, "forbidden");
        let second = app.invite(&key, &json!({ "max_uses": 1, "expires_in_hours": 1 })).await;
        let path = format!("{ADMIN}/{}", second["id"].as_str().unwrap());
        app.patch(&path).bearer(&key).json(&json!({ "max_uses": 6 })).send().await.invalid(&["max_uses"]);
        app.delete(&path).bearer(&key).send().await.expect(204);

        let refused = create(json!({})).await;
        let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((600_000..=604_801).contains(&wait), "{wait}");
        refused.problem(429, "quota_reached");
        let left = limits().await["quota"].clone();
        assert_eq!((&left["left"], left["next_at"].is_string()), (&json!(0), true), "deleting gives nothing back");
        app.database.execute("UPDATE settings SET member_invite_min_account_age = 1").await;
        create(json!({})).await.problem(403, "account_too_new");
        assert!(limits().await["old_enough_at"].is_string());

        let list = app.get(OWN).bearer(&key).send().await.expect(200).json();
        assert_eq!(list["items"], json!([first]), "neither deleted ones nor those of others");
        app.get(&format!("{OWN}?limit=0")).bearer(&key).send().await.invalid(&["limit"]);
        app.sign_up(&sign_up(&first["code"], "mateo")).await.expect(201);
        let guests = async |invite: &Value| {
            let path = format!("{OWN}/{}/redemptions", invite["id"].as_str().unwrap());
            app.get(&path).bearer(&key).send().await
        };
        let came = guests(&first).await.expect(200).json();
        assert_eq!((&came["items"][0]["name"], came["items"].as_array().unwrap().len()), (&json!("mateo"), 1));
        assert!(!came.to_string().contains("example.org"), "no addresses: {came}");
        guests(&others).await.problem(404, "not_found");
    }
}

/// The same on the command line, where an account is named.
async fn script(kind: Kind) {
    let database = Database::fresh(kind).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let create = ["account", "create", "--email", "una@example.org", "--username", "una", "--role", "user"];
    run(&database, &[create.as_slice(), &["--password-stdin"]].concat(), "seven wet umbrellas in Porto");
    run(
        &database,
        &["settings", "set", "user_permissions=invites.create,invites.create_multi", "member_invite_quota=2"],
        "",
    );
    let invite = ["invite", "create", "--account", "una"];
    for _ in 0..2 {
        assert!(run(&database, &invite, "").contains("/inv/"));
    }
    let refused = fail(&database, &invite, "");
    assert!(refused.contains("2 invites in the last 7 days"), "{refused}");
    assert!(fail(&database, &[invite.as_slice(), &["--max-uses", "6"]].concat(), "").contains("at most 5 uses"));
    assert!(run(&database, &["invite", "create"], "").contains("/inv/"), "the owner is not bound");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_command_line() {
    script(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_command_line() {
    script(Kind::Postgres).await;
}
