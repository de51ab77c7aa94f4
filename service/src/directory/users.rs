//! Accounts as a directory feeds them in.

use std::collections::HashMap;

use domain::access::Permission;
use domain::accounts::{Account, AccountDraft, AccountStatus, Role, Username};
use domain::directory::{Listed, NewUser, User, UserChange, UserName, UserTerm, Window, derived_username};
use domain::events::Event;
use domain::groups::GroupRef;
use domain::ids::AccountId;
use domain::text::DirectoryName;
use domain::{Code, Failure, Patch, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::pages;
use crate::accounts::directory::{self, Known};
use crate::accounts::entity::{ActiveModel, Column, Entity, Model};
use crate::accounts::store::{self, NewRow};
use crate::audit::{self, Originator};
use crate::groups::sees_all;
use crate::memberships::store::groups_of_accounts;
use crate::platform::tx;
use crate::{Actor, Ctx, Error, members};

pub use crate::members::delete;

/// The most usernames that are tried before one with a random number.
const DERIVED: u64 = 20;

/// How often an account is created whose derived username somebody else took meanwhile.
const ATTEMPTS: u32 = 4;

/// Lists the accounts for which all terms hold.
pub async fn list(ctx: &Ctx, actor: &Actor, terms: &[UserTerm], window: Window) -> Result<Listed<User>, Error> {
    actor.require(Permission::AccountsView)?;
    let (db, now) = (&ctx.db().read, ctx.now());
    let select = terms
        .iter()
        .fold(Entity::find().filter(store::with_status(None, now)), |select, term| select.filter(condition(term, now)));
    let Listed { items, total, next } = pages::read(db, select, Column::Id, window, |row| row.id).await?;
    Ok(Listed { items: users(db, actor, items, now).await?, total, next })
}

/// One account.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<User, Error> {
    actor.require(Permission::AccountsView)?;
    one(ctx, actor, id).await
}

/// Creates an approved account. Without a password nobody can sign in to it until one was set, with a reset link or by an operator.
///
/// # Errors
/// [`Code::UsernameTaken`], [`Code::EmailTaken`], [`Code::ExternalIdTaken`]; [`Code::Invalid`] under `password` if it
/// is easy to guess; [`Code::Forbidden`].
pub async fn create(ctx: &Ctx, actor: &Actor, mut new: NewUser) -> Result<User, Error> {
    members::check_may_create(ctx, actor, Role::User).await?;
    let known = known(&new);
    refuse_taken(&ctx.db().read, &new, &known).await?;
    let password_hash = match new.password.take() {
        Some(password) => {
            let mut personal = vec![new.email.to_string(), new.user_name.as_str().to_owned()];
            personal.extend(new.name.as_ref().map(ToString::to_string));
            let (network, salt) = (actor.client.network(), ctx.randomness().bytes());
            ctx.passwords().check_and_hash(network, password, salt, personal).await?
        }
        None => String::new(),
    };
    for _ in 1..ATTEMPTS {
        match create_once(ctx, actor, &new, &known, password_hash.clone()).await {
            Err(Error::Failure(taken)) if known.user_name.is_some() && taken.field_error("username").is_some() => {}
            Err(error) => return Err(error),
            Ok(id) => return one(ctx, actor, id).await,
        }
    }
    let id = create_once(ctx, actor, &new, &known, password_hash).await?;
    one(ctx, actor, id).await
}

async fn create_once(
    ctx: &Ctx,
    actor: &Actor,
    new: &NewUser,
    known: &Known,
    password_hash: String,
) -> Result<AccountId, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // One after the other, so that those that are created at once do not take the username that another one found free.
    let actor = &members::lock_creator(&tx, ctx, actor, Role::User, now).await?;
    let username = match &new.user_name {
        UserName::Username(username) => username.clone(),
        UserName::Other(name) => free_username(&tx, ctx, name).await?,
    };
    let row = NewRow {
        id: ctx.randomness().uuid(now),
        email: new.email.clone(),
        username,
        name: new.name.clone(),
        role: Role::User,
        password_hash,
        approved: true,
        ends_at: None,
        activate_by: None,
    };
    let account = members::insert_row(&tx, ctx, Originator::Actor(actor), row, now).await?;
    if *known != Known::default() {
        directory::set(&tx, account.id, known).await?;
    }
    if !new.active {
        members::suspend_managed(&tx, ctx, actor, &account, now).await?;
    }
    members::count_created(&tx, ctx, now).await?;
    tx.commit().await?;
    Ok(account.id)
}

/// Changes an account that is below the actor's, and suspends or restores it, all together or not at all.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::UsernameTaken`], [`Code::EmailTaken`], [`Code::ExternalIdTaken`]; [`Code::Invalid`]
/// under `active` for an account that only staff can make active; [`Code::Forbidden`].
pub async fn change(ctx: &Ctx, actor: &Actor, id: AccountId, change: UserChange) -> Result<User, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = members::managed(ctx, &tx, actor, Permission::AccountsManage, id).await?;
    let before = directory::find(&tx, id).await?;
    let UserChange { user_name, external_id, email, name, active } = change;
    let mut draft = AccountDraft {
        email: email.map_or(Patch::Keep, |email| Patch::Set(email.into())),
        name: name.and_then(|name| Some(name.into())),
        ..AccountDraft::default()
    };
    let mut after = Known { external_id: external_id.apply(before.external_id.clone()), ..before.clone() };
    match user_name {
        Some(UserName::Username(username)) => {
            draft.username = Patch::Set(username.into());
            after.user_name = None;
        }
        // The username that was derived stays, because somebody signs in with it.
        Some(UserName::Other(name)) => after.user_name = Some(name),
        None => {}
    }
    let (account, _) = members::update_managed(&tx, ctx, actor, account, draft, now).await?;
    set_known(&tx, ctx, actor, id, (&before, &after), now).await?;
    match active {
        Some(true) => activate(&tx, ctx, actor, &account, now).await?,
        Some(false) => {
            members::suspend_managed(&tx, ctx, actor, &account, now).await?;
        }
        None => {}
    }
    tx.commit().await?;
    one(ctx, actor, id).await
}

