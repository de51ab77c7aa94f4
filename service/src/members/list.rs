//! Listing accounts.

use std::collections::HashMap;

use domain::accounts::{AccountFilter, AccountQuery, AccountRow, AccountSort, AccountStatus, Role};
use domain::attributes::Attribute;
use domain::endings::EndsSoon;
use domain::groups::GroupRef;
use domain::ids::{AccountId, GroupId};
use domain::members::{FilterNames, MemberList};
use domain::paging::{Counts, Cursor, Page};
use domain::{Code, Failure, Timestamp, access::Permission};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::account_row;
use crate::accounts::entity::{Column, Entity, Model};
use crate::accounts::store;
use crate::invites::entity as invites;
use crate::memberships::entity as memberships;
use crate::memberships::store::{self as memberships_store, groups_of_accounts, lasts};
use crate::platform::paging::{self, Seek};
use crate::platform::search::{self, Candidates, Search};
use crate::redemptions::entity as redemptions;
use crate::redemptions::store::{is_sign_up, signed_up_with};
use crate::{Actor, Ctx, Error, attributes, callers, settings};

/// Sort value of the last activity; "never" is the first. An index is built over the same expression.
pub(super) const LAST_ACTIVE: &str = "COALESCE(last_active_at, 0)";

/// Lists accounts, each with the invite it signed up with.
///
/// # Errors
/// [`Code::Invalid`] under `cursor` if, in a list by name, its account was deleted meanwhile.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &AccountQuery) -> Result<Page<AccountRow>, Error> {
    actor.require(Permission::AccountsView)?;
    let (db, now) = (&ctx.db().read, ctx.now());
    let (select, search) = filtered(db, &query.filter, now).await?;
    let column = |column: Column| Expr::col((Entity, column));
    let (key, by_age) = match query.sort {
        AccountSort::Created => (column(Column::CreatedAt), true),
        AccountSort::Name => (column(Column::NameSort), false),
        AccountSort::LastActive => (Expr::cust(LAST_ACTIVE), false),
    };
    let text = match query.paging.cursor.filter(|_| query.sort == AccountSort::Name) {
        Some(Cursor { id, .. }) => Some(name_of(db, AccountId(id)).await?),
        None => None,
    };
    let seek = Seek { key, id: column(Column::Id), by_age, text, order: query.order, paging: query.paging };
    let rows = seek.rows(db, select, search).await?;
    let position = |row: &Model| match query.sort {
        AccountSort::Created => row.created_at,
        AccountSort::Name => 0,
        AccountSort::LastActive => row.last_active_at.unwrap_or(0),
    };
    let page = paging::page(rows, query.paging, |row| (position(row), row.id));
    let mut signed_up = signed_up_with(ctx, page.items.iter().map(|row| row.id)).await?;
    let accounts = page.items.iter().map(|row| store::account(row, now)).collect::<Result<Vec<_>, Error>>()?;
    let roles = settings::current(ctx).await?.role_permissions;
    let permissions = callers::permissions_of(db, roles, &accounts, now).await?;
    let items = accounts
        .into_iter()
        .map(|account| {
            let permissions = permissions.get(&account.id).copied().unwrap_or_default();
            let with = signed_up.remove(&account.id.0);
            account_row(actor, account, permissions, with)
        })
        .collect();
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Counts accounts by status, each up to [`domain::paging::Count::BOUND`].
pub async fn counts(ctx: &Ctx, actor: &Actor) -> Result<Counts<AccountStatus>, Error> {
    actor.require(Permission::AccountsView)?;
    let rows = |status| Entity::find().filter(store::with_status(status, ctx.now()));
    paging::counts(&ctx.db().read, AccountStatus::ALL, rows).await
}

