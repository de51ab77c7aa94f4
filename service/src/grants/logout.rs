//! Which applications are told that a session has ended (OpenID Connect Back-Channel Logout 1.0). A message says whose session it
//! was; [`crate::oidc`] makes a logout token of it when it is sent.

use domain::Timestamp;
use domain::ids::{AccountId, SessionId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::visits::{Column, Entity, Model};
use crate::outbox::{self, NewMessage};
use crate::{Ctx, Error};

/// The kind of the targets of the outbox that are applications.
pub(crate) const KIND: &str = "backchannel_logout";
/// What the outbox calls these messages.
const EVENT: &str = "logout";

/// What is written to the outbox. It names nobody: the account may be deleted before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) account: Uuid,
    pub(crate) session: Uuid,
    /// Whether the application asked for it: it may have ended its own session before, and know of none any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) asked: bool,
}

/// Records that the application that is this target knows of a session, and is told when it ends.
pub(crate) async fn remember(
    db: &impl ConnectionTrait,
    target: Uuid,
    account: AccountId,
    session: SessionId,
) -> Result<(), DbErr> {
    let row = Model { session_id: session.0, target_id: target, account_id: account.0 };
    let known = OnConflict::columns([Column::SessionId, Column::TargetId]).do_nothing().to_owned();
    Entity::insert(row.into_active_model()).on_conflict(known).exec_without_returning(db).await?;
    Ok(())
}

/// Has the application that is this target forget the sessions that it knows of.
pub(crate) async fn forget(db: &impl ConnectionTrait, target: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::TargetId.eq(target)).exec(db).await.map(|_| ())
}

/// Tells the application that is this target that a session ends, which it asked for itself.
pub(crate) async fn tell_who_asks(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    target: Uuid,
    session: SessionId,
    now: Timestamp,
) -> Result<(), Error> {
    let its = Condition::all().add(Column::TargetId.eq(target)).add(Column::SessionId.eq(session.0));
    enqueue(db, ctx, its, true, now).await.map(|_| ())
}

/// Has every application told that knows of these sessions, which end in this transaction.
pub(crate) async fn sessions_ended(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    sessions: Vec<Uuid>,
    now: Timestamp,
) -> Result<(), Error> {
    // A statement has at most 32,766 values.
    for sessions in sessions.chunks(1_000) {
        tell(db, ctx, Condition::all().add(Column::SessionId.is_in(sessions.iter().copied())), now).await?;
    }
    Ok(())
}

/// Whether an application knows of a session that meets a condition.
pub(crate) async fn is_any(db: &impl ConnectionTrait, which: Condition) -> Result<bool, DbErr> {
    Ok(Entity::find().filter(which).one(db).await?.is_some())
}

/// Has applications told of the sessions that meet a condition. Returns their number.
pub(crate) async fn tell(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    which: Condition,
    now: Timestamp,
) -> Result<usize, Error> {
    enqueue(db, ctx, which, false, now).await
}

async fn enqueue(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    which: Condition,
    asked: bool,
    now: Timestamp,
) -> Result<usize, Error> {
    // What is deleted here nobody else tells of.
    let told = Entity::delete_many().filter(which).exec_with_returning(db).await?;
    let mut messages = Vec::with_capacity(told.len());
    for row in &told {
        let ended = Ended { account: row.account_id, session: row.session_id, asked };
        messages.push(NewMessage {
            id: None,
            target: row.target_id,
            account: None,
            event: EVENT.to_owned(),
            payload: serde_json::to_string(&ended).map_err(Error::internal)?,
        });
    }
    outbox::store::enqueue(db, ctx, messages, now).await?;
    Ok(told.len())
}
