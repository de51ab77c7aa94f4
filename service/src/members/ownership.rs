//! Handing ownership over.

use domain::access::RolePermissions;
use domain::accounts::{Account, AccountStatus, Role};
use domain::events::Event;
use domain::ids::{AccountId, SessionId};
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::can_hand_over;
use crate::accounts::entity::ActiveModel;
use crate::accounts::store::{self, Verified};
use crate::audit::{self, Originator};
use crate::platform::tx;
use crate::sessions::{self, Subject, end_access};
use crate::{Actor, Ctx, Error, Via, invites, settings};

/// Makes another account an owner and the actor, who is one, an admin, given the actor's password. The sessions of the new
/// owner and the actor's other sessions end, and the actor's invites are paused. Returns the number of those.
///
/// # Errors
/// [`Code::Forbidden`] unless the actor is an owner who is signed in; [`Code::Invalid`] under `password` if it is wrong, or
/// if the other account is not active; [`Code::RateLimited`] by the same limit as [`sessions::sign_in`].
pub async fn transfer_ownership(ctx: &Ctx, actor: &Actor, to: AccountId, password: String) -> Result<u64, Error> {
    if !can_hand_over(actor) {
        let why = "Only an owner can hand ownership over, in the dashboard or on the command line.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    let wrong = || Failure::field(Code::Invalid, "password", "This is not your current password.");
    let row = store::find(&ctx.db().read, actor.id()).await?.ok_or_else(wrong)?;
    let (verified, hash) = (Verified::by_password(&row), Some(row.password_hash));
    let subject = Subject::Account(actor.id());
    if !sessions::verify_password(ctx, &actor.client, &subject, password, hash).await? {
        return Err(wrong().into());
    }
    transfer(ctx, actor, to, Some(&verified)).await
}

/// [`transfer_ownership`] without the password, or after it was verified.
pub(crate) async fn transfer(
    ctx: &Ctx,
    actor: &Actor,
    to: AccountId,
    verified: Option<&Verified>,
) -> Result<u64, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // In the order of their ids, so that two of these transactions cannot deadlock.
    let (first, second) = if actor.id().0 < to.0 { (actor.id(), to) } else { (to, actor.id()) };
    for id in [first, second] {
        store::lock(&tx, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    }
    // While the password was verified, the account may have got another one, another role or been suspended.
    let unchanged = match verified {
        Some(verified) => verified.lock(&tx).await?.is_some(),
        None => true,
    };
    let own = read(&tx, actor.id(), now).await?;
    if !unchanged || own.role != Role::Owner || own.status != AccountStatus::Active {
        let why = "Your password or account has changed. Sign in again.";
        return Err(Failure::new(Code::Unauthenticated, why).into());
    }
    let new_owner = read(&tx, to, now).await?;
    if to == actor.id() || new_owner.status != AccountStatus::Active {
        let why = "Ownership can only be handed over to another account that is active.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    let kept = match actor.via {
        Via::Session(session) => Some(session),
        Via::ApiKey(_) | Via::Operator => None,
    };
    set_role(&tx, to, Role::Owner, None, now).await?;
    set_role(&tx, actor.id(), Role::Admin, kept, now).await?;
    let roles = settings::read(ctx, &tx).await?.role_permissions;
    let invites_paused = if loses(roles) { invites::store::pause_all_by(&tx, actor.id(), now).await? } else { 0 };
    let event = Event::OwnershipTransferred { account: to, from: actor.id(), invites_paused };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(invites_paused)
}

/// Whether an owner who becomes an admin has fewer permissions.
fn loses(roles: RolePermissions) -> bool {
    !roles.of(Role::Admin).is_superset(roles.of(Role::Owner))
}

async fn read(db: &impl ConnectionTrait, id: AccountId, now: Timestamp) -> Result<Account, Error> {
    let row = store::find(db, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    store::account(&row, now)
}

/// Gives an account a role and ends its sessions except `kept`.
async fn set_role(
    db: &impl ConnectionTrait,
    id: AccountId,
    role: Role,
    kept: Option<SessionId>,
    now: Timestamp,
) -> Result<(), Error> {
    let change =
        ActiveModel { role: Set(role.as_str().to_owned()), updated_at: Set(now.as_micros()), ..ActiveModel::default() };
    store::update(db, id, change).await?;
    end_access(db, id, kept, false, now).await?;
    Ok(())
}
