//! What every use-case needs, in one place.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::Timestamp;
use domain::settings::{RegistrationMode, Settings};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::invites::batch::{self, Made};
use crate::invites::lookup::{self, Hashes, InvitePreview};
use crate::platform::batcher::{Batcher, QUEUE, batcher};
use crate::platform::db::Db;
use crate::platform::gates::Gates;
use crate::platform::keyring::Keyring;
use crate::platform::limits::Limits;
use crate::platform::passwords::Passwords;
use crate::platform::stats::SignUps;
use crate::{Clock, Error, Randomness, settings};

/// Where the data is and what the operator decided.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite://PATH` or `postgres://…`.
    pub database_url: String,
    /// Where the data key lies; it is made there on the first start.
    pub key_file: PathBuf,
    /// The origin that links begin with, without a slash at the end.
    pub public_url: String,
    /// Who may sign up, when the environment decides and not the dashboard.
    pub registration_mode: Option<RegistrationMode>,
    /// Whether failed tries are limited. Off for load tests on loopback alone.
    pub rate_limits: bool,
}

/// Why the data could not be opened: a sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl OpenError {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

/// Database, clock, randomness, keys and limits. Cheap to clone: all clones are the same.
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
    gates: Gates,
    settings: Batcher<(), Settings>,
    invite_lookup: Batcher<Hashes, Option<InvitePreview>>,
    new_invites: Batcher<Made, ()>,
    sign_ups: SignUps,
    public_url: String,
    registration_mode: Option<RegistrationMode>,
    owned: AtomicBool,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Ctx {
    /// Connects, brings the schema up to date, and opens the data key.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        let randomness = Randomness::from_system()
            .map_err(|error| OpenError::new(format!("The operating system gives no randomness: {error}")))?;
        Self::open_with(options, Clock::System, randomness).await
    }

    /// The same with a clock and a source of randomness that a test owns.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do.
    pub async fn open_with(options: Options, clock: Clock, randomness: Randomness) -> Result<Self, OpenError> {
        let db = Db::open(&options.database_url).await?;
        let keyring = Keyring::open(&db, &options.key_file, &clock, &randomness).await?;
        let shared_limits = db.is_postgres().then(|| db.write.clone());
        let (settings, settings_worker) = batcher();
        let (invite_lookup, lookup_worker) = batcher();
        let (new_invites, new_invites_worker) = batcher();
        let ctx = Self(Arc::new(Inner {
            limits: Limits::new(options.rate_limits, shared_limits),
            passwords: Passwords::new(options.rate_limits),
            gates: Gates::default(),
            settings,
            invite_lookup,
            new_invites,
            sign_ups: SignUps::default(),
            public_url: options.public_url,
            registration_mode: options.registration_mode,
            owned: AtomicBool::new(false),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            db,
            clock,
            randomness,
            keyring,
        }));
        ctx.0.tasks.spawn(ctx.clone().maintain());
        ctx.0.tasks.spawn(settings_worker.run(ctx.clone(), QUEUE, settings::share));
        ctx.0.tasks.spawn(lookup_worker.run(ctx.clone(), lookup::MOST, lookup::find_all));
        ctx.0.tasks.spawn(new_invites_worker.run(ctx.clone(), batch::MOST, batch::write));
        Ok(ctx)
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The clock, for a test to move.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The origin that links begin with.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// Waits for what was begun to end, and closes the database. Requests should have stopped coming before: what still
    /// waits to hash a password is refused, so that a long queue does not hold the process up.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.passwords.close();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        if let Err(error) = self.0.limits.flush(self).await {
            tracing::warn!(%error, "the last failed tries were not counted");
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

    pub(crate) fn gates(&self) -> &Gates {
        &self.0.gates
    }

    /// Where the settings are asked for.
    pub(crate) fn settings(&self) -> &Batcher<(), Settings> {
        &self.0.settings
    }

    /// Where is asked what a code says.
    pub(crate) fn invite_lookup(&self) -> &Batcher<Hashes, Option<InvitePreview>> {
        &self.0.invite_lookup
    }

    /// Where new links are written.
    pub(crate) fn new_invites(&self) -> &Batcher<Made, ()> {
        &self.0.new_invites
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

    /// Whether the installation has an owner. It is asked until it has one; after that it always does.
    pub(crate) async fn has_owner(&self) -> Result<bool, Error> {
        if self.0.owned.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let owned = crate::accounts::store::has_owner(&self.0.db.read).await?;
        self.0.owned.store(owned, Ordering::Relaxed);
        Ok(owned)
    }

    /// Runs `work` to its end even if whoever asked for it goes away: a browser that closes must not leave an attempt
    /// undecided. [`Self::close`] waits for it.
    pub(crate) async fn detached<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.0.tasks.spawn(work).await.map_err(Error::internal)?
    }

    /// Every second shares the counted failures and gives back what nobody uses; every ten minutes clears away what has
    /// run out.
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
                tracing::warn!(%error, "failed tries could not be shared with the other processes");
            }
            if second % 600 == 0
                && let Err(error) = self.purge_expired().await
            {
                tracing::warn!(%error, "what has run out could not be cleared away");
            }
        }
    }

    async fn purge_expired(&self) -> Result<(), Error> {
        crate::signup::purge_old_attempts(self).await?;
        crate::sessions::purge_expired(self).await?;
        self.0.limits.purge_old(self).await
    }
}
