//! Mails: through the outbox to a mail server that accepts everything at once, compared with a client that does nothing else.

use std::io;

use super::{Bench, bearer};
use crate::client::Client;
use crate::limits;
use crate::load::expect;
use crate::mail_sink::MailSink;
use crate::report::{Goal, Measurement};
use crate::server::Installation;

/// The number of mails of one measurement.
const MAILS: usize = 10_000;
/// The numbers of processes that share a database.
const PROCESSES: [usize; 2] = [1, 3];
/// The goal for the ratio to the client alone.
const GOAL: Goal = Goal::AtLeast(0.02);

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let mut installations = vec![("SQLite", bench.sqlite("mails")?)];
    installations.extend(bench.own_postgres("mails").await?.map(|installation| ("PostgreSQL", installation)));
    let (mut alone, mut results) = (Vec::new(), Vec::new());
    for (database, installation) in installations {
        let key = installation.create_owner()?;
        let mut servers = Vec::new();
        for processes in PROCESSES {
            while servers.len() < processes {
                servers.push(installation.serve().await?);
            }
            let sink = MailSink::start().await?;
            alone.push(limits::smtp(sink.port, MAILS).await?);
            set_up(&servers[0].addr, &key, sink.port).await?;
            // After the limit was measured, which would be disturbed.
            let (rate, queued) = tokio::join!(sink.rate(MAILS), queue(&installation));
            queued?;
            let plural = if processes == 1 { "process" } else { "processes" };
            results.push((format!("{MAILS} mails, {processes} {plural} on {database}"), rate?));
        }
    }
    eprintln!("    mails: {alone:.1?} alone, {results:.1?}");
    let limit = Measurement::new("mails of a client alone, over one connection", "/s", 1, alone);
    let against = |(what, rate): (String, f64)| Measurement::new(what, "/s", 0, vec![rate]).ratio_to(&limit, GOAL);
    let results: Vec<_> = results.into_iter().map(against).collect();
    Ok([vec![limit], results].concat())
}

/// Sets e-mail up with the sink.
async fn set_up(addr: &str, key: &str, port: u16) -> io::Result<()> {
    let body = format!(r#"{{"host":"127.0.0.1","port":{port},"encryption":"none","from":"join@example.org"}}"#);
    let head = format!("PUT /api/v1/admin/mail/settings HTTP/1.1\r\nhost: {addr}\r\n{}", bearer(key));
    let rest = format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let mut client = Client::connect(addr).await?;
    expect(200, &client.send((head + &rest).as_bytes()).await?)
}

/// Writes mails as one transaction does. Into the database, because no operation causes a mail without other work: hashing a
/// password, or creating an invite.
async fn queue(installation: &Installation) -> io::Result<()> {
    let into = "INSERT INTO outbox (id, target_id, account_id, event, payload, created_at)";
    let of = "FROM n, outbox_targets t, accounts a WHERE t.kind = 'mail' AND a.username = 'ines'";
    let payload = r#"'{"kind":"test","to":"m' || i || '@example.org"}'"#;
    let statement = if installation.database_url.is_some() {
        format!(
            "WITH n(i) AS (SELECT generate_series(1, {MAILS})) {into}
             SELECT gen_random_uuid(), t.id, a.id, 'test', {payload},
                 CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS BIGINT) {of}"
        )
    } else {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MAILS}) {into}
             SELECT randomblob(16), t.id, a.id, 'test', {payload}, CAST(strftime('%s', 'now') AS INTEGER) * 1000000 {of}"
        )
    };
    installation.execute(statement).await
}
