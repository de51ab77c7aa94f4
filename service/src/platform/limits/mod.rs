//! Limits on failed attempts.
//!
//! Each limit applies to the network of a client, or to a network that signs in to one account. It slows guessing down
//! and never locks an account.
//!
//! An attempt is counted as failed before it waits for anything ([`Limits::reserve`]), and is given back if it does not
//! fail. Counted afterwards, as many attempts as the queues can hold could be made at the same time.
//!
//! On SQLite the counts are in the memory of the only process. On PostgreSQL they are in the table `rate_limits`, for all
//! processes: a process takes units of a client's allowance from the database, a few at a time where attempts are
//! frequent, and gives unused ones back after a second ([`Limits::flush`]). See docs/adr/0016.

#[cfg(test)]
mod tests;
mod windows;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Code, Failure, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use self::windows::{Bucket, Windows};
use crate::platform::db::WAIT_TIMEOUT;
use crate::platform::locks::Locks;
use crate::{Client, Ctx, Error};

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Limit {
    /// Invite codes that cannot be used, per network.
    Code,
    /// API keys that are not valid, per network.
    ApiKey,
    /// Setup tokens that are not valid, per network.
    Setup,
    /// Tokens of links that reset a password that are not valid, per network.
    Reset,
    /// Requests for links by e-mail, per network.
    ResetRequest,
    /// Requests for links by e-mail for one address or username, of all networks: each may send a message.
    ResetRequestFor,
    /// Tokens of links that verify an address that are not valid, per network.
    Activation,
    /// Mails with such links that an account asks for, from anywhere.
    AddressMail,
    /// Sign-ups that claim one address, from anywhere: each sends a message.
    SignUpFor,
    /// Wrong passwords, per network.
    SignIn,
    /// Wrong passwords for one account, per network.
    SignInTo,
    /// Requests that are pushed, and those of devices, in the name of an application without a secret, per network.
    Push,
    /// Codes of devices that are not valid, per network.
    UserCode,
    /// Checks of the sign-up form while it is typed, per network.
    Check,
    /// Invite codes that cannot be used, in checks of the sign-up form, per network.
    CheckedCode,
    /// Requests for a new link, per network.
    LinkRequest,
    /// Requests for a new link for one address, from anywhere.
    LinkRequestFor,
}

impl Limit {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::ApiKey => "api_key",
            Self::Setup => "setup",
            Self::Reset => "reset",
            Self::ResetRequest => "reset_request",
            Self::ResetRequestFor => "reset_request_for",
            Self::Activation => "activation",
            Self::AddressMail => "address_mail",
            Self::SignUpFor => "sign_up_for",
            Self::SignIn => "sign_in",
            Self::SignInTo => "sign_in_to",
            Self::Push => "push",
            Self::UserCode => "user_code",
            Self::Check => "check",
            Self::CheckedCode => "checked_code",
            Self::LinkRequest => "link_request",
            Self::LinkRequestFor => "link_request_for",
        }
    }

    /// The maximum number of failures in a window. An office or a campus may share one address; guessing a code of 69 bits
    /// is hopeless even with a hundred attempts per window.
    const fn allowed(self) -> u32 {
        match self {
            // Filling in one form takes some twenty.
            Self::Check => 1_000,
            Self::Code | Self::ApiKey | Self::SignIn | Self::Push => 100,
            Self::CheckedCode => 50,
            Self::Setup | Self::Reset | Self::ResetRequest | Self::Activation | Self::UserCode | Self::LinkRequest => {
                20
            }
            Self::SignInTo | Self::LinkRequestFor | Self::SignUpFor => 10,
            Self::ResetRequestFor | Self::AddressMail => 5,
        }
    }

    /// The number of units that are taken from the database at once. More than one where most attempts do not fail, so
    /// that they seldom write, or where requests are many.
    const fn block(self) -> u32 {
        match self {
            Self::Code | Self::CheckedCode | Self::ApiKey | Self::Check => 10,
            Self::Setup
            | Self::Reset
            | Self::ResetRequest
            | Self::ResetRequestFor
            | Self::Activation
            | Self::AddressMail
            | Self::SignUpFor
            | Self::SignIn
            | Self::SignInTo
            | Self::Push
            | Self::UserCode
            | Self::LinkRequest
            | Self::LinkRequestFor => 1,
        }
    }

    /// Whether an attempt waits while all units are used by attempts that are not decided. A look-up takes milliseconds,
    /// and many visitors of one network may open an invite link at the same time.
    const fn waits(self) -> bool {
        matches!(self, Self::Code)
    }

    /// Whether what is limited are requests, each of which counts, and not failures.
    const fn counts_requests(self) -> bool {
        matches!(
            self,
            Self::ResetRequest
                | Self::ResetRequestFor
                | Self::Check
                | Self::LinkRequest
                | Self::LinkRequestFor
                | Self::AddressMail
                | Self::SignUpFor
        )
    }

    /// Whether an attempt whose client disconnects counts as failed. A password does, because its hash may already have
    /// been computed, and a request that is stored, because it may already be.
    const fn counts_when_cancelled(self) -> bool {
        matches!(self, Self::SignIn | Self::SignInTo | Self::Push) || self.counts_requests()
    }
}

