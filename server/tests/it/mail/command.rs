//! `latchkey mail`.

use std::fs;

use super::{SECRET, off};
use crate::harness::mail::FROM;
use crate::harness::process::{fail, finish, owner_key, run, value};
use crate::harness::{Database, Kind};

const NOTHING: &str = "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77";

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_set_up_and_turned_off_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let mail = |args: &[&str], input: &str| run(&database, &[&["mail"], args].concat(), input);
    let show = || mail(&["show"], "");
    let shown_off = show();
    assert_eq!(value(&shown_off, "on"), "false");
    let names: Vec<_> = shown_off.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect();
    let mut expected: Vec<_> = off().as_object().unwrap().keys().cloned().collect();
    expected.sort_unstable();
    assert_eq!(names, expected, "what the REST API has");

    let sender = format!("Bramble Yard <{FROM}>");
    let set = ["set", "--url", "smtp://latchkey@smtp.example.org", "--from", &sender, "--password-stdin"];
    assert_eq!(mail(&set, &format!("{SECRET}\n")), "", "nothing is printed");
    let shown = show();
    for (name, text) in [
        ("on", "true"),
        ("host", "smtp.example.org"),
        ("port", "587"),
        ("encryption", "starttls"),
        ("username", "latchkey"),
        ("has_password", "true"),
        ("from", FROM),
        ("from_name", "Bramble Yard"),
        ("fixed", "false"),
        ("failures", "0"),
    ] {
        assert_eq!(value(&shown, name), text, "{name}");
    }
    assert!(!shown.contains(SECRET));

    // The password stays with the same host and user name, and is needed with others.
    mail(&["set", "--url", "smtps://latchkey@smtp.example.org:4465", "--from", FROM], "");
    let shown = show();
    assert_eq!((value(&shown, "port"), value(&shown, "has_password")), ("4465".to_owned(), "true".to_owned()));
    let other = ["mail", "set", "--url", "smtps://latchkey@smtp.example.com", "--from", FROM];
    assert!(fail(&database, &other, "").contains("password"));
    let file = database.folder().join("smtp-password");
    fs::write(&file, format!("{SECRET}\n")).unwrap();
    run(&database, &[&other[..], &["--password-file", file.to_str().unwrap()]].concat(), "");
    assert_eq!(value(&show(), "host"), "smtp.example.com");
    assert_eq!(mail(&["off"], ""), "");
    assert_eq!(show(), shown_off);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_listed_and_sent_again_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let mail = |args: &[&str]| run(&database, &[&["mail"], args].concat(), "");
    assert_eq!(mail(&["list"]), "");
    mail(&["set", "--url", "smtp://smtp.example.org", "--from", FROM]);
    assert_eq!(mail(&["test"]), "", "nothing is printed");
    let waiting = mail(&["list"]);
    let cells: Vec<_> = waiting.split('\t').collect();
    assert_eq!(cells[2..], ["test", "ines@example.org", "queued", "0"], "{waiting}");
    assert_eq!(mail(&["list", "--status", "failed"]), "");
    assert!(!fail(&database, &["mail", "resend", cells[0]], "").is_empty(), "it waits already");

    let give_up =
        "UPDATE outbox SET attempts = 1, dead_at = created_at, last_status = 550, last_answer = '550 No\nbox'";
    database.execute(give_up).await;
    let start = cells[..4].join("\t");
    assert_eq!(mail(&["list", "--status", "failed"]), format!("{start}\tfailed\t1\t550 No box"));
    assert_eq!(mail(&["resend", cells[0]]), "", "nothing is printed");
    assert_eq!(mail(&["list", "--status", "failed"]), "");
    assert_eq!(mail(&["list", "--status", "queued"]).split('\t').next(), Some(cells[0]));
    let refused = finish(&database, &["mail", "list", "--status", "lost"], "");
    assert_eq!(refused.status.code(), Some(2), "the statuses are listed");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("queued, sent, deferred, failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_about_mail_is_said_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let nowhere = database.folder().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    let server = "smtp://latchkey@smtp.example.org";
    for (args, why) in [
        (&["set", "--url", "smtp.example.org", "--from", FROM][..], "smtp://"),
        (&["set", "--url", "smtp://a:umbrellas@smtp.example.org", "--from", FROM], "--password-file"),
        (&["set", "--url", "smtp://a@smtp.example.org?encryption=none", "--from", FROM], "without encryption"),
        (&["set", "--url", server, "--from", "Bramble Yard"], "e-mail address"),
        (&["set", "--url", server, "--from", FROM], "password"),
        (&["set", "--url", server, "--from", FROM, "--password-file", nowhere], nowhere),
        (&["set", "--url", "smtp://smtp.example.org", "--from", FROM, "--password-stdin"], "user name"),
        (&["test"], "No mail server is set up"),
        (&["resend", NOTHING], "no such message"),
    ] {
        let refused = fail(&database, &[&["mail"], args].concat(), SECRET);
        assert!(refused.contains(why), "{args:?}: {refused}");
        assert!(!refused.contains("umbrellas"), "{args:?}: {refused}");
    }
    assert_eq!((database.rows("mail_settings").await, database.rows("outbox").await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_of_the_options_is_shown_and_not_changed() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let fixed = ["--smtp-url", "smtps://latchkey:umbrellas@smtp.example.org", "--mail-from", FROM];
    let with = |args: &[&'static str]| [args, &fixed[..]].concat();
    let shown = run(&database, &with(&["mail", "show"]), "");
    let values = ["host", "port", "encryption", "has_password", "fixed"].map(|name| value(&shown, name));
    assert_eq!(values, ["smtp.example.org", "465", "tls", "true", "true"]);
    for args in [&["mail", "off"][..], &["mail", "set", "--url", "smtp://smtp.example.com", "--from", FROM]] {
        assert!(!fail(&database, &with(args), "").is_empty(), "{args:?}");
    }
    let alone = finish(&database, &["mail", "show", "--smtp-url", "smtp://smtp.example.org"], "");
    let why = String::from_utf8_lossy(&alone.stderr);
    assert!(!alone.status.success() && why.contains("--mail-from"), "{why}");
    let doctor = finish(&database, &with(&["doctor"]), "");
    for printed in [shown.into_bytes(), doctor.stdout, doctor.stderr] {
        let printed = String::from_utf8_lossy(&printed);
        assert!(!printed.contains("umbrellas"), "{printed}");
    }
}
