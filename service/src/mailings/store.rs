//! Queries over mailings and invitations.

use std::collections::{HashMap, HashSet};

use domain::Timestamp;
use domain::ids::{AccountId, DeliveryId, InvitationId, InviteId, MailingId};
use domain::invitations::{
    InvitationLifecycle, InvitationStatus, RESEND_PERIOD, RESEND_WAIT, RESENDS_ALLOWED, Resends,
};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, LockType, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::entity as mailings;
use super::invitation::{ActiveModel, Column, Entity, Model};
use super::stops;
use crate::Error;

/// The number of rows of one statement that inserts: a statement has at most 32,766 values.
const ROWS: usize = 1_000;

/// [`InvitationLifecycle::status`] in SQL; tested against it.
const STATUS: &str = "CASE WHEN joined_at IS NOT NULL THEN 'joined' WHEN revoked_at IS NOT NULL THEN 'revoked' \
    WHEN stopped_at IS NOT NULL THEN 'stopped' WHEN opened_at IS NOT NULL THEN 'opened' \
    WHEN failed_at IS NOT NULL THEN 'bounced' WHEN sent_at IS NOT NULL THEN 'sent' ELSE 'queued' END";

/// The condition that an invitation is not prepared, in the words of the partial index.
const TO_PREPARE: &str = "prepared_at IS NULL AND failed_at IS NULL AND joined_at IS NULL AND revoked_at IS NULL \
    AND stopped_at IS NULL";

/// The condition that an invitation was sent, or could not be, and can be sent again.
const TRIED: &str = "(sent_at IS NOT NULL OR failed_at IS NOT NULL) AND joined_at IS NULL AND revoked_at IS NULL \
    AND stopped_at IS NULL";

/// The condition that the mail of an invitation waits, as far as is known here. In the words of the partial index.
const WAITING: &str = "mail_id IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL";

/// The mailing with this id.
pub(crate) async fn find_mailing(db: &impl ConnectionTrait, id: MailingId) -> Result<Option<mailings::Model>, DbErr> {
    mailings::Entity::find_by_id(id.0).one(db).await
}

/// The mailing with this id, locked until the transaction ends. Every change of its invitations by staff or by the worker
/// begins with it.
pub(crate) async fn lock_mailing(db: &impl ConnectionTrait, id: MailingId) -> Result<Option<mailings::Model>, DbErr> {
    mailings::Entity::find_by_id(id.0).lock(LockType::NoKeyUpdate).one(db).await
}

/// Inserts a mailing and its invitations. Returns whether there was none with its id; if there was, nothing is inserted.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    mailing: mailings::Model,
    invitations: Vec<Model>,
) -> Result<bool, DbErr> {
    let known = OnConflict::column(mailings::Column::Id).do_nothing().to_owned();
    let insert = mailings::Entity::insert(mailing.into_active_model()).on_conflict(known);
    if insert.exec_without_returning(db).await? == 0 {
        return Ok(false);
    }
    let mut rows = invitations.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        let batch: Vec<_> = rows.by_ref().take(ROWS).collect();
        if batch.is_empty() {
            return Ok(true);
        }
        Entity::insert_many(batch).exec_without_returning(db).await?;
    }
}

/// The oldest mailings that are not finished.
pub(crate) async fn open_mailings(db: &impl ConnectionTrait, most: u64) -> Result<Vec<MailingId>, DbErr> {
    use mailings::Column;
    let open = mailings::Entity::find().select_only().column(Column::Id).filter(Expr::cust("finished_at IS NULL"));
    let open = open.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(most);
    Ok(open.into_tuple::<Uuid>().all(db).await?.into_iter().map(MailingId).collect())
}

/// The oldest mailings that were sent until `before`.
pub(crate) async fn old_mailings(
    db: &impl ConnectionTrait,
    before: Timestamp,
    most: u64,
) -> Result<Vec<MailingId>, DbErr> {
    use mailings::Column;
    let old = mailings::Entity::find().select_only().column(Column::Id);
    let old = old.filter(Column::CreatedAt.lte(before.as_micros())).order_by_asc(Column::CreatedAt);
    let old = old.order_by_asc(Column::Id).limit(most);
    Ok(old.into_tuple::<Uuid>().all(db).await?.into_iter().map(MailingId).collect())
}

