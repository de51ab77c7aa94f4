//! Making links, each on the disk before it is answered for.

use std::io;

use super::{Bench, bearer};
use crate::client::Client;
use crate::load::{self, AsyncAsk, expect};
use crate::report::{Figure, Goal};

const CONNECTIONS: usize = 8;

struct Create {
    headers: String,
}

impl AsyncAsk for Create {
    async fn ask(&self, client: &mut Client, number: u64) -> io::Result<()> {
        let draft = format!("{{\"label\":\"Evening {number}\",\"max_uses\":10}}");
        expect(201, &client.post("/api/v1/admin/invites", &self.headers, "application/json", &draft).await?)
    }
}

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let place = bench.sqlite("creating")?;
    let key = place.owner()?;
    let server = place.serve().await?;
    let what = "making links (SQLite, `synchronous=FULL`)";
    let runs = bench
        .repeat(what, async || {
            let create = Create { headers: bearer(&key) };
            Ok(load::run(&server.addr, CONNECTIONS, bench.time, create).await?.rate)
        })
        .await?;
    drop(server);
    Ok(vec![Figure::new(what, "/s", CONNECTIONS, runs).within("a second", Goal::AtLeast(3_000.0))])
}
