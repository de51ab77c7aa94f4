//! Invitations: mails that bring an invite to people.
//!
//! A mailing is written in one transaction, however many recipients it has. The worker ([`run`]) then makes the invites and
//! queues the mails, some at a time, so that other mail need not wait behind them ([ADR
//! 26](../../../docs/adr/0026-invitations.md)). What is done for the author later is done with what the author may do then.

use std::collections::HashSet;

use domain::access::Permission;
use domain::accounts::Email;
use domain::attributes::MAX_ATTRIBUTES;
use domain::events::Event;
use domain::ids::{AccountId, InviteId, MailingId};
use domain::invitations::{
    InvitationsDraft, Mailing, MailingMode, Preview, Recipient, Recipients, SHOWN, SendInvitations,
};
use domain::invites::{InviteStatus, Terms};
use domain::signup::AttemptKey;
use domain::{Code, Failure, Timestamp};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::invites::{entity as invite_rows, store as invites};
use crate::mailings::invitation::Model as Row;
use crate::mailings::{entity::Model as MailingRow, store};
use crate::platform::tx::{self, TxError};
use crate::{Actor, Ctx, Error, Via, mail};

mod acts;
mod lists;
mod prepare;
mod purge;
mod reminders;
mod stops;
#[cfg(test)]
mod tests;
mod worker;

pub use self::acts::{resend, resend_all, revoke};
pub use self::lists::{list, mailing, mailings};
pub(crate) use self::prepare::invited;
pub(crate) use self::purge::purge;
pub use self::stops::{is_stop_link, stop};
pub(crate) use self::worker::{Wake, run};

/// Checks that the actor may send invitations: to one person or, if `to_several`, to as many as they like.
fn require_sender(actor: &Actor, to_several: bool) -> Result<(), Failure> {
    actor.require(Permission::InvitesCreate)?;
    if !to_several || actor.may(Permission::InvitesCreateMulti) {
        return Ok(());
    }
    let why = "You can invite one person at a time. Leave one recipient.";
    Err(Failure::field(Code::Forbidden, "text", why))
}

