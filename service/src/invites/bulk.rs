//! The same act on several invites: on some that are named, or on all that a list would have.
//!
//! They are changed in batches, each in a transaction of its own with a fixed number of statements, so that others can write
//! in between, and memory and the cost per invite stay the same however many there are. What is refused for one invite leaves
//! the others. An error ends the work; the batches before it stay done, and the same request again does the rest.

use std::collections::{BTreeSet, HashSet};

use domain::access::Permission;
use domain::events::Event;
use domain::ids::{GroupId, InviteId};
use domain::invites::{BulkAct, BulkChange, BulkOutcome, BulkSelection, InviteQuery, NewEnd};
use domain::paging::Count;
use domain::settings::Settings;
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::entity::{Column, Entity, Model};
use super::grants::Granting;
use super::pausing::{check_resumed, is_unbound};
use super::terms::group_ids;
use super::{check_without_code, is_own, limits, refuse_deleted, store};
use crate::audit::{self, Originator};
use crate::invite_requests::store as invite_requests;
use crate::join_requests::store as join_requests;
use crate::memberships::store as memberships;
use crate::platform::search::{Candidates, Search};
use crate::platform::tx::{self, TxError};
use crate::{Actor, Ctx, Error, settings};

/// The number of invites that are changed in one transaction. Those that are named fit into one.
const BATCH: usize = 500;

/// Does the same with several invites, by the rules that hold for one.
///
/// # Errors
/// [`Code::Forbidden`] without [`Permission::InvitesView`]: these are acts on the list.
pub async fn change_all(ctx: &Ctx, actor: &Actor, change: BulkChange) -> Result<BulkOutcome, Error> {
    let (mut batches, mut outcome) = begin(ctx, actor, &change).await?;
    while let Some(batch) = batches.next(ctx).await? {
        let change_batch = || async {
            let tx = tx::begin(ctx).await?;
            let rows = batch.rows(&tx, true).await?;
            let rules = Rules::read(&tx, ctx, actor, &batches, &rows).await?;
            let (events, outcome) = rules.apply(&batch, &rows)?;
            let changed: Vec<Uuid> = events.iter().filter_map(|event| event.subject().id()).collect();
            write(&tx, change.act, &changed, batches.now).await?;
            if change.act == BulkAct::Delete {
                invite_requests::delete_all_of(&tx, changed.iter().copied()).await?;
                join_requests::dismiss_all_of(&tx, changed, actor.id(), batches.now).await?;
            }
            audit::record_all(&tx, ctx, batches.now, Originator::Actor(actor), &events).await?;
            tx.commit().await.map_err(TxError::Commit)?;
            Ok(outcome)
        };
        // Nothing is repeated that may have been written: invites would be extended twice.
        let unconfirmed = || async { Err(unconfirmed().into()) };
        outcome.add(tx::with_retries(change_batch, unconfirmed).await?);
    }
    Ok(outcome)
}

/// What [`change_all`] would do, counted up to [`Count::BOUND`]. Changes nothing.
///
/// # Errors
/// Those of [`change_all`].
pub async fn count_changes(ctx: &Ctx, actor: &Actor, change: BulkChange) -> Result<BulkOutcome, Error> {
    let db = &ctx.db().read;
    let (mut batches, mut outcome) = begin(ctx, actor, &change).await?;
    while let Some(batch) = batches.next(ctx).await? {
        if outcome.total() >= Count::BOUND {
            outcome.more = true;
            break;
        }
        let rows = batch.rows(db, false).await?;
        let rules = Rules::read(db, ctx, actor, &batches, &rows).await?;
        outcome.add(rules.apply(&batch, &rows)?.1);
    }
    Ok(outcome)
}

async fn begin(ctx: &Ctx, actor: &Actor, change: &BulkChange) -> Result<(Batches, BulkOutcome), Error> {
    actor.require(Permission::InvitesView)?;
    let now = ctx.now();
    let as_of = change.as_of.map_or(now, |as_of| as_of.min(now));
    let source = match &change.selection {
        BulkSelection::Ids(ids) => Source::Ids(ids.iter().map(|id| id.0).collect()),
        BulkSelection::Matching(query) => {
            let search = store::search(&ctx.db().read, ctx, query.q.as_deref(), actor.reads_codes()).await?;
            Source::list(query, search, now, as_of)
        }
    };
    Ok((Batches { source, act: change.act, now, as_of }, BulkOutcome::new(as_of)))
}

fn unconfirmed() -> Failure {
    let why = "The database did not confirm a change. Look at the list, then do the rest.";
    Failure::new(Code::Unavailable, why).retry_after(2)
}

/// The invites that are still to be changed.
struct Batches {
    source: Source,
    act: BulkAct,
    /// The same for every batch.
    now: Timestamp,
    as_of: Timestamp,
}

