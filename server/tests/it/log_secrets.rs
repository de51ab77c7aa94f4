//! No secret is logged: uses every feature at the most detailed log level, then searches the log for every secret.

use data_encoding::BASE64;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::mail::MailSink;
use crate::harness::people::sign_up;
use crate::harness::process::{Server, latchkey};
use crate::harness::{Answer, Database, Kind, PASSWORD, until};

/// The most detailed level, of this application and of its libraries.
const LEVEL: &str = "trace";
/// A wrong password is also secret: it is often the password of another site, or similar to the right one.
const WRONG_PASSWORD: &str = "seven wet umbrellas in Lisbon";
const WRONG_CODE: &str = "NoSuchCode2345";
const OWN_CODE: &str = "open-evening-2026";
const METRICS_TOKEN: &str = "for-those-who-watch-the-numbers";
const SMTP_PASSWORD: &str = "eleven dry umbrellas in Braga";

/// The log, and the secrets that must not be in it.
struct Recording {
    database: Database,
    log: String,
    secrets: Vec<String>,
}

impl Recording {
    /// Runs a command. Its standard output is a result, its standard error is a log.
    fn run(&mut self, args: &[&str], input: &str) -> String {
        use std::io::Write;
        use std::process::Stdio;

        let mut command = latchkey(&self.database);
        command.env("LATCHKEY_LOG", LEVEL).args(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A command that does not read its input may have ended already.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "latchkey {args:?}: {log}");
        self.log.push_str(&log);
        String::from_utf8(output.stdout).expect("text").trim_end().to_owned()
    }

    /// Records a secret, in each of its encodings.
    fn secret(&mut self, secret: &str) -> String {
        assert!(secret.len() >= 8, "too short to search for: {secret}");
        self.secrets.push(secret.to_owned());
        self.secrets.push(secret.replace(' ', "+"));
        self.secrets.push(secret.replace(' ', "%20"));
        secret.to_owned()
    }

    /// Records the session token of a response and returns its cookie.
    fn session(&mut self, answer: &Answer) -> String {
        let cookie = answer.cookie("latchkey");
        self.secret(cookie.split_once('=').expect("a name and a value").1);
        cookie
    }

    /// Panics if a secret is in the log.
    fn has_no_secret(&self) {
        for secret in &self.secrets {
            if let Some(found) = self.log.lines().find(|line| line.contains(secret)) {
                panic!("{secret} is in the log: {found}");
            }
        }
    }
}