/// The groups of some accounts, each by name, read with one query.
pub async fn groups_of(
    ctx: &Ctx,
    actor: &Actor,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, Vec<GroupRef>>, Error> {
    actor.require(Permission::AccountsView)?;
    Ok(groups_of_accounts(&ctx.db().read, accounts, ctx.now()).await?)
}

/// The attributes of some accounts, each by key, read with one query.
pub async fn attributes_of(
    ctx: &Ctx,
    actor: &Actor,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, Vec<Attribute>>, Error> {
    actor.require(Permission::AccountsView)?;
    attributes::store::of_accounts(&ctx.db().read, accounts).await
}

/// The list as its page shows it: one page, the counts unless the list is narrowed, and the names of what it is
/// narrowed to.
pub async fn browse(ctx: &Ctx, actor: &Actor, query: &AccountQuery) -> Result<MemberList, Error> {
    let page = list(ctx, actor, query).await?;
    let db = &ctx.db().read;
    let AccountFilter { group, inviter, .. } = query.filter;
    let counts = if query.filter.is_narrow() { None } else { Some(counts(ctx, actor).await?) };
    let group = match group {
        Some(id) => memberships_store::references(db, [id]).await?.remove(&id),
        None => None,
    };
    let inviter = match inviter {
        Some(id) => store::references(db, [id.0]).await?.remove(&id.0),
        None => None,
    };
    Ok(MemberList { page, counts, names: FilterNames { group, inviter } })
}

/// The accounts that match a filter, and the search among them.
async fn filtered(
    db: &impl ConnectionTrait,
    filter: &AccountFilter,
    now: Timestamp,
) -> Result<(Select<Entity>, Search), Error> {
    let AccountFilter { q, status, role, group, inviter, ends_soon } = filter;
    let mut select = Entity::find().filter(store::with_status(*status, now));
    if let Some(role) = role {
        select = select.filter(has_role(*role));
    }
    let mut search = store::search(db, q.as_deref()).await?;
    let narrowed = [
        group.map(|group| in_group(group, now)),
        inviter.map(invited_by),
        ends_soon.map(|what| ending_soon(what, now)),
    ];
    for Narrowed { ids, matches } in narrowed.into_iter().flatten() {
        if matches!(search, Search::Off) {
            // What narrows the list is searched for like a word, so that few rows are not looked for among all of them.
            let many = search::number(db, ids.clone()).await? >= search::MANY;
            search = Search::Rows(Box::new(Candidates { ids, matches, many, by_age: None }));
        } else {
            select = select.filter(matches);
        }
    }
    Ok((select, search))
}

/// The condition that an account has a role. In the words of the partial index `accounts_staff`: few accounts are
/// staff.
pub(super) fn has_role(role: Role) -> Condition {
    let is = Condition::all().add(Expr::cust(format!("role = '{role}'")));
    if role == Role::User { is } else { is.add(Expr::cust("role <> 'user'")) }
}

/// What a filter leaves of a list, in two ways.
struct Narrowed {
    /// Selects the ids of the accounts.
    ids: SelectStatement,
    /// The condition that an account is among them.
    matches: Condition,
}

impl Narrowed {
    /// The accounts that some rows refer to with `column`.
    fn by<E: EntityTrait>(rows: &Select<E>, column: SimpleExpr) -> Self {
        let ids = QueryTrait::query(&mut rows.clone()).clear_selects().expr(column.clone()).take();
        let own = column.eq(Expr::col((Entity, Column::Id)));
        let one = QueryTrait::query(&mut rows.clone()).clear_selects().expr(Expr::val(1)).and_where(own).take();
        Self { ids, matches: Condition::all().add(Expr::exists(one)) }
    }
}

fn in_group(group: GroupId, now: Timestamp) -> Narrowed {
    let members = memberships::Entity::find().filter(memberships::Column::GroupId.eq(group.0)).filter(lasts(now));
    Narrowed::by(&members, Expr::col((memberships::Entity, memberships::Column::AccountId)))
}

fn invited_by(inviter: AccountId) -> Narrowed {
    let created = Query::select()
        .column(invites::Column::Id)
        .from(invites::Entity)
        .and_where(Expr::col((invites::Entity, invites::Column::CreatedBy)).eq(inviter.0))
        .take();
    let uses =
        redemptions::Entity::find().filter(redemptions::Column::InviteId.in_subquery(created)).filter(is_sign_up());
    Narrowed::by(&uses, Expr::col((redemptions::Entity, redemptions::Column::AccountId)))
}

fn ending_soon(what: EndsSoon, now: Timestamp) -> Narrowed {
    match what {
        EndsSoon::Account => {
            let matches = store::ends_soon(now);
            let ids = Entity::find().filter(matches.clone()).select_only().column(Column::Id).into_query();
            Narrowed { ids, matches }
        }
        EndsSoon::Membership => {
            let memberships = memberships::Entity::find().filter(memberships_store::ends_soon(now));
            Narrowed::by(&memberships, Expr::col((memberships::Entity, memberships::Column::AccountId)))
        }
    }
}

/// The sort key of an account, at which a page by name begins.
async fn name_of(db: &impl ConnectionTrait, id: AccountId) -> Result<String, Error> {
    let row = store::find(db, id).await?;
    let gone = || Failure::field(Code::Invalid, "cursor", Cursor::invalid().to_string());
    Ok(row.ok_or_else(gone)?.name_sort)
}
