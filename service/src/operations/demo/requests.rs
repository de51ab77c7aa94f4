//! Requests to join of the demo data.

use std::time::Duration;

use sea_orm::{ActiveValue::Set, ConnectionTrait};
use uuid::Uuid;

use super::groups::{self, Ids};
use super::insert;
use super::plan::{Plan, PlannedSignUp};
use super::terms::STUDENTS;
use crate::join_requests::entity as join_requests;
use crate::{Ctx, Error};

/// How long ago each request was made, in hours.
const AGES: [u64; 2] = [3, 26];

/// Inserts requests of members whom the invite for new members only does not admit.
pub(super) async fn insert_requests(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    plan: &Plan,
    ids: &Ids<'_>,
    author: Uuid,
) -> Result<(), Error> {
    let now = ctx.now();
    let Some(invite) = plan.invites.iter().position(|invite| invite.template.label == STUDENTS) else { return Ok(()) };
    let asks = |number: usize, sign_up: &PlannedSignUp| {
        sign_up.is_active(now) && !groups::is_in_one_of(&plan.invites[invite], plan, number)
    };
    let members = plan.sign_ups.iter().enumerate().rev().filter(|(number, sign_up)| asks(*number, sign_up));
    let rows = members.zip(AGES).map(|((number, _), hours)| {
        let at = now.minus(Duration::from_hours(hours));
        Ok(join_requests::ActiveModel {
            id: Set(ctx.randomness().uuid(at)),
            invite_id: Set(ids.invites[invite]),
            author_id: Set(author),
            account_id: Set(ids.accounts[number]),
            created_at: Set(at.as_micros()),
            granted_at: Set(None),
            dismissed_at: Set(None),
            decided_by: Set(None),
        })
    });
    insert(db, rows).await
}
