//! Queries over invites.

use std::collections::HashMap;

use domain::accounts::{AccountRef, Role};
use domain::groups::GroupRef;
use domain::ids::{AccountId, ApplicationId, FlowId, GroupId, InviteId};
use domain::invites::{CodeKind, Invite, InviteCode, InviteRef, InviteSort, InviteStatus, Lifecycle, Terms};
use domain::paging::{Count, Order, Page, Paging};
use domain::text::ApplicationName;
use domain::web::Destination;
use domain::{Failure, Timestamp};
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, SelectStatement, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, SqlErr,
};
use uuid::Uuid;

use super::terms::{count, group_ids, label};
use crate::accounts::store as accounts;
use crate::applications::opening;
use crate::invites::entity::{ActiveModel, Column, Entity, Model};
use crate::invites::granted;
use crate::memberships::store as memberships;
use crate::platform::inserts::Inserts;
use crate::platform::paging::{self, Seek};
use crate::platform::search::{self, Search};
use crate::{Ctx, Error};

/// Sort value of the end; "never" is the last. Indexes are built over the same expression.
pub(crate) const EXPIRES: &str = "COALESCE(expires_at, 9223372036854775807)";

/// The condition that an invite has uses left. Indexes have the same words.
const LEFT: &str = "(max_uses IS NULL OR used < max_uses)";

/// The invite with this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: InviteId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(db).await
}

/// The invite with this id, locked until the transaction ends (on SQLite the transaction holds the lock already).
pub(crate) async fn lock(db: &impl ConnectionTrait, id: InviteId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).lock_exclusive().one(db).await
}

/// The invite that has or had this code.
pub(crate) async fn find_by_code(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    code: &InviteCode,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(has_code(ctx, code)).one(db).await
}

