//! The context of every use case.

use std::path::PathBuf;
use std::sync::Arc;

use domain::Timestamp;
use domain::mail::{MailTerms, SmtpPassword};
use domain::settings::RegistrationMode;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::platform::db::Db;
use crate::platform::keyring::Keyring;
use crate::platform::limits::Limits;
use crate::platform::passwords::Passwords;
use crate::platform::state::State;
use crate::{Clock, Error, Randomness};

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
    /// Whether webhooks may have addresses in private networks, and without TLS.
    pub webhooks_to_private_networks: bool,
    /// The mail server, if fixed by the environment; `None` leaves it to the settings.
    pub smtp: Option<Smtp>,
}

/// A mail server that mails are given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Smtp {
    /// What is chosen about it.
    pub terms: MailTerms,
    /// The password, if the mail server asks for one.
    pub password: Option<SmtpPassword>,
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
    public_url: String,
    registration_mode: Option<RegistrationMode>,
    webhooks_to_private_networks: bool,
    smtp: Option<Smtp>,
    state: State,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Ctx {
    /// A context of an open database. `state` is what features keep in memory; [`crate::runtime`] knows which.
    pub(crate) fn new(
        db: Db,
        keyring: Keyring,
        clock: Clock,
        randomness: Randomness,
        passwords: Passwords,
        options: Options,
        state: State,
    ) -> Self {
        let shared_limits = db.is_postgres().then(|| db.read.clone());
        Self(Arc::new(Inner {
            limits: Limits::new(options.rate_limits, shared_limits),
            passwords,
            public_url: options.public_url,
            registration_mode: options.registration_mode,
            webhooks_to_private_networks: options.webhooks_to_private_networks,
            smtp: options.smtp,
            state,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            db,
            clock,
            randomness,
            keyring,
        }))
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

    /// The source of randomness.
    #[must_use]
    pub fn randomness(&self) -> &Randomness {
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

    /// What a feature keeps in memory, by its type.
    pub(crate) fn state<T: Send + Sync + 'static>(&self) -> &T {
        self.0.state.get()
    }

    /// Cancelled when the process stops.
    pub(crate) fn stopping(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    /// Whether webhooks may have addresses in private networks, and without TLS.
    pub(crate) fn webhooks_to_private_networks(&self) -> bool {
        self.0.webhooks_to_private_networks
    }

    /// The mail server, if the environment fixes it.
    pub(crate) fn fixed_smtp(&self) -> Option<&Smtp> {
        self.0.smtp.as_ref()
    }

    pub(crate) fn fixed_registration_mode(&self) -> Option<RegistrationMode> {
        self.0.registration_mode
    }

    /// Runs `work` to its end even if the caller disconnects, so that a closed browser does not leave an operation half
    /// done. [`Self::close`] waits for it.
    pub(crate) async fn detached<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.0.tasks.spawn(work).await.map_err(Error::internal)?
    }

    /// Runs `task` in the background. [`Self::close`] waits for it, so that it must end when the process stops.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.tasks.spawn(task);
    }
}
