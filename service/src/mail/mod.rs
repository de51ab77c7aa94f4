//! Mail: messages to the e-mail addresses of accounts. They are written to the outbox in the transaction of what they
//! tell; [`MailSender`] gives them to the mail server. What is secret in them is made then, and stored nowhere ([ADR
//! 24](../../../docs/adr/0024-mail.md)).

use std::collections::HashMap;

use domain::access::Permission;
use domain::accounts::Email;
use domain::events::Event;
use domain::ids::{AccountId, DeliveryId, InvitationId, InviteId};
use domain::mail::{Mail, MailDraft, MailKind, MailQuery, MailStatus, MailTerms, MailView, Undelivered};
use domain::paging::Page;
use domain::{Code, Failure, Timestamp};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::mailings::store as mailings;
use crate::outbox::{self, NewMessage};
use crate::platform::tx;
use crate::{Actor, Ctx, Error};

mod contents;
pub(crate) mod entity;
mod letter;
mod send;
mod settings;
mod smtp;
mod store;
#[cfg(test)]
pub(crate) mod tests;
mod text;

pub(crate) use contents::Contents;
pub(crate) use send::{AddressLink, AddressLinks, Invitations, LinkRequests, MailSender, ResetLinks};
pub(crate) use smtp::Connections;
pub(crate) use text::{GrantedLink, Invited, RequestedLink};

/// The target in the outbox that mails are sent to. A migration inserts it (`m0048_mail`); it is held while mail is
/// off.
pub(crate) const TARGET: Uuid = Uuid::from_u128(0x6d61_696c_0000_4000_8000_0000_0000_0000);
/// The kind of that target.
const KIND: &str = "mail";

/// A mail before it is stored.
#[derive(Clone, Debug)]
pub(crate) struct NewMail {
    /// Whom it is sent to.
    pub(crate) to: Email,
    /// The account that it is about.
    pub(crate) account: Option<AccountId>,
    /// What it says.
    pub(crate) contents: Contents,
}

/// The mail server, as staff see it.
pub async fn view(ctx: &Ctx, actor: &Actor) -> Result<MailView, Error> {
    actor.require(Permission::SettingsView)?;
    settings::view(ctx, &ctx.db().read).await
}

/// Sets the mail server up, or changes it. What waits is sent at once, also what the server before has refused or
/// deferred often, with all its attempts before it.
///
/// Only for owners: anyone who has the mail server reads the links that reset passwords, and would be an owner with the
/// link of one.
///
/// # Errors
/// [`Code::Invalid`] under each wrong field; under `host` if the configuration of the server fixes it.
pub async fn configure(ctx: &Ctx, actor: &Actor, draft: MailDraft) -> Result<MailView, Error> {
    actor.require(Permission::AdminsManage)?;
    settings::check_changeable(ctx)?;
    let (terms, password) = draft.parse()?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // Of two changes, one waits here.
    outbox::store::lock(&tx, TARGET).await?;
    let before = settings::row(&tx).await?;
    let sealed = settings::seal(ctx, before.as_ref(), &terms, &password)?;
    settings::write(&tx, &terms, sealed, now).await?;
    outbox::store::retry_waiting(&tx, outbox::store::waits_at(TARGET)).await?;
    outbox::store::release(&tx, ctx, TARGET, now).await?;
    let MailTerms { host, port, encryption, from: sender, .. } = terms;
    let event = Event::MailConfigured { host, port, encryption, sender };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let view = settings::view(ctx, &tx).await?;
    tx.commit().await?;
    Ok(view)
}

/// Turns mail off, and forgets the mail server with its password. What waits is held until mail is set up again. Does
/// nothing while mail is off. Only for owners, who alone can set it up again.
///
/// # Errors
/// [`Code::Invalid`] under `host` if the configuration of the server fixes it.
pub async fn turn_off(ctx: &Ctx, actor: &Actor) -> Result<MailView, Error> {
    actor.require(Permission::AdminsManage)?;
    settings::check_changeable(ctx)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    outbox::store::lock(&tx, TARGET).await?;
    if settings::row(&tx).await?.is_some() {
        settings::delete(&tx).await?;
        outbox::store::hold(&tx, TARGET).await?;
        audit::record(&tx, ctx, now, Originator::Actor(actor), &Event::MailTurnedOff).await?;
    }
    let view = settings::view(ctx, &tx).await?;
    tx.commit().await?;
    Ok(view)
}

