//! A queue for work on passwords, with a limit on concurrency.
//!
//! Networks take turns: each has its own line, and a free permit goes to the first request of the next line. A thousand
//! requests of one network delay a request of another one by a single one of them.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use domain::{Code, Failure};
use tokio::sync::oneshot;

use crate::Error;
use crate::platform::network::Network;
use crate::platform::passwords::Hashing;
use crate::platform::passwords::threads::Threads;
use crate::platform::timing::Timing;

/// The maximum number of requests that wait for a permit. Further ones are answered with 503.
const QUEUE: usize = 2_048;

/// Permits for each thread: one for the request that is worked on, and one for a request that is checked meanwhile, so that
/// the thread does not have to wait for the check.
const PERMITS_PER_THREAD: usize = 2;

/// A queue for some threads, with permits.
#[derive(Debug)]
pub(super) struct Lane {
    shared: Arc<Shared>,
    threads: Threads,
    size: usize,
    done: Timing,
}

#[derive(Debug)]
struct Shared {
    /// The maximum number of waiting requests of one network.
    per_network: usize,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    closed: bool,
    free: usize,
    waiting: usize,
    next_id: u64,
    /// The waiting requests by network. No line is empty.
    lines: HashMap<Network, VecDeque<Waiting>>,
    /// The networks with waiting requests, in the order of their turns.
    turns: VecDeque<Network>,
}

#[derive(Debug)]
struct Waiting {
    id: u64,
    permit: oneshot::Sender<Permit>,
}

impl Queue {
    /// Removes the request whose turn it is. Its network then has the last turn.
    fn next(&mut self) -> Option<Waiting> {
        let network = self.turns.pop_front()?;
        let line = self.lines.get_mut(&network)?;
        let next = line.pop_front();
        if line.is_empty() {
            self.lines.remove(&network);
        } else {
            self.turns.push_back(network);
        }
        self.waiting -= usize::from(next.is_some());
        next
    }

    /// Removes the request of `network` that `which` takes from the line, and the line if it is empty afterwards.
    fn remove(&mut self, network: Network, which: impl FnOnce(&mut VecDeque<Waiting>) -> Option<Waiting>) {
        let Some(line) = self.lines.get_mut(&network) else { return };
        let removed = which(line);
        if line.is_empty() {
            self.lines.remove(&network);
            self.turns.retain(|turn| *turn != network);
        }
        self.waiting -= usize::from(removed.is_some());
    }

    /// Makes room in a full queue by removing the last request of the longest line, if that line is longer than the one of
    /// `network`. Returns whether there is room.
    fn make_room(&mut self, network: Network) -> bool {
        let own = self.lines.get(&network).map_or(0, VecDeque::len);
        let longest = self.lines.iter().map(|(network, line)| (line.len(), *network)).max_by_key(|(length, _)| *length);
        match longest {
            Some((length, longest)) if length > own + 1 => {
                // Its receiver is told that the sender was dropped.
                self.remove(longest, VecDeque::pop_back);
                true
            }
            _ => false,
        }
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The permission to work on one password. When it is dropped, the next request gets it.
#[derive(Debug)]
struct Permit(Arc<Shared>);

impl Drop for Permit {
    fn drop(&mut self) {
        let next = {
            let mut queue = self.0.queue();
            let next = queue.next();
            queue.free += usize::from(next.is_none());
            next
        };
        if let Some(next) = next {
            // If that request was just cancelled, the permit is dropped and goes to the one after it.
            let _ = next.permit.send(Self(Arc::clone(&self.0)));
        }
    }
}

/// The position of a request in the queue. When the request is cancelled, it leaves the queue.
struct Position<'a> {
    shared: &'a Shared,
    network: Network,
    id: u64,
}

impl Drop for Position<'_> {
    fn drop(&mut self) {
        let id = self.id;
        self.shared.queue().remove(self.network, |line| {
            let index = line.iter().position(|waiting| waiting.id == id)?;
            line.remove(index)
        });
    }
}

