//! Creating invites.

use domain::Timestamp;
use domain::access::Permission;
use domain::events::Event;
use domain::ids::InviteId;
use domain::invites::{CodeKind, Invite, InviteCode, NewInvite, Terms};
use domain::settings::Settings;
use sea_orm::ConnectionTrait;

use super::entity::Model;
use super::{
    check_after, check_ceiling, check_multi, check_without_code, code_taken, flow, grants, limits, random_code, store,
};
use crate::applications::opening;
use crate::audit::{self, Added, Originator};
use crate::platform::batcher::Batcher;
use crate::platform::inserts::Inserts;
use crate::platform::tx::{self, TxError};
use crate::{Actor, Ctx, Error, settings};

/// Creates an invite.
///
/// # Errors
/// [`domain::Code::Invalid`] under `max_uses` above the ceiling; [`domain::Code::CodeTaken`] when another invite has, or had,
/// the code; [`domain::Code::Forbidden`] when the actor may not grant the role or the groups. Of authors who are bound by the
/// limits of members, [`domain::Code::Invalid`] under what is beyond them, [`domain::Code::AccountTooNew`] and
/// [`domain::Code::QuotaReached`].
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewInvite) -> Result<Invite, Error> {
    let now = ctx.now();
    let settings = settings::current(ctx).await?;
    let checked = Box::pin(check_new(ctx, &ctx.db().read, actor, &settings, new, now)).await?;
    let submitted = Submitted { actor: actor.clone(), checked, now };
    if ctx.db().is_postgres() {
        return insert_one(ctx, &submitted).await;
    }
    ctx.state::<NewInvites>().submit(submitted).await
}

/// An invite that was checked, and is to be inserted.
#[derive(Clone, Debug)]
pub(crate) struct Submitted {
    actor: Actor,
    checked: CheckedInvite,
    now: Timestamp,
}

/// The maximum number of invites that one transaction inserts.
pub(crate) const MAX_BATCH: usize = 64;

/// The queue of [`insert_submitted`], which SQLite needs: it has one writer, and one transaction for what waits for it writes
/// most pages of the indexes once (`docs/adr/0028`).
pub(crate) type NewInvites = Batcher<Submitted, Invite>;

/// Inserts invites that were submitted at the same time in one transaction. If one of them is refused, each gets a
/// transaction of its own, so that the others are not. Returns the results in the same order.
pub(crate) async fn insert_submitted(ctx: Ctx, batch: Vec<Submitted>) -> Vec<Result<Invite, Error>> {
    if batch.len() > 1 {
        match insert(&ctx, &batch).await {
            Ok(invites) => return invites.into_iter().map(Ok).collect(),
            Err(TxError::Rejected(Error::Failure(_))) => {}
            // The database would keep each of them waiting, one after the other; or they may have been written, and inserted again
            // there would be two of each.
            Err(error) => {
                let error = Error::from(error);
                return batch.iter().map(|_| Err(error.clone())).collect();
            }
        }
    }
    let mut outcomes = Vec::with_capacity(batch.len());
    for submitted in &batch {
        outcomes.push(insert_one(&ctx, submitted).await);
    }
    outcomes
}

async fn insert_one(ctx: &Ctx, submitted: &Submitted) -> Result<Invite, Error> {
    let invites = insert(ctx, std::slice::from_ref(submitted)).await?;
    one(invites)
}

/// The only one.
fn one(invites: Vec<Invite>) -> Result<Invite, Error> {
    invites.into_iter().next().ok_or_else(|| Error::internal("an invite was not inserted"))
}

/// One transaction, with all of these invites or none.
async fn insert(ctx: &Ctx, batch: &[Submitted]) -> Result<Vec<Invite>, TxError> {
    let tx = tx::begin(ctx).await?;
    let invites = Box::pin(insert_checked(ctx, &tx, batch)).await?;
    tx.commit().await.map_err(TxError::Commit)?;
    Ok(invites)
}

/// [`create`], in the transaction of the caller, for somebody who asked for a new link: one that would last longer than the limits
/// of members allow lasts as long as they do.
///
/// # Errors
/// Those of [`create`].
pub(crate) async fn create_renewed(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    mut new: NewInvite,
    now: Timestamp,
) -> Result<Invite, Error> {
    let settings = settings::read(ctx, db).await?;
    new.terms = limits::shortened(actor, &settings, new.terms, now);
    let checked = Box::pin(check_new(ctx, db, actor, &settings, new, now)).await?;
    one(Box::pin(insert_checked(ctx, db, &[Submitted { actor: actor.clone(), checked, now }])).await?)
}

/// Checks that the actor may create invites with these terms, apart from its quota.
///
/// # Errors
/// Those of [`create`].
pub(crate) async fn check_created(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    terms: Terms,
    now: Timestamp,
) -> Result<(), Error> {
    let settings = settings::read(ctx, db).await?;
    Box::pin(check_new(ctx, db, actor, &settings, NewInvite { code: None, terms }, now)).await.map(|_| ())
}

