//! `/api/v1/admin/invites` and `/api/v1/invites/{code}`.

use domain::accounts::Role;
use domain::keys::KeyScope;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::{TestApp, on_both_databases};

const INVITES: &str = "/api/v1/admin/invites";

fn path(invite: &Value) -> String {
    format!("{INVITES}/{}", invite["id"].as_str().unwrap())
}

fn items(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|invite| invite["label"].as_str().unwrap_or("")).collect()
}

on_both_databases! {
    async fn an_invite_without_options_has_a_random_code_and_unlimited_uses(app: &TestApp) {
        let key = app.owner_key().await;
        let answer = app.post(INVITES).bearer(&key).json(&json!({})).send().await.expect(201);
        let invite = answer.json();
        let code = invite["code"].as_str().unwrap();
        assert_eq!(code.len(), 12);
        assert!(code.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(invite["url"], format!("{}/inv/{code}", app.origin()));
        assert_eq!(invite["created_by"]["username"], "ines");
        for (member, value) in [
            ("label", Value::Null),
            ("role", json!("user")),
            ("used", json!(0)),
            ("max_uses", Value::Null),
            ("starts_at", Value::Null),
            ("expires_at", Value::Null),
            ("status", json!("active")),
            ("code_kind", json!("random")),
        ] {
            assert_eq!(invite[member], value, "{member}");
        }
        assert_eq!(answer.header("location"), Some(path(&invite).as_str()));
        let read = app.get(&path(&invite)).bearer(&key).send().await.expect(200).json();
        assert_eq!(read, invite);
        let listed = app.get(INVITES).bearer(&key).send().await.expect(200).json();
        assert_eq!(listed, json!({ "items": [invite], "next_cursor": null, "previous_cursor": null }));
    }
}

on_both_databases! {
    async fn all_options_of_a_new_invite_are_stored(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({
            "label": "  Summer course ",
            "code": "summer-2099",
            "max_uses": 5000,
            "expires_at": "2099-01-01T01:00:00+01:00",
            "starts_at": "2098-01-01T00:00:00Z",
            "role": "moderator",
        })).await;
        assert_eq!(invite["label"], "Summer course");
        assert_eq!(invite["code"], "summer-2099");
        assert_eq!(invite["code_kind"], "own");
        assert_eq!(invite["max_uses"], 5000);
        assert_eq!(invite["expires_at"], "2099-01-01T00:00:00Z");
        assert_eq!(invite["starts_at"], "2098-01-01T00:00:00Z");
        assert_eq!(invite["role"], "moderator");
        assert_eq!(invite["status"], "scheduled");

        let hours = app.invite(&key, &json!({ "expires_in_hours": 8760 })).await;
        let until = domain::Timestamp::parse(hours["expires_at"].as_str().unwrap()).unwrap();
        let year = i64::from(8760) * 3_600 * 1_000_000;
        assert!((until.as_micros() - app.ctx.now().as_micros() - year).abs() < 60_000_000);
    }
}