/// Deletes some invitations of a mailing. Returns their number.
pub(crate) async fn delete_some_of(db: &impl ConnectionTrait, id: MailingId, most: u64) -> Result<u64, DbErr> {
    let some = Entity::find().select_only().column(Column::Id).filter(Column::MailingId.eq(id.0)).limit(most);
    let delete = Entity::delete_many().filter(Column::Id.in_subquery(some.into_query()));
    Ok(delete.exec(db).await?.rows_affected)
}

/// Deletes a mailing that has no invitations.
pub(crate) async fn delete_mailing(db: &impl ConnectionTrait, id: MailingId) -> Result<(), DbErr> {
    mailings::Entity::delete_by_id(id.0).exec(db).await.map(|_| ())
}

/// Marks a mailing as finished, or as open again.
pub(crate) async fn set_finished(
    db: &impl ConnectionTrait,
    id: MailingId,
    finished_at: Option<Timestamp>,
    stopped_why: Option<String>,
) -> Result<(), DbErr> {
    let change = mailings::ActiveModel {
        finished_at: Set(finished_at.map(Timestamp::as_micros)),
        stopped_why: Set(stopped_why),
        ..mailings::ActiveModel::default()
    };
    mailings::Entity::update_many().set(change).filter(mailings::Column::Id.eq(id.0)).exec(db).await.map(|_| ())
}

/// The invitation with this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: InvitationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(db).await
}

/// Selects the first invitations of a mailing that are not prepared.
pub(crate) fn to_prepare(mailing: MailingId, most: u64) -> Select<Entity> {
    let rows = Entity::find().filter(Column::MailingId.eq(mailing.0)).filter(Expr::cust(TO_PREPARE));
    rows.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(most)
}

/// Marks those invitations of a mailing that are not prepared as failed.
pub(crate) async fn fail_unprepared(
    db: &impl ConnectionTrait,
    mailing: MailingId,
    why: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        failed_at: Set(Some(now.as_micros())),
        last_answer: Set(Some(why.to_owned())),
        ..ActiveModel::default()
    };
    let rows = Entity::update_many().set(change).filter(Column::MailingId.eq(mailing.0));
    rows.filter(Expr::cust(TO_PREPARE)).exec(db).await.map(|_| ())
}

/// Changes some columns of an invitation.
pub(crate) async fn update(db: &impl ConnectionTrait, id: Uuid, change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(db).await.map(|_| ())
}

/// What makes an invitation one that is still to be prepared, with the link that it has.
pub(crate) fn unprepared() -> ActiveModel {
    ActiveModel {
        mail_id: Set(None),
        prepared_at: Set(None),
        sent_at: Set(None),
        failed_at: Set(None),
        last_answer: Set(None),
        remind_at: Set(None),
        reminded_at: Set(None),
        ..ActiveModel::default()
    }
}

/// When the invitation of a row was sent again.
pub(crate) fn resends(row: &Model) -> Resends {
    let [last, since] = [row.resent_at, row.resends_since].map(|at| at.map(Timestamp::from_micros));
    Resends { last, since, count: u32::try_from(row.resends).unwrap_or(u32::MAX) }
}

/// [`Resends::again`] in SQL: which may be sent again, and whether another count begins.
fn resendable(now: Timestamp) -> (Condition, Condition) {
    let begins = Condition::any()
        .add(Column::ResendsSince.is_null())
        .add(Column::ResendsSince.lte(now.minus(RESEND_PERIOD).as_micros()));
    let waited =
        Condition::any().add(Column::ResentAt.is_null()).add(Column::ResentAt.lte(now.minus(RESEND_WAIT).as_micros()));
    let few = begins.clone().add(Column::Resends.lt(RESENDS_ALLOWED));
    (Condition::all().add(waited).add(few), begins)
}

