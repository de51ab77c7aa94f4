//! Load: many connections that ask one after the other for a while.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::client::Client;

/// What a load came to.
#[derive(Debug)]
pub struct Load {
    /// Answers each second, of the kind that was wanted.
    pub rate: f64,
    /// How long each answer took, in milliseconds.
    pub millis: Vec<f64>,
}

/// Runs `ask` over `connections` for `time`, after a tenth of it to warm up. `ask` gets a number that no other call
/// gets, and says whether the answer was the one that counts.
///
/// # Errors
/// When a connection breaks, or when an answer is not the one that counts.
pub async fn run<A>(addr: &str, connections: usize, time: Duration, ask: A) -> io::Result<Load>
where
    A: AsyncAsk,
{
    let ask = Arc::new(ask);
    let next = Arc::new(AtomicU64::new(0));
    let (counting, over) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (ask, next, counting, over) = (ask.clone(), next.clone(), counting.clone(), over.clone());
        let mut client = Client::connect(addr).await?;
        tasks.push(tokio::spawn(async move {
            let mut millis = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let began = Instant::now();
                let counted = counting.load(Ordering::Relaxed);
                ask.ask(&mut client, next.fetch_add(1, Ordering::Relaxed)).await?;
                if counted && !over.load(Ordering::Relaxed) {
                    millis.push(began.elapsed().as_secs_f64() * 1_000.0);
                }
            }
            io::Result::Ok(millis)
        }));
    }
    tokio::time::sleep(time / 10).await;
    counting.store(true, Ordering::Relaxed);
    let began = Instant::now();
    tokio::time::sleep(time).await;
    over.store(true, Ordering::Relaxed);
    let took = began.elapsed();
    let mut millis = Vec::new();
    for task in tasks {
        millis.extend(task.await.map_err(io::Error::other)??);
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let rate = millis.len() as f64 / took.as_secs_f64();
    Ok(Load { rate, millis })
}

/// One question and its answer.
pub trait AsyncAsk: Send + Sync + 'static {
    /// Asks over `client`; `number` is this question's own.
    fn ask(&self, client: &mut Client, number: u64) -> impl Future<Output = io::Result<()>> + Send;
}

/// `GET` of one path, with some header lines.
#[derive(Debug)]
pub struct Get {
    request: Vec<u8>,
}

impl Get {
    /// A request that is the same each time, made once.
    #[must_use]
    pub fn new(addr: &str, path: &str, headers: &str) -> Self {
        Self { request: format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\n{headers}\r\n").into_bytes() }
    }
}

impl AsyncAsk for Get {
    async fn ask(&self, client: &mut Client, _number: u64) -> io::Result<()> {
        expect(200, &client.send(&self.request).await?)
    }
}

/// Refuses an answer with another status.
pub fn expect(status: u16, answer: &crate::client::Answer) -> io::Result<()> {
    if answer.status == status {
        return Ok(());
    }
    let body: String = String::from_utf8_lossy(&answer.body).chars().take(300).collect();
    Err(io::Error::other(format!("an answer {} instead of {status}: {body}", answer.status)))
}
