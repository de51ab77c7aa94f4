//! SIGKILL at random moments, in the middle of messages, while mails are sent: each arrives at least once, and again
//! only if it was accepted before the process that gave it was killed.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::BufReader;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::harness::mail::{read, reply};
use crate::harness::process::{Server, latchkey, owner_key};
use crate::harness::random_delays::RandomDelays;
use crate::harness::{Database, Kind};

/// Number of times the servers are killed.
const KILLS: usize = 5;
/// Number of mails that are written before each time, and at the end.
const MAILS: usize = 150;
/// Maximum time from the first mail of a round to the kill.
const MAX_DELAY: Duration = Duration::from_millis(700);
/// Maximum time until everything has arrived.
const PATIENCE: Duration = Duration::from_mins(4);
/// How long what a process sent before its end may be on the way.
const ON_THE_WAY: Duration = Duration::from_millis(500);

/// A mail server that takes its time to reply.
#[derive(Clone)]
struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// Recipients, with the time at which the message was accepted.
    accepted: Mutex<Vec<(String, Instant)>>,
    /// The number of messages in whose middle it is.
    open: AtomicUsize,
}

impl Sink {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sink = Self { address: listener.local_addr().expect("an address"), shared: Arc::default() };
        let shared = sink.shared.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                tokio::spawn(async move { converse(stream, &shared).await });
            }
        });
        sink
    }

    fn url(&self) -> String {
        format!("smtp://{}?encryption=none", self.address)
    }

    /// Waits until a message has begun, or for a moment, if there is none any more.
    async fn until_in_the_middle(&self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.shared.open.load(Ordering::SeqCst) == 0 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn converse(stream: TcpStream, shared: &Shared) -> Option<()> {
    let (mut stream, mut to) = (BufReader::new(stream), String::new());
    reply(&mut stream, "220 sink").await?;
    loop {
        let line = read(&mut stream).await?;
        match line.get(..4).unwrap_or_default() {
            "EHLO" => reply(&mut stream, "250 sink").await?,
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).expect("an address").to_owned();
                reply(&mut stream, "250 Ok").await?;
            }
            "DATA" => {
                shared.open.fetch_add(1, Ordering::SeqCst);
                let replied = data(&mut stream, &to, shared).await;
                shared.open.fetch_sub(1, Ordering::SeqCst);
                replied?;
            }
            _ => reply(&mut stream, "250 Ok").await?,
        }
    }
}

async fn data(stream: &mut BufReader<TcpStream>, to: &str, shared: &Shared) -> Option<()> {
    reply(stream, "354 Go ahead").await?;
    while read(stream).await? != "." {}
    let number = {
        let mut accepted = shared.accepted.lock().expect("no panic");
        accepted.push((to.to_owned(), Instant::now()));
        accepted.len() as u64
    };
    tokio::time::sleep(Duration::from_millis(number % 5 * 6)).await;
    reply(stream, "250 Ok").await
}

/// Writes mails, as the transactions of what they tell do.
async fn write_mails(database: &Database, round: usize) {
    let into = "INSERT INTO outbox (id, target_id, account_id, event, payload, created_at)";
    let of = "FROM n, outbox_targets t, accounts a WHERE t.kind = 'mail' AND a.username = 'ines'";
    let payload = format!(r#"'{{"kind":"test","to":"m{round}-' || i || '@example.org"}}'"#);
    let sqlite = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MAILS}) {into}
         SELECT randomblob(16), t.id, a.id, 'test', {payload}, CAST(strftime('%s', 'now') AS INTEGER) * 1000000 {of}"
    );
    let postgres = format!(
        "WITH n(i) AS (SELECT generate_series(1, {MAILS})) {into}
         SELECT gen_random_uuid(), t.id, a.id, 'test', {payload},
             CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS BIGINT) {of}"
    );
    database.execute_either(&sqlite, &postgres).await;
}

async fn start(database: &Database, sink: &Sink, count: usize) -> Vec<Server> {
    let mut servers = Vec::new();
    for _ in 0..count {
        let mut command = latchkey(database);
        command.env("LATCHKEY_SMTP_URL", sink.url()).env("LATCHKEY_MAIL_FROM", "noreply@example.org");
        servers.push(Server::launch_by(command, database));
    }
    for server in &mut servers {
        server.wait_until_it_serves().await;
    }
    servers
}

async fn crash(kind: Kind, processes: usize) {
    let mut delays = RandomDelays::new(&format!("mail, {kind:?}"));
    let context = format!("seed {}, {kind:?}", delays.seed);
    let (database, sink) = (Database::fresh(kind).await, Sink::start().await);
    owner_key(&database);
    let mut kills = Vec::new();
    for round in 0..KILLS {
        write_mails(&database, round).await;
        let mut servers = start(&database, &sink, processes).await;
        sink.until_in_the_middle().await;
        tokio::time::sleep(delays.next(MAX_DELAY)).await;
        sink.until_in_the_middle().await;
        servers.drain(..).for_each(Server::kill);
        kills.push(Instant::now());
        // As after the minute of a lease.
        database.execute("UPDATE outbox_targets SET lease_until = 0").await;
        tokio::time::sleep(ON_THE_WAY).await;
    }
    write_mails(&database, KILLS).await;
    let servers = start(&database, &sink, processes).await;
    let waiting = "SELECT count(*) FROM outbox WHERE delivered_at IS NULL";
    let deadline = Instant::now() + PATIENCE;
    while database.number(waiting).await > 0 {
        assert!(Instant::now() < deadline, "{} mails wait: {context}", database.number(waiting).await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    servers.into_iter().for_each(Server::stop);

    let mut arrived: BTreeMap<String, Vec<Instant>> = BTreeMap::new();
    for (to, at) in sink.shared.accepted.lock().expect("no panic").iter() {
        arrived.entry(to.clone()).or_default().push(*at);
    }
    assert_eq!(arrived.len(), (KILLS + 1) * MAILS, "each has arrived: {context}");
    let mut repeated = 0;
    for (to, times) in &arrived {
        for pair in times.windows(2) {
            let is_between = |kill: &Instant| pair[0] <= *kill + ON_THE_WAY && *kill <= pair[1];
            assert!(kills.iter().any(is_between), "{to} was sent again without a reason: {context}");
            repeated += 1;
        }
    }
    // One process at a time sends, and one mail at a time.
    assert!(repeated <= KILLS, "{repeated} mails were sent again: {context}");
    eprintln!("{} mails, {repeated} sent again ({kind:?})", arrived.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_with_two_processes() {
    crash(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes() {
    crash(Kind::Postgres, 3).await;
}
