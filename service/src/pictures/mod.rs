//! Pictures of accounts and applications: everybody sets their own, staff those of accounts below theirs, and those of
//! applications who manage these. Everybody who is signed in sees them.

use domain::access::Permission;
use domain::events::Event;
use domain::ids::{AccountId, ApplicationId};
use domain::pictures::{PictureOwner, PictureVersion};
use domain::{Failure, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

pub(crate) use self::uploads::Pictures;
pub use self::uploads::Upload;
use crate::accounts::pictures as accounts;
use crate::applications::pictures as applications;
use crate::audit::{self, Originator};
use crate::members::managed;
use crate::platform::tx;
use crate::{Actor, Ctx, Error, callers, picture_files, settings};

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
    /// That of an application.
    Application(ApplicationId),
}

/// Lets the actor send a file, before it is read: of each account one at a time.
///
/// # Errors
/// [`domain::Code::Forbidden`]; [`domain::Code::RateLimited`] while another file of the actor is on its way;
/// [`domain::Code::Unavailable`].
pub fn admit(ctx: &Ctx, actor: &Actor, of: Of) -> Result<Upload, Error> {
    match of {
        Of::Own => {}
        Of::Member(_) => actor.require(Permission::AccountsManage)?,
        Of::Application(_) => actor.require(Permission::ApplicationsManage)?,
    }
    ctx.state::<Pictures>().admit(actor.id())
}

/// Gives an account or an application the picture that a file has.
///
/// # Errors
/// [`domain::Code::Invalid`] under `picture`; [`domain::Code::Forbidden`], [`domain::Code::NotFound`];
/// [`domain::Code::Unauthenticated`] if the actor's account has changed meanwhile; [`domain::Code::Unavailable`].
pub async fn set(ctx: &Ctx, actor: &Actor, of: Of, file: Vec<u8>, upload: Upload) -> Result<PictureVersion, Error> {
    let bytes = ctx.state::<Pictures>().remake(file).await?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let (owner, previous) = changed(ctx, &tx, actor, of).await?;
    let version = PictureVersion::next(now, previous);
    let event = write(&tx, owner, Some((bytes, version)), now).await?;
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    drop(upload);
    Ok(version)
}

/// Removes the picture of an account or an application, if it has one.
///
/// # Errors
/// [`domain::Code::Forbidden`], [`domain::Code::NotFound`]; [`domain::Code::Unauthenticated`] if the actor's account
/// has changed.
pub async fn remove(ctx: &Ctx, actor: &Actor, of: Of) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let (owner, picture) = changed(ctx, &tx, actor, of).await?;
    if picture.is_some() {
        let event = write(&tx, owner, None, now).await?;
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What has the picture that is changed, locked until the transaction ends, and the picture's version. What the actor
/// may do is read again: decoding takes a while.
async fn changed(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    of: Of,
) -> Result<(PictureOwner, Option<PictureVersion>), Error> {
    match of {
        Of::Own => {
            let own = callers::lock_own(db, actor, ctx.now()).await?;
            Ok((PictureOwner::Account(own.id), own.picture))
        }
        Of::Member(id) => {
            let roles = settings::read(ctx, db).await?.role_permissions;
            let actor = callers::read_again(db, actor, roles, ctx.now()).await?;
            let member = managed(ctx, db, &actor, Permission::AccountsManage, id).await?;
            Ok((PictureOwner::Account(member.id), member.picture))
        }
        Of::Application(id) => {
            let roles = settings::read(ctx, db).await?.role_permissions;
            let actor = callers::read_again(db, actor, roles, ctx.now()).await?;
            actor.require(Permission::ApplicationsManage)?;
            let picture = applications::lock(db, id).await?.ok_or_else(|| Failure::not_found("application"))?;
            Ok((PictureOwner::Application(id), picture))
        }
    }
}

/// The picture that an account or an application has since `version`.
///
/// # Errors
/// [`domain::Code::NotFound`] if it has another one, or none.
pub async fn get(ctx: &Ctx, _: &Actor, id: Uuid, version: PictureVersion) -> Result<Picture, Error> {
    find(ctx, id, version).await
}

/// The same of an account, for a caller that has shown that it may see it.
///
/// # Errors
/// Those of [`get`].
pub(crate) async fn of_version(ctx: &Ctx, id: AccountId, version: PictureVersion) -> Result<Picture, Error> {
    find(ctx, id.0, version).await
}

/// The picture that an account or an application has now, for staff.
///
/// # Errors
/// [`domain::Code::Forbidden`]; [`domain::Code::NotFound`] if it has none.
pub async fn current(ctx: &Ctx, actor: &Actor, owner: PictureOwner) -> Result<Picture, Error> {
    let db = &ctx.db().read;
    let version = match owner {
        PictureOwner::Account(id) => {
            actor.require(Permission::AccountsView)?;
            accounts::version(db, id).await?
        }
        PictureOwner::Application(id) => {
            actor.require(Permission::ApplicationsManage)?;
            applications::version(db, id).await?
        }
    };
    find(ctx, owner.id(), version.ok_or_else(|| Failure::not_found("picture"))?).await
}

/// Gives an account or an application, whose row is locked, this picture, or none. Returns what is recorded of it.
async fn write(
    db: &impl ConnectionTrait,
    owner: PictureOwner,
    picture: Option<(Vec<u8>, PictureVersion)>,
    now: Timestamp,
) -> Result<Event, DbErr> {
    let version = picture.as_ref().map(|(_, version)| *version);
    match picture {
        Some((bytes, version)) => picture_files::set(db, owner.id(), bytes, version).await?,
        None => picture_files::remove(db, owner.id()).await?,
    }
    match owner {
        PictureOwner::Account(id) => accounts::set_version(db, id, version, now).await?,
        PictureOwner::Application(id) => applications::set_version(db, id, version, now).await?,
    }
    Ok(match (owner, version) {
        (PictureOwner::Account(account), Some(_)) => Event::PictureSet { account },
        (PictureOwner::Account(account), None) => Event::PictureRemoved { account },
        (PictureOwner::Application(application), Some(_)) => Event::ApplicationPictureSet { application },
        (PictureOwner::Application(application), None) => Event::ApplicationPictureRemoved { application },
    })
}

async fn find(ctx: &Ctx, owner: Uuid, version: PictureVersion) -> Result<Picture, Error> {
    let bytes = picture_files::find(&ctx.db().read, owner, version).await?;
    let bytes = bytes.ok_or_else(|| Failure::not_found("picture"))?;
    Ok(Picture { media_type: remake::media_type(&bytes), bytes })
}
