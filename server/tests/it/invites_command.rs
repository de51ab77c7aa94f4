//! `latchkey invite`, apart from `create`, which `cli.rs` and `member_invites.rs` try.

use serde_json::{Value, json};

use crate::harness::process::{fail, owner_key, run};
use crate::harness::{Database, Kind, PASSWORD};

const ALL: &[&str] = &[
    "--label",
    "Course",
    "--max-uses",
    "5",
    "--expires-at",
    "2098-01-01T00:00:00Z",
    "--starts-at",
    "2097-01-01T00:00:00Z",
    "--role",
    "moderator",
    "--group",
    "Potters",
    "--email-domain",
    "example.org",
    "--email-domain",
    "example.com",
    "--approval",
    "--attribute",
    "year=2",
    "--locked-attribute",
    "team=Clay",
    "--welcome-text",
    "**Hello**",
    "--after",
    "/me",
    "--ends",
    "account",
    "--ends-at",
    "2099-01-01T00:00:00Z",
    "--only-new-members",
    "--hide-uses-left",
    "--without-code",
];

/// What is empty or off removes everything that [`ALL`] gives, apart from the role.
const NOTHING: &[&str] = &[
    "--label",
    "",
    "--max-uses",
    "",
    "--expires-at",
    "",
    "--starts-at",
    "",
    "--role",
    "user",
    "--group",
    "",
    "--email-domain",
    "",
    "--approval=false",
    "--attribute",
    "",
    "--welcome-text",
    "",
    "--after",
    "",
    "--ends",
    "",
    "--only-new-members=false",
    "--hide-uses-left=false",
    "--without-code=false",
];

/// The members of `shown` that an edit can change.
fn terms(shown: &Value) -> Value {
    let mut terms = shown.clone();
    for name in ["id", "code", "url", "code_kind", "status", "created_at", "created_by", "used"] {
        terms.as_object_mut().unwrap().remove(name);
    }
    terms
}

