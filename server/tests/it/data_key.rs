//! Rotation of the data key: every code remains valid, deleted codes remain rejected, and an interruption at any point
//! leaves a database and a key that belong together.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::caller::Caller;
use crate::harness::people::sign_up;
use crate::harness::process::{Server, expect_start_to_fail, fail, finish, latchkey, owner_key, run};
use crate::harness::random_delays::RandomDelays;
use crate::harness::{Answer, Database, Kind, PASSWORD};

const ROTATE: &[&str] = &["data-key", "rotate"];

fn next(database: &Database) -> PathBuf {
    database.key_file().with_extension("key.new")
}

/// The contents of the old keys that were kept.
fn old_keys(database: &Database) -> Vec<Vec<u8>> {
    let files = fs::read_dir(database.folder()).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|end| end == "old")).map(|path| fs::read(path).unwrap()).collect()
}

async fn bearer(caller: &Caller, key: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
    caller.send(method, path, &[("authorization", &format!("Bearer {key}"))], body).await
}

async fn delete(caller: &Caller, key: &str, invite: &Value) {
    let path = format!("/api/v1/admin/invites/{}", invite["id"].as_str().unwrap());
    bearer(caller, key, Method::DELETE, &path, None).await.expect(204);
}

async fn session(caller: &Caller) -> String {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("login", "ines"), ("password", PASSWORD)])
        .finish();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", caller.origin())];
    caller.send_text(Method::POST, "/login", &headers, form).await.expect(303).cookie("latchkey")
}

/// Asserts that a deleted code is rejected and cannot be reused, and that staff find its invite by the code.
async fn assert_still_deleted(caller: &Caller, key: &str, code: &str) {
    caller.sign_up(&sign_up(&json!(code), "nobody")).await.problem(404, "invite_invalid");
    let again = bearer(caller, key, Method::POST, "/api/v1/admin/invites", Some(&json!({ "code": code }))).await;
    again.problem(409, "code_taken");
    let path = format!("/api/v1/admin/invites?status=deleted&q={code}");
    let found = bearer(caller, key, Method::GET, &path, None).await.expect(200).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{code}: {found}");
}