on_both_databases! {
    async fn a_value_out_of_bounds_is_422_for_the_field(app: &TestApp) {
        let key = app.owner_key().await;
        for (draft, field) in [
            (json!({ "label": "x".repeat(201) }), "label"),
            (json!({ "label": "a\u{0}b" }), "label"),
            (json!({ "label": "evil\u{202E}exe" }), "label"),
            (json!({ "code": "short" }), "code"),
            (json!({ "code": "x".repeat(65) }), "code"),
            (json!({ "code": "with space" }), "code"),
            (json!({ "max_uses": 0 }), "max_uses"),
            (json!({ "max_uses": -1 }), "max_uses"),
            (json!({ "max_uses": 5001 }), "max_uses"),
            (json!({ "max_uses": i64::MAX }), "max_uses"),
            (json!({ "expires_in_hours": 0 }), "expires_in_hours"),
            (json!({ "expires_in_hours": 8761 }), "expires_in_hours"),
            (json!({ "expires_at": "2020-01-01T00:00:00Z" }), "expires_at"),
            (json!({ "expires_at": "tomorrow" }), "expires_at"),
            (json!({ "expires_at": "2099-01-01T00:00:00Z", "expires_in_hours": 1 }), "expires_at"),
            (json!({ "starts_at": "2099-01-01T00:00:00Z", "expires_in_hours": 1 }), "starts_at"),
            (json!({ "role": "admin" }), "role"),
            (json!({ "role": "owner" }), "role"),
            (json!({ "role": "king" }), "role"),
            (json!({ "groups": ["potters"] }), "groups"),
            (json!({ "groups": ["0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77"] }), "groups"),
            (json!({ "colour": "red" }), "colour"),
        ] {
            let answer = app.post(INVITES).bearer(&key).json(&draft).send().await;
            answer.invalid(&[field]);
        }
        let several = json!({ "label": "\u{202E}", "max_uses": 0, "role": "admin" });
        app.post(INVITES).bearer(&key).json(&several).send().await.invalid(&["label", "max_uses", "role"]);
        assert_eq!(app.database.rows("invites").await, 0);
    }
}

on_both_databases! {
    async fn a_code_is_never_reused(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "code": "Summer-2099" })).await;
        let again = json!({ "code": "sUMMER-2099" });
        app.post(INVITES).bearer(&key).json(&again).send().await.problem(409, "code_taken");
        app.delete(&path(&invite)).bearer(&key).send().await.expect(204);
        app.post(INVITES).bearer(&key).json(&again).send().await.problem(409, "code_taken");
    }
}

on_both_databases! {
    async fn a_patch_keeps_missing_fields_and_null_clears(app: &TestApp) {
        let key = app.owner_key().await;
        let draft = json!({ "label": "Course", "max_uses": 3, "expires_in_hours": 24 });
        let invite = app.invite(&key, &draft).await;
        let change = |change: Value| app.patch(&path(&invite)).bearer(&key).json(&change).send();

        let changed = change(json!({ "label": "Course B" })).await.expect(200).json();
        assert_eq!((&changed["label"], &changed["max_uses"]), (&json!("Course B"), &json!(3)));
        assert_eq!(changed["expires_at"], invite["expires_at"]);
        let changed = change(json!({ "max_uses": null, "expires_at": null, "role": "moderator" })).await.expect(200).json();
        assert_eq!((&changed["max_uses"], &changed["expires_at"]), (&Value::Null, &Value::Null));
        assert_eq!((&changed["label"], &changed["role"]), (&json!("Course B"), &json!("moderator")));
        assert_eq!(change(json!({})).await.expect(200).json(), changed);

        change(json!({ "role": null })).await.invalid(&["role"]);
        change(json!({ "role": "owner" })).await.invalid(&["role"]);
        change(json!({ "code": "summer-2099" })).await.invalid(&["code"]);
        change(json!({ "max_uses": 5001 })).await.invalid(&["max_uses"]);
        change(json!({ "expires_at": "2020-01-01T00:00:00Z" })).await.invalid(&["expires_at"]);
    }
}

on_both_databases! {
    async fn the_maximum_cannot_be_lower_than_the_uses(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({})).await;
        for name in ["mateo", "luz"] {
            app.sign_up(&sign_up(&invite["code"], name)).await.expect(201);
        }
        let answer = app.patch(&path(&invite)).bearer(&key).json(&json!({ "max_uses": 1 })).send().await;
        assert_eq!(answer.problem(409, "max_uses_below_used")["fields"][0]["field"], "max_uses");
        let full = app.patch(&path(&invite)).bearer(&key).json(&json!({ "max_uses": 2 })).send().await.expect(200).json();
        assert_eq!((&full["used"], &full["status"]), (&json!(2), &json!("used_up")));
    }
}