/// The invites that can be used at `now` and name this domain as one whose addresses need no code, oldest first. May
/// return others: `_` in a domain stands for any character.
pub(crate) async fn without_code(db: &impl ConnectionTrait, domain: &str, now: Timestamp) -> Result<Vec<Model>, DbErr> {
    let domains = Expr::cust("' ' || email_domains || ' '");
    Entity::find()
        .filter(Expr::cust("without_code"))
        .filter(domains.like(format!("% {domain} %")))
        .filter(with_status(Some(InviteStatus::Active), now))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// Condition for the invite with this code, of either kind: who holds a code does not know its kind.
fn has_code(ctx: &Ctx, code: &InviteCode) -> SimpleExpr {
    Expr::col((Entity, Column::CodeHash)).is_in(ctx.keyring().code_hashes(code))
}

/// Row of a new invite.
pub(crate) fn new_row(
    ctx: &Ctx,
    id: Uuid,
    (kind, code): (CodeKind, &InviteCode),
    terms: Terms,
    author: AccountId,
    now: Timestamp,
) -> Result<Model, Error> {
    let row = Model {
        id,
        code_hash: ctx.keyring().code_hash(kind, code),
        code_sealed: Some(ctx.keyring().seal_code(id, code, ctx.randomness().bytes())?),
        code_kind: match kind {
            CodeKind::Random => "random".to_owned(),
            CodeKind::Own => "own".to_owned(),
        },
        label: None,
        role: String::new(),
        max_uses: None,
        used: 0,
        last_used_at: None,
        starts_at: None,
        expires_at: None,
        paused_at: None,
        deleted_at: None,
        created_by: author.0,
        created_at: now.as_micros(),
        updated_at: now.as_micros(),
        words: None,
        group_ids: String::new(),
        email: None,
        email_domains: String::new(),
        approval: false,
        attributes: None,
        welcome_text: None,
        after: None,
        access_of: None,
        access_days: None,
        access_ends_at: None,
        existing_members: true,
        show_uses_left: true,
        without_code: false,
        verify_email: false,
        counted_at: None,
        person: None,
        mailed_at: None,
        expired_at: None,
        flow_id: None,
    };
    with_terms(row, terms)
}

/// The row with other terms. Reads back as [`terms`].
pub(crate) fn with_terms(row: Model, terms: Terms) -> Result<Model, Error> {
    super::terms::write(row, terms)
}

/// Terms of the invite of a row.
pub(crate) fn terms(row: &Model) -> Result<Terms, Error> {
    super::terms::read(row)
}

/// Adds the rows of new invites that grant the same groups, and of those groups. What comes of it is [`inserted`].
pub(crate) fn add(inserts: &mut Inserts, rows: Vec<Model>, groups: &[GroupId]) {
    let granted: Vec<_> = rows.iter().flat_map(|row| granted_rows(InviteId(row.id), groups)).collect();
    inserts.add(rows.into_iter().map(IntoActiveModel::into_active_model));
    inserts.add(granted);
}

/// The outcome of inserts with the rows of new invites and of their groups.
///
/// # Errors
/// [`domain::Code::CodeTaken`] when another invite has, or had, the code; [`domain::Code::Invalid`] under `groups` if one
/// does not exist.
pub(crate) fn inserted(outcome: Result<(), DbErr>) -> Result<(), Error> {
    outcome.map_err(|error| {
        Error::of_statement(error, |violated| match violated {
            SqlErr::UniqueConstraintViolation(_) => Some(super::code_taken()),
            SqlErr::ForeignKeyConstraintViolation(_) => Some(Failure::group_missing()),
            _ => None,
        })
    })
}

/// Rows of the table by which the invites of a group are found.
fn granted_rows(invite: InviteId, groups: &[GroupId]) -> impl Iterator<Item = granted::ActiveModel> {
    groups.iter().map(move |group| granted::ActiveModel { group_id: Set(group.0), invite_id: Set(invite.0) })
}

/// Records that an invite is sent by mail, the first time.
pub(crate) async fn set_mailed(db: &impl ConnectionTrait, id: InviteId, now: Timestamp) -> Result<(), DbErr> {
    let change = ActiveModel { mailed_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    let first = Entity::update_many().set(change).filter(Column::Id.eq(id.0)).filter(Column::MailedAt.is_null());
    first.exec(db).await.map(|_| ())
}

/// Erases what some invites say about the person that each was locked to, and pauses them: nobody else may use them.
pub(crate) async fn forget_person(db: &impl ConnectionTrait, which: Condition, now: Timestamp) -> Result<(), DbErr> {
    // Still locked, to an address that no one has (RFC 6761).
    let paused = Expr::col(Column::PausedAt).if_null(now.as_micros());
    Entity::update_many()
        .col_expr(Column::Email, Expr::value("deleted@member.invalid"))
        .col_expr(Column::Attributes, Expr::value(None::<String>))
        .col_expr(Column::Person, Expr::value(None::<String>))
        .col_expr(Column::WelcomeText, Expr::value(None::<String>))
        .col_expr(Column::PausedAt, paused)
        .filter(which)
        .filter(Column::Email.is_not_null())
        .exec(db)
        .await
        .map(|_| ())
}

/// Replaces the groups of an invite in the table by which the invites of a group are found.
///
/// # Errors
/// [`domain::Code::Invalid`] under `groups` if one does not exist.
pub(crate) async fn set_groups(db: &impl ConnectionTrait, id: InviteId, groups: &[GroupId]) -> Result<(), Error> {
    granted::Entity::delete_many().filter(granted::Column::InviteId.eq(id.0)).exec(db).await?;
    let mut inserts = Inserts::default();
    inserts.add(granted_rows(id, groups));
    inserted(inserts.exec(db).await)
}

/// Selects the ids of the invites that grant a group.
fn of_group(group: GroupId) -> SelectStatement {
    use granted::{Column, Entity};
    Entity::find().select_only().column(Column::InviteId).filter(Column::GroupId.eq(group.0)).into_query()
}

/// Selects the invites that grant a group and can be used, now or later.
fn usable_of_group(group: GroupId, now: Timestamp) -> Select<Entity> {
    Entity::find().filter(Column::Id.in_subquery(of_group(group))).filter(is_usable(now))
}

/// The invites that grant a group and can be used, now or later, newest first.
pub(crate) async fn granting(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    group: GroupId,
    paging: Paging,
    now: Timestamp,
) -> Result<Page<InviteRef>, Error> {
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging };
    let rows = seek.rows(db, usable_of_group(group, now), Search::Off).await?;
    let Page { items, next_cursor, previous_cursor } = paging::page(rows, paging, |row| (row.created_at, row.id));
    let items = items.iter().map(|row| reference(ctx, row)).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor, previous_cursor })
}

/// The number of these invites.
pub(crate) async fn count_granting(db: &impl ConnectionTrait, group: GroupId, now: Timestamp) -> Result<Count, Error> {
    paging::count(db, usable_of_group(group, now)).await
}

/// Pauses the invites that grant a group, can be used and are not paused. Returns their number.
pub(crate) async fn pause_granting(db: &impl ConnectionTrait, group: GroupId, now: Timestamp) -> Result<u64, DbErr> {
    pause(db, is_usable(now).add(Column::Id.in_subquery(of_group(group))), now).await
}

