//! Queries over redemptions.

use std::collections::HashMap;

use domain::Timestamp;
use domain::ids::RedemptionId;
use domain::invites::InviteRef;
use domain::redemptions::{Redemption, RedemptionKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::redemptions::entity::{Column, Entity, Model};
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
                kind: RedemptionKind::New,
                created_at: Timestamp::from_micros(row.created_at),
            })
        })
        .collect()
}

/// The invite each of these accounts signed up with, if any: that of its first redemption.
pub(crate) async fn invites_of(
    ctx: &Ctx,
    accounts: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, InviteRef>, Error> {
    let db = &ctx.db().read;
    let accounts: Vec<Uuid> = accounts.into_iter().collect();
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::AccountId.is_in(accounts)).order_by_asc(Column::CreatedAt).all(db).await?;
    let invites = invites::store::references(db, ctx, rows.iter().map(|row| row.invite_id)).await?;
    let mut first = HashMap::new();
    for row in rows {
        if let Some(invite) = invites.get(&row.invite_id) {
            first.entry(row.account_id).or_insert_with(|| invite.clone());
        }
    }
    Ok(first)
}
