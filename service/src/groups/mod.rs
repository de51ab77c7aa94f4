//! Groups: creating and changing them, and who is in them.
//!
//! Who manages all groups changes a group if it has none but their own permissions. A manager of one group adds and
//! removes its members.

use domain::access::{Permission, from_names, to_names};
use domain::events::Event;
use domain::groups::{
    Candidate, Group, GroupDeletion, GroupDraft, GroupMember, GroupMemberQuery, GroupQuery, GroupRef, GroupTerms,
    MembersChanged, MembersDraft, Membership, MembershipChange, MembershipEndsDraft,
};
use domain::ids::{AccountId, GroupId};
use domain::invites::InviteRef;
use domain::paging::{Count, Limit, Page, Paging};
use domain::{Code, Failure, Patch, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait, Select};

use self::store::Row;
use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::memberships::entity::{Column as MembershipColumn, Entity as Memberships};
use crate::memberships::group::{Column, Entity};
use crate::memberships::store as memberships;
use crate::platform::tx::{self, TxError};
use crate::{Actor, Ctx, Error, applications, flow_versions, invites, settings};

mod account;
mod members;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use account::{adds_members, admit, hold_all, removable};

/// The number of invites that [`deletion`] names.
const NAMED_INVITES: u64 = 5;

/// The most accounts that [`candidates`] finds.
const MAX_CANDIDATES: u64 = 20;

/// Lists groups by name: all of them, or those that the actor manages.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &GroupQuery) -> Result<Page<Group>, Error> {
    let db = &ctx.db().read;
    let now = ctx.now();
    let mut select = visible_to(ctx, actor).await?;
    if let Some(q) = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        select = select.filter(store::name_contains(q));
    }
    let page = store::page(db, select, query.paging).await?;
    let counts = store::counts(db, page.items.iter().map(|row| row.id), now).await?;
    let managed = managed_among(db, actor, page.items.iter().map(|row| GroupId(row.id)), now).await?;
    Ok(page.map(|row| {
        let members = counts.get(&row.id).copied().unwrap_or(Count { counted: 0, more: false });
        let is_manager = managed.contains(&GroupId(row.id));
        group(actor, &row, members, is_manager)
    }))
}

/// The names of the first groups whose name contains `q`, by name, of those that [`list`] has; at most `limit`.
pub async fn find(ctx: &Ctx, actor: &Actor, q: &str, limit: Limit) -> Result<Vec<GroupRef>, Error> {
    let select = visible_to(ctx, actor).await?.filter(store::name_contains(q.trim()));
    let page = store::page(&ctx.db().read, select, Paging { cursor: None, limit }).await?;
    Ok(page.items.into_iter().map(memberships::reference).collect())
}

/// One group.
///
/// # Errors
/// [`Code::NotFound`], also for one that the actor may not see.
pub async fn get(ctx: &Ctx, actor: &Actor, id: GroupId) -> Result<Group, Error> {
    let row = visible(ctx, actor, id).await?;
    one(&ctx.db().read, actor, row, ctx.now()).await
}

/// Creates a group without members.
///
/// # Errors
/// [`Code::GroupNameTaken`]; [`Code::Forbidden`] for permissions that the actor has not.
pub async fn create(ctx: &Ctx, actor: &Actor, terms: GroupTerms) -> Result<Group, Error> {
    actor.require(Permission::GroupsManage)?;
    actor.require_all(terms.permissions)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = insert(&tx, ctx, actor, terms, now).await?;
    tx.commit().await?;
    Ok(group(actor, &row, Count { counted: 0, more: false }, false))
}

/// Inserts a group in the transaction of the caller, which has checked that the actor may.
///
/// # Errors
/// [`Code::GroupNameTaken`].
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    terms: GroupTerms,
    now: Timestamp,
) -> Result<Row, Error> {
    let row = store::row(ctx.randomness().uuid(now), terms.clone(), now);
    store::insert(db, row.clone()).await?;
    let event = Event::GroupCreated { group: GroupId(row.id), terms };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    Ok(row)
}

