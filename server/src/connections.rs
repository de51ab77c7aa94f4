//! Accepts connections and limits them: in time, in total number, and per network of the client.
//!
//! There are time limits for the first request head, between requests, and for each request. When a limit on the number of
//! connections is reached, a new connection is accepted and another one is closed: one that has not sent any request, or
//! else the one that has been idle longest. So silent connections displace each other, and clients that send requests are
//! served.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

/// Maximum size of a request head in bytes. A longer one is answered with 431.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// Maximum number of connections, whatever the limit on open files.
const MAX_CONNECTIONS: u64 = 8_192;
/// Number of open files reserved for the database, assets and the log.
const OTHER_DESCRIPTORS: u64 = 256;
/// Number of these that connections may have which are being closed for others.
const CLOSING_DESCRIPTORS: usize = 64;
/// Maximum number of connections per network. An office or a school may share one address; a browser opens up to six
/// connections, and idle ones are closed first.
const MAX_PER_NETWORK: usize = 256;
/// Pause after the system failed to accept a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// Limits on connections.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Maximum time from the start of a connection to the end of its first request head.
    pub head: Duration,
    /// Maximum time between two requests, including the next head. Longer than the 60 seconds of reverse proxies, so that
    /// they do not send a request into a connection that is being closed.
    pub idle: Duration,
    /// Maximum time of a request, from its head to the last byte of the response.
    pub request: Duration,
    /// Maximum number of connections.
    pub all: usize,
    /// Maximum number of connections per IPv4 address or IPv6 /64.
    pub per_network: usize,
    /// Networks without a limit, whose connections are never closed for others: trusted proxies.
    pub exempt: Vec<IpNet>,
}

impl Limits {
    /// The default limits of a process that may have `descriptors` open files.
    #[must_use]
    pub fn new(descriptors: u64) -> Self {
        let all = descriptors.saturating_sub(OTHER_DESCRIPTORS).max(descriptors / 2).min(MAX_CONNECTIONS);
        Self {
            head: Duration::from_secs(15),
            idle: Duration::from_secs(75),
            request: Duration::from_mins(5),
            all: usize::try_from(all).unwrap_or(usize::MAX),
            per_network: MAX_PER_NETWORK,
            exempt: Vec::new(),
        }
    }
}

/// Serves `router` on `listener` until `stop` is cancelled and all running requests have ended.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let connections = Arc::new(Connections::new(limits));
    let router = router.with_state(());
    let tasks = TaskTracker::new();
    loop {
        let accepted = async {
            connections.closing().await;
            accept(&listener).await
        };
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accepted => accepted,
        };
        let admitted = tokio::select! {
            () = stop.cancelled() => break,
            admitted = connections.admit(peer.ip()) => admitted,
        };
        // `None`: the network is at its limit, and all of its connections have running requests.
        if let Some(connection) = admitted {
            tracing::trace!(%peer, "accepted a connection");
            tasks.spawn(answer(stream, peer, router.clone(), connection, connections.clone(), stop.clone()));
        }
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The client closed the connection before it was accepted.
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept connections");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Handles the requests of a connection until it is closed by a side or a limit.
async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    connection: Arc<Connection>,
    connections: Arc<Connections>,
    stop: CancellationToken,
) {
    let _leaves = Leaves { connection: &connection, connections: &connections };
    let limits = &connections.limits;
    let requests = service_fn(|request: Request<Incoming>| {
        connection.begin_request(connections.base, limits.request);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().call(request);
        let (connection, connections) = (connection.clone(), connections.clone());
        async move {
            let response: Response<Body> = answer.await?;
            Ok::<_, Infallible>(response.map(|body| Answer { body, connection, connections }))
        }
    });
    // In hyper 1.12 (`proto/h1/conn.rs`) this timeout starts with every wait for a head, so it is also the idle timeout. The
    // deadline below is shorter for the first head.
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_header_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), requests);
    let mut http = pin!(http);
    let mut deadline = pin!(tokio::time::sleep_until(connection.deadline(connections.base)));
    let (mut stopped, mut gives_way) = (pin!(stop.cancelled()), pin!(connection.give_way.cancelled()));
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = http.as_mut() => {
                if let Err(error) = ended {
                    tracing::trace!(%error, "a connection failed");
                }
                break;
            }
            () = gives_way.as_mut() => break,
            () = deadline.as_mut() => {
                let next = connection.deadline(connections.base);
                if next <= Instant::now() {
                    break;
                }
                deadline.as_mut().reset(next);
            }
            () = stopped.as_mut(), if !stopping => {
                stopping = true;
                http.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Removes the connection from the list when its task ends, after its socket is closed.
struct Leaves<'a> {
    connection: &'a Arc<Connection>,
    connections: &'a Connections,
}

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.connections.leave(self.connection);
    }
}

