//! Invites: making, changing and looking them up.

use domain::accounts::{Permission, Role};
use domain::ids::InviteId;
use domain::invites::{CodeKind, Invite, InviteCode, InvitePatch, InviteQuery, InviteStatus, NewInvite};
use domain::paging::Page;
use domain::signup::{Invitation, Lookup};
use domain::text::Label;
use domain::{Code, Failure, Patch, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

use self::batch::Made;
use self::lookup::InvitePreview;
use crate::accounts::store as accounts;
use crate::audit::{self, Event, Who};
use crate::invites::entity::{ActiveModel, Column, Entity, Model};
use crate::platform::limits::Limit;
use crate::platform::paging::{self, Seek};
use crate::platform::tx;
use crate::{Actor, Client, Ctx, Error, settings};

pub(crate) mod batch;
pub(crate) mod entity;
pub(crate) mod lookup;
pub(crate) mod store;
#[cfg(test)]
mod tests;

/// Makes an invite.
///
/// # Errors
/// [`Code::Invalid`] under `max_uses` above the ceiling; [`Code::CodeTaken`] when the code is, or ever was, another
/// invite's.
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewInvite) -> Result<Invite, Error> {
    actor.require(Permission::Invite)?;
    check_grant(actor.role, new.role)?;
    let now = ctx.now();
    // Everything that can be found out beforehand is: whoever writes keeps all others from writing.
    let settings = settings::current(ctx).await?;
    check_ceiling(new.max_uses, settings.invite_link_max_redemptions_limit.get())?;
    let (kind, code) = match new.code.clone() {
        None => (CodeKind::Random, random_code(ctx, settings.code_length.get())?),
        // An own code can't be what another invite's random one is: both are typed into the same field. Two of the same
        // kind are told apart by the table, and nobody can guess what will be drawn (ADR 10).
        Some(code) if store::find_by_code(&ctx.db().read, ctx, &code).await?.is_some() => {
            return Err(code_taken().into());
        }
        Some(code) => (CodeKind::Own, code),
    };
    let id = ctx.randomness().uuid(now);
    let row = store::new_row(ctx, id, (kind, code), new, actor.account.id, now)?;

    let audit = audit::row(ctx.randomness().uuid(now), now, &event(actor, "invite.create", InviteId(id), facts(&row)));
    ctx.new_invites().submit(Made { invite: row.clone(), audit }).await?;
    store::invite(ctx, &row, actor.account.clone(), now)
}

