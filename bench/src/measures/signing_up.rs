//! Signing up, which is hashing a password and a transaction; and signing in, while many wait to sign up.

use std::io;
use std::time::Duration;

use super::{Bench, FORM, make_link, origin, sign_in_form};
use crate::client::Client;
use crate::limits;
use crate::load::{self, AsyncAsk, expect};
use crate::report::{Figure, Goal, median};
use crate::server::{PASSWORD, Place, Server};

/// Enough that there is always a next password to hash.
const CONNECTIONS: usize = 16;
/// How many wait at the same time when memory and sign-in are measured.
const CROWD: usize = 256;
/// Sign-ups come some 100 a second: shorter measurements would count too few.
const LONGER: u32 = 2;

struct SignUp {
    code: String,
    run: String,
}

impl AsyncAsk for SignUp {
    async fn ask(&self, client: &mut Client, number: u64) -> io::Result<()> {
        let name = format!("p{}-{number}", self.run);
        let body = format!(
            "{{\"code\":\"{}\",\"email\":\"{name}@example.org\",\"username\":\"{name}\",\"password\":\"{PASSWORD}\"}}",
            self.code
        );
        expect(201, &client.post("/api/v1/signup", "", "application/json", &body).await?)
    }
}

struct SignIn {
    headers: String,
}

impl AsyncAsk for SignIn {
    async fn ask(&self, client: &mut Client, _number: u64) -> io::Result<()> {
        expect(303, &client.post("/login", &self.headers, FORM, &sign_in_form("ines")).await?)
    }
}

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let time = bench.time * LONGER;
    let limit = bench.repeat("argon2id alone", async || Ok(limits::argon2(bench.cores, bench.time))).await?;
    let limit = Figure::new("argon2id alone, every core", "/s", 0, limit);
    let mut figures = vec![limit.clone()];

    let place = bench.sqlite("signing-up")?;
    let (server, code) = start(&place).await?;
    let runs = sign_ups(bench, "sign-ups, SQLite", &server, &code, time).await?;
    figures.push(
        Figure::new("completed sign-ups, SQLite (WAL, `synchronous=FULL`)", "/s", CONNECTIONS, runs)
            .ratio_to(&limit, Goal::AtLeast(0.85)),
    );
    figures.extend(crowd(bench, &server, &code).await?);
    drop(server);

    if let Some(url) = &bench.postgres {
        let place = bench.place("signing-up-postgres", Some(url.clone()))?;
        let (server, code) = start(&place).await?;
        let runs = sign_ups(bench, "sign-ups, PostgreSQL", &server, &code, time).await?;
        figures.push(
            Figure::new("completed sign-ups, PostgreSQL beside it", "/s", CONNECTIONS, runs)
                .ratio_to(&limit, Goal::AtLeast(0.75)),
        );
        drop(server);
    }
    Ok(figures)
}

async fn start(place: &Place) -> io::Result<(Server, String)> {
    let key = place.owner()?;
    let server = place.serve().await?;
    let code = make_link(&mut Client::connect(&server.addr).await?, &key, "{}").await?;
    Ok((server, code))
}

async fn sign_ups(bench: &Bench, what: &str, server: &Server, code: &str, time: Duration) -> io::Result<Vec<f64>> {
    let mut run = 0;
    bench
        .repeat(what, async || {
            run += 1;
            let sign_up = SignUp { code: code.to_owned(), run: run.to_string() };
            Ok(load::run(&server.addr, CONNECTIONS, time, sign_up).await?.rate)
        })
        .await
}

/// Memory, and the wait of someone who signs in, while a crowd waits to sign up.
async fn crowd(bench: &Bench, server: &Server, code: &str) -> io::Result<Vec<Figure>> {
    let (mut memory, mut wait) = (Vec::new(), Vec::new());
    for run in 0..bench.runs {
        let sign_up = SignUp { code: code.to_owned(), run: format!("crowd{run}") };
        let sign_in = SignIn { headers: origin(&server.addr) };
        let (crowd, one) = tokio::join!(
            load::run(&server.addr, CROWD, bench.time * LONGER, sign_up),
            load::run(&server.addr, 1, bench.time, sign_in),
        );
        crowd?;
        wait.push(median(&one?.millis));
        memory.push(server.memory("VmHWM")?);
    }
    eprintln!("    sign-in beside {CROWD} sign-ups: {wait:.0?} ms; memory: {memory:.0?} MiB");
    #[expect(clippy::cast_precision_loss, reason = "a count of cores")]
    let bound = 60.0 + 19.0 * (bench.cores + bench.cores.div_ceil(2)) as f64;
    Ok(vec![
        Figure::new(format!("resident memory at its most, {CROWD} waiting to sign up"), "MiB", CROWD, memory)
            .within("60 MiB + 19 MiB a hashing permit", Goal::AtMost(bound)),
        Figure::new("signing in meanwhile, median", "ms", 1, wait).within("ms", Goal::AtMost(1_000.0)),
    ])
}
