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

    let get = async |what: &str, addr: &str, path: &str, headers: &str| {
        let runs = bench
            .repeat(what, async || {
                Ok(load::run(addr, CONNECTIONS, bench.time, Get::new(addr, path, headers)).await?.rate)
            })
            .await?;
        io::Result::Ok(Measurement::new(what, "/s", CONNECTIONS, runs))
    };
    let reference = get("a bare axum handler", &bare.addr, "/", "").await?;
    let lookup = get("`GET /api/v1/invites/{code}`", &server.addr, &format!("/api/v1/invites/{code}"), "").await?;
    let page = get("`GET /signup?inv=…`", &server.addr, &format!("/signup?inv={code}"), "").await?;
    drop(server);
    Ok(vec![
        reference.clone(),
        lookup.ratio_to(&reference, Goal::AtLeast(0.15)),
        page.ratio_to(&reference, Goal::AtLeast(0.06)),
    ])
}
