//! What is deleted of mailings: they say who was invited, of whom many have no account, and whom nobody can ask by then.

use std::time::Duration;

use crate::mailings::store;
use crate::{Ctx, Error};

/// How long a mailing and its invitations are kept.
pub(super) const KEEP: Duration = Duration::from_hours(180 * 24);
/// The number of mailings that are looked at at a time.
const MAILINGS: u64 = 20;
/// The number of invitations of one statement.
const BATCH: u64 = 1_000;

/// Deletes mailings that were sent some time ago, with their invitations. The invites that were made for them stay. Each
/// statement is a transaction, so that others are not kept waiting.
pub(crate) async fn purge(ctx: &Ctx) -> Result<(), Error> {
    let (db, stop) = (&ctx.db().write, ctx.stopping());
    let before = ctx.now().minus(KEEP);
    loop {
        let old = store::old_mailings(db, before, MAILINGS).await?;
        if old.is_empty() {
            return Ok(());
        }
        for id in old {
            while store::delete_some_of(db, id, BATCH).await? == BATCH {
                if stop.is_cancelled() {
                    return Ok(());
                }
            }
            store::delete_mailing(db, id).await?;
        }
    }
}