/// What a draft would send. Sends nothing.
///
/// # Errors
/// [`Code::Forbidden`], also for several recipients; [`Code::MailOff`]; [`Code::Invalid`] under `text` when that is too long or
/// has too many recipients.
pub async fn preview(ctx: &Ctx, actor: &Actor, draft: &InvitationsDraft) -> Result<Preview, Error> {
    require_sender(actor, false)?;
    let db = &ctx.db().read;
    mail::require_on(ctx, db).await?;
    let Recipients { recipients, errors, error_count, duplicates } = draft.recipients()?;
    require_sender(actor, recipients.len() > 1)?;
    let with_account = with_account(db, &recipients).await?;
    let hashes = recipients.iter().flat_map(|recipient| ctx.keyring().stop_hashes(&recipient.email.folded()));
    let stopped = store::stopped(db, hashes.collect()).await?;
    let is_left_out =
        |recipient: &Recipient| draft.mode == MailingMode::OwnLinks && with_account.contains(&recipient.email.folded());
    let is_stopped = |recipient: &Recipient| {
        ctx.keyring().stop_hashes(&recipient.email.folded()).iter().any(|hash| stopped.contains(hash))
    };
    // How many have an account, or want no more, is for those who may know who has an account.
    let (have_account, unsubscribed) = if actor.may(Permission::AccountsView) {
        let have_account = recipients.iter().filter(|one| with_account.contains(&one.email.folded()));
        (count(have_account), count(recipients.iter().filter(|one| !is_left_out(one) && is_stopped(one))))
    } else {
        (0, 0)
    };
    let (mut shown, mut total) = (Vec::new(), 0);
    for recipient in recipients {
        if !is_left_out(&recipient) && !is_stopped(&recipient) {
            total += 1;
            if shown.len() < SHOWN {
                shown.push(recipient);
            }
        }
    }
    Ok(Preview { recipients: shown, count: total, errors, error_count, duplicates, have_account, unsubscribed })
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// The addresses of accounts among those of recipients, folded.
async fn with_account(db: &impl ConnectionTrait, recipients: &[Recipient]) -> Result<HashSet<String>, Error> {
    let folded: Vec<String> = recipients.iter().map(|recipient| recipient.email.folded()).collect();
    Ok(accounts::addresses_among(db, &folded).await?)
}

/// The id of the mailing that a caller sends with this idempotency key: of each caller its own.
#[must_use]
pub fn mailing_id(ctx: &Ctx, actor: &Actor, key: &AttemptKey) -> MailingId {
    let account = actor.id();
    let parts: [&[u8]; 3] = [b"mailing", account.0.as_bytes(), key.as_str().as_bytes()];
    let hash = ctx.keyring().attempt_hash(&parts);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    MailingId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// A new id for a mailing.
#[must_use]
pub fn new_mailing_id(ctx: &Ctx) -> MailingId {
    MailingId(ctx.randomness().uuid(ctx.now()))
}

/// Sends invitations: writes them down, and has the worker send them. Sent again with the same id, it returns the mailing as
/// it is.
///
/// # Errors
/// [`Code::Forbidden`], also for the terms, and for what lets several people in; [`Code::MailOff`]; [`Code::Invalid`] under each wrong
/// field, of the draft and of its terms; [`Code::IdempotencyKeyReused`] for something else with an id that was used.
pub async fn send(ctx: &Ctx, actor: &Actor, draft: InvitationsDraft) -> Result<Mailing, Error> {
    require_sender(actor, false)?;
    let digest = digest(&draft)?;
    if let Some(found) = sent(ctx, actor, draft.id, &digest).await? {
        return Ok(found);
    }
    let db = &ctx.db().read;
    mail::require_on(ctx, db).await?;
    let SendInvitations { mut recipients, message } = draft.parse()?;
    require_sender(actor, recipients.len() > 1)?;
    let now = ctx.now();
    let terms = match draft.mode {
        MailingMode::OneLink => None,
        MailingMode::OwnLinks => {
            let with_account = with_account(db, &recipients).await?;
            recipients.retain(|recipient| !with_account.contains(&recipient.email.folded()));
            let first = recipients.first().map(|recipient| recipient.email.clone());
            let everyone = "Everyone in this list has an account already.";
            let first = first.ok_or_else(|| Failure::field(Code::Invalid, "text", everyone))?;
            Some(Box::pin(terms(ctx, actor, &draft, first, now)).await?)
        }
    };
    if let Some(terms) = &terms {
        check_attributes(terms, &recipients)?;
    }
    let mailing = MailingRow {
        id: draft.id.0,
        created_by: actor.id().0,
        via: via(actor.via).to_owned(),
        mode: draft.mode.as_str().to_owned(),
        invite_id: draft.invite.filter(|_| draft.mode == MailingMode::OneLink).map(|invite| invite.0),
        terms: terms.map(|terms| serde_json::to_string(&terms)).transpose().map_err(Error::internal)?,
        locked: draft.locked,
        message: message.map(String::from),
        language: "en".to_owned(),
        reminder: draft.reminder,
        digest: digest.clone(),
        total: i64::try_from(recipients.len()).unwrap_or(i64::MAX),
        created_at: now.as_micros(),
        finished_at: None,
        stopped_why: None,
    };
    let rows = rows(ctx, &mailing, recipients, now)?;
    let run = || write(ctx, actor, mailing.clone(), rows.clone(), now);
    let find = || sent(ctx, actor, draft.id, &digest);
    tx::with_retries(run, find).await
}

/// The transaction of [`send`].
async fn write(
    ctx: &Ctx,
    actor: &Actor,
    mailing: MailingRow,
    rows: Vec<Row>,
    now: Timestamp,
) -> Result<Mailing, TxError> {
    let tx = tx::begin(ctx).await?;
    if let Some(found) = store::find_mailing(&tx, MailingId(mailing.id)).await? {
        check_same(&found, actor, &mailing.digest)?;
        let found = lists::one(ctx, &tx, actor, found).await?;
        tx.rollback().await?;
        return Ok(found);
    }
    if let Some(invite) = mailing.invite_id.map(InviteId) {
        let row = crate::invites::managed(&tx, actor, invite, now).await?;
        check_link(ctx, &tx, actor, row, now).await?;
        invites::set_mailed(&tx, invite, now).await?;
    }
    let (id, recipients) = (MailingId(mailing.id), rows.len() as u64);
    // Of two that are sent with one id at once, the second waits here for the first on PostgreSQL, and returns what that wrote.
    if !store::insert(&tx, mailing.clone(), rows).await? {
        tx.rollback().await?;
        let found = self::sent(ctx, actor, id, &mailing.digest).await?;
        return Ok(found.ok_or_else(|| Error::internal("a mailing that was sent at once with another is missing"))?);
    }
    let event = Event::InvitationsSent { mailing: id, recipients };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let sent = lists::one(ctx, &tx, actor, mailing).await?;
    tx.commit().await.map_err(TxError::Commit)?;
    ctx.state::<Wake>().wake();
    Ok(sent)
}

/// The mailing with this id, if there is one.
///
/// # Errors
/// [`Code::IdempotencyKeyReused`] if it is another.
async fn sent(ctx: &Ctx, actor: &Actor, id: MailingId, digest: &[u8]) -> Result<Option<Mailing>, Error> {
    let db = &ctx.db().write;
    let Some(row) = store::find_mailing(db, id).await? else { return Ok(None) };
    check_same(&row, actor, digest)?;
    lists::one(ctx, db, actor, row).await.map(Some)
}

fn check_same(row: &MailingRow, actor: &Actor, digest: &[u8]) -> Result<(), Failure> {
    if store::is_same(row, actor.id(), digest) {
        return Ok(());
    }
    let why = "Other invitations were sent with this key already. Send these with a new one.";
    Err(Failure::new(Code::IdempotencyKeyReused, why))
}

fn digest(draft: &InvitationsDraft) -> Result<Vec<u8>, Error> {
    Ok(Sha256::digest(serde_json::to_vec(draft).map_err(Error::internal)?).to_vec())
}

/// The terms of the invites that are made, as for the recipient with the address `first`, which the actor may create.
async fn terms(
    ctx: &Ctx,
    actor: &Actor,
    draft: &InvitationsDraft,
    first: Email,
    now: Timestamp,
) -> Result<Terms, Error> {
    let db = &ctx.db().read;
    let current = match draft.invite {
        Some(id) => {
            crate::invites::check_manages(db, actor, id, now).await?;
            let row = invites::find(db, id).await?.ok_or_else(|| Failure::not_found("invite"))?;
            invites::terms(&row)?
        }
        None => Terms::default(),
    };
    let terms = draft.terms.clone().unwrap_or_default().for_recipients(current, first, now)?;
    crate::invites::check_created(ctx, db, actor, terms.clone(), now).await?;
    Ok(terms)
}

/// Checks that no invite would have more attributes than one can have.
fn check_attributes(terms: &Terms, recipients: &[Recipient]) -> Result<(), Failure> {
    let fits = |recipient: &Recipient| prepare::attributes(terms, &recipient.attributes, false).len() <= MAX_ATTRIBUTES;
    if recipients.iter().all(fits) {
        return Ok(());
    }
    let why = format!("An invite has at most {MAX_ATTRIBUTES} attributes, with those of its terms. Leave some out.");
    Err(Failure::field(Code::Invalid, "text", why))
}

/// Checks that the link of an invite can be sent to several people by the actor, who may read it.
async fn check_link(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    row: invite_rows::Model,
    now: Timestamp,
) -> Result<(), Error> {
    let wrong = |why: &str| Failure::field(Code::Invalid, "invite", why);
    let mut invite = invites::one(db, ctx, row, now).await?;
    actor.hide_code(&mut invite);
    if !matches!(invite.status, InviteStatus::Active | InviteStatus::Scheduled) {
        return Err(wrong("This invite can't be used any more. Choose another.").into());
    }
    if invite.terms.email.is_some() {
        return Err(wrong("This invite is for one address. Choose another, or send a link for each.").into());
    }
    if invite.url.is_none() {
        return Err(Failure::field(Code::Forbidden, "invite", "You can't read the link of this invite.").into());
    }
    if invite.terms.max_uses != Some(1) && !actor.may(Permission::InvitesCreateMulti) {
        let why = "You can invite one person at a time. Choose an invite for one use.";
        return Err(Failure::field(Code::Forbidden, "invite", why).into());
    }
    Ok(())
}

const fn via(via: Via) -> &'static str {
    match via {
        Via::Session(_) => "session",
        Via::ApiKey(_) => "api_key",
        Via::Operator => "operator",
    }
}

/// The rows of the recipients of a mailing.
fn rows(ctx: &Ctx, mailing: &MailingRow, recipients: Vec<Recipient>, now: Timestamp) -> Result<Vec<Row>, Error> {
    let row = |(index, recipient): (i64, Recipient)| {
        let Recipient { email, name, username, attributes } = recipient;
        let email_folded = email.folded();
        let attributes = (!attributes.is_empty()).then(|| serde_json::to_string(&attributes)).transpose();
        Ok(Row {
            id: ctx.randomness().uuid(now),
            mailing_id: mailing.id,
            author_id: mailing.created_by,
            email: email.as_str().to_owned(),
            address_hash: ctx.keyring().stop_hashes(&email_folded).swap_remove(0),
            email_folded,
            name: name.map(String::from),
            username: username.map(String::from),
            attributes: attributes.map_err(Error::internal)?,
            invite_id: None,
            mail_id: None,
            created_at: now.as_micros() + index,
            prepared_at: None,
            sent_at: None,
            failed_at: None,
            last_answer: None,
            opened_at: None,
            joined_at: None,
            account_id: None,
            revoked_at: None,
            stopped_at: None,
            remind_at: None,
            reminded_at: None,
            resent_at: None,
            resends_since: None,
            resends: 0,
        })
    };
    (0..).zip(recipients).map(row).collect()
}

/// Erases what invitations say of the person with an address and an account, which is deleted: the invitations, and what the
/// invites that were made for the address say. And the messages that the account wrote.
pub(crate) async fn forget(
    db: &impl ConnectionTrait,
    email_folded: &str,
    account: AccountId,
    now: Timestamp,
) -> Result<(), Error> {
    let sent: Vec<Uuid> = store::invites_of_address(db, email_folded).await?;
    let mut own = Vec::new();
    for batch in sent.chunks(1_000) {
        use invite_rows::{Column, Entity};
        let locked = Entity::find().select_only().columns([Column::Id, Column::Email]);
        let locked = locked.filter(Column::Id.is_in(batch.iter().copied())).filter(Column::Email.is_not_null());
        let locked = locked.into_tuple::<(Uuid, String)>().all(db).await?.into_iter();
        // Not one whose link was sent to others as well, or that is for another address by now.
        own.extend(locked.filter(|(_, email)| Email::stored(email).folded() == email_folded).map(|(id, _)| id));
    }
    if !own.is_empty() {
        let own = Condition::all().add(invite_rows::Column::Id.is_in(own));
        invites::forget_person(db, own, now).await?;
    }
    mail::forget_invitations(db, &store::of_person(db, email_folded, account).await?).await?;
    Ok(store::forget(db, email_folded, account).await?)
}
