//! Pausing all invites of a list, few and many: the cost of one must not grow with their number.

use std::io;
use std::time::Instant;

use super::lists::fill;
use super::{Bench, bearer, json};
use crate::client::Client;
use crate::load::expect;
use crate::report::{Goal, Measurement};
use crate::server::Server;

/// The numbers of invites.
const ROWS: [u32; 2] = [1_000, 10_000];

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let mut lists = Vec::new();
    for rows in ROWS {
        let installation = bench.sqlite(&format!("bulk-{rows}"))?;
        fill(&installation, rows).await?;
        let headers = bearer(&installation.run(&["key", "create", "--account", "ngozi"], "")?);
        lists.push((installation.serve().await?, headers));
    }
    let what = ROWS.map(|rows| format!("pausing all of {rows} invites at once, each"));
    let what = [what[0].as_str(), what[1].as_str()];
    let mut runs = bench
        .in_turn(&what, async |index, _| {
            let (server, headers) = &lists[index];
            change_all(server, headers, "resume").await?;
            let started = Instant::now();
            let paused = change_all(server, headers, "pause").await?;
            Ok(started.elapsed().as_secs_f64() * 1e6 / paused)
        })
        .await?;
    let mut measured = what.map(|what| Measurement::new(what, "µs", 1, runs.next().unwrap_or_default())).into_iter();
    let (few, many) = (measured.next(), measured.next());
    let (Some(few), Some(many)) = (few, many) else { return Ok(Vec::new()) };
    let many = many.ratio_to(&few, Goal::AtMost(1.5));
    Ok(vec![few, many])
}

/// Changes every invite of the list. Returns the number of those that were changed.
async fn change_all(server: &Server, headers: &str, action: &str) -> io::Result<f64> {
    let mut client = Client::connect(&server.addr).await?;
    let body = format!(r#"{{"action":"{action}","matching":{{}}}}"#);
    let answer = client.post("/api/v1/admin/invites/bulk", headers, "application/json", &body).await?;
    expect(200, &answer)?;
    let changed = json(&answer.body)?["changed"].as_f64();
    changed.ok_or_else(|| io::Error::other("an answer without a count"))
}
