//! Silent and slow connections do not make the server unavailable.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use server::address::PublicUrl;
use server::connections::Limits;
use server::{AppState, Site};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::harness::app::ORIGIN;
use crate::harness::people::sign_up;
use crate::harness::process::{Server, latchkey, owner_key, through_shell};
use crate::harness::{Database, Kind, TestApp};

/// Timeout of operations that do not depend on a limit.
const LONG: Duration = Duration::from_mins(1);

/// A server in this process with the given limits.
struct Listening {
    addr: SocketAddr,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
    _app: TestApp,
}

impl Listening {
    async fn with(limits: Limits) -> Self {
        let app = TestApp::sqlite().await;
        let state = AppState::new(app.ctx.clone(), Site::new(PublicUrl::parse(ORIGIN).unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (addr, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let task = tokio::spawn(server::serve(listener, state, limits, stop.clone()));
        Self { addr, stop, task, _app: app }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.unwrap()
    }

    async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(LONG, self.task).await.expect("it stops").unwrap();
    }
}

/// Waits until the server closes the connection, and returns how long that took. Discards what it sends.
async fn closed(stream: &mut TcpStream) -> Duration {
    let (start, mut buffer) = (Instant::now(), [0; 4_096]);
    let read = async {
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                Err(error) => panic!("{error}"),
            }
        }
    };
    tokio::time::timeout(LONG, read).await.expect("the server never closed the connection");
    start.elapsed()
}

/// Sends a request and reads the response.
async fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok\n") {
        let mut buffer = [0; 4_096];
        let count = tokio::time::timeout(LONG, stream.read(&mut buffer)).await.expect("an answer").unwrap();
        assert!(count > 0, "closed: {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_and_slow_connections_are_closed() {
    let limits = Limits {
        head: Duration::from_millis(500),
        idle: Duration::from_millis(1_500),
        request: Duration::from_secs(3),
        ..Limits::new(1_024)
    };
    let server = Listening::with(limits).await;

    let mut silent = server.connect().await;
    let took = closed(&mut silent).await;
    assert!(took < Duration::from_secs(20), "{took:?}");

    // Bytes arrive regularly, but the head never ends.
    let mut slow = server.connect().await;
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ").await.unwrap();
    let (mut reading, mut writing) = slow.split();
    let start = Instant::now();
    let dripping = async {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if writing.write_all(b"x").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut buffer = [0; 64];
    tokio::select! {
        _ = reading.read(&mut buffer) => {}
        () = dripping => unreachable!("it never ends by itself"),
        () = tokio::time::sleep(LONG) => panic!("a head may take as long as it likes"),
    }
    assert!(start.elapsed() < Duration::from_secs(20));

    // After a request the limit is longer.
    let mut idle = server.connect().await;
    assert!(ask(&mut idle).await.starts_with("HTTP/1.1 200 "));
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(ask(&mut idle).await.starts_with("HTTP/1.1 200 "), "longer than the limit of the first head");
    let took = closed(&mut idle).await;
    assert!(took > Duration::from_secs(1) && took < Duration::from_secs(20), "{took:?}");

    // A missing body: the limit on requests closes the connection before the limit on bodies applies.
    let mut stalled = server.connect().await;
    stalled
        .write_all(b"POST /login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\n\r\n")
        .await
        .unwrap();
    let took = closed(&mut stalled).await;
    assert!(took < Duration::from_secs(15), "{took:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_request_head_is_refused() {
    let server = Listening::with(Limits::new(1_024)).await;
    let mut stream = server.connect().await;
    let long = format!("GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-long: {}\r\n\r\n", "x".repeat(40_000));
    // The server may close the connection early.
    let _ = stream.write_all(long.as_bytes()).await;
    let mut answer = [0; 12];
    tokio::time::timeout(LONG, stream.read_exact(&mut answer)).await.expect("an answer").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
    server.stop().await;
}

async fn connect_from(from: IpAddr, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(from, 0))?;
    socket.connect(to).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_at_its_limit_loses_its_own_silent_connections() {
    let limits = Limits { head: LONG * 10, idle: LONG * 10, per_network: 3, ..Limits::new(1_024) };
    let server = Listening::with(limits).await;
    let mut neighbour = connect_from([127, 0, 0, 3].into(), server.addr).await.unwrap();
    let from = [127, 0, 0, 2].into();
    let mut asked = connect_from(from, server.addr).await.unwrap();
    ask(&mut asked).await;
    let mut silent = [connect_from(from, server.addr).await.unwrap(), connect_from(from, server.addr).await.unwrap()];
    let mut fourth = connect_from(from, server.addr).await.unwrap();
    assert!(ask(&mut fourth).await.starts_with("HTTP/1.1 200 "), "a newcomer is let in");
    let mut fifth = connect_from(from, server.addr).await.unwrap();
    ask(&mut fifth).await;
    for silent in &mut silent {
        closed(silent).await;
    }
    ask(&mut asked).await;
    ask(&mut neighbour).await;
    server.stop().await;
}

/// Number of silent connections.
const SILENT: u64 = 5_000;
/// Number of IP addresses they come from, so that none reaches its limit.
const ADDRESSES: u8 = 50;

/// Raises the soft limit on open files of this process and returns it.
fn own_descriptors() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).expect("the limit this process may give itself");
    limit.maximum.unwrap_or(u64::MAX)
}

async fn join(server: &Server, code: &Value, name: String) {
    // A new caller opens a new connection.
    server.caller().sign_up(&sign_up(code, &name)).await.expect(201);
}

async fn sign_ups_succeed_beside_silent_connections(preparations: &str) {
    let database = Database::fresh(Kind::Sqlite).await;
    let key = owner_key(&database);
    let mut command = latchkey(&database);
    command.env("LATCHKEY_RATE_LIMITS", "on");
    let mut server = Server::launch_by(through_shell(preparations, &command), &database);
    server.wait_until_it_serves().await;
    let caller = server.caller();
    let code = caller.invite(&key, &json!({})).await["code"].clone();
    let addr: SocketAddr = caller.address().parse().unwrap();
    let count = SILENT.min(own_descriptors().saturating_sub(1_000));
    assert!(count >= 2_000, "this machine allows too few open files to try it");
    let mut silent = Vec::new();
    for number in 0..count {
        let from = [127, 0, 1, 2 + u8::try_from(number % u64::from(ADDRESSES)).unwrap()].into();
        let connected = tokio::time::timeout(LONG, connect_from(from, addr)).await;
        silent.push(connected.expect("the port is there").expect("a connection"));
        if number % 500 == 250 {
            join(&server, &code, format!("during{number}")).await;
        }
    }
    for number in 0..5 {
        join(&server, &code, format!("after{number}")).await;
    }
    let start = Instant::now();
    for stream in &mut silent {
        closed(stream).await;
    }
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
    let came = database.rows("redemptions").await;
    assert_eq!(came, i64::try_from(count / 500).unwrap() + 5);
    let log = server.log_after_stopping();
    assert!(!log.contains("cannot accept connections"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ups_succeed_beside_5000_silent_connections() {
    // The default of most systems. The server raises it.
    sign_ups_succeed_beside_silent_connections("ulimit -S -n 1024").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ups_succeed_beside_5000_silent_connections_with_1024_open_files() {
    sign_ups_succeed_beside_silent_connections("ulimit -n 1024").await;
}
