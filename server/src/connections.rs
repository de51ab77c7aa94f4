//! Connections: how long each may be silent, how many there may be, and who gives way when there is no room.
//!
//! Whoever opens a connection and says nothing costs a descriptor and some memory. Three limits keep that from mattering:
//! time (for the first head, between requests, for one request as a whole), a bound on all connections, and one on those
//! of one network. At a bound the newcomer is let in and the connection that has waited longest without a request is
//! closed, first one that never sent any: the silent push out the silent, and whoever asks is answered.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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

/// The most bytes of a request's head; a longer one is answered 431.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// The most connections, however many descriptors there are.
const MAX_CONNECTIONS: u64 = 8_192;
/// Descriptors that are no connections: the database, files, the log.
const OTHER_DESCRIPTORS: u64 = 256;
/// The most connections of one network. An office, a school or an event is behind one address; each browser there opens
/// six at most, and those that idle give way.
const MAX_PER_NETWORK: usize = 256;
/// How long nothing is accepted after the system could not give a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// The limits on connections.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long the head of a connection's first request may take, from the moment the connection is open.
    pub head: Duration,
    /// How long a connection may wait between two requests, the head of the next one included. Longer than the 60 seconds
    /// for which reverse proxies keep theirs, so that none sends a request into a connection that is just being closed.
    pub idle: Duration,
    /// How long one request may take, from its head to the last byte of its answer.
    pub request: Duration,
    /// The most connections.
    pub all: usize,
    /// The most connections of one IPv4 address or IPv6 /64.
    pub per_network: usize,
    /// Networks that are not counted and never give way: trusted proxies, which bring everybody.
    pub exempt: Vec<IpNet>,
}

impl Limits {
    /// The limits of a process that may open `descriptors`.
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

/// Accepts connections on `listener` and answers their requests by `router`, until `stop` is cancelled and what was begun
/// has ended.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let connections = Arc::new(Connections::new(limits));
    let router = router.with_state(());
    let tasks = TaskTracker::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener) => accepted,
        };
        let admitted = tokio::select! {
            () = stop.cancelled() => break,
            admitted = connections.admit(peer.ip()) => admitted,
        };
        // The rest of a network that already has as many requests being answered as it may: closed.
        if let Some(connection) = admitted {
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
            // Gone before it was accepted.
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted at the moment");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers the requests of one connection, one after the other, until either side closes it or its time is up.
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
    // hyper's timer begins with every wait for a head (hyper 1.12, `proto/h1/conn.rs`): between requests it is the idle
    // limit. The first head has less time, by the deadline below.
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
                    tracing::trace!(%error, "a connection broke off");
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

/// Takes the connection off the list, however its task ends.
struct Leaves<'a> {
    connection: &'a Arc<Connection>,
    connections: &'a Connections,
}

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.connections.leave(self.connection);
    }
}

/// Instants are milliseconds since the server began to listen.
const NEVER: u64 = u64::MAX;
/// A request is being answered.
const BUSY: u64 = u64::MAX;

/// One open connection.
#[derive(Debug)]
struct Connection {
    id: u64,
    /// `None`: not counted, and never asked to give way.
    network: Option<Network>,
    /// Since when it has waited for a request, or [`BUSY`].
    waits_since: AtomicU64,
    /// Whether it ever sent one.
    has_asked: AtomicBool,
    /// When it is closed whatever it does, or [`NEVER`].
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
        // From here on hyper's timer rules.
        self.ends_at.store(NEVER, Ordering::Relaxed);
    }

    fn deadline(&self, base: Instant) -> Instant {
        match self.ends_at.load(Ordering::Relaxed) {
            // A day, after which it is looked again: there is no instant that never comes.
            NEVER => Instant::now() + Duration::from_hours(24),
            at => base + Duration::from_millis(at),
        }
    }

    /// What stands first gives way first; `None` while a request is being answered.
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
    /// Told when there may be room again, while somebody waits for it.
    room: Notify,
    is_full: AtomicBool,
}

#[derive(Debug, Default)]
struct Open {
    all: HashMap<u64, Arc<Connection>>,
    of_network: HashMap<Network, usize>,
    next: u64,
}

/// What becomes of a newcomer.
enum Admission {
    In(Arc<Connection>),
    /// Every connection is being answered: there will be room.
    Full,
    /// Every connection of this network is being answered.
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
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from `peer`, once there is one; `None` if its network has more than its share.
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
            // Said before it is looked again: whoever ends in between is either seen here or tells us.
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
        open.all.insert(connection.id, connection.clone());
        if let Some(network) = network {
            *open.of_network.entry(network).or_default() += 1;
        }
        Admission::In(connection)
    }

    fn leave(&self, connection: &Connection) {
        self.lock().remove(connection.id);
        self.say_there_is_room();
    }

    fn say_there_is_room(&self) {
        if self.is_full.load(Ordering::SeqCst) && self.is_full.swap(false, Ordering::SeqCst) {
            self.room.notify_waiters();
        }
    }
}

impl Open {
    /// Closes the connection that gives way first among those that `may`; false if there is none.
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

/// The body of an answer. When it is gone, it was sent, or nobody waits for it any more.
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

    /// Instants in milliseconds are too coarse for a test: who came first is said.
    fn waits(connection: &Connection, since: u64) {
        connection.waits_since.store(since, Ordering::Relaxed);
    }

    #[test]
    fn the_bounds_leave_descriptors_for_the_rest() {
        assert_eq!(Limits::new(1_024).all, 768);
        assert_eq!(Limits::new(300).all, 150);
        assert_eq!(Limits::new(1_048_576).all, 8_192);
    }

    #[test]
    fn at_a_bound_the_silent_give_way_before_those_who_have_asked_and_those_who_are_answered_stay() {
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

    #[test]
    fn a_network_pushes_out_its_own_alone() {
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
        // What gave way is gone from the count once, however late its task ends.
        connections.leave(&first);
        connections.leave(&second);
        connections.leave(&third);
        assert_eq!(connections.lock().of_network.len(), 2);
        assert_eq!(connections.lock().all.len(), 2);
    }

    #[test]
    fn trusted_proxies_are_not_counted_and_never_give_way() {
        let connections = connections(3, 1);
        let proxy = [admitted(&connections, "10.0.0.1"), admitted(&connections, "::ffff:10.0.0.1")];
        let silent = admitted(&connections, "192.0.2.1");
        admitted(&connections, "192.0.2.2");
        assert!(silent.give_way.is_cancelled());
        assert!(proxy.iter().all(|connection| !connection.give_way.is_cancelled()));
    }

    #[tokio::test]
    async fn who_finds_every_connection_busy_waits_for_one_to_end() {
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
