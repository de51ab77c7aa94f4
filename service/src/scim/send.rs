//! Sends messages to applications: each says what to look at, and what is true of it is read now.

use domain::applications::{ScimAbout, ScimKind, ScimRemoval};
use domain::ids::{AccountId, ApplicationId, GroupId};
use domain::{Failure, Timestamp};
use sea_orm::{DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use super::client::{SendError, Service, check_id, failed};
use super::connection::{Connection, Wanted};
use super::groups::WantedGroup;
use super::users::Remote;
use super::{groups, resources, synchronise, users};
use crate::accounts::entity as accounts;
use crate::applications::resource::Model;
use crate::applications::scim as connections;
use crate::notices::scim::{KIND, message};
use crate::outbox::{Answer, Message, Outcome, Sender, store as outbox};
use crate::platform::tx;
use crate::{Ctx, Error};

/// Brings applications in line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScimSender;

impl Sender for ScimSender {
    const KINDS: &'static [&'static str] = &[KIND];

    fn keeps_order(_: &str) -> bool {
        // What is true is read when a message is sent, so that the order does not matter. One that fails holds nobody up.
        false
    }

    async fn send(&self, ctx: &Ctx, message: &Message) -> Result<Answer, Error> {
        let about: ScimAbout = serde_json::from_str(&message.payload).map_err(Error::internal)?;
        let id = ApplicationId(message.target);
        let connection = Connection::find(&ctx.db().read, ctx, id).await?;
        let connection = connection.ok_or_else(|| Failure::not_found("application"))?;
        let done = match about {
            ScimAbout::Account { account } => of_account(ctx, &connection, account).await,
            ScimAbout::Group { group } => of_group(ctx, &connection, group).await,
            ScimAbout::Accounts { after } => {
                synchronise::accounts(ctx, &connection, after).await.map_err(SendError::from)
            }
            ScimAbout::Groups { after } => synchronise::groups(ctx, &connection, after).await.map_err(SendError::from),
        };
        match done {
            Ok(text) => Ok(Answer { outcome: Outcome::Delivered, status: None, text }),
            Err(SendError::Answer(answer)) => Ok(answer),
            Err(SendError::Error(error)) => Err(error),
        }
    }

    async fn gone(&self, _: &DatabaseTransaction, _: &Ctx, _: (&str, Uuid), _: Timestamp) -> Result<(), Error> {
        // No answer says so: one that a service gives for a resource is about that alone.
        Ok(())
    }
}

/// What is told where nothing was sent.
const UNCHANGED: &str = "Nothing to do.";

async fn of_account(ctx: &Ctx, connection: &Connection, account: AccountId) -> Result<String, SendError> {
    let (db, now) = (&ctx.db().read, ctx.now());
    // Also what is left of one that was deleted.
    let rows = accounts::Entity::find_by_id(account.0).all(db).await?;
    let wanted = connection.wanted(db, &rows, now).await?.remove(&account).unwrap_or(Wanted::Inactive);
    let known = resources::find(db, connection.id, ScimKind::Account, account.0).await?;
    let signed_in = known.is_none() && !connection.signed_in(db, [account.0]).await?.is_empty();
    if is_in_line(connection, known.as_ref(), &wanted, signed_in) {
        return Ok(UNCHANGED.to_owned());
    }
    let ours = connection.external_id(account);
    let remote_id = known.as_ref().and_then(|row| row.remote_id.as_deref());
    let service = Service::of(ctx, connection)?;
    let remote = users::bring_in_line(&service, connection, (remote_id, &ours), &wanted).await?;
    let is_other = match &remote {
        Remote::Exists(id, _) => remote_id != Some(id),
        Remote::Absent(_) => remote_id.is_some(),
    };
    let is_deleted = rows.iter().all(|row| row.deleted_at.is_some());
    let more = if is_deleted && connection.terms.groups {
        // Nobody knows any more which groups it was in.
        vec![ScimAbout::Groups { after: None }]
    } else if is_other {
        let groups = connection.groups_of(db, account, now).await?;
        groups.into_iter().map(|group| ScimAbout::Group { group }).collect()
    } else {
        Vec::new()
    };
    // Of one that was deleted, and is not there, nothing is kept.
    let known = if is_deleted { Known::IfThere } else { Known::Always };
    record(ctx, connection, (ScimKind::Account, account.0, known), remote, wanted.digest(), more).await
}

/// When it is kept what is known of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Also that it is not there, so that it need not be looked for again.
    Always,
    /// Only if it is there.
    IfThere,
}