/// Changes a group.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::GroupNameTaken`]; [`Code::Invalid`] under each wrong field; [`Code::Forbidden`] for a
/// group with permissions that the actor has not, or for giving it some.
pub async fn update(ctx: &Ctx, actor: &Actor, id: GroupId, draft: GroupDraft) -> Result<Group, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let current = changeable(&tx, actor, id).await?;
    let terms = draft.apply(store::terms(&current))?;
    actor.require_all(terms.permissions)?;
    let row = write(&tx, ctx, actor, current, terms, now).await?;
    let group = one(&tx, actor, row, now).await?;
    tx.commit().await?;
    Ok(group)
}

/// Gives a group, which is locked or held, other terms, if they differ. Returns its row.
///
/// # Errors
/// [`Code::GroupNameTaken`].
pub(crate) async fn write(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    current: Row,
    terms: GroupTerms,
    now: Timestamp,
) -> Result<Row, Error> {
    let row = Row { created_at: current.created_at, ..store::row(current.id, terms.clone(), now) };
    if row.name == current.name && terms == store::terms(&current) {
        return Ok(current);
    }
    store::write(db, row.clone()).await?;
    let event = Event::GroupUpdated { group: GroupId(row.id), terms };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    Ok(row)
}

/// What [`delete`] would do.
pub async fn deletion(ctx: &Ctx, actor: &Actor, id: GroupId) -> Result<GroupDeletion, Error> {
    let db = &ctx.db().read;
    let now = ctx.now();
    let named = Paging { cursor: None, limit: Limit::try_from(NAMED_INVITES).unwrap_or_default() };
    let invites = invites(ctx, actor, id, named).await?.items;
    let invite_count = invites::store::count_granting(db, id, now).await?;
    Ok(GroupDeletion { members: members::count(db, id, now).await?, invites, invite_count })
}

/// The invites that [`delete`] pauses, and those that are paused and can be resumed: all that grant the group and can
/// be used, now or later, newest first.
///
/// # Errors
/// Those of [`delete`].
pub async fn invites(ctx: &Ctx, actor: &Actor, id: GroupId, paging: Paging) -> Result<Page<InviteRef>, Error> {
    let db = &ctx.db().read;
    changeable_row(actor, store::find(db, id).await?)?;
    let mut page = invites::store::granting(db, ctx, id, paging, ctx.now()).await?;
    for invite in &mut page.items {
        actor.hide_code_of(invite);
    }
    Ok(page)
}

/// Deletes a group. Its members stay members of the site. Invites no longer grant it; those that could still be used are
/// paused, because they would give less than they promised.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: GroupId) -> Result<(), Error> {
    // What a sign-up locks first (the invite) is locked last here for an invite that was created meanwhile, so that the
    // database may have to abort one of the two.
    let run = || async {
        let now = ctx.now();
        let tx = tx::begin(ctx).await?;
        changeable_row(actor, store::find(&tx, id).await?)?;
        let mut paused = invites::store::pause_granting(&tx, id, now).await?;
        changeable(&tx, actor, id).await?;
        refuse_used(&tx, id).await?;
        paused += invites::store::pause_granting(&tx, id, now).await?;
        invites::store::forget_group(&tx, id, now).await?;
        applications::store::forget_group(&tx, id).await?;
        let deleted = Memberships::delete_many().filter(MembershipColumn::GroupId.eq(id.0)).exec(&tx).await?;
        let deleted_group = Entity::delete_by_id(id.0).exec(&tx).await;
        deleted_group.map_err(|error| Error::unless_missing(error, used_meanwhile))?;
        let event = Event::GroupDeleted { group: id, members: deleted.rows_affected, invites_paused: paused };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
        tx.commit().await.map_err(TxError::Commit)
    };
    let find = || async { Ok(store::find(&ctx.db().write, id).await?.is_none().then_some(())) };
    tx::with_retries(run, find).await
}

fn used_meanwhile() -> Failure {
    Failure::new(Code::GroupInUse, "A rule of a flow gives this group since. Take it out of the flow first.")
}

