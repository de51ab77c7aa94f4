//! The worker that prepares mailings, keeps what became of their mails, and reminds. Every server has one.

use std::time::Duration;

use tokio::sync::Notify;

use super::{prepare, reminders};
use crate::mailings::store;
use crate::{Ctx, Error, mail};

/// The interval between two looks while nothing is to be done.
const INTERVAL: Duration = Duration::from_mins(1);
/// The same while mails of invitations wait, or are still to be queued.
const BUSY_INTERVAL: Duration = Duration::from_secs(1);

/// Wakes the worker of this process before its next look.
#[derive(Debug, Default)]
pub(crate) struct Wake(Notify);

impl Wake {
    /// Has the worker look at once.
    pub(super) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Works until the process stops.
pub(crate) async fn run(ctx: Ctx) {
    let stop = ctx.stopping();
    let mut is_failing = false;
    while !stop.is_cancelled() {
        let is_busy = match work(&ctx).await {
            Ok(is_busy) => {
                is_failing = false;
                is_busy
            }
            Err(error) => {
                // Once for an outage.
                if !is_failing {
                    tracing::warn!(%error, "invitations could not be prepared; they wait");
                }
                is_failing = true;
                false
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(if is_busy { BUSY_INTERVAL } else { INTERVAL }) => {}
            () = ctx.state::<Wake>().0.notified() => {}
        }
    }
}

/// Does what is to be done now. Returns whether there is more soon.
pub(super) async fn work(ctx: &Ctx) -> Result<bool, Error> {
    let db = &ctx.db().read;
    if store::any_waits(db).await? {
        store::settle(&ctx.db().write).await?;
    }
    if !mail::is_on(ctx, db).await? {
        return Ok(false);
    }
    let prepared = prepare::prepare(ctx).await;
    // Also if that failed.
    reminders::remind_due(ctx).await?;
    Ok(prepared? || store::any_waits(db).await?)
}