/// Whether an account is known to be as it should be. One of which nothing is known, and that should not be there, is looked for
/// if it `signed_in` to the application.
pub(super) fn is_in_line(connection: &Connection, known: Option<&Model>, wanted: &Wanted, signed_in: bool) -> bool {
    let deletes = connection.terms.on_removal == ScimRemoval::Delete;
    match (known, wanted) {
        (None, Wanted::Inactive) => !signed_in,
        (None, Wanted::Active(_)) => false,
        // One that should be deleted is not there any more when it is.
        (Some(row), Wanted::Inactive) if deletes && row.remote_id.is_some() => false,
        (Some(row), wanted) => row.digest.as_deref() == Some(wanted.digest().as_slice()),
    }
}

async fn of_group(ctx: &Ctx, connection: &Connection, group: GroupId) -> Result<String, SendError> {
    let (db, now) = (&ctx.db().read, ctx.now());
    let known = resources::find(db, connection.id, ScimKind::Group, group.0).await?;
    let wanted = match connection.group(db, group).await? {
        Some(row) => {
            let mut members = resources::members(db, connection.id, [group], now).await?;
            Some(WantedGroup { name: row.name, members: members.remove(&group).unwrap_or_default() })
        }
        None => None,
    };
    let digest = WantedGroup::digest_of(wanted.as_ref());
    let is_in_line = match &known {
        None => wanted.is_none(),
        Some(_) if wanted.is_none() && connection.terms.on_removal == ScimRemoval::Delete => false,
        Some(row) => row.digest.as_ref() == Some(&digest),
    };
    if is_in_line {
        return Ok(UNCHANGED.to_owned());
    }
    let ours = group.to_string();
    let remote_id = known.as_ref().and_then(|row| row.remote_id.as_deref());
    let service = Service::of(ctx, connection)?;
    let remote = groups::bring_in_line(&service, connection, (remote_id, &ours), wanted.as_ref()).await?;
    let key = (ScimKind::Group, group.0, Known::IfThere);
    record(ctx, connection, key, remote, digest, Vec::new()).await
}

/// Records what is known there now, and what else is to be looked at because of it. Returns what was done.
async fn record(
    ctx: &Ctx,
    connection: &Connection,
    (kind, local_id, known): (ScimKind, Uuid, Known),
    remote: Remote,
    digest: Vec<u8>,
    more: Vec<ScimAbout>,
) -> Result<String, SendError> {
    let application = connection.id;
    if let Remote::Exists(remote_id, _) = &remote {
        check_id(remote_id)?;
    }
    let tx = tx::begin(ctx).await?;
    // What is known is of one service: staff may have entered the address of another meanwhile, and what was known is forgotten.
    outbox::lock(&tx, application.0).await?;
    let current = connections::find(&tx, application).await?;
    if current.is_none_or(|current| current.url != connection.terms.url.as_str()) {
        return Err(failed("The connection was changed meanwhile.".to_owned()).into());
    }
    let (remote_id, text) = match remote {
        Remote::Exists(remote_id, text) => (Some(remote_id), text),
        Remote::Absent(text) => (None, text),
    };
    if remote_id.is_none() && known == Known::IfThere {
        resources::forget(&tx, application, kind, local_id).await?;
    } else {
        let kind = kind.as_str().to_owned();
        let row = Model { application_id: application.0, kind, local_id, remote_id, digest: Some(digest) };
        resources::write(&tx, row).await?;
    }
    // What was given up of it before is done with.
    let about = match kind {
        ScimKind::Account => ScimAbout::Account { account: AccountId(local_id) },
        ScimKind::Group => ScimAbout::Group { group: GroupId(local_id) },
    };
    let payload = serde_json::to_string(&about).map_err(Error::internal)?;
    outbox::delete_dead(&tx, application.0, &payload).await?;
    look_at(&tx, ctx, connection, more).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(text)
}

/// Has something looked at, unless it will be anyway.
pub(super) async fn look_at(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    connection: &Connection,
    abouts: Vec<ScimAbout>,
) -> Result<(), Error> {
    let payloads = abouts.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
    let left = outbox::not_waiting(tx, connection.id.0, payloads.clone()).await?;
    let of = |(about, payload): (ScimAbout, String)| left.contains(&payload).then(|| message(connection.id.0, about));
    let messages = abouts.into_iter().zip(payloads).filter_map(of).collect::<Result<Vec<_>, Error>>()?;
    outbox::enqueue(tx, ctx, messages, ctx.now()).await?;
    Ok(())
}
