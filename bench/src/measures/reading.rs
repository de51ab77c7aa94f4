//! What is read most: what a code says, as JSON and as the page one signs up on.

use std::io;

use super::{Bench, make_link};
use crate::client::Client;
use crate::limits::Bare;
use crate::load::{self, Get};
use crate::report::{Figure, Goal};

const CONNECTIONS: usize = 32;

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let bare = Bare::start().await?;
    let place = bench.sqlite("reading")?;
    let key = place.owner()?;
    let server = place.serve().await?;
    let code =
        make_link(&mut Client::connect(&server.addr).await?, &key, "{\"label\":\"Evening\",\"max_uses\":10}").await?;

    let get = async |what: &str, addr: &str, path: &str, headers: &str| {
        let runs = bench
            .repeat(what, async || {
                Ok(load::run(addr, CONNECTIONS, bench.time, Get::new(addr, path, headers)).await?.rate)
            })
            .await?;
        io::Result::Ok(Figure::new(what, "/s", CONNECTIONS, runs))
    };
    let limit = get("a bare axum handler", &bare.addr, "/", "").await?;
    let lookup = get("`GET /api/v1/invites/{code}`", &server.addr, &format!("/api/v1/invites/{code}"), "").await?;
    let page = get("`GET /signup?inv=…`", &server.addr, &format!("/signup?inv={code}"), "").await?;
    drop(server);
    Ok(vec![limit.clone(), lookup.ratio_to(&limit, Goal::AtLeast(0.15)), page.ratio_to(&limit, Goal::AtLeast(0.06))])
}