/// Records what the directory calls an account since, if that has changed.
async fn set_known(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    id: AccountId,
    (before, after): (&Known, &Known),
    now: Timestamp,
) -> Result<(), Error> {
    let fields =
        [("external_id", before.external_id != after.external_id), ("user_name", before.user_name != after.user_name)];
    let changed: Vec<String> =
        fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field.to_owned()).collect();
    if changed.is_empty() {
        return Ok(());
    }
    directory::set(db, id, after).await?;
    store::update(db, id, ActiveModel { updated_at: Set(now.as_micros()), ..ActiveModel::default() }).await?;
    audit::record(db, ctx, now, Originator::Actor(actor), &Event::AccountUpdated { account: id, changed }).await
}

/// Lifts a suspension. What else keeps an account from being active is for staff to decide.
async fn activate(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    account: &Account,
    now: Timestamp,
) -> Result<(), Error> {
    let why = match account.status {
        AccountStatus::Active => return Ok(()),
        AccountStatus::Suspended => {
            members::restore_managed(db, ctx, actor, account, now).await?;
            return Ok(());
        }
        AccountStatus::Pending => "This account is pending approval. Staff approve it here.",
        AccountStatus::Unverified => {
            "The e-mail address of this account is not verified. Staff mark it as verified here."
        }
        AccountStatus::Declined => "This account was declined. Staff put it back here.",
        AccountStatus::Ended => "This account has ended. Staff move its end here.",
    };
    Err(Failure::field(Code::Invalid, "active", why).into())
}

/// What a directory calls a new account.
fn known(new: &NewUser) -> Known {
    let user_name = match &new.user_name {
        UserName::Username(_) => None,
        UserName::Other(name) => Some(name.clone()),
    };
    Known { external_id: new.external_id.clone(), user_name }
}

/// Refuses a new account that has something of another one. The constraints check this again; checking it earlier
/// avoids hashing a password for nothing.
async fn refuse_taken(db: &impl ConnectionTrait, new: &NewUser, known: &Known) -> Result<(), Error> {
    directory::refuse_taken(db, known).await?;
    let username = match &new.user_name {
        UserName::Username(username) => Some(username),
        UserName::Other(_) => None,
    };
    match store::taken(db, Some(&new.email), username).await? {
        Some(failure) => Err(failure.into()),
        None => Ok(()),
    }
}

/// A username that is derived from a name, and that no account has at the moment.
async fn free_username(db: &impl ConnectionTrait, ctx: &Ctx, name: &DirectoryName) -> Result<Username, Error> {
    let derived: Vec<Username> = (1..=DERIVED).filter_map(|number| derived_username(name, number)).collect();
    let taken: Vec<String> = Entity::find()
        .select_only()
        .column(Column::UsernameFolded)
        .filter(Column::UsernameFolded.is_in(derived.iter().map(Username::folded)))
        .into_tuple()
        .all(db)
        .await?;
    if let Some(free) = derived.into_iter().find(|username| !taken.contains(&username.folded())) {
        return Ok(free);
    }
    let number = u64::from(u32::from_be_bytes(ctx.randomness().bytes()) % 900_000) + 100_000;
    derived_username(name, number).ok_or_else(|| Error::internal("no username can be derived"))
}

fn condition(term: &UserTerm, now: Timestamp) -> Condition {
    let is = |condition| Condition::all().add(condition);
    match term {
        UserTerm::Id(id) => is(Column::Id.eq(id.0)),
        UserTerm::ExternalId(id) => directory::identified_by(id),
        UserTerm::HasExternalId => directory::is_identified(),
        UserTerm::UserName(name) => directory::is_named(name),
        UserTerm::Email(email) => is(Column::EmailFolded.eq(email.to_lowercase())),
        UserTerm::Active(true) => store::with_status(Some(AccountStatus::Active), now),
        UserTerm::Active(false) => store::with_status(Some(AccountStatus::Active), now).not(),
        UserTerm::Nothing => is(Expr::val(1).eq(0)),
    }
}

async fn one(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<User, Error> {
    let db = &ctx.db().read;
    let row = store::find(db, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    let user = users(db, actor, vec![row], ctx.now()).await?.pop();
    user.ok_or_else(|| Error::internal("a row is no account"))
}

/// The accounts of rows, in their order; with their groups if the actor sees every group.
async fn users(db: &impl ConnectionTrait, actor: &Actor, rows: Vec<Model>, now: Timestamp) -> Result<Vec<User>, Error> {
    let mut known = directory::find_all(db, rows.iter().map(|row| row.id)).await?;
    let mut groups = if sees_all(actor) {
        groups_of_accounts(db, rows.iter().map(|row| AccountId(row.id)), now).await?
    } else {
        HashMap::new()
    };
    rows.iter()
        .map(|row| {
            let account = store::account(row, now)?;
            let known = known.remove(&row.id).unwrap_or_default();
            let groups: Vec<GroupRef> = groups.remove(&account.id).unwrap_or_default();
            let user_name = known.user_name.map_or_else(|| account.username.to_string(), String::from);
            Ok(User { external_id: known.external_id, user_name, groups, account })
        })
        .collect()
}