/// No deadline. Instants are in milliseconds since the start of the server.
const NEVER: u64 = u64::MAX;
/// Value of `waits_since` while a request is running.
const BUSY: u64 = u64::MAX;

/// An open connection.
#[derive(Debug)]
struct Connection {
    id: u64,
    /// `None` for exempt networks.
    network: Option<Network>,
    /// Start of the wait for a request, or [`BUSY`].
    waits_since: AtomicU64,
    /// Whether it has sent a request.
    has_asked: AtomicBool,
    /// Deadline, or [`NEVER`].
    ends_at: AtomicU64,
    give_way: CancellationToken,
}

impl Connection {
    fn begin_request(&self, base: Instant, limit: Duration) {
        self.has_asked.store(true, Ordering::Relaxed);
        self.waits_since.store(BUSY, Ordering::Relaxed);
        self.ends_at.store(millis(base.elapsed() + limit), Ordering::Relaxed);
    }

    fn end_request(&self, base: Instant) {
        self.waits_since.store(millis(base.elapsed()), Ordering::SeqCst);
        // From here on the idle timeout of hyper applies.
        self.ends_at.store(NEVER, Ordering::Relaxed);
    }

    fn deadline(&self, base: Instant) -> Instant {
        match self.ends_at.load(Ordering::Relaxed) {
            // There is no infinite instant; the deadline is checked again after a day.
            NEVER => Instant::now() + Duration::from_hours(24),
            at => base + Duration::from_millis(at),
        }
    }

    /// Order in which connections are closed; `None` while a request is running.
    fn rank(&self) -> Option<(bool, u64)> {
        let since = self.waits_since.load(Ordering::SeqCst);
        (since != BUSY && self.network.is_some()).then(|| (self.has_asked.load(Ordering::Relaxed), since))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(NEVER - 1)
}

/// An IPv4 address, or the /64 an IPv6 address is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Network([u8; 16]);

impl Network {
    fn of(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(ip) => Self(ip.to_ipv6_mapped().octets()),
            IpAddr::V6(ip) => {
                let mut octets = ip.octets();
                octets[8..].fill(0);
                Self(octets)
            }
        }
    }
}

/// All open connections.
#[derive(Debug)]
struct Connections {
    limits: Limits,
    base: Instant,
    open: Mutex<Open>,
    /// Notified when a connection may be closed for a waiting new one.
    room: Notify,
    is_full: AtomicBool,
    /// Number of sockets of admitted connections. A connection that gives way leaves [`Open`] at once, and keeps its socket until
    /// its task runs.
    sockets: AtomicUsize,
    /// Notified when a socket is closed.
    closed: Notify,
}

#[derive(Debug, Default)]
struct Open {
    all: HashMap<u64, Arc<Connection>>,
    of_network: HashMap<Network, usize>,
    next: u64,
}

/// Outcome for a new connection.
enum Admission {
    In(Arc<Connection>),
    /// All connections have running requests; wait.
    Full,
    /// All connections of this network have running requests; refuse.
    TooMany,
}

impl Connections {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            base: Instant::now(),
            open: Mutex::default(),
            room: Notify::new(),
            is_full: AtomicBool::new(false),
            sockets: AtomicUsize::new(0),
            closed: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a connection from `peer`, waiting if necessary; `None` if its network is at its limit with running requests.
    async fn admit(&self, peer: IpAddr) -> Option<Arc<Connection>> {
        loop {
            let room = self.room.notified();
            match self.try_admit(peer) {
                Admission::In(connection) => return Some(connection),
                Admission::TooMany => return None,
                Admission::Full => room.await,
            }
        }
    }

