//! Creating invites. Each is synced to the disk before the answer.

use std::io;

use super::{Bench, bearer};
use crate::client::Client;
use crate::load::{self, Request, expect};
use crate::report::{Goal, Measurement};

const CONNECTIONS: usize = 8;

struct Create {
    headers: String,
}

impl Request for Create {
    async fn send(&self, client: &mut Client, number: u64) -> io::Result<()> {
        let draft = format!("{{\"label\":\"Evening {number}\",\"max_uses\":10}}");
        expect(201, &client.post("/api/v1/admin/invites", &self.headers, "application/json", &draft).await?)
    }
}

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let installation = bench.sqlite("creating")?;
    let key = installation.create_owner()?;
    let server = installation.serve().await?;
    let what = "creating invites (SQLite, `synchronous=FULL`)";
    let runs = bench
        .repeat(what, async || {
            let create = Create { headers: bearer(&key) };
            Ok(load::run(&server.addr, CONNECTIONS, bench.time, create).await?.rate)
        })
        .await?;
    drop(server);
    Ok(vec![Measurement::new(what, "/s", CONNECTIONS, runs).within("per second", Goal::AtLeast(3_000.0))])
}