/// Refuses to delete a group that the rules of flows give.
async fn refuse_used(db: &impl ConnectionTrait, id: GroupId) -> Result<(), Error> {
    let flows = flow_versions::store::giving(db, id).await?;
    if flows.is_empty() {
        return Ok(());
    }
    let names = flows.iter().map(|flow| flow.name.as_str()).collect::<Vec<_>>().join(", ");
    let why = format!("Rules of these flows give the group: {names}. Take it out of them first.");
    Err(Failure::new(Code::GroupInUse, why).into())
}

/// Lists the members of a group, newest first.
pub async fn members(
    ctx: &Ctx,
    actor: &Actor,
    id: GroupId,
    query: &GroupMemberQuery,
) -> Result<Page<GroupMember>, Error> {
    visible(ctx, actor, id).await?;
    members::list(ctx, id, query).await
}

/// Accounts to add to a group: the newest that have all words of `q`, or their beginnings, in the name, username or
/// e-mail address; at most a few. None if there are no words.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`] for those who may not see accounts, also if they manage the group.
pub async fn candidates(ctx: &Ctx, actor: &Actor, id: GroupId, q: &str) -> Result<Vec<Candidate>, Error> {
    actor.require(Permission::AccountsView)?;
    visible(ctx, actor, id).await?;
    members::candidates(ctx, id, q, Limit::try_from(MAX_CANDIDATES).unwrap_or_default()).await
}

