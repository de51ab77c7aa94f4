//! The most frequent requests: looking up a code as JSON and as the sign-up page.

use std::io;

use super::{Bench, create_invite};
use crate::client::Client;
use crate::limits::Bare;
use crate::load::{self, Get};
use crate::report::{Goal, Measurement};

const CONNECTIONS: usize = 32;

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let bare = Bare::start().await?;
    let installation = bench.sqlite("reading")?;
    let key = installation.create_owner()?;
    let server = installation.serve().await?;
    let code =
        create_invite(&mut Client::connect(&server.addr).await?, &key, "{\"label\":\"Evening\",\"max_uses\":10}")
            .await?;

    let what = ["a bare axum handler", "`GET /api/v1/invites/{code}`", "`GET /signup?inv=…`"];
    let targets = [
        (&bare.addr, "/".to_owned()),
        (&server.addr, format!("/api/v1/invites/{code}")),
        (&server.addr, format!("/signup?inv={code}")),
    ];
    let mut runs = bench
        .in_turn(&what, async |index, _| {
            let (addr, path) = &targets[index];
            Ok(load::run(addr, CONNECTIONS, bench.time, Get::new(addr, path, "")).await?.rate)
        })
        .await?;
    drop(server);
    let [reference, lookup, page] =
        what.map(|what| Measurement::new(what, "/s", CONNECTIONS, runs.next().unwrap_or_default()));
    let lookup = lookup.ratio_to(&reference, Goal::AtLeast(0.20));
    let page = page.ratio_to(&reference, Goal::AtLeast(0.06));
    Ok(vec![reference, lookup, page])
}
