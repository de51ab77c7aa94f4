//! The composition root: opens the database and the data key, creates what features keep in memory, and starts the
//! background work. No other module knows every feature.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::invites::{InviteLocks, create, lookup};
use crate::pictures::Pictures;
use crate::platform::batcher::{QUEUE, batcher};
use crate::platform::db::Db;
use crate::platform::http::HttpClient;
use crate::platform::keyring::Keyring;
use crate::platform::passwords::Passwords;
use crate::platform::state::State;
use crate::senders::Senders;
use crate::{
    Clock, Ctx, Error, OpenError, Options, Randomness, endings, forward_auth, invitations, mail, oidc, outbox,
    password_resets, requests, scim, sessions, settings, setup, signup, verification,
};

/// The interval of maintenance.
const TICK: Duration = Duration::from_secs(1);
/// The number of ticks between two looks for members who may not enter an application any more: a minute.
const TICKS_PER_LOOK: u64 = 60;
/// The number of ticks between two deletions of expired rows: ten minutes.
const TICKS_PER_PURGE: u64 = 600;

/// The time after which it is asked again whether mail is on, if the database did not answer.
const START_AGAIN: Duration = Duration::from_secs(10);

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
        let passwords = Passwords::start(options.rate_limits)
            .map_err(|error| OpenError::new(format!("The threads that hash passwords cannot be started: {error}.")))?;
        let (settings_reads, settings_worker) = batcher();
        let (lookups, lookup_worker) = batcher();
        let (new_invites, invites_worker) = batcher();
        let state = State::default()
            .with::<settings::Reads>(settings_reads)
            .with::<lookup::Lookups>(lookups)
            .with::<create::NewInvites>(new_invites)
            .with(Pictures::default())
            .with(oidc::OpenKeys::default())
            .with(forward_auth::Answers::default())
            .with(outbox::Wake::default())
            .with(HttpClient::default())
            .with(mail::Connections::default())
            .with(invitations::Wake::default())
            .with(scim::Abilities::default())
            .with(setup::OwnerSeen::default())
            .with(InviteLocks::default())
            .with(signup::Outcomes::default());
        let ctx = Self::new(db, keyring, clock, randomness, passwords, options, state);
        ctx.spawn(maintain(ctx.clone()));
        ctx.spawn(endings::run(ctx.clone()));
        ctx.spawn(settings_worker.run(ctx.clone(), QUEUE, settings::read_batch));
        ctx.spawn(lookup_worker.run(ctx.clone(), lookup::MAX_BATCH, lookup::find_all));
        ctx.spawn(invites_worker.run(ctx.clone(), create::MAX_BATCH, create::insert_submitted));
        Ok(ctx)
    }

    /// Begins to send what is in the outbox. Only servers do: a command may run with another configuration, and would not
    /// wait for the answers.
    pub fn start_sending(&self) {
        self.spawn(start_mail(self.clone()));
        self.spawn(outbox::run(self.clone(), Senders::default()));
        self.spawn(invitations::run(self.clone()));
    }
}

/// Background maintenance. Every [`TICK`]: shares the limits with other processes and frees unused hashing memory. Every
/// minute: has applications told who may not enter any more. Every ten minutes: deletes expired rows.
async fn maintain(ctx: Ctx) {
    let stop = ctx.stopping();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for ticks in 0_u64.. {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = tick.tick() => {}
        }
        ctx.passwords().free_unused_memory();
        if let Err(error) = ctx.limits().flush(&ctx).await {
            tracing::warn!(%error, "the limits could not be shared with the other processes");
        }
        if ticks % TICKS_PER_LOOK == 0
            && let Err(error) = oidc::tell_of_lost_access(&ctx).await
        {
            tracing::warn!(%error, "applications could not be told who may not enter any more");
        }
        if ticks % TICKS_PER_PURGE == 0
            && let Err(error) = purge_expired(&ctx).await
        {
            tracing::warn!(%error, "expired rows could not be deleted");
        }
    }
}

/// Holds mails, or has them sent, as soon as the database can be asked.
async fn start_mail(ctx: Ctx) {
    let stop = ctx.stopping();
    while let Err(error) = mail::start(&ctx).await {
        tracing::warn!(%error, "it could not be checked whether mail is on; mails may wait");
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(START_AGAIN) => {}
        }
    }
}

async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    signup::purge_old_attempts(ctx).await?;
    sessions::purge_expired(ctx).await?;
    password_resets::purge_expired(ctx).await?;
    verification::purge_expired(ctx).await?;
    requests::purge(ctx).await?;
    oidc::maintain(ctx).await?;
    forward_auth::purge_expired(ctx).await?;
    outbox::purge(ctx, &Senders::default()).await?;
    invitations::purge(ctx).await?;
    ctx.limits().purge_old(ctx).await
}
