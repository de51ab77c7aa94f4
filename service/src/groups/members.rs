//! The members of a group.

use std::collections::HashMap;

use domain::Timestamp;
use domain::groups::{Candidate, GroupMember, GroupMemberQuery, MembersChanged, MembershipChange};
use domain::ids::{AccountId, GroupId};
use domain::paging::{Count, Limit, Order, Page, Paging};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::accounts::{entity as account, store as accounts};
use crate::memberships::entity::{ActiveModel, Column, Entity, Model};
use crate::memberships::store::{lasts, members_among};
use crate::platform::paging::{self, Seek};
use crate::platform::search::Search;
use crate::{Ctx, Error};

fn of(id: GroupId, now: Timestamp) -> Select<Entity> {
    Entity::find().filter(Column::GroupId.eq(id.0)).filter(lasts(now))
}

/// The number of members, up to [`Count::BOUND`].
pub(super) async fn count(db: &impl ConnectionTrait, id: GroupId, now: Timestamp) -> Result<Count, Error> {
    paging::count(db, of(id, now)).await
}

/// Lists members: those who joined last first, or, when searched, the newest accounts first.
pub(super) async fn list(ctx: &Ctx, id: GroupId, query: &GroupMemberQuery) -> Result<Page<GroupMember>, Error> {
    let db = &ctx.db().read;
    let now = ctx.now();
    let order = Order::Descending;
    let page = match accounts::search(db, query.q.as_deref()).await? {
        Search::Off => {
            let (key, account) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::AccountId)));
            let seek = Seek { key, id: account, by_age: false, text: None, order, paging: query.paging };
            let rows = seek.rows(db, of(id, now), Search::Off).await?;
            paging::page(rows, query.paging, |row| (row.created_at, row.account_id)).map(|row| row.account_id)
        }
        search => {
            let members = of(id, now).select_only().column(Column::AccountId).into_query();
            let select = account::Entity::find().filter(account::Column::Id.in_subquery(members));
            found(db, select, search, query.paging).await?.map(|row| row.id)
        }
    };
    let members = members(db, id, &page.items, now).await?;
    // One that left since the page was read is left out.
    let items = page.items.iter().filter_map(|id| members.get(id).cloned()).collect();
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// The accounts of `select` that a search finds, newest first.
async fn found(
    db: &impl ConnectionTrait,
    select: Select<account::Entity>,
    search: Search,
    paging: Paging,
) -> Result<Page<account::Model>, Error> {
    let column = |column: account::Column| Expr::col((account::Entity, column));
    let (key, account) = (column(account::Column::CreatedAt), column(account::Column::Id));
    let seek = Seek { key, id: account, by_age: true, text: None, order: Order::Descending, paging };
    let rows = seek.rows(db, select, search).await?;
    Ok(paging::page(rows, paging, |row| (row.created_at, row.id)))
}

/// Accounts that a search finds, each with whether it is a member. None if there is nothing to search for.
pub(super) async fn candidates(ctx: &Ctx, id: GroupId, q: &str, limit: Limit) -> Result<Vec<Candidate>, Error> {
    let db = &ctx.db().read;
    let now = ctx.now();
    let search = match accounts::search(db, Some(q)).await? {
        Search::Off => return Ok(Vec::new()),
        search => search,
    };
    let select = account::Entity::find().filter(accounts::with_status(None, now));
    let found = found(db, select, search, Paging { cursor: None, limit }).await?.items;
    let ids: Vec<AccountId> = found.iter().map(|row| AccountId(row.id)).collect();
    let members = members_among(db, id, &ids, now).await?;
    let candidate = |row: &account::Model| {
        Ok(Candidate { account: accounts::account(row, now)?, is_member: members.contains(&AccountId(row.id)) })
    };
    found.iter().map(candidate).collect()
}

async fn members(
    db: &impl ConnectionTrait,
    id: GroupId,
    accounts: &[Uuid],
    now: Timestamp,
) -> Result<HashMap<Uuid, GroupMember>, Error> {
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find()
        .filter(Column::GroupId.eq(id.0))
        .filter(Column::AccountId.is_in(accounts.iter().copied()))
        .filter(lasts(now))
        .find_also_related(account::Entity)
        .all(db)
        .await?;
    let member = |(row, account): (Model, Option<account::Model>)| {
        let account = account.ok_or_else(|| Error::internal("a membership has no account"))?;
        let member = GroupMember {
            account: accounts::account(&account, now)?,
            is_manager: row.is_manager,
            joined_at: Timestamp::from_micros(row.created_at),
            ends_at: row.ends_at.map(Timestamp::from_micros),
        };
        Ok((row.account_id, member))
    };
    rows.into_iter().map(member).collect()
}

/// The accounts of `names` that there are, each once, and the names of none.
async fn resolve(db: &impl ConnectionTrait, names: Vec<String>) -> Result<(Vec<Uuid>, Vec<String>), Error> {
    let known = accounts::find_by_names(db, &names).await?;
    let (mut found, mut not_found) = (Vec::new(), Vec::new());
    for name in names {
        match known.get(&name.to_lowercase()) {
            Some(id) if found.contains(id) => {}
            Some(id) => found.push(*id),
            None => not_found.push(name),
        }
    }
    Ok((found, not_found))
}