/// Where they come from.
enum Source {
    Ids(Vec<Uuid>),
    List { list: Condition, candidates: Condition, after: Option<(i64, Uuid)> },
    Nothing,
}

impl Source {
    fn list(query: &InviteQuery, search: Search, now: Timestamp, as_of: Timestamp) -> Self {
        let list = store::with_status(query.status, now).add(Column::CreatedAt.lte(as_of.as_micros()));
        match search {
            Search::Off => Self::List { list, candidates: Condition::all(), after: None },
            Search::Nothing => Self::Nothing,
            Search::Rows(search) => {
                // Of many candidates, the list is read once in its order, instead of sorting them all for each batch.
                let Candidates { ids, matches, many, .. } = *search;
                let few = (!many).then(|| Column::Id.in_subquery(ids));
                Self::List { list: list.add(matches), candidates: Condition::all().add_option(few), after: None }
            }
        }
    }
}

impl Batches {
    /// The next batch: its invites are read without a lock, which would last as long as the search for them.
    async fn next(&mut self, ctx: &Ctx) -> Result<Option<Batch>, DbErr> {
        match &mut self.source {
            Source::Nothing => Ok(None),
            Source::Ids(ids) => {
                let ids = std::mem::take(ids);
                Ok((!ids.is_empty()).then_some(Batch { ids, are_named: true, list: Condition::all() }))
            }
            Source::List { list, candidates, after } => {
                let position = after.map(|(created_at, id)| {
                    let position = Expr::tuple([Expr::value(created_at), Expr::value(id)]);
                    Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]).gt(position)
                });
                let found: Vec<(i64, Uuid)> = Entity::find()
                    .select_only()
                    .columns([Column::CreatedAt, Column::Id])
                    .filter(list.clone())
                    .filter(candidates.clone())
                    .filter(Condition::all().add_option(position))
                    .order_by_asc(Column::CreatedAt)
                    .order_by_asc(Column::Id)
                    .limit(BATCH as u64)
                    .into_tuple()
                    .all(&ctx.db().read)
                    .await?;
                *after = found.last().copied();
                let ids: Vec<_> = found.into_iter().map(|(_, id)| id).collect();
                Ok((!ids.is_empty()).then(|| Batch { ids, are_named: false, list: list.clone() }))
            }
        }
    }
}

/// Some of the invites.
struct Batch {
    ids: Vec<Uuid>,
    /// Whether the caller named them, and is told of those that are not there.
    are_named: bool,
    /// What they have to meet still.
    list: Condition,
}

impl Batch {
    /// Its rows, which may be locked until the transaction ends: in the same order by everyone who locks several.
    async fn rows(&self, db: &impl ConnectionTrait, locked: bool) -> Result<Vec<Model>, DbErr> {
        let rows = Entity::find().filter(Column::Id.is_in(self.ids.iter().copied())).filter(self.list.clone());
        let rows = rows.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
        if locked { rows.lock_exclusive().all(db).await } else { rows.all(db).await }
    }
}

/// The rules by which one invite is changed, with what they need to know about those of a batch.
struct Rules<'a> {
    actor: &'a Actor,
    act: BulkAct,
    now: Timestamp,
    as_of: Timestamp,
    /// Those of the groups of the actor's own invites that it manages.
    managed: HashSet<GroupId>,
    settings: Settings,
    /// For an act that gives the invites their effect again.
    granting: Option<Granting>,
}

impl<'a> Rules<'a> {
    async fn read(
        db: &impl ConnectionTrait,
        ctx: &Ctx,
        actor: &'a Actor,
        batches: &Batches,
        rows: &[Model],
    ) -> Result<Self, Error> {
        let Batches { act, now, as_of, .. } = *batches;
        let own = rows.iter().filter(|row| is_own(actor, row));
        let groups: BTreeSet<GroupId> = own.flat_map(|row| group_ids(&row.group_ids)).collect();
        let managed = memberships::managed(db, actor.id(), groups, now).await?.into_iter().collect();
        let settings = settings::read(ctx, db).await?;
        let granting = match act {
            BulkAct::Resume => Some(Granting::read(db, rows, settings.role_permissions, now).await?),
            _ => None,
        };
        Ok(Self { actor, act, now, as_of, managed, settings, granting })
    }