/// The length of a window.
const WINDOW: Duration = Duration::from_mins(10);

/// The failed attempts of all clients.
#[derive(Debug)]
pub(crate) struct Limits {
    on: bool,
    /// The database, if other processes share the limits.
    shared: Option<DatabaseConnection>,
    windows: Mutex<Windows>,
    /// Held by the request that takes units from the database for a bucket. Others of the same bucket wait for its units.
    taking: Locks<Bucket>,
}

/// An attempt that is counted as failed until [`Attempt::release`]. If it is dropped, because the client disconnected or
/// something else failed, [`Limit::counts_when_cancelled`] decides.
#[derive(Debug)]
#[must_use = "the outcome decides whether it counts"]
pub(crate) struct Attempt {
    /// The bucket and the start of its window; `None` if limits are off.
    reserved: Option<(Ctx, Bucket, i64)>,
    failed: bool,
}

impl Attempt {
    fn new(ctx: &Ctx, limit: Limit, bucket: &Bucket, start: i64) -> Self {
        Self { reserved: Some((ctx.clone(), bucket.clone(), start)), failed: limit.counts_when_cancelled() }
    }

    /// Counts the attempt.
    pub(crate) fn fail(mut self) {
        self.failed = true;
    }

    /// Gives the attempt back: it did not fail, or was not made.
    pub(crate) fn release(mut self) {
        self.failed = false;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some((ctx, bucket, start)) = &self.reserved {
            ctx.limits().windows().end(bucket, *start, self.failed);
        }
    }
}

