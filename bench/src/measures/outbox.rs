//! Webhooks: events through the outbox with three processes, and the memory of a process whose deliveries are not answered.

use std::io;
use std::time::Instant;

use super::{Bench, create};
use crate::client::Client;
use crate::receiver::Receiver;
use crate::report::{Goal, Measurement};
use crate::server::Server;

/// The number of processes that share a database.
const PROCESSES: usize = 3;
/// The number of messages.
const MESSAGES: usize = 10_000;
/// The numbers of webhooks that share the messages.
const WEBHOOKS: [usize; 2] = [1, 20];
/// The maximum number of webhooks, and the number of messages for each, while memory is measured.
const HANGING: (usize, usize) = (100, 10);
/// The number of deliveries that one process has under way at a time.
const UNDER_WAY: usize = 32;
/// The number of connections over which invites are created.
const CONNECTIONS: usize = 8;

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let mut results = Vec::new();
    if let Some(url) = &bench.postgres {
        let installation = bench.installation("postgres", Some(url.clone()))?;
        let key = installation.create_owner()?;
        let mut servers = Vec::new();
        for _ in 0..PROCESSES {
            servers.push(installation.serve().await?);
        }
        let what = WEBHOOKS
            .map(|webhooks| format!("{MESSAGES} events to {webhooks} webhooks, {PROCESSES} processes on PostgreSQL"));
        let names = [what[0].as_str(), what[1].as_str()];
        let mut runs = bench.in_turn(&names, async |index, _| drain(&servers, &key, WEBHOOKS[index]).await).await?;
        results.extend(what.map(|what| Measurement::new(what, "/s", 0, runs.next().unwrap_or_default())));
    }
    results.push(hang(bench).await?);
    Ok(results)
}

/// Messages each second, from the moment when the receiver begins to answer.
async fn drain(servers: &[Server], key: &str, webhooks: usize) -> io::Result<f64> {
    let receiver = Receiver::start().await?;
    let made = connect(&servers[0], key, &receiver, webhooks).await?;
    invite(servers, key, MESSAGES / webhooks).await?;
    receiver.open();
    let began = Instant::now();
    receiver.answered(MESSAGES).await?;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let rate = MESSAGES as f64 / began.elapsed().as_secs_f64();
    // The server closes connections that are not used for a while.
    let mut client = Client::connect(&servers[0].addr).await?;
    for path in made {
        client.delete(&path, key).await?;
    }
    Ok(rate)
}

/// The memory of one process for which a thousand messages wait, while as many as it sends at a time are not answered.
async fn hang(bench: &Bench) -> io::Result<Measurement> {
    let (webhooks, each) = HANGING;
    let installation = bench.sqlite("outbox")?;
    let key = installation.create_owner()?;
    let server = installation.serve().await?;
    let receiver = Receiver::start().await?;
    connect(&server, &key, &receiver, webhooks).await?;
    let servers = [server];
    invite(&servers, &key, each).await?;
    receiver.hanging(UNDER_WAY).await?;
    let memory = servers[0].memory("VmRSS")?;
    let what = format!("resident memory while {} deliveries wait, {UNDER_WAY} of them for an answer", webhooks * each);
    Ok(Measurement::new(what, "MiB", 0, vec![memory]).within("MiB", Goal::AtMost(60.0)))
}

/// Creates webhooks that are told of new invites. Returns their paths.
async fn connect(server: &Server, key: &str, receiver: &Receiver, webhooks: usize) -> io::Result<Vec<String>> {
    const PATH: &str = "/api/v1/admin/webhooks";
    let mut client = Client::connect(&server.addr).await?;
    let mut paths = Vec::new();
    for number in 0..webhooks {
        let url = format!("http://{}/{number}", receiver.addr);
        let draft = format!(r#"{{"name":"Chat {number}","url":"{url}","events":["invite.created"]}}"#);
        let webhook = create(&mut client, key, PATH, &draft).await?;
        paths.push(format!("{PATH}/{}", super::text(&webhook, "id")?));
    }
    Ok(paths)
}

/// Creates invites over several connections to each server.
async fn invite(servers: &[Server], key: &str, count: usize) -> io::Result<()> {
    let mut creating = Vec::new();
    for connection in 0..CONNECTIONS {
        let mut client = Client::connect(&servers[connection % servers.len()].addr).await?;
        let (key, share) = (key.to_owned(), (connection..count).step_by(CONNECTIONS).len());
        creating.push(tokio::spawn(async move {
            for _ in 0..share {
                create(&mut client, &key, "/api/v1/admin/invites", "{}").await?;
            }
            io::Result::Ok(())
        }));
    }
    for created in creating {
        created.await.map_err(io::Error::other)??;
    }
    Ok(())
}