/// Adds accounts to a group, which is held, and changes their memberships. Returns the accounts that were changed, with
/// whether they are managers since.
pub(super) async fn add(
    db: &impl ConnectionTrait,
    id: GroupId,
    names: Vec<String>,
    change: MembershipChange,
    now: Timestamp,
) -> Result<(Changed, MembersChanged), Error> {
    let (accounts, not_found) = resolve(db, names).await?;
    let asked = accounts.len();
    let present: HashMap<Uuid, Model> =
        rows(db, id, &accounts).await?.into_iter().map(|row| (row.account_id, row)).collect();
    let mut new = Vec::new();
    for account in accounts {
        let row = present.get(&account).filter(|row| row.ends_at.is_none_or(|ends_at| ends_at > now.as_micros()));
        let is_manager = change.manager.unwrap_or(row.is_some_and(|row| row.is_manager));
        let ends_at = row.and_then(|row| row.ends_at).map(Timestamp::from_micros);
        let ends_at = change.ends_at.apply(ends_at).map(Timestamp::as_micros);
        match row {
            Some(row) if (row.is_manager, row.ends_at) == (is_manager, ends_at) => {}
            Some(row) => new.push(Model { is_manager, ends_at, ..row.clone() }),
            None => new.push(Model {
                group_id: id.0,
                account_id: account,
                is_manager,
                ends_at,
                reminded_of: None,
                redemption_id: None,
                created_at: now.as_micros(),
            }),
        }
    }
    let changed = by_kind(&new);
    let outcome = MembersChanged { changed: count_of(new.len()), unchanged: count_of(asked - new.len()), not_found };
    if !new.is_empty() {
        // A row of a membership that has ended is written over. So is one that a sign-up has inserted since.
        let on_conflict = OnConflict::columns([Column::GroupId, Column::AccountId])
            .update_columns([Column::IsManager, Column::EndsAt, Column::RedemptionId, Column::CreatedAt])
            .to_owned();
        let rows = new.into_iter().map(IntoActiveModel::into_active_model);
        Entity::insert_many(rows).on_conflict(on_conflict).exec_without_returning(db).await?;
    }
    Ok((changed, outcome))
}

/// Members that were changed, with whether they are managers.
pub(super) type Changed = [(Vec<AccountId>, bool); 2];

/// The accounts of `rows`: those of members, and those of managers.
fn by_kind(rows: &[Model]) -> Changed {
    [false, true].map(|is_manager| {
        let of_kind = rows.iter().filter(|row| row.is_manager == is_manager);
        (of_kind.map(|row| AccountId(row.account_id)).collect(), is_manager)
    })
}

/// A number of accounts, as an outcome has it.
pub(super) fn count_of(accounts: usize) -> u32 {
    u32::try_from(accounts).unwrap_or(u32::MAX)
}

/// The memberships of the accounts of `names` that last, locked until the transaction ends, and an outcome that counts
/// the others.
pub(super) async fn lock(
    db: &impl ConnectionTrait,
    id: GroupId,
    names: Vec<String>,
    now: Timestamp,
) -> Result<(Vec<Model>, MembersChanged), Error> {
    let (accounts, not_found) = resolve(db, names).await?;
    if accounts.is_empty() {
        return Ok((Vec::new(), MembersChanged { not_found, ..MembersChanged::default() }));
    }
    let rows = of(id, now).filter(Column::AccountId.is_in(accounts.iter().copied()));
    let rows = rows.order_by_asc(Column::AccountId).lock_exclusive().all(db).await?;
    Ok((rows.clone(), MembersChanged { changed: 0, unchanged: count_of(accounts.len() - rows.len()), not_found }))
}

/// Sets when memberships end, which are locked. Returns those that had another end.
pub(super) async fn set_ends(
    db: &impl ConnectionTrait,
    id: GroupId,
    mut rows: Vec<Model>,
    ends_at: Option<Timestamp>,
) -> Result<Changed, DbErr> {
    let ends_at = ends_at.map(Timestamp::as_micros);
    rows.retain(|row| row.ends_at != ends_at);
    if !rows.is_empty() {
        let change = ActiveModel { ends_at: Set(ends_at), ..ActiveModel::default() };
        let accounts = rows.iter().map(|row| row.account_id);
        let of_them = Entity::update_many().set(change).filter(Column::GroupId.eq(id.0));
        of_them.filter(Column::AccountId.is_in(accounts)).exec(db).await?;
    }
    Ok(by_kind(&rows))
}

/// The memberships of the accounts of `names`, also those that have ended, and an outcome that counts the others.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    id: GroupId,
    names: Vec<String>,
) -> Result<(Vec<Model>, MembersChanged), Error> {
    let (accounts, not_found) = resolve(db, names).await?;
    let rows = rows(db, id, &accounts).await?;
    let unchanged = count_of(accounts.len() - rows.len());
    Ok((rows, MembersChanged { changed: 0, unchanged, not_found }))
}

async fn rows(db: &impl ConnectionTrait, id: GroupId, accounts: &[Uuid]) -> Result<Vec<Model>, DbErr> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let accounts = accounts.iter().copied();
    Entity::find().filter(Column::GroupId.eq(id.0)).filter(Column::AccountId.is_in(accounts)).all(db).await
}

/// Removes accounts from a group.
pub(super) async fn remove(db: &impl ConnectionTrait, id: GroupId, accounts: &[AccountId]) -> Result<(), DbErr> {
    let accounts = accounts.iter().map(|account| account.0);
    let rows = Entity::delete_many().filter(Column::GroupId.eq(id.0)).filter(Column::AccountId.is_in(accounts));
    rows.exec(db).await.map(|_| ())
}
