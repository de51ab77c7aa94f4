//! From recipients to invites and mails. Each batch is one transaction, which first locks the mailing: of several processes one
//! prepares a batch, and one that is killed leaves it whole to the next.

use std::collections::HashMap;

use domain::accounts::{Email, Username};
use domain::attributes::{Attribute, InviteAttribute};
use domain::ids::{InvitationId, InviteId, MailingId, SessionId};
use domain::invitations::{PersonalMessage, REMINDED_BEFORE};
use domain::invites::{InviteStatus, KnownPerson, MemberLimits, Terms};
use domain::mail::MailKind;
use domain::text::DisplayName;
use domain::{Code, Failure, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::{lists, require_sender};
use crate::accounts::store as accounts;
use crate::invites::entity::{Column as InviteColumn, Entity as InviteEntity, Model as InviteRow};
use crate::invites::store as invites;
use crate::mail::{self, Contents, Invited, NewMail};
use crate::mailings::invitation::{ActiveModel, Model as Row};
use crate::mailings::{entity::Model as MailingRow, store};
use crate::platform::tx;
use crate::{Actor, Ctx, Error, Via, callers, settings};

/// The most mails of invitations that wait for their first attempt: what else is sent, such as a link that resets a password,
/// waits behind these at the most.
pub(super) const MAX_UNTRIED: u64 = 200;
/// The number of recipients of one transaction.
const BATCH: u64 = 50;
/// The number of mailings that are looked at at a time.
const MAILINGS: u64 = 20;
/// The kinds of mails that are made here.
const KINDS: [MailKind; 2] = [MailKind::Invitation, MailKind::InvitationReminder];

/// What became of a look at a mailing.
#[derive(PartialEq, Eq)]
enum Progress {
    /// A batch was prepared; there may be another.
    More,
    /// Enough mails wait.
    Full,
    /// There is nothing left.
    Finished,
}

/// Prepares what there is room for: a batch of each mailing in turn, so that a small one need not wait for a large one. Returns
/// whether there is more. A mailing that has an error of its own waits, and holds up no other.
///
/// # Errors
/// The database is not available.
pub(super) async fn prepare(ctx: &Ctx) -> Result<bool, Error> {
    let mut open = store::open_mailings(&ctx.db().read, MAILINGS).await?;
    while !open.is_empty() {
        let mut more = Vec::new();
        for id in open {
            if ctx.stopping().is_cancelled() {
                return Ok(false);
            }
            match prepare_batch(ctx, id).await {
                Ok(Progress::More) => more.push(id),
                Ok(Progress::Full) => return Ok(true),
                Ok(Progress::Finished) => {}
                Err(error @ (Error::Unavailable(_) | Error::Failure(_))) => return Err(error),
                Err(error) => tracing::warn!(%error, mailing = %id, "a mailing could not be prepared; it waits"),
            }
        }
        open = more;
    }
    Ok(false)
}

/// Prepares some recipients of a mailing, or stops it, if its author may not send it any more.
async fn prepare_batch(ctx: &Ctx, id: MailingId) -> Result<Progress, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    match Box::pin(try_batch(ctx, &tx, id, now)).await {
        Ok(progress) => {
            tx.commit().await?;
            Ok(progress)
        }
        Err(Error::Failure(failure)) if failure.code != Code::Unavailable => {
            tx.rollback().await?;
            stop_mailing(ctx, id, &failure, now).await?;
            Ok(Progress::Finished)
        }
        Err(error) => Err(error),
    }
}