    /// Waits while too many connections that gave way are not closed yet: the next one could have no descriptor.
    async fn closing(&self) {
        loop {
            let closed = self.closed.notified();
            if self.sockets.load(Ordering::SeqCst) < self.limits.all + CLOSING_DESCRIPTORS {
                return;
            }
            closed.await;
        }
    }

    fn try_admit(&self, peer: IpAddr) -> Admission {
        let peer = peer.to_canonical();
        let is_exempt = self.limits.exempt.iter().any(|net| net.contains(&peer));
        let network = (!is_exempt).then(|| Network::of(peer));
        let mut open = self.lock();
        if let Some(network) = network
            && open.of_network.get(&network).is_some_and(|count| *count >= self.limits.per_network)
            && !open.make_room(|connection| connection.network == Some(network))
        {
            return Admission::TooMany;
        }
        if open.all.len() >= self.limits.all && !open.make_room(|_| true) {
            // Set before the second check, so that a request that ends in between is either seen here or notifies.
            self.is_full.store(true, Ordering::SeqCst);
            if !open.make_room(|_| true) {
                return Admission::Full;
            }
        }
        let now = millis(self.base.elapsed());
        let connection = Arc::new(Connection {
            id: open.next,
            network,
            waits_since: AtomicU64::new(now),
            has_asked: AtomicBool::new(false),
            ends_at: AtomicU64::new(now.saturating_add(millis(self.limits.head))),
            give_way: CancellationToken::new(),
        });
        open.next += 1;
        self.sockets.fetch_add(1, Ordering::SeqCst);
        open.all.insert(connection.id, connection.clone());
        if let Some(network) = network {
            *open.of_network.entry(network).or_default() += 1;
        }
        Admission::In(connection)
    }

    fn leave(&self, connection: &Connection) {
        self.lock().remove(connection.id);
        self.say_there_is_room();
        self.sockets.fetch_sub(1, Ordering::SeqCst);
        self.closed.notify_waiters();
    }

    fn say_there_is_room(&self) {
        if self.is_full.load(Ordering::SeqCst) && self.is_full.swap(false, Ordering::SeqCst) {
            self.room.notify_waiters();
        }
    }
}

impl Open {
    /// Closes the first connection in rank that `may` be closed; false if there is none.
    fn make_room(&mut self, may: impl Fn(&Connection) -> bool) -> bool {
        let ranked = self.all.values().filter(|connection| may(connection));
        let first = ranked.filter_map(|connection| Some((connection.rank()?, connection.id))).min();
        let gone = first.and_then(|(_, id)| self.remove(id));
        gone.inspect(|connection| connection.give_way.cancel()).is_some()
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Connection>> {
        let connection = self.all.remove(&id)?;
        if let Some(network) = connection.network
            && let Some(count) = self.of_network.get_mut(&network)
        {
            *count -= 1;
            if *count == 0 {
                self.of_network.remove(&network);
            }
        }
        Some(connection)
    }
}

/// The body of a response. It is dropped when it was sent or the client is gone.
struct Answer {
    body: Body,
    connection: Arc<Connection>,
    connections: Arc<Connections>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(task)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.connection.end_request(self.connections.base);
        self.connections.say_there_is_room();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(all: usize, per_network: usize) -> Connections {
        let exempt = vec!["10.0.0.0/8".parse().unwrap()];
        Connections::new(Limits { all, per_network, exempt, ..Limits::new(1_024) })
    }

    fn admitted(connections: &Connections, peer: &str) -> Arc<Connection> {
        match connections.try_admit(peer.parse().unwrap()) {
            Admission::In(connection) => connection,
            Admission::Full => panic!("full"),
            Admission::TooMany => panic!("too many of {peer}"),
        }
    }

    /// Sets the start of the wait, because milliseconds are too coarse for a test.
    fn waits(connection: &Connection, since: u64) {
        connection.waits_since.store(since, Ordering::Relaxed);
    }

