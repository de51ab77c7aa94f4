//! `/api/v1/admin/redemptions` and the CSV export of the dashboard.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::{TestApp, on_both_databases};

const REDEMPTIONS: &str = "/api/v1/admin/redemptions";

fn usernames(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|redemption| redemption["account"]["username"].as_str().unwrap()).collect()
}

on_both_databases! {
    async fn a_redemption_has_account_time_and_invite(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "label": "Course" })).await;
        let mut body = sign_up(&invite["code"], "mateo");
        body["name"] = json!("Mateo Quispe");
        let account = app.sign_up(&body).await.expect(201).json()["account"].clone();
        let list = app.get(REDEMPTIONS).bearer(&key).send().await.expect(200).json();
        let [line] = list["items"].as_array().unwrap().as_slice() else { panic!("{list}") };
        assert_eq!(line["account"], json!({ "id": account["id"], "username": "mateo", "name": "Mateo Quispe" }));
        assert_eq!(line["invite"], json!({ "id": invite["id"], "label": "Course", "code": invite["code"] }));
        assert_eq!((&line["kind"], &line["created_at"]), (&json!("new"), &account["created_at"]));
        assert_eq!((&list["next_cursor"], &list["previous_cursor"]), (&Value::Null, &Value::Null));
    }
}

on_both_databases! {
    async fn the_list_is_filtered_and_paged_newest_first(app: &TestApp) {
        let key = app.owner_key().await;
        let first = app.invite(&key, &json!({ "label": "First" })).await;
        let second = app.invite(&key, &json!({ "label": "Second" })).await;
        for (invite, name) in [(&first, "aina"), (&second, "bru"), (&first, "cai"), (&first, "dora")] {
            app.sign_up(&sign_up(&invite["code"], name)).await.expect(201);
        }
        let list = async |query: String| {
            app.get(&format!("{REDEMPTIONS}?{query}")).bearer(&key).send().await.expect(200).json()
        };
        assert_eq!(usernames(&list(String::new()).await), ["dora", "cai", "bru", "aina"]);
        let by_first = format!("invite={}", first["id"].as_str().unwrap());
        assert_eq!(usernames(&list(by_first.clone()).await), ["dora", "cai", "aina"]);
        let page = list(format!("{by_first}&limit=2")).await;
        assert_eq!(usernames(&page), ["dora", "cai"]);
        let next = list(format!("{by_first}&limit=2&cursor={}", page["next_cursor"].as_str().unwrap())).await;
        assert_eq!((usernames(&next), &next["next_cursor"]), (vec!["aina"], &Value::Null));
        let account = page["items"][0]["account"]["id"].as_str().unwrap();
        assert_eq!(usernames(&list(format!("account={account}")).await), ["dora"]);
        let nobody = "invite=00000000-0000-0000-0000-000000000000".to_owned();
        assert_eq!(usernames(&list(nobody).await), Vec::<&str>::new());
        for (query, field) in [("invite=x", "invite"), ("account=", "account"), ("limit=0", "limit"), ("name=x", "name")] {
            app.get(&format!("{REDEMPTIONS}?{query}")).bearer(&key).send().await.invalid(&[field]);
        }
    }
}

on_both_databases! {
    async fn redemptions_are_found_by_person_and_invite(app: &TestApp) {
        let key = app.owner_key().await;
        let kiln = app.invite(&key, &json!({ "label": "Kiln course" })).await;
        let fair = app.invite(&key, &json!({ "label": "Summer fair" })).await;
        for (invite, username, name) in [(&kiln, "mateo", "Mateo Quispe"), (&fair, "zoe", "Zoë Nunes"), (&fair, "cai", "")] {
            let mut body = sign_up(&invite["code"], username);
            body["name"] = json!(name);
            app.sign_up(&body).await.expect(201);
        }
        let find = async |query: &str| {
            app.get(&format!("{REDEMPTIONS}?{query}")).bearer(&key).send().await.expect(200).json()
        };
        for (query, found) in [
            ("q=quispe", &["mateo"][..]),
            ("q=ZOE", &["zoe"]),
            ("q=fair", &["cai", "zoe"]),
            ("q=fair%20nunes", &["zoe"]),
            ("q=kiln%20zoe", &[]),
            ("q=fair&limit=1", &["cai"]),
            ("q=%25", &[]),
            ("q=%00", &[]),
            ("q=%20", &["cai", "zoe", "mateo"]),
        ] {
            assert_eq!(usernames(&find(query).await), found, "{query}");
        }
        let email = app.database.texts("SELECT email FROM accounts WHERE username = 'mateo'").await;
        assert_eq!(usernames(&find(&format!("q={}", email[0].replace('@', "%40"))).await), ["mateo"]);
        let of_kiln = format!("invite={}&q=zoe", kiln["id"].as_str().unwrap());
        assert_eq!(usernames(&find(&of_kiln).await), Vec::<&str>::new());
    }
}

on_both_databases! {
    async fn a_redemption_is_kept_when_its_invite_is_deleted(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "label": "Course" })).await;
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
        let path = format!("/api/v1/admin/invites/{}", invite["id"].as_str().unwrap());
        app.delete(&path).bearer(&key).send().await.expect(204);
        let list = app.get(REDEMPTIONS).bearer(&key).send().await.expect(200).json();
        let expected = json!({ "id": invite["id"], "label": "Course", "code": null });
        assert_eq!((usernames(&list), &list["items"][0]["invite"]), (vec!["mateo"], &expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_csv_is_safe_to_open_in_a_spreadsheet() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let key = app.key_of(&owner).await;
    let invite = app.invite(&key, &json!({ "label": "=1+1" })).await;
    let mut body = sign_up(&invite["code"], "mateo");
    body["name"] = json!("=HYPERLINK(\"http://evil.example\",\"x\"), \"Mateo\"");
    app.sign_up(&body).await.expect(201);
    let cookie = app.cookie_of(&owner).await;
    let none = app.get("/admin/redemptions.csv?q=nobody").cookie(&cookie).send().await.expect(200);
    assert_eq!(none.text().lines().count(), 1, "only the head: {}", none.text());
    let answer = app.get("/admin/redemptions.csv?q=mateo").cookie(&cookie).send().await.expect(200);
    assert!(answer.header("content-type").unwrap().starts_with("text/csv"));
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let text = answer.text();
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 1, "{text}");
    assert!(rows[0].iter().any(|cell| cell.contains("HYPERLINK")), "{text}");
    for cell in &rows[0] {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    app.close().await;
}
