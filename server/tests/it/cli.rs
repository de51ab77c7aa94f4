//! The command line, as used by scripts: with and without a running server.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::database::WRONG_COUNTERS;
use crate::harness::process::{Server, fail, owner_key, run};
use crate::harness::{Database, Kind, PASSWORD};

const INVITES: &str = "/api/v1/admin/invites";

async fn script(kind: Kind) {
    let database = Database::empty(kind).await;
    run(&database, &["migrate"], "");
    let link = run(&database, &["setup-link"], "");
    assert!(link.contains("/setup?token=") && !link.contains('\n'), "{link}");
    let key = owner_key(&database);
    assert!(key.starts_with("lk_") && !key.contains(char::is_whitespace), "only the key is printed");
    let refused = fail(&database, &["setup-link"], "");
    assert!(!refused.is_empty(), "the reason is printed");

    let server = Server::start(&database).await;
    let caller = server.caller();
    let bearer = |key: &str| format!("Bearer {key}");
    let list = async |key: &str| {
        let header = bearer(key);
        caller.send(Method::GET, INVITES, &[("authorization", &header)], None).await
    };
    list(&key).await.expect(200);

    // While the server runs.
    let url = run(&database, &["invite", "create", "--label", "Open evening", "--max-uses", "40"], "");
    let listed: Value = list(&key).await.expect(200).json();
    let invite = &listed["items"][0];
    assert_eq!((&invite["label"], &invite["max_uses"]), (&json!("Open evening"), &json!(40)));
    assert!(url.ends_with(&format!("/inv/{}", invite["code"].as_str().unwrap())), "{url}");

    let create = ["account", "create", "--email", "noor@example.org", "--username", "noor", "--role", "admin"];
    run(&database, &[&create[..], &["--password-stdin"]].concat(), &format!("{PASSWORD}\n"));
    let second = run(&database, &["key", "create", "--account", "noor@example.org", "--name", "Backup"], "");
    list(&second).await.expect(200);
    for (name, option, value) in
        [("Month", "--expires-in-days", "30"), ("Date", "--expires-at", "2099-01-01T00:00:00Z")]
    {
        let ending = run(&database, &["key", "create", "--account", "noor", "--name", name, option, value], "");
        list(&ending).await.expect(200);
    }
    let ends =
        "SELECT CAST((expires_at - created_at + 30000000) / 60000000 AS TEXT) FROM api_keys WHERE name = 'Month'";
    assert_eq!(database.texts(ends).await, ["43200"], "30 days, in minutes");
    let date = "SELECT CAST(expires_at AS TEXT) FROM api_keys WHERE name = 'Date'";
    assert_eq!(database.texts(date).await, ["4070908800000000"]);
    run(&database, &["key", "revoke", &second], "");
    list(&second).await.problem(401, "unauthenticated");
    list(&key).await.expect(200);

    run(
        &database,
        &["account", "set-password", "--account", "noor", "--password-stdin"],
        "eleven dry umbrellas in Braga",
    );
    server.stop();

    // Errors are printed to standard error, with status 1, and change nothing.
    for (args, input) in [
        (
            &[
                "account",
                "create",
                "--email",
                "noor@example.org",
                "--username",
                "x2",
                "--role",
                "user",
                "--password-stdin",
            ][..],
            PASSWORD,
        ),
        (
            &[
                "account",
                "create",
                "--email",
                "a@example.org",
                "--username",
                "a2",
                "--role",
                "user",
                "--password-stdin",
            ],
            "short",
        ),
        (&["key", "create", "--account", "nobody"], ""),
        (&["key", "create", "--account", "noor", "--expires-at", "2020-01-01T00:00:00Z"], ""),
        (&["key", "revoke", "lk_nonsense"], ""),
        (&["invite", "create", "--role", "owner"], ""),
        (&["invite", "create", "--max-uses", "0"], ""),
    ] {
        assert!(!fail(&database, args, input).is_empty(), "{args:?}");
    }
    assert_eq!((database.rows("accounts").await, database.rows("invites").await), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_is_created_with_every_term() {
    let database = Database::empty(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    let key = owner_key(&database);
    let terms = [
        "--role",
        "admin",
        "--max-uses",
        "1",
        "--email",
        "una@example.org",
        "--approval",
        "--locked-attribute",
        "team=Clay",
        "--attribute",
        "year=2",
        "--welcome-text",
        "**Hello**",
        "--after",
        "/me",
        "--ends",
        "account",
        "--ends-after-days",
        "30",
        "--only-new-members",
        "--hide-uses-left",
        "--email-domain",
        "example.org",
    ];
    run(&database, &[&["invite", "create"], &terms[..]].concat(), "");
    let server = Server::start(&database).await;
    let header = format!("Bearer {key}");
    let listed = server.caller().send(Method::GET, INVITES, &[("authorization", &header)], None).await;
    let listed: Value = listed.expect(200).json();
    let invite = &listed["items"][0];
    for (member, value) in [
        ("role", json!("admin")),
        ("email", json!("una@example.org")),
        ("email_domains", json!(["example.org"])),
        ("approval", json!(true)),
        ("welcome_text", json!("**Hello**")),
        ("after", json!("/me")),
        ("ends", json!({ "of": "account", "after_days": 30, "at": null })),
        ("existing_members", json!(false)),
        ("show_uses_left", json!(false)),
    ] {
        assert_eq!(invite[member], value, "{member}");
    }
    let attributes = json!([
        { "key": "year", "value": "2", "locked": false },
        { "key": "team", "value": "Clay", "locked": true },
    ]);
    assert_eq!(invite["attributes"], attributes);
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    script(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    script(Kind::Postgres).await;
}

/// Accounts are managed on the command line, as the first owner manages them in the dashboard.
async fn accounts(kind: Kind) {
    let database = Database::empty(kind).await;
    for (username, role) in [("ines", "owner"), ("noor", "admin"), ("bru", "user")] {
        let email = format!("{username}@example.org");
        let create =
            ["account", "create", "--email", &email, "--username", username, "--role", role, "--password-stdin"];
        run(&database, &create, PASSWORD);
    }
    let account = |args: &[&str]| run(&database, &[&["account"], args].concat(), "");
    let list = |args: &[&str]| {
        let listed = account(&[&["list"], args].concat());
        listed.lines().map(|line| line.split('\t').skip(1).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(
        list(&[]),
        ["bru bru@example.org user active", "noor noor@example.org admin active", "ines ines@example.org owner active"]
    );
    account(&[
        "edit",
        "bru",
        "--username",
        "bru.m",
        "--name",
        "Bru M",
        "--ends-at",
        "2099-01-01T00:00:00Z",
        "--attribute",
        "team=Clay",
    ]);
    account(&["suspend", "bru.m"]);
    assert_eq!(list(&["--role", "user"]), ["bru.m bru@example.org user suspended"]);
    let ids = account(&["list", "--role", "user"]);
    let (id, _) = ids.split_once('\t').unwrap();
    account(&["restore", id]);
    assert_eq!(list(&["--role", "user"]), ["bru.m bru@example.org user active"]);
    run(&database, &["group", "create", "Potters"], "");
    run(&database, &["group", "add", "Potters", "bru.m"], "");
    assert_eq!(list(&["--group", "potters"]), ["bru.m bru@example.org user active"]);
    assert_eq!(list(&["--search", "bru m", "--status", "active"]), ["bru.m bru@example.org user active"]);
    assert_eq!(list(&["--status", "suspended"]), Vec::<String>::new());
    let names = |args: &[&str]| -> Vec<String> {
        list(args).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&["--sort", "name", "--order", "asc"]), ["bru.m", "ines", "noor"]);
    assert_eq!(names(&["--order", "asc"]), ["ines", "noor", "bru.m"]);
    assert_eq!(names(&["--inviter", "noor"]), Vec::<String>::new());
    assert!(fail(&database, &["account", "list", "--inviter", "nobody"], "").contains("nobody"));
    account(&["edit", "bru.m", "--name", "=1+1"]);
    let csv = account(&["export", "--sort", "name", "--order", "asc"]);
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "id,name,username,email,role,status,groups,invite,created_at,last_active_at,ends_at,attributes"
    );
    assert!(lines[1].contains(",'=1+1,bru.m,bru@example.org,user,active,Potters,,"), "{csv}");
    assert_eq!(lines.len(), 4);
    assert_eq!(account(&["export", "--role", "owner"]).lines().count(), 2);
    account(&["edit", "bru.m", "--name", "Bru M"]);
    account(&["set-ends", "bru.m", "noor@example.org", "--ends-at", "2090-01-01T00:00:00Z"]);
    let ending = "SELECT count(*) FROM accounts WHERE ends_at IS NOT NULL";
    assert_eq!(database.number(ending).await, 2);
    account(&["set-ends", "bru.m", "noor", "--ends-at", ""]);
    assert_eq!(database.number(ending).await, 0);
    let end = ["--ends-at", "2090-01-01T00:00:00Z"];
    let unknown = fail(&database, &[&["account", "set-ends", "bru.m", "nobody"][..], &end].concat(), "");
    assert!(unknown.contains("nobody") && database.number(ending).await == 0, "all or none: {unknown}");
    let owner = fail(&database, &[&["account", "set-ends", "ines"][..], &end].concat(), "");
    assert!(owner.contains("owner"), "{owner}");
    assert_eq!(names(&["--ends-soon", "account"]), Vec::<String>::new());
    let refused =
        fail(&database, &["account", "edit", "bru.m", "--role", "owner", "--ends-at", "2020-01-01T00:00:00Z"], "");
    assert!(refused.contains("role:") && refused.contains("ends_at:"), "{refused}");
    for refused in [
        &["account", "delete", "ines"][..],
        &["account", "delete", "nobody"],
        &["account", "transfer-ownership", "ines"],
    ] {
        assert!(!fail(&database, refused, "").is_empty());
    }
    account(&["transfer-ownership", "noor"]);
    assert_eq!(
        (list(&["--role", "owner"]).len(), list(&["--role", "admin"])),
        (1, vec!["ines ines@example.org admin active".to_owned()])
    );
    let create = ["account", "create", "--email", "cai@example.org", "--username", "cai", "--role", "user"];
    let given =
        ["--group", "potters", "--attribute", "team=Clay", "--ends-at", "2099-01-01T00:00:00Z", "--password-stdin"];
    let cai = run(&database, &[&create[..], &given].concat(), PASSWORD);
    assert!(
        fail(&database, &[&create[..], &["--group", "kiln", "--password-stdin"]].concat(), PASSWORD).contains("kiln")
    );
    assert_eq!(list(&["--group", "potters"]), ["cai cai@example.org user active", "bru.m bru@example.org user active"]);
    assert_eq!(database.number("SELECT COUNT(*) FROM account_attributes WHERE value = 'Clay'").await, 2);
    assert_eq!(database.number("SELECT COUNT(*) FROM accounts WHERE ends_at IS NOT NULL").await, 1);
    account(&["delete", &cai]);
    account(&["delete", "bru.m"]);
    account(&["delete", "ines"]);
    assert_eq!(list(&[]), ["noor noor@example.org owner active"]);
    assert_eq!(database.number(WRONG_COUNTERS).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_accounts() {
    accounts(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_accounts() {
    accounts(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_is_printed_also_for_the_owner_and_ends_with_a_suspension() {
    let database = Database::empty(Kind::Sqlite).await;
    for (username, role) in [("ines", "owner"), ("bru", "user")] {
        let email = format!("{username}@example.org");
        let create =
            ["account", "create", "--email", &email, "--username", username, "--role", role, "--password-stdin"];
        run(&database, &create, PASSWORD);
    }
    for name in ["bru", "ines@example.org"] {
        let link = run(&database, &["account", "reset-link", name], "");
        assert!(link.starts_with("http") && link.contains("/reset/") && !link.contains('\n'), "{link}");
    }
    assert_eq!(database.rows("reset_links").await, 2);
    run(&database, &["account", "suspend", "bru"], "");
    assert_eq!(database.rows("reset_links").await, 1);
    assert!(fail(&database, &["account", "reset-link", "bru"], "").contains("Restore it first."));
    assert!(fail(&database, &["account", "reset-link", "nobody"], "").contains("nobody"));
}

/// The demo fills an empty database, which can be served, and refuses to fill it again.
async fn demo(kind: Kind) {
    let database = Database::empty(kind).await;
    let password = run(&database, &["demo", "--accounts", "40"], "");
    assert!(
        password.len() >= 20 && !password.contains(char::is_whitespace),
        "only the password is printed: {password}"
    );
    assert_eq!((database.rows("accounts").await, database.rows("invites").await), (40, 26));
    assert_eq!(database.number(WRONG_COUNTERS).await, 0);

    let server = Server::start(&database).await;
    let key = run(&database, &["key", "create", "--account", "ngozi"], "");
    let header = format!("Bearer {key}");
    let listed = server.caller().send(Method::GET, INVITES, &[("authorization", &header)], None).await;
    assert_eq!(listed.expect(200).json()["items"].as_array().unwrap().len(), 24, "all except the deleted ones");
    server.stop();

    let refused = fail(&database, &["demo"], "");
    assert!(refused.contains("--data-dir"), "{refused}");
    assert_eq!(database.rows("accounts").await, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_demo() {
    demo(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_demo() {
    demo(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_openapi_command_prints_the_document_and_creates_no_files() {
    let database = Database::empty(Kind::Sqlite).await;
    let printed: Value = serde_json::from_str(&run(&database, &["openapi"], "")).unwrap();
    assert_eq!(printed, serde_json::to_value(server::api::openapi()).unwrap());
    assert!(std::fs::read_dir(database.folder()).unwrap().next().is_none());
}