on_both_databases! {
    async fn pause_resume_and_delete_are_idempotent(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "label": "Course" })).await;
        let act = |action: &str| app.post(&format!("{}/{action}", path(&invite))).bearer(&key).send();

        let paused = act("pause").await.expect(200).json();
        assert_eq!(paused["status"], "paused");
        assert_eq!(act("pause").await.expect(200).json(), paused);
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.problem(404, "invite_invalid");
        assert_eq!(act("resume").await.expect(200).json()["status"], "active");
        assert_eq!(act("resume").await.expect(200).json()["status"], "active");
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);

        for _ in 0..2 {
            let answer = app.delete(&path(&invite)).bearer(&key).send().await.expect(204);
            assert!(answer.body.is_empty());
        }
        let deleted = app.get(&path(&invite)).bearer(&key).send().await.expect(200).json();
        assert_eq!((&deleted["code"], &deleted["url"], &deleted["status"]), (&Value::Null, &Value::Null, &json!("deleted")));
        assert_eq!(deleted["used"], 1);
        act("pause").await.problem(409, "invite_deleted");
        act("resume").await.problem(409, "invite_deleted");
        let change = app.patch(&path(&invite)).bearer(&key).json(&json!({ "label": "x" })).send().await;
        change.problem(409, "invite_deleted");
        app.sign_up(&sign_up(&invite["code"], "luz")).await.problem(404, "invite_invalid");
    }
}

on_both_databases! {
    async fn a_list_is_searched_filtered_sorted_and_paged_both_ways(app: &TestApp) {
        let key = app.owner_key().await;
        for number in 1..=5 {
            app.invite(&key, &json!({
                "label": format!("Course {number}"), "max_uses": number, "expires_in_hours": 10 - number,
            })).await;
        }
        let other = app.invite(&key, &json!({ "label": "Évora", "code": "own-code-7" })).await;
        app.post(&format!("{}/pause", path(&other))).bearer(&key).send().await.expect(200);
        let list = async |query: &str| app.get(&format!("{INVITES}?{query}")).bearer(&key).send().await.expect(200).json();

        let newest = ["Évora", "Course 5", "Course 4", "Course 3", "Course 2", "Course 1"];
        assert_eq!(items(&list("").await), newest);
        assert_eq!(items(&list("order=asc&limit=2").await), ["Course 1", "Course 2"]);
        assert_eq!(items(&list("sort=expires&order=asc&limit=2").await), ["Course 5", "Course 4"]);
        assert_eq!(items(&list("sort=used&limit=200").await).len(), 6);
        assert_eq!(items(&list("q=cOURSE").await).len(), 5);
        assert_eq!(items(&list("q=%C3%A9vo").await), ["Évora"]);
        assert_eq!(items(&list("q=own-code-7").await), ["Évora"]);
        assert_eq!(items(&list("q=EVORA").await), ["Évora"]);
        assert_eq!(items(&list("q=4%20cour").await), ["Course 4"], "words in any order");
        assert_eq!(items(&list("q=ourse").await), Vec::<&str>::new(), "only from their beginning");
        assert_eq!(items(&list("q=course&sort=used&order=asc&limit=2&status=active").await).len(), 2);
        let encoded = |link: &str| link.replace(':', "%3A").replace('/', "%2F").replace('?', "%3F").replace('=', "%3D");
        let url = other["url"].as_str().unwrap();
        let sign_up = url.replace("/inv/", "/signup?inv=");
        for link in [url, &sign_up] {
            assert_eq!(items(&list(&format!("q=%20{}%0A", encoded(link))).await), ["Évora"], "{link}");
        }
        assert_eq!(items(&list("q=%25").await), Vec::<&str>::new());
        assert_eq!(items(&list("status=paused").await), ["Évora"]);
        assert_eq!(items(&list("status=active").await).len(), 5);
        assert_eq!(items(&list("status=deleted").await).len(), 0);

        let first = list("limit=4").await;
        assert_eq!((items(&first), &first["previous_cursor"]), (newest[..4].to_vec(), &Value::Null));
        // A row inserted in the meantime does not shift the pages.
        app.invite(&key, &json!({ "label": "Late" })).await;
        let second = list(&format!("limit=4&cursor={}", first["next_cursor"].as_str().unwrap())).await;
        assert_eq!((items(&second), &second["next_cursor"]), (newest[4..].to_vec(), &Value::Null));
        let back = list(&format!("limit=4&cursor={}", second["previous_cursor"].as_str().unwrap())).await;
        assert_eq!(items(&back), newest[..4]);
    }
}

