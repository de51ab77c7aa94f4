//! Limits on failed tries.
//!
//! Only misses and failures are counted, so that reading what exists costs no write. A limit slows a guesser down; it
//! never locks an account out, because it belongs to an address, or to an address trying one account.
//!
//! On SQLite the counts live in this process. On PostgreSQL they are shared: each process adds what it counted once a
//! second and learns the sum; failed sign-ins are added and read at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
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
    /// Failed sign-ins, per address.
    SignIn,
    /// Failed sign-ins to one account, per address.
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
/// How many addresses are remembered at most; beyond it the oldest windows go first.
const BUCKETS: usize = 100_000;

type Bucket = Vec<u8>;

#[derive(Clone, Copy, Debug)]
struct Window {
    start: i64,
    /// What all processes had counted when last heard of.
    shared: u32,
    /// What this process has counted since.
    fresh: u32,
}

#[derive(Debug)]
pub(crate) struct Limits {
    on: bool,
    shared: Option<DatabaseConnection>,
    windows: Mutex<HashMap<Bucket, Window>>,
}

impl Limits {
    pub(crate) fn new(on: bool, shared: Option<DatabaseConnection>) -> Self {
        Self { on, shared, windows: Mutex::default() }
    }

    /// Refuses when `client` has failed too often at `limit` (and at `subject`, where the limit has one).
    pub(crate) fn check(&self, ctx: &Ctx, limit: Limit, client: &Client, subject: &str) -> Result<(), Failure> {
        if !self.on {
            return Ok(());
        }
        let now = ctx.now();
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        // Most of the time nobody has failed at anything, and the name of the bucket need not be computed.
        if windows.is_empty() {
            return Ok(());
        }
        match windows.get(&bucket(ctx, limit, client, subject)) {
            Some(window) if window.start == start(now) && window.shared + window.fresh >= limit.allowed() => {
                Err(refusal(now))
            }
            _ => Ok(()),
        }
    }

    /// The same, having heard first what the other processes counted.
    pub(crate) async fn check_shared(
        &self,
        ctx: &Ctx,
        limit: Limit,
        client: &Client,
        subject: &str,
    ) -> Result<(), Error> {
        if let (true, Some(db)) = (self.on, &self.shared) {
            let bucket = bucket(ctx, limit, client, subject);
            self.exchange(db, &bucket, 0, start(ctx.now())).await?;
        }
        Ok(self.check(ctx, limit, client, subject)?)
    }

    /// Counts a failure.
    pub(crate) fn record_failure(&self, ctx: &Ctx, limit: Limit, client: &Client, subject: &str) {
        if !self.on {
            return;
        }
        let start = start(ctx.now());
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= BUCKETS {
            windows.retain(|_, window| window.start == start);
            if windows.len() >= BUCKETS {
                windows.clear();
            }
        }
        let window =
            windows.entry(bucket(ctx, limit, client, subject)).or_insert(Window { start, shared: 0, fresh: 0 });
        if window.start != start {
            *window = Window { start, shared: 0, fresh: 0 };
        }
        window.fresh = window.fresh.saturating_add(1);
    }

    /// Counts a failure and tells the other processes at once.
    pub(crate) async fn record_failure_shared(
        &self,
        ctx: &Ctx,
        limit: Limit,
        client: &Client,
        subject: &str,
    ) -> Result<(), Error> {
        match &self.shared {
            Some(db) if self.on => {
                let bucket = bucket(ctx, limit, client, subject);
                self.exchange(db, &bucket, 1, start(ctx.now())).await
            }
            _ => {
                self.record_failure(ctx, limit, client, subject);
                Ok(())
            }
        }
    }

    /// Tells the other processes what was counted here, and hears what they counted.
    pub(crate) async fn flush(&self, ctx: &Ctx) -> Result<(), Error> {
        let Some(db) = &self.shared else { return Ok(()) };
        let start = start(ctx.now());
        let fresh: Vec<(Bucket, u32)> = {
            let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
            windows.retain(|_, window| window.start == start);
            let fresh = windows.iter_mut().filter(|(_, window)| window.fresh > 0);
            fresh.map(|(bucket, window)| (bucket.clone(), std::mem::take(&mut window.fresh))).collect()
        };
        for (bucket, failures) in fresh {
            self.exchange(db, &bucket, failures, start).await?;
        }
        Ok(())
    }

    /// Adds `failures` to the shared count and remembers the sum.
    async fn exchange(&self, db: &DatabaseConnection, bucket: &Bucket, failures: u32, start: i64) -> Result<(), Error> {
        let statement = if failures == 0 {
            Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT failures FROM rate_limits WHERE bucket = $1 AND window_start = $2",
                [bucket.clone().into(), start.into()],
            )
        } else {
            Statement::from_sql_and_values(
                DbBackend::Postgres,
                "INSERT INTO rate_limits (bucket, window_start, failures) VALUES ($1, $2, $3)
                 ON CONFLICT (bucket) DO UPDATE SET window_start = excluded.window_start, failures =
                   CASE WHEN rate_limits.window_start = excluded.window_start
                        THEN rate_limits.failures + excluded.failures ELSE excluded.failures END
                 RETURNING failures",
                [bucket.clone().into(), start.into(), i64::from(failures).into()],
            )
        };
        let sum = match db.query_one_raw(statement).await? {
            Some(row) => row.try_get_by_index::<i64>(0)?,
            None => 0,
        };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(bucket.clone()).or_insert(Window { start, shared: 0, fresh: 0 });
        if window.start != start {
            *window = Window { start, shared: 0, fresh: 0 };
        }
        window.shared = u32::try_from(sum).unwrap_or(u32::MAX / 2);
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
    ctx.keyring().limit_hash(&[limit.name().as_bytes(), &network(client.ip), subject.as_bytes()])
}

/// An IPv4 address, or the /64 an IPv6 address is in: one household or server has all of those.
fn network(ip: Option<IpAddr>) -> Vec<u8> {
    match ip.map(|ip| ip.to_canonical()) {
        None => Vec::new(),
        Some(IpAddr::V4(ip)) => ip.octets().to_vec(),
        Some(IpAddr::V6(ip)) => ip.octets()[..8].to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_counts_by_64_and_mapped_ipv4_as_ipv4() {
        let network = |ip: &str| network(Some(ip.parse().unwrap()));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }

    #[test]
    fn the_wait_ends_with_the_window() {
        let now = Timestamp::from_micros(start(Timestamp::from_micros(1_800_000_123_456_789)) + 599_000_000);
        let refused = refusal(now);
        assert_eq!(refused.retry_after, Some(2));
    }
}