impl Lane {
    /// A lane with `size` threads and at most `per_network` waiting requests of one network.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(super) fn start(size: usize, per_network: usize) -> io::Result<Self> {
        let queue = Queue { free: size * PERMITS_PER_THREAD, ..Queue::default() };
        let shared = Shared { per_network, queue: Mutex::new(queue) };
        Ok(Self { shared: Arc::new(shared), threads: Threads::start(size)?, size, done: Timing::default() })
    }

    /// Runs `work` for `network` on a thread of the lane, after checking `before` with a permit. The permit is held until the
    /// work is done, also if the client disconnects.
    ///
    /// # Errors
    /// [`Code::RateLimited`] if too many requests of the network wait; [`Code::Unavailable`] if too many wait in total; those
    /// of `before`.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        network: Network,
        before: impl Future<Output = Result<(), Error>>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.acquire(network).await?;
        before.await?;
        let done = self.done.clone();
        let (sender, result) = oneshot::channel();
        self.threads.run(move || {
            // Dropped if the work panics, too.
            let permit = permit;
            let started = Instant::now();
            let result = work();
            done.count(started.elapsed());
            // The one that has the result may rely on the permit being free again.
            drop(permit);
            // Fails if the client has disconnected.
            let _ = sender.send(result);
        });
        result.await.map_err(Error::internal)
    }

    async fn acquire(&self, network: Network) -> Result<Permit, Error> {
        let (position, receiver) = {
            let mut queue = self.shared.queue();
            if queue.closed {
                return Err(Error::unavailable());
            }
            if queue.free > 0 {
                queue.free -= 1;
                return Ok(Permit(Arc::clone(&self.shared)));
            }
            if queue.lines.get(&network).is_some_and(|line| line.len() >= self.shared.per_network) {
                return Err(too_many_wait().into());
            }
            if queue.waiting >= QUEUE && !queue.make_room(network) {
                return Err(Error::unavailable());
            }
            let (permit, receiver) = oneshot::channel();
            let id = queue.next_id;
            queue.next_id += 1;
            queue.waiting += 1;
            if !queue.lines.contains_key(&network) {
                queue.turns.push_back(network);
            }
            queue.lines.entry(network).or_default().push_back(Waiting { id, permit });
            (Position { shared: &self.shared, network, id }, receiver)
        };
        let permit = receiver.await;
        // The request is no longer in the queue, whether it got a permit or was removed.
        std::mem::forget(position);
        permit.map_err(|_| Error::unavailable())
    }

    /// Refuses waiting and new requests.
    pub(super) fn close(&self) {
        let mut queue = self.shared.queue();
        queue.closed = true;
        queue.waiting = 0;
        queue.turns.clear();
        queue.lines.clear();
    }

    /// The number of permits in use.
    pub(super) fn in_use(&self) -> usize {
        (self.size * PERMITS_PER_THREAD).saturating_sub(self.shared.queue().free)
    }

    /// The statistics.
    pub(super) fn stats(&self, lane: &'static str) -> Hashing {
        let waiting = self.shared.queue().waiting;
        let (done, spent) = self.done.read();
        Hashing { lane, permits: self.size, in_use: self.in_use().min(self.size), waiting, done, spent }
    }
}

fn too_many_wait() -> Failure {
    let message = "Too many requests from your address are waiting. Try again in a few seconds.";
    Failure::new(Code::RateLimited, message).retry_after(2)
}

/// All permits of a lane. Until this is dropped, every request waits.
#[cfg(test)]
pub(crate) struct Held {
    _permits: Vec<Permit>,
}

