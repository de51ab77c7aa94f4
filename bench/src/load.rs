//! Load generation: connections that send requests one after another for a given time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::client::Client;

/// The result of a load.
#[derive(Debug)]
pub struct Load {
    /// Answers per second.
    pub rate: f64,
    /// The duration of each request that was sent and answered in that time, in milliseconds.
    pub millis: Vec<f64>,
}

/// Sends `request` over `connections` connections for `time`, after a tenth of `time` to warm up. Each request gets a
/// unique number.
///
/// # Errors
/// When a connection fails, or when an answer is not the expected one.
pub async fn run<R>(addr: &str, connections: usize, time: Duration, request: R) -> io::Result<Load>
where
    R: Request,
{
    let request = Arc::new(request);
    let next = Arc::new(AtomicU64::new(0));
    let (counting, stop) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (request, next, counting, stop) = (request.clone(), next.clone(), counting.clone(), stop.clone());
        let mut client = Client::connect(addr).await?;
        tasks.push(tokio::spawn(async move {
            let (mut millis, mut answers) = (Vec::new(), 0_u32);
            while !stop.load(Ordering::Relaxed) {
                let started = Instant::now();
                let counted = counting.load(Ordering::Relaxed);
                request.send(&mut client, next.fetch_add(1, Ordering::Relaxed)).await?;
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                // Also of a request that was sent before, as that of one that is answered afterwards does not count.
                answers += u32::from(counting.load(Ordering::Relaxed));
                if counted {
                    millis.push(started.elapsed().as_secs_f64() * 1_000.0);
                }
            }
            io::Result::Ok((millis, answers))
        }));
    }
    tokio::time::sleep(time / 10).await;
    counting.store(true, Ordering::Relaxed);
    let started = Instant::now();
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    let took = started.elapsed();
    let (mut millis, mut answers) = (Vec::new(), 0);
    for task in tasks {
        let (of_one, answered) = task.await.map_err(io::Error::other)??;
        millis.extend(of_one);
        answers += answered;
    }
    Ok(Load { rate: f64::from(answers) / took.as_secs_f64(), millis })
}

/// A request whose answer is checked.
pub trait Request: Send + Sync + 'static {
    /// Sends the request over `client` and checks the answer. `number` is unique per request.
    fn send(&self, client: &mut Client, number: u64) -> impl Future<Output = io::Result<()>> + Send;
}

/// A `GET` request for one path.
#[derive(Clone, Debug)]
pub struct Get {
    request: Vec<u8>,
}

impl Get {
    /// A `GET` request with further header lines, each ended by CRLF. Every request is the same.
    #[must_use]
    pub fn new(addr: &str, path: &str, headers: &str) -> Self {
        Self { request: format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\n{headers}\r\n").into_bytes() }
    }
}

impl Request for Get {
    async fn send(&self, client: &mut Client, _number: u64) -> io::Result<()> {
        expect(200, &client.send(&self.request).await?)
    }
}

/// Checks the status of an answer.
///
/// # Errors
/// When the answer has another status.
pub fn expect(status: u16, answer: &crate::client::Answer) -> io::Result<()> {
    if answer.status == status {
        return Ok(());
    }
    let body: String = String::from_utf8_lossy(&answer.body).chars().take(300).collect();
    Err(io::Error::other(format!("status {} instead of {status}: {body}", answer.status)))
}
