//! The context of every use case.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::Timestamp;
use domain::settings::{RegistrationMode, Settings};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::invites::lookup::{self, Hashes, InvitePreview};
use crate::platform::batcher::{Batcher, QUEUE, batcher};
use crate::platform::db::Db;
use crate::platform::invite_locks::InviteLocks;
use crate::platform::keyring::Keyring;
use crate::platform::limits::Limits;
use crate::platform::passwords::Passwords;
use crate::platform::stats::SignUps;
use crate::{Clock, Error, Randomness, settings};

/// The location of the data and the operator's configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// The database: `sqlite://PATH` or `postgres://…`.
    pub database_url: String,
    /// The file of the data key. The first start creates it.
    pub key_file: PathBuf,
    /// The origin of links, without a slash at the end.
    pub public_url: String,
    /// Who may sign up, if fixed by the environment; `None` leaves it to the settings.
    pub registration_mode: Option<RegistrationMode>,
    /// Whether failed attempts are limited. Off only for load tests on loopback.
    pub rate_limits: bool,
}

/// The reason the data could not be opened, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl OpenError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// Database, clock, randomness, keys and limits. Cheap to clone; clones share the same state.
#[derive(Clone, Debug)]
pub struct Ctx(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: Clock,
    randomness: Randomness,
    keyring: Keyring,
    passwords: Passwords,
    limits: Limits,
    invite_locks: InviteLocks,
    settings: Batcher<(), Settings>,
    invite_lookup: Batcher<Hashes, Option<InvitePreview>>,
    sign_ups: SignUps,
    public_url: String,
    registration_mode: Option<RegistrationMode>,
    has_owner: AtomicBool,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Ctx {
    /// Connects to the database, runs pending migrations, and opens the data key.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        let randomness = Randomness::from_system()
            .map_err(|error| OpenError::new(format!("The operating system provides no randomness: {error}")))?;
        Self::open_with(options, Clock::System, randomness).await
    }

    /// [`Self::open`] with a given clock and source of randomness, for tests.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do.
    pub async fn open_with(options: Options, clock: Clock, randomness: Randomness) -> Result<Self, OpenError> {
        let db = Db::open(&options.database_url).await?;
        let keyring = Keyring::open(&db, &options.key_file, &clock, &randomness).await?;
        let shared_limits = db.is_postgres().then(|| db.write.clone());
        let (settings, settings_worker) = batcher();
        let (invite_lookup, lookup_worker) = batcher();
        let ctx = Self(Arc::new(Inner {
            limits: Limits::new(options.rate_limits, shared_limits),
            passwords: Passwords::new(options.rate_limits),
            invite_locks: InviteLocks::default(),
            settings,
            invite_lookup,
            sign_ups: SignUps::default(),
            public_url: options.public_url,
            registration_mode: options.registration_mode,
            has_owner: AtomicBool::new(false),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            db,
            clock,
            randomness,
            keyring,
        }));
        ctx.0.tasks.spawn(ctx.clone().maintain());
        ctx.0.tasks.spawn(settings_worker.run(ctx.clone(), QUEUE, settings::read_batch));
        ctx.0.tasks.spawn(lookup_worker.run(ctx.clone(), lookup::MOST, lookup::find_all));
        Ok(ctx)
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The clock, which tests advance.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The origin of links.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// Waits for running tasks to end, and closes the database. Call it after the server has stopped accepting
    /// requests. Requests that still wait to hash a password are refused, so that a long queue does not delay the end
    /// of the process.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.passwords.close();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        if let Err(error) = self.0.limits.flush(self).await {
            tracing::warn!(%error, "the last failed attempts were not saved");
        }
        self.0.db.close().await;
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn randomness(&self) -> &Randomness {
        &self.0.randomness
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn invite_locks(&self) -> &InviteLocks {
        &self.0.invite_locks
    }

    /// The batcher for reading the settings.
    pub(crate) fn settings(&self) -> &Batcher<(), Settings> {
        &self.0.settings
    }

    /// The batcher for looking up invite codes.
    pub(crate) fn invite_lookup(&self) -> &Batcher<Hashes, Option<InvitePreview>> {
        &self.0.invite_lookup
    }

    pub(crate) fn sign_ups(&self) -> &SignUps {
        &self.0.sign_ups
    }

    /// Cancelled when the process stops.
    pub(crate) fn stopping(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    pub(crate) fn fixed_registration_mode(&self) -> Option<RegistrationMode> {
        self.0.registration_mode
    }

    /// Whether the installation has an owner. The database is queried until there is one; then the answer is cached,
    /// because the last owner cannot be removed.
    pub(crate) async fn has_owner(&self) -> Result<bool, Error> {
        if self.0.has_owner.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let has_owner = crate::accounts::store::has_owner(&self.0.db.read).await?;
        self.0.has_owner.store(has_owner, Ordering::Relaxed);
        Ok(has_owner)
    }

    /// Runs `work` to its end even if the caller disconnects, so that a closed browser does not leave an operation half
    /// done. [`Self::close`] waits for it.
    pub(crate) async fn detached<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.0.tasks.spawn(work).await.map_err(Error::internal)?
    }

    /// Background maintenance. Every second: shares counted failures with other processes and frees unused hashing
    /// memory. Every ten minutes: deletes expired rows.
    async fn maintain(self) {
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for second in 0_u64.. {
            tokio::select! {
                () = self.0.stop.cancelled() => break,
                _ = tick.tick() => {}
            }
            self.0.passwords.rest();
            if let Err(error) = self.0.limits.flush(&self).await {
                tracing::warn!(%error, "failed attempts could not be shared with the other processes");
            }
            if second % 600 == 0
                && let Err(error) = self.purge_expired().await
            {
                tracing::warn!(%error, "expired rows could not be deleted");
            }
        }
    }

    async fn purge_expired(&self) -> Result<(), Error> {
        crate::signup::purge_old_attempts(self).await?;
        crate::sessions::purge_expired(self).await?;
        self.0.limits.purge_old(self).await
    }
}
