//! `/api/v1/admin/invites/bulk`.

use domain::access::Permission;
use domain::accounts::Role;
use domain::keys::KeyScope;
use serde_json::{Value, json};

use crate::harness::{TestApp, on_both_databases};

const INVITES: &str = "/api/v1/admin/invites";
const BULK: &str = "/api/v1/admin/invites/bulk";

async fn change(app: &TestApp, key: &str, change: Value) -> Value {
    app.post(BULK).bearer(key).json(&change).send().await.expect(200).json()
}

async fn statuses(app: &TestApp, key: &str) -> Vec<(String, String)> {
    let list = app.get(&format!("{INVITES}?order=asc")).bearer(key).send().await.expect(200).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list["items"].as_array().unwrap().iter().map(|invite| (text(&invite["label"]), text(&invite["status"]))).collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.iter().map(|(label, status)| ((*label).to_owned(), (*status).to_owned())).collect()
}

on_both_databases! {
    async fn named_invites_are_changed_and_the_others_stay(app: &TestApp) {
        let key = app.owner_key().await;
        let mut ids = Vec::new();
        for label in ["One", "Two", "Three"] {
            ids.push(app.invite(&key, &json!({ "label": label, "expires_in_hours": 24 })).await["id"].clone());
        }
        let nobody = json!("0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77");
        let named = [&ids[0], &ids[1], &nobody];
        let tried = change(app, &key, json!({ "action": "pause", "ids": named, "dry_run": true })).await;
        assert_eq!(statuses(app, &key).await, pairs([("One", "active"), ("Two", "active"), ("Three", "active")]));
        let paused = change(app, &key, json!({ "action": "pause", "ids": named })).await;
        assert_eq!(
            (&paused["changed"], &paused["unchanged"], &paused["refused"], &paused["more"]),
            (&json!(2), &json!(0), &json!([{ "code": "not_found", "count": 1 }]), &json!(false))
        );
        for member in ["changed", "unchanged", "refused", "more"] {
            assert_eq!(tried[member], paused[member], "{member}");
        }
        assert_eq!(statuses(app, &key).await, pairs([("One", "paused"), ("Two", "paused"), ("Three", "active")]));
        let again = change(app, &key, json!({ "action": "pause", "ids": named })).await;
        assert_eq!((&again["changed"], &again["unchanged"]), (&json!(0), &json!(2)));
        assert_eq!(change(app, &key, json!({ "action": "resume", "ids": ids })).await["changed"], 2);
        let end = "2099-01-01T00:00:00Z";
        assert_eq!(change(app, &key, json!({ "action": "extend", "ids": ids, "expires_at": end })).await["changed"], 3);
        let one = app.get(&format!("{INVITES}/{}", ids[0].as_str().unwrap())).bearer(&key).send().await.expect(200).json();
        assert_eq!(one["expires_at"], end);
        assert_eq!(change(app, &key, json!({ "action": "delete", "ids": [ids[2]] })).await["changed"], 1);
        assert_eq!(statuses(app, &key).await, pairs([("One", "active"), ("Two", "active")]));
    }
}

on_both_databases! {
    async fn all_that_match_are_changed_up_to_the_instant_at_which_they_were_counted(app: &TestApp) {
        let key = app.owner_key().await;
        for label in ["Course 1", "Course 2", "Evening"] {
            app.invite(&key, &json!({ "label": label })).await;
        }
        let matching = json!({ "q": "course", "status": "active" });
        let counted = change(app, &key, json!({ "action": "pause", "matching": matching, "dry_run": true })).await;
        assert_eq!(counted["changed"], 2);
        app.invite(&key, &json!({ "label": "Course 3" })).await;
        let act = json!({ "action": "pause", "matching": matching, "as_of": counted["as_of"] });
        let paused = change(app, &key, act).await;
        assert_eq!((&paused["changed"], &paused["as_of"]), (&json!(2), &counted["as_of"]));
        let active = pairs([("Course 1", "paused"), ("Course 2", "paused"), ("Evening", "active"), ("Course 3", "active")]);
        assert_eq!(statuses(app, &key).await, active);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_by_field_and_changes_nothing() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let id = app.invite(&key, &json!({ "label": "One", "expires_in_hours": 24 })).await["id"].clone();
    let many: Vec<_> = (0..501).map(|number| format!("0199f0a4-8a43-7d0e-9d6a-{number:012x}")).collect();
    for (body, field) in [
        (json!({ "ids": [id] }), "action"),
        (json!({ "action": "forget", "ids": [id] }), "action"),
        (json!({ "action": "pause" }), "ids"),
        (json!({ "action": "pause", "ids": [] }), "ids"),
        (json!({ "action": "pause", "ids": many }), "ids"),
        (json!({ "action": "pause", "ids": ["x"] }), "ids[0]"),
        (json!({ "action": "pause", "ids": [id], "matching": {} }), "ids"),
        (json!({ "action": "pause", "matching": { "status": "gone" } }), "matching.status"),
        (json!({ "action": "pause", "matching": { "limit": 3 } }), "limit"),
        (json!({ "action": "pause", "ids": [id], "as_of": "yesterday" }), "as_of"),
        (json!({ "action": "pause", "ids": [id], "days": 3 }), "days"),
        (json!({ "action": "extend", "ids": [id] }), "expires_at"),
        (json!({ "action": "extend", "ids": [id], "days": 366 }), "days"),
        (json!({ "action": "extend", "ids": [id], "expires_at": "2001-01-01T00:00:00Z" }), "expires_at"),
    ] {
        app.post(BULK).bearer(&key).json(&body).send().await.invalid(&[field]);
    }
    assert_eq!(statuses(&app, &key).await, pairs([("One", "active")]));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_changes_what_it_may_change_alone() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let key = app.key_of(&owner).await;
    let id = app.invite(&key, &json!({ "label": "One" })).await["id"].clone();
    let views = app.scoped_key_of(&owner, KeyScope::Only(Permission::InvitesView.into())).await;
    let refused = change(&app, &views, json!({ "action": "delete", "ids": [id] })).await;
    assert_eq!((&refused["changed"], &refused["refused"]), (&json!(0), &json!([{ "code": "forbidden", "count": 1 }])));
    let creates = KeyScope::Only(Permission::InvitesView | Permission::InvitesCreate);
    let creates = app.scoped_key_of(&owner, creates).await;
    assert_eq!(change(&app, &creates, json!({ "action": "delete", "matching": {} })).await["changed"], 1);
    app.close().await;
}
