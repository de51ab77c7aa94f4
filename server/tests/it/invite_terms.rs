//! What an invite asks of the people who use it and what it gives them: by REST, and on the sign-up page.

use domain::settings::SettingsDraft;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::{PASSWORD, TestApp, on_both_databases};

async fn allow(app: &TestApp, origins: &[&str]) {
    let owner = service::operations::operator::act_as(&app.ctx, None).await.unwrap();
    let allowed_origins = Some(origins.iter().map(|origin| (*origin).to_owned()).collect());
    let draft = SettingsDraft { allowed_origins, ..SettingsDraft::default() };
    service::settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
}

fn code(invite: &Value) -> &str {
    invite["code"].as_str().unwrap()
}

/// The tag of the input called `name`.
fn input<'a>(page: &'a str, name: &str) -> &'a str {
    let marker = format!("name=\"{name}\"");
    let tag = page.split("<input").find(|tag| tag.contains(&marker)).unwrap_or_else(|| panic!("no {name}: {page}"));
    tag.split('>').next().unwrap()
}

on_both_databases! {
    async fn every_term_is_read_and_written_by_rest(app: &TestApp) {
        let key = app.owner_key().await;
        allow(app, &["https://forum.example.org"]).await;
        let terms = json!({
            "email": "mateo@example.org",
            "email_domains": ["example.org"],
            "approval": true,
            "attributes": [{ "key": "team", "value": "Clay", "locked": true }, { "key": "year", "value": "2", "locked": false }],
            "welcome_text": "**Welcome**",
            "after": "https://forum.example.org/start",
            "ends": { "of": "account", "after_days": 30, "at": null },
            "existing_members": false,
            "show_uses_left": false,
        });
        let invite = app.invite(&key, &terms).await;
        for (member, value) in terms.as_object().unwrap() {
            assert_eq!(&invite[member], value, "{member}");
        }
        let path = format!("/api/v1/admin/invites/{}", invite["id"].as_str().unwrap());
        assert_eq!(app.get(&path).bearer(&key).send().await.expect(200).json(), invite);

        let seen = app.get(&format!("/api/v1/invites/{}", code(&invite))).send().await.expect(200).json();
        for member in ["email", "email_domains", "approval", "attributes", "welcome_text", "ends", "existing_members"] {
            assert_eq!(seen[member], terms[member], "{member}");
        }
        assert_eq!(seen["places_left"], Value::Null);

        let made = app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201).json();
        assert_eq!((&made["account"]["status"], &made["after"]), (&json!("pending"), &terms["after"]));

        let cleared = json!({ "email": null, "email_domains": null, "approval": null, "attributes": null,
            "welcome_text": null, "after": null, "ends": null, "existing_members": null, "show_uses_left": null });
        let plain = app.patch(&path).bearer(&key).json(&cleared).send().await.expect(200).json();
        for member in ["email", "welcome_text", "after", "ends"] {
            assert_eq!(plain[member], Value::Null, "{member}");
        }
        assert_eq!((&plain["attributes"], &plain["email_domains"]), (&json!([]), &json!([])));
        let admitting = json!({ "email_domains": ["example.org"], "without_code": true });
        assert_eq!(app.patch(&path).bearer(&key).json(&admitting).send().await.expect(200).json()["without_code"], true);
        let alone = json!({ "email_domains": null });
        app.patch(&path).bearer(&key).json(&alone).send().await.invalid(&["email_domains"]);
        let by_code = json!({ "email_domains": null, "without_code": null });
        assert_eq!(app.patch(&path).bearer(&key).json(&by_code).send().await.expect(200).json()["without_code"], false);
        assert_eq!((&plain["approval"], &plain["existing_members"], &plain["show_uses_left"]), (&json!(false), &json!(true), &json!(true)));
    }
}

on_both_databases! {
    async fn a_wrong_term_is_422_for_its_field(app: &TestApp) {
        let key = app.owner_key().await;
        for (draft, fields) in [
            (json!({ "email": "mateo" }), &["email"][..]),
            (json!({ "email_domains": ["example"] }), &["email_domains"]),
            (json!({ "attributes": [{ "key": "Team", "value": "Clay" }] }), &["attributes"]),
            (json!({ "welcome_text": "x".repeat(2_001) }), &["welcome_text"]),
            (json!({ "after": "//evil.example" }), &["after"]),
            (json!({ "after": "https://evil.example" }), &["after"]),
            (json!({ "ends": { "of": "groups", "after_days": 1 } }), &["ends"]),
            (json!({ "ends": { "of": "account", "after_days": 0 } }), &["ends"]),
            (json!({ "role": "admin" }), &["role"]),
            (json!({ "role": "owner", "max_uses": 1, "email": "a@b.example" }), &["role"]),
        ] {
            app.post("/api/v1/admin/invites").bearer(&key).json(&draft).send().await.invalid(fields);
        }
        let invite = app.invite(&key, &json!({ "email_domains": ["example.net"], "attributes": [{ "key": "team", "value": "Clay", "locked": true }] })).await;
        let mut body = sign_up(&invite["code"], "mateo");
        body["attributes"] = json!({ "team": "Wood", "rank": "1" });
        app.sign_up(&body).await.invalid(&["email", "attributes.team", "attributes.rank"]);
        body["username"] = json!("a");
        app.sign_up(&body).await.invalid(&["email", "username"]);
        assert_eq!(app.database.used().await, 0);
    }
}

