//! Queries over terms, their versions, and who accepted them.

use std::collections::HashMap;

use domain::flows::{
    Acceptance, AcceptedTerms, AskedMembers, AskingVersions, CurrentTerms, NewTerms, NewTermsVersion, TermsRef,
    TermsText, is_due,
};
use domain::ids::{AccountId, TermsId};
use domain::paging::{Order, Page, Paging};
use domain::text::TermsName;
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::{Column, Entity, Model};
use super::{acceptance, version};
use crate::accounts::store as accounts;
use crate::platform::paging::{self, Seek};
use crate::platform::search::Search;
use crate::{Ctx, Error};

/// The reference to the terms of a row.
pub(crate) fn reference(row: &Model) -> TermsRef {
    TermsRef { id: TermsId(row.id), name: TermsName::stored(&row.name) }
}

/// The number of a version, as it is stored.
pub(crate) fn number(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

/// The terms that are not deleted, by name.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::DeletedAt.is_null()).order_by_asc(Column::NameFolded).all(db).await
}

/// The terms with this id, unless they are deleted.
pub(crate) async fn find(db: &impl ConnectionTrait, id: TermsId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).filter(Column::DeletedAt.is_null()).one(db).await
}

/// The same, locked until the transaction ends.
pub(crate) async fn lock(db: &impl ConnectionTrait, id: TermsId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).filter(Column::DeletedAt.is_null()).lock_exclusive().one(db).await
}

/// A version of terms.
pub(crate) async fn version(
    db: &impl ConnectionTrait,
    id: TermsId,
    number: i64,
) -> Result<Option<version::Model>, DbErr> {
    version::Entity::find_by_id((id.0, number)).one(db).await
}

/// The newest versions of terms, newest first.
pub(crate) async fn versions(db: &impl ConnectionTrait, id: TermsId, most: u64) -> Result<Vec<version::Model>, DbErr> {
    use version::{Column, Entity};
    let of = Entity::find().filter(Column::TermsId.eq(id.0)).order_by_desc(Column::Number);
    of.limit(most).all(db).await
}

/// The present versions of some terms, in the same order, without those that are deleted.
pub(crate) async fn current(db: &impl ConnectionTrait, ids: &[TermsId]) -> Result<Vec<CurrentTerms>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0)));
    let mut rows = wanted.filter(Column::DeletedAt.is_null()).all(db).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| id.0 == row.id));
    present(db, &rows).await
}

async fn present(db: &impl ConnectionTrait, rows: &[Model]) -> Result<Vec<CurrentTerms>, Error> {
    use version::{Column, Entity};
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let present = rows.iter().fold(sea_orm::Condition::any(), |any, row| {
        any.add(Column::TermsId.eq(row.id).and(Column::Number.eq(row.version)))
    });
    let texts = Entity::find().filter(present).all(db).await?;
    let mut texts: HashMap<Uuid, String> = texts.into_iter().map(|row| (row.terms_id, row.text)).collect();
    let current = |row: &Model| {
        let text = texts.remove(&row.id).ok_or_else(|| Error::internal("terms have no present version"))?;
        Ok(CurrentTerms { terms: reference(row), version: number(row.version), text: TermsText::stored(text) })
    };
    rows.iter().map(current).collect()
}

/// Inserts new terms. Returns their row.
///
/// # Errors
/// [`Code::TermsNameTaken`].
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    new: &NewTerms,
    by: AccountId,
    now: Timestamp,
) -> Result<Model, Error> {
    let asks = new.version.ask;
    let row = Model {
        id: ctx.randomness().uuid(now),
        name: new.name.to_string(),
        name_folded: folded(&new.name),
        version: 1,
        asks_accepted: (asks == AskedMembers::Accepted).then_some(1),
        asks_all: (asks == AskedMembers::All).then_some(1),
        created_at: now.as_micros(),
        deleted_at: None,
    };
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(db).await;
    inserted.map_err(|error| Error::unless_taken(error, name_taken))?;
    insert_version(db, &row, &new.version, by, now).await?;
    Ok(row)
}

/// Gives terms, which are locked, another name and perhaps a new version. Returns their row.
///
/// # Errors
/// [`Code::TermsNameTaken`].
pub(crate) async fn save(
    db: &impl ConnectionTrait,
    row: Model,
    (name, version): (&TermsName, Option<&NewTermsVersion>),
    by: AccountId,
    now: Timestamp,
) -> Result<Model, Error> {
    let mut row = Model { name: name.to_string(), name_folded: folded(name), ..row };
    if let Some(version) = version {
        row.version += 1;
        match version.ask {
            AskedMembers::Nobody => {}
            AskedMembers::Accepted => row.asks_accepted = Some(row.version),
            AskedMembers::All => row.asks_all = Some(row.version),
        }
    }
    let updated = Entity::update(row.clone().into_active_model().reset_all()).exec(db).await;
    updated.map_err(|error| Error::unless_taken(error, name_taken))?;
    if let Some(version) = version {
        insert_version(db, &row, version, by, now).await?;
    }
    Ok(row)
}

async fn insert_version(
    db: &impl ConnectionTrait,
    row: &Model,
    version: &NewTermsVersion,
    by: AccountId,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = version::Model {
        terms_id: row.id,
        number: row.version,
        text: version.text.as_str().to_owned(),
        ask: version.ask.as_str().to_owned(),
        published_by: Some(by.0),
        published_at: now.as_micros(),
    };
    version::Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(|_| ())
}