#[cfg(test)]
impl Lane {
    /// Takes every permit.
    pub(super) async fn hold(&self) -> Held {
        let mut permits = Vec::new();
        for _ in 0..self.size * PERMITS_PER_THREAD {
            permits.push(self.acquire(Network::Unknown).await.unwrap());
        }
        Held { _permits: permits }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use tokio::task::JoinSet;

    use super::*;
    use crate::testing::{failure, until};

    fn network(last: u8) -> Network {
        Network::V4([192, 0, 2, last])
    }

    /// Adds `count` requests of a network to the queue, each of which writes the network's last number down.
    async fn queue_up(
        lane: &Arc<Lane>,
        order: &Arc<Mutex<Vec<u8>>>,
        last: u8,
        count: usize,
        tasks: &mut JoinSet<Result<(), Error>>,
    ) {
        let before = lane.shared.queue().waiting;
        for _ in 0..count {
            let (lane, order) = (Arc::clone(lane), Arc::clone(order));
            tasks.spawn(async move {
                lane.run(network(last), ready(Ok(())), move || order.lock().unwrap().push(last)).await
            });
        }
        until("all of them wait", async || lane.shared.queue().waiting == before + count).await;
    }

    #[tokio::test]
    async fn a_thousand_requests_of_one_network_delay_another_by_one() {
        let lane = Arc::new(Lane::start(1, usize::MAX).unwrap());
        let order = Arc::default();
        let held = lane.hold().await;
        let mut tasks = JoinSet::new();
        queue_up(&lane, &order, 1, 1_000, &mut tasks).await;
        queue_up(&lane, &order, 2, 3, &mut tasks).await;
        drop(held);
        tasks.join_all().await.into_iter().for_each(Result::unwrap);
        let order = order.lock().unwrap();
        assert_eq!(order[..7], [1, 2, 1, 2, 1, 2, 1], "addresses take turns");
        assert_eq!(order.len(), 1_003);
        assert_eq!((lane.in_use(), lane.shared.queue().waiting), (0, 0));
    }

    #[tokio::test]
    async fn the_waiting_requests_of_one_network_are_limited() {
        let lane = Arc::new(Lane::start(1, 4).unwrap());
        let order = Arc::default();
        let held = lane.hold().await;
        let mut tasks = JoinSet::new();
        queue_up(&lane, &order, 1, 4, &mut tasks).await;
        let refused = failure(lane.run(network(1), ready(Ok(())), || ()).await);
        assert_eq!(refused.code, Code::RateLimited);
        assert!(refused.retry_after.is_some());
        queue_up(&lane, &order, 2, 4, &mut tasks).await;
        drop(held);
        tasks.join_all().await.into_iter().for_each(Result::unwrap);
    }

    #[tokio::test]
    async fn a_full_queue_makes_room_for_a_network_with_fewer_waiting() {
        let lane = Arc::new(Lane::start(1, usize::MAX).unwrap());
        let order = Arc::default();
        let held = lane.hold().await;
        let mut tasks = JoinSet::new();
        queue_up(&lane, &order, 1, QUEUE, &mut tasks).await;
        let refused = failure(lane.run(network(1), ready(Ok(())), || ()).await);
        assert_eq!(refused.code, Code::Unavailable, "the longest line gets no longer");
        let other = {
            let lane = Arc::clone(&lane);
            tokio::spawn(async move { lane.run(network(2), ready(Ok(())), || ()).await })
        };
        let sent_away = tasks.join_next().await.unwrap().unwrap();
        assert_eq!(failure(sent_away).code, Code::Unavailable);
        drop(held);
        other.await.unwrap().unwrap();
        tasks.join_all().await.into_iter().for_each(Result::unwrap);
    }

    #[tokio::test]
    async fn a_cancelled_request_leaves_the_queue_and_returns_its_permit() {
        let lane = Arc::new(Lane::start(2, usize::MAX).unwrap());
        let order = Arc::default();
        let held = lane.hold().await;
        let mut tasks = JoinSet::new();
        queue_up(&lane, &order, 1, 50, &mut tasks).await;
        tasks.shutdown().await;
        assert_eq!(lane.shared.queue().waiting, 0);
        assert!(lane.shared.queue().lines.is_empty() && lane.shared.queue().turns.is_empty());
        drop(held);
        assert_eq!(lane.in_use(), 0);
        lane.run(network(1), ready(Ok(())), || ()).await.unwrap();
    }

    #[tokio::test]
    async fn a_closed_lane_refuses_waiting_and_new_requests() {
        let lane = Arc::new(Lane::start(1, usize::MAX).unwrap());
        let order = Arc::default();
        let held = lane.hold().await;
        let mut tasks = JoinSet::new();
        queue_up(&lane, &order, 1, 3, &mut tasks).await;
        lane.close();
        for refused in tasks.join_all().await {
            assert_eq!(failure(refused).code, Code::Unavailable);
        }
        drop(held);
        assert_eq!(failure(lane.run(network(1), ready(Ok(())), || ()).await).code, Code::Unavailable);
    }
}
