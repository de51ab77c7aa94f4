//! Queries over what is sent to applications.

use domain::Timestamp;
use domain::applications::{ScimAbout, ScimDelivery, ScimKind, ScimState};
use domain::ids::{ApplicationId, DeliveryId};
use domain::outbox::DeliveryStatus;
use domain::paging::Count;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::resources;
use crate::Error;
use crate::accounts::store as accounts;
use crate::memberships::store as groups;
use crate::outbox;
use crate::outbox::entity::{Column, Entity, Model};
use crate::outbox::store::with_status;

/// The state of a connection, whose token has this hint.
pub(super) async fn state(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    token_hint: String,
) -> Result<ScimState, Error> {
    let most = u64::from(Count::BOUND) + 1;
    let of = |statuses: &[DeliveryStatus]| {
        let any = statuses.iter().fold(Condition::any(), |any, status| any.add(with_status(Some(*status))));
        Entity::find().filter(Column::TargetId.eq(id.0)).filter(any)
    };
    let waiting = of(&[DeliveryStatus::Pending, DeliveryStatus::Retrying]).limit(most).count(db).await?;
    let failed = of(&[DeliveryStatus::Dead]).limit(most).count(db).await?;
    let target = outbox::store::targets(db, [id.0]).await?.pop();
    let failures = target.as_ref().map_or(0, |target| u32::try_from(target.failures).unwrap_or(u32::MAX));
    // What fails now, or what was given up last.
    let last = if failures > 0 { of(&[DeliveryStatus::Retrying]) } else { of(&[DeliveryStatus::Dead]) };
    let last = last.order_by_desc(Column::Seq).one(db).await?;
    Ok(ScimState {
        token_hint,
        accounts: Count::from_rows(resources::count(db, id, ScimKind::Account, most).await?),
        groups: Count::from_rows(resources::count(db, id, ScimKind::Group, most).await?),
        waiting: Count::from_rows(waiting),
        failed: Count::from_rows(failed),
        failures,
        next_at: target.and_then(|target| target.due_at).filter(|_| waiting > 0).map(Timestamp::from_micros),
        last_error: last.and_then(|row| row.last_answer),
    })
}

/// The deliveries of some rows; the names of what they are about are each read with one query.
pub(super) async fn deliveries(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    rows: Vec<Model>,
) -> Result<Vec<ScimDelivery>, Error> {
    let target = outbox::store::targets(db, [id.0]).await?.pop();
    let next_at = target.and_then(|target| target.due_at).map(Timestamp::from_micros);
    let about = |row: Model| Ok((serde_json::from_str::<ScimAbout>(&row.payload).map_err(Error::internal)?, row));
    let rows = rows.into_iter().map(about).collect::<Result<Vec<_>, Error>>()?;
    let account_ids = rows.iter().filter_map(|(about, _)| match about {
        ScimAbout::Account { account } => Some(account.0),
        _ => None,
    });
    let accounts = accounts::find_all(db, account_ids).await?;
    let group_ids = rows.iter().filter_map(|(about, _)| match about {
        ScimAbout::Group { group } => Some(*group),
        _ => None,
    });
    let groups = groups::find_all(db, group_ids).await?;
    let name = |about: &ScimAbout| match about {
        ScimAbout::Account { account } => {
            accounts.iter().find(|row| row.id == account.0).map(|row| row.username.clone())
        }
        ScimAbout::Group { group } => groups.iter().find(|row| row.id == group.0).map(|row| row.name.clone()),
        ScimAbout::Accounts { .. } | ScimAbout::Groups { .. } => None,
    };
    let delivery = |(about, row): (ScimAbout, Model)| {
        let lifecycle = outbox::lifecycle(&row);
        let waits = lifecycle.delivered_at.is_none() && lifecycle.dead_at.is_none();
        ScimDelivery {
            id: DeliveryId(row.id),
            about,
            name: name(&about),
            status: lifecycle.status(),
            attempts: lifecycle.attempts,
            created_at: Timestamp::from_micros(row.created_at),
            attempted_at: row.attempted_at.map(Timestamp::from_micros),
            next_at: next_at.filter(|_| waits),
            delivered_at: lifecycle.delivered_at,
            dead_at: lifecycle.dead_at,
            last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
            last_answer: row.last_answer,
        }
    };
    Ok(rows.into_iter().map(delivery).collect())
}