async fn script(kind: Kind) {
    let database = Database::fresh(kind).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    run(&database, &["group", "create", "Potters"], "");
    let invite = |args: &[&str]| run(&database, &[&["invite"], args].concat(), "");
    let refused = |args: &[&str]| fail(&database, &[&["invite"], args].concat(), "");
    let show = |named: &str| serde_json::from_str::<Value>(&invite(&["show", named])).unwrap();

    // An invite is named by its link, its code or its id.
    let link = invite(&["create"]);
    let plain = show(&link);
    let (id, code) = (plain["id"].as_str().unwrap(), plain["code"].as_str().unwrap());
    assert_eq!((show(id), show(code), plain["url"].as_str()), (plain.clone(), plain.clone(), Some(link.as_str())));
    for nobody in ["0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77", "no-such-code", "!"] {
        assert!(refused(&["show", nobody]).contains("No invite"), "{nobody}");
    }

    // Only what is given changes; what is empty or off is removed.
    assert_eq!(invite(&[&["edit", code], ALL].concat()), "", "nothing is printed");
    let full = show(code);
    assert_eq!((&full["role"], &full["groups"][0]["name"]), (&json!("moderator"), &json!("Potters")));
    assert_eq!(full["attributes"][1], json!({ "key": "team", "value": "Clay", "locked": true }));
    assert_eq!(full["ends"], json!({ "of": "account", "after_days": null, "at": "2099-01-01T00:00:00Z" }));
    assert_eq!(
        (&full["approval"], &full["existing_members"], &full["without_code"]),
        (&json!(true), &json!(false), &json!(true))
    );
    invite(&["edit", code, "--label", "Evening course"]);
    let mut expected = full.clone();
    expected["label"] = json!("Evening course");
    assert_eq!(show(code), expected);
    invite(&["edit", code, "--attribute", "year=3"]);
    assert_eq!(show(code)["attributes"], json!([{ "key": "year", "value": "3", "locked": false }]));
    invite(&[&["edit", code], NOTHING].concat());
    assert_eq!(terms(&show(code)), terms(&plain));
    let wrong = refused(&["edit", code, "--max-uses", "0", "--role", "", "--ends", "groups", "--expires-at", "soon"]);
    for field in ["max_uses:", "role:", "ends:", "expires_at:"] {
        assert!(wrong.contains(field), "{wrong}");
    }
    assert_eq!(terms(&show(code)), terms(&plain), "nothing is changed");

    // Paused, resumed and extended.
    let status = || show(code)["status"].clone();
    invite(&["pause", code]);
    assert_eq!(status(), "paused");
    invite(&["resume", code]);
    assert_eq!(status(), "active");
    assert!(refused(&["extend", code, "--days", "7"]).contains("never expires"));
    invite(&["edit", code, "--expires-at", "2090-01-01T00:00:00Z", "--label", "Course"]);
    invite(&["extend", code, "--days", "7"]);
    assert_eq!(show(code)["expires_at"], "2090-01-08T00:00:00Z");
    invite(&["extend", code, "--expires-at", "2090-02-01T00:00:00Z"]);
    assert_eq!(show(code)["expires_at"], "2090-02-01T00:00:00Z");
    assert!(refused(&["extend", code, "--expires-at", "2090-01-01T00:00:00Z"]).contains("expires later"));
    invite(&["extend", code, "--expires-at", ""]);
    assert_eq!(show(code)["expires_at"], Value::Null);

    // Another one like it, of somebody else.
    let create = ["account", "create", "--email", "mo@example.org", "--username", "mo", "--role", "admin"];
    run(&database, &[&create[..], &["--password-stdin"]].concat(), PASSWORD);
    invite(&["edit", code, "--email-domain", "example.org", "--without-code", "--starts-at", "2020-01-01T00:00:00Z"]);
    let copy = show(&invite(&["duplicate", code, "--account", "mo", "--max-uses", "3"]));
    assert_eq!(
        (&copy["label"], &copy["max_uses"], &copy["created_by"]["username"]),
        (&json!("Course"), &json!(3), &json!("mo"))
    );
    assert_eq!((&copy["starts_at"], &copy["without_code"]), (&Value::Null, &json!(false)));
    assert_ne!(copy["code"], plain["code"]);
    database.execute("UPDATE invites SET expires_at = 1 WHERE label = 'Course' AND max_uses IS NULL").await;
    assert!(refused(&["duplicate", code]).contains("has passed"));
    let third = show(&invite(&["duplicate", code, "--expires-in-hours", "1", "--label", "Summer fair"]));

    // The list, with its filters.
    let list =
        |args: &[&str]| -> Vec<String> { invite(&[&["list"], args].concat()).lines().map(str::to_owned).collect() };
    let row = |invite: &Value, status: &str, max_uses: &str, label: &str| {
        let (id, url) = (invite["id"].as_str().unwrap(), invite["url"].as_str().unwrap());
        format!("{id}\t{status}\t0\t{max_uses}\t{url}\t{label}")
    };
    let rows = [
        row(&third, "active", "", "Summer fair"),
        row(&copy, "active", "3", "Course"),
        row(&plain, "expired", "", "Course"),
    ];
    assert_eq!(list(&[]), rows);
    assert_eq!(list(&["--order", "asc"]), rows.iter().rev().cloned().collect::<Vec<_>>());
    assert_eq!(list(&["--status", "expired"]), rows[2..]);
    assert_eq!(list(&["--search", "fair"]), rows[..1]);
    assert_eq!(list(&["--search", third["code"].as_str().unwrap()]), rows[..1]);

    // Deleted, it is still found by its code.
    invite(&["delete", third["code"].as_str().unwrap()]);
    let deleted = show(third["code"].as_str().unwrap());
    assert_eq!((&deleted["status"], &deleted["code"]), (&json!("deleted"), &Value::Null));
    assert_eq!(
        list(&["--status", "deleted"]),
        [format!("{}\tdeleted\t0\t\t\tSummer fair", third["id"].as_str().unwrap())]
    );
    assert_eq!(list(&[]), rows[1..]);
    assert!(refused(&["pause", third["id"].as_str().unwrap()]).contains("deleted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    script(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    script(Kind::Postgres).await;
}