/// Sends a mail to the actor's own address, at once, also if attempts have failed before.
///
/// # Errors
/// [`Code::MailOff`].
pub async fn send_test(ctx: &Ctx, actor: &Actor) -> Result<Mail, Error> {
    actor.require(Permission::SettingsChange)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    outbox::store::lock(&tx, TARGET).await?;
    require_on(ctx, &tx).await?;
    let account = accounts::find(&tx, actor.id()).await?.ok_or_else(|| Failure::not_found("account"))?;
    let new = NewMail { to: Email::stored(account.email), account: Some(actor.id()), contents: Contents::Test };
    let message = store::message(&tx, new).await?;
    let mail = enqueue_one(&tx, ctx, message, now).await?;
    tx.commit().await?;
    Ok(mail)
}

/// Lists mails, newest first. Those that were sent are kept for seven days, those that were given up for thirty.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &MailQuery) -> Result<Page<Mail>, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    let next_at = store::next_at(db).await?;
    let page = outbox::store::page(db, TARGET, query.status.map(Into::into), query.paging).await?;
    let shown = |row| Ok(shown_to(actor, store::mail(row, next_at)?));
    let items = page.items.into_iter().map(shown).collect::<Result<_, Error>>()?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// One mail.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: DeliveryId) -> Result<Mail, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    let mail = store::mail(store::find(db, id).await?, store::next_at(db).await?)?;
    Ok(shown_to(actor, mail))
}

/// A mail as the actor may see it: who reads the settings need not be allowed to read the addresses of accounts.
fn shown_to(actor: &Actor, mail: Mail) -> Mail {
    if actor.may(Permission::AccountsView) || mail.account == Some(actor.id()) {
        return mail;
    }
    let masked = mail.recipient.masked();
    let last_answer = mail.last_answer.map(|text| text.replace(mail.recipient.as_str(), &masked));
    Mail { recipient: Email::stored(masked), last_answer, ..mail }
}

/// Sends a mail again. One that is deferred or failed is tried at once, with all its attempts before it. Of one that
/// was sent, another with the same contents is sent.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Invalid`] for one that waits for its first attempt; [`Code::MailOff`].
pub async fn resend(ctx: &Ctx, actor: &Actor, id: DeliveryId) -> Result<Mail, Error> {
    actor.require(Permission::SettingsChange)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    outbox::store::lock(&tx, TARGET).await?;
    let row = store::find(&tx, id).await?;
    require_on(ctx, &tx).await?;
    let before = store::mail(row.clone(), None)?;
    let mail = match before.status {
        MailStatus::Queued => {
            let why = "This message waits for its first attempt already.";
            return Err(Failure::new(Code::Invalid, why).into());
        }
        MailStatus::Deferred | MailStatus::Failed => {
            outbox::store::retry(&tx, ctx, (TARGET, id), now).await?;
            mailings::retry(&tx, id).await?;
            store::mail(store::find(&tx, id).await?, store::next_at(&tx).await?)?
        }
        MailStatus::Sent => {
            let (account, event, payload) = (before.account, row.event, row.payload);
            let again = NewMessage { id: None, target: TARGET, account, event, payload };
            enqueue_one(&tx, ctx, again, now).await?
        }
    };
    let event = Event::MailResent { mail: id, kind: before.kind };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(shown_to(actor, mail))
}

/// Stores a message, and has it sent at once. The target is locked.
async fn enqueue_one(db: &impl ConnectionTrait, ctx: &Ctx, message: NewMessage, now: Timestamp) -> Result<Mail, Error> {
    let ids = outbox::store::enqueue(db, ctx, vec![message], now).await?;
    let id = ids.first().copied().ok_or_else(|| Error::internal("a message has no id"))?;
    outbox::store::release(db, ctx, TARGET, now).await?;
    store::mail(store::find(db, id).await?, store::next_at(db).await?)
}

/// What became of the newest mail of a kind about an account, if it is still stored.
pub(crate) async fn newest_status(
    db: &impl ConnectionTrait,
    account: AccountId,
    kind: MailKind,
) -> Result<Option<MailStatus>, Error> {
    let newest = store::newest(db, account, kind).await?;
    Ok(newest.map(|row| store::mail(row, None)).transpose()?.map(|mail| mail.status))
}