on_both_databases! {
    async fn an_invalid_query_is_422_for_the_parameter(app: &TestApp) {
        let key = app.owner_key().await;
        for (query, fields) in [
            ("limit=0", &["limit"][..]),
            ("limit=201", &["limit"]),
            ("limit=-1", &["limit"]),
            ("limit=many", &["limit"]),
            ("limit=", &["limit"]),
            ("limit=99999999999999999999999999", &["limit"]),
            ("cursor=nonsense", &["cursor"]),
            ("cursor=n00", &["cursor"]),
            ("cursor=%00", &["cursor"]),
            ("status=live", &["status"]),
            ("sort=label", &["sort"]),
            ("order=down", &["order"]),
            ("page=2", &["page"]),
            ("limit=1&limit=2", &["limit"]),
            ("limit=0&status=live&sort=x", &["limit", "sort", "status"]),
        ] {
            let answer = app.get(&format!("{INVITES}?{query}")).bearer(&key).send().await;
            answer.invalid(fields);
        }
        // Unusual searches are valid and match nothing.
        for query in ["q=%00", "q=%FF", "q=%E2%80%AE", "q=%27%3B--", "q="] {
            app.get(&format!("{INVITES}?{query}")).bearer(&key).send().await.expect(200);
        }
    }
}

on_both_databases! {
    async fn a_malformed_id_is_not_found(app: &TestApp) {
        let key = app.owner_key().await;
        for id in ["0", "nonsense", "00000000-0000-0000-0000-000000000000", "%FF", "%00", "..%2F..", "' OR 1=1"] {
            let id = id.replace(' ', "%20");
            let path = format!("{INVITES}/{id}");
            app.get(&path).bearer(&key).send().await.problem(404, "not_found");
            app.patch(&path).bearer(&key).json(&json!({})).send().await.problem(404, "not_found");
            app.delete(&path).bearer(&key).send().await.problem(404, "not_found");
            app.post(&format!("{path}/pause")).bearer(&key).send().await.problem(404, "not_found");
        }
    }
}

on_both_databases! {
    async fn a_code_can_be_looked_up(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "max_uses": 3, "role": "moderator", "expires_in_hours": 2 })).await;
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
        let path = format!("/api/v1/invites/{}", invite["code"].as_str().unwrap());
        assert_eq!(app.get(&path).send().await.expect(200).json(), json!({
            "valid": true, "role": "moderator", "groups": [], "expires_at": invite["expires_at"], "places_left": 2,
            "invited_by": "ines", "email": null, "email_domains": [], "approval": false, "attributes": [],
            "welcome_text": null, "ends": null, "existing_members": true, "application": null,
        }));
        let head = app.call("HEAD", &path).send().await.expect(200);
        assert!(head.body.is_empty());
        assert_eq!(app.database.used().await, 1);
    }
}

