//! Mail scanners and link previews open every link. This does not use the invite.

use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind};

const SCANNERS: [&str; 5] = [
    "Mozilla/5.0 (compatible; Microsoft-Office/16.0; Defender SafeLinks)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; Barracuda Sentinel)",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_requests_by_scanners_do_not_use_the_invite() {
    let database = Database::fresh(Kind::Sqlite).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let caller = server.caller();
    let invite = caller.invite(&key, &json!({ "max_uses": 1 })).await;
    let code = invite["code"].as_str().unwrap();
    let paths = [
        format!("/inv/{code}"),
        format!("/inv?={code}"),
        format!("/inv?key={code}"),
        format!("/signup?inv={code}"),
        format!("/api/v1/invites/{code}"),
    ];
    let audited = database.rows("audit_log").await;
    let mut requests = JoinSet::new();
    for number in 0..1_000 {
        let (caller, path) = (caller.clone(), paths[number % paths.len()].clone());
        let scanner = SCANNERS[number / paths.len() % SCANNERS.len()];
        let method = if number / 2 % 2 == 0 { Method::GET } else { Method::HEAD };
        requests.spawn(async move {
            let answer = caller.send(method, &path, &[("user-agent", scanner)], None).await;
            let status = answer.status.as_u16();
            assert!(status == 200 || status == 303, "{path}: {status}");
        });
        if requests.len() >= 50 {
            requests.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(request) = requests.join_next().await {
        request.unwrap();
    }
    assert_eq!(database.used().await, 0);
    for (table, rows) in [("accounts", 1), ("redemptions", 0), ("sessions", 0), ("audit_log", audited)] {
        assert_eq!(database.rows(table).await, rows, "{table}");
    }
    server.stop();
}
