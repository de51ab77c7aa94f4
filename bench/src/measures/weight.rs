//! How much there is to download, to start and to keep in memory.

use std::io;
use std::time::Duration;

use super::{Bench, make_link, sign_in};
use crate::client::{Answer, Client};
use crate::load::expect;
use crate::report::{Figure, Goal};
use crate::server::Place;

const KIB: f64 = 1_024.0;
/// After which time of rest memory is read.
const REST: Duration = Duration::from_mins(1);

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let place = bench.sqlite("weight")?;
    let key = place.owner()?;
    let mut figures = downloads(&place, &key).await?;

    let starts = bench
        .repeat("start to first answer, ms", async || {
            let server = place.serve().await?;
            let millis = server.started.as_secs_f64() * 1_000.0;
            drop(server);
            Ok(millis)
        })
        .await?;
    let start = Figure::new("start on a database that is there, to the first 200", "ms", 0, starts);
    figures.push(start.within("ms", Goal::AtMost(150.0)));

    let server = place.serve().await?;
    tokio::time::sleep(REST).await;
    let memory = server.memory("VmRSS")?;
    drop(server);
    let memory = Figure::new("resident memory a minute after the start", "MiB", 0, vec![memory]);
    figures.push(memory.within("MiB", Goal::AtMost(40.0)));
    Ok(figures)
}

/// What a browser downloads, as it is sent to one that takes brotli.
async fn downloads(place: &Place, key: &str) -> io::Result<Vec<Figure>> {
    let server = place.serve().await?;
    let mut client = Client::connect(&server.addr).await?;
    let code = make_link(&mut client, key, "{\"label\":\"Evening\"}").await?;
    let cookie = sign_in(&mut client, &server.addr, "ines").await?;
    let dashboard = text(client.get("/admin", &cookie).await?)?;
    let mut bundle = 0.0;
    for path in assets(&dashboard) {
        bundle += weigh(&mut client, &path).await?;
    }
    let path = format!("/signup?inv={code}");
    let page = text(client.get(&path, "").await?)?;
    let mut public = weigh(&mut client, &path).await?;
    for path in assets(&page) {
        public += weigh(&mut client, &path).await?;
    }
    drop(server);
    Ok(vec![
        Figure::new("the dashboard's first download: WASM, JS and CSS, brotli", "KiB", 0, vec![bundle / KIB])
            .within("KiB", Goal::AtMost(300.0)),
        Figure::new("a public page: HTML and CSS, brotli", "KiB", 0, vec![public / KIB])
            .within("KiB", Goal::AtMost(20.0)),
    ])
}

/// The addresses of styles, scripts and programs in a page, each once.
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

async fn weigh(client: &mut Client, path: &str) -> io::Result<f64> {
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