    #[test]
    fn the_limit_reserves_open_files() {
        assert_eq!(Limits::new(1_024).all, 768);
        assert_eq!(Limits::new(300).all, 150);
        assert_eq!(Limits::new(1_048_576).all, 8_192);
    }

    #[test]
    fn silent_connections_are_closed_first_and_busy_ones_never() {
        let connections = connections(3, 100);
        let [asked, silent, busy] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(|peer| admitted(&connections, peer));
        asked.begin_request(connections.base, Duration::from_secs(1));
        asked.end_request(connections.base);
        waits(&asked, 1);
        waits(&silent, 2);
        busy.begin_request(connections.base, Duration::from_secs(1));
        let fourth = admitted(&connections, "192.0.2.4");
        assert!(silent.give_way.is_cancelled() && !asked.give_way.is_cancelled());
        fourth.begin_request(connections.base, Duration::from_secs(1));
        let fifth = admitted(&connections, "192.0.2.5");
        assert!(asked.give_way.is_cancelled());
        fifth.begin_request(connections.base, Duration::from_secs(1));
        assert!(matches!(connections.try_admit("192.0.2.6".parse().unwrap()), Admission::Full));
        assert!(!busy.give_way.is_cancelled());
        connections.leave(&busy);
        admitted(&connections, "192.0.2.6");
    }

    #[tokio::test]
    async fn what_is_not_closed_yet_counts_when_others_are_let_in() {
        use futures::FutureExt;

        let connections = connections(2, 1_000);
        let peer = |n: usize| format!("192.0.2.{}", n % 250 + 1);
        // None of their tasks runs, so that those that gave way keep their sockets.
        let all: Vec<_> = (0..2 + CLOSING_DESCRIPTORS).map(|n| admitted(&connections, &peer(n))).collect();
        assert_eq!(connections.lock().all.len(), 2);
        let mut closing = std::pin::pin!(connections.closing());
        assert_eq!(closing.as_mut().now_or_never(), None, "the next one waits");
        connections.leave(&all[0]);
        closing.await;
    }

    #[test]
    fn a_network_at_its_limit_loses_its_own_connections() {
        let connections = connections(100, 2);
        let other = admitted(&connections, "192.0.2.9");
        waits(&other, 0);
        let first = admitted(&connections, "2001:db8:1:2::1");
        waits(&first, 1);
        let second = admitted(&connections, "2001:db8:1:2:ffff::9");
        waits(&second, 2);
        let third = admitted(&connections, "2001:db8:1:2::7");
        assert!(first.give_way.is_cancelled() && !second.give_way.is_cancelled() && !other.give_way.is_cancelled());
        second.begin_request(connections.base, Duration::from_secs(1));
        third.begin_request(connections.base, Duration::from_secs(1));
        assert!(matches!(connections.try_admit("2001:db8:1:2::8".parse().unwrap()), Admission::TooMany));
        admitted(&connections, "2001:db8:1:3::8");
        // A closed connection is counted only once, even if its task ends later.
        connections.leave(&first);
        connections.leave(&second);
        connections.leave(&third);
        assert_eq!(connections.lock().of_network.len(), 2);
        assert_eq!(connections.lock().all.len(), 2);
    }

    #[test]
    fn trusted_proxies_are_exempt() {
        let connections = connections(3, 1);
        let proxy = [admitted(&connections, "10.0.0.1"), admitted(&connections, "::ffff:10.0.0.1")];
        let silent = admitted(&connections, "192.0.2.1");
        admitted(&connections, "192.0.2.2");
        assert!(silent.give_way.is_cancelled());
        assert!(proxy.iter().all(|connection| !connection.give_way.is_cancelled()));
    }

    #[tokio::test]
    async fn a_new_connection_waits_while_all_are_busy() {
        let connections = Arc::new(connections(1, 1));
        let busy = admitted(&connections, "192.0.2.1");
        busy.begin_request(connections.base, Duration::from_secs(1));
        let waiting = tokio::spawn({
            let connections = connections.clone();
            async move { connections.admit("192.0.2.2".parse().unwrap()).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        connections.leave(&busy);
        assert!(waiting.await.unwrap().is_some());
    }
}