/// Has the mails of those invitations of a mailing sent again that were sent, or could not be, and whose recipients have not
/// joined, as far as [`Resends`] allows it. Returns their number.
pub(crate) async fn unprepare_all(db: &impl ConnectionTrait, mailing: MailingId, now: Timestamp) -> Result<u64, DbErr> {
    let (may_be, begins) = resendable(now);
    let case = |then: SimpleExpr, otherwise: SimpleExpr| -> SimpleExpr {
        CaseStatement::new().case(begins.clone(), then).finally(otherwise).into()
    };
    let since = case(Expr::value(now.as_micros()), Expr::col(Column::ResendsSince));
    let count = case(Expr::value(1_i64), Expr::col(Column::Resends).add(1_i64));
    let change = ActiveModel { resent_at: Set(Some(now.as_micros())), ..unprepared() };
    let rows = Entity::update_many().set(change).filter(Column::MailingId.eq(mailing.0));
    let rows = rows.col_expr(Column::ResendsSince, since).col_expr(Column::Resends, count);
    Ok(rows.filter(Expr::cust(TRIED)).filter(may_be).exec(db).await?.rows_affected)
}

/// Whether [`unprepare_all`] has an invite made for a recipient.
pub(crate) async fn any_resent_without_invite(
    db: &impl ConnectionTrait,
    mailing: MailingId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let rows = Entity::find().select_only().column(Column::Id).filter(Column::MailingId.eq(mailing.0));
    let rows = rows.filter(Expr::cust(TRIED)).filter(Column::InviteId.is_null()).filter(resendable(now).0);
    Ok(rows.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// Forgets that a mail of an invitation was given up: it is tried again.
pub(crate) async fn retry(db: &impl ConnectionTrait, mail: DeliveryId) -> Result<(), DbErr> {
    let change = ActiveModel { failed_at: Set(None), last_answer: Set(None), ..ActiveModel::default() };
    // In the words of the partial index: one of all mails would be taken for that of those that wait.
    let of = Entity::update_many().set(change).filter(Expr::cust("failed_at IS NOT NULL"));
    of.filter(Column::MailId.eq(mail.0)).exec(db).await.map(|_| ())
}

/// Keeps what became of the mails: when each was sent, or given up and why. One that is not in the outbox any more was sent
/// so long ago that it was deleted.
pub(crate) async fn settle(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let of = |column: &str| format!("(SELECT o.{column} FROM outbox o WHERE o.id = invitations.mail_id)");
    let has = |what: &str| format!("EXISTS (SELECT 1 FROM outbox o WHERE o.id = invitations.mail_id{what})");
    for (set, which) in [
        (format!("sent_at = {}", of("delivered_at")), has(" AND o.delivered_at IS NOT NULL")),
        (
            format!("failed_at = {}, last_answer = {}", of("dead_at"), of("last_answer")),
            has(" AND o.dead_at IS NOT NULL"),
        ),
        ("sent_at = prepared_at".to_owned(), format!("NOT {}", has(""))),
    ] {
        db.execute_unprepared(&format!("UPDATE invitations SET {set} WHERE {WAITING} AND {which}")).await?;
    }
    Ok(())
}

/// Whether the mail of an invitation waits.
pub(crate) async fn any_waits(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let waiting = Entity::find().select_only().column(Column::Id).filter(Expr::cust(WAITING));
    Ok(waiting.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// Selects the first invitations whose recipients are to be reminded.
pub(crate) fn to_remind(now: Timestamp, most: u64) -> Select<Entity> {
    let due = Entity::find().filter(Expr::cust("remind_at IS NOT NULL"));
    due.filter(Column::RemindAt.lte(now.as_micros())).order_by_asc(Column::RemindAt).limit(most)
}

/// Claims a reminder that is due, which then is due at another instant or never. Returns whether it was due still: of several
/// processes, one claims it.
pub(crate) async fn claim_reminder(
    db: &impl ConnectionTrait,
    row: &Model,
    (remind_at, reminded_at): (Option<Timestamp>, Option<Timestamp>),
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        remind_at: Set(remind_at.map(Timestamp::as_micros)),
        reminded_at: Set(reminded_at.map(Timestamp::as_micros)),
        ..ActiveModel::default()
    };
    let claim =
        Entity::update_many().set(change).filter(Column::Id.eq(row.id)).filter(Column::RemindAt.eq(row.remind_at));
    Ok(claim.exec(db).await?.rows_affected == 1)
}

/// The condition that an invitation has a status.
pub(crate) fn with_status(status: Option<InvitationStatus>) -> Condition {
    Condition::all().add_option(status.map(|status| ExprTrait::eq(Expr::cust(STATUS), status.as_str())))
}

/// How many invitations of these mailings have each status.
pub(crate) async fn counts(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<(InvitationStatus, u32)>>, Error> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut counts: HashMap<Uuid, Vec<(InvitationStatus, u32)>> = HashMap::new();
    if ids.is_empty() {
        return Ok(counts);
    }
    let rows: Vec<(Uuid, String, i64)> = Entity::find()
        .select_only()
        .column(Column::MailingId)
        .column_as(Expr::cust(STATUS), "status")
        .column_as(Expr::cust("COUNT(*)"), "count")
        .filter(Column::MailingId.is_in(ids))
        .group_by(Column::MailingId)
        .group_by(Expr::cust(STATUS))
        .into_tuple()
        .all(db)
        .await?;
    for (mailing, status, count) in rows {
        let status = status.parse().map_err(|_| Error::internal("an invitation has a broken status"))?;
        counts.entry(mailing).or_default().push((status, u32::try_from(count).unwrap_or(u32::MAX)));
    }
    Ok(counts)
}

/// What the status of the invitation of a row is derived from.
pub(crate) fn lifecycle(row: &Model) -> InvitationLifecycle {
    let instants = [row.sent_at, row.failed_at, row.opened_at, row.joined_at, row.revoked_at, row.stopped_at];
    let [sent_at, failed_at, opened_at, joined_at, revoked_at, stopped_at] =
        instants.map(|at| at.map(Timestamp::from_micros));
    InvitationLifecycle { sent_at, failed_at, opened_at, joined_at, revoked_at, stopped_at }
}

/// Records that the page of the invite of a recipient was opened, the first time.
pub(crate) async fn open(
    (read, write): (&impl ConnectionTrait, &impl ConnectionTrait),
    invite: InviteId,
    now: Timestamp,
) -> Result<(), DbErr> {
    let unopened = || {
        let of = Condition::all().add(Expr::cust("invite_id IS NOT NULL")).add(Column::InviteId.eq(invite.0));
        of.add(Column::OpenedAt.is_null())
    };
    // Read first: who opens the page again writes nothing.
    let first = Entity::find().select_only().column(Column::Id).filter(unopened());
    if first.into_tuple::<Uuid>().one(read).await?.is_none() {
        return Ok(());
    }
    let change = ActiveModel { opened_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    Entity::update_many().set(change).filter(unopened()).exec(write).await.map(|_| ())
}

/// The invitations that brought an invite to an address, unless they were revoked.
pub(crate) async fn sent_to(
    db: &impl ConnectionTrait,
    invite: InviteId,
    email_folded: &str,
) -> Result<Vec<Model>, DbErr> {
    let own = Entity::find().filter(Expr::cust("invite_id IS NOT NULL")).filter(Column::InviteId.eq(invite.0));
    own.filter(Column::EmailFolded.eq(email_folded)).filter(Column::RevokedAt.is_null()).all(db).await
}

/// Records that the recipient with this address has joined by an invite, if one was sent to them: also where one of `claimants`
/// has, which lapse, because the address is not theirs.
pub(crate) async fn join(
    db: &impl ConnectionTrait,
    invite: InviteId,
    (email_folded, account): (&str, AccountId),
    claimants: &[Uuid],
    now: Timestamp,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        joined_at: Set(Some(now.as_micros())),
        account_id: Set(Some(account.0)),
        ..ActiveModel::default()
    };
    let theirs = Condition::all().add(Expr::cust("invite_id IS NOT NULL")).add(Column::InviteId.eq(invite.0));
    let open = Condition::any().add(Column::JoinedAt.is_null()).add(Column::AccountId.is_in(claimants.iter().copied()));
    let theirs = theirs.add(Column::EmailFolded.eq(email_folded)).add(open);
    Entity::update_many().set(change).filter(theirs).exec(db).await.map(|_| ())
}

/// Takes back that an account has joined by invitations.
pub(crate) async fn unjoin(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    let change = ActiveModel { joined_at: Set(None), account_id: Set(None), ..ActiveModel::default() };
    let joined = Condition::all().add(Expr::cust("account_id IS NOT NULL")).add(Column::AccountId.eq(account.0));
    Entity::update_many().set(change).filter(joined).exec(db).await.map(|_| ())
}

/// The invites that were sent to an address.
pub(crate) async fn invites_of_address(db: &impl ConnectionTrait, email_folded: &str) -> Result<Vec<Uuid>, DbErr> {
    let own = Entity::find().select_only().column(Column::InviteId).filter(Column::EmailFolded.eq(email_folded));
    own.filter(Column::InviteId.is_not_null()).into_tuple().all(db).await
}

/// The invitations of an address and of an account.
pub(crate) async fn of_person(
    db: &impl ConnectionTrait,
    email_folded: &str,
    account: AccountId,
) -> Result<Vec<InvitationId>, DbErr> {
    let joined = Condition::all().add(Expr::cust("account_id IS NOT NULL")).add(Column::AccountId.eq(account.0));
    let of = Condition::any().add(Column::EmailFolded.eq(email_folded)).add(joined);
    let ids = Entity::find().select_only().column(Column::Id).filter(of);
    Ok(ids.into_tuple::<Uuid>().all(db).await?.into_iter().map(InvitationId).collect())
}

/// Deletes the invitations of an address and of an account, and the messages that the account wrote.
pub(crate) async fn forget(db: &impl ConnectionTrait, email_folded: &str, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::EmailFolded.eq(email_folded)).exec(db).await?;
    let joined = Condition::all().add(Expr::cust("account_id IS NOT NULL")).add(Column::AccountId.eq(account.0));
    Entity::delete_many().filter(joined).exec(db).await?;
    let silent = mailings::ActiveModel { message: Set(None), ..mailings::ActiveModel::default() };
    let written = mailings::Entity::update_many().set(silent).filter(mailings::Column::CreatedBy.eq(account.0));
    written.filter(mailings::Column::Message.is_not_null()).exec(db).await.map(|_| ())
}

/// Whether there is a mailing, whose mails have links.
pub(crate) async fn any(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let ids = mailings::Entity::find().select_only().column(mailings::Column::Id);
    Ok(ids.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// Stores the hash of an address that wants no more invitations, and takes what was not sent to it out. Repeated, it does
/// nothing.
pub(crate) async fn stop(db: &impl ConnectionTrait, hash: &[u8], now: Timestamp) -> Result<(), DbErr> {
    let row = stops::ActiveModel { address_hash: Set(hash.to_vec()), created_at: Set(now.as_micros()) };
    let insert = stops::Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
    insert.exec_without_returning(db).await?;
    let change = ActiveModel { stopped_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    let unsent =
        "sent_at IS NULL AND failed_at IS NULL AND joined_at IS NULL AND revoked_at IS NULL AND stopped_at IS NULL";
    let rows = Entity::update_many().set(change).filter(Column::AddressHash.eq(hash));
    rows.filter(Expr::cust(unsent)).exec(db).await.map(|_| ())
}

/// Those of these hashes whose addresses want no more invitations.
pub(crate) async fn stopped(db: &impl ConnectionTrait, hashes: Vec<Vec<u8>>) -> Result<HashSet<Vec<u8>>, DbErr> {
    use stops::Column;
    let mut found = HashSet::new();
    for batch in hashes.chunks(ROWS) {
        let rows = stops::Entity::find().filter(Column::AddressHash.is_in(batch.iter().map(Vec::as_slice)));
        found.extend(rows.all(db).await?.into_iter().map(|row| row.address_hash));
    }
    Ok(found)
}

/// The hash of the mailing with this id as it is told apart from others, and its author.
pub(crate) fn is_same(row: &mailings::Model, author: AccountId, digest: &[u8]) -> bool {
    row.created_by == author.0 && row.digest == digest
}
