//! Pictures of accounts: everybody sets their own, and staff those of accounts below theirs. Whoever is signed in sees them.

use domain::Failure;
use domain::access::Permission;
use domain::accounts::Account;
use domain::events::Event;
use domain::ids::AccountId;
use domain::pictures::PictureVersion;
use sea_orm::ConnectionTrait;

pub(crate) use self::uploads::Pictures;
pub use self::uploads::Upload;
use crate::accounts::pictures as store;
use crate::audit::{self, Originator};
use crate::members::managed;
use crate::platform::tx;
use crate::{Actor, Ctx, Error, callers, settings};

mod remake;
#[cfg(test)]
pub(crate) mod tests;
mod uploads;

/// A stored picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its media type: `image/jpeg`, or `image/webp` if some of it is transparent.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Whose picture is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The caller's own.
    Own,
    /// That of an account below the caller's.
    Member(AccountId),
}

/// Lets the actor send a file, before it is read: of each account one at a time.
///
/// # Errors
/// [`domain::Code::Forbidden`]; [`domain::Code::RateLimited`] while another file of the actor is on its way;
/// [`domain::Code::Unavailable`].
pub fn admit(ctx: &Ctx, actor: &Actor, of: Of) -> Result<Upload, Error> {
    if let Of::Member(_) = of {
        actor.require(Permission::AccountsManage)?;
    }
    ctx.state::<Pictures>().admit(actor.id())
}

/// Gives an account the picture that a file has.
///
/// # Errors
/// [`domain::Code::Invalid`] under `picture`; [`domain::Code::Forbidden`], [`domain::Code::NotFound`];
/// [`domain::Code::Unauthenticated`] if the actor's account has changed meanwhile; [`domain::Code::Unavailable`].
pub async fn set(ctx: &Ctx, actor: &Actor, of: Of, file: Vec<u8>, upload: Upload) -> Result<PictureVersion, Error> {
    let bytes = ctx.state::<Pictures>().remake(file).await?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = changed(ctx, &tx, actor, of).await?;
    let version = store::set(&tx, &account, bytes, now).await?;
    let event = Event::PictureSet { account: account.id };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    drop(upload);
    Ok(version)
}

/// Takes the picture of an account away, if it has one.
///
/// # Errors
/// [`domain::Code::Forbidden`], [`domain::Code::NotFound`]; [`domain::Code::Unauthenticated`] if the actor's account has
/// changed.
pub async fn remove(ctx: &Ctx, actor: &Actor, of: Of) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = changed(ctx, &tx, actor, of).await?;
    if account.picture.is_some() {
        store::remove(&tx, account.id, now).await?;
        let event = Event::PictureRemoved { account: account.id };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The account whose picture is changed, locked until the transaction ends. What the actor may do is read again: decoding
/// takes a while.
async fn changed(ctx: &Ctx, db: &impl ConnectionTrait, actor: &Actor, of: Of) -> Result<Account, Error> {
    let Of::Member(id) = of else { return callers::lock_own(db, actor, ctx.now()).await };
    let caller = callers::lock(db, actor, ctx.now()).await?;
    let roles = settings::read(ctx, db).await?.role_permissions;
    let permissions = callers::permissions(db, roles, &caller, ctx.now()).await?;
    managed(ctx, db, &Actor { permissions, ..actor.clone() }, Permission::AccountsManage, id).await
}

/// The picture that an account has since `version`.
///
/// # Errors
/// [`domain::Code::NotFound`] if it has another one, or none.
pub async fn get(ctx: &Ctx, _: &Actor, id: AccountId, version: PictureVersion) -> Result<Picture, Error> {
    of_version(ctx, id, version).await
}

/// The same for whoever has shown that they may see it.
///
/// # Errors
/// Those of [`get`].
pub(crate) async fn of_version(ctx: &Ctx, id: AccountId, version: PictureVersion) -> Result<Picture, Error> {
    found(store::find(&ctx.db().read, id, Some(version)).await?)
}

/// The picture that an account has now, for staff.
///
/// # Errors
/// [`domain::Code::Forbidden`]; [`domain::Code::NotFound`] if it has none.
pub async fn current(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<Picture, Error> {
    actor.require(Permission::AccountsView)?;
    found(store::find(&ctx.db().read, id, None).await?)
}

fn found(bytes: Option<Vec<u8>>) -> Result<Picture, Error> {
    let bytes = bytes.ok_or_else(|| Failure::not_found("picture"))?;
    Ok(Picture { media_type: remake::media_type(&bytes), bytes })
}
