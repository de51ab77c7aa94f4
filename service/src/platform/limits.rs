//! Limits on failed tries.
//!
//! Only misses and failures are counted, so that reading what exists costs no write. A limit slows a guesser down; it
//! never locks an account out, because it belongs to an address, or to an address trying one account.
//!
//! Passwords are counted before they are tried ([`Limits::reserve`]) and given back when they are right: counted
//! afterwards, as many could be tried at once as there is room in the queue.
//!
//! On SQLite the counts live in this process. On PostgreSQL they are shared: each process adds what it counted once a
//! second and learns the sum; passwords are counted in the database, by one statement each.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Code, Failure, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::{Client, Ctx, Error};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Limit {
    /// Codes that let no one in, per address.
    Code,
    /// API keys that are none, per address.
    ApiKey,
    /// Setup tokens that are none, per address.
    Setup,
    /// Wrong passwords, per address.
    SignIn,
    /// Wrong passwords to one account, per address.
    SignInTo,
}

impl Limit {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::ApiKey => "api_key",
            Self::Setup => "setup",
            Self::SignIn => "sign_in",
            Self::SignInTo => "sign_in_to",
        }
    }

    /// How many failures one window has room for. A shared office or a campus is behind one address: guessing a code
    /// of 69 bits a hundred times a window is hopeless all the same.
    const fn allowed(self) -> u32 {
        match self {
            Self::Code | Self::ApiKey | Self::SignIn => 100,
            Self::Setup => 20,
            Self::SignInTo => 10,
        }
    }
}

/// How long failures are remembered.
const WINDOW: Duration = Duration::from_mins(10);
/// Maximum number of buckets that are remembered, some 10 MB.
const BUCKETS: usize = 100_000;
/// How many are forgotten when there is no room for another: those with the fewest failures.
const EVICTED: usize = BUCKETS / 8;

type Bucket = Vec<u8>;

#[derive(Clone, Copy, Debug)]
struct Window {
    start: i64,
    /// What all processes had counted when last heard of.
    shared: u32,
    /// What this process has counted since.
    fresh: u32,
}

impl Window {
    const fn new(start: i64) -> Self {
        Self { start, shared: 0, fresh: 0 }
    }

    fn failures(&self) -> u32 {
        self.shared.saturating_add(self.fresh)
    }
}

/// The windows of many buckets, in bounded memory.
#[derive(Debug)]
struct Windows {
    most: usize,
    evicted: usize,
    map: HashMap<Bucket, Window>,
}

impl Default for Windows {
    fn default() -> Self {
        Self { most: BUCKETS, evicted: EVICTED, map: HashMap::new() }
    }
}

impl Windows {
    /// How many failures `bucket` has in the window that began at `start`.
    fn failures(&self, bucket: &Bucket, start: i64) -> u32 {
        self.map.get(bucket).filter(|window| window.start == start).map_or(0, Window::failures)
    }

    /// The window of `bucket` that began at `start`.
    fn window(&mut self, bucket: Bucket, start: i64) -> &mut Window {
        if self.map.len() >= self.most && !self.map.contains_key(&bucket) {
            self.make_room(start);
        }
        let window = self.map.entry(bucket).or_insert(Window::new(start));
        if window.start != start {
            *window = Window::new(start);
        }
        window
    }

    /// Forgets the windows that have passed; if that is not enough, those with the fewest failures. Who has reached a
    /// limit is forgotten last, however many addresses someone fails from to be forgotten.
    fn make_room(&mut self, start: i64) {
        self.map.retain(|_, window| window.start == start);
        let mut surplus = (self.map.len() + self.evicted).saturating_sub(self.most);
        if surplus == 0 {
            return;
        }
        let mut failures: Vec<u32> = self.map.values().map(Window::failures).collect();
        let (fewer, bound, _) = failures.select_nth_unstable(surplus.min(self.map.len()) - 1);
        let bound = *bound;
        // All that have fewer go, and as many of those that have just as many as it takes.
        surplus -= fewer.iter().filter(|failures| **failures < bound).count();
        self.map.retain(|_, window| {
            let failures = window.failures();
            let goes = failures < bound || (failures == bound && surplus > 0);
            surplus -= usize::from(goes && failures == bound);
            !goes
        });
    }
}

/// A try that was counted before it is made.
#[derive(Debug)]
#[must_use = "a try that does not fail is given back"]
pub(crate) struct Reservation(Option<(Bucket, i64)>);

