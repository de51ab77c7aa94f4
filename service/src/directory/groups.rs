//! Groups as a directory feeds them in.

use std::collections::{HashMap, HashSet};

use domain::access::{Permission, Permissions};
use domain::directory::{Group, GroupChange, GroupTerm, Listed, MAX_MEMBERS, Member, MembersChange, NewGroup, Window};
use domain::events::Event;
use domain::groups::{GroupTerms, MAX_CHANGED_AT_ONCE, MembershipChange};
use domain::ids::{AccountId, GroupId};
use domain::text::GroupName;
use domain::{Code, Failure, Patch, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::{external_ids, pages};
use crate::accounts::entity as accounts;
use crate::audit::{self, Originator};
use crate::groups::{self, sees_all};
use crate::memberships::entity as memberships;
use crate::memberships::group::{Column, Entity, Model};
use crate::memberships::store::{lasts, members_among};
use crate::platform::tx::{self, TxError};
use crate::{Actor, Ctx, Error};

pub use crate::groups::delete;

/// Lists the groups for which all terms hold, with their members if `members`.
///
/// # Errors
/// [`Code::PayloadTooLarge`] if the groups of the page have more than [`MAX_MEMBERS`].
pub async fn list(
    ctx: &Ctx,
    actor: &Actor,
    terms: &[GroupTerm],
    window: Window,
    members: bool,
) -> Result<Listed<Group>, Error> {
    require_view(actor)?;
    let (db, now) = (&ctx.db().read, ctx.now());
    let select = terms.iter().fold(Entity::find(), |select, term| select.filter(condition(term, now)));
    let Listed { items, total, next } = pages::read(db, select, Column::Id, window, |row| row.id).await?;
    Ok(Listed { items: read(db, items, members, now).await?, total, next })
}

/// One group, with its members if `members`.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::PayloadTooLarge`] if it has more than [`MAX_MEMBERS`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: GroupId, members: bool) -> Result<Group, Error> {
    require_view(actor)?;
    one(ctx, id, members).await
}

/// Creates a group without permissions.
///
/// # Errors
/// [`Code::GroupNameTaken`], [`Code::ExternalIdTaken`]; [`Code::Invalid`] under `members` for one that does not exist;
/// [`Code::Forbidden`].
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewGroup, members: bool) -> Result<Group, Error> {
    actor.require(Permission::GroupsManage)?;
    refuse_many(new.members.len())?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let terms = GroupTerms { name: new.name, description: None, permissions: Permissions::empty() };
    let id = GroupId(groups::insert(&tx, ctx, actor, terms, now).await?.id);
    external_ids::change(&tx, id, Patch::from(new.external_id)).await?;
    add(&tx, ctx, actor, id, &new.members, now).await?;
    tx.commit().await?;
    one(ctx, id, members).await
}

/// Changes a group and who is in it, all together or not at all. Returns it, with its members if `members`.
///
/// # Errors
/// [`Code::NotFound`]; those of [`create`]; [`Code::Forbidden`] for a group with permissions that the actor has not.
pub async fn change(ctx: &Ctx, actor: &Actor, id: GroupId, change: GroupChange, members: bool) -> Result<Group, Error> {
    refuse_many(change.named())?;
    // It locks accounts in the order in which they are sent: the database may have to abort one of two changes.
    tx::with_retries(|| change_once(ctx, actor, id, &change), || async { Ok(None) }).await?;
    one(ctx, id, members).await
}

async fn change_once(ctx: &Ctx, actor: &Actor, id: GroupId, change: &GroupChange) -> Result<(), TxError> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = groups::hold(&tx, actor, id).await?;
    let current = groups::terms(&row);
    let terms = GroupTerms { name: change.name.clone().unwrap_or_else(|| current.name.clone()), ..current };
    if external_ids::change(&tx, id, change.external_id.clone()).await? {
        let event = Event::GroupUpdated { group: id, terms: groups::terms(&row) };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    groups::write(&tx, ctx, actor, row, terms, now).await?;
    for members in &change.members {
        match members {
            MembersChange::Add(members) => add(&tx, ctx, actor, id, members, now).await?,
            MembersChange::Remove(members) => remove(&tx, ctx, actor, id, members, now).await?,
            MembersChange::Replace(members) => replace(&tx, ctx, actor, id, members, now).await?,
        }
    }
    // Not made again when it is not confirmed: of several changes the second time may change something.
    Ok(tx.commit().await?)
}