on_both_databases! {
    async fn the_sign_up_page_shows_and_keeps_what_the_invite_says(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({
            "email": "mateo@example.org", "approval": true, "max_uses": 7, "show_uses_left": false,
            "attributes": [{ "key": "team", "value": "Clay", "locked": true }, { "key": "course_year", "value": "2" }],
            "welcome_text": "**Bring boots**\n<script>alert(1)</script>\n\n[Map](https://map.example) [x](javascript:alert(1)) <b>bold</b>",
            "ends": { "of": "account", "after_days": 30 }, "after": "/me/account",
        })).await;
        let path = format!("/signup?inv={}", code(&invite));
        let page = app.get(&path).send().await.expect(200).text();
        for shown in [
            "<strong>Bring boots</strong>", "<a href=\"https://map.example\" rel=\"nofollow noopener\">Map</a>",
            "for 30 days", "An admin approves your account", "Course year",
        ] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        for hidden in ["<script>", "javascript:", "<b>bold", "7 uses"] {
            assert!(!page.contains(hidden), "{hidden}");
        }
        assert!(input(&page, "email").contains("value=\"mateo@example.org\"") && input(&page, "email").contains("readonly"));
        assert!(input(&page, "attributes.team").contains("value=\"Clay\"") && input(&page, "attributes.team").contains("readonly"));
        assert!(!input(&page, "attributes.course_year").contains("readonly"));

        let post = async |email: &str, team: &str| {
            app.post("/signup").form(&[
                ("code", code(&invite)), ("email", email), ("username", "mateo"), ("name", ""), ("password", PASSWORD),
                ("attributes.team", team), ("attributes.course_year", "3 < 4"), ("utm", "x"),
            ]).send().await
        };
        let wrong = post("lena@example.org", "Wood").await.expect(422).text();
        assert!(wrong.contains("email-error") && wrong.contains("attributes.team-error"), "{wrong}");
        assert!(input(&wrong, "attributes.course_year").contains("3 &lt; 4"), "what was typed is kept");
        assert!(input(&wrong, "attributes.team").contains("value=\"Clay\""));
        assert_eq!(app.database.used().await, 0);

        let done = post("mateo@example.org", "Clay").await;
        assert_eq!(done.redirect(), "/me/account");
        app.get("/me/account").cookie(&done.cookie("latchkey")).send().await.expect(200);
    }
}

on_both_databases! {
    async fn another_site_is_reached_by_a_page_that_names_it(app: &TestApp) {
        let key = app.owner_key().await;
        allow(app, &["https://forum.example.org"]).await;
        let invite = app.invite(&key, &json!({ "after": "https://forum.example.org/start?a=\"&b" .replace('"', "%22") })).await;
        let form = [("code", code(&invite)), ("email", "mateo@example.org"), ("username", "mateo"), ("password", PASSWORD)];
        let done = app.post("/signup").form(&form).send().await;
        assert_eq!(done.redirect(), "/continue");
        let cookie = done.cookie("latchkey");
        let page = async |path: &str| app.get(path).cookie(&cookie).send().await;
        let shown = page("/continue").await.expect(200);
        assert!(shown.text().contains("href=\"https://forum.example.org/start?a=%22&amp;b\""), "{}", shown.text());
        assert!(shown.text().contains("Continue to forum.example.org") && !shown.text().contains("<script"));
        // Nothing in the request says where it leads.
        let other = page("/continue?after=https://evil.example&url=//evil.example").await.expect(200).text();
        assert!(!other.contains("evil.example"));
        assert_eq!(app.get("/continue").send().await.redirect(), "/login?next=%2Fcontinue");
        allow(app, &[]).await;
        assert_eq!(page("/continue").await.redirect(), "/me", "the settings do not allow the site any more");
        let path = format!("/api/v1/admin/invites/{}", invite["id"].as_str().unwrap());
        app.patch(&path).bearer(&key).json(&json!({ "after": "/me/account" })).send().await.expect(200);
        assert_eq!(page("/continue").await.redirect(), "/me/account");
        app.patch(&path).bearer(&key).json(&json!({ "after": "/continue?again" })).send().await.expect(200);
        assert_eq!(page("/continue").await.redirect(), "/me", "it does not lead to itself");
    }
}

on_both_databases! {
    async fn the_way_to_another_site_says_that_an_account_is_pending_approval(app: &TestApp) {
        let key = app.owner_key().await;
        allow(app, &["https://forum.example.org"]).await;
        let invite = app.invite(&key, &json!({ "after": "https://forum.example.org", "approval": true })).await;
        let form = [("code", code(&invite)), ("email", "mateo@example.org"), ("username", "mateo"), ("password", PASSWORD)];
        let done = app.post("/signup").form(&form).send().await;
        assert_eq!(done.redirect(), "/continue");
        let shown = app.get("/continue").cookie(&done.cookie("latchkey")).send().await.expect(200).text();
        assert!(shown.contains("pending approval") && !shown.contains("is ready"), "{shown}");
    }
}

on_both_databases! {
    async fn the_address_an_invite_is_locked_to_is_masked_where_it_is_of_no_use(app: &TestApp) {
        let key = app.owner_key().await;
        let random = app.invite(&key, &json!({ "email": "mateo@postbox.example" })).await;
        let pause = format!("/api/v1/admin/invites/{}/pause", random["id"].as_str().unwrap());
        app.post(&pause).bearer(&key).send().await.expect(200);
        let own = app.invite(&key, &json!({ "email": "mateo@postbox.example", "code": "SUMMER-2099" })).await;
        for (code, status) in [(code(&random), 410), (code(&own), 200)] {
            let page = app.get(&format!("/signup?inv={code}")).send().await.expect(status).text();
            assert!(page.contains("m…@p….example") && !page.contains("mateo"), "{page}");
        }
        let seen = app.get("/api/v1/invites/SUMMER-2099").send().await.expect(200).json();
        assert_eq!(seen["email"], "m…@p….example");
    }
}
