//! What applications connected by SCIM are told: which account or group may have changed. What is true of it is read when the
//! message is sent, so that messages have no personal data, and repeating or reordering them does no harm.

use std::collections::BTreeSet;

use domain::applications::ScimAbout;
use domain::ids::AccountId;
use domain::notices::{Affected, Notice};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::application;
use super::connection::{Entity, Model};
use crate::Error;
use crate::outbox::NewMessage;

/// The kind of targets in the outbox that are applications connected by SCIM.
pub(crate) const KIND: &str = "scim";

/// The messages about what has changed.
pub(super) async fn messages(db: &impl ConnectionTrait, notices: &[Notice]) -> Result<Vec<NewMessage>, Error> {
    let affected = Affected::by(notices);
    if affected.is_empty() {
        return Ok(Vec::new());
    }
    // As for webhooks: one that is being deleted is waited for.
    let connections = Entity::find().lock(LockType::KeyShare).all(db).await?;
    let ids = connections.iter().map(|row| row.application_id);
    let open: Vec<Uuid> = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::Id.is_in(ids))
        .filter(application::Column::IsOpen.eq(true))
        .into_tuple()
        .all(db)
        .await?;
    let of = |row: &Model| of_connection(row, open.contains(&row.application_id), &affected);
    let messages =
        connections.iter().flat_map(|row| of(row).into_iter().map(|about| message(row.application_id, about)));
    messages.collect()
}

/// What an application looks at.
fn of_connection(row: &Model, is_open: bool, affected: &Affected) -> Vec<ScimAbout> {
    let all = ScimAbout::Accounts { after: None };
    let is_affected = affected.applications.iter().any(|application| application.0 == row.application_id);
    // Whom a deleted group admitted is not known any more.
    if is_affected || (affected.groups_deleted && !is_open) {
        return vec![all];
    }
    // Where everyone may enter, groups admit nobody.
    let members = (!is_open).then_some(&affected.members);
    let accounts: BTreeSet<AccountId> =
        affected.accounts.iter().chain(members.into_iter().flatten()).copied().collect();
    let accounts = accounts.into_iter().map(|account| ScimAbout::Account { account });
    // After the accounts that are in them.
    let groups = row.groups.then_some(&affected.groups).into_iter().flatten();
    accounts.chain(groups.map(|group| ScimAbout::Group { group: *group })).collect()
}

/// A message to an application.
pub(crate) fn message(application: Uuid, about: ScimAbout) -> Result<NewMessage, Error> {
    let account = match about {
        ScimAbout::Account { account } => Some(account),
        ScimAbout::Group { .. } | ScimAbout::Accounts { .. } | ScimAbout::Groups { .. } => None,
    };
    Ok(NewMessage {
        id: None,
        target: application,
        account,
        event: about.event().to_owned(),
        payload: serde_json::to_string(&about).map_err(Error::internal)?,
    })
}
