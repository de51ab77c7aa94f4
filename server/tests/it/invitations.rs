//! Invitations by mail: REST, the command line, and the link by which people get no more of them.

use serde_json::{Value, json};

use crate::harness::mail::{Accepted, MailSink};
use crate::harness::process::{fail, owner_key, run};
use crate::harness::{Answer, Database, Kind, PASSWORD, TestApp, on_both_databases, until};

const INVITATIONS: &str = "/api/v1/admin/invitations";
const MAILINGS: &str = "/api/v1/admin/mailings";

async fn set_up(app: &TestApp) -> (String, MailSink) {
    let (key, sink) = (app.owner_key().await, MailSink::start().await);
    app.call("PUT", "/api/v1/admin/mail/settings").bearer(&key).json(&sink.draft()).send().await.expect(200);
    app.ctx.start_sending();
    (key, sink)
}

async fn send(app: &TestApp, key: &str, idempotency: &str, new: &Value) -> Answer {
    app.post(INVITATIONS).bearer(key).header("idempotency-key", idempotency).json(new).send().await
}

fn new(recipients: &[&str]) -> Value {
    let recipients: Vec<_> = recipients.iter().map(|email| json!({ "email": email })).collect();
    json!({ "terms": { "label": "Course", "expires_in_hours": 168 }, "recipients": recipients })
}

async fn list(app: &TestApp, key: &str, query: &str) -> Vec<Value> {
    let list = app.get(&format!("{INVITATIONS}{query}")).bearer(key).send().await.expect(200).json();
    list["items"].as_array().unwrap().clone()
}

/// What has arrived, once it is so much.
async fn arrived(sink: &MailSink, number: usize) -> Vec<Accepted> {
    until(&format!("{number} mails arrive"), async || sink.accepted().len() >= number).await;
    let mut arrived = sink.accepted();
    for mail in &mut arrived {
        // Quoted-printable (RFC 2045, section 6.7), as is chosen where a line is long.
        mail.text = mail.text.replace("=\n", "").replace("=3D", "=");
    }
    arrived
}

/// The path of a link in a mail.
fn path<'a>(mail: &'a Accepted, start: &str) -> &'a str {
    let found =
        mail.text.lines().find_map(|line| Some(&line[line.find(start).filter(|_| line.starts_with("http"))?..]));
    found.unwrap_or_else(|| panic!("{start}: {}", mail.text))
}

on_both_databases! {
    async fn a_program_sends_lists_resends_and_revokes(app: &TestApp) {
        let (key, sink) = set_up(app).await;
        let draft = new(&["mateo@postbox.example", "lena@postbox.example"]);
        let sent = send(app, &key, "first", &draft).await.expect(201);
        let mailing = sent.json();
        let own = format!("{MAILINGS}/{}", mailing["id"].as_str().unwrap());
        assert_eq!(sent.header("location"), Some(own.as_str()));
        assert_eq!((&mailing["total"], &mailing["mode"], &mailing["label"]), (&json!(2), &json!("own_links"), &json!("Course")));
        assert_eq!(send(app, &key, "first", &draft).await.expect(201).json()["id"], mailing["id"], "once");
        send(app, &key, "first", &new(&["eve@postbox.example"])).await.problem(422, "idempotency_key_reused");
        arrived(&sink, 2).await;
        until("both are sent", async || {
            app.get(&own).bearer(&key).send().await.expect(200).json()["counts"]["sent"] == 2
        })
        .await;
        assert_eq!(sink.accepted().len(), 2);
        let of = format!("?mailing={}", mailing["id"].as_str().unwrap());
        let rows = list(app, &key, &format!("{of}&status=sent")).await;
        let emails: Vec<_> = rows.iter().map(|row| row["email"].as_str().unwrap()).collect();
        assert_eq!(emails, ["mateo@postbox.example", "lena@postbox.example"]);
        assert!(list(app, &key, &format!("{of}&status=joined")).await.is_empty());
        let act = |row: &Value, what: &str| format!("{INVITATIONS}/{}/{what}", row["id"].as_str().unwrap());
        let again = app.post(&act(&rows[0], "resend")).bearer(&key).json(&json!({ "fresh": true })).send().await;
        assert_eq!(again.expect(200).json()["status"], "queued");
        let mails = arrived(&sink, 3).await;
        let links: Vec<_> = mails.iter().filter(|mail| mail.to.starts_with("mateo")).map(|mail| path(mail, "/inv/")).collect();
        assert_ne!(links[0], links[1]);
        let revoked = app.post(&act(&rows[1], "revoke")).bearer(&key).send().await.expect(200).json();
        assert_eq!(revoked["status"], "revoked");
        app.post(&act(&rows[1], "resend")).bearer(&key).json(&json!({})).send().await.problem(422, "invalid");
        let all = app.post(&format!("{own}/resend")).bearer(&key).send().await.expect(200).json();
        assert!(all["recipients"].as_u64().unwrap() <= 1, "{all}");
        let mailings = app.get(MAILINGS).bearer(&key).send().await.expect(200).json();
        assert_eq!(mailings["items"].as_array().unwrap().len(), 1);
    }
}

