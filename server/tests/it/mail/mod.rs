//! `/api/v1/admin/mail`, `latchkey mail`, and what arrives at the mail server.

mod command;

use domain::accounts::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::mail::{BUSY, FROM, GONE, MailSink};
use crate::harness::process::{Server, latchkey, owner_key};
use crate::harness::{Answer, Database, Kind, TestApp, on_both_databases, until};

const SETTINGS: &str = "/api/v1/admin/mail/settings";
const TEST: &str = "/api/v1/admin/mail/test";
const MAILS: &str = "/api/v1/admin/mails";
const SECRET: &str = "eleven dry umbrellas in Braga";

/// The settings while mail is off.
fn off() -> Value {
    json!({
        "on": false,
        "host": null,
        "port": null,
        "encryption": null,
        "username": null,
        "has_password": false,
        "from": null,
        "from_name": null,
        "fixed": false,
        "failures": 0,
        "last_answer": null,
    })
}

async fn read(app: &TestApp, key: &str) -> Value {
    app.get(SETTINGS).bearer(key).send().await.expect(200).json()
}

async fn set(app: &TestApp, key: &str, settings: &Value) -> Answer {
    app.call("PUT", SETTINGS).bearer(key).json(settings).send().await
}

/// Sends a test mail to the account of the key, and returns its path.
async fn send_test(app: &TestApp, key: &str) -> String {
    let answer = app.post(TEST).bearer(key).send().await.expect(202);
    let path = format!("{MAILS}/{}", answer.json()["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), Some(path.as_str()));
    path
}

/// The mail at this path, when it has this status.
async fn mail_once(app: &TestApp, key: &str, path: &str, status: &str) -> Value {
    let mail = async || app.get(path).bearer(key).send().await.expect(200).json();
    until(&format!("{path} is {status}"), async || mail().await["status"] == status).await;
    mail().await
}

on_both_databases! {
    async fn settings_are_stored_and_shown_without_the_password(app: &TestApp) {
        let key = app.owner_key().await;
        assert_eq!(read(app, &key).await, off());
        let draft = json!({
            "host": " SMTP.example.org ", "username": "latchkey", "password": SECRET, "from": FROM,
            "from_name": "Bramble Yard",
        });
        let answer = set(app, &key, &draft).await.expect(200);
        assert!(!answer.text().contains(SECRET));
        let mut expected = json!({
            "on": true, "host": "smtp.example.org", "port": 587, "encryption": "starttls", "username": "latchkey",
            "has_password": true, "from": FROM, "from_name": "Bramble Yard", "fixed": false, "failures": 0,
            "last_answer": null,
        });
        assert_eq!((answer.json(), read(app, &key).await), (expected.clone(), expected.clone()));

        // The password stays with the same host and user name only; nothing else that is left out does.
        let tls = json!({ "host": "smtp.example.org", "encryption": "tls", "username": "latchkey", "from": FROM });
        expected["encryption"] = json!("tls");
        expected["port"] = json!(465);
        expected["from_name"] = Value::Null;
        assert_eq!(set(app, &key, &tls).await.expect(200).json(), expected);
        for (member, other) in [("host", "smtp.example.com"), ("username", "somebody")] {
            let mut moved = tls.clone();
            moved[member] = json!(other);
            set(app, &key, &moved).await.invalid(&["password"]);
        }
        assert_eq!(read(app, &key).await, expected);
        let nulls = json!({
            "host": "smtp.example.org", "port": null, "encryption": null, "username": null, "password": null,
            "from": FROM, "from_name": null,
        });
        let without = set(app, &key, &nulls).await.expect(200).json();
        assert_eq!((&without["username"], &without["has_password"]), (&Value::Null, &json!(false)));
        assert_eq!((&without["encryption"], &without["port"]), (&json!("starttls"), &json!(587)));

        assert!(app.delete(SETTINGS).bearer(&key).send().await.expect(204).body.is_empty());
        assert_eq!((read(app, &key).await, app.database.rows("mail_settings").await), (off(), 0));
    }
}

on_both_databases! {
    async fn every_wrong_setting_is_named_and_changes_nothing(app: &TestApp) {
        let key = app.owner_key().await;
        let host = "smtp.example.org";
        let all = ["host", "port", "encryption", "username", "password", "from", "from_name"];
        let everything = json!({
            "host": "smtp.example.org:25", "port": 0, "encryption": "ssl", "username": "a\nb", "password": "",
            "from": "nobody", "from_name": "x".repeat(61),
        });
        let unencrypted =
            json!({ "host": host, "encryption": "none", "username": "a", "password": SECRET, "from": FROM });
        for (wrong, fields) in [
            (json!({}), &["host", "from"][..]),
            (everything, &all[..]),
            (json!({ "host": host, "port": 65_536, "from": FROM }), &["port"]),
            (unencrypted, &["encryption"]),
            (json!({ "host": host, "password": SECRET, "from": FROM }), &["username"]),
            (json!({ "host": host, "username": "a", "from": FROM }), &["password"]),
            (json!({ "host": host, "from": "Yard <join@example.org>" }), &["from"]),
            (json!({ "host": host, "from": FROM, "from_name": "a\u{202E}b" }), &["from_name"]),
            (json!({ "host": host, "from": FROM, "port": "25" }), &["port"]),
            (json!({ "host": host, "from": FROM, "password": [SECRET] }), &["password"]),
            (json!({ "host": host, "from": FROM, "fixed": true }), &["fixed"]),
        ] {
            let answer = set(app, &key, &wrong).await;
            answer.invalid(fields);
            assert!(!answer.text().contains(SECRET), "{}", answer.text());
        }
        assert_eq!(read(app, &key).await, off());
    }
}

on_both_databases! {
    async fn without_a_mail_server_no_mail_is_sent(app: &TestApp) {
        let key = app.owner_key().await;
        app.post(TEST).bearer(&key).send().await.problem(409, "mail_off");
        set(app, &key, &json!({ "host": "smtp.example.org", "from": FROM })).await.expect(200);
        send_test(app, &key).await;
        app.delete(SETTINGS).bearer(&key).send().await.expect(204);
        app.post(TEST).bearer(&key).send().await.problem(409, "mail_off");
        let listed = app.get(MAILS).bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "what waits is kept");
        assert_eq!((&listed["items"][0]["status"], &listed["items"][0]["next_at"]), (&json!("queued"), &Value::Null));
    }
}

on_both_databases! {
    async fn a_test_mail_is_sent_to_the_one_who_asks_for_it(app: &TestApp) {
        let (key, sink) = (app.owner_key().await, MailSink::start().await);
        app.ctx.start_sending();
        let mut draft = sink.draft();
        draft["from_name"] = json!("Bramble Yard");
        draft["username"] = json!("latchkey");
        draft["password"] = json!(SECRET);
        set(app, &key, &draft).await.expect(200);
        let path = send_test(app, &key).await;
        let mail = mail_once(app, &key, &path, "sent").await;
        for (member, value) in [
            ("kind", json!("test")),
            ("recipient", json!("ines@example.org")),
            ("attempts", json!(1)),
            ("next_at", Value::Null),
            ("failed_at", Value::Null),
            ("last_status", json!(250)),
        ] {
            assert_eq!(mail[member], value, "{member}: {mail}");
        }
        assert!(mail["sent_at"].is_string() && mail["attempted_at"].is_string(), "{mail}");

        let accepted = sink.accepted();
        assert_eq!(accepted.len(), 1);
        let sent = &accepted[0];
        assert_eq!(sent.login, Some(("latchkey".to_owned(), SECRET.to_owned())));
        assert_eq!((sent.from.as_str(), sent.to.as_str()), (FROM, "ines@example.org"));
        let message_id = format!("<{}@127.0.0.1>", mail["id"].as_str().unwrap());
        for (header, value) in
            [("To", "ines@example.org"), ("Message-ID", message_id.as_str()), ("Auto-Submitted", "auto-generated")]
        {
            assert_eq!(sent.header(header), Some(value), "{}", sent.text);
        }
        let from = sent.header("From").unwrap();
        assert!(from.contains("Bramble Yard") && from.ends_with("<join@example.org>"), "{from}");
        assert!(!sent.text.contains(SECRET));
        assert_eq!(read(app, &key).await["failures"], 0);
    }
}

on_both_databases! {
    async fn what_the_mail_server_does_not_take_is_listed_and_sent_again(app: &TestApp) {
        let (key, sink) = (app.owner_key().await, MailSink::start().await);
        let (busy, gone) = (app.person(BUSY, Role::Admin).await, app.person(GONE, Role::Admin).await);
        let (busy, gone) = (app.key_of(&busy).await, app.key_of(&gone).await);
        app.ctx.start_sending();
        set(app, &key, &sink.draft()).await.expect(200);
        let deferred = send_test(app, &busy).await;
        let mail = mail_once(app, &key, &deferred, "deferred").await;
        assert_eq!((&mail["last_status"], &mail["failed_at"]), (&json!(451), &Value::Null), "{mail}");
        assert!(mail["next_at"].is_string(), "{mail}");
        assert!(mail["last_answer"].as_str().unwrap().contains("Try again later"), "{mail}");
        let failed = send_test(app, &gone).await;
        let mail = mail_once(app, &key, &failed, "failed").await;
        assert_eq!((&mail["last_status"], &mail["next_at"]), (&json!(550), &Value::Null), "{mail}");
        assert!(mail["failed_at"].is_string(), "{mail}");
        assert!(mail["last_answer"].as_str().unwrap().contains("No such mailbox"), "{mail}");
        let sent = send_test(app, &key).await;
        mail_once(app, &key, &sent, "sent").await;

        let list = async |query: &str| {
            app.get(&format!("{MAILS}?{query}")).bearer(&key).send().await.expect(200).json()
        };
        let paths = |page: &Value| -> Vec<String> {
            let mails = page["items"].as_array().unwrap();
            mails.iter().map(|mail| format!("{MAILS}/{}", mail["id"].as_str().unwrap())).collect()
        };
        assert_eq!(paths(&list("").await), [&sent, &failed, &deferred].map(String::clone));
        for (status, path) in [("sent", &sent), ("failed", &failed), ("deferred", &deferred)] {
            assert_eq!(paths(&list(&format!("status={status}")).await), std::slice::from_ref(path), "{status}");
        }
        assert_eq!(paths(&list("status=queued").await), Vec::<String>::new());
        let mut found = Vec::new();
        let mut page = list("limit=1").await;
        assert_eq!(page["previous_cursor"], Value::Null);
        loop {
            found.extend(paths(&page));
            let Some(next) = page["next_cursor"].as_str() else { break };
            page = list(&format!("limit=1&cursor={next}")).await;
        }
        assert_eq!(found, [sent.clone(), failed.clone(), deferred]);
        let wrong = format!("{MAILS}?status=lost&limit=0&cursor=x");
        app.get(&wrong).bearer(&key).send().await.invalid(&["status", "limit", "cursor"]);

        // One that failed is tried again; of one that was sent, another is sent.
        let resend = async |path: &str| {
            let answer = app.post(&format!("{path}/resend")).bearer(&key).send().await.expect(202);
            let waiting = format!("{MAILS}/{}", answer.json()["id"].as_str().unwrap());
            assert_eq!(answer.header("location"), Some(waiting.as_str()));
            waiting
        };
        assert_eq!(resend(&failed).await, failed);
        mail_once(app, &key, &failed, "failed").await;
        let second = resend(&sent).await;
        assert_ne!(second, sent);
        let mail = mail_once(app, &key, &second, "sent").await;
        assert_eq!((&mail["kind"], &mail["recipient"]), (&json!("test"), &json!("ines@example.org")));
        let recipients: Vec<_> = sink.accepted().into_iter().map(|mail| mail.to).collect();
        assert_eq!(recipients, ["ines@example.org", "ines@example.org"]);
    }
}

on_both_databases! {
    async fn what_waits_is_not_sent_twice_and_what_is_unknown_not_at_all(app: &TestApp) {
        let key = app.owner_key().await;
        set(app, &key, &json!({ "host": "smtp.example.org", "from": FROM })).await.expect(200);
        let waiting = send_test(app, &key).await;
        app.post(&format!("{waiting}/resend")).bearer(&key).send().await.problem(422, "invalid");
        for id in ["0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77", "x"] {
            let path = format!("{MAILS}/{id}");
            let read = app.get(&path).bearer(&key).send().await.problem(404, "not_found");
            let resent = app.post(&format!("{path}/resend")).bearer(&key).send().await.problem(404, "not_found");
            assert_eq!((&read["detail"], &resent["detail"]), (&json!("There is no such message."), &read["detail"]));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_of_a_webhook_is_no_mail() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let draft = json!({ "name": "Chat", "url": "https://chat.example.org/hook" });
    let webhook = app.post("/api/v1/admin/webhooks").bearer(&key).json(&draft).send().await.expect(201).json();
    let path = format!("/api/v1/admin/webhooks/{}", webhook["id"].as_str().unwrap());
    app.post(&format!("{path}/ping")).bearer(&key).send().await.expect(204);
    let deliveries = app.get(&format!("{path}/deliveries")).bearer(&key).send().await.expect(200).json();
    let mail = format!("{MAILS}/{}", deliveries["items"][0]["id"].as_str().unwrap());
    app.get(&mail).bearer(&key).send().await.problem(404, "not_found");
    app.post(&format!("{mail}/resend")).bearer(&key).send().await.problem(404, "not_found");
    assert_eq!(app.get(MAILS).bearer(&key).send().await.expect(200).json()["items"], json!([]));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_does_not_answer_shows_in_the_settings() {
    let app = TestApp::sqlite().await;
    let (key, sink) = (app.owner_key().await, MailSink::start().await);
    app.ctx.start_sending();
    let mut draft = sink.draft();
    // TLS from the start with a server that has none.
    draft["encryption"] = json!("tls");
    set(&app, &key, &draft).await.expect(200);
    let path = send_test(&app, &key).await;
    until("an attempt failed", async || read(&app, &key).await["failures"].as_u64().unwrap() > 0).await;
    assert!(read(&app, &key).await["last_answer"].is_string());

    // With the right settings it is sent at once.
    set(&app, &key, &sink.draft()).await.expect(200);
    mail_once(&app, &key, &path, "sent").await;
    assert_eq!(read(&app, &key).await["failures"], 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_the_environment_are_fixed() {
    let database = Database::fresh(Kind::Sqlite).await;
    let (key, sink) = (owner_key(&database), MailSink::start().await);
    let mut command = latchkey(&database);
    command.env("LATCHKEY_SMTP_URL", sink.url("latchkey:eleven%20dry@"));
    command.env("LATCHKEY_MAIL_FROM", "Bramble Yard <join@example.org>");
    let mut server = Server::launch_by(command, &database);
    server.wait_until_it_serves().await;
    let (caller, bearer) = (server.caller(), format!("Bearer {key}"));
    let call = async |method: Method, path: &str, body: Option<&Value>| {
        caller.send(method, path, &[("authorization", &bearer)], body).await
    };
    let settings = call(Method::GET, SETTINGS, None).await.expect(200);
    assert!(!settings.text().contains("eleven"));
    let settings = settings.json();
    for (member, value) in [
        ("on", json!(true)),
        ("host", json!("127.0.0.1")),
        ("encryption", json!("none")),
        ("username", json!("latchkey")),
        ("has_password", json!(true)),
        ("from", json!(FROM)),
        ("from_name", json!("Bramble Yard")),
        ("fixed", json!(true)),
    ] {
        assert_eq!(settings[member], value, "{member}: {settings}");
    }
    let other = json!({ "host": "smtp.example.org", "from": FROM });
    call(Method::PUT, SETTINGS, Some(&other)).await.invalid(&["host"]);
    call(Method::DELETE, SETTINGS, None).await.problem(422, "invalid");
    assert_eq!(call(Method::GET, SETTINGS, None).await.expect(200).json(), settings);

    let mail = call(Method::POST, TEST, None).await.expect(202).json();
    until("the mail arrives", async || !sink.accepted().is_empty()).await;
    let accepted = sink.accepted().remove(0);
    assert_eq!(accepted.login, Some(("latchkey".to_owned(), "eleven dry".to_owned())));
    assert_eq!(accepted.header("Message-ID"), Some(format!("<{}@127.0.0.1>", mail["id"].as_str().unwrap()).as_str()));
    let log = server.log_after_stopping();
    assert!(!log.contains("eleven"), "{log}");
}
