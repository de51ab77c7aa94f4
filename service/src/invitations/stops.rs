//! *No more of these*: the link in every invitation by which its recipient gets no more, from anyone of this site. The address
//! is stored as a keyed hash, and the link has the same hash with its authentication code: it says nothing of the address to
//! anyone who sees it, and needs no row to be known.

use crate::mailings::store;
use crate::platform::tx;
use crate::{Ctx, Error};

/// Whether a link of *no more of these* is one. Changes nothing.
#[must_use]
pub fn is_stop_link(ctx: &Ctx, token: &str) -> bool {
    ctx.keyring().read_stop_token(token).is_some()
}

/// Sends no more invitations and reminders to the address of a link of *no more of these*. What waits is not sent. Repeated, it
/// does nothing more. Returns whether it is such a link.
pub async fn stop(ctx: &Ctx, token: &str) -> Result<bool, Error> {
    let Some(hash) = ctx.keyring().read_stop_token(token) else { return Ok(false) };
    let tx = tx::begin(ctx).await?;
    store::stop(&tx, &hash, ctx.now()).await?;
    tx.commit().await?;
    Ok(true)
}
