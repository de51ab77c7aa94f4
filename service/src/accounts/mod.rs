//! Accounts: who there is, who may act, and what one may change about oneself.

use std::time::Duration;

use domain::accounts::{Account, AccountQuery, AccountRow, AccountStatus, Password, PasswordChange, Permission};
use domain::ids::{AccountId, SessionId};
use domain::invites::Order;
use domain::paging::Page;
use domain::settings::Welcome;
use domain::text::DisplayName;
use domain::viewer::Viewer;
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::accounts::entity::{ActiveModel, Column, Entity, Model};
use crate::accounts::store::Verified;
use crate::audit::{self, Event, Originator};
use crate::platform::paging::{self, Seek};
use crate::platform::tx;
use crate::sessions::Subject;
use crate::{Actor, Ctx, Error, invites, keys, redemptions, sessions, settings};

pub(crate) mod entity;
pub(crate) mod store;
#[cfg(test)]
mod tests;

/// How long an approval can be undone.
pub const UNDO_APPROVAL_WITHIN: Duration = Duration::from_mins(10);

/// Lists accounts, newest first, each with the invite that brought it.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &AccountQuery) -> Result<Page<AccountRow>, Error> {
    actor.require(Permission::SeeAccounts)?;
    let db = &ctx.db().read;
    let select = Entity::find();
    let select = match query.status {
        None => select,
        Some(AccountStatus::Suspended) => {
            select.filter(Column::SuspendedAt.is_not_null()).filter(Column::ApprovedAt.is_not_null())
        }
        Some(AccountStatus::Declined) => {
            select.filter(Column::SuspendedAt.is_not_null()).filter(Column::ApprovedAt.is_null())
        }
        Some(AccountStatus::Pending) => select.filter(store::is_pending()),
        Some(AccountStatus::Active) => {
            select.filter(Column::SuspendedAt.is_null()).filter(Column::ApprovedAt.is_not_null())
        }
    };
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, order: Order::Descending, paging: query.paging };
    let rows = seek.rows(db, select, store::search(db, query.q.as_deref()).await?).await?;
    let page = paging::page(rows, query.paging, |row| (row.created_at, row.id));
    let mut brought = redemptions::store::invites_of(ctx, page.items.iter().map(|row| row.id)).await?;
    let items = page
        .items
        .into_iter()
        .map(|row| {
            let mut invite = brought.remove(&row.id);
            if let Some(invite) = &mut invite {
                actor.hide_code_of(invite);
            }
            let account = store::account(&row)?;
            let can_manage = may_manage(actor, &account);
            Ok(AccountRow { account, invite, can_manage })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// One account, with the invite that brought it.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountRow, Error> {
    actor.require(Permission::SeeAccounts)?;
    let row = store::find(&ctx.db().read, id).await?.ok_or_else(|| Failure::not_found("member"))?;
    let mut invite = redemptions::store::invites_of(ctx, [id.0]).await?.remove(&id.0);
    if let Some(invite) = &mut invite {
        actor.hide_code_of(invite);
    }
    let account = store::account(&row)?;
    let can_manage = may_manage(actor, &account);
    Ok(AccountRow { account, invite, can_manage })
}

/// Suspends an active account: its sessions end, its API keys are revoked, and its invites are paused. Does nothing to
/// any other. Returns the status afterwards.
pub async fn suspend(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    block(ctx, actor, id, "account.suspend", AccountStatus::Active).await
}

/// Declines an account that is pending approval: its sessions stop working at once, and it can't sign in until someone
/// restores or approves it. Does nothing to any other. Returns the status afterwards.
pub async fn decline(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    block(ctx, actor, id, "account.decline", AccountStatus::Pending).await
}

/// Keeps an account whose status is `from` from signing in.
async fn block(
    ctx: &Ctx,
    actor: &Actor,
    id: AccountId,
    action: &'static str,
    from: AccountStatus,
) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(&tx, actor, id).await?;
    let mut status = account.status();
    if status == from {
        status = AccountStatus::derive(Some(now), account.approved_at);
        let change = ActiveModel {
            suspended_at: Set(Some(now.as_micros())),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        store::update(&tx, id, change).await?;
        let ended = end_access(&tx, id, None, true, now).await?;
        let paused = invites::store::pause_all_by(&tx, id, now).await?;
        let event = Event {
            originator: Originator::Actor(actor),
            action,
            subject: ("account", Some(id.0)),
            detail: json!({ "invites_paused": paused, "keys_revoked": ended.keys }),
        };
        audit::record(&tx, ctx, now, event).await?;
    }
    tx.commit().await?;
    Ok(status)
}

/// What ended with a change of password, a suspension or a restoration.
pub(crate) struct Ended {
    /// Number of sessions.
    pub(crate) sessions: u64,
    /// Number of API keys.
    pub(crate) keys: u64,
}

/// Ends all access of an account: every session but `kept`, its API keys if `keys`, and every verification that has not
/// started a session yet.
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

/// Lifts a suspension, or puts a declined account back to pending approval. Nothing from before works again: sessions and
/// API keys are gone, and invites that were paused stay paused until the admin resumes them. Returns the status afterwards.
pub async fn restore(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    let change = |account: &Account| account.suspended_at.map(|_| (None, account.approved_at));
    mark(ctx, actor, id, "account.restore", change).await
}

/// Approves an account that is pending approval or was declined. Returns the status afterwards.
pub async fn approve(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let change = |account: &Account| account.approved_at.is_none().then_some((None, Some(now)));
    mark(ctx, actor, id, "account.approve", change).await
}

/// Puts an account back to pending approval that an admin approved less than [`UNDO_APPROVAL_WITHIN`] ago. Does nothing to
/// any other. Returns the status afterwards.
pub async fn undo_approval(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let change = |account: &Account| {
        // Accounts that need no approval are approved when they are made.
        let approved_at = account.approved_at.filter(|at| *at > account.created_at)?;
        (account.status() == AccountStatus::Active && approved_at.plus(UNDO_APPROVAL_WITHIN) > now)
            .then_some((None, None))
    };
    mark(ctx, actor, id, "account.undo_approval", change).await
}

/// Sets `suspended_at` and `approved_at` of an account the actor may manage to what `change` says, if it says anything.
async fn mark(
    ctx: &Ctx,
    actor: &Actor,
    id: AccountId,
    action: &'static str,
    change: impl Fn(&Account) -> Option<(Option<Timestamp>, Option<Timestamp>)>,
) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(&tx, actor, id).await?;
    let mut status = account.status();
    if let Some((suspended_at, approved_at)) = change(&account) {
        status = AccountStatus::derive(suspended_at, approved_at);
        let change = ActiveModel {
            suspended_at: Set(suspended_at.map(Timestamp::as_micros)),
            approved_at: Set(approved_at.map(Timestamp::as_micros)),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        store::update(&tx, id, change).await?;
        // A suspension by an earlier version did not revoke the keys.
        let lifted = account.suspended_at.is_some() && suspended_at.is_none();
        let keys_revoked = if lifted { end_access(&tx, id, None, true, now).await?.keys } else { 0 };
        let event = Event {
            originator: Originator::Actor(actor),
            action,
            subject: ("account", Some(id.0)),
            detail: json!({ "keys_revoked": keys_revoked }),
        };
        audit::record(&tx, ctx, now, event).await?;
    }
    tx.commit().await?;
    Ok(status)
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
    actor.role.may(Permission::ManageAccounts) && account.id != actor.id() && account.role.is_below(actor.role)
}

/// The actor's account, and what every page of the dashboard needs to know for it.
pub async fn viewer(ctx: &Ctx, actor: &Actor) -> Result<Viewer, Error> {
    let account = store::account(&oneself(ctx, actor).await?)?;
    let settings = settings::current(ctx).await?;
    let pending = match actor.require(Permission::SeeAccounts) {
        Ok(()) => Some(paging::count(&ctx.db().read, Entity::find().filter(store::is_pending())).await?),
        Err(_) => None,
    };
    // A link for members is not for someone whom an admin may decline.
    let is_member = account.status() == AccountStatus::Active;
    Ok(Viewer {
        account,
        site_name: settings.site_name,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        registration_mode: settings.registration_mode,
        registration_mode_fixed: settings.registration_mode_fixed,
        welcome: if is_member { settings.welcome } else { Welcome::default() },
        pending,
    })
}

/// Changes what one likes to be called.
pub async fn rename(ctx: &Ctx, actor: &Actor, name: Option<DisplayName>) -> Result<Account, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = store::rename(&tx, actor.id(), name, now).await?.ok_or_else(|| Failure::not_found("account"))?;
    let event = Event {
        originator: Originator::Actor(actor),
        action: "account.rename",
        subject: ("account", Some(actor.id().0)),
        detail: json!({}),
    };
    audit::record(&tx, ctx, now, event).await?;
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
        originator: Originator::Actor(actor),
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
