//! Handing ownership over.

use domain::accounts::{AccountStatus, Role};
use domain::events::Event;
use domain::ids::{AccountId, SessionId};
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::can_hand_over;
use crate::accounts::entity::ActiveModel;
use crate::accounts::store;
use crate::audit::{self, Originator};
use crate::platform::tx;
use crate::sessions::{self, Subject, end_access};
use crate::{Actor, Ctx, Error, Via, callers, invites};

/// Makes another account an owner and the actor, who is one, an admin, given the actor's password. The sessions of the
/// new owner and the actor's other sessions end, the actor's invites are paused, and the new owner's account ends no
/// more. Returns the number of those.
///
/// # Errors
/// [`Code::Forbidden`] unless the actor is an owner who is signed in, and if the other account is not active;
/// [`Code::Invalid`] under `password` if it is wrong; [`Code::RateLimited`] by the same limit as [`sessions::sign_in`].
pub async fn transfer_ownership(ctx: &Ctx, actor: &Actor, to: AccountId, password: String) -> Result<u64, Error> {
    if !can_hand_over(actor) {
        return Err(not_an_owner().into());
    }
    let wrong = || Failure::field(Code::Invalid, "password", "This is not your current password.");
    let row = store::find(&ctx.db().read, actor.id()).await?.ok_or_else(wrong)?;
    let (subject, hash) = (Subject::Account(actor.id()), Some(row.password_hash));
    if !sessions::verify_password(ctx, &actor.client, &subject, password, hash).await? {
        return Err(wrong().into());
    }
    transfer(ctx, actor, to).await
}

/// [`transfer_ownership`] without the password, or after it was verified.
pub(crate) async fn transfer(ctx: &Ctx, actor: &Actor, to: AccountId) -> Result<u64, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // The lower id first, so that two of these transactions cannot deadlock.
    if to.0 < actor.id().0 {
        store::lock(&tx, to).await?;
    }
    // While the password was verified, the account may have got another one, another role or been suspended.
    let own = callers::lock(&tx, actor, now).await?;
    let row = store::lock(&tx, to).await?.ok_or_else(|| Failure::not_found("account"))?;
    if own.role != Role::Owner {
        return Err(not_an_owner().into());
    }
    if to == actor.id() || store::lifecycle(&row).status(now) != AccountStatus::Active {
        let why = "Ownership can only be handed over to another account that is active.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    let kept = match actor.via {
        Via::Session(session) => Some(session),
        Via::ApiKey(_) | Via::Operator => None,
    };
    set_role(&tx, ctx, to, Role::Owner, None, now).await?;
    set_role(&tx, ctx, actor.id(), Role::Admin, kept, now).await?;
    // An admin has fewer permissions than an owner.
    let invites_paused = invites::store::pause_all_by(&tx, actor.id(), now).await?;
    let event = Event::OwnershipTransferred { account: to, from: actor.id(), invites_paused };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(invites_paused)
}

fn not_an_owner() -> Failure {
    let why = "Only an owner can hand ownership over, in the dashboard or on the command line.";
    Failure::new(Code::Forbidden, why)
}

/// Gives an account a role and ends its sessions except `kept`.
async fn set_role(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    id: AccountId,
    role: Role,
    kept: Option<SessionId>,
    now: Timestamp,
) -> Result<(), Error> {
    let mut change =
        ActiveModel { role: Set(role.as_str().to_owned()), updated_at: Set(now.as_micros()), ..ActiveModel::default() };
    if role == Role::Owner {
        // The site would be without its owner.
        (change.ends_at, change.ended_at) = (Set(None), Set(None));
    }
    store::update(db, id, change).await?;
    end_access(db, ctx, id, kept, false, now).await?;
    Ok(())
}
