//! Queries over redemptions.

use std::collections::HashMap;

use domain::Timestamp;
use domain::accounts::AccountRef;
use domain::ids::{AccountId, InviteId, RedemptionId};
use domain::invites::InviteRef;
use domain::redemptions::{Redemption, RedemptionKind};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::platform::inserts::Inserts;
use crate::platform::search::{self, ACCOUNTS, Candidates, INVITES, Index, Search, Terms};
use crate::redemptions::entity::{ActiveModel, Column, Entity, Model};
use crate::{Ctx, Error, accounts, invites};

/// Converts rows to redemptions. Reads all accounts with one query and all invites with another.
pub(crate) async fn redemptions(ctx: &Ctx, rows: Vec<Model>) -> Result<Vec<Redemption>, Error> {
    let db = &ctx.db().read;
    let accounts = accounts::store::references(db, rows.iter().map(|row| row.account_id)).await?;
    let invites = invites::store::references(db, ctx, rows.iter().map(|row| row.invite_id)).await?;
    let missing = || Error::internal("a redemption refers to a missing account or invite");
    rows.into_iter()
        .map(|row| {
            Ok(Redemption {
                id: RedemptionId(row.id),
                invite: invites.get(&row.invite_id).cloned().ok_or_else(missing)?,
                account: accounts.get(&row.account_id).cloned().ok_or_else(missing)?,
                kind: row.kind.parse().map_err(|_| Error::internal("a redemption has a broken kind"))?,
                created_at: Timestamp::from_micros(row.created_at),
                released_at: row.released_at.map(Timestamp::from_micros),
            })
        })
        .collect()
}

/// The use of an invite by an account, given back or not.
pub(crate) async fn of(
    db: &impl ConnectionTrait,
    invite: InviteId,
    account: AccountId,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::InviteId.eq(invite.0)).filter(Column::AccountId.eq(account.0)).one(db).await
}

/// Adds the row of a new redemption.
pub(crate) fn add(
    inserts: &mut Inserts,
    ctx: &Ctx,
    (invite, account): (InviteId, AccountId),
    kind: RedemptionKind,
    now: Timestamp,
) -> RedemptionId {
    let id = ctx.randomness().uuid(now);
    let row = ActiveModel {
        id: Set(id),
        invite_id: Set(invite.0),
        account_id: Set(account.0),
        kind: Set(kind.as_str().to_owned()),
        created_at: Set(now.as_micros()),
        released_at: Set(None),
    };
    inserts.add([row]);
    RedemptionId(id)
}

/// The condition that a redemption created its account.
pub(crate) fn is_sign_up() -> SimpleExpr {
    Column::Kind.eq(RedemptionKind::New.as_str())
}

/// What an account signed up with.
#[derive(Clone)]
pub(crate) struct SignedUpWith {
    /// The invite.
    pub(crate) invite: InviteRef,
    /// Who created it.
    pub(crate) author: AccountRef,
}

/// What each of these accounts signed up with, if it was an invite. Three queries, however many they are.
pub(crate) async fn signed_up_with(
    ctx: &Ctx,
    accounts: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, SignedUpWith>, Error> {
    let db = &ctx.db().read;
    let accounts: Vec<Uuid> = accounts.into_iter().collect();
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::AccountId.is_in(accounts)).filter(is_sign_up());
    let rows = rows.order_by_asc(Column::CreatedAt).all(db).await?;
    let invites = invites::store::references_with_authors(db, ctx, rows.iter().map(|row| row.invite_id)).await?;
    let authors = invites.values().map(|(_, author)| author.0);
    let authors = accounts::store::references(db, authors).await?;
    let mut first = HashMap::new();
    for row in rows {
        if let Some((invite, author)) = invites.get(&row.invite_id)
            && let Some(author) = authors.get(&author.0)
        {
            let with = || SignedUpWith { invite: invite.clone(), author: author.clone() };
            first.entry(row.account_id).or_insert_with(with);
        }
    }
    Ok(first)
}

/// The invite an account signed up with, if any.
pub(crate) async fn first_invite(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<InviteId>, DbErr> {
    let first = Entity::find()
        .select_only()
        .column(Column::InviteId)
        .filter(Column::AccountId.eq(account.0))
        .filter(is_sign_up())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    Ok(first.into_tuple::<Uuid>().one(db).await?.map(InviteId))
}

/// Who created the invite that an account signed up with.
pub(crate) async fn inviter_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<AccountRef>, Error> {
    let first = Entity::find().filter(Column::AccountId.eq(account.0)).filter(is_sign_up());
    let first = first.order_by_asc(Column::CreatedAt).one(db).await?;
    let Some(row) = first else { return Ok(None) };
    let author = invites::entity::Entity::find_by_id(row.invite_id).one(db).await?.map(|invite| invite.created_by);
    Ok(accounts::store::references(db, author).await?.into_values().next())
}

/// The search for redemptions that have every word of `q` in the name, username or e-mail address of their account, or in
/// the label of their invite.
pub(crate) async fn search(db: &impl ConnectionTrait, q: Option<&str>) -> Result<Search, DbErr> {
    let Some(q) = q.filter(|q| !q.trim().is_empty()) else { return Ok(Search::Off) };
    let terms = Terms::parse(q);
    let rarest = search::rarest(db, &[&ACCOUNTS, &INVITES], &terms).await?;
    let Some((word, count)) = rarest.filter(|(_, count)| *count > 0) else { return Ok(Search::Nothing) };
    // An account has hardly more than one redemption, an invite may have any number.
    let few = candidates(|index| index.few_ids(word));
    let many = count >= search::MANY || search::number(db, few.clone()).await? >= search::MANY;
    let ids = if many { candidates(|index| index.ids(word)) } else { few };
    let has = |pattern: String| {
        let of_account = matches(&ACCOUNTS, Column::AccountId, pattern.clone());
        Condition::any().add(of_account).add(matches(&INVITES, Column::InviteId, pattern))
    };
    let matches = terms.patterns().fold(Condition::all(), |all, pattern| all.add(has(pattern)));
    Ok(Search::Rows(Box::new(Candidates { ids, matches, many, by_age: None })))
}

/// Selects the ids of the redemptions of some accounts and invites.
fn candidates(ids: impl Fn(&Index) -> SelectStatement) -> SelectStatement {
    let of = |column: Column, index| {
        Entity::find().select_only().column(Column::Id).filter(column.in_subquery(ids(index))).into_query()
    };
    of(Column::AccountId, &ACCOUNTS).union(UnionType::All, of(Column::InviteId, &INVITES)).take()
}

/// The condition that the account or the invite of a redemption matches a pattern.
fn matches(index: &Index, column: Column, pattern: String) -> SimpleExpr {
    let of = index.id().eq(Expr::col((Entity, column)));
    Expr::exists(
        Query::select().expr(Expr::val(1)).from(index.table()).and_where(of).and_where(index.has(pattern)).take(),
    )
}
