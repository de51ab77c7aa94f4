//! `/api/v1/admin/audit`, its CSV exports and its command.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::process::{fail, owner_key, run};
use crate::harness::{Database, Kind, TestApp, on_both_databases};

const AUDIT: &str = "/api/v1/admin/audit";

fn actions(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

fn records(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().unwrap()
}

on_both_databases! {
    async fn an_entry_has_originator_action_subject_and_detail(app: &TestApp) {
        let owner = app.person("ines", Role::Owner).await;
        let key = app.key_of(&owner).await;
        let invite = app.invite(&key, &json!({ "label": "Course" })).await;
        let path = format!("/api/v1/admin/invites/{}", invite["id"].as_str().unwrap());
        app.delete(&path).bearer(&key).send().await.expect(204);
        let list = app.get(&format!("{AUDIT}?action=invite.delete")).bearer(&key).send().await.expect(200).json();
        let [entry] = list["items"].as_array().unwrap().as_slice() else { panic!("{list}") };
        assert_eq!(entry["originator"]["kind"], "api_key");
        assert_eq!(entry["originator"]["account"]["id"], json!(owner.id));
        assert_eq!(entry["originator"]["account"]["username"], "ines");
        assert_eq!(entry["subject"], json!({ "kind": "invite", "id": invite["id"], "label": "Course" }));
        assert_eq!((&entry["detail"], entry["client_ip"].is_string()), (&json!({ "used": 0 }), true), "{entry}");
    }
}

on_both_databases! {
    async fn the_log_is_filtered_and_paged_newest_first(app: &TestApp) {
        let owner = app.person("ines", Role::Owner).await;
        let key = app.key_of(&owner).await;
        let invite = app.invite(&key, &json!({ "label": "First" })).await;
        app.invite(&key, &json!({ "label": "Second" })).await;
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
        let id = invite["id"].as_str().unwrap();
        app.post(&format!("/api/v1/admin/invites/{id}/pause")).bearer(&key).send().await.expect(200);
        let list = async |query: &str| app.get(&format!("{AUDIT}?{query}")).bearer(&key).send().await.expect(200).json();
        let both = list("action=invite.pause,account.sign_up").await;
        assert_eq!(actions(&both), ["invite.pause", "account.sign_up"]);
        let own = format!("kind=invite&actor={}", owner.id);
        assert_eq!(actions(&list(&own).await), ["invite.pause", "invite.create", "invite.create"]);
        assert_eq!(actions(&list(&format!("subject={id}")).await), ["invite.pause", "invite.create"]);
        let page = list("kind=invite&limit=2").await;
        let next = list(&format!("kind=invite&limit=2&cursor={}", page["next_cursor"].as_str().unwrap())).await;
        assert_eq!((actions(&page).len(), actions(&next), &next["next_cursor"]), (2, vec!["invite.create"], &Value::Null));
        let since = both["items"][0]["created_at"].as_str().unwrap();
        assert_eq!(actions(&list(&format!("kind=invite&from={since}")).await), ["invite.pause"]);
        assert!(!actions(&list(&format!("kind=invite&until={since}")).await).contains(&"invite.pause"));
        for (query, field) in [
            ("action=door.open", "action"),
            ("action=", "action"),
            ("action=invite.pause,", "action"),
            ("actor=ines", "actor"),
            ("kind=door", "kind"),
            ("subject=x", "subject"),
            ("from=yesterday", "from"),
            ("until=2026", "until"),
            ("limit=0", "limit"),
            ("who=x", "who"),
        ] {
            app.get(&format!("{AUDIT}?{query}")).bearer(&key).send().await.invalid(&[field]);
            if field != "limit" {
                app.get(&format!("{AUDIT}.csv?{query}")).bearer(&key).send().await.invalid(&[field]);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_csv_has_every_page_and_the_filter_of_the_list() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let (key, cookie) = (app.key_of(&owner).await, app.cookie_of(&owner).await);
    let invite = app.invite(&key, &json!({ "label": "=1+1" })).await;
    let id = invite["id"].as_str().unwrap();
    // More than a page has.
    app.database
        .execute(
            "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 450)
             INSERT INTO audit_log (id, created_at, actor_kind, action, subject_kind, detail)
             SELECT randomblob(16), n, 'operator', 'data_key.rotate', 'data_key', '{\"codes\":9}' FROM s",
        )
        .await;
    let export = async |query: &str| app.get(&format!("{AUDIT}.csv?{query}")).bearer(&key).send().await.expect(200);
    let all = export("kind=data_key").await;
    assert!(all.header("content-type").unwrap().starts_with("text/csv"));
    assert!(all.header("content-disposition").unwrap().contains("latchkey-audit-log-"));
    let rows = records(&all.text());
    assert_eq!(rows.len(), 450);
    assert_eq!(
        (&rows[0][1], &rows[0][6], &rows[0][11]),
        ("1970-01-01T00:00:00.000450Z", "data_key.rotate", "{\"codes\":9}")
    );
    let of_invite = records(&export(&format!("subject={id}")).await.text());
    assert_eq!((of_invite.len(), &of_invite[0][9]), (1, "'=1+1"), "a formula is text");

    let page = async |query: &str| app.get(&format!("/admin/audit.csv{query}")).cookie(&cookie).send().await;
    assert_eq!(records(&page("?kind=data_key").await.expect(200).text()).len(), 450);
    assert_eq!(records(&page("?until=1970-01-01").await.expect(200).text()).len(), 450);
    // What the page would leave out is refused: the file would have more than was asked for.
    for wrong in
        ["?kind=door", "?action=door.open", "?kind=group&action=invite.pause", "?actor=ines", "?from=yesterday"]
    {
        page(wrong).await.expect(422);
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_lists_and_exports_the_log() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    let _ = owner_key(&database);
    run(&database, &["invite", "create", "--label", "Open evening"], "");
    let listed = run(&database, &["audit", "list", "--kind", "invite"], "");
    let cells: Vec<_> = listed.trim_end().split('\t').collect();
    assert_eq!(cells[1..5], ["operator", "invite.create", "invite", "Open evening"], "{listed}");
    let json =
        run(&database, &["audit", "list", "--json", "--action", "invite.create", "--action", "api_key.create"], "");
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines.iter().map(|line| line["action"].as_str().unwrap()).collect::<Vec<_>>(),
        ["invite.create", "api_key.create"]
    );
    assert_eq!(lines[0]["subject"]["label"], "Open evening");
    assert_eq!(run(&database, &["audit", "list", "--from", "2099-01-01T00:00:00Z"], ""), "");
    let exported = run(&database, &["audit", "export", "--kind", "invite"], "");
    assert_eq!(records(&exported).len(), 1, "{exported}");
    assert!(fail(&database, &["audit", "list", "--actor", "nobody"], "").contains("nobody"));
}
