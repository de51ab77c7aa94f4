//! Nothing secret is ever logged: a whole life of a place at the most talkative level, and then every secret that was
//! used is looked for in what was written.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::process::{Server, latchkey};
use crate::harness::{Answer, Database, Kind, PASSWORD};

/// Everything below `info`, our own and the libraries'.
const TALKATIVE: &str = "trace";
/// One that is refused is a secret too: it is often right somewhere else, or nearly right here.
const WRONG_PASSWORD: &str = "seven wet umbrellas in Lisbon";
const WRONG_CODE: &str = "NoSuchCode2345";
const OWN_CODE: &str = "open-evening-2026";
const METRICS_TOKEN: &str = "for-those-who-watch-the-numbers";

/// What is written, and what must not be in it.
struct Life {
    database: Database,
    said: String,
    secrets: Vec<String>,
}

impl Life {
    /// Runs a command; what it prints is for whoever ran it, what it says on standard error is a log.
    fn run(&mut self, args: &[&str], input: &str) -> String {
        use std::io::Write;
        use std::process::Stdio;

        let mut command = latchkey(&self.database);
        command.env("LATCHKEY_LOG", TALKATIVE).args(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A command that reads nothing may have ended already.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "latchkey {args:?}: {said}");
        self.said.push_str(&said);
        String::from_utf8(output.stdout).expect("text").trim_end().to_owned()
    }

    /// A secret, in every form it has on its way.
    fn keep(&mut self, secret: &str) -> String {
        assert!(secret.len() >= 8, "too short to be looked for: {secret}");
        self.secrets.push(secret.to_owned());
        self.secrets.push(secret.replace(' ', "+"));
        self.secrets.push(secret.replace(' ', "%20"));
        secret.to_owned()
    }

    /// The session an answer starts.
    fn session(&mut self, answer: &Answer) -> String {
        let cookie = answer.cookie("latchkey");
        self.keep(cookie.split_once('=').expect("a name and a value").1);
        cookie
    }
}

async fn check(kind: Kind) {
    let mut place = Life { database: Database::fresh(kind).await, said: String::new(), secrets: Vec::new() };
    for secret in [PASSWORD, WRONG_PASSWORD, WRONG_CODE, OWN_CODE, METRICS_TOKEN] {
        place.keep(secret);
    }
    let mut command = latchkey(&place.database);
    command.env("LATCHKEY_LOG", TALKATIVE).env("LATCHKEY_METRICS_TOKEN", METRICS_TOKEN);
    let mut server = Server::launch_by(command, &place.database);
    server.wait_until_it_serves().await;
    let link = place.run(&["setup-link"], "");
    let token = place.keep(link.split_once("token=").expect("a token").1);
    let caller = server.caller();
    let origin = caller.origin().to_owned();
    let post = async |path: &str, cookie: &str, fields: &[(&str, &str)]| {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("origin", origin.as_str()), ("cookie", cookie)];
        caller.send_text(Method::POST, path, &headers, form).await
    };
    let get = async |path: &str, cookie: &str| caller.send(Method::GET, path, &[("cookie", cookie)], None).await;

    // An owner sets the place up, and signs in again.
    get(&format!("/setup?token={token}"), "").await.expect(200);
    let owner = [("email", "ines@example.org"), ("username", "ines"), ("password", PASSWORD), ("site_name", "Here")];
    let set_up = post("/setup", "", &[&[("token", token.as_str())], &owner[..]].concat()).await;
    place.session(&set_up);
    post("/login", "", &[("login", "ines"), ("password", WRONG_PASSWORD)]).await.expect(401);
    let cookie = place.session(&post("/login", "", &[("login", "ines"), ("password", PASSWORD)]).await);

    // A key, links, and everything that can be done with them.
    let printed = place.run(&["key", "create", "--account", "ines"], "");
    let key = place.keep(&printed);
    let random: Value = caller.invite(&key, &json!({ "label": "Random" })).await;
    let code = place.keep(random["code"].as_str().expect("a code"));
    caller.invite(&key, &json!({ "code": OWN_CODE })).await;
    let made = place.run(&["invite", "create", "--label", "By command"], "");
    place.keep(made.rsplit_once('/').expect("a link").1);
    for page in ["/admin", "/admin/invites", "/admin/redemptions", "/me/account"] {
        get(page, &cookie).await.expect(200);
    }
    get(&format!("/admin/invites?q={code}"), &cookie).await.expect(200);
    for path in ["/inv/", "/inv?key=", "/inv?=", "/signup?inv=", "/api/v1/invites/"] {
        for code in [code.as_str(), OWN_CODE, WRONG_CODE] {
            get(&format!("{path}{code}"), "").await;
        }
    }

    // People come in, by page and by script, and in vain.
    let form = |code| [("code", code), ("email", "noor@example.org"), ("username", "noor"), ("password", PASSWORD)];
    post("/signup", "", &form(WRONG_CODE)).await.expect(404);
    let noor = place.session(&post("/signup", "", &form(&code)).await);
    caller.sign_up(&sign_up(&json!(OWN_CODE), "tomasz")).await.expect(201);
    caller.sign_up(&sign_up(&json!(WRONG_CODE), "nobody")).await.expect(404);
    caller.sign_up(&json!({ "code": code, "password": PASSWORD, "surprise": WRONG_PASSWORD })).await;
    caller
        .send(Method::POST, "/api/v1/signup", &[("idempotency-key", &place.keep("a-key-of-one-attempt"))], None)
        .await;
    let change = json!({ "change": { "current": WRONG_PASSWORD, "new": PASSWORD } });
    let headers = [("cookie", noor.as_str()), ("origin", origin.as_str())];
    caller.send(Method::POST, "/_fn/me/change-password", &headers, Some(&change)).await;
    post("/logout", &noor, &[]).await.expect(303);

    for (token, status) in [(METRICS_TOKEN, 200), (WRONG_CODE, 401)] {
        let bearer = format!("Bearer {token}");
        caller.send(Method::GET, "/metrics", &[("authorization", bearer.as_str())], None).await.expect(status);
    }

    place.run(&["account", "set-password", "--account", "noor", "--password-stdin"], WRONG_PASSWORD);
    place.run(&["key", "revoke", &key], "");
    let log = server.log_after_stopping();
    assert!(log.contains("\"level\":\"TRACE\"") && log.contains("/api/v1/invites/{code}"), "it did talk");
    place.said.push_str(&log);

    for secret in &place.secrets {
        if let Some(found) = place.said.lines().find(|said| said.contains(secret)) {
            panic!("{secret} is in the log: {found}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged_on_sqlite() {
    check(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged_on_postgres() {
    check(Kind::Postgres).await;
}
