//! The groups of the demo data: who is in them by their invite, and whom staff added.

use std::time::Duration;

use domain::Timestamp;
use domain::access::to_names;
use domain::ids::GroupId;
use domain::invites::{AccessOf, Terms};
use sea_orm::{ActiveValue::Set, ConnectionTrait, IntoActiveModel};
use uuid::Uuid;

use super::content::{GROUPS, GroupTemplate};
use super::plan::{Plan, PlannedInvite};
use super::{broken, insert, terms};
use crate::invites::granted;
use crate::memberships::{entity as memberships, group};
use crate::{Ctx, Error};

/// The ids that were made for the rows of a plan, in its order.
pub(super) struct Ids<'a> {
    pub(super) groups: &'a [Uuid],
    pub(super) invites: &'a [Uuid],
    pub(super) accounts: &'a [Uuid],
    pub(super) redemptions: &'a [Uuid],
}

/// An id for each group.
pub(super) fn ids(ctx: &Ctx, at: Timestamp) -> Vec<Uuid> {
    GROUPS.iter().map(|_| ctx.randomness().uuid(at)).collect()
}

/// The groups that an invite grants.
pub(super) fn of_invite(invite: &PlannedInvite, ids: &[Uuid]) -> Vec<GroupId> {
    let granted = GROUPS.iter().zip(ids).filter(|(group, _)| grants(invite, group));
    granted.map(|(_, id)| GroupId(*id)).collect()
}

fn grants(invite: &PlannedInvite, group: &GroupTemplate) -> bool {
    group.invites.contains(&invite.template.label)
}

/// Inserts the groups.
pub(super) async fn insert_groups(db: &impl ConnectionTrait, ids: &[Uuid], at: Timestamp) -> Result<(), Error> {
    let rows = GROUPS.iter().zip(ids).map(|(template, id)| {
        let permissions = template.permissions.iter().copied().collect();
        let row = group::Model {
            id: *id,
            name: template.name.to_owned(),
            name_folded: template.name.to_lowercase(),
            description: Some(template.description.to_owned()),
            permissions: to_names(permissions),
            created_at: at.as_micros(),
            updated_at: at.as_micros(),
        };
        Ok(row.into_active_model())
    });
    insert(db, rows).await
}

/// Inserts who is in which group, and which invites grant it; both after everything they refer to.
pub(super) async fn insert_members(
    db: &impl ConnectionTrait,
    plan: &Plan,
    ids: &Ids<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    for (template, group) in GROUPS.iter().zip(ids.groups) {
        let invites = plan.invites.iter().zip(ids.invites).filter(|(invite, _)| grants(invite, template));
        let rows =
            invites.map(|(_, invite)| Ok(granted::ActiveModel { group_id: Set(*group), invite_id: Set(*invite) }));
        insert(db, rows).await?;
        let mut added = 0;
        let rows = plan.sign_ups.iter().enumerate().filter_map(|(number, sign_up)| {
            let (by_invite, by_staff) = membership(template, plan, number);
            if !by_invite && !by_staff {
                return None;
            }
            added += usize::from(by_staff);
            // One of those whom staff added leaves soon.
            let leaves = template.one_leaves && by_staff && added == template.managers + 1;
            let leaves = leaves.then(|| now.plus(Duration::from_hours(5 * 24)));
            let row = |ends_at: Option<Timestamp>| memberships::ActiveModel {
                group_id: Set(*group),
                account_id: Set(ids.accounts[number]),
                reminded_of: Set(None),
                is_manager: Set(by_staff && added <= template.managers),
                ends_at: Set(ends_at.map(Timestamp::as_micros)),
                redemption_id: Set(by_invite.then(|| ids.redemptions[number])),
                created_at: Set(sign_up.at.as_micros()),
            };
            let invite = sign_up.invite.filter(|_| by_invite).map(|index| &plan.invites[index]);
            Some(invite.map_or(Ok(leaves), |invite| end_by(invite, sign_up.at, now)).map(row))
        });
        insert(db, rows).await?;
    }
    Ok(())
}

/// When memberships of groups end that an invite granted at `at`.
fn end_by(invite: &PlannedInvite, at: Timestamp, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let terms = terms::of(invite.template.label, Terms::default(), now).map_err(broken)?;
    Ok(terms.ends.filter(|ends| ends.of == AccessOf::Groups).map(|ends| ends.after(at)))
}

/// Whether an account came into a group by its invite, and whether staff added it.
fn membership(template: &GroupTemplate, plan: &Plan, number: usize) -> (bool, bool) {
    let sign_up = &plan.sign_ups[number];
    let by_invite = sign_up.invite.is_some_and(|index| grants(&plan.invites[index], template));
    (by_invite, !by_invite && sign_up.approved && number.is_multiple_of(template.every))
}

/// Whether an account is in a group that an invite grants.
pub(super) fn is_in_one_of(invite: &PlannedInvite, plan: &Plan, number: usize) -> bool {
    let granted = GROUPS.iter().filter(|group| grants(invite, group));
    granted.map(|group| membership(group, plan, number)).any(|(by_invite, by_staff)| by_invite || by_staff)
}
