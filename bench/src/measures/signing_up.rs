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
    let mut what = vec!["argon2id alone, every core", "completed sign-ups, SQLite (WAL, `synchronous=FULL`)"];
    let mut goals = vec![Goal::AtLeast(0.92)];
    let mut targets = vec![Target::start(&bench.sqlite("signing-up")?).await?];
    if let Some(url) = &bench.postgres {
        what.push("completed sign-ups, PostgreSQL on the same machine");
        goals.push(Goal::AtLeast(0.85));
        targets.push(Target::start(&bench.installation("postgres", Some(url.clone()))?).await?);
    }
    let mut runs = bench
        .in_turn(&what, async |index, turn| match index.checked_sub(1) {
            None => Ok(limits::argon2(bench.cores, bench.time)),
            Some(target) => targets[target].sign_ups(turn, bench.time * TIME_FACTOR).await,
        })
        .await?;
    let reference = Measurement::new(what[0], "/s", 0, runs.next().unwrap_or_default());
    let mut results = vec![reference.clone()];
    for ((what, runs), goal) in what[1..].iter().zip(runs).zip(goals) {
        results.push(Measurement::new(*what, "/s", CONNECTIONS, runs).ratio_to(&reference, goal));
    }
    results.extend(targets[0].under_load(bench).await?);
    Ok(results)
}

/// A server with an invite that has no limit.
struct Target {
    server: Server,
    code: String,
}

impl Target {
    async fn start(installation: &Installation) -> io::Result<Self> {
        let key = installation.create_owner()?;
        let server = installation.serve().await?;
        let code = create_invite(&mut Client::connect(&server.addr).await?, &key, "{}").await?;
        Ok(Self { server, code })
    }

    async fn sign_ups(&self, turn: usize, time: Duration) -> io::Result<f64> {
        let sign_up = SignUp { code: self.code.clone(), run: turn.to_string() };
        Ok(load::run(&self.server.addr, CONNECTIONS, time, sign_up).await?.rate)
    }

    /// Memory, and the duration of signing in, while many sign-ups wait.
    async fn under_load(&self, bench: &Bench) -> io::Result<Vec<Measurement>> {
        let Self { server, code } = self;
        let (mut memory, mut wait) = (Vec::new(), Vec::new());
        for run in 0..bench.runs {
            let sign_up = SignUp { code: code.clone(), run: format!("load{run}") };
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
}