on_both_databases! {
    async fn every_unusable_code_gets_the_same_response(app: &TestApp) {
        let key = app.owner_key().await;
        let mut codes = vec![
            json!("0000000000AB"), json!("short"), json!("%00%00%00%00%00%00"), json!("%FF%FE%FD%FC%FB%FA"),
            json!("x".repeat(64)), json!("x".repeat(2_000)), json!("no%20code!"), json!("..%2f..%2fetc"),
        ];
        for own in [false, true] {
            let code = |name: &str| if own { json!(format!("own-{name}")) } else { Value::Null };
            let paused = app.invite(&key, &json!({ "code": code("paused") })).await;
            app.post(&format!("{}/pause", path(&paused))).bearer(&key).send().await.expect(200);
            let deleted = app.invite(&key, &json!({ "code": code("deleted") })).await;
            app.delete(&path(&deleted)).bearer(&key).send().await.expect(204);
            let scheduled = json!({ "code": code("scheduled"), "starts_at": "2098-01-01T00:00:00Z" });
            let scheduled = app.invite(&key, &scheduled).await;
            let full = app.invite(&key, &json!({ "code": code("full"), "max_uses": 1 })).await;
            let name = if own { "mateo" } else { "luz" };
            app.sign_up(&sign_up(&full["code"], name)).await.expect(201);
            codes.extend([&paused, &deleted, &scheduled, &full].map(|invite| invite["code"].clone()));
        }
        let without_id = |mut problem: Value| {
            problem.as_object_mut().unwrap().remove("request_id");
            problem
        };
        let mut answers = Vec::new();
        for code in &codes {
            let code = code.as_str().unwrap();
            let looked_up = app.get(&format!("/api/v1/invites/{code}")).send().await;
            answers.push(without_id(looked_up.problem(404, "invite_invalid")));
            if !code.contains('%') {
                let tried = app.sign_up(&sign_up(&json!(code), "noor")).await;
                answers.push(without_id(tried.problem(404, "invite_invalid")));
            }
        }
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
            assert_eq!(answer["detail"], "Invalid, expired, or fully used invite code.");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_rejected_from_the_moment_it_expires() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({ "expires_in_hours": 1 })).await;
    let path = format!("/api/v1/invites/{}", invite["code"].as_str().unwrap());
    app.get(&path).send().await.expect(200);
    let now = app.ctx.now().as_micros();
    app.database.execute(&format!("UPDATE invites SET expires_at = {now}")).await;
    app.get(&path).send().await.problem(404, "invite_invalid");
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.problem(404, "invite_invalid");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_contains_no_code_in_plain_text() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    let code = invite["code"].as_str().unwrap().to_owned();
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
    let folder = app.database.folder().to_owned();
    app.ctx.close().await;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in [code.as_str(), key.as_str(), crate::harness::PASSWORD] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} contains a secret", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_cannot_grant_a_role_that_its_author_no_longer_may_grant() {
    let app = TestApp::sqlite().await;
    app.person("ines", Role::Owner).await;
    let admin = app.person("noor", Role::Admin).await;
    let key = app.key_of(&admin).await;
    let invite = app.invite(&key, &json!({ "role": "moderator" })).await;
    // The author is demoted: the invite must not grant a role that they may not grant now.
    app.database.execute("UPDATE accounts SET role = 'moderator' WHERE username = 'noor'").await;
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.problem(404, "invite_invalid");
    assert_eq!(app.database.used().await, 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_only_reads_sees_no_code_unless_its_scope_says_so() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let full = app.key_of(&owner).await;
    let invite = app.invite(&full, &json!({ "label": "Summer course" })).await;
    let code = invite["code"].as_str().unwrap();
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
    for (scope, reads) in [(KeyScope::READ, false), (KeyScope::read_codes(), true)] {
        let key = app.scoped_key_of(&owner, scope).await;
        let one = app.get(&path(&invite)).bearer(&key).send().await.expect(200);
        let list = app.get(INVITES).bearer(&key).send().await.expect(200);
        let ledger = app.get("/api/v1/admin/redemptions").bearer(&key).send().await.expect(200);
        for answer in [&one, &list, &ledger] {
            assert_eq!(answer.text().contains(code), reads, "{}", answer.text());
            assert!(answer.text().contains("Summer course"));
        }
        assert_eq!((one.json()["code"].is_null(), one.json()["url"].is_null()), (!reads, !reads));
        let found = app.get(&format!("{INVITES}?q={code}")).bearer(&key).send().await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), usize::from(reads));
        app.post(INVITES).bearer(&key).json(&json!({})).send().await.problem(403, "forbidden");
    }
    app.close().await;
}