#[derive(Debug)]
pub(crate) struct Limits {
    on: bool,
    shared: Option<DatabaseConnection>,
    windows: Mutex<Windows>,
}

impl Limits {
    pub(crate) fn new(on: bool, shared: Option<DatabaseConnection>) -> Self {
        Self { on, shared, windows: Mutex::default() }
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses when `client` has failed too often at `limit` (and at `subject`, where the limit has one).
    pub(crate) fn check(&self, ctx: &Ctx, limit: Limit, client: &Client, subject: &str) -> Result<(), Failure> {
        if !self.on {
            return Ok(());
        }
        let now = ctx.now();
        let windows = self.windows();
        // Most of the time nobody has failed at anything, and the name of the bucket need not be computed.
        if windows.map.is_empty() {
            return Ok(());
        }
        if windows.failures(&bucket(ctx, limit, client, subject), start(now)) >= limit.allowed() {
            return Err(refusal(now));
        }
        Ok(())
    }

    /// Counts a failure.
    pub(crate) fn record_failure(&self, ctx: &Ctx, limit: Limit, client: &Client, subject: &str) {
        if !self.on {
            return;
        }
        let bucket = bucket(ctx, limit, client, subject);
        let mut windows = self.windows();
        let window = windows.window(bucket, start(ctx.now()));
        window.fresh = window.fresh.saturating_add(1);
    }

    /// Counts a try that is yet to be made as a failure, or refuses when there is no room for one. Of any number of
    /// tries at the same time, in any number of processes on PostgreSQL, no more than the limit allows get through.
    pub(crate) async fn reserve(
        &self,
        ctx: &Ctx,
        limit: Limit,
        client: &Client,
        subject: &str,
    ) -> Result<Reservation, Error> {
        if !self.on {
            return Ok(Reservation(None));
        }
        let now = ctx.now();
        let (bucket, start) = (bucket(ctx, limit, client, subject), start(now));
        let reserved = if let Some(db) = &self.shared {
            // A row that is full is left as it is, and then nothing is returned.
            let statement = Statement::from_sql_and_values(
                DbBackend::Postgres,
                "INSERT INTO rate_limits (bucket, window_start, failures) VALUES ($1, $2, 1)
                     ON CONFLICT (bucket) DO UPDATE SET window_start = excluded.window_start, failures =
                       CASE WHEN rate_limits.window_start = excluded.window_start
                            THEN rate_limits.failures + 1 ELSE 1 END
                     WHERE rate_limits.window_start <> excluded.window_start OR rate_limits.failures < $3
                     RETURNING failures",
                [bucket.clone().into(), start.into(), i64::from(limit.allowed()).into()],
            );
            db.query_one_raw(statement).await?.is_some()
        } else {
            let mut windows = self.windows();
            let window = windows.window(bucket.clone(), start);
            let reserved = window.fresh < limit.allowed();
            window.fresh += u32::from(reserved);
            reserved
        };
        if reserved { Ok(Reservation(Some((bucket, start)))) } else { Err(refusal(now).into()) }
    }

    /// Gives a try back that did not fail, or was not made.
    pub(crate) async fn give_back(&self, reservation: Reservation) -> Result<(), Error> {
        let Some((bucket, start)) = reservation.0 else { return Ok(()) };
        if let Some(db) = &self.shared {
            let statement = Statement::from_sql_and_values(
                DbBackend::Postgres,
                "UPDATE rate_limits SET failures = failures - 1
                 WHERE bucket = $1 AND window_start = $2 AND failures > 0",
                [bucket.into(), start.into()],
            );
            db.execute_raw(statement).await?;
        } else if let Some(window) = self.windows().map.get_mut(&bucket).filter(|window| window.start == start) {
            window.fresh = window.fresh.saturating_sub(1);
        }
        Ok(())
    }

    /// Tells the other processes what was counted here, and hears what they counted.
    pub(crate) async fn flush(&self, ctx: &Ctx) -> Result<(), Error> {
        let Some(db) = &self.shared else { return Ok(()) };
        let start = start(ctx.now());
        let fresh: Vec<(Bucket, u32)> = {
            let mut windows = self.windows();
            windows.map.retain(|_, window| window.start == start);
            let fresh = windows.map.iter_mut().filter(|(_, window)| window.fresh > 0);
            fresh.map(|(bucket, window)| (bucket.clone(), std::mem::take(&mut window.fresh))).collect()
        };
        for (bucket, failures) in fresh {
            self.exchange(db, bucket, failures, start).await?;
        }
        Ok(())
    }

    /// Adds `failures` to the shared count and remembers the sum.
    async fn exchange(&self, db: &DatabaseConnection, bucket: Bucket, failures: u32, start: i64) -> Result<(), Error> {
        let statement = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "INSERT INTO rate_limits (bucket, window_start, failures) VALUES ($1, $2, $3)
             ON CONFLICT (bucket) DO UPDATE SET window_start = excluded.window_start, failures =
               CASE WHEN rate_limits.window_start = excluded.window_start
                    THEN rate_limits.failures + excluded.failures ELSE excluded.failures END
             RETURNING failures",
            [bucket.clone().into(), start.into(), i64::from(failures).into()],
        );
        let sum = match db.query_one_raw(statement).await? {
            Some(row) => row.try_get_by_index::<i64>(0)?,
            None => 0,
        };
        self.windows().window(bucket, start).shared = u32::try_from(sum).unwrap_or(u32::MAX);
        Ok(())
    }

