//! Lists, a search and the overview with a thousand rows and with a million: nothing may cost more the more there is.

use std::io;

use super::{Bench, bearer, json, sign_in};
use crate::client::Client;
use crate::load::{self, Get};
use crate::report::{Figure, Goal};
use crate::server::{PASSWORD, Place, Server};

/// What the small lists have.
const FEW: u32 = 1_000;
/// How many rows a page has on the way to the middle.
const STRIDE: u32 = 200;

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let small = filled(bench, "lists-small", FEW)?;
    eprintln!("    writing {} accounts and as many links", bench.rows);
    let large = filled(bench, "lists-large", bench.rows)?;
    let (few, many) = (Asked::start(&small, FEW).await?, Asked::start(&large, bench.rows).await?);
    let mut figures = Vec::new();
    for ((what, few_path), (_, many_path)) in few.paths.iter().zip(&many.paths) {
        let (mut few_runs, mut many_runs) = (Vec::new(), Vec::new());
        // In turn, so that whatever else the machine does meets both.
        for _ in 0..bench.runs {
            few_runs.push(few.millis(bench, few_path).await?);
            many_runs.push(many.millis(bench, many_path).await?);
        }
        eprintln!("    {what}: {few_runs:.2?} and {many_runs:.2?} ms");
        let few = Figure::new(format!("{what}, {FEW} rows"), "ms", 1, few_runs);
        let many = Figure::new(format!("{what}, {} rows", bench.rows), "ms", 1, many_runs);
        figures.extend([few.clone(), many.ratio_to(&few, Goal::AtMost(1.5))]);
    }
    Ok(figures)
}

fn filled(bench: &Bench, name: &str, rows: u32) -> io::Result<Place> {
    let place = bench.sqlite(name)?;
    let rows = rows.to_string();
    place.run(&["demo", "--accounts", &rows, "--links", &rows, "--password-stdin"], PASSWORD)?;
    Ok(place)
}

/// A server and what it is asked.
struct Asked {
    server: Server,
    headers: String,
    paths: Vec<(&'static str, String)>,
}

impl Asked {
    async fn start(place: &Place, rows: u32) -> io::Result<Self> {
        let key = place.run(&["key", "create", "--account", "ngozi"], "")?;
        let headers = bearer(&key);
        let server = place.serve().await?;
        let mut client = Client::connect(&server.addr).await?;
        let (invites, redemptions) = ("/api/v1/admin/invites", "/api/v1/admin/redemptions");
        let middle_invites = middle(&mut client, &headers, invites, rows).await?;
        let middle_redemptions = middle(&mut client, &headers, redemptions, rows).await?;
        let latest = json(&client.get(redemptions, &headers).await?.body)?["items"][0]["invite"]["id"].clone();
        let by = format!("{redemptions}?invite={}", latest.as_str().unwrap_or_default());
        let cookie = sign_in(&mut client, &server.addr, "ngozi").await?;
        Ok(Self {
            headers: format!("{headers}{cookie}"),
            server,
            paths: vec![
                ("invites, first page", invites.to_owned()),
                ("invites, a page in the middle", middle_invites),
                ("invites, a search", format!("{invites}?q=kiln")),
                ("redemptions, first page", redemptions.to_owned()),
                ("redemptions, a page in the middle", middle_redemptions),
                ("redemptions by one invite", by),
                ("the overview, as a page", "/admin".to_owned()),
            ],
        })
    }

    async fn millis(&self, bench: &Bench, path: &str) -> io::Result<f64> {
        let get = Get::new(&self.server.addr, path, &self.headers);
        let load = load::run(&self.server.addr, 1, bench.time / 3, get).await?;
        Ok(crate::report::median(&load.millis))
    }
}

/// The address of the page in the middle, found by following the cursors as a client would.
async fn middle(client: &mut Client, headers: &str, list: &str, rows: u32) -> io::Result<String> {
    let mut path = format!("{list}?limit={STRIDE}");
    let mut cursor = None;
    for _ in 0..rows / 2 / STRIDE {
        let answer = client.get(&path, headers).await?;
        load::expect(200, &answer)?;
        match json(&answer.body)?["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
        path = format!("{list}?limit={STRIDE}&cursor={}", cursor.as_deref().unwrap_or_default());
    }
    cursor.map(|cursor| format!("{list}?cursor={cursor}")).ok_or_else(|| io::Error::other("a list of one page"))
}