/// Adds accounts to a group, makes members managers, or sets when memberships end.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Invalid`] under `accounts`; [`Code::Forbidden`], also for a manager who would make
/// others managers.
pub async fn add_members(ctx: &Ctx, actor: &Actor, id: GroupId, draft: MembersDraft) -> Result<MembersChanged, Error> {
    let now = ctx.now();
    let (accounts, change) = draft.parse(now)?;
    let tx = tx::begin(ctx).await?;
    let is_manager_only = member_changer(ctx, &tx, actor, id).await?;
    if is_manager_only {
        let (present, _) = members::find(&tx, id, accounts.clone()).await?;
        // When the membership of a manager ends, also their own, is for staff as well.
        let ends_managers = change.ends_at != Patch::Keep && present.iter().any(|row| row.is_manager);
        if change.manager.is_some() || ends_managers {
            return Err(staff_choose_managers().into());
        }
    }
    let outcome = add(&tx, ctx, actor, id, accounts, change, now).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Adds accounts to a group, which is held, or changes their memberships, in the transaction of the caller, which has
/// checked that the actor may.
pub(crate) async fn add(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    id: GroupId,
    names: Vec<String>,
    change: MembershipChange,
    now: Timestamp,
) -> Result<MembersChanged, Error> {
    let (changed, outcome) = members::add(db, id, names, change, now).await?;
    record_changed(ctx, db, actor, (id, changed, change.ends_at.value()), now).await?;
    Ok(outcome)
}

/// Sets when memberships of a group end; `None` is never. Accounts that are not members are not added.
///
/// # Errors
/// As those of [`add_members`].
pub async fn set_member_ends(
    ctx: &Ctx,
    actor: &Actor,
    id: GroupId,
    draft: MembershipEndsDraft,
) -> Result<MembersChanged, Error> {
    let now = ctx.now();
    let (accounts, ends_at) = draft.parse(now)?;
    let tx = tx::begin(ctx).await?;
    let is_manager_only = member_changer(ctx, &tx, actor, id).await?;
    let (rows, mut outcome) = members::lock(&tx, id, accounts, now).await?;
    if is_manager_only && rows.iter().any(|row| row.is_manager) {
        return Err(staff_choose_managers().into());
    }
    let found = rows.len();
    let changed = members::set_ends(&tx, id, rows, ends_at).await?;
    let count: usize = changed.iter().map(|(accounts, _)| accounts.len()).sum();
    outcome.changed += members::count_of(count);
    outcome.unchanged += members::count_of(found - count);
    record_changed(ctx, &tx, actor, (id, changed, ends_at), now).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Records that memberships of a group were added or changed, with the end that was chosen.
async fn record_changed(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    (group, changed, ends_at): (GroupId, members::Changed, Option<Timestamp>),
    now: Timestamp,
) -> Result<(), Error> {
    for (accounts, is_manager) in changed.into_iter().filter(|(accounts, _)| !accounts.is_empty()) {
        let event = Event::GroupMembersAdded { group, accounts, is_manager, ends_at };
        audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    }
    Ok(())
}

/// Removes accounts from a group, and pauses their invites that they may not grant without it.
///
/// # Errors
/// As those of [`add_members`]; a manager cannot remove another one.
pub async fn remove_members(
    ctx: &Ctx,
    actor: &Actor,
    id: GroupId,
    draft: MembersDraft,
) -> Result<MembersChanged, Error> {
    let now = ctx.now();
    let (accounts, _) = draft.parse(now)?;
    let tx = tx::begin(ctx).await?;
    let is_manager_only = member_changer(ctx, &tx, actor, id).await?;
    let (rows, mut outcome) = members::find(&tx, id, accounts).await?;
    if is_manager_only && rows.iter().any(|row| row.is_manager && row.account_id != actor.id().0) {
        return Err(staff_choose_managers().into());
    }
    let accounts: Vec<AccountId> = rows.iter().map(|row| AccountId(row.account_id)).collect();
    outcome.changed = members::count_of(accounts.len());
    remove(&tx, ctx, actor, id, accounts, now).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Removes members from a group, which is held, in the transaction of the caller, which has checked that the actor may.
pub(crate) async fn remove(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    id: GroupId,
    accounts: Vec<AccountId>,
    now: Timestamp,
) -> Result<(), Error> {
    if accounts.is_empty() {
        return Ok(());
    }
    members::remove(db, id, &accounts).await?;
    let roles = settings::read(ctx, db).await?.role_permissions;
    let mut invites_paused = 0;
    for account in invites::store::authors_among(db, &accounts).await? {
        invites_paused += invites::pause_beyond(db, roles, account, now).await?;
    }
    let event = Event::GroupMembersRemoved { group: id, accounts, invites_paused };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await
}

/// The groups of an account, by name.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn of_account(ctx: &Ctx, actor: &Actor, account: AccountId) -> Result<Vec<Membership>, Error> {
    actor.require(Permission::AccountsView)?;
    let db = &ctx.db().read;
    accounts::find(db, account).await?.ok_or_else(|| Failure::not_found("member"))?;
    Ok(memberships::of_account(db, account, ctx.now()).await?)
}

/// The groups that an invite of the actor can grant, by name; at most one page of them, the first whose name contains
/// `q`.
pub async fn choices(ctx: &Ctx, actor: &Actor, q: Option<&str>) -> Result<Vec<GroupRef>, Error> {
    let db = &ctx.db().read;
    let mut select = Entity::find();
    if !actor.may(Permission::GroupsManage) {
        if !actor.is_in_scope(Permission::InvitesCreate) {
            actor.require(Permission::InvitesCreate)?;
        }
        select = select.filter(Column::Id.in_subquery(memberships::managed_by(actor.id(), ctx.now()).into_query()));
    }
    if let Some(q) = q.map(str::trim).filter(|q| !q.is_empty()) {
        select = select.filter(store::name_contains(q));
    }
    let page = store::page(db, select, Paging { limit: Limit::MAX, ..Paging::default() }).await?;
    let effective = actor.effective();
    let may_grant = |row: &Row| from_names(&row.permissions).is_subset(effective);
    Ok(page.items.into_iter().filter(may_grant).map(memberships::reference).collect())
}

/// Whether the actor sees every group.
pub(crate) fn sees_all(actor: &Actor) -> bool {
    actor.may(Permission::GroupsManage) || actor.may(Permission::AccountsView)
}

/// Selects the groups that the actor may see: all of them, or those that it manages.
async fn visible_to(ctx: &Ctx, actor: &Actor) -> Result<Select<Entity>, Error> {
    if sees_all(actor) {
        return Ok(Entity::find());
    }
    require_manager_of_any(ctx, actor).await?;
    let managed = memberships::managed_by(actor.id(), ctx.now()).into_query();
    Ok(Entity::find().filter(Column::Id.in_subquery(managed)))
}

/// The group `id`, if the actor may see it.
async fn visible(ctx: &Ctx, actor: &Actor, id: GroupId) -> Result<Row, Error> {
    if !sees_all(actor) && managed_among(&ctx.db().read, actor, [id], ctx.now()).await?.is_empty() {
        require_manager_of_any(ctx, actor).await?;
        return Err(Failure::not_found("group").into());
    }
    Ok(store::find(&ctx.db().read, id).await?.ok_or_else(|| Failure::not_found("group"))?)
}

/// Refuses those who manage neither all groups nor any.
async fn require_manager_of_any(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    if adds_members(&ctx.db().read, actor, ctx.now()).await? {
        return Ok(());
    }
    Ok(actor.require(Permission::GroupsManage)?)
}

/// Those of `groups` that the actor manages.
async fn managed_among(
    db: &impl ConnectionTrait,
    actor: &Actor,
    groups: impl IntoIterator<Item = GroupId>,
    now: Timestamp,
) -> Result<Vec<GroupId>, Error> {
    if !actor.is_in_scope(Permission::GroupsManage) || !actor.active {
        return Ok(Vec::new());
    }
    Ok(memberships::managed(db, actor.id(), groups, now).await?)
}

/// The group `id`, locked until the transaction ends, if the actor may change it.
async fn changeable(db: &impl ConnectionTrait, actor: &Actor, id: GroupId) -> Result<Row, Error> {
    changeable_row(actor, store::lock(db, id).await?)
}

/// The group `id`, if the actor may change it, which is neither changed nor deleted until the transaction ends. Others
/// may join it.
pub(crate) async fn hold(db: &impl ConnectionTrait, actor: &Actor, id: GroupId) -> Result<Row, Error> {
    changeable_row(actor, store::hold(db, id).await?)
}

/// What is chosen about the group of a row.
pub(crate) fn terms(row: &Row) -> GroupTerms {
    store::terms(row)
}

/// The group, if the actor may change it.
fn changeable_row(actor: &Actor, row: Option<Row>) -> Result<Row, Error> {
    actor.require(Permission::GroupsManage)?;
    let row = row.ok_or_else(|| Failure::not_found("group"))?;
    refuse_higher(actor, &row)?;
    Ok(row)
}

fn refuse_higher(actor: &Actor, row: &Row) -> Result<(), Failure> {
    let lacking = from_names(&row.permissions) - actor.effective();
    if lacking.is_empty() {
        return Ok(());
    }
    let names = to_names(lacking).replace(' ', ", ");
    let why = format!("This group has permissions that you don't have ({names}), so you can't change it.");
    Err(Failure::new(Code::Forbidden, why))
}

/// Checks that the actor may change the members of the group `id`, and keeps the group from being deleted until the
/// transaction ends. Returns whether the actor may because they manage this group, and not all.
async fn member_changer(ctx: &Ctx, db: &impl ConnectionTrait, actor: &Actor, id: GroupId) -> Result<bool, Error> {
    let row = store::hold(db, id).await?;
    if actor.may(Permission::GroupsManage) {
        changeable_row(actor, row)?;
        return Ok(false);
    }
    if managed_among(db, actor, [id], ctx.now()).await?.is_empty() {
        actor.require(Permission::GroupsManage)?;
    }
    row.ok_or_else(|| Failure::not_found("group"))?;
    Ok(true)
}

fn staff_choose_managers() -> Failure {
    Failure::new(
        Code::Forbidden,
        "Only staff who manage all groups can choose and remove managers, and set when they end.",
    )
}

async fn one(db: &impl ConnectionTrait, actor: &Actor, row: Row, now: Timestamp) -> Result<Group, Error> {
    let id = GroupId(row.id);
    let members = members::count(db, id, now).await?;
    let is_manager = !managed_among(db, actor, [id], now).await?.is_empty();
    Ok(group(actor, &row, members, is_manager))
}

/// The group of a row as the actor sees it.
fn group(actor: &Actor, row: &Row, members: Count, is_manager: bool) -> Group {
    let can_change = actor.may(Permission::GroupsManage) && refuse_higher(actor, row).is_ok();
    Group {
        id: GroupId(row.id),
        terms: store::terms(row),
        members,
        created_at: Timestamp::from_micros(row.created_at),
        can_change,
        can_change_members: can_change || is_manager,
    }
}
