//! Links that reset passwords and sign-ins, at once and through several processes.

use reqwest::Method;
use tokio::task::JoinSet;

use crate::harness::caller::Caller;
use crate::harness::people::PASSWORD;
use crate::harness::process::{Server, owner_key, run};
use crate::harness::{Answer, Database, Kind};

/// Requests at once with one link.
const RESETS: usize = 12;
/// Sign-ins at once, each in a browser of its own: more than are remembered.
const SIGN_INS: usize = 32;
/// The most browsers of one account that are remembered.
const MOST_BROWSERS: i64 = 20;

/// Several processes on one database, with the member Ada.
async fn start(kind: Kind, processes: usize) -> (Database, Vec<Server>) {
    let database = Database::fresh(kind).await;
    owner_key(&database);
    let create =
        ["account", "create", "--email", "ada@example.org", "--username", "ada", "--role", "user", "--password-stdin"];
    run(&database, &create, PASSWORD);
    let servers = Server::start_many(&database, processes).await;
    (database, servers)
}

/// Sends a form as a browser without cookies does.
async fn send(caller: &Caller, path: &str, form: String) -> Answer {
    let headers = [("origin", caller.origin()), ("content-type", "application/x-www-form-urlencoded")];
    caller.send_text(Method::POST, path, &headers, form).await
}

async fn sign_in(caller: &Caller, password: &str) -> Answer {
    send(caller, "/login", format!("login=ada&password={}", password.replace(' ', "+"))).await
}

async fn one_of_many_sets_the_password(kind: Kind, processes: usize) {
    let (database, servers) = start(kind, processes).await;
    let made = run(&database, &["account", "reset-link", "ada"], "");
    let (_, rest) = made.split_once("/reset/").expect("a link");
    let token = rest.split_whitespace().next().expect("a token");
    let mut posts = JoinSet::new();
    for number in 0..RESETS {
        let (caller, path) = (servers[number % processes].caller(), format!("/reset/{token}"));
        let password = format!("eleven dry umbrellas, number {number}");
        posts.spawn(async move {
            let form = format!("password={}", password.replace(' ', "+").replace(',', "%2C"));
            (send(&caller, &path, form).await, password)
        });
    }
    let answers = posts.join_all().await;
    let of = |status: u16| answers.iter().filter(move |(answer, _)| answer.status.as_u16() == status);
    assert_eq!((of(303).count(), of(404).count()), (1, RESETS - 1), "{kind:?}");
    let (_, password) = of(303).next().expect("one");
    for server in &servers {
        assert_eq!(sign_in(&server.caller(), &password.replace(',', "%2C")).await.status, 303, "{kind:?}");
    }
    assert_ne!(sign_in(&servers[0].caller(), PASSWORD).await.status, 303, "{kind:?}");
    assert_eq!(database.number("SELECT count(*) FROM audit_log WHERE action = 'account.reset_password'").await, 1);
    assert_eq!(database.rows("reset_links").await, 0);
    servers.into_iter().for_each(Server::stop);
}

async fn so_many_browsers_are_remembered(kind: Kind, processes: usize) {
    let (database, servers) = start(kind, processes).await;
    let mut sign_ins = JoinSet::new();
    for number in 0..SIGN_INS {
        let caller = servers[number % processes].caller();
        sign_ins.spawn(async move { sign_in(&caller, PASSWORD).await });
    }
    let answers = sign_ins.join_all().await;
    assert!(answers.iter().all(|answer| answer.status == 303), "{kind:?}: {answers:?}");
    assert_eq!(database.rows("known_browsers").await, MOST_BROWSERS, "{kind:?}");
    servers.into_iter().for_each(Server::stop);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_works_once_on_sqlite_with_two_processes() {
    one_of_many_sets_the_password(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_works_once_on_postgres_with_three_processes() {
    one_of_many_sets_the_password(Kind::Postgres, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_browsers_are_remembered_on_sqlite_with_two_processes() {
    so_many_browsers_are_remembered(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_browsers_are_remembered_on_postgres_with_three_processes() {
    so_many_browsers_are_remembered(Kind::Postgres, 3).await;
}