impl Limits {
    pub(crate) fn new(on: bool, shared: Option<DatabaseConnection>) -> Self {
        let windows = Mutex::new(Windows::new(shared.is_some()));
        Self { on, shared, windows, taking: Locks::default() }
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an attempt of `client` at `limit` (and at `subject`, if the limit has one) before it is made. Of any number
    /// of concurrent attempts, in any number of processes, no more can fail than the limit allows.
    ///
    /// # Errors
    /// [`Code::RateLimited`] if the limit is reached; [`Code::Unavailable`] if an attempt waited too long.
    pub(crate) async fn reserve(
        &self,
        ctx: &Ctx,
        limit: Limit,
        client: &Client,
        subject: &str,
    ) -> Result<Attempt, Error> {
        if !self.on {
            return Ok(Attempt { reserved: None, failed: false });
        }
        let now = ctx.now();
        let bucket =
            ctx.keyring().limit_hash(&[limit.name().as_bytes(), client.network().as_bytes(), subject.as_bytes()]);
        let begun = self.wait(ctx, limit, &bucket, start(now));
        let attempt = tokio::time::timeout(WAIT_TIMEOUT, begun).await.map_err(|_| Error::unavailable())??;
        attempt.ok_or_else(|| refusal(limit, now).into())
    }

    /// An attempt, as soon as there is a unit for it; `None` if there will be none in this window.
    async fn wait(&self, ctx: &Ctx, limit: Limit, bucket: &Bucket, start: i64) -> Result<Option<Attempt>, Error> {
        loop {
            if let Some(attempt) = self.take(ctx, limit, bucket, start).await? {
                return Ok(Some(attempt));
            }
            let returned = {
                let mut windows = self.windows();
                let window = windows.window(bucket, start);
                if window.use_unit() {
                    return Ok(Some(Attempt::new(ctx, limit, bucket, start)));
                }
                if !window.expects_units(limit.waits()) {
                    return Ok(None);
                }
                // Created while the windows are locked, so that it is woken by whatever is given back from now on.
                window.returned.get_or_insert_default().clone().notified_owned()
            };
            returned.await;
        }
    }

    /// An attempt with a unit of this process or of the database, if either has one.
    async fn take(&self, ctx: &Ctx, limit: Limit, bucket: &Bucket, start: i64) -> Result<Option<Attempt>, Error> {
        let attempt = || Attempt::new(ctx, limit, bucket, start);
        if self.shared.is_none() {
            let mut windows = self.windows();
            let window = windows.window(bucket, start);
            if window.unused == 0 && window.taken < limit.allowed() {
                window.add(1);
            }
            return Ok(window.use_unit().then(attempt));
        }
        if self.windows().window(bucket, start).use_unit() {
            return Ok(Some(attempt()));
        }
        let _turn = self.taking.lock(bucket.clone()).await;
        {
            let mut windows = self.windows();
            let window = windows.window(bucket, start);
            if window.use_unit() {
                return Ok(Some(attempt()));
            }
            if window.exhausted {
                return Ok(None);
            }
        }
        let (ours, bucket) = (ctx.clone(), bucket.clone());
        // Detached: if the client disconnected here, units that were just taken would be lost until the window ends.
        ctx.detached(async move { ours.limits().take_from_database(&ours, limit, &bucket, start).await }).await
    }

    /// Takes units from the database, and uses one of them.
    async fn take_from_database(
        &self,
        ctx: &Ctx,
        limit: Limit,
        bucket: &Bucket,
        start: i64,
    ) -> Result<Option<Attempt>, Error> {
        let Some(db) = &self.shared else { return Ok(None) };
        for units in [limit.block(), 1] {
            if take_units(db, limit, bucket, start, units).await? {
                let mut windows = self.windows();
                let window = windows.window(bucket, start);
                window.add(units);
                return Ok(window.use_unit().then(|| Attempt::new(ctx, limit, bucket, start)));
            }
        }
        self.windows().window(bucket, start).exhausted = true;
        Ok(None)
    }

    /// Gives units that were not used back to the other processes.
    pub(crate) async fn flush(&self, ctx: &Ctx) -> Result<(), Error> {
        let Some(db) = &self.shared else { return Ok(()) };
        let start = start(ctx.now());
        let unused = self.windows().take_unused(start);
        let mut outcome = Ok(());
        for (bucket, units) in unused {
            if outcome.is_ok() {
                outcome = return_units(db, &bucket, start, units).await;
            }
            // Until then, who finds the database without a unit waits for these.
            self.windows().end_return(&bucket, start, units, outcome.is_err());
        }
        Ok(outcome?)
    }

    /// Deletes the windows that have passed.
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

/// Takes `units` of the allowance of `bucket` from the database. Returns whether there were so many.
async fn take_units(
    db: &DatabaseConnection,
    limit: Limit,
    bucket: &Bucket,
    start: i64,
    units: u32,
) -> Result<bool, DbErr> {
    // A row with too few units left is not changed, and then nothing is returned. The window of a process whose clock is
    // ahead is not reset by others.
    let statement = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "INSERT INTO rate_limits (bucket, window_start, failures) VALUES ($1, $2, $3)
             ON CONFLICT (bucket) DO UPDATE SET
               window_start = GREATEST(rate_limits.window_start, excluded.window_start),
               failures = CASE WHEN rate_limits.window_start >= excluded.window_start
                               THEN rate_limits.failures + $3 ELSE $3 END
             WHERE rate_limits.window_start < excluded.window_start OR rate_limits.failures + $3 <= $4
             RETURNING failures",
        [bucket.clone().into(), start.into(), i64::from(units).into(), i64::from(limit.allowed()).into()],
    );
    Ok(db.query_one_raw(statement).await?.is_some())
}

/// Gives `units` of the allowance of `bucket` back to the database.
async fn return_units(db: &DatabaseConnection, bucket: &Bucket, start: i64, units: u32) -> Result<(), DbErr> {
    let statement = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "UPDATE rate_limits SET failures = failures - $3
             WHERE bucket = $1 AND window_start = $2 AND failures >= $3",
        [bucket.clone().into(), start.into(), i64::from(units).into()],
    );
    db.execute_raw(statement).await.map(|_| ())
}

/// The start of the window that contains `now`, in microseconds since 1970-01-01T00:00:00Z.
fn start(now: Timestamp) -> i64 {
    let window = i64::try_from(WINDOW.as_micros()).unwrap_or(i64::MAX);
    now.as_micros() - now.as_micros() % window
}

fn refusal(limit: Limit, now: Timestamp) -> Failure {
    let left = start(now) + i64::try_from(WINDOW.as_micros()).unwrap_or(i64::MAX) - now.as_micros();
    let seconds = u32::try_from(left / 1_000_000 + 1).unwrap_or(u32::MAX);
    let too_many = if limit.counts_requests() { "Too many requests." } else { "Too many failed attempts." };
    Failure::new(Code::RateLimited, format!("{too_many} Try again in {} minutes.", seconds.div_ceil(60)))
        .retry_after(seconds)
}