/// Adds accounts to a group, which is held.
async fn add(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    id: GroupId,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<(), Error> {
    for some in accounts.chunks(MAX_CHANGED_AT_ONCE) {
        let names = some.iter().map(ToString::to_string).collect();
        let outcome = groups::add(db, ctx, actor, id, names, MembershipChange::default(), now).await?;
        if let Some(unknown) = outcome.not_found.first() {
            let why = format!("There is no account {unknown}. Only accounts can be members.");
            return Err(Failure::field(Code::Invalid, "members", why).into());
        }
    }
    Ok(())
}

/// Removes those of `accounts` that are members of a group, which is held.
async fn remove(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    id: GroupId,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<(), Error> {
    for some in accounts.chunks(MAX_CHANGED_AT_ONCE) {
        let members = members_among(db, id, some, now).await?;
        groups::remove(db, ctx, actor, id, members, now).await?;
    }
    Ok(())
}

/// Has these accounts in a group, which is held, and no others. Who is in it already keeps the membership.
async fn replace(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    id: GroupId,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<(), Error> {
    let wanted: HashSet<AccountId> = accounts.iter().copied().collect();
    let present = present(db, id, now).await?;
    let gone: Vec<AccountId> = present.difference(&wanted).copied().collect();
    let new: Vec<AccountId> = accounts.iter().filter(|account| !present.contains(account)).copied().collect();
    remove(db, ctx, actor, id, &gone, now).await?;
    add(db, ctx, actor, id, &new, now).await
}

/// Everybody who is in a group.
async fn present(db: &impl ConnectionTrait, id: GroupId, now: Timestamp) -> Result<HashSet<AccountId>, DbErr> {
    let accounts = memberships::Entity::find().select_only().column(memberships::Column::AccountId);
    let rows = accounts.filter(memberships::Column::GroupId.eq(id.0)).filter(lasts(now));
    Ok(rows.into_tuple::<Uuid>().all(db).await?.into_iter().map(AccountId).collect())
}

fn condition(term: &GroupTerm, now: Timestamp) -> Condition {
    let is = |condition| Condition::all().add(condition);
    match term {
        GroupTerm::Id(id) => is(Column::Id.eq(id.0)),
        GroupTerm::ExternalId(id) => is(Column::Id.in_subquery(external_ids::groups(Some(id)))),
        GroupTerm::HasExternalId => is(Column::Id.in_subquery(external_ids::groups(None))),
        GroupTerm::Name(name) => is(Column::NameFolded.eq(name.to_lowercase())),
        GroupTerm::Member(account) => {
            let groups = memberships::Entity::find().select_only().column(memberships::Column::GroupId);
            let groups = groups.filter(memberships::Column::AccountId.eq(account.0)).filter(lasts(now));
            is(Column::Id.in_subquery(groups.into_query()))
        }
        GroupTerm::Nothing => is(Expr::val(1).eq(0)),
    }
}

fn require_view(actor: &Actor) -> Result<(), Failure> {
    if sees_all(actor) { Ok(()) } else { actor.require(Permission::GroupsManage) }
}

fn refuse_many(members: usize) -> Result<(), Failure> {
    if members <= MAX_MEMBERS {
        return Ok(());
    }
    let why =
        format!("These are {members} members; one request names at most {MAX_MEMBERS}. Use PATCH in several requests.");
    Err(Failure::new(Code::PayloadTooLarge, why))
}

async fn one(ctx: &Ctx, id: GroupId, members: bool) -> Result<Group, Error> {
    let db = &ctx.db().read;
    let row = Entity::find_by_id(id.0).one(db).await?.ok_or_else(|| Failure::not_found("group"))?;
    read(db, vec![row], members, ctx.now()).await?.pop().ok_or_else(|| Error::internal("a row is no group"))
}

/// The groups of rows, in their order.
async fn read(db: &impl ConnectionTrait, rows: Vec<Model>, members: bool, now: Timestamp) -> Result<Vec<Group>, Error> {
    let ids = || rows.iter().map(|row| row.id);
    let mut external_ids = external_ids::find_all(db, ids()).await?;
    let mut members = if members { Some(members_of(db, ids(), now).await?) } else { None };
    let group = |row: Model| Group {
        external_id: external_ids.remove(&row.id),
        members: members.as_mut().map(|members| members.remove(&row.id).unwrap_or_default()),
        id: GroupId(row.id),
        name: GroupName::stored(row.name),
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
    };
    Ok(rows.into_iter().map(group).collect())
}

/// Who is in these groups, each in the order in which they joined; read with one query.
async fn members_of(
    db: &impl ConnectionTrait,
    groups: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<HashMap<Uuid, Vec<Member>>, Error> {
    use memberships::Column as Of;
    let most = MAX_MEMBERS as u64;
    let rows: Vec<(Uuid, Uuid, String, Option<String>)> = memberships::Entity::find()
        .select_only()
        .columns([Of::GroupId, Of::AccountId])
        .columns([accounts::Column::Username, accounts::Column::Name])
        .inner_join(accounts::Entity)
        .filter(Of::GroupId.is_in(groups))
        .filter(lasts(now))
        .order_by_asc(Of::GroupId)
        .order_by_asc(Of::CreatedAt)
        .order_by_asc(Of::AccountId)
        .limit(most + 1)
        .into_tuple()
        .all(db)
        .await?;
    if rows.len() > MAX_MEMBERS {
        let why = format!("These are more than {MAX_MEMBERS} members. Read it with excludedAttributes=members.");
        return Err(Failure::new(Code::PayloadTooLarge, why).into());
    }
    let mut members: HashMap<Uuid, Vec<Member>> = HashMap::new();
    for (group, account, username, name) in rows {
        let member = Member { account: AccountId(account), name: name.unwrap_or(username) };
        members.entry(group).or_default().push(member);
    }
    Ok(members)
}