/// Lists invites.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &InviteQuery) -> Result<Page<Invite>, Error> {
    actor.require(Permission::SeeInvites)?;
    let db = &ctx.db().read;
    let now = ctx.now();
    let (key, id) = (store::sort_key(query.sort), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, order: query.order, paging: query.paging };
    let list = Entity::find().filter(store::with_status(query.status, now));
    let rows = seek.rows(db, list, store::search(ctx, query.q.as_deref(), actor.reads_codes())).await?;
    let page = paging::page(rows, query.paging, |row| (store::sort_value(query.sort, row), row.id));
    let mut items = store::invites(db, ctx, page.items, now).await?;
    items.iter_mut().for_each(|invite| actor.hide_code(invite));
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// One invite, deleted or not.
pub async fn get(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> {
    actor.require(Permission::SeeInvites)?;
    let row = store::find(&ctx.db().read, id).await?.ok_or_else(|| Failure::not_found("invite"))?;
    let mut invite = store::one(&ctx.db().read, ctx, row, ctx.now()).await?;
    actor.hide_code(&mut invite);
    Ok(invite)
}

/// Changes an invite.
///
/// # Errors
/// [`Code::InviteDeleted`]; [`Code::MaxUsesBelowUsed`]; [`Code::Invalid`] under the field that is wrong.
pub async fn update(ctx: &Ctx, actor: &Actor, id: InviteId, patch: InvitePatch) -> Result<Invite, Error> {
    actor.require(Permission::Invite)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = store::lock(&tx, id).await?;
    refuse_deleted(&row)?;
    let settings = settings::read(ctx, &tx).await?;
    let max_uses = match patch.max_uses {
        Patch::Set(uses) => {
            check_ceiling(Some(uses), settings.invite_link_max_redemptions_limit.get())?;
            Some(i64::from(uses))
        }
        Patch::Clear => None,
        Patch::Keep => row.max_uses,
    };
    if max_uses.is_some_and(|uses| uses < row.used) {
        return Err(Failure::field(
            Code::MaxUsesBelowUsed,
            "max_uses",
            format!("{} have come by it already. Enter at least that, or pause it.", row.used),
        )
        .into());
    }
    let starts_at = patch.starts_at.apply(row.starts_at.map(Timestamp::from_micros));
    let expires_at = patch.expires_at.apply(row.expires_at.map(Timestamp::from_micros));
    if let (Some(starts_at), Some(expires_at)) = (starts_at, expires_at)
        && starts_at >= expires_at
    {
        return Err(Failure::field(Code::Invalid, "starts_at", "It would start after it ends.").into());
    }
    let label = match patch.label {
        Patch::Keep => row.label.clone(),
        Patch::Clear => None,
        Patch::Set(label) => Some(String::from(label)),
    };
    if let Some(role) = patch.role {
        check_grant(actor.role, role)?;
        check_grant(author_role(&tx, &row).await?, role)?;
    }
    let role = patch.role.map_or_else(|| row.role.clone(), |role| role.as_str().to_owned());
    let changed = Model {
        label_folded: label.as_ref().map(|label| label.to_lowercase()),
        label,
        max_uses,
        starts_at: starts_at.map(Timestamp::as_micros),
        expires_at: expires_at.map(Timestamp::as_micros),
        role,
        updated_at: now.as_micros(),
        ..row
    };
    write(&tx, &changed).await?;
    record(&tx, ctx, actor, now, "invite.update", id, facts(&changed)).await?;
    let invite = store::one(&tx, ctx, changed, now).await?;
    tx.commit().await?;
    Ok(invite)
}

/// Stops an invite from letting anyone in until it is resumed. Does nothing to one that is paused.
///
/// # Errors
/// [`Code::InviteDeleted`].
pub async fn pause(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> {
    set_paused(ctx, actor, id, true).await
}

/// Lets a paused invite go on. Does nothing to one that is not paused.
///
/// # Errors
/// [`Code::InviteDeleted`]; [`Code::Forbidden`] when its author could not make it today.
pub async fn resume(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> {
    set_paused(ctx, actor, id, false).await
}

async fn set_paused(ctx: &Ctx, actor: &Actor, id: InviteId, paused: bool) -> Result<Invite, Error> {
    actor.require(Permission::Invite)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let mut row = store::lock(&tx, id).await?;
    refuse_deleted(&row)?;
    if row.paused_at.is_some() != paused {
        if !paused {
            check_grant(author_role(&tx, &row).await?, store::role(&row)?)?;
        }
        row.paused_at = paused.then_some(now.as_micros());
        row.updated_at = now.as_micros();
        write(&tx, &row).await?;
        let action = if paused { "invite.pause" } else { "invite.resume" };
        record(&tx, ctx, actor, now, action, id, json!({})).await?;
    }
    let invite = store::one(&tx, ctx, row, now).await?;
    tx.commit().await?;
    Ok(invite)
}

/// Deletes an invite: it lets nobody in any more, its code can never be made again, and no copy of the code is left.
/// Who came by it stays, and the ledger still names it. Does nothing to one that is deleted.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<(), Error> {
    actor.require(Permission::Invite)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let mut row = store::lock(&tx, id).await?;
    if row.deleted_at.is_none() {
        row.deleted_at = Some(now.as_micros());
        row.updated_at = now.as_micros();
        row.code_sealed = None;
        write(&tx, &row).await?;
        record(&tx, ctx, actor, now, "invite.delete", id, json!({ "used": row.used })).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What a code says before anyone signs up with it. Spends nothing.
///
/// # Errors
/// [`Code::RateLimited`] to an address that has asked for too many codes that do not exist.
pub async fn lookup(ctx: &Ctx, code: &str, client: &Client) -> Result<Lookup, Error> {
    ctx.limits().check(ctx, Limit::Code, client, "")?;
    let found = match InviteCode::parse(code) {
        Ok(code) => lookup::find(ctx, &code).await?,
        Err(_) => None,
    };
    let Some(InvitePreview { kind, role, lifecycle, invited_by }) = found else {
        ctx.limits().record_failure(ctx, Limit::Code, client, "");
        return Ok(Lookup::Unknown);
    };
    let status = lifecycle.status(ctx.now());
    if status != InviteStatus::Active && kind == CodeKind::Own {
        // Also to who asks very often: what is counted for a code that is none is counted here.
        ctx.limits().record_failure(ctx, Limit::Code, client, "");
        return Ok(Lookup::Unknown);
    }
    Ok(match status {
        InviteStatus::Active => Lookup::Open(Invitation {
            invited_by,
            role,
            expires_at: lifecycle.expires_at,
            places_left: lifecycle.max_uses.map(|max_uses| max_uses.saturating_sub(lifecycle.used)),
        }),
        status => Lookup::Unavailable { status, invited_by, starts_at: lifecycle.starts_at },
    })
}

/// A grant is strictly below its author.
fn check_grant(author: Role, granted: Role) -> Result<(), Failure> {
    if author.may(Permission::Invite) && granted.can_be_granted() && granted < author {
        Ok(())
    } else {
        Err(Failure::new(Code::Forbidden, "An invite can only grant a role below its author's."))
    }
}

/// The role of an invite's author as it counts today: a suspended one's is the lowest.
pub(crate) async fn author_role(db: &impl ConnectionTrait, invite: &Model) -> Result<Role, Error> {
    let author = accounts::find(db, domain::ids::AccountId(invite.created_by)).await?;
    let author = accounts::account(&author.ok_or_else(|| Error::internal("an invite has no author"))?)?;
    Ok(if author.suspended_at.is_some() { Role::User } else { author.role })
}

fn check_ceiling(max_uses: Option<u32>, ceiling: u32) -> Result<(), Failure> {
    match max_uses {
        Some(uses) if uses > ceiling => Err(Failure::field(
            Code::Invalid,
            "max_uses",
            format!("At most {}, or no limit. The ceiling is in the settings.", domain::text::thousands(ceiling)),
        )),
        _ => Ok(()),
    }
}

pub(crate) fn random_code(ctx: &Ctx, length: u8) -> Result<InviteCode, Error> {
    let code = ctx.randomness().code(length);
    InviteCode::parse(&code).map_err(|_| Error::internal("a random code was no code"))
}

fn code_taken() -> Failure {
    Failure::field(Code::CodeTaken, "code", "Another invite has, or had, this code. Choose another.")
}

fn refuse_deleted(row: &Model) -> Result<(), Failure> {
    if row.deleted_at.is_some() {
        return Err(Failure::new(Code::InviteDeleted, "This invite is deleted. Make a new one."));
    }
    Ok(())
}

/// Writes a row back, all but what only a redemption changes.
async fn write(db: &impl ConnectionTrait, row: &Model) -> Result<(), Error> {
    let mut change: ActiveModel = row.clone().into_active_model().reset_all();
    change.not_set(Column::Used);
    change.not_set(Column::LastUsedAt);
    Entity::update(change).exec(db).await?;
    Ok(())
}

/// What the audit log keeps of an invite: never its code.
fn facts(row: &Model) -> Value {
    json!({
        "label": row.label.as_deref().and_then(|label| Label::parse(label).ok()),
        "role": row.role,
        "max_uses": row.max_uses,
        "starts_at": row.starts_at.map(Timestamp::from_micros),
        "expires_at": row.expires_at.map(Timestamp::from_micros),
    })
}

async fn record(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    now: Timestamp,
    action: &'static str,
    id: InviteId,
    detail: Value,
) -> Result<(), Error> {
    audit::record(db, ctx, now, event(actor, action, id, detail)).await
}

fn event<'a>(actor: &'a Actor, action: &'static str, id: InviteId, detail: Value) -> Event<'a> {
    Event { who: Who::Actor(actor), action, subject: ("invite", Some(id.0)), detail }
}
