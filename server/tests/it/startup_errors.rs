//! Errors at startup: the server reports the problem and its solution, exits with 1, and changes nothing.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use reqwest::Method;
use serde_json::json;

use crate::harness::people::sign_up;
use crate::harness::process::{Server, expect_start_to_fail, fail, latchkey, owner_key, run, through_shell};
use crate::harness::{Answer, Database, Kind};
use crate::redeeming::crash::check_consistency;

const SERVE: &[&str] = &["serve", "--addr", "127.0.0.1:0"];

#[track_caller]
fn assert_contains(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is missing: {message}");
    }
}

async fn data_key(kind: Kind) {
    let database = Database::empty(kind).await;
    run(&database, &["migrate"], "");
    let right = fs::read(database.key_file()).unwrap();
    for (wrong, parts) in [
        (None, &["data key is missing", "Restore the key file"][..]),
        (Some(format!("{}\n", "0".repeat(64))), &["is not the one", "Restore the right key file"]),
        (Some("nonsense".to_owned()), &["64 hexadecimal digits", "Restore the key file"]),
    ] {
        match wrong {
            None => fs::remove_file(database.key_file()).unwrap(),
            Some(text) => fs::write(database.key_file(), text).unwrap(),
        }
        let message = fail(&database, SERVE, "");
        assert_contains(&message, parts);
        assert_contains(&message, &[database.key_file().to_str().unwrap()]);
    }
    assert_eq!(database.rows("data_keys").await, 1);
    fs::write(database.key_file(), right).unwrap();
    Server::start(&database).await.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_wrong_data_key_on_sqlite() {
    data_key(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_wrong_data_key_on_postgres() {
    data_key(Kind::Postgres).await;
}

async fn newer(kind: Kind) {
    let database = Database::empty(kind).await;
    run(&database, &["migrate"], "");
    database.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_later', 0)").await;
    assert_contains(&fail(&database, SERVE, ""), &["newer version", "m9999_from_later", "restore a backup"]);
    assert_contains(&fail(&database, &["setup-link"], ""), &["newer version"]);
    database.execute("DELETE FROM seaql_migrations WHERE version = 'm9999_from_later'").await;
    Server::start(&database).await.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_on_sqlite() {
    newer(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_on_postgres() {
    newer(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use() {
    let database = Database::empty(Kind::Sqlite).await;
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = other.local_addr().unwrap().to_string();
    assert_contains(&fail(&database, &["serve", "--addr", &addr], ""), &["is in use", &addr, "--addr"]);
    assert!(fs::read_dir(database.folder()).unwrap().next().is_none(), "no file was created");
}

/// The command as a user without privileges. Root can write anywhere, so a copy of the program runs as `nobody`.
fn as_nobody(database: &Database, programs: &tempfile::TempDir) -> Command {
    let command = latchkey(database);
    if fs::metadata(database.folder()).unwrap().uid() != 0 {
        return command;
    }
    let program = programs.path().join("latchkey");
    fs::set_permissions(programs.path(), Permissions::from_mode(0o755)).unwrap();
    // Not with `fs::copy`: a process that another test starts meanwhile could hold the file open for writing (ETXTBSY).
    let copied = Command::new("cp").arg(command.get_program()).arg(&program).status().expect("cp(1)");
    assert!(copied.success());
    let become_nobody =
        format!("shift; set -- setpriv --reuid=65534 --regid=65534 --clear-groups {} \"$@\"", program.display());
    through_shell(&become_nobody, &command)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_without_write_access() {
    let programs = tempfile::tempdir().unwrap();
    for used_before in [false, true] {
        let database = Database::empty(Kind::Sqlite).await;
        if used_before {
            run(&database, &["migrate"], "");
        }
        for entry in fs::read_dir(database.folder()).unwrap() {
            fs::set_permissions(entry.unwrap().path(), Permissions::from_mode(0o444)).unwrap();
        }
        fs::set_permissions(database.folder(), Permissions::from_mode(0o555)).unwrap();
        let message = expect_start_to_fail(as_nobody(&database, &programs));
        fs::set_permissions(database.folder(), Permissions::from_mode(0o755)).unwrap();
        assert_contains(&message, &["database", "this user"]);
    }
    // A file in place of the data folder is an error for every user.
    let file = tempfile::NamedTempFile::new().unwrap();
    let database = Database::empty(Kind::Sqlite).await;
    let folder = file.path().to_str().unwrap();
    assert_contains(&fail(&database, &["migrate", "--data-dir", folder], ""), &[folder, "--data-dir"]);
}

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_that_others_can_read_is_made_private() {
    let database = Database::empty(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    let file = database.folder().join("latchkey.db");
    fs::set_permissions(database.folder(), Permissions::from_mode(0o755)).unwrap();
    for path in [&file, &database.key_file()] {
        fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    }
    let log = Server::start(&database).await.log_after_stopping();
    assert_contains(&log, &["removed the access of other users", "755", "700", "644", "600"]);
    assert_eq!((mode(database.folder()), mode(&file), mode(&database.key_file())), (0o700, 0o600, 0o600));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_of_another_user_that_others_can_read() {
    let programs = tempfile::tempdir().unwrap();
    let database = Database::empty(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    if fs::metadata(database.folder()).unwrap().uid() != 0 {
        // Only root can create a folder of another user.
        return;
    }
    for folder_mode in [0o777, 0o755] {
        fs::set_permissions(database.folder(), Permissions::from_mode(folder_mode)).unwrap();
        let said = expect_start_to_fail(as_nobody(&database, &programs));
        assert_contains(&said, &["data folder", "chmod 700"]);
        assert_eq!(mode(database.folder()), folder_mode);
    }
    // The folder belongs to the user of the server, the key does not.
    fs::set_permissions(database.folder(), Permissions::from_mode(0o700)).unwrap();
    let command = as_nobody(&database, &programs);
    let chown = Command::new("chown").arg("65534").arg(database.folder()).status().expect("chown(1)");
    assert!(chown.success());
    fs::set_permissions(database.key_file(), Permissions::from_mode(0o644)).unwrap();
    assert_contains(&expect_start_to_fail(command), &["data key", "chmod 600"]);
}

/// The command with a maximum file size, in blocks of 512 bytes, which has the effect of a full disk.
fn with_little_disk_space(database: &Database, blocks: u32) -> Command {
    through_shell(&format!("trap '' XFSZ; ulimit -S -f {blocks}"), &latchkey(database))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk() {
    let database = Database::empty(Kind::Sqlite).await;
    assert_contains(&expect_start_to_fail(with_little_disk_space(&database, 16)), &["the disk is not full"]);
    // With enough space it starts on the same data.
    Server::start(&database).await.stop();
}

/// No request is answered with 201 without being saved, and the server continues once there is space.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_becomes_full_loses_nothing_and_can_be_read() {
    let database = Database::empty(Kind::Sqlite).await;
    let key = owner_key(&database);
    let bearer = format!("Bearer {key}");
    let mut server = Server::launch_by(with_little_disk_space(&database, 2_000), &database);
    server.wait_until_it_serves().await;
    let caller = server.caller();
    let create = async || -> Answer {
        let body = json!({ "label": "x".repeat(50) });
        caller.send(Method::POST, "/api/v1/admin/invites", &[("authorization", &bearer)], Some(&body)).await
    };
    let code = caller.invite(&key, &json!({})).await["code"].clone();
    let mut created = 1;
    let full = loop {
        let answer = create().await;
        if answer.status.as_u16() != 201 {
            break answer;
        }
        created += 1;
        assert!(created < 5_000, "the disk does not become full");
    };
    full.problem(503, "unavailable");
    assert!(full.header("retry-after").is_some());
    let mut signed_up = Vec::new();
    for round in 0..6 {
        create().await.problem(503, "unavailable");
        let name = format!("full{round}");
        match caller.sign_up(&sign_up(&code, &name)).await {
            // A sign-up needs less space than an invite; it is verified below.
            answer if answer.status.as_u16() == 201 => signed_up.push(name),
            answer => {
                answer.problem(503, "unavailable");
            }
        }
    }
    let list = caller.send(Method::GET, "/api/v1/admin/invites?limit=1", &[("authorization", &bearer)], None).await;
    assert_eq!(list.expect(200).json()["items"].as_array().unwrap().len(), 1);
    caller.send(Method::GET, "/login", &[], None).await.expect(200);

    // There is space again, for the same process.
    let freed = Command::new("prlimit").args(["--fsize=unlimited", "--pid", &server.id().to_string()]).status();
    assert!(freed.expect("prlimit(1), of util-linux").success());
    for round in 0..3 {
        create().await.expect(201);
        created += 1;
        let name = format!("after{round}");
        caller.sign_up(&sign_up(&code, &name)).await.expect(201);
        signed_up.push(name);
    }
    // Verified by another process, while the server still runs.
    let names = database.texts("SELECT username FROM accounts WHERE role <> 'owner' ORDER BY created_at").await;
    assert_eq!(names, signed_up, "exactly the sign-ups answered with 201 are saved");
    assert_eq!(database.rows("invites").await, created);
    server.stop();
    check_consistency(&database, "after the disk was full").await;
}
