//! What of an account ends soon, and whom its person can ask for more time.

use domain::Timestamp;
use domain::accounts::AccountStatus;
use domain::endings::is_near;
use domain::groups::Membership;
use domain::ids::{AccountId, GroupId};
use domain::viewer::NearEnd;
use sea_orm::ConnectionTrait;

use crate::accounts::entity::Model;
use crate::accounts::store;
use crate::{Error, memberships, redemptions};

/// The most managers of a group who are named.
const MANAGERS_NAMED: usize = 2;

/// The end of the account and of its memberships, where it is near.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    account: &Model,
    groups: &[Membership],
    now: Timestamp,
) -> Result<Vec<NearEnd>, Error> {
    let id = AccountId(account.id);
    let mut ends = Vec::new();
    if let Some(ends_at) = account.ends_at.map(Timestamp::from_micros).filter(|at| is_near(*at, now)) {
        let ask = inviter_to_ask(db, id, now).await?.into_iter().collect();
        ends.push(NearEnd { group: None, ends_at, ask });
    }
    let near = |of: &Membership| Some((of.group.clone(), of.ends_at.filter(|at| is_near(*at, now))?));
    let near: Vec<_> = groups.iter().filter_map(near).collect();
    let ids: Vec<GroupId> = near.iter().map(|(group, _)| group.id).collect();
    let mut managers = memberships::store::managers_to_ask(db, id, &ids, MANAGERS_NAMED, now).await?;
    ends.extend(near.into_iter().map(|(group, ends_at)| {
        let ask = managers.remove(&group.id).unwrap_or_default();
        NearEnd { group: Some(group), ends_at, ask }
    }));
    Ok(ends)
}

/// The name of who invited an account. `None` also if that account is not active.
async fn inviter_to_ask(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<String>, Error> {
    let Some(inviter) = redemptions::store::inviter_of(db, account).await? else { return Ok(None) };
    let row = store::find(db, inviter.id).await?;
    let inviter = row.map(|row| store::account(&row, now)).transpose()?;
    let active = inviter.filter(|inviter| inviter.status == AccountStatus::Active);
    Ok(active.map(|inviter| inviter.display_name().to_owned()))
}