async fn stop_mailing(ctx: &Ctx, id: MailingId, failure: &Failure, now: Timestamp) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    if store::lock_mailing(&tx, id).await?.is_some_and(|row| row.finished_at.is_none()) {
        store::fail_unprepared(&tx, id, &format!("Not sent: {}", failure.message), now).await?;
        store::set_finished(&tx, id, Some(now), Some(failure.message.clone())).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A failure is a reason to stop the mailing.
async fn try_batch(ctx: &Ctx, tx: &DatabaseTransaction, id: MailingId, now: Timestamp) -> Result<Progress, Error> {
    // Of several processes, one is here; the others wait, and find what is left.
    let Some(mailing) = store::lock_mailing(tx, id).await?.filter(|row| row.finished_at.is_none()) else {
        return Ok(Progress::Finished);
    };
    let room = room(tx, now).await?;
    if room == 0 || !mail::is_on(ctx, tx).await? {
        return Ok(Progress::Full);
    }
    let author = author(ctx, tx, &mailing, now).await?;
    // One at a time, where each is taken from a quota: those before the end of it are sent.
    let most = if MemberLimits::bind(author.role) { 1 } else { BATCH.min(room) };
    let rows = store::to_prepare(id, most).lock_exclusive().all(tx).await?;
    if rows.is_empty() {
        store::set_finished(tx, id, Some(now), None).await?;
        return Ok(Progress::Finished);
    }
    let (stopped, rows) = split_stopped(ctx, tx, rows).await?;
    for row in stopped {
        let at = Set(Some(now.as_micros()));
        let change = ActiveModel { prepared_at: at.clone(), stopped_at: at, ..ActiveModel::default() };
        store::update(tx, row.id, change).await?;
    }
    let ends = match mailing.invite_id.map(InviteId) {
        Some(invite) => of_one(ctx, tx, &author, invite, &rows, now).await?,
        None => Box::pin(of_their_own(ctx, tx, &author, &mailing, &rows, now)).await?,
    };
    queue(ctx, tx, &mailing, rows, ends, now).await?;
    Ok(Progress::More)
}

/// How many mails of invitations can be queued now.
///
/// None while another mail, such as a link that resets a password, was deferred and is due again. The outbox sends what has
/// failed least first, so that such a mail would wait until the whole mailing is sent if more were queued all the time. As it is,
/// it waits behind those that are queued already, and is tried. If it is deferred again, it is due so much later, and
/// the mailing goes on meanwhile.
pub(super) async fn room(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, Error> {
    if mail::other_is_due_again(db, &KINDS, now).await? {
        return Ok(0);
    }
    Ok(MAX_UNTRIED.saturating_sub(mail::count_untried(db, &KINDS, MAX_UNTRIED).await?))
}

/// The author of a mailing, who may still send it.
///
/// # Errors
/// [`Code::Forbidden`].
async fn author(ctx: &Ctx, db: &impl ConnectionTrait, mailing: &MailingRow, now: Timestamp) -> Result<Actor, Error> {
    let roles = settings::read(ctx, db).await?.role_permissions;
    let via = match mailing.via.as_str() {
        "session" => Via::Session(SessionId(Uuid::nil())),
        "api_key" => Via::ApiKey(domain::ids::KeyId(Uuid::nil())),
        _ => Via::Operator,
    };
    let author = callers::absent(db, lists::author(mailing), via, roles, now).await?;
    let inactive = || Failure::new(Code::Forbidden, "The account that sends these invitations is not active.");
    let author = author.ok_or_else(inactive)?;
    let may_not = "The account that sends these invitations may not invite as many people any more.";
    require_sender(&author, lets_in_several(db, mailing).await?).map_err(|_| Failure::new(Code::Forbidden, may_not))?;
    Ok(author)
}

/// Whether several people can join by a mailing.
async fn lets_in_several(db: &impl ConnectionTrait, mailing: &MailingRow) -> Result<bool, Error> {
    match mailing.invite_id.map(InviteId).filter(|_| mailing.total <= 1) {
        Some(invite) => Ok(invites::find(db, invite).await?.is_none_or(|row| row.max_uses != Some(1))),
        None => Ok(mailing.total > 1),
    }
}

/// Those who want no more invitations, and the others.
async fn split_stopped(ctx: &Ctx, db: &impl ConnectionTrait, rows: Vec<Row>) -> Result<(Vec<Row>, Vec<Row>), Error> {
    let hashes = |row: &Row| ctx.keyring().stop_hashes(&row.email_folded);
    let stopped = store::stopped(db, rows.iter().flat_map(hashes).collect()).await?;
    Ok(rows.into_iter().partition(|row| hashes(row).iter().any(|hash| stopped.contains(hash))))
}

/// The invite of each recipient, and its end.
type Ends = HashMap<Uuid, (InviteId, Option<Timestamp>)>;

/// The one invite, for all recipients, which its sender may still send.
async fn of_one(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    author: &Actor,
    invite: InviteId,
    rows: &[Row],
    now: Timestamp,
) -> Result<Ends, Error> {
    crate::invites::check_manages(db, author, invite, now).await?;
    let found = invites::find(db, invite).await?.ok_or_else(|| Failure::not_found("invite"))?;
    let roles = settings::read(ctx, db).await?.role_permissions;
    crate::invites::check_author(db, &found, roles, now).await?;
    if !is_open(&found, now) {
        return Err(Failure::new(Code::Forbidden, "The invite can't be used any more.").into());
    }
    let end = invites::terms(&found)?.expires_at;
    Ok(rows.iter().map(|row| (row.id, (invite, end))).collect())
}

/// The invite of each recipient, made for those who have none yet.
async fn of_their_own(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    author: &Actor,
    mailing: &MailingRow,
    rows: &[Row],
    now: Timestamp,
) -> Result<Ends, Error> {
    let terms = mailing.terms.as_deref().ok_or_else(|| Error::internal("a mailing has no terms"))?;
    let terms: Terms = serde_json::from_str(terms).map_err(Error::internal)?;
    let new: Vec<&Row> = rows.iter().filter(|row| row.invite_id.is_none()).collect();
    if !new.is_empty() && terms.expires_at.is_some_and(|end| end <= now) {
        return Err(Failure::new(Code::Forbidden, "The invites would have expired already.").into());
    }
    let each = new.iter().map(|row| for_recipient(&terms, row, mailing.locked)).collect::<Result<Vec<_>, _>>()?;
    let made = Box::pin(crate::invites::create_mailed(ctx, db, author, each, now)).await?;
    let made = new.into_iter().map(|row| row.id).zip(made);
    let sent = rows.iter().filter_map(|row| Some((row.id, InviteId(row.invite_id?))));
    let all: Vec<(Uuid, InviteId)> = made.chain(sent).collect();
    // As they are: the limits of members may have made an end earlier, and staff move it.
    let found = InviteEntity::find().select_only().columns([InviteColumn::Id, InviteColumn::ExpiresAt]);
    let found = found.filter(InviteColumn::Id.is_in(all.iter().map(|(_, invite)| invite.0)));
    let found = found.into_tuple::<(Uuid, Option<i64>)>().all(db).await?;
    let ends: HashMap<Uuid, Option<i64>> = found.into_iter().collect();
    let end = |invite: InviteId| ends.get(&invite.0).copied().flatten().map(Timestamp::from_micros);
    Ok(all.into_iter().map(|(row, invite)| (row, (invite, end(invite)))).collect())
}

/// The terms of the invite of a recipient.
fn for_recipient(terms: &Terms, row: &Row, locked: bool) -> Result<Terms, Error> {
    let person = KnownPerson {
        name: row.name.as_deref().map(DisplayName::stored),
        username: row.username.as_deref().and_then(|name| Username::parse(name).ok()),
        locked,
    };
    let known: Vec<Attribute> =
        row.attributes.as_deref().map_or_else(|| Ok(Vec::new()), serde_json::from_str).map_err(Error::internal)?;
    Ok(Terms {
        email: Some(Email::stored(&row.email)),
        attributes: attributes(terms, &known, locked),
        person: Some(person).filter(|person| !person.is_empty()),
        ..terms.clone()
    })
}

/// The attributes of the terms, and those of a recipient, which count where both have one.
pub(super) fn attributes(terms: &Terms, known: &[Attribute], locked: bool) -> Vec<InviteAttribute> {
    let is_known = |of_terms: &&InviteAttribute| known.iter().all(|attribute| attribute.key != of_terms.key);
    let of_terms = terms.attributes.iter().filter(is_known).cloned();
    let known = known.iter().cloned();
    of_terms.chain(known.map(|Attribute { key, value }| InviteAttribute { key, value, locked })).collect()
}

/// Queues the mails of recipients, and marks these as prepared.
async fn queue(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    mailing: &MailingRow,
    rows: Vec<Row>,
    ends: Ends,
    now: Timestamp,
) -> Result<(), Error> {
    let mail = |row: &Row| {
        let contents = Contents::Invitation { invitation: InvitationId(row.id) };
        NewMail { to: Email::stored(&row.email), account: None, contents }
    };
    let mails = mail::queue_all(db, ctx, rows.iter().map(mail).collect(), now).await?;
    for (row, mail) in rows.into_iter().zip(mails) {
        let (invite, end) = ends.get(&row.id).copied().ok_or_else(|| Error::internal("a recipient has no invite"))?;
        // Not for one that ends before: the invitation itself is as late.
        let remind_at = end.map(|end| end.minus(REMINDED_BEFORE)).filter(|at| mailing.reminder && *at > now);
        let change = ActiveModel {
            invite_id: Set(Some(invite.0)),
            mail_id: Set(Some(mail.0)),
            prepared_at: Set(Some(now.as_micros())),
            remind_at: Set(remind_at.map(Timestamp::as_micros)),
            ..ActiveModel::default()
        };
        store::update(db, row.id, change).await?;
    }
    Ok(())
}

/// Whether an invite can be used, or will be.
pub(super) fn is_open(row: &InviteRow, now: Timestamp) -> bool {
    matches!(invites::lifecycle(row).status(now), InviteStatus::Active | InviteStatus::Scheduled)
}

/// What an invitation to `to` says, made when it is sent; or why it is not sent, or not any more.
pub(crate) async fn invited(ctx: &Ctx, id: InvitationId, to: &Email) -> Result<Result<Invited, &'static str>, Error> {
    const OVER: &str = "the invite can't be used any more.";
    let (db, now) = (&ctx.db().read, ctx.now());
    let Some(row) = store::find(db, id).await?.filter(|row| row.email_folded == to.folded()) else {
        return Ok(Err("the invitation does not exist any more."));
    };
    if row.revoked_at.is_some() {
        return Ok(Err("the invitation was revoked."));
    }
    if row.joined_at.is_some() {
        return Ok(Err("the recipient has joined."));
    }
    let hashes = ctx.keyring().stop_hashes(&row.email_folded);
    if row.stopped_at.is_some() || !store::stopped(db, hashes).await?.is_empty() {
        return Ok(Err("the recipient wants no more invitations."));
    }
    let mailing = store::find_mailing(db, MailingId(row.mailing_id)).await?;
    let invite = match row.invite_id {
        Some(invite) => invites::find(db, InviteId(invite)).await?,
        None => None,
    };
    let Some((mailing, invite)) = mailing.zip(invite) else { return Ok(Err(OVER)) };
    if !Box::pin(may_still_send(ctx, db, &mailing, &invite, now)).await? {
        return Ok(Err("the account that sends it may not invite any more."));
    }
    if !is_open(&invite, now) {
        return Ok(Err(OVER));
    }
    let invite = invites::one(db, ctx, invite, now).await?;
    if let Some(email) = &invite.terms.email {
        if email.folded() != to.folded() {
            return Ok(Err(OVER));
        }
        if has_account(db, &row.email_folded).await? {
            return Ok(Err("the recipient has an account."));
        }
    }
    let sender = accounts::references(db, [mailing.created_by]).await?.remove(&mailing.created_by);
    let Some((url, sender)) = invite.url.zip(sender) else { return Ok(Err(OVER)) };
    // Made here and stored nowhere, so that staff who copy the link of the invite do not have it.
    let proof = ctx.keyring().address_proof((row.id, invite.id.0), &row.email_folded);
    let hash = ctx.keyring().stop_hashes(&row.email_folded).swap_remove(0);
    Ok(Ok(Invited {
        by: sender.display_name().to_owned(),
        name: row.name.map(DisplayName::stored),
        message: mailing.message.map(PersonalMessage::stored),
        url: format!("{url}?proof={proof}"),
        is_for_one: invite.terms.email.is_some(),
        expires_at: invite.terms.expires_at,
        stop_url: format!("{}/invitations/stop/{}", ctx.public_url(), ctx.keyring().stop_token(&hash)),
    }))
}

/// Whether the author of a mailing may still send it with this invite, as when it was prepared.
async fn may_still_send(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    mailing: &MailingRow,
    invite: &InviteRow,
    now: Timestamp,
) -> Result<bool, Error> {
    let check = async {
        let author = author(ctx, db, mailing, now).await?;
        crate::invites::check_manages(db, &author, InviteId(invite.id), now).await?;
        let roles = settings::read(ctx, db).await?.role_permissions;
        crate::invites::check_author(db, invite, roles, now).await
    };
    match check.await {
        Ok(()) => Ok(true),
        Err(Error::Failure(failure)) if failure.code != Code::Unavailable => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether an account has an address, apart from one that is not verified: that may be of somebody else.
async fn has_account(db: &impl ConnectionTrait, email_folded: &str) -> Result<bool, Error> {
    use crate::accounts::entity::{Column, Entity};
    let found = Entity::find().select_only().column(Column::Id).filter(Column::EmailFolded.eq(email_folded));
    let settled = found.filter(Column::ActivateBy.is_null());
    Ok(settled.into_tuple::<Uuid>().one(db).await?.is_some())
}
