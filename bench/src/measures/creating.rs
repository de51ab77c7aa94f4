//! Creating invites, each synced to the disk before the answer, and what SQLite alone can sync.

use std::io;

use super::{Bench, bearer};
use crate::client::Client;
use crate::limits;
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
    let alone = "transactions of one row, SQLite alone (WAL, `synchronous=FULL`)";
    let what = "creating invites (SQLite, WAL, `synchronous=FULL`)";
    let mut runs = bench
        .in_turn(&[alone, what], async |index, turn| {
            if index == 0 {
                // The server rests meanwhile.
                return limits::sqlite(&bench.folder.join(format!("alone-{turn}.db")), bench.time).await;
            }
            let create = Create { headers: bearer(&key) };
            Ok(load::run(&server.addr, CONNECTIONS, bench.time, create).await?.rate)
        })
        .await?;
    drop(server);
    let alone = Measurement::new(alone, "/s", 1, runs.next().unwrap_or_default());
    let creating = Measurement::new(what, "/s", CONNECTIONS, runs.next().unwrap_or_default());
    let creating = creating.ratio_to(&alone, Goal::AtLeast(0.25));
    Ok(vec![alone, creating])
}