    /// What is done with each of the rows: the events of those that are changed, and how many of the batch are.
    fn apply(&self, batch: &Batch, rows: &[Model]) -> Result<(Vec<Event>, BulkOutcome), Error> {
        let mut events = Vec::new();
        let mut outcome = BulkOutcome::new(self.as_of);
        for row in rows {
            match self.change(row) {
                Ok(Some(event)) => {
                    outcome.changed += 1;
                    events.push(event);
                }
                Ok(None) => outcome.unchanged += 1,
                Err(Error::Failure(failure)) => outcome.refuse(failure.code),
                Err(error) => return Err(error),
            }
        }
        if batch.are_named {
            // Who may not change every invite is not told which exist.
            let sees = self.actor.may(Permission::InvitesManageAll);
            let code = if sees { Code::NotFound } else { Code::Forbidden };
            for _ in rows.len()..batch.ids.len() {
                outcome.refuse(code);
            }
        }
        Ok((events, outcome))
    }

    /// The event of changing an invite; `None` if it is as wanted already.
    fn change(&self, row: &Model) -> Result<Option<Event>, Error> {
        if !self.manages_own(row) {
            self.actor.require(Permission::InvitesManageAll)?;
        }
        let invite = InviteId(row.id);
        if self.act == BulkAct::Delete {
            let used = row.used.try_into().map_err(Error::internal)?;
            return Ok(row.deleted_at.is_none().then_some(Event::InviteDeleted { invite, used }));
        }
        refuse_deleted(row)?;
        match self.act {
            BulkAct::Pause => Ok(row.paused_at.is_none().then_some(Event::InvitePaused { invite })),
            BulkAct::Resume if row.paused_at.is_none() => Ok(None),
            BulkAct::Resume => {
                let manages_all = self.manages_all(row);
                check_resumed(self.actor, row, &store::terms(row)?, manages_all)?;
                if let Some(granting) = &self.granting {
                    granting.check_author(row)?;
                }
                if is_unbound(self.actor, row, manages_all) {
                    // One after the other, because each is taken from the quota.
                    let why = "This invite would count against your quota. Resume it by itself.";
                    return Err(Failure::new(Code::Forbidden, why).into());
                }
                Ok(Some(Event::InviteResumed { invite }))
            }
            BulkAct::Extend(end) => {
                let was_changed_since = row.updated_at > self.as_of.as_micros();
                if matches!(end, NewEnd::ByDays(_)) && was_changed_since {
                    return Ok(None);
                }
                let current = store::terms(row)?;
                let Some(terms) = end.apply(&current, self.now)? else { return Ok(None) };
                // Who has an invite for an admin can become one.
                if terms.grants_admin() {
                    self.actor.require(Permission::AdminsManage)?;
                }
                check_without_code(self.actor, &terms)?;
                if is_own(self.actor, row) && limits::bind(self.actor, self.manages_all(row)) {
                    let created_at = Timestamp::from_micros(row.created_at);
                    limits::changed(&self.settings, &current, terms.clone(), created_at, self.now)?;
                }
                Ok(Some(Event::InviteUpdated { invite, terms: terms.into() }))
            }
            BulkAct::Delete => Ok(None),
        }
    }

    /// Whether the invite is the actor's own, and the actor may still create one like it, as for one invite.
    fn manages_own(&self, row: &Model) -> bool {
        if !is_own(self.actor, row) || !self.actor.is_in_scope(Permission::InvitesCreate) {
            return false;
        }
        self.actor.may(Permission::InvitesCreate) || self.manages_all(row)
    }

    /// Whether the actor manages each group of an invite of its own, of which there are some.
    fn manages_all(&self, row: &Model) -> bool {
        let groups = group_ids(&row.group_ids);
        self.actor.active && !groups.is_empty() && groups.iter().all(|group| self.managed.contains(group))
    }
}

/// Changes these invites, which are locked, with one statement.
async fn write(db: &impl ConnectionTrait, act: BulkAct, ids: &[Uuid], now: Timestamp) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let now = now.as_micros();
    let update = Entity::update_many().col_expr(Column::UpdatedAt, Expr::value(now));
    let update = match act {
        BulkAct::Pause => update.col_expr(Column::PausedAt, Expr::value(now)),
        BulkAct::Resume => update.col_expr(Column::PausedAt, Expr::value(None::<i64>)),
        BulkAct::Delete => update
            .col_expr(Column::DeletedAt, Expr::value(now))
            .col_expr(Column::CodeSealed, Expr::value(None::<Vec<u8>>)),
        BulkAct::Extend(NewEnd::At(at)) => update.col_expr(Column::ExpiresAt, Expr::value(at.as_micros())),
        BulkAct::Extend(NewEnd::ByDays(days)) => {
            // `NewEnd::after` in SQL.
            let present = Expr::col(Column::ExpiresAt);
            let from = Expr::case(present.clone().gt(now), present).finally(now);
            update.col_expr(Column::ExpiresAt, Expr::expr(from).add(i64::from(days) * 86_400_000_000))
        }
    };
    update.filter(Column::Id.is_in(ids.iter().copied())).exec(db).await.map(|_| ())
}