/// Marks terms that are locked as deleted. Their versions stay, because people have accepted them.
pub(crate) async fn delete(db: &impl ConnectionTrait, row: Model, now: Timestamp) -> Result<(), DbErr> {
    let row = Model { deleted_at: Some(now.as_micros()), ..row };
    Entity::update(row.into_active_model().reset_all()).exec(db).await.map(|_| ())
}

/// Records that an account accepts these versions. One that was accepted before keeps its time.
pub(crate) async fn accept(
    db: &impl ConnectionTrait,
    account: AccountId,
    accepted: &[(TermsId, u32)],
    now: Timestamp,
) -> Result<(), DbErr> {
    use acceptance::{ActiveModel, Column, Entity};
    if accepted.is_empty() {
        return Ok(());
    }
    let rows = accepted.iter().map(|(terms, number)| ActiveModel {
        account_id: Set(account.0),
        terms_id: Set(terms.0),
        number: Set(i64::from(*number)),
        accepted_at: Set(now.as_micros()),
    });
    let keep = OnConflict::columns([Column::AccountId, Column::TermsId, Column::Number]).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(keep).exec_without_returning(db).await.map(|_| ())
}

/// What an account accepted, newest first.
pub(crate) async fn accepted(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<AcceptedTerms>, Error> {
    let rows = acceptances(db, account).await?;
    let ids = rows.iter().map(|row| row.terms_id);
    let names = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    let names: HashMap<Uuid, TermsRef> = names.iter().map(|row| (row.id, reference(row))).collect();
    let accepted = |row: acceptance::Model| {
        let terms = names.get(&row.terms_id)?.clone();
        Some(AcceptedTerms { terms, version: number(row.number), accepted_at: Timestamp::from_micros(row.accepted_at) })
    };
    Ok(rows.into_iter().filter_map(accepted).collect())
}

async fn acceptances(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<acceptance::Model>, DbErr> {
    use acceptance::{Column, Entity};
    let of = Entity::find().filter(Column::AccountId.eq(account.0));
    of.order_by_desc(Column::AcceptedAt).order_by_desc(Column::Number).all(db).await
}

/// Who accepted terms, by version, newest first, and then by account.
pub(crate) async fn acceptances_of(
    db: &impl ConnectionTrait,
    terms: TermsId,
    paging: Paging,
) -> Result<Page<Acceptance>, Error> {
    use acceptance::{Column, Entity, Model};
    let (key, id) = (Expr::col((Entity, Column::Number)), Expr::col((Entity, Column::AccountId)));
    let seek = Seek { key, id, by_age: false, text: None, order: Order::Descending, paging };
    let rows = seek.rows(db, Entity::find().filter(Column::TermsId.eq(terms.0)), Search::Off).await?;
    let Page { items, next_cursor, previous_cursor } = paging::page(rows, paging, |row| (row.number, row.account_id));
    let accounts = accounts::references(db, items.iter().map(|row| row.account_id)).await?;
    let acceptance = |row: Model| {
        let account = accounts.get(&row.account_id)?.clone();
        Some(Acceptance { account, version: number(row.number), accepted_at: Timestamp::from_micros(row.accepted_at) })
    };
    Ok(Page { items: items.into_iter().filter_map(acceptance).collect(), next_cursor, previous_cursor })
}

/// The numbers of the accounts that accepted the present versions of some terms, by the ids of these.
pub(crate) async fn counts(db: &impl ConnectionTrait, rows: &[Model]) -> Result<HashMap<Uuid, u64>, DbErr> {
    use acceptance::{Column, Entity};
    let mut counts = HashMap::new();
    for row in rows {
        let of = Entity::find().select_only().column_as(Expr::col(Column::AccountId).count(), "count");
        let of = of.filter(Column::TermsId.eq(row.id)).filter(Column::Number.eq(row.version));
        let count: Option<i64> = of.into_tuple().one(db).await?;
        counts.insert(row.id, count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0));
    }
    Ok(counts)
}

/// The terms that an account is asked to accept at its next sign-in, by name.
pub(crate) async fn due(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<CurrentTerms>, Error> {
    // In the words of the index, which is empty on most sites.
    let asking = Entity::find()
        .filter(Expr::cust("deleted_at IS NULL AND (asks_accepted IS NOT NULL OR asks_all IS NOT NULL)"))
        .order_by_asc(Column::NameFolded)
        .all(db)
        .await?;
    if asking.is_empty() {
        return Ok(Vec::new());
    }
    let accepted = acceptances(db, account).await?;
    let is_due = |row: &Model| {
        let asking = AskingVersions { accepted: row.asks_accepted.map(number), all: row.asks_all.map(number) };
        let last = accepted.iter().filter(|one| one.terms_id == row.id).map(|one| number(one.number)).max();
        is_due(asking, last)
    };
    let due: Vec<Model> = asking.into_iter().filter(is_due).collect();
    present(db, &due).await
}

/// Deletes what an account accepted.
pub(crate) async fn forget_account(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    use acceptance::{Column, Entity};
    Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}

/// The names of terms, deleted or not.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let names = Entity::find().select_only().columns([Column::Id, Column::Name]).filter(Column::Id.is_in(ids));
    names.into_tuple().all(db).await
}

fn folded(name: &TermsName) -> String {
    name.as_str().to_lowercase()
}

fn name_taken() -> Failure {
    Failure::field(Code::TermsNameTaken, "name", "Other terms have this name. Choose another.")
}
