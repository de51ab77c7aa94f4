//! `latchkey webhook`.

use crate::harness::process::{fail, finish, owner_key, run, value};
use crate::harness::{Database, Kind};

const NOTHING: &str = "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77";

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_managed_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let webhook = |args: &[&str]| run(&database, &[&["webhook"], args].concat(), "");
    let url = "https://chat.example.org/hook";
    let created = webhook(&["create", "--name", "Chat", "--url", url, "--event", "invite.created"]);
    let (id, secret) = (value(&created, "id"), value(&created, "secret"));
    assert!(secret.starts_with("whsec_"), "{created}");
    assert_eq!(webhook(&["list"]), format!("{id}\tChat\tactive\t{url}"));
    assert_eq!(webhook(&["pause", "chat"]), "", "nothing is printed");
    assert_eq!(webhook(&["list"]), format!("{id}\tChat\tpaused\t{url}"));
    webhook(&["resume", &id]);
    assert_eq!(webhook(&["list"]), format!("{id}\tChat\tactive\t{url}"));

    let events = async || database.texts("SELECT COALESCE(events, 'all') FROM webhooks").await;
    webhook(&["edit", "chat", "--name", "Chat room", "--url", "https://room.example.org/hook"]);
    assert_eq!(webhook(&["list"]), format!("{id}\tChat room\tactive\thttps://room.example.org/hook"));
    assert_eq!(events().await, ["invite.created"], "what is not given stays");
    webhook(&["edit", "chat room", "--event", "account.created", "--event", "account.deleted"]);
    assert_eq!(events().await, ["account.created account.deleted"]);
    webhook(&["edit", "chat room", "--all-events"]);
    assert_eq!(events().await, ["all"]);

    let rotated = finish(&database, &["webhook", "secret", "Chat room"], "");
    assert_ne!(value(&String::from_utf8_lossy(&rotated.stdout), "secret"), secret);
    let said = String::from_utf8_lossy(&rotated.stderr);
    let until = "SELECT strftime('until %Y-%m-%dT%H:%M', expires_at / 1000000, 'unixepoch') FROM webhook_secrets
        WHERE expires_at IS NOT NULL";
    assert!(said.contains(&database.texts(until).await[0]), "{said}");

    // Webhooks can have the same name; none of them is taken for another.
    let second = value(&webhook(&["create", "--name", "chat room", "--url", url]), "id");
    let refused = fail(&database, &["webhook", "delete", "Chat room"], "");
    assert!(refused.contains("Several webhooks have the name"), "{refused}");
    assert_eq!(database.rows("webhooks").await, 2);
    assert_eq!(webhook(&["delete", &second]), "");
    webhook(&["delete", "Chat room"]);
    assert_eq!(webhook(&["list"]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_listed_and_tried_again_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let webhook = |args: &[&str]| run(&database, &[&["webhook"], args].concat(), "");
    webhook(&["create", "--name", "Chat", "--url", "https://chat.example.org/hook"]);
    assert_eq!(webhook(&["deliveries", "chat"]), "");
    webhook(&["test", "chat"]);
    let waiting = webhook(&["deliveries", "chat"]);
    let cells: Vec<_> = waiting.split('\t').collect();
    assert_eq!(cells[2..], ["ping", "pending", "0"], "{waiting}");
    assert_eq!(webhook(&["deliveries", "chat", "--failed"]), "");
    let refused = fail(&database, &["webhook", "retry", cells[0]], "");
    assert!(refused.contains("Only a delivery that failed"), "{refused}");

    let give_up = "UPDATE outbox SET attempts = 12, dead_at = created_at, last_status = 500, last_answer = 'No\nroom'";
    database.execute(give_up).await;
    run(&database, &["invite", "create"], "");
    let all = webhook(&["deliveries", "chat"]);
    assert!(all.lines().next().is_some_and(|newest| newest.contains("\tinvite.created\tpending\t0")), "{all}");
    let start = cells[..3].join("\t");
    assert_eq!(webhook(&["deliveries", "chat", "--failed"]), format!("{start}\tdead\t12\t500 No room"));
    assert_eq!(webhook(&["retry", cells[0]]), "", "nothing is printed");
    assert_eq!(webhook(&["deliveries", "chat", "--failed"]), "");
    let all = webhook(&["deliveries", "chat"]);
    assert_eq!(all.lines().last(), Some(format!("{start}\tpending\t0\t500 No room").as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_about_a_webhook_is_said_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let url = "https://chat.example.org/hook";
    run(&database, &["webhook", "create", "--name", "Chat", "--url", url], "");
    for (args, why) in [
        (&["create", "--name", "Forum", "--url", "forum"][..], "begins with https://"),
        (&["create", "--name", "Forum", "--url", "https://127.0.0.1/hook"], "private network"),
        (&["create", "--name", "Forum", "--url", url, "--event", "door.open"], "door.open"),
        (&["create", "--name", "", "--url", url], "name"),
        (&["edit", "chat", "--event", "ping"], "not an event"),
        (&["edit", "chat", "--url", "http://chat.example.org"], "https://"),
        (&["secret", "Forum"], "No webhook has the name"),
        (&["test", NOTHING], "no such webhook"),
        (&["pause", NOTHING], "no such webhook"),
        (&["deliveries", NOTHING], "no such webhook"),
        (&["delete", "Forum"], "No webhook has the name"),
        (&["retry", NOTHING], "no such delivery"),
    ] {
        let refused = fail(&database, &[&["webhook"], args].concat(), "");
        assert!(refused.contains(why), "{args:?}: {refused}");
    }
    assert_eq!((database.rows("webhooks").await, database.rows("outbox").await), (1, 0));
}