/// Creates invites that are sent by mail, in the transaction of the caller. Their terms differ only in what they say of the
/// person that each is for, so that what they grant is checked once. Returns their ids, in the same order.
///
/// # Errors
/// Those of [`create`].
pub(crate) async fn create_mailed(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    terms: Vec<Terms>,
    now: Timestamp,
) -> Result<Vec<InviteId>, Error> {
    let Some(first) = terms.first().cloned() else { return Ok(Vec::new()) };
    let settings = settings::read(ctx, db).await?;
    let groups = first.groups.clone();
    flow::hold(db, &first).await?;
    let checked = Box::pin(check_new(ctx, db, actor, &settings, NewInvite { code: None, terms: first }, now)).await?;
    let checked_terms = store::terms(&checked.row)?;
    let (mut ids, mut rows, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for terms in terms {
        // As the limits of members have changed them.
        let terms = Terms { max_uses: checked_terms.max_uses, expires_at: checked_terms.expires_at, ..terms };
        let id = ctx.randomness().uuid(now);
        let code = random_code(ctx, settings.code_length.get())?;
        let row = store::new_row(ctx, id, (CodeKind::Random, &code), terms.clone(), actor.account.id, now)?;
        let mut row = Model { mailed_at: Some(now.as_micros()), ..row };
        events.push(Event::InviteCreated { invite: InviteId(id), terms: terms.into() });
        ids.push(InviteId(id));
        if checked.bound {
            limits::take(db, actor, settings.member_limits, now).await?;
            row.counted_at = Some(now.as_micros());
            // At once, so that it counts for the next one.
            let mut inserts = Inserts::default();
            store::add(&mut inserts, vec![row], &groups);
            store::inserted(inserts.exec(db).await)?;
        } else {
            rows.push(row);
        }
    }
    let mut inserts = Inserts::default();
    store::add(&mut inserts, rows, &groups);
    let added = audit::add(&mut inserts, ctx, now, Originator::Actor(actor), &events)?;
    store::inserted(inserts.exec(db).await)?;
    added.announce(db, ctx).await?;
    Ok(ids)
}

/// A new invite that its author may create, as far as that depends on nothing that others write at the same time.
#[derive(Clone, Debug)]
struct CheckedInvite {
    row: Model,
    kind: CodeKind,
    code: InviteCode,
    /// Whether the limits of members bind the author.
    bound: bool,
}

/// Checks a new invite.
///
/// # Errors
/// Those of [`create`].
async fn check_new(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    settings: &Settings,
    new: NewInvite,
    now: Timestamp,
) -> Result<CheckedInvite, Error> {
    if new.terms.groups.is_empty() || !actor.is_in_scope(Permission::InvitesCreate) {
        actor.require(Permission::InvitesCreate)?;
    }
    let author = (actor.id(), actor.effective());
    let manages_all = grants::check(db, author, new.terms.granted(), settings.role_permissions, now).await?;
    let mut terms = new.terms;
    if !manages_all {
        terms = limits::for_one_use(actor, terms);
        check_multi(actor, &terms)?;
    }
    let bound = limits::bind(actor, manages_all);
    if bound {
        if new.code.is_some() {
            return Err(limits::refuse_own_code().into());
        }
        terms = limits::created(settings, terms, now)?;
    }
    check_ceiling(&terms, settings.invite_link_max_redemptions_limit.get())?;
    check_after(&terms, settings)?;
    opening::check_leads(db, actor, terms.after.as_ref(), now).await?;
    check_without_code(actor, &terms)?;
    flow::check_new(db, actor, &terms, settings.role_permissions, now).await?;
    let (kind, code) = match new.code {
        Some(code) => (CodeKind::Own, code),
        None => (CodeKind::Random, random_code(ctx, settings.code_length.get())?),
    };
    let id = ctx.randomness().uuid(now);
    let row = store::new_row(ctx, id, (kind, &code), terms, actor.account.id, now)?;
    Ok(CheckedInvite { row, kind, code, bound })
}

/// Inserts new invites, and takes them from the quotas of their authors. Returns them in the same order.
///
/// # Errors
/// Those of [`create`].
async fn insert_checked(ctx: &Ctx, db: &impl ConnectionTrait, batch: &[Submitted]) -> Result<Vec<Invite>, Error> {
    let (mut rows, mut added) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
    for submitted in batch {
        let (row, of_row) = Box::pin(insert_new(ctx, db, submitted)).await?;
        rows.push(row);
        added.push(of_row);
    }
    if let Some(added) = added.into_iter().reduce(Added::and) {
        added.announce(db, ctx).await?;
    }
    let named = store::Named::of(db, &rows).await?;
    let invite = |(Submitted { actor, now, .. }, row): (&Submitted, &Model)| {
        let mut invite = store::invite(ctx, row, actor.account.clone(), &named, *now)?;
        actor.hide_code(&mut invite);
        Ok(invite)
    };
    batch.iter().zip(&rows).map(invite).collect()
}

/// Inserts the row of a new invite, and what belongs to it.
async fn insert_new(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    Submitted { actor, checked, now }: &Submitted,
) -> Result<(Model, Added), Error> {
    let CheckedInvite { mut row, kind, code, bound } = checked.clone();
    let (id, terms) = (InviteId(row.id), store::terms(&row)?);
    if bound {
        limits::take(db, actor, settings::read(ctx, db).await?.member_limits, *now).await?;
        row.counted_at = Some(now.as_micros());
    }
    // The table tells two codes of one kind apart, not a chosen code from a random one: both are typed into one field.
    if kind == CodeKind::Own && store::find_by_code(db, ctx, &code).await?.is_some() {
        return Err(code_taken().into());
    }
    flow::hold(db, &terms).await?;
    let mut inserts = Inserts::default();
    store::add(&mut inserts, vec![row.clone()], &terms.groups);
    let events = [Event::InviteCreated { invite: id, terms: terms.into() }];
    let added = audit::add(&mut inserts, ctx, *now, Originator::Actor(actor), &events)?;
    store::inserted(inserts.exec(db).await)?;
    Ok((row, added))
}