    /// Removes the windows that have passed.
    pub(crate) async fn purge_old(&self, ctx: &Ctx) -> Result<(), Error> {
        if let Some(db) = &self.shared {
            let statement = Statement::from_sql_and_values(
                DbBackend::Postgres,
                "DELETE FROM rate_limits WHERE window_start < $1",
                [start(ctx.now()).into()],
            );
            db.execute_raw(statement).await?;
        }
        Ok(())
    }
}

/// When the window began that `now` is in, in microseconds since 1970.
fn start(now: Timestamp) -> i64 {
    let window = i64::try_from(WINDOW.as_micros()).unwrap_or(i64::MAX);
    now.as_micros() - now.as_micros() % window
}

fn refusal(now: Timestamp) -> Failure {
    let left = start(now) + i64::try_from(WINDOW.as_micros()).unwrap_or(i64::MAX) - now.as_micros();
    let seconds = u32::try_from(left / 1_000_000 + 1).unwrap_or(u32::MAX);
    Failure::new(Code::RateLimited, format!("Too many failed tries. Try again in {} minutes.", seconds.div_ceil(60)))
        .retry_after(seconds)
}

fn bucket(ctx: &Ctx, limit: Limit, client: &Client, subject: &str) -> Bucket {
    ctx.keyring().limit_hash(&[limit.name().as_bytes(), client.network().as_bytes(), subject.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_ends_with_the_window() {
        let now = Timestamp::from_micros(start(Timestamp::from_micros(1_800_000_123_456_789)) + 599_000_000);
        let refused = refusal(now);
        assert_eq!(refused.retry_after, Some(2));
    }

    fn fail(windows: &mut Windows, bucket: u32, times: u32) {
        let window = windows.window(bucket.to_be_bytes().to_vec(), 0);
        window.fresh += times;
    }

    #[test]
    fn who_reached_a_limit_is_remembered_however_many_others_fail() {
        let mut windows = Windows { most: 1_000, evicted: 100, map: HashMap::new() };
        for victim in 0..500 {
            fail(&mut windows, victim, 10);
        }
        for other in 1_000..101_000 {
            fail(&mut windows, other, 1);
            assert!(windows.map.len() <= 1_000, "memory is bounded");
        }
        for victim in 0_u32..500 {
            assert_eq!(windows.failures(&victim.to_be_bytes().to_vec(), 0), 10);
        }
    }

    #[test]
    fn room_is_made_even_where_all_have_failed_as_often() {
        let mut windows = Windows { most: 1_000, evicted: 100, map: HashMap::new() };
        for bucket in 0..1_001 {
            fail(&mut windows, bucket, 100);
        }
        assert_eq!(windows.map.len(), 901, "a tenth is forgotten, and no more");
    }

    #[test]
    fn what_has_passed_goes_first() {
        let mut windows = Windows { most: 1_000, evicted: 100, map: HashMap::new() };
        for bucket in 0..500 {
            fail(&mut windows, bucket, 100);
        }
        for bucket in 500_u32..1_001 {
            windows.window(bucket.to_be_bytes().to_vec(), 1).fresh = 1;
        }
        assert_eq!(windows.map.len(), 501);
    }
}
