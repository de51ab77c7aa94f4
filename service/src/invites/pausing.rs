//! Pausing invites, and giving them their effect again.

use domain::access::Permission;
use domain::events::Event;
use domain::ids::{AccountId, InviteId};
use domain::invites::{Invite, Terms};
use domain::{Failure, Timestamp};

use super::entity::Model;
use super::{
    check_author, check_multi, check_without_code, flow, is_own, limits, managed, manages_all, refuse_deleted, store,
    write,
};
use crate::audit::{self, Originator};
use crate::platform::tx;
use crate::{Actor, Ctx, Error, settings};

/// Pauses an invite: it cannot be used until it is resumed. Does nothing to one that is paused.
///
/// # Errors
/// [`domain::Code::InviteDeleted`].
pub async fn pause(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> {
    set_paused(ctx, actor, id, true).await
}

/// Resumes a paused invite. Does nothing to one that is not paused. One of the actor's own that the limits of members did not
/// bind when it was created, and bind now, is taken from the quota.
///
/// # Errors
/// [`domain::Code::InviteDeleted`]; [`domain::Code::Forbidden`] when its author may not grant its role any more; those of [`super::create`] for what
/// is beyond the limits.
pub async fn resume(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> {
    set_paused(ctx, actor, id, false).await
}

async fn set_paused(ctx: &Ctx, actor: &Actor, id: InviteId, paused: bool) -> Result<Invite, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let mut row = managed(&tx, actor, id, now).await?;
    refuse_deleted(&row)?;
    if row.paused_at.is_some() != paused {
        if !paused {
            let terms = store::terms(&row)?;
            let manages_all = manages_all(&tx, actor, &terms, now).await?;
            check_resumed(actor, &row, &terms, manages_all)?;
            let settings = settings::read(ctx, &tx).await?;
            check_author(&tx, &row, settings.role_permissions, now).await?;
            flow::check_resumed(&tx, AccountId(row.created_by), &terms, settings.role_permissions, now).await?;
            if is_unbound(actor, &row, manages_all) {
                limits::resumed(&settings, &terms, Timestamp::from_micros(row.created_at), now)?;
                limits::take(&tx, actor, settings.member_limits, now).await?;
                row.counted_at = Some(now.as_micros());
            }
        }
        row.paused_at = paused.then_some(now.as_micros());
        row.updated_at = now.as_micros();
        write(&tx, &row).await?;
        let event = if paused { Event::InvitePaused { invite: id } } else { Event::InviteResumed { invite: id } };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let mut invite = store::one(&tx, ctx, row, now).await?;
    tx.commit().await?;
    actor.hide_code(&mut invite);
    Ok(invite)
}

/// Checks what is held against the actor who gives an invite its effect again; `manages_all` says whether it manages each of the
/// groups.
pub(super) fn check_resumed(actor: &Actor, row: &Model, terms: &Terms, manages_all: bool) -> Result<(), Failure> {
    if terms.grants_admin() {
        actor.require(Permission::AdminsManage)?;
    }
    check_without_code(actor, terms)?;
    if is_own(actor, row) && !manages_all {
        check_multi(actor, terms)?;
    }
    Ok(())
}

/// Whether the invite is the actor's own, was not bound by the limits of members when it was created, and is now.
pub(super) fn is_unbound(actor: &Actor, row: &Model, manages_all: bool) -> bool {
    is_own(actor, row) && limits::bind(actor, manages_all) && row.counted_at.is_none()
}
