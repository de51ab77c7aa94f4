//! `latchkey doctor` reports the state of an installation, with and without a running server, and changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::harness::process::{Server, finish, owner_key, run};
use crate::harness::{Database, Kind};

/// Runs doctor; returns the exit status, and the verdict and text of each finding by its subject.
pub fn doctor(database: &Database, args: &[&str]) -> (Option<i32>, BTreeMap<String, (String, String)>) {
    let output = finish(database, &[&["doctor", "--json"], args].concat(), "");
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = findings.as_array().unwrap().iter().map(|finding| {
        let about = if finding["about"] == "option" {
            text(&finding["found"]).split(' ').next().unwrap().to_owned()
        } else {
            text(&finding["about"])
        };
        (about, (text(&finding["verdict"]), text(&finding["found"])))
    });
    (output.status.code(), findings.collect())
}

/// Names and contents of the files in a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let found = fs::read_dir(folder).unwrap().filter_map(Result::ok);
    found
        .map(|file| (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).unwrap_or_default()))
        .collect()
}

async fn reports_and_changes_nothing(kind: Kind) {
    let database = Database::empty(kind).await;
    fs::set_permissions(database.folder(), fs::Permissions::from_mode(0o700)).unwrap();
    let (status, found) = doctor(&database, &[]);
    assert_eq!(status, Some(0), "{found:?}");
    assert_eq!(found["data key"].0, "note");
    assert!(files(database.folder()).is_empty(), "an empty folder stays empty");
    let nowhere = database.folder().join("nowhere");
    doctor(&database, &["--data-dir", nowhere.to_str().unwrap()]);
    assert!(!nowhere.exists());

    owner_key(&database);
    let before = files(database.folder());
    let (status, found) = doctor(&database, &["--addr", "127.0.0.1:4711"]);
    assert_eq!(status, Some(0), "{found:?}");
    for about in ["database", "schema", "search", "setup", "data key", "data folder"] {
        assert_eq!(found[about].0, "ok", "{found:?}");
    }
    assert!(found["addr"].1.contains("127.0.0.1:4711 (flag)"), "{found:?}");
    assert!(found["rate_limits"].1.contains("off (environment)"), "{found:?}");
    assert!(found["key_file"].1.ends_with("(default)"), "{found:?}");
    assert!(found["log_format"].1.contains("auto (default)"), "{found:?}");
    assert_eq!(found.contains_key("clock"), kind == Kind::Postgres);
    assert!(files(database.folder()) == before, "doctor changes nothing");

    let server = Server::start(&database).await;
    let (status, found) = doctor(&database, &[]);
    assert_eq!((status, found["setup"].0.as_str()), (Some(0), "ok"), "with a running server: {found:?}");
    server.stop();

    database.execute("DELETE FROM account_words").await;
    let (status, found) = doctor(&database, &[]);
    assert_eq!((status, found["search"].0.as_str()), (Some(1), "wrong"), "{found:?}");
    run(&database, &["migrate", "--reindex"], "");
    assert_eq!(doctor(&database, &[]).1["search"].0, "ok");

    let key = fs::read(database.key_file()).unwrap();
    fs::write(database.key_file(), format!("{}\n", "ab".repeat(32))).unwrap();
    let (status, found) = doctor(&database, &[]);
    assert_eq!((status, found["data key"].0.as_str()), (Some(1), "wrong"));
    fs::remove_file(database.key_file()).unwrap();
    let (status, found) = doctor(&database, &[]);
    assert_eq!((status, found["data key"].0.as_str()), (Some(1), "wrong"));
    fs::write(database.key_file(), key).unwrap();
    fs::set_permissions(database.key_file(), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(doctor(&database, &[]).1["data key"].0, "wrong", "other users can read it");
    fs::set_permissions(database.key_file(), fs::Permissions::from_mode(0o600)).unwrap();

    database.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)").await;
    let (status, found) = doctor(&database, &[]);
    assert_eq!((status, found["schema"].0.as_str()), (Some(1), "wrong"));
    database.execute("DELETE FROM seaql_migrations WHERE version IN ('m9999_later', 'm0011_rate_limits')").await;
    let (status, found) = doctor(&database, &[]);
    assert_eq!((status, found["schema"].0.as_str()), (Some(0), "note"), "a migration is pending: {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    reports_and_changes_nothing(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    reports_and_changes_nothing(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn configuration_errors_are_reported() {
    let database = Database::empty(Kind::Sqlite).await;
    let (status, found) = doctor(&database, &["--addr", "0.0.0.0:1"]);
    assert_eq!((status, found["configuration"].0.as_str()), (Some(1), "wrong"));
    let open = ["--addr", "0.0.0.0:1", "--public-url", "http://a.example", "--insecure-http"];
    let output = finish(&database, &[&["doctor", "--json"], &open[..]].concat(), "");
    assert_eq!(output.status.code(), Some(1), "rate limits are off in tests, which is only allowed on loopback");
    fs::set_permissions(database.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    let (status, found) = doctor(&database, &[]);
    assert_eq!((status, found["data folder"].0.as_str()), (Some(1), "wrong"));
    let away = ["--database-url", "postgres://nobody:s3cret@127.0.0.1:1/none"];
    let (status, found) = doctor(&database, &away);
    assert_eq!((status, found["database"].0.as_str()), (Some(1), "wrong"));
    assert!(!format!("{found:?}").contains("s3cret"));
    let (_, found) = doctor(&database, &["--metrics-token", "s3cret-but-long-enough"]);
    assert_eq!(found["metrics_token"].1, "metrics_token = (not shown) (flag)");
}