/// Whether mails are sent. What waits while they are not is kept.
pub(crate) async fn is_on(ctx: &Ctx, db: &impl ConnectionTrait) -> Result<bool, Error> {
    Ok(ctx.fixed_smtp().is_some() || settings::row(db).await?.is_some())
}

/// Checks that mails are sent.
///
/// # Errors
/// [`Code::MailOff`].
pub(crate) async fn require_on(ctx: &Ctx, db: &impl ConnectionTrait) -> Result<(), Error> {
    if is_on(ctx, db).await? {
        return Ok(());
    }
    Err(Failure::new(Code::MailOff, "No mail server is set up. Set one up in the settings, under E-mail.").into())
}

/// Writes mails, which are sent after the transaction. Must be called in that of what they tell. Does nothing while
/// mail is off.
pub(crate) async fn queue(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    mails: Vec<NewMail>,
    now: Timestamp,
) -> Result<(), Error> {
    if mails.is_empty() || !is_on(ctx, db).await? {
        return Ok(());
    }
    queue_all(db, ctx, mails, now).await.map(|_| ())
}

/// [`queue`] where mail is known to be on. Returns the ids of the mails, in the same order.
pub(crate) async fn queue_all(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    mails: Vec<NewMail>,
    now: Timestamp,
) -> Result<Vec<DeliveryId>, Error> {
    let mut messages = Vec::with_capacity(mails.len());
    for mail in mails {
        messages.push(store::message(db, mail).await?);
    }
    Ok(outbox::store::enqueue(db, ctx, messages, now).await?)
}

/// How many mails of these kinds wait for their first attempt, up to `most`.
pub(crate) async fn count_untried(db: &impl ConnectionTrait, kinds: &[MailKind], most: u64) -> Result<u64, Error> {
    use outbox::entity::{Column, Entity};
    let untried = Entity::find().select_only().column(Column::Seq).filter(outbox::store::waits_at(TARGET));
    let untried =
        untried.filter(Column::Attempts.eq(0)).filter(Column::Event.is_in(kinds.iter().map(|kind| kind.as_str())));
    Ok(untried.limit(most).into_tuple::<i64>().all(db).await?.len() as u64)
}

/// Whether a mail of another kind than these failed before, and is due again: it is sent after all those that were not tried.
pub(crate) async fn other_is_due_again(
    db: &impl ConnectionTrait,
    kinds: &[MailKind],
    now: Timestamp,
) -> Result<bool, Error> {
    use outbox::entity::{Column, Entity};
    let due = Entity::find().select_only().column(Column::Seq).filter(outbox::store::is_due_again(TARGET, now));
    let due = due.filter(Column::Event.is_not_in(kinds.iter().map(|kind| kind.as_str())));
    Ok(due.into_tuple::<i64>().one(db).await?.is_some())
}

/// Deletes a mail if it waits.
pub(crate) async fn withdraw(db: &impl ConnectionTrait, id: DeliveryId) -> Result<(), Error> {
    use outbox::entity::{Column, Entity};
    let waiting = Entity::delete_many().filter(Column::Id.eq(id.0)).filter(outbox::store::waits_at(TARGET));
    waiting.exec(db).await?;
    Ok(())
}

/// The mail with the link of an invite, if it was given up.
pub(crate) async fn undelivered(db: &impl ConnectionTrait, invite: InviteId) -> Result<Option<Undelivered>, Error> {
    let row = outbox::store::find(db, DeliveryId(invite.0)).await?.filter(|row| row.target_id == TARGET);
    let Some(mail) = row.map(|row| store::mail(row, None)).transpose()? else { return Ok(None) };
    let is_given_up = mail.status == MailStatus::Failed;
    Ok(is_given_up.then_some(Undelivered { recipient: mail.recipient, answer: mail.last_answer }))
}

/// What lets somebody in, and is sent as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkOf {
    /// The password of an account, which is reset.
    Reset(AccountId),
    /// An invite for one address.
    Invite(InviteId, Email),
}

