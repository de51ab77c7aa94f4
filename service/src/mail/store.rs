//! Mails as rows of the outbox.

use domain::accounts::Email;
use domain::ids::{AccountId, DeliveryId, InvitationId};
use domain::mail::{Mail, MailKind};
use domain::{Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::TARGET;
use super::contents::Payload;
use crate::Error;
use crate::accounts::store as accounts;
use crate::outbox::entity::{Column, Entity, Model};
use crate::outbox::{self, NewMessage};

/// The kinds of mails of invitations.
const INVITATIONS: [MailKind; 2] = [MailKind::Invitation, MailKind::InvitationReminder];

/// The row of a mail.
///
/// # Errors
/// [`domain::Code::NotFound`].
pub(super) async fn find(db: &impl ConnectionTrait, id: DeliveryId) -> Result<Model, Error> {
    let row = outbox::store::find(db, id).await?.filter(|row| row.target_id == TARGET);
    Ok(row.ok_or_else(|| Failure::not_found("message"))?)
}

/// When something is sent next, if something waits; `None` while mail is off.
pub(super) async fn next_at(db: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    let target = outbox::store::targets(db, [TARGET]).await?.pop();
    Ok(target.and_then(|target| target.due_at).map(Timestamp::from_micros))
}

/// The mail of a row, where something is sent next at `next_at`.
pub(super) fn mail(row: Model, next_at: Option<Timestamp>) -> Result<Mail, Error> {
    let lifecycle = outbox::lifecycle(&row);
    let waits = lifecycle.delivered_at.is_none() && lifecycle.dead_at.is_none();
    let attempted_at = row.attempted_at.map(Timestamp::from_micros);
    // One that failed waits longer than the others.
    let again =
        attempted_at.filter(|_| lifecycle.attempts > 0).map(|at| at.plus(domain::outbox::wait(lifecycle.attempts)));
    let next_at = next_at.filter(|_| waits).map(|next| again.map_or(next, |again| again.max(next)));
    let unknown = || Error::internal(format!("{:?} is no kind of mail", row.event));
    let kind = row.event.parse::<MailKind>().map_err(|_| unknown())?;
    let payload: Payload = serde_json::from_str(&row.payload).map_err(Error::internal)?;
    Ok(Mail {
        id: DeliveryId(row.id),
        kind,
        recipient: payload.to,
        account: row.account_id.map(AccountId),
        status: lifecycle.status().into(),
        attempts: lifecycle.attempts,
        created_at: Timestamp::from_micros(row.created_at),
        attempted_at,
        next_at,
        sent_at: lifecycle.delivered_at,
        failed_at: lifecycle.dead_at,
        last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
        last_answer: row.last_answer,
    })
}

/// The message of a mail. A link that resets a password or verifies an address is for the account as it is now.
pub(super) async fn message(db: &impl ConnectionTrait, mail: super::NewMail) -> Result<NewMessage, Error> {
    let kind = mail.contents.kind();
    let epoch = match (kind, mail.account) {
        (MailKind::PasswordReset | MailKind::Activation | MailKind::EmailChange, Some(account)) => {
            accounts::find(db, account).await?.map(|row| row.auth_epoch)
        }
        _ => None,
    };
    let id = mail.contents.own_id();
    let payload = Payload { to: mail.to, epoch, contents: mail.contents };
    Ok(NewMessage {
        id,
        target: TARGET,
        account: mail.account,
        event: kind.as_str().to_owned(),
        payload: serde_json::to_string(&payload).map_err(Error::internal)?,
    })
}

/// The newest mail of a kind about an account, if it is still stored.
pub(super) async fn newest(
    db: &impl ConnectionTrait,
    account: AccountId,
    kind: MailKind,
) -> Result<Option<Model>, DbErr> {
    // By the index of accounts.
    let of = Entity::find().filter(Expr::cust("account_id IS NOT NULL")).filter(Column::AccountId.eq(account.0));
    let of = of.filter(Column::TargetId.eq(TARGET)).filter(Column::Event.eq(kind.as_str()));
    of.order_by_desc(Column::Seq).one(db).await
}

/// Deletes what waits for an account, of one kind or all.
pub(super) async fn delete_waiting(
    db: &impl ConnectionTrait,
    account: AccountId,
    kind: Option<MailKind>,
) -> Result<(), DbErr> {
    let mut delete = Entity::delete_many().filter(outbox::store::waits_for(TARGET, account));
    if let Some(kind) = kind {
        delete = delete.filter(Column::Event.eq(kind.as_str()));
    }
    delete.exec(db).await.map(|_| ())
}

/// Deletes what is about no account and goes to this address, whether or not it waits, apart from invitations.
pub(super) async fn delete_to(db: &impl ConnectionTrait, address: &Email) -> Result<(), DbErr> {
    let about_no_account: Vec<(i64, String)> = Entity::find()
        .select_only()
        .column(Column::Seq)
        .column(Column::Payload)
        .filter(Column::TargetId.eq(TARGET))
        .filter(Column::AccountId.is_null())
        // Of which there may be thousands, see [`delete_invitations`].
        .filter(Column::Event.is_not_in(INVITATIONS.map(MailKind::as_str)))
        .into_tuple()
        .all(db)
        .await?;
    // Compared here, because SQLite knows the lower case of the letters of ASCII alone.
    let folded = address.folded();
    let goes_there = |payload: &str| serde_json::from_str::<Payload>(payload).is_ok_and(|of| of.to.folded() == folded);
    let found = about_no_account.into_iter().filter(|(_, payload)| goes_there(payload)).map(|(seq, _)| seq);
    Entity::delete_many().filter(Column::Seq.is_in(found)).exec(db).await.map(|_| ())
}

/// Deletes the mails of these invitations, whether or not they wait: the last one of each, those before it and reminders.
pub(super) async fn delete_invitations(db: &impl ConnectionTrait, ids: &[InvitationId]) -> Result<(), DbErr> {
    for batch in ids.chunks(100) {
        let of = batch.iter().fold(Condition::any(), |any, id| any.add(Column::Payload.contains(id.0.to_string())));
        let mails = Entity::delete_many().filter(Column::TargetId.eq(TARGET)).filter(Column::AccountId.is_null());
        mails.filter(Column::Event.is_in(INVITATIONS.map(MailKind::as_str))).filter(of).exec(db).await?;
    }
    Ok(())
}
