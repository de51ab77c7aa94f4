//! The way into applications: that of a member who opens one, and that of an invite which leads to one.

use std::collections::HashMap;

use domain::access::Permission;
use domain::applications::ApplicationRef;
use domain::ids::{AccountId, ApplicationId};
use domain::text::ApplicationName;
use domain::web::{Destination, WebUrl};
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use super::store;
use crate::{Actor, Ctx, Error};

/// What became of opening an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is there.
    At(WebUrl),
    /// It does not admit the account.
    NotAdmitted(ApplicationName),
    /// There is none with this id that has an address.
    Missing,
}

/// Where an application opens, for an account that is active.
pub async fn open(ctx: &Ctx, account: AccountId, id: ApplicationId) -> Result<Opening, Error> {
    let db = &ctx.db().read;
    let Some(row) = store::find(db, id).await? else { return Ok(Opening::Missing) };
    let Some(url) = store::opens_at(&row)? else { return Ok(Opening::Missing) };
    let is_admitted = store::is_admitted(db, id, account, ctx.now()).await?;
    Ok(if is_admitted { Opening::At(url) } else { Opening::NotAdmitted(store::name(&row)) })
}

/// The name of an application that has an address, for those whom a link leads to it.
pub async fn name_of(ctx: &Ctx, id: ApplicationId) -> Result<Option<ApplicationName>, Error> {
    Ok(names(&ctx.db().read, [id]).await?.remove(&id))
}

/// The applications to which an invite of the actor can lead, by name: those that the actor may open and, for who
/// manages applications, all that have an address; at most 200.
pub async fn choices(ctx: &Ctx, actor: &Actor) -> Result<Vec<ApplicationRef>, Error> {
    if !actor.active {
        return Ok(Vec::new());
    }
    let of = (!actor.may(Permission::ApplicationsManage)).then(|| actor.id());
    let links = store::links(&ctx.db().read, of, ctx.now()).await?;
    Ok(links.into_iter().map(|link| ApplicationRef { id: link.id, name: link.name }).collect())
}

/// Checks that an invite of the actor can lead to a destination, if that is an application.
///
/// # Errors
/// [`Code::Invalid`] under `after`.
pub(crate) async fn check_leads(
    db: &impl ConnectionTrait,
    actor: &Actor,
    after: Option<&Destination>,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(id) = after.and_then(Destination::application) else { return Ok(()) };
    let row = store::find(db, id).await?.filter(|row| row.url.is_some());
    let may = match &row {
        Some(_) if actor.may(Permission::ApplicationsManage) => true,
        Some(_) => store::is_admitted(db, id, actor.id(), now).await?,
        None => false,
    };
    if may {
        return Ok(());
    }
    let why = "There is no application with this id that has an address and that you may open. Choose another.";
    Err(Failure::field(Code::Invalid, "after", why).into())
}

/// The names of those applications that exist and have an address, found with one query, or none if there is nothing to
/// find.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ApplicationId>,
) -> Result<HashMap<ApplicationId, ApplicationName>, Error> {
    let ids: Vec<ApplicationId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(store::names(db, ids).await?)
}