/// Pauses the invites that meet a condition and are neither paused nor deleted. Returns their number.
pub(super) async fn pause(db: &impl ConnectionTrait, which: Condition, now: Timestamp) -> Result<u64, DbErr> {
    let change = ActiveModel {
        paused_at: Set(Some(now.as_micros())),
        updated_at: Set(now.as_micros()),
        ..ActiveModel::default()
    };
    let open = Entity::update_many().set(change).filter(Column::PausedAt.is_null()).filter(Column::DeletedAt.is_null());
    Ok(open.filter(which).exec(db).await?.rows_affected)
}

/// Takes a group out of every invite.
pub(crate) async fn forget_group(db: &impl ConnectionTrait, group: GroupId, now: Timestamp) -> Result<(), DbErr> {
    // The ids are separated by single spaces.
    let spaced = Expr::val(" ").binary(BinOper::Custom("||"), Expr::col(Column::GroupIds));
    let spaced = spaced.binary(BinOper::Custom("||"), Expr::val(" "));
    let without = Func::cust("REPLACE").args([spaced, Expr::val(format!(" {group} ")), Expr::val(" ")]);
    let without: SimpleExpr = Func::cust("TRIM").arg(without).into();
    Entity::update_many()
        .col_expr(Column::GroupIds, without)
        .col_expr(Column::UpdatedAt, Expr::value(now.as_micros()))
        .filter(Column::Id.in_subquery(of_group(group)))
        .exec(db)
        .await?;
    granted::Entity::delete_many().filter(granted::Column::GroupId.eq(group.0)).exec(db).await?;
    Ok(())
}

/// Selects the invites that name a flow and are not deleted.
fn with_flow(flow: FlowId) -> Select<Entity> {
    Entity::find().filter(Column::FlowId.eq(flow.0)).filter(Column::DeletedAt.is_null())
}

/// The invites that name a flow and are not deleted, newest first.
pub(crate) async fn naming_flow(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    flow: FlowId,
    paging: Paging,
) -> Result<Page<InviteRef>, Error> {
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging };
    let rows = seek.rows(db, with_flow(flow), Search::Off).await?;
    let Page { items, next_cursor, previous_cursor } = paging::page(rows, paging, |row| (row.created_at, row.id));
    let items = items.iter().map(|row| reference(ctx, row)).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor, previous_cursor })
}

/// The number of these invites.
pub(crate) async fn count_naming_flow(db: &impl ConnectionTrait, flow: FlowId) -> Result<Count, Error> {
    paging::count(db, with_flow(flow)).await
}

