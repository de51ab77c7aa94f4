//! Lists, search and the overview with a thousand and with a million rows. The cost must not grow with the number of
//! rows.

use std::io;

use super::{Bench, bearer, json, sign_in};
use crate::client::Client;
use crate::load::{self, Get, expect};
use crate::report::{Goal, Measurement};
use crate::server::{Installation, PASSWORD, Server};

/// The number of rows of the small lists.
const FEW: u32 = 1_000;
/// The number of rows per page while paging to the middle.
const PAGE_SIZE: u32 = 200;

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let sqlite = (bench.sqlite("lists-small")?, bench.sqlite("lists-large")?);
    let mut results = compare(bench, "", sqlite).await?;
    let postgres = (bench.own_postgres("lists_small").await?, bench.own_postgres("lists_large").await?);
    if let (Some(small), Some(large)) = postgres {
        results.extend(compare(bench, ", PostgreSQL", (small, large)).await?);
    }
    Ok(results)
}

/// Fills a small and a large installation, and compares them.
async fn compare(
    bench: &Bench,
    on: &str,
    (small, large): (Installation, Installation),
) -> io::Result<Vec<Measurement>> {
    fill(&small, FEW).await?;
    eprintln!("    writing {0} accounts and {0} invites{on}", bench.rows);
    fill(&large, bench.rows).await?;
    let (few, many) = (ListServer::start(&small, FEW).await?, ListServer::start(&large, bench.rows).await?);
    let mut results = Vec::new();
    for ((what, few_path), (_, many_path)) in few.paths.iter().zip(&many.paths) {
        let (mut few_runs, mut many_runs) = (Vec::new(), Vec::new());
        // Alternating, so that other load on the machine affects both.
        for _ in 0..bench.runs {
            few_runs.push(few.millis(bench, few_path).await?);
            many_runs.push(many.millis(bench, many_path).await?);
        }
        eprintln!("    {what}{on}: {few_runs:.2?} and {many_runs:.2?} ms");
        let few = Measurement::new(format!("{what}, {FEW} rows{on}"), "ms", 1, few_runs);
        let many = Measurement::new(format!("{what}, {} rows{on}", bench.rows), "ms", 1, many_runs);
        results.extend([few.clone(), many.ratio_to(&few, Goal::AtMost(1.5))]);
    }
    Ok(results)
}

/// Creates so many accounts and invites.
pub(super) async fn fill(installation: &Installation, rows: u32) -> io::Result<()> {
    let rows = rows.to_string();
    installation.run(&["demo", "--accounts", &rows, "--links", &rows, "--password-stdin"], PASSWORD)?;
    installation.settle().await
}

/// A server, and the paths that are requested from it.
struct ListServer {
    server: Server,
    headers: String,
    paths: Vec<(&'static str, String)>,
}

impl ListServer {
    async fn start(installation: &Installation, rows: u32) -> io::Result<Self> {
        let key = installation.run(&["key", "create", "--account", "ngozi"], "")?;
        let headers = bearer(&key);
        let server = installation.serve().await?;
        let mut client = Client::connect(&server.addr).await?;
        let (invites, redemptions) = ("/api/v1/admin/invites", "/api/v1/admin/redemptions");
        let middle_invites = middle_page(&mut client, &headers, invites, rows).await?;
        let middle_redemptions = middle_page(&mut client, &headers, redemptions, rows).await?;
        let latest = json(&client.get(redemptions, &headers).await?.body)?["items"][0]["invite"]["id"].clone();
        let of_invite = format!("{redemptions}?invite={}", latest.as_str().unwrap_or_default());
        let members = "/api/v1/admin/accounts";
        create_groups(&mut client, &headers, rows).await?;
        let groups = json(&client.get("/api/v1/admin/groups?q=potters", &headers).await?.body)?;
        let group = groups["items"][0]["id"].as_str().unwrap_or_default().to_owned();
        let of_group = json(&client.get(&format!("/api/v1/admin/groups/{group}/members"), &headers).await?.body)?;
        let member = of_group["items"][0]["account"]["id"].as_str().unwrap_or_default().to_owned();
        let cookie = sign_in(&mut client, &server.addr, "ngozi").await?;
        Ok(Self {
            headers: format!("{headers}{cookie}"),
            server,
            paths: vec![
                ("invites, first page", invites.to_owned()),
                ("invites, page in the middle", middle_invites),
                // As many as a thousand rows have, too: what grows is the number of matches.
                ("invites, search", format!("{invites}?q=kiln&limit=10")),
                ("redemptions, first page", redemptions.to_owned()),
                ("redemptions, page in the middle", middle_redemptions),
                ("redemptions of one invite", of_invite),
                ("members of one group", format!("{members}?group={group}")),
                ("members, last active first", format!("{members}?sort=last_active&order=desc")),
                ("members, search", format!("{members}?q=chen&limit=10")),
                // Its page says what it may do, by its role and each of its groups.
                ("permissions of one member", format!("/admin/members/{member}")),
                ("overview page", "/admin".to_owned()),
            ],
        })
    }

    async fn millis(&self, bench: &Bench, path: &str) -> io::Result<f64> {
        let get = Get::new(&self.server.addr, path, &self.headers);
        let load = load::run(&self.server.addr, 1, bench.time / 3, get).await?;
        Ok(crate::report::median(&load.millis))
    }
}

/// Creates groups, as many as there are for each thousand rows; at most a thousand.
async fn create_groups(client: &mut Client, headers: &str, rows: u32) -> io::Result<()> {
    for number in 0..(rows / FEW).min(FEW) {
        let body = format!(r#"{{"name":"Group {number}"}}"#);
        expect(201, &client.post("/api/v1/admin/groups", headers, "application/json", &body).await?)?;
    }
    Ok(())
}

/// The path of the page in the middle of a list, found by following the cursors.
async fn middle_page(client: &mut Client, headers: &str, list: &str, rows: u32) -> io::Result<String> {
    let mut path = format!("{list}?limit={PAGE_SIZE}");
    let mut cursor = None;
    for _ in 0..rows / 2 / PAGE_SIZE {
        let answer = client.get(&path, headers).await?;
        load::expect(200, &answer)?;
        match json(&answer.body)?["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
        path = format!("{list}?limit={PAGE_SIZE}&cursor={}", cursor.as_deref().unwrap_or_default());
    }
    cursor.map(|cursor| format!("{list}?cursor={cursor}")).ok_or_else(|| io::Error::other("the list has only one page"))
}
