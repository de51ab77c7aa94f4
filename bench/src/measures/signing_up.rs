//! Sign-ups (a password hash and a transaction), and signing in while many sign-ups wait.

use std::io;
use std::time::Duration;

use super::{Bench, FORM, create_invite, origin, sign_in_form};
use crate::client::Client;
use crate::limits;
use crate::load::{self, Request, expect};
use crate::report::{Goal, Measurement, median};
use crate::server::{Installation, PASSWORD, Server};

/// Enough connections that a password is always waiting to be hashed.
const CONNECTIONS: usize = 16;
/// The number of concurrent sign-ups while memory and sign-in are measured.
const CONCURRENT_SIGN_UPS: usize = 256;
/// The factor for the duration of measurements of sign-ups. There are about 100 a second, too few for short ones.
const TIME_FACTOR: u32 = 2;

struct SignUp {
    code: String,
    run: String,
}

impl Request for SignUp {
    async fn send(&self, client: &mut Client, number: u64) -> io::Result<()> {
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

impl Request for SignIn {
    async fn send(&self, client: &mut Client, _number: u64) -> io::Result<()> {
        expect(303, &client.post("/login", &self.headers, FORM, &sign_in_form("ines")).await?)
    }
}

pub(super) async fn measure(bench: &Bench) -> io::Result<Vec<Measurement>> {
    let time = bench.time * TIME_FACTOR;
    let hashes = bench.repeat("argon2id alone", async || Ok(limits::argon2(bench.cores, bench.time))).await?;
    let reference = Measurement::new("argon2id alone, every core", "/s", 0, hashes);
    let mut results = vec![reference.clone()];

    let installation = bench.sqlite("signing-up")?;
    let (server, code) = start(&installation).await?;
    let runs = sign_ups(bench, "sign-ups, SQLite", &server, &code, time).await?;
    results.push(
        Measurement::new("completed sign-ups, SQLite (WAL, `synchronous=FULL`)", "/s", CONNECTIONS, runs)
            .ratio_to(&reference, Goal::AtLeast(0.85)),
    );
    results.extend(under_load(bench, &server, &code).await?);
    drop(server);

    if let Some(url) = &bench.postgres {
        let installation = bench.installation("signing-up-postgres", Some(url.clone()))?;
        let (server, code) = start(&installation).await?;
        let runs = sign_ups(bench, "sign-ups, PostgreSQL", &server, &code, time).await?;
        results.push(
            Measurement::new("completed sign-ups, PostgreSQL on the same machine", "/s", CONNECTIONS, runs)
                .ratio_to(&reference, Goal::AtLeast(0.75)),
        );
        drop(server);
    }
    Ok(results)
}

async fn start(installation: &Installation) -> io::Result<(Server, String)> {
    let key = installation.create_owner()?;
    let server = installation.serve().await?;
    let code = create_invite(&mut Client::connect(&server.addr).await?, &key, "{}").await?;
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

/// Memory, and the duration of signing in, while many sign-ups wait.
async fn under_load(bench: &Bench, server: &Server, code: &str) -> io::Result<Vec<Measurement>> {
    let (mut memory, mut wait) = (Vec::new(), Vec::new());
    for run in 0..bench.runs {
        let sign_up = SignUp { code: code.to_owned(), run: format!("load{run}") };
        let sign_in = SignIn { headers: origin(&server.addr) };
        let (sign_ups, sign_ins) = tokio::join!(
            load::run(&server.addr, CONCURRENT_SIGN_UPS, bench.time * TIME_FACTOR, sign_up),
            load::run(&server.addr, 1, bench.time, sign_in),
        );
        sign_ups?;
        wait.push(median(&sign_ins?.millis));
        memory.push(server.memory("VmHWM")?);
    }
    eprintln!("    signing in during {CONCURRENT_SIGN_UPS} sign-ups: {wait:.0?} ms; memory: {memory:.0?} MiB");
    #[expect(clippy::cast_precision_loss, reason = "a count of cores")]
    let bound = 60.0 + 19.0 * (bench.cores + bench.cores.div_ceil(2)) as f64;
    Ok(vec![
        Measurement::new(
            format!("peak resident memory with {CONCURRENT_SIGN_UPS} waiting sign-ups"),
            "MiB",
            CONCURRENT_SIGN_UPS,
            memory,
        )
        .within("60 MiB + 19 MiB per hashing permit", Goal::AtMost(bound)),
        Measurement::new("signing in during these sign-ups", "ms", 1, wait).within("ms", Goal::AtMost(1_000.0)),
    ])
}
