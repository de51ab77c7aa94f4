//! Verification of e-mail addresses: the page of the link, REST, the command line.

use domain::accounts::Role;
use serde_json::json;

use crate::harness::mail::MailSink;
use crate::harness::people::sign_up;
use crate::harness::{PASSWORD, TestApp, on_both_databases, until};

/// A site that sends mail and verifies every address, the key of its owner, and an invite code.
async fn site(app: &TestApp, sink: &MailSink) -> (String, String) {
    let key = app.owner_key().await;
    app.call("PUT", "/api/v1/admin/mail/settings").bearer(&key).json(&sink.draft()).send().await.expect(200);
    app.ctx.start_sending();
    let on = json!({ "verify_email": true });
    app.patch("/api/v1/admin/settings").bearer(&key).json(&on).send().await.expect(200);
    let invite = app.invite(&key, &json!({})).await;
    (key, invite["code"].as_str().unwrap().to_owned())
}

/// The paths of the links of this kind that arrived, oldest first.
fn paths(sink: &MailSink, kind: &str) -> Vec<String> {
    let path = |text: String| {
        // Long lines are broken (RFC 2045, section 6.7).
        let text = text.replace("=\n", "");
        let at = text.find(kind)?;
        Some(text[at..].chars().take_while(|c| !c.is_whitespace()).collect())
    };
    sink.accepted().into_iter().filter_map(|mail| path(mail.text)).collect()
}

async fn path(sink: &MailSink, kind: &str, number: usize) -> String {
    until("a link arrives", async || paths(sink, kind).len() >= number).await;
    paths(sink, kind).remove(number - 1)
}

on_both_databases! {
    async fn a_link_activates_an_account_without_scripts(app: &TestApp) {
        let sink = MailSink::start().await;
        let (key, code) = site(app, &sink).await;
        let made = app.sign_up(&sign_up(&json!(code), "mateo")).await.expect(201).json();
        assert_eq!(made["account"]["status"], "unverified");
        let account = format!("/api/v1/admin/accounts/{}", made["account"]["id"].as_str().unwrap());
        let shown = app.get(&account).bearer(&key).send().await.expect(200).json();
        assert!(shown["activate_by"].is_string() && shown["email_verified_at"].is_null(), "{shown}");
        let listed = app.get("/api/v1/admin/accounts?status=unverified").bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);

        let first = path(&sink, "/activate/", 1).await;
        app.post(&format!("{account}/resend-activation")).bearer(&key).send().await.expect(200);
        let second = path(&sink, "/activate/", 2).await;
        app.get(&first).send().await.expect(404);
        for _ in 0..2 {
            let page = app.get(&second).send().await.expect(200);
            assert_eq!(page.header("referrer-policy"), Some("same-origin"));
            assert_eq!(page.header("cache-control"), Some("no-store"));
            assert!(!page.text().contains("<script"));
        }
        let shown = app.get(&account).bearer(&key).send().await.expect(200).json();
        assert_eq!(shown["status"], "unverified", "opening it activates nothing");
        app.post(&second).form(&[("password", "something else entirely")]).send().await.expect(422);
        let done = app.post(&second).form(&[("password", PASSWORD)]).send().await.expect(303);
        assert!(done.set_cookie("latchkey").is_some());
        let shown = app.get(&account).bearer(&key).send().await.expect(200).json();
        assert_eq!(shown["status"], "active");
        assert!(shown["email_verified_at"].is_string() && shown["activate_by"].is_null(), "{shown}");
        app.post(&second).form(&[("password", PASSWORD)]).send().await.expect(404);
        app.post(&format!("{account}/resend-activation")).bearer(&key).send().await.problem(403, "forbidden");
    }
}

on_both_databases! {
    async fn staff_verify_an_account_by_rest(app: &TestApp) {
        let sink = MailSink::start().await;
        let (key, code) = site(app, &sink).await;
        let made = app.sign_up(&sign_up(&json!(code), "mateo")).await.expect(201).json();
        let verify = format!("/api/v1/admin/accounts/{}/verify", made["account"]["id"].as_str().unwrap());
        for _ in 0..2 {
            let state = app.post(&verify).bearer(&key).send().await.expect(200).json();
            assert_eq!(state, json!({ "status": "active" }));
        }
        let somebody = app.person("somebody", Role::User).await;
        let theirs = app.key_of(&somebody).await;
        app.post(&verify).bearer(&theirs).send().await.problem(403, "forbidden");
    }
}

on_both_databases! {
    async fn a_sign_up_with_a_taken_address_is_answered_as_any_other(app: &TestApp) {
        let sink = MailSink::start().await;
        let (_, code) = site(app, &sink).await;
        let somebody = app.person("somebody", Role::User).await;
        let mut taken = sign_up(&json!(code), "mateo");
        taken["email"] = json!(somebody.email);
        let answers = [sign_up(&json!(code), "ada"), taken];
        let mut shapes = Vec::new();
        for sent in answers {
            let mut made = app.sign_up(&sent).await.expect(201).json();
            for field in ["id", "email", "username", "created_at"] {
                made["account"][field] = json!("");
            }
            shapes.push(made);
        }
        assert_eq!(shapes[0], shapes[1]);
        let told = || sink.accepted().iter().any(|mail| mail.to == somebody.email && mail.text.contains("account already"));
        until("the owner of the address is told", async || told()).await;
    }
}

on_both_databases! {
    async fn a_new_address_is_confirmed_by_somebody_who_is_signed_in(app: &TestApp) {
        app.owner_key().await;
        let somebody = app.person("somebody", Role::User).await;
        let away = app.post("/confirm-email/some-token").form(&[]).send().await.expect(303);
        assert_eq!(away.redirect(), "/login?next=%2Fconfirm-email%2Fsome-token");
        let cookie = app.cookie_of(&somebody).await;
        app.post("/confirm-email/some-token").cookie(&cookie).form(&[]).send().await.expect(404);
    }
}
