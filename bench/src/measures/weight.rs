//! Size of downloads, start time and memory.

use std::io;
use std::time::Duration;

use super::{Bench, create_invite, sign_in};
use crate::client::{Answer, Client};
use crate::load::expect;
use crate::report::{Goal, Measurement};
use crate::server::Installation;

const KIB: f64 = 1_024.0;
/// The idle time before memory is measured.
const IDLE_TIME: Duration = Duration::from_mins(1);

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let installation = bench.sqlite("weight")?;
    let key = installation.create_owner()?;
    let mut results = downloads(&installation, &key).await?;

    let mut starts = bench
        .in_turn(&["start to first answer, ms"], async |_, _| {
            let server = installation.serve().await?;
            let millis = server.started.as_secs_f64() * 1_000.0;
            drop(server);
            Ok(millis)
        })
        .await?;
    let starts = starts.next().unwrap_or_default();
    let start = Measurement::new("start with an existing database, to the first answer", "ms", 0, starts);
    results.push(start.within("ms", Goal::AtMost(150.0)));

    let server = installation.serve().await?;
    tokio::time::sleep(IDLE_TIME).await;
    let memory = server.memory("VmRSS")?;
    drop(server);
    let memory = Measurement::new("resident memory a minute after the start", "MiB", 0, vec![memory]);
    results.push(memory.within("MiB", Goal::AtMost(40.0)));
    Ok(results)
}

/// The size of downloads, compressed with brotli.
async fn downloads(installation: &Installation, key: &str) -> io::Result<Vec<Measurement>> {
    let server = installation.serve().await?;
    let mut client = Client::connect(&server.addr).await?;
    let code = create_invite(&mut client, key, "{\"label\":\"Evening\"}").await?;
    let cookie = sign_in(&mut client, &server.addr, "ines").await?;
    let dashboard = text(client.get("/admin", &cookie).await?)?;
    let mut bundle = 0.0;
    for path in assets(&dashboard) {
        bundle += compressed_size(&mut client, &path).await?;
    }
    let path = format!("/signup?inv={code}");
    let page = text(client.get(&path, "").await?)?;
    let mut public = compressed_size(&mut client, &path).await?;
    for path in assets(&page) {
        public += compressed_size(&mut client, &path).await?;
    }
    drop(server);
    Ok(vec![
        Measurement::new("the dashboard's first download: WASM, JS and CSS, brotli", "KiB", 0, vec![bundle / KIB])
            .within("KiB", Goal::AtMost(300.0)),
        Measurement::new("a public page: HTML and CSS, brotli", "KiB", 0, vec![public / KIB])
            .within("KiB", Goal::AtMost(20.0)),
    ])
}

/// The paths of CSS, JavaScript and WASM files in a page, each once.
fn assets(page: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split(['"', '\''])
        .filter(|text| text.starts_with("/pkg/"))
        .filter(|path| [".css", ".js", ".wasm"].iter().any(|kind| path.ends_with(kind)))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The size of an answer, compressed with brotli, in bytes.
async fn compressed_size(client: &mut Client, path: &str) -> io::Result<f64> {
    let answer = client.get(path, "accept-encoding: br\r\n").await?;
    expect(200, &answer)?;
    #[expect(clippy::cast_precision_loss, reason = "a few hundred thousand bytes")]
    let bytes = answer.body.len() as f64;
    Ok(bytes)
}

fn text(answer: Answer) -> io::Result<String> {
    expect(200, &answer)?;
    String::from_utf8(answer.body).map_err(io::Error::other)
}
