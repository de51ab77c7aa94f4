//! Accounts: who there is, who may act, and what one may change about oneself.

use domain::accounts::{
    Account, AccountQuery, AccountRow, AccountStatus, Password, PasswordChange, Permission, Viewer,
};
use domain::ids::{AccountId, SessionId};
use domain::invites::Order;
use domain::paging::Page;
use domain::text::DisplayName;
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};
use serde_json::json;

use crate::accounts::entity::{ActiveModel, Column, Entity, Model};
use crate::accounts::store::Verified;
use crate::audit::{self, Event, Who};
use crate::platform::paging::{self, Seek};
use crate::platform::tx;
use crate::sessions::Subject;
use crate::{Actor, Ctx, Error, invites, keys, redemptions, sessions, settings};

pub(crate) mod entity;
pub(crate) mod store;
#[cfg(test)]
mod tests;

/// Lists accounts, newest first, each with the invite that brought it.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &AccountQuery) -> Result<Page<AccountRow>, Error> {
    actor.require(Permission::SeeAccounts)?;
    let db = &ctx.db().read;
    let search = paging::search(query.q.as_deref()).map(|prefix| {
        let begins = |column| paging::begins_with(column, &prefix);
        Condition::any().add(begins(Column::UsernameFolded)).add(begins(Column::EmailFolded))
    });
    let select = Entity::find();
    let select = match query.status {
        None => select,
        Some(AccountStatus::Suspended) => select.filter(Column::SuspendedAt.is_not_null()),
        Some(AccountStatus::Pending) => {
            select.filter(Column::SuspendedAt.is_null()).filter(Column::ApprovedAt.is_null())
        }
        Some(AccountStatus::Active) => {
            select.filter(Column::SuspendedAt.is_null()).filter(Column::ApprovedAt.is_not_null())
        }
    };
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, order: Order::Descending, paging: query.paging };
    let rows = seek.rows(db, select, search).await?;
    let page = paging::page(rows, query.paging, |row| (row.created_at, row.id));
    let mut brought = redemptions::store::invites_of(ctx, page.items.iter().map(|row| row.id)).await?;
    let items = page
        .items
        .into_iter()
        .map(|row| {
            let mut invite = brought.remove(&row.id);
            invite.iter_mut().for_each(|invite| actor.hide_code_of(invite));
            let account = store::account(&row)?;
            let can_manage = may_manage(actor, &account);
            Ok(AccountRow { account, invite, can_manage })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Suspends an account: its sessions end, its API keys are revoked, and its invites pause. Does nothing to one that is
/// suspended.
pub async fn suspend(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(&tx, actor, id).await?;
    if account.suspended_at.is_none() {
        let change = ActiveModel {
            suspended_at: Set(Some(now.as_micros())),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        store::update(&tx, id, change).await?;
        let ended = end_access(&tx, id, None, true, now).await?;
        let paused = invites::store::pause_all_by(&tx, id, now).await?;
        let event = Event {
            who: Who::Actor(actor),
            action: "account.suspend",
            subject: ("account", Some(id.0)),
            detail: json!({ "invites_paused": paused, "keys_revoked": ended.keys }),
        };
        audit::record(&tx, ctx, now, event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What ended with a change of password, a suspension or a restoration.
pub(crate) struct Ended {
    /// How many sessions.
    pub(crate) sessions: u64,
    /// How many API keys.
    pub(crate) keys: u64,
}

/// Ends what acts for an account: every session but `kept`, its API keys if `keys` says so, and whatever was verified
/// before and has not begun a session yet.
pub(crate) async fn end_access(
    db: &impl sea_orm::ConnectionTrait,
    id: AccountId,
    kept: Option<SessionId>,
    keys: bool,
    now: Timestamp,
) -> Result<Ended, Error> {
    store::begin_epoch(db, id).await?;
    let sessions = sessions::store::end_all(db, id, kept).await?;
    let keys = if keys { keys::revoke_all(db, id, now).await? } else { 0 };
    Ok(Ended { sessions, keys })
}

/// Lifts a suspension. Nothing from before it comes to life again: invites that paused with it stay paused, and who lifts
/// it decides about each; sessions and API keys are gone.
pub async fn restore(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(&tx, actor, id).await?;
    if account.suspended_at.is_some() {
        let change = ActiveModel {
            suspended_at: Set(None),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        store::update(&tx, id, change).await?;
        // Versions before this one left keys alone when they suspended.
        let ended = end_access(&tx, id, None, true, now).await?;
        let event = Event {
            who: Who::Actor(actor),
            action: "account.restore",
            subject: ("account", Some(id.0)),
            detail: json!({ "keys_revoked": ended.keys }),
        };
        audit::record(&tx, ctx, now, event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Approves an account that waits for it.
pub async fn approve(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(&tx, actor, id).await?;
    if account.approved_at.is_none() {
        let change = ActiveModel {
            approved_at: Set(Some(now.as_micros())),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        store::update(&tx, id, change).await?;
        let event = Event {
            who: Who::Actor(actor),
            action: "account.approve",
            subject: ("account", Some(id.0)),
            detail: json!({}),
        };
        audit::record(&tx, ctx, now, event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The account `id`, locked until the transaction ends, if the actor may manage it.
async fn managed(db: &impl sea_orm::ConnectionTrait, actor: &Actor, id: AccountId) -> Result<Account, Error> {
    actor.require(Permission::ManageAccounts)?;
    let account = store::account(&store::lock(db, id).await?.ok_or_else(|| Failure::not_found("account"))?)?;
    if account.id == actor.id() {
        return Err(Failure::new(Code::Forbidden, "You can't do this to your own account.").into());
    }
    if !may_manage(actor, &account) {
        return Err(Failure::new(Code::Forbidden, "You can only manage accounts of a lower role than yours.").into());
    }
    Ok(account)
}

/// One manages those below oneself; owners also manage each other's admins, nobody manages an owner or oneself.
fn may_manage(actor: &Actor, account: &Account) -> bool {
    actor.role.may(Permission::ManageAccounts) && account.id != actor.id() && account.role < actor.role
}

/// Oneself.
pub async fn viewer(ctx: &Ctx, actor: &Actor) -> Result<Viewer, Error> {
    let account = oneself(ctx, actor).await?;
    let site_name = settings::public(ctx).await?.site_name;
    Ok(Viewer { account: store::account(&account)?, site_name, version: env!("CARGO_PKG_VERSION").to_owned() })
}

/// Changes what one likes to be called.
pub async fn rename(ctx: &Ctx, actor: &Actor, name: Option<DisplayName>) -> Result<Account, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let change =
        ActiveModel { name: Set(name.map(String::from)), updated_at: Set(now.as_micros()), ..ActiveModel::default() };
    store::update(&tx, actor.id(), change).await?;
    let event = Event {
        who: Who::Actor(actor),
        action: "account.rename",
        subject: ("account", Some(actor.id().0)),
        detail: json!({}),
    };
    audit::record(&tx, ctx, now, event).await?;
    let account = store::find(&tx, actor.id()).await?.ok_or_else(|| Failure::not_found("account"))?;
    tx.commit().await?;
    store::account(&account)
}

/// Changes the actor's password, given the one that holds; ends their other sessions and, if the change says so, revokes
/// their API keys.
///
/// # Errors
/// [`Code::Invalid`] under `current` or `new`; [`Code::RateLimited`], together with [`sessions::sign_in`].
pub async fn change_password(ctx: &Ctx, actor: &Actor, change: &PasswordChange) -> Result<(), Error> {
    let new =
        Password::parse(&change.new).map_err(|reason| Failure::field(Code::Invalid, "new", reason.to_string()))?;
    let account = oneself(ctx, actor).await?;
    let verified = Verified::by_password(&account);
    let (client, subject) = (&actor.client, Subject::Account(actor.id()));
    let hash = Some(account.password_hash.clone());
    if !sessions::verify_password(ctx, client, &subject, change.current.clone(), hash).await? {
        return Err(not_current().into());
    }
    let (salt, nothing) = (ctx.randomness().bytes(), std::future::ready(Ok(())));
    let hash = ctx.passwords().hash(client.network(), new, salt, personal(&account), nothing).await;
    let hash = hash.map_err(rename_password_field)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // While the two passwords were worked on, the account may have got another one, or been suspended.
    if verified.lock(&tx).await?.is_none_or(|account| account.suspended_at.is_some()) {
        return Err(not_current().into());
    }
    store::set_password_hash(&tx, actor.id(), hash, now).await?;
    let kept = match actor.via {
        crate::Via::Session(session) => Some(session),
        crate::Via::ApiKey(_) | crate::Via::Operator => None,
    };
    let ended = end_access(&tx, actor.id(), kept, change.revoke_keys, now).await?;
    let event = Event {
        who: Who::Actor(actor),
        action: "account.change_password",
        subject: ("account", Some(actor.id().0)),
        detail: json!({ "sessions_ended": ended.sessions, "keys_revoked": ended.keys }),
    };
    audit::record(&tx, ctx, now, event).await?;
    tx.commit().await?;
    Ok(())
}

fn not_current() -> Failure {
    Failure::field(Code::Invalid, "current", "This is not your current password.")
}

/// In a change of password the new one is called `new`.
fn rename_password_field(error: Error) -> Error {
    match error {
        Error::Failure(mut failure) => {
            for wrong in &mut failure.fields {
                "new".clone_into(&mut wrong.field);
            }
            failure.into()
        }
        internal @ Error::Internal(_) => internal,
    }
}

async fn oneself(ctx: &Ctx, actor: &Actor) -> Result<Model, Error> {
    let account = store::find(&ctx.db().read, actor.id()).await?;
    Ok(account.ok_or_else(|| Failure::not_found("account"))?)
}

/// Words that make a password of this account easier to guess.
pub(crate) fn personal(account: &Model) -> Vec<String> {
    [Some(&account.email), Some(&account.username), account.name.as_ref()].into_iter().flatten().cloned().collect()
}