/// What the link of a mail is of, with what the mail is for; `None` if it has no such link, or there is no such mail.
pub(crate) async fn link_of(db: &impl ConnectionTrait, id: DeliveryId) -> Result<Option<(MailKind, LinkOf)>, Error> {
    let Some(row) = outbox::store::find(db, id).await?.filter(|row| row.target_id == TARGET) else { return Ok(None) };
    let account = row.account_id.map(AccountId);
    let payload: contents::Payload = serde_json::from_str(&row.payload).map_err(Error::internal)?;
    let kind = payload.contents.kind();
    let link = match payload.contents {
        Contents::PasswordReset => account.map(LinkOf::Reset),
        Contents::LinkGranted { invite, .. } => Some(LinkOf::Invite(invite, payload.to)),
        Contents::Test
        | Contents::PasswordChanged { .. }
        | Contents::NewSignIn { .. }
        | Contents::LinkRequested { .. }
        | Contents::MailFailed { .. }
        | Contents::Activation
        | Contents::EmailChange
        | Contents::EmailChanged { .. }
        | Contents::Invitation { .. }
        | Contents::InvitationReminder { .. } => None,
    };
    Ok(link.map(|link| (kind, link)))
}

/// What was last answered to each of these mails that still waits.
pub(crate) async fn last_answers(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, Option<String>>, Error> {
    use outbox::entity::{Column, Entity};
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().select_only().columns([Column::Id, Column::LastAnswer]).filter(Column::Id.is_in(ids));
    Ok(rows.into_tuple::<(Uuid, Option<String>)>().all(db).await?.into_iter().collect())
}

/// Whether a mail of this kind waits for an account.
pub(crate) async fn waits(db: &impl ConnectionTrait, account: AccountId, kind: MailKind) -> Result<bool, Error> {
    Ok(outbox::entity::Entity::find().filter(waits_of(account, kind)).count(db).await? > 0)
}

/// The condition that a mail of this kind waits for an account.
fn waits_of(account: AccountId, kind: MailKind) -> Condition {
    outbox::store::waits_for(TARGET, account).add(outbox::entity::Column::Event.eq(kind.as_str()))
}

/// Has the mails of this kind that wait for an account tried at once, whatever has failed before: somebody asks for them
/// again. While the mail server does not answer, they wait as all others.
pub(crate) async fn hasten(db: &impl ConnectionTrait, account: AccountId, kind: MailKind) -> Result<(), Error> {
    Ok(outbox::store::retry_waiting(db, waits_of(account, kind)).await?)
}

/// Whether a mail waits, and goes to this address.
pub(crate) async fn waits_to(db: &impl ConnectionTrait, id: DeliveryId, address: &Email) -> Result<bool, Error> {
    let Some(row) = outbox::store::find(db, id).await?.filter(|row| row.target_id == TARGET) else { return Ok(false) };
    let mail = store::mail(row, None)?;
    let waits = matches!(mail.status, MailStatus::Queued | MailStatus::Deferred);
    Ok(waits && mail.recipient.folded() == address.folded())
}

/// Deletes the mails of this kind that wait for an account.
pub(crate) async fn cancel(db: &impl ConnectionTrait, account: AccountId, kind: MailKind) -> Result<(), Error> {
    Ok(store::delete_waiting(db, account, Some(kind)).await?)
}

/// Deletes every mail that waits for an account, which is deleted.
pub(crate) async fn forget_account(db: &impl ConnectionTrait, account: AccountId) -> Result<(), Error> {
    Ok(store::delete_waiting(db, account, None).await?)
}

/// Deletes the mails of these invitations, sent or not: a recipient is deleted.
pub(crate) async fn forget_invitations(db: &impl ConnectionTrait, ids: &[InvitationId]) -> Result<(), Error> {
    Ok(store::delete_invitations(db, ids).await?)
}

/// Deletes the mails to an address that are about no account, sent or not, apart from invitations: an account with it is deleted.
pub(crate) async fn forget_address(db: &impl ConnectionTrait, address: &Email) -> Result<(), Error> {
    Ok(store::delete_to(db, address).await?)
}

/// Holds what waits, or has it sent, as this server is configured: with another configuration mail may have been on.
/// Every server of a database has the same.
pub(crate) async fn start(ctx: &Ctx) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let target = outbox::store::lock(&tx, TARGET).await?;
    let is_held = target.is_none_or(|target| target.due_at.is_none());
    match (is_on(ctx, &tx).await?, is_held) {
        (true, true) => outbox::store::release(&tx, ctx, TARGET, now).await?,
        (false, false) => outbox::store::hold(&tx, TARGET).await?,
        (true, false) | (false, true) => {}
    }
    tx.commit().await?;
    Ok(())
}