async fn check(kind: Kind) {
    let mut recording = Recording { database: Database::fresh(kind).await, log: String::new(), secrets: Vec::new() };
    for secret in [PASSWORD, WRONG_PASSWORD, WRONG_CODE, OWN_CODE, METRICS_TOKEN, SMTP_PASSWORD] {
        recording.secret(secret);
    }
    let mut command = latchkey(&recording.database);
    command.env("LATCHKEY_LOG", LEVEL).env("LATCHKEY_METRICS_TOKEN", METRICS_TOKEN);
    let mut server = Server::launch_by(command, &recording.database);
    server.wait_until_it_serves().await;
    let link = recording.run(&["setup-link"], "");
    let token = recording.secret(link.split_once("token=").expect("a token").1);
    let caller = server.caller();
    let origin = caller.origin().to_owned();
    let post = async |path: &str, cookie: &str, fields: &[(&str, &str)]| {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("origin", origin.as_str()), ("cookie", cookie)];
        caller.send_text(Method::POST, path, &headers, form).await
    };
    let get = async |path: &str, cookie: &str| caller.send(Method::GET, path, &[("cookie", cookie)], None).await;

    // An owner sets up the site and signs in again.
    get(&format!("/setup?token={token}"), "").await.expect(200);
    let owner = [("email", "ines@example.org"), ("username", "ines"), ("password", PASSWORD), ("site_name", "Here")];
    let set_up = post("/setup", "", &[&[("token", token.as_str())], &owner[..]].concat()).await;
    recording.session(&set_up);
    post("/login", "", &[("login", "ines"), ("password", WRONG_PASSWORD)]).await.expect(401);
    let cookie = recording.session(&post("/login", "", &[("login", "ines"), ("password", PASSWORD)]).await);

    // An API key, invites, and their pages and look-ups.
    let printed = recording.run(&["key", "create", "--account", "ines"], "");
    let key = recording.secret(&printed);
    let random: Value = caller.invite(&key, &json!({ "label": "Random" })).await;
    let code = recording.secret(random["code"].as_str().expect("a code"));
    caller.invite(&key, &json!({ "code": OWN_CODE })).await;
    let link = recording.run(&["invite", "create", "--label", "By command"], "");
    recording.secret(link.rsplit_once('/').expect("a link").1);
    for page in ["/admin", "/admin/invites", "/admin/redemptions", "/me/account"] {
        get(page, &cookie).await.expect(200);
    }
    get(&format!("/admin/invites?q={code}"), &cookie).await.expect(200);
    for path in ["/inv/", "/inv?key=", "/inv?=", "/signup?inv=", "/api/v1/invites/"] {
        for code in [code.as_str(), OWN_CODE, WRONG_CODE] {
            get(&format!("{path}{code}"), "").await;
        }
    }

    // The proof of an address, from the mail of an invitation.
    let proof = recording.secret(&"7QmX2pVd9KtR".repeat(4)[..43]);
    for path in [format!("/inv/{code}?proof={proof}"), format!("/inv?key={code}&proof={proof}")] {
        let sign_up = get(&path, "").await.redirect().to_owned();
        get(&sign_up, "").await.expect(200);
    }

    // Sign-ups by page and by API, successful and refused.
    let form = |code| {
        let typed = [("code", code), ("email", "noor@example.org"), ("username", "noor"), ("password", PASSWORD)];
        [&typed[..], &[("proof", proof.as_str())]].concat()
    };
    post("/signup", "", &form(WRONG_CODE)).await.expect(404);
    for code in [code.as_str(), OWN_CODE, WRONG_CODE] {
        post("/signup/check", "", &form(code)).await.expect(200);
    }
    let noor = recording.session(&post("/signup", "", &form(&code)).await);
    caller.sign_up(&sign_up(&json!(OWN_CODE), "tomasz")).await.expect(201);
    caller.sign_up(&sign_up(&json!(WRONG_CODE), "nobody")).await.expect(404);
    caller.sign_up(&json!({ "code": code, "password": PASSWORD, "surprise": WRONG_PASSWORD })).await;
    caller
        .send(Method::POST, "/api/v1/signup", &[("idempotency-key", &recording.secret("a-key-of-one-attempt"))], None)
        .await;
    let change = json!({ "change": { "current": WRONG_PASSWORD, "new": PASSWORD } });
    let headers = [("cookie", noor.as_str()), ("origin", origin.as_str())];
    caller.send(Method::POST, "/_fn/me/change-password", &headers, Some(&change)).await;
    post("/logout", &noor, &[]).await.expect(303);

    for (token, status) in [(METRICS_TOKEN, 200), (WRONG_CODE, 401)] {
        let bearer = format!("Bearer {token}");
        caller.send(Method::GET, "/metrics", &[("authorization", bearer.as_str())], None).await.expect(status);
    }

    recording.run(&["account", "set-password", "--account", "noor", "--password-stdin"], WRONG_PASSWORD);

    // A reset link, opened and used.
    let link = recording.run(&["account", "reset-link", "noor"], "");
    let token = recording.secret(link.rsplit_once('/').expect("a link").1);
    let path = format!("/reset/{token}");
    get(&path, "").await.expect(200);
    post(&path, "", &[("password", "short")]).await.expect(422);
    post(&path, "", &[("password", PASSWORD)]).await.expect(303);
    get(&path, "").await.expect(404);

    // A mail server with a password, which is told it.
    recording.secret(&BASE64.encode(format!("\0latchkey\0{SMTP_PASSWORD}").as_bytes()));
    let sink = MailSink::start().await;
    let url = sink.url("latchkey@");
    recording.run(&["mail", "set", "--url", &url, "--from", "join@example.org", "--password-stdin"], SMTP_PASSWORD);
    let bearer = format!("Bearer {key}");
    let bearer = [("authorization", bearer.as_str())];
    let mut settings = sink.draft();
    settings["username"] = json!("latchkey");
    settings["password"] = json!([SMTP_PASSWORD]);
    let path = "/api/v1/admin/mail/settings";
    caller.send(Method::PUT, path, &bearer, Some(&settings)).await.expect(422);
    settings["password"] = json!(SMTP_PASSWORD);
    caller.send(Method::PUT, path, &bearer, Some(&settings)).await.expect(200);
    caller.send(Method::POST, "/api/v1/admin/mail/test", &bearer, None).await.expect(202);
    until("a mail is accepted", async || !sink.accepted().is_empty()).await;
    assert!(sink.accepted()[0].login.is_some(), "the password was sent");
    recording.run(&["key", "revoke", &key], "");
    let log = server.log_after_stopping();
    assert!(log.contains("\"level\":\"TRACE\"") && log.contains("/api/v1/invites/{code}"), "the log is detailed");
    recording.log.push_str(&log);
    recording.has_no_secret();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged_on_sqlite() {
    check(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged_on_postgres() {
    check(Kind::Postgres).await;
}