on_both_databases! {
    async fn what_is_wrong_is_named_and_nothing_is_sent(app: &TestApp) {
        let key = app.owner_key().await;
        send(app, &key, "off", &new(&["mateo@postbox.example"])).await.problem(409, "mail_off");
        let sink = MailSink::start().await;
        app.call("PUT", "/api/v1/admin/mail/settings").bearer(&key).json(&sink.draft()).send().await.expect(200);
        let wrong = send(app, &key, "a", &new(&["mateo@postbox.example", "nobody"])).await;
        wrong.invalid(&["recipients", "recipients.1"]);
        send(app, &key, "b", &json!({ "recipients": [] })).await.invalid(&["terms"]);
        let invite = app.invite(&key, &json!({ "max_uses": 5 })).await;
        let both = json!({ "terms": {}, "invite": invite["id"], "recipients": [{ "email": "a@b.example" }] });
        send(app, &key, "c", &both).await.invalid(&["terms"]);
        let past = json!({ "terms": { "expires_at": "2020-01-01T00:00:00Z" }, "recipients": [{ "email": "a@b.example" }] });
        send(app, &key, "d", &past).await.invalid(&["expires_at"]);
        app.get(&format!("{INVITATIONS}?mailing=x&status=gone&limit=0")).bearer(&key).send().await.invalid(&["mailing", "status", "limit"]);
        app.get(&format!("{INVITATIONS}?status=sent")).bearer(&key).send().await.invalid(&["status"]);
        assert_eq!(app.database.rows("mailings").await, 0);
        // Many recipients fit into one request.
        let emails: Vec<String> = (0..5_000).map(|number| format!("person{number}@a-longer-domain.postbox.example")).collect();
        let many = new(&emails.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(send(app, &key, "many", &many).await.expect(201).json()["total"], 5_000);
    }
}

on_both_databases! {
    async fn the_link_of_a_mail_proves_its_address_without_scripts(app: &TestApp) {
        let (key, sink) = set_up(app).await;
        send(app, &key, "a", &new(&["mateo@postbox.example", "lena@postbox.example"])).await.expect(201);
        let mails = arrived(&sink, 2).await;
        let [mateo, lena] = ["mateo", "lena"].map(|name| {
            let mail = mails.iter().find(|mail| mail.to.starts_with(name)).unwrap();
            path(mail, "/inv/").trim_start_matches("/inv/").split_once("?proof=").unwrap()
        });
        // What staff copy does not have it.
        for row in list(app, &key, "").await {
            let invite = format!("/api/v1/admin/invites/{}", row["invite"].as_str().unwrap());
            let invite = app.get(&invite).bearer(&key).send().await.expect(200).text();
            assert!(invite.contains("/inv/") && !format!("{row}{invite}").contains("proof"), "{row}{invite}");
        }
        let (code, proof) = mateo;
        let sign_up = app.get(&format!("/inv/{code}?proof={proof}")).send().await.redirect().to_owned();
        assert_eq!(sign_up, format!("/signup?inv={code}&proof={proof}"));
        let hidden = format!("<input type=\"hidden\" name=\"proof\" value=\"{proof}\"");
        let page = app.get(&sign_up).send().await.expect(200);
        assert!(page.text().contains(&hidden), "{}", page.text());
        assert_eq!(page.text().matches(proof).count(), 1, "it is in no link");
        assert_eq!((page.header("referrer-policy"), page.header("cache-control")), (Some("same-origin"), Some("no-store")));
        let post = async |(code, proof): (&str, &str), username: &str, password: &str| {
            let email = format!("{username}@postbox.example");
            let form = [("code", code), ("proof", proof), ("email", &email), ("username", username), ("password", password)];
            app.post("/signup").form(&form).send().await
        };
        let refused = post(mateo, "mateo", "short").await.expect(422).text();
        assert!(refused.contains(&hidden), "it is kept: {refused}");
        let strange = app.get(&format!("/signup?inv={code}&proof=%22%3E%3Cscript%3E")).send().await.expect(200).text();
        assert!(!strange.contains("name=\"proof\""), "{strange}");
        assert_eq!(post(mateo, "mateo", PASSWORD).await.redirect(), "/me");
        assert_eq!(post((lena.0, proof), "lena", PASSWORD).await.redirect(), "/verify-email", "that of another");

        // By REST as well.
        send(app, &key, "b", &new(&["una@postbox.example"])).await.expect(201);
        // With the mail that verifies the address of Lena.
        let mails = arrived(&sink, 4).await;
        let una = mails.iter().find(|mail| mail.to.starts_with("una")).unwrap();
        let (code, proof) = path(una, "/inv/").trim_start_matches("/inv/").split_once("?proof=").unwrap();
        let new = json!({ "code": code, "email": "una@postbox.example", "username": "una", "password": PASSWORD, "proof": proof });
        let signed_up = app.post("/api/v1/signup").json(&new).send().await.expect(201).json();
        assert_eq!(signed_up["account"]["status"], "active");
    }
}

on_both_databases! {
    async fn people_stop_invitations_with_one_click(app: &TestApp) {
        let (key, sink) = set_up(app).await;
        let invite = app.invite(&key, &json!({})).await;
        let to_all = json!({ "invite": invite["id"], "recipients": [{ "email": "mateo@postbox.example", "name": "Mateo" }] });
        send(app, &key, "a", &to_all).await.expect(201);
        let mail = arrived(&sink, 1).await.remove(0);
        let stop = path(&mail, "/invitations/stop/");
        let header = mail.header("List-Unsubscribe").unwrap_or_else(|| panic!("{}", mail.text));
        assert!(header.contains(stop), "{header}");
        assert_eq!(mail.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
        // Looking changes nothing.
        app.get(stop).send().await.expect(200);
        assert_eq!(app.database.rows("mail_stops").await, 0);
        for _ in 0..2 {
            // As mail providers do it: without a session, an origin, or a page before.
            app.post(stop).form(&[("List-Unsubscribe", "One-Click")]).send().await.expect(200);
        }
        assert_eq!(app.database.rows("mail_stops").await, 1);
        app.post("/invitations/stop/abc").form(&[("List-Unsubscribe", "One-Click")]).send().await.expect(404);
        let sent = send(app, &key, "b", &new(&["mateo@postbox.example", "lena@postbox.example"])).await.expect(201).json();
        arrived(&sink, 2).await;
        let of = format!("?mailing={}", sent["id"].as_str().unwrap());
        until("one is sent, and one is not", async || {
            let rows = list(app, &key, &of).await;
            (rows[0]["status"] == "stopped", rows[1]["status"] == "sent") == (true, true)
        })
        .await;
        assert_eq!(sink.accepted().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_are_sent_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    owner_key(&database);
    let csv = "email,name,team\nmateo@postbox.example,Mateo,Clay\nlena@postbox.example,,\n";
    let send =
        ["invite", "send", "--file", "-", "--label", "Course", "--expires-in-hours", "168", "--message", "Hello"];
    assert!(fail(&database, &send, csv).contains("mail server"));
    run(&database, &["mail", "set", "--url", "smtp://127.0.0.1:2525", "--from", "join@example.org"], "");
    let mailing = run(&database, &send, csv).trim().to_owned();
    assert!(uuid::Uuid::parse_str(&mailing).is_ok(), "{mailing}");
    assert_eq!(database.rows("invitations").await, 2);
    let wrong = fail(&database, &send, "mateo@postbox.example\nnobody\n");
    assert!(wrong.contains("Line 2") && wrong.contains("nobody"), "{wrong}");
    run(&database, &[&send[..], &["--skip-errors"]].concat(), "ida@postbox.example\nnobody\n");
    let url = run(&database, &["invite", "create"], "").trim().to_owned();
    run(&database, &["invite", "send", "--file", "-", "--invite", &url], "ida@postbox.example");
    assert!(
        fail(&database, &["invite", "send", "--file", "-", "--invite", &url, "--label", "x"], "a@b.example")
            .contains("--own-links")
    );
    assert_eq!(database.rows("mailings").await, 3);
}
