//! A backup made under load is a complete database: with the data key, a server starts on it and has every confirmed
//! sign-up.

use std::os::unix::fs::PermissionsExt;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::cluster::tool;
use crate::harness::people::sign_up;
use crate::harness::process::{Server, fail, owner_key, run};
use crate::harness::{Database, Kind, PASSWORD};
use crate::redeeming::load::{Load, start_load};

/// A server with continuous sign-ups.
struct BusyServer {
    database: Database,
    server: Server,
    /// The owner's API key.
    key: String,
    /// The invite code of the sign-ups; `before` and ten others have already used it.
    code: Value,
    load: Load,
}

impl BusyServer {
    async fn start(kind: Kind) -> Self {
        let database = Database::empty(kind).await;
        let key = owner_key(&database);
        let server = Server::start(&database).await;
        let caller = server.caller();
        let code = caller.invite(&key, &json!({ "label": "Open evening" })).await["code"].clone();
        caller.sign_up(&sign_up(&code, "before")).await.expect(201);
        let mut load = start_load(&server, &code, "p");
        load.wait_for_successes(10).await;
        Self { database, server, key, code, load }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_sqlite_backup_works() {
    let BusyServer { database, server, key, code, mut load } = BusyServer::start(Kind::Sqlite).await;
    let copy = database.folder().join("copy.db");
    let to = copy.to_str().unwrap().to_owned();
    assert_eq!(run(&database, &["backup", "--to", &to], ""), to);
    load.wait_for_successes(5).await;
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let refused = fail(&database, &["backup", "--to", &to], "");
    assert!(refused.contains("already exists"), "{refused}");
    let drafts = std::fs::read_dir(database.folder()).unwrap().filter_map(Result::ok);
    assert_eq!(drafts.filter(|file| file.file_name().to_string_lossy().contains(".tmp")).count(), 0);
    let listed = run(&database, &["backup"], "");
    assert!(listed.contains("/backups/latchkey-2"), "{listed}");
    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    load.finish().await;

    // docs/operations.md, "Restore": the copy and the key, in a new folder.
    let restored = Database::empty(Kind::Sqlite).await;
    std::fs::copy(&copy, restored.folder().join("latchkey.db")).unwrap();
    let without_key = fail(&restored, &["migrate"], "");
    assert!(without_key.contains("data key is missing"), "{without_key}");
    std::fs::copy(database.key_file(), restored.key_file()).unwrap();
    assert!(restored.rows("redemptions").await >= 11, "it has the sign-ups before the backup");
    assert_eq!(
        restored.number("SELECT used FROM invites").await,
        restored.rows("redemptions").await,
        "the copy is a consistent snapshot"
    );
    assert_works(&restored, &key, &code).await;
}

/// docs/operations.md, "Restore", on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_postgres_dump_works() {
    let BusyServer { database, server, key, code, load } = BusyServer::start(Kind::Postgres).await;
    let dump = database.folder().join("latchkey.dump");
    let file = format!("--file={}", dump.display());
    tool(&["pg_dump", "--format=custom", &file, &database.url]);
    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    load.finish().await;

    let restored = Database::empty(Kind::Postgres).await;
    tool(&["pg_restore", "--exit-on-error", "--dbname", &restored.url, dump.to_str().unwrap()]);
    let without_key = fail(&restored, &["migrate"], "");
    assert!(without_key.contains("data key is missing"), "{without_key}");
    std::fs::copy(database.key_file(), restored.key_file()).unwrap();
    assert!(restored.rows("redemptions").await >= 11, "it has the sign-ups before the dump");
    assert_eq!(restored.used().await, restored.rows("redemptions").await, "the dump is a consistent snapshot");
    assert_works(&restored, &key, &code).await;
}

/// Asserts that a server on the restored database has the accounts, API keys and codes.
async fn assert_works(restored: &Database, key: &str, code: &Value) {
    let server = Server::start(restored).await;
    let caller = server.caller();
    caller.sign_up(&sign_up(code, "after")).await.expect(201);
    let bearer = format!("Bearer {key}");
    let list: Value =
        caller.send(Method::GET, "/api/v1/admin/invites", &[("authorization", &bearer)], None).await.expect(200).json();
    assert_eq!(list["items"][0]["code"], *code, "the code can be decrypted");
    let form = format!("login=before&password={}", PASSWORD.replace(' ', "+"));
    let origin = caller.origin().to_owned();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin.as_str())];
    let signed_in = caller.send_text(Method::POST, "/login", &headers, form).await;
    assert_eq!(signed_in.redirect(), "/", "signed in; a wrong password is answered with 401");
    assert!(signed_in.set_cookie("latchkey").is_some(), "the password works");
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_the_command_refers_to_pg_dump() {
    let database = Database::empty(Kind::Postgres).await;
    let message = fail(&database, &["backup"], "");
    assert!(message.contains("pg_dump --format=custom"), "{message}");
    let (_, after) = database.url.split_once("latchkey:").unwrap();
    let (password, _) = after.split_once('@').unwrap();
    assert!(!message.contains(password));
}