async fn rotate(kind: Kind) {
    let database = Database::empty(kind).await;
    assert!(fail(&database, ROTATE, "").contains("no data key to rotate yet"));
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let caller = server.caller();
    let random = caller.invite(&key, &json!({ "max_uses": 9 })).await;
    let own = caller.invite(&key, &json!({ "code": "Open-Evening" })).await;
    let deleted = caller.invite(&key, &json!({ "code": "first-of-may" })).await;
    delete(&caller, &key, &deleted).await;
    let cookie = session(&caller).await;
    caller.sign_up(&sign_up(&random["code"], "tomasz")).await.expect(201);

    let first = fs::read(database.key_file()).unwrap();
    assert!(fail(&database, ROTATE, "").contains("Stop every server"), "while a server runs");
    caller.sign_up(&sign_up(&random["code"], "noor")).await.expect(201);
    server.stop();
    assert_eq!(fs::read(database.key_file()).unwrap(), first);

    assert_eq!(run(&database, ROTATE, ""), database.key_file().display().to_string());
    let second = fs::read(database.key_file()).unwrap();
    assert_ne!(second, first);
    assert_eq!(old_keys(&database), std::slice::from_ref(&first));
    assert!(!next(&database).exists());

    let server = Server::start(&database).await;
    let caller = server.caller();
    caller.sign_up(&sign_up(&random["code"], "mateo")).await.expect(201);
    caller.sign_up(&sign_up(&json!("OPEN-evening"), "zeynep")).await.expect(201);
    for invite in [&random, &own] {
        let read = caller.read_invite(&key, &invite["id"]).await;
        assert_eq!((&read["code"], &read["used"].as_i64().is_some()), (&invite["code"], &true));
    }
    let me = caller.send(Method::GET, "/me", &[("cookie", &cookie)], None).await.expect(200);
    assert!(me.text().contains("ines"), "the session remains valid");
    assert_still_deleted(&caller, &key, "First-Of-May").await;
    // An invite deleted between two rotations adds a second retired key.
    delete(&caller, &key, &own).await;
    server.stop();

    run(&database, &["key", "rotate"], "");
    assert_eq!(old_keys(&database).len(), 2);
    assert_eq!(database.rows("retired_keys").await, 2);
    let server = Server::start(&database).await;
    let caller = server.caller();
    for code in ["first-of-may", "open-evening"] {
        assert_still_deleted(&caller, &key, code).await;
    }
    caller.sign_up(&sign_up(&random["code"], "aoife")).await.expect(201);
    assert_eq!(caller.read_invite(&key, &random["id"]).await["used"], 4);
    server.stop();
    assert_eq!(database.number("SELECT count(*) FROM audit_log WHERE action = 'data_key.rotate'").await, 2);

    for old in [first, second] {
        fs::write(database.key_file(), old).unwrap();
        assert!(expect_start_to_fail(latchkey(&database)).contains("is not the one"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_after_a_rotation_on_sqlite() {
    rotate(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_after_a_rotation_on_postgres() {
    rotate(Kind::Postgres).await;
}

async fn interrupt_rotation(kind: Kind) {
    let database = Database::empty(kind).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let invite = server.caller().invite(&key, &json!({})).await;
    let corrupt = server.caller().invite(&key, &json!({})).await;
    server.stop();
    let first = fs::read(database.key_file()).unwrap();
    let doctor = || String::from_utf8(finish(&database, &["doctor"], "").stdout).unwrap();

    // Killed after the new key was written, before anything was committed.
    fs::write(next(&database), format!("{}\n", "ab".repeat(32))).unwrap();
    assert!(doctor().contains("ok    data key"));
    let server = Server::start(&database).await;
    server.caller().sign_up(&sign_up(&invite["code"], "tomasz")).await.expect(201);
    server.stop();
    assert_eq!(fs::read(database.key_file()).unwrap(), first);

    // An error during the rotation: nothing changes, and no file remains.
    let sealed = if kind == Kind::Postgres { r"'\x00'" } else { "X'00'" };
    let id = corrupt["id"].as_str().unwrap();
    let of = if kind == Kind::Postgres { format!("'{id}'") } else { format!("X'{}'", id.replace('-', "")) };
    database.execute(&format!("UPDATE invites SET code_sealed = {sealed} WHERE id = {of}")).await;
    let message = fail(&database, ROTATE, "");
    assert!(message.contains("nothing was changed") && message.contains(id), "{message}");
    assert_eq!(fs::read(database.key_file()).unwrap(), first);
    assert!(!next(&database).exists());
    let server = Server::start(&database).await;
    server.caller().sign_up(&sign_up(&invite["code"], "noor")).await.expect(201);
    delete(&server.caller(), &key, &corrupt).await;
    server.stop();

    // Killed after the commit, before the new key was renamed.
    run(&database, ROTATE, "");
    let second = fs::read(database.key_file()).unwrap();
    fs::rename(database.key_file(), next(&database)).unwrap();
    fs::write(database.key_file(), &first).unwrap();
    assert!(doctor().contains("note  data key: A rotation was interrupted"), "{}", doctor());
    assert_eq!(fs::read(database.key_file()).unwrap(), first, "doctor changes nothing");
    let servers = Server::start_many(&database, 2).await;
    for (server, username) in servers.iter().zip(["mateo", "zeynep"]) {
        server.caller().sign_up(&sign_up(&invite["code"], username)).await.expect(201);
    }
    servers.into_iter().for_each(Server::stop);
    assert_eq!(fs::read(database.key_file()).unwrap(), second);
    assert!(!next(&database).exists());
    assert_eq!(old_keys(&database), [first]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_rotation_leaves_the_old_or_the_new_key_on_sqlite() {
    interrupt_rotation(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_rotation_leaves_the_old_or_the_new_key_on_postgres() {
    interrupt_rotation(Kind::Postgres).await;
}

/// Kills rotations at random moments.
async fn kill_rotations(kind: Kind) {
    const KILLS: usize = 8;
    let mut delays = RandomDelays::new(&format!("rotations, {kind:?}"));
    let seed = delays.seed;
    let database = Database::empty(kind).await;
    run(&database, &["demo", "--accounts", "20", "--links", "2000", "--password-stdin"], PASSWORD);
    let key = run(&database, &["key", "create", "--account", "ngozi"], "");
    let server = Server::start(&database).await;
    let invite = server.caller().invite(&key, &json!({})).await;
    server.stop();
    let began = Instant::now();
    run(&database, ROTATE, "");
    let duration = began.elapsed();

    let (mut old, mut new) = (0, 0);
    for round in 0..KILLS {
        let before = fs::read(database.key_file()).unwrap();
        let mut rotation =
            latchkey(&database).args(ROTATE).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let delay = delays.next(duration);
        tokio::time::sleep(delay).await;
        rotation.kill().unwrap();
        rotation.wait().unwrap();
        let context = format!("round {round}, killed after {delay:?} of {duration:?}, seed {seed}, {kind:?}");

        // The next start finds the valid key, and every code is unchanged.
        let server = Server::start(&database).await;
        let caller = server.caller();
        let read = caller.read_invite(&key, &invite["id"]).await;
        assert_eq!(read["code"], invite["code"], "{context}");
        caller.sign_up(&sign_up(&invite["code"], &format!("p{round}"))).await.expect(201);
        server.stop();
        assert!(!next(&database).exists() || fs::read(database.key_file()).unwrap() == before, "{context}");
        if fs::read(database.key_file()).unwrap() == before { old += 1 } else { new += 1 }
    }
    eprintln!("{old} rotations ended with the old key, {new} with the new one ({kind:?})");
    assert!(old > 0, "no rotation was interrupted: seed {seed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_rotation_loses_no_code_on_sqlite() {
    kill_rotations(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_rotation_loses_no_code_on_postgres() {
    kill_rotations(Kind::Postgres).await;
}
