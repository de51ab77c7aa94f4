//! SCIM: applications that are told who may enter (RFC 7643 and 7644). What changed is written to the outbox by
//! [`crate::notices`], as what to look at; [`ScimSender`] reads what is true, and brings the application in line. What is chosen
//! about a connection is part of the application ([`crate::applications`]).

use domain::access::Permission;
use domain::applications::{ScimComparison, ScimDelivery, ScimState};
use domain::ids::{ApplicationId, DeliveryId};
use domain::outbox::DeliveryQuery;
use domain::paging::Page;
use domain::{Code, Failure};

use self::client::{SendError, sentences};
use self::connection::Connection;
use crate::applications::scim;
use crate::notices::scim::message;
use crate::outbox;
use crate::platform::tx;
use crate::{Actor, Ctx, Error};

mod client;
mod compare;
mod connection;
mod groups;
mod resources;
mod schema;
mod send;
mod store;
mod synchronise;
#[cfg(test)]
mod tests;
mod users;

pub(crate) use client::Abilities;
pub(crate) use send::ScimSender;

/// The state of the connection of an application.
///
/// # Errors
/// [`Code::NotFound`] for an application that is not connected by SCIM.
pub async fn state(ctx: &Ctx, actor: &Actor, id: ApplicationId) -> Result<ScimState, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let db = &ctx.db().read;
    let connection = scim::find(db, id).await?.ok_or_else(missing)?;
    store::state(db, id, connection.token_hint).await
}

/// Reads what is in an application, and says what differs. Changes nothing. Takes up to 20 seconds.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Invalid`] with what the application says, if it can't be read.
pub async fn compare(ctx: &Ctx, actor: &Actor, id: ApplicationId) -> Result<ScimComparison, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let connection = Connection::find(&ctx.db().read, ctx, id).await?.ok_or_else(missing)?;
    compare::compare(ctx, &connection).await.map_err(|stopped| match stopped {
        SendError::Error(error) => error,
        SendError::Answer(answer) => {
            let status = answer.status.map(|status| format!(" ({status})")).unwrap_or_default();
            let why = sentences(&format!("The application could not be read{status}."), &answer.text);
            Failure::new(Code::Invalid, why).into()
        }
    })
}

/// Has everything in an application looked at again, also what is known to be as it should be: it may have been changed there.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn synchronise(ctx: &Ctx, actor: &Actor, id: ApplicationId) -> Result<ScimState, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    outbox::store::lock(&tx, id.0).await?;
    let connection = scim::find(&tx, id).await?.ok_or_else(missing)?;
    resources::forget_digests(&tx, id).await?;
    let all = domain::applications::ScimAbout::Accounts { after: None };
    outbox::store::enqueue(&tx, ctx, vec![message(id.0, all)?], now).await?;
    outbox::store::release(&tx, ctx, id.0, now).await?;
    let state = store::state(&tx, id, connection.token_hint).await?;
    tx.commit().await?;
    Ok(state)
}

/// Lists what was sent to an application and what waits, newest first. What was done is kept for seven days, what was given up
/// for thirty.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn deliveries(
    ctx: &Ctx,
    actor: &Actor,
    id: ApplicationId,
    query: &DeliveryQuery,
) -> Result<Page<ScimDelivery>, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let db = &ctx.db().read;
    scim::find(db, id).await?.ok_or_else(missing)?;
    let page = outbox::store::page(db, id.0, query.status, query.paging).await?;
    let items = store::deliveries(db, id, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Has a message tried again that failed, or was given up. It has all its attempts before it.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Invalid`] for one that has not failed.
pub async fn retry(ctx: &Ctx, actor: &Actor, id: DeliveryId) -> Result<ScimDelivery, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let missing = || Failure::not_found("delivery");
    let application = ApplicationId(outbox::store::find(&tx, id).await?.ok_or_else(missing)?.target_id);
    // It may be one of a webhook, for which another permission is needed.
    scim::find(&tx, application).await?.ok_or_else(missing)?;
    if !outbox::store::retry(&tx, ctx, (application.0, id), now).await? {
        return Err(Failure::new(Code::Invalid, "Only a delivery that failed can be tried again.").into());
    }
    let row = outbox::store::find(&tx, id).await?.ok_or_else(missing)?;
    let delivery = store::deliveries(&tx, application, vec![row]).await?.pop().ok_or_else(missing)?;
    tx.commit().await?;
    Ok(delivery)
}

fn missing() -> Failure {
    Failure::not_found("connection by SCIM")
}
