//! The limits of the invites of members, held against an author.

use std::time::Duration;

use domain::access::Permission;
use domain::ids::AccountId;
use domain::invites::{Allowance, LifetimeDays, MemberLimits, QuotaLeft, Terms, UsesLimit, account_too_new};
use domain::settings::Settings;
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::entity::{Column, Entity};
use crate::{Actor, Error, callers};

/// Whether the limits bind the actor, for an invite whose groups it manages all (`manages_all`) or not.
pub(super) const fn bind(actor: &Actor, manages_all: bool) -> bool {
    MemberLimits::bind(actor.role) && !manages_all
}

/// The terms of an invite for one use, if they have no limit and the actor may create no others.
pub(super) fn for_one_use(actor: &Actor, terms: Terms) -> Terms {
    let max_uses = terms.max_uses.or_else(|| (!actor.may(Permission::InvitesCreateMulti)).then_some(1));
    Terms { max_uses, ..terms }
}

/// The terms of a new invite inside the ceilings.
///
/// # Errors
/// Those of [`MemberLimits::within`].
pub(super) fn created(settings: &Settings, terms: Terms, now: Timestamp) -> Result<Terms, Failure> {
    ceilings(settings).within(terms, now, now)
}

/// The terms of a new invite whose end is moved to the latest that the limits of members allow the actor, if it is later.
pub(super) fn shortened(actor: &Actor, settings: &Settings, terms: Terms, now: Timestamp) -> Terms {
    let last = ceilings(settings).max_days.filter(|_| MemberLimits::bind(actor.role));
    let last = last.map(|days| now.plus(Duration::from_hours(24) * days.get()));
    let expires_at = terms.expires_at.map(|end| last.map_or(end, |last| last.min(end)));
    Terms { expires_at, ..terms }
}

/// The terms that an invite has after a change, inside the ceilings where they differ from the `current` ones: what nobody
/// changes is not held against a change of something else. But an invite that was not bound before, by other groups, is
/// held against all of them.
///
/// # Errors
/// Those of [`MemberLimits::within`].
pub(super) fn changed(
    settings: &Settings,
    current: &Terms,
    terms: Terms,
    created_at: Timestamp,
    now: Timestamp,
) -> Result<Terms, Failure> {
    let mut limits = ceilings(settings);
    if terms.groups == current.groups {
        limits.max_uses = limits.max_uses.filter(|_| terms.max_uses != current.max_uses);
        limits.max_days = limits.max_days.filter(|_| terms.expires_at != current.expires_at);
    }
    if terms.expires_at.is_none() && limits.max_days.is_some() {
        // Staff may have given it a later end than its author can: asking for none does not shorten it.
        let last = limits.within(Terms::default(), created_at, created_at)?.expires_at;
        if current.expires_at > last && terms.groups == current.groups {
            let kept = Terms { expires_at: current.expires_at, ..terms };
            return MemberLimits { max_days: None, ..limits }.within(kept, created_at, now);
        }
    }
    limits.within(terms, created_at, now)
}

/// Checks that an invite which was not bound before is inside the ceilings as it is.
///
/// # Errors
/// Those of [`MemberLimits::within`].
pub(super) fn resumed(
    settings: &Settings,
    terms: &Terms,
    created_at: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    if ceilings(settings).within(terms.clone(), created_at, now)? == *terms {
        return Ok(());
    }
    Err(Failure::new(Code::Forbidden, "This invite is beyond the limits of your invites. Edit it first."))
}

/// The limits, with no more uses than any invite may be limited to.
fn ceilings(settings: &Settings) -> MemberLimits {
    let limits = settings.member_limits;
    let all = settings.invite_link_max_redemptions_limit.get();
    let lower = UsesLimit::try_from(i64::from(all)).ok();
    let max_uses = limits.max_uses.map(|uses| if uses.get() > all { lower.unwrap_or(uses) } else { uses });
    MemberLimits { max_uses, ..limits }
}

/// Refuses a code of one's own to those who are bound: others could guess it.
pub(super) fn refuse_own_code() -> Failure {
    Failure::field(Code::Forbidden, "code", "Only staff choose invite codes. Leave the code out to get a random one.")
}

/// Takes one invite from the quota of the actor. Locks its account, so that no two of its invites are counted at once; the
/// caller writes `counted_at` in the same transaction.
///
/// # Errors
/// [`Code::AccountTooNew`]; [`Code::QuotaReached`]; those of [`callers::lock`].
pub(super) async fn take(
    db: &impl ConnectionTrait,
    actor: &Actor,
    limits: MemberLimits,
    now: Timestamp,
) -> Result<(), Error> {
    let account = callers::lock(db, actor, now).await?;
    let old_enough_at = limits.old_enough_at(account.created_at);
    if old_enough_at > now {
        return Err(account_too_new(old_enough_at).into());
    }
    match quota_left(db, actor.id(), limits, now).await? {
        Some(left) => Ok(left.check(now)?),
        None => Ok(()),
    }
}

async fn quota_left(
    db: &impl ConnectionTrait,
    author: AccountId,
    limits: MemberLimits,
    now: Timestamp,
) -> Result<Option<QuotaLeft>, Error> {
    let Some(size) = limits.quota else { return Ok(None) };
    let since = now.minus(limits.quota_period.length());
    let created: Vec<i64> = counted(author, since).limit(u64::from(size.get())).into_tuple().all(db).await?;
    Ok(limits.quota_left(&created.into_iter().map(Timestamp::from_micros).collect::<Vec<_>>()))
}

/// Selects when invites of an author were counted after `since`, the latest first.
pub(super) fn counted(author: AccountId, since: Timestamp) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::CountedAt)
        .filter(Column::CreatedBy.eq(author.0))
        .filter(Expr::cust("counted_at IS NOT NULL"))
        .filter(Column::CountedAt.gt(since.as_micros()))
        .order_by_desc(Column::CountedAt)
}

/// What the actor may create, apart from invites for groups that it manages.
pub(super) async fn allowance(
    db: &impl ConnectionTrait,
    actor: &Actor,
    settings: &Settings,
    created_at: Timestamp,
    now: Timestamp,
) -> Result<Allowance, Error> {
    let may_create = actor.may(Permission::InvitesCreate);
    let bound = bind(actor, false);
    let limits = ceilings(settings);
    let max_uses = if actor.may(Permission::InvitesCreateMulti) {
        limits.max_uses.filter(|_| bound).map(UsesLimit::get)
    } else {
        Some(1)
    };
    let old_enough_at = limits.old_enough_at(created_at);
    Ok(Allowance {
        may_create,
        max_uses,
        max_days: limits.max_days.filter(|_| bound).map(LifetimeDays::get),
        quota: if bound { quota_left(db, actor.id(), limits, now).await? } else { None },
        old_enough_at: Some(old_enough_at).filter(|at| bound && *at > now),
        own_codes: !bound,
    })
}