/// Whether there is one of these invites.
pub(crate) async fn names_flow(db: &impl ConnectionTrait, flow: FlowId) -> Result<bool, DbErr> {
    let one = with_flow(flow).select_only().column(Column::Id).limit(1);
    Ok(one.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// Puts another flow in the place of one that invites name, deleted or not. Returns the number of invites.
pub(crate) async fn replace_flow(
    db: &impl ConnectionTrait,
    from: FlowId,
    to: FlowId,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let change = ActiveModel { flow_id: Set(Some(to.0)), updated_at: Set(now.as_micros()), ..ActiveModel::default() };
    let all = Entity::update_many().set(change).filter(Column::FlowId.eq(from.0));
    Ok(all.exec(db).await?.rows_affected)
}

/// Claims one use: the one statement that decides whether an invite can be used (ARCHITECTURE.md, "Redeeming an
/// invite"). Changes exactly one row, which is returned, or none; the table's CHECK stands behind it.
pub(crate) async fn claim_use(db: &impl ConnectionTrait, id: InviteId, now: Timestamp) -> Result<Option<Model>, DbErr> {
    let now = now.as_micros();
    let update = Entity::update_many()
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::Id.eq(id.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::PausedAt.is_null())
        .filter(Column::StartsAt.is_null().or(Column::StartsAt.lte(now)))
        .filter(Column::ExpiresAt.is_null().or(Column::ExpiresAt.gt(now)))
        .filter(Column::MaxUses.is_null().or(Expr::col(Column::Used).lt(Expr::col(Column::MaxUses))));
    Ok(update.exec_with_returning(db).await?.pop())
}

/// Pauses every invite of an author that is not paused or deleted. Returns their number.
pub(crate) async fn pause_all_by(db: &impl ConnectionTrait, author: AccountId, now: Timestamp) -> Result<u64, DbErr> {
    pause(db, Condition::all().add(Column::CreatedBy.eq(author.0)), now).await
}

/// Those of `accounts` that have created an invite which is neither paused nor deleted.
pub(crate) async fn authors_among(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<Vec<AccountId>, DbErr> {
    let authors = Entity::find().select_only().column(Column::CreatedBy).distinct();
    let authors = authors
        .filter(Column::CreatedBy.is_in(accounts.iter().map(|account| account.0)))
        .filter(Column::PausedAt.is_null())
        .filter(Column::DeletedAt.is_null());
    Ok(authors.into_tuple::<Uuid>().all(db).await?.into_iter().map(AccountId).collect())
}

/// The search for invites whose label has every word of `q` or, if `by_code`, whose code or link is `q`.
pub(crate) async fn search(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    q: Option<&str>,
    by_code: bool,
) -> Result<Search, DbErr> {
    let Some(q) = q.filter(|q| !q.trim().is_empty()) else { return Ok(Search::Off) };
    let with_code = match InviteCode::pasted(q).filter(|_| by_code) {
        Some(code) => {
            let id = Entity::find().select_only().column(Column::Id).filter(has_code(ctx, &code));
            id.into_tuple::<Uuid>().one(db).await?
        }
        None => None,
    };
    Search::new(db, &search::INVITES, &search::Terms::parse(q), with_code).await
}

/// The column a list is sorted by, as an expression an index is built over.
pub(crate) fn sort_key(sort: InviteSort) -> SimpleExpr {
    match sort {
        InviteSort::Created => Expr::col((Entity, Column::CreatedAt)),
        InviteSort::Expires => Expr::cust(EXPIRES),
        InviteSort::Used => Expr::col((Entity, Column::Used)),
    }
}

/// The value of [`sort_key`] in a row.
pub(crate) fn sort_value(sort: InviteSort, row: &Model) -> i64 {
    match sort {
        InviteSort::Created => row.created_at,
        InviteSort::Expires => row.expires_at.unwrap_or(i64::MAX),
        InviteSort::Used => row.used,
    }
}

/// [`Lifecycle::status`] as a condition; all except deleted invites where no status is asked for. Tested against it.
///
/// Written in the words of the partial indexes: a planner uses one only where it finds its condition.
pub(crate) fn with_status(status: Option<InviteStatus>, at: Timestamp) -> Condition {
    let now = at.as_micros();
    let (kept, ends) = (is_kept, || Expr::cust(EXPIRES));
    let usable = || is_usable(at);
    let running = || usable().add(Expr::cust("paused_at IS NULL"));
    match status {
        None => kept(),
        Some(InviteStatus::Deleted) => Condition::all().add(Expr::cust("deleted_at IS NOT NULL")),
        Some(InviteStatus::Expired) => kept().add(ends().lte(now)),
        Some(InviteStatus::UsedUp) => kept().add(ends().gt(now)).add(Expr::cust("used >= max_uses")),
        Some(InviteStatus::Paused) => usable().add(Expr::cust("paused_at IS NOT NULL")),
        Some(InviteStatus::Scheduled) => {
            let starts = Condition::all().add(Expr::cust("starts_at IS NOT NULL")).add(Column::StartsAt.gt(now));
            // The plus keeps SQLite from looking through all invites that have not ended, instead of those that start.
            let lasts = Expr::cust(format!("+{EXPIRES}")).gt(now);
            kept().add(lasts).add(Expr::cust(LEFT)).add(Expr::cust("paused_at IS NULL")).add(starts)
        }
        Some(InviteStatus::Active) => running().add(Column::StartsAt.is_null().or(Column::StartsAt.lte(now))),
    }
}

/// The condition that an invite is not deleted.
fn is_kept() -> Condition {
    Condition::all().add(Expr::cust("deleted_at IS NULL"))
}

/// The condition that an invite is not over: it can be used, now, or once it begins or is resumed.
fn is_usable(now: Timestamp) -> Condition {
    is_kept().add(Expr::cust(EXPIRES).gt(now.as_micros())).add(Expr::cust(LEFT))
}

/// What the status of a row is derived from.
pub(crate) fn lifecycle(row: &Model) -> Lifecycle {
    lifecycle_of(row.used, row.max_uses, [row.starts_at, row.expires_at, row.paused_at, row.deleted_at])
}

/// The same, from its columns.
pub(super) fn lifecycle_of(used: i64, max_uses: Option<i64>, instants: [Option<i64>; 4]) -> Lifecycle {
    let [starts_at, expires_at, paused_at, deleted_at] = instants.map(|at| at.map(Timestamp::from_micros));
    Lifecycle { used: count(used), max_uses: max_uses.map(count), starts_at, expires_at, paused_at, deleted_at }
}

/// Origin of the code of a row.
pub(crate) fn code_kind(row: &Model) -> CodeKind {
    kind(&row.code_kind)
}

/// Origin of a code, as it is stored.
pub(super) fn kind(stored: &str) -> CodeKind {
    if stored == "own" { CodeKind::Own } else { CodeKind::Random }
}

/// The invites of some rows; their authors are found in one query.
pub(crate) async fn invites(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    rows: Vec<Model>,
    now: Timestamp,
) -> Result<Vec<Invite>, Error> {
    let authors = accounts::references(db, rows.iter().map(|row| row.created_by)).await?;
    let named = Named::of(db, &rows).await?;
    rows.into_iter()
        .map(|row| {
            let author = authors.get(&row.created_by).cloned();
            invite(ctx, &row, author.ok_or_else(|| Error::internal("an invite has no author"))?, &named, now)
        })
        .collect()
}

/// The invite of a row.
pub(crate) async fn one(db: &impl ConnectionTrait, ctx: &Ctx, row: Model, now: Timestamp) -> Result<Invite, Error> {
    let mut one = invites(db, ctx, vec![row], now).await?;
    one.pop().ok_or_else(|| Error::internal("an invite is missing"))
}

/// What some invites refer to.
pub(crate) struct Named {
    groups: HashMap<GroupId, GroupRef>,
    applications: HashMap<ApplicationId, ApplicationName>,
}

impl Named {
    /// What these rows refer to, each kind found with one query.
    pub(crate) async fn of(db: &impl ConnectionTrait, rows: &[Model]) -> Result<Self, Error> {
        let groups = memberships::references(db, rows.iter().flat_map(|row| group_ids(&row.group_ids))).await?;
        let applications = opening::names(db, rows.iter().filter_map(application)).await?;
        Ok(Self { groups, applications })
    }
}

/// The application that the invite of a row leads to.
fn application(row: &Model) -> Option<ApplicationId> {
    Destination::stored(row.after.as_deref()?).application()
}

/// The invite of a row and its author.
pub(crate) fn invite(
    ctx: &Ctx,
    row: &Model,
    created_by: AccountRef,
    named: &Named,
    now: Timestamp,
) -> Result<Invite, Error> {
    let code = code(ctx, row)?;
    let terms = terms(row)?;
    let group_refs = terms.groups.iter().filter_map(|id| named.groups.get(id).cloned()).collect();
    let application = application(row).and_then(|id| named.applications.get(&id).cloned());
    Ok(Invite {
        id: InviteId(row.id),
        url: code.as_ref().map(|code| format!("{}/inv/{}", ctx.public_url(), code.as_str())),
        code,
        code_kind: code_kind(row),
        terms,
        group_refs,
        application,
        used: count(row.used),
        paused_at: row.paused_at.map(Timestamp::from_micros),
        deleted_at: row.deleted_at.map(Timestamp::from_micros),
        created_at: Timestamp::from_micros(row.created_at),
        created_by,
        status: lifecycle(row).status(now),
    })
}

fn code(ctx: &Ctx, row: &Model) -> Result<Option<InviteCode>, Error> {
    row.code_sealed.as_deref().map(|sealed| ctx.keyring().open_code(row.id, sealed)).transpose()
}

/// Names of some invites, found in one query.
pub(crate) async fn references(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, InviteRef>, Error> {
    rows_of(db, ids).await?.into_iter().map(|row| Ok((row.id, reference(ctx, &row)?))).collect()
}

/// The same with the groups that each grants.
pub(crate) async fn references_with_groups(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, (InviteRef, Vec<GroupId>)>, Error> {
    let with = |row: Model| Ok((row.id, (reference(ctx, &row)?, group_ids(&row.group_ids))));
    rows_of(db, ids).await?.into_iter().map(with).collect()
}

/// The same with who created each.
pub(crate) async fn references_with_authors(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, (InviteRef, AccountId)>, Error> {
    let with = |row: Model| Ok((row.id, (reference(ctx, &row)?, AccountId(row.created_by))));
    rows_of(db, ids).await?.into_iter().map(with).collect()
}

async fn rows_of(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Model>, DbErr> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(db).await
}

/// The reference to the invite of a row. It has no code of an invite for an admin, which moderators could use.
fn reference(ctx: &Ctx, row: &Model) -> Result<InviteRef, Error> {
    let code = if row.role == Role::Admin.as_str() { None } else { code(ctx, row)? };
    Ok(InviteRef { id: InviteId(row.id), label: label(row), code })
}
