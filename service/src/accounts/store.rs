//! Queries over accounts.

use std::collections::{HashMap, HashSet};

use domain::Timestamp;
use domain::accounts::{Account, AccountLifecycle, AccountRef, AccountStatus, AccountTerms, Email, Role, Username};
use domain::endings::ENDS_SOON;
use domain::ids::{AccountId, GroupId};
use domain::pictures::PictureVersion;
use domain::text::DisplayName;
use domain::{Code, Failure};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, SimpleExpr};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, SqlErr,
};
use uuid::Uuid;

use crate::Error;
use crate::accounts::entity::{ActiveModel, Column, Entity, Model};
use crate::platform::inserts::Inserts;
use crate::platform::search::{self, Search, Terms};

/// A new account, with the hash of its password.
#[derive(Clone, Debug)]
pub(crate) struct NewRow {
    pub(crate) id: Uuid,
    pub(crate) email: Email,
    pub(crate) username: Username,
    pub(crate) name: Option<DisplayName>,
    pub(crate) role: Role,
    pub(crate) password_hash: String,
    pub(crate) approved: bool,
    pub(crate) ends_at: Option<Timestamp>,
    /// When it lapses unless its address is verified; `None` if it need not be.
    pub(crate) activate_by: Option<Timestamp>,
}

impl NewRow {
    /// The row of an account created at `now`.
    pub(crate) fn into_model(self, now: Timestamp) -> Model {
        let Words { words, name_sort } = words_of(self.name.as_ref(), self.username.as_str(), self.email.as_str());
        Model {
            id: self.id,
            words: Some(words),
            name_sort,
            email_folded: email_folded(self.id, &self.email, self.activate_by.is_some()),
            email: self.email.into(),
            username_folded: self.username.folded(),
            username: self.username.into(),
            name: self.name.map(String::from),
            role: self.role.as_str().to_owned(),
            password_hash: self.password_hash,
            created_at: now.as_micros(),
            updated_at: now.as_micros(),
            last_active_at: None,
            suspended_at: None,
            approved_at: self.approved.then_some(now.as_micros()),
            auth_epoch: 0,
            ends_at: self.ends_at.map(Timestamp::as_micros),
            deleted_at: None,
            ended_at: None,
            decided_by: None,
            decision_note: None,
            picture: None,
            reminded_of: None,
            email_verified_at: None,
            activate_by: self.activate_by.map(Timestamp::as_micros),
            flow_version_id: None,
            withheld_groups: None,
        }
    }
}

/// The unique form of the address of an account. One whose address waits to be verified has its id there, which no address
/// is: it keeps the address from nobody.
fn email_folded(id: Uuid, email: &Email, waits: bool) -> String {
    if waits { id.to_string() } else { email.folded() }
}

/// What an account is found and sorted by.
struct Words {
    /// The words of the search.
    words: String,
    /// The key in a list by name.
    name_sort: String,
}

/// The words of an account with these names.
fn words_of(name: Option<&DisplayName>, username: &str, email: &str) -> Words {
    let name = name.map(DisplayName::as_str);
    Words { words: search::account_words(name, username, email), name_sort: search::sort_key(name.unwrap_or(username)) }
}

/// Inserts an account.
///
/// # Errors
/// [`Code::EmailTaken`] or [`Code::UsernameTaken`] if a UNIQUE constraint refuses the row.
pub(crate) async fn insert(db: &impl ConnectionTrait, row: NewRow, now: Timestamp) -> Result<Model, Error> {
    let row = row.into_model(now);
    let mut inserts = Inserts::default();
    inserts.add([row.clone().into_active_model()]);
    inserted(inserts.exec(db).await, &row)?;
    Ok(row)
}

/// Adds the row of an account that signs up with a version of a flow, some of whose groups are withheld. What comes of it is
/// [`inserted`].
pub(crate) fn add_by_flow(
    inserts: &mut Inserts,
    row: NewRow,
    (version, withheld): (Uuid, &[GroupId]),
    now: Timestamp,
) -> Model {
    let withheld = withheld.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let withheld_groups = Some(withheld).filter(|withheld| !withheld.is_empty());
    let row = Model { flow_version_id: Some(version), withheld_groups, ..row.into_model(now) };
    inserts.add([row.clone().into_active_model()]);
    row
}

/// The outcome of inserts, one of which is the row of a new account.
///
/// # Errors
/// [`Code::EmailTaken`] and [`Code::UsernameTaken`].
pub(crate) fn inserted(outcome: Result<(), DbErr>, row: &Model) -> Result<(), Error> {
    outcome.map_err(|error| unless_taken(error, &row.username))
}

/// What is taken of an e-mail address and a username: [`Code::EmailTaken`], also when both are;
/// [`Code::UsernameTaken`]. [`insert`] checks this again; checking it earlier avoids hashing a password for nothing.
pub(crate) async fn taken(
    db: &impl ConnectionTrait,
    email: Option<&Email>,
    username: Option<&Username>,
) -> Result<Option<Failure>, DbErr> {
    let (email, folded) = (email.map(Email::folded), username.map(Username::folded));
    let either = Condition::any()
        .add_option(email.as_ref().map(|email| Column::EmailFolded.eq(email.as_str())))
        .add_option(folded.as_ref().map(|username| Column::UsernameFolded.eq(username.as_str())));
    if either.is_empty() {
        return Ok(None);
    }
    // Two accounts at most: each of the columns is unique.
    let accounts: Vec<(String, String)> = Entity::find()
        .select_only()
        .columns([Column::EmailFolded, Column::UsernameFolded])
        .filter(either)
        .into_tuple()
        .all(db)
        .await?;
    let email = accounts.iter().any(|(taken, _)| Some(taken) == email.as_ref()).then(Failure::email_taken);
    let username = username.filter(|_| accounts.iter().any(|(_, taken)| Some(taken) == folded.as_ref()));
    let failures = email.into_iter().chain(username.map(|username| username_taken(username.as_str())));
    Ok(failures.reduce(Failure::and))
}

/// Those of these addresses, folded, that accounts have.
pub(crate) async fn addresses_among(db: &impl ConnectionTrait, folded: &[String]) -> Result<HashSet<String>, DbErr> {
    let mut found = HashSet::new();
    for batch in folded.chunks(1_000) {
        let rows = Entity::find().select_only().column(Column::EmailFolded);
        let rows = rows.filter(Column::EmailFolded.is_in(batch.iter().map(String::as_str)));
        found.extend(rows.into_tuple::<String>().all(db).await?);
    }
    Ok(found)
}

/// Refuses an e-mail address and a username that are [`taken`].
///
/// # Errors
/// [`Code::EmailTaken`], [`Code::UsernameTaken`].
pub(crate) async fn refuse_taken(db: &impl ConnectionTrait, email: &Email, username: &Username) -> Result<(), Error> {
    match taken(db, Some(email), Some(username)).await? {
        None => Ok(()),
        Some(failure) => Err(failure.into()),
    }
}

/// [`domain::accounts::AccountLifecycle::status`] as a condition; every account that is not deleted if no status is
/// asked for. Tested against it.
///
/// Written in the words of the partial indexes: a planner uses one only where it finds its condition.
pub(crate) fn with_status(status: Option<AccountStatus>, now: Timestamp) -> Condition {
    let all =
        |condition: &'static str| Condition::all().add(Expr::cust("deleted_at IS NULL")).add(Expr::cust(condition));
    let now = now.as_micros();
    let lasts = || Column::EndsAt.is_null().or(Column::EndsAt.gt(now));
    match status {
        None => Condition::all().add(Expr::cust("deleted_at IS NULL")),
        Some(AccountStatus::Active) => {
            all("suspended_at IS NULL AND approved_at IS NOT NULL AND activate_by IS NULL").add(lasts())
        }
        Some(AccountStatus::Pending) => {
            all("suspended_at IS NULL AND approved_at IS NULL AND activate_by IS NULL").add(lasts())
        }
        Some(AccountStatus::Unverified) => all("suspended_at IS NULL AND activate_by IS NOT NULL").add(lasts()),
        Some(AccountStatus::Suspended) => all("suspended_at IS NOT NULL AND approved_at IS NOT NULL"),
        Some(AccountStatus::Declined) => all("suspended_at IS NOT NULL AND approved_at IS NULL"),
        Some(AccountStatus::Ended) => all("suspended_at IS NULL AND ends_at IS NOT NULL").add(Column::EndsAt.lte(now)),
    }
}

/// The condition that an account ends soon. In the words of the index `accounts_ends`.
pub(crate) fn ends_soon(now: Timestamp) -> Condition {
    Condition::all()
        .add(Expr::cust("deleted_at IS NULL AND suspended_at IS NULL AND ends_at IS NOT NULL"))
        .add(Column::EndsAt.gt(now.as_micros()))
        .add(Column::EndsAt.lte(now.plus(ENDS_SOON).as_micros()))
}

/// The condition that an account is not deleted.
pub(crate) fn is_kept() -> SimpleExpr {
    Column::DeletedAt.is_null()
}

fn username_taken(username: &str) -> Failure {
    Failure::field(Code::UsernameTaken, "username", format!("\u{201C}{username}\u{201D} is taken. Choose another."))
}

/// Whether there is an owner.
pub(crate) async fn has_owner(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let owner = Entity::find().select_only().column(Column::Id).filter(Expr::cust("role = 'owner'"));
    Ok(owner.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// The account with this id; `None` also if it is deleted.
pub(crate) async fn find(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).filter(is_kept()).one(db).await
}

/// The accounts with these ids that are not deleted, read with one query.
pub(crate) async fn find_all(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Id.is_in(ids)).filter(is_kept()).all(db).await
}

/// The account with this id, locked until the transaction ends (on SQLite the transaction holds the lock already).
pub(crate) async fn lock(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).filter(is_kept()).lock_exclusive().one(db).await
}

/// The state of an account that a password was verified against. Seconds may pass between the verification and what
/// follows from it, and a change of password, a suspension or a restoration may happen meanwhile. Each begins a new
/// epoch of the account, in which an earlier verification is not accepted.
#[derive(Clone, Debug)]
pub(crate) struct Verified {
    account: AccountId,
    /// The hash that was verified; `None` for an account that was just created.
    password_hash: Option<String>,
    auth_epoch: i64,
}

impl Verified {
    /// A verification of the password of `row`.
    pub(crate) fn by_password(row: &Model) -> Self {
        Self { account: AccountId(row.id), password_hash: Some(row.password_hash.clone()), auth_epoch: row.auth_epoch }
    }

    /// The caller that has just created this account.
    pub(crate) const fn as_new(account: AccountId) -> Self {
        Self { account, password_hash: None, auth_epoch: 0 }
    }

    /// The account.
    pub(crate) const fn account(&self) -> AccountId {
        self.account
    }

    /// The row, locked until the transaction ends; `None` if it has changed since the verification.
    pub(crate) async fn lock(&self, db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
        let row = lock(db, self.account).await?;
        Ok(row.filter(|row| {
            let same_password = self.password_hash.as_ref().is_none_or(|hash| *hash == row.password_hash);
            same_password && row.auth_epoch == self.auth_epoch
        }))
    }
}

/// Begins a new epoch of the account: an earlier verification cannot start a session any more.
pub(crate) async fn begin_epoch(db: &impl ConnectionTrait, id: AccountId) -> Result<(), DbErr> {
    let next = Entity::update_many().col_expr(Column::AuthEpoch, Expr::col(Column::AuthEpoch).add(1));
    next.filter(Column::Id.eq(id.0)).exec(db).await.map(|_| ())
}

/// The account with this e-mail address or username. One that waits for its address to be verified only has its username:
/// who knows an address could otherwise tell whether somebody else has it.
pub(crate) async fn find_by_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<Model>, DbErr> {
    let login = login.trim();
    // PostgreSQL refuses NUL in a query, and no login contains it.
    if login.contains('\0') {
        return Ok(None);
    }
    let folded = login.to_lowercase();
    let column = if login.contains('@') { Column::EmailFolded } else { Column::UsernameFolded };
    Entity::find().filter(column.eq(folded.as_str())).filter(is_kept()).one(db).await
}

/// The ids of the accounts with these usernames, e-mail addresses or ids, by what was given, in lower case. Read with
/// one query for each kind. In a transaction none of them is deleted before it ends.
pub(crate) async fn find_by_names(db: &impl ConnectionTrait, names: &[String]) -> Result<HashMap<String, Uuid>, DbErr> {
    let folded = names.iter().filter(|name| !name.contains('\0')).map(|name| name.to_lowercase());
    let (ids, logins): (Vec<_>, Vec<_>) = folded.partition(|name| Uuid::try_parse(name).is_ok());
    let (emails, usernames): (Vec<_>, Vec<_>) = logins.into_iter().partition(|name| name.contains('@'));
    let mut found = HashMap::new();
    let given: HashMap<Uuid, String> =
        ids.into_iter().filter_map(|id| Uuid::try_parse(&id).ok().map(|uuid| (uuid, id))).collect();
    if !given.is_empty() {
        let known = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(given.keys().copied()));
        let known = known.filter(is_kept()).lock(LockType::KeyShare);
        for id in known.into_tuple::<Uuid>().all(db).await? {
            found.extend(given.get(&id).map(|name| (name.clone(), id)));
        }
    }
    for (column, names) in [(Column::EmailFolded, emails), (Column::UsernameFolded, usernames)] {
        if !names.is_empty() {
            let known = Entity::find().select_only().columns([column, Column::Id]).filter(column.is_in(names));
            let known = known.filter(is_kept()).lock(LockType::KeyShare);
            found.extend(known.into_tuple::<(String, Uuid)>().all(db).await?);
        }
    }
    Ok(found)
}

/// The search for accounts that have every word of `q` in their name, username or e-mail address.
pub(crate) async fn search(db: &impl ConnectionTrait, q: Option<&str>) -> Result<Search, DbErr> {
    match q.filter(|q| !q.trim().is_empty()) {
        None => Ok(Search::Off),
        Some(q) => Search::new(db, &search::ACCOUNTS, &Terms::parse(q), None).await,
    }
}

/// Changes the name, and with it the words by which the account is found. Returns the account, or `None` if there is
/// none.
pub(crate) async fn rename(
    db: &impl ConnectionTrait,
    id: AccountId,
    name: Option<DisplayName>,
    now: Timestamp,
) -> Result<Option<Model>, DbErr> {
    let Some(row) = lock(db, id).await? else { return Ok(None) };
    let Words { words, name_sort } = words_of(name.as_ref(), &row.username, &row.email);
    let row = Model { name: name.map(String::from), words: Some(words), name_sort, updated_at: now.as_micros(), ..row };
    let change = ActiveModel {
        name: Set(row.name.clone()),
        words: Set(row.words.clone()),
        name_sort: Set(row.name_sort.clone()),
        updated_at: Set(row.updated_at),
        ..ActiveModel::default()
    };
    update(db, id, change).await?;
    Ok(Some(row))
}

/// Writes what staff change of an account, and with it the words by which it is found. Returns the row.
///
/// # Errors
/// [`Code::EmailTaken`] or [`Code::UsernameTaken`] if a UNIQUE constraint refuses the row.
pub(crate) async fn set_terms(
    db: &impl ConnectionTrait,
    id: AccountId,
    terms: AccountTerms,
    now: Timestamp,
) -> Result<Model, Error> {
    let AccountTerms { email, username, name, role, ends_at } = terms;
    let row = find(db, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    let ends_at = ends_at.map(Timestamp::as_micros);
    let folded = email_folded(row.id, &email, row.activate_by.is_some());
    let Words { words, name_sort } = words_of(name.as_ref(), username.as_str(), email.as_str());
    let row = Model {
        words: Some(words),
        name_sort,
        // An account whose end is moved ends again.
        ended_at: row.ended_at.filter(|_| row.ends_at == ends_at),
        ends_at,
        // Another address is one that nobody has verified.
        email_verified_at: row.email_verified_at.filter(|_| row.email_folded == folded),
        email_folded: folded,
        email: email.into(),
        username_folded: username.folded(),
        username: username.into(),
        name: name.map(String::from),
        role: role.as_str().to_owned(),
        updated_at: now.as_micros(),
        ..row
    };
    let change = ActiveModel {
        words: Set(row.words.clone()),
        name_sort: Set(row.name_sort.clone()),
        ended_at: Set(row.ended_at),
        ends_at: Set(row.ends_at),
        email_folded: Set(row.email_folded.clone()),
        email: Set(row.email.clone()),
        email_verified_at: Set(row.email_verified_at),
        username_folded: Set(row.username_folded.clone()),
        username: Set(row.username.clone()),
        name: Set(row.name.clone()),
        role: Set(row.role.clone()),
        updated_at: Set(row.updated_at),
        ..ActiveModel::default()
    };
    match update(db, id, change).await {
        Ok(()) => Ok(row),
        Err(error) => Err(unless_taken(error, &row.username)),
    }
}

/// The failure for a row whose e-mail address or username another account has, or the error.
fn unless_taken(error: DbErr, username: &str) -> Error {
    Error::of_statement(error, |violated| match violated {
        SqlErr::UniqueConstraintViolation(constraint) if constraint.contains("username") => {
            Some(username_taken(username))
        }
        SqlErr::UniqueConstraintViolation(constraint) if constraint.contains("email") => Some(Failure::email_taken()),
        _ => None,
    })
}

/// References to these accounts, read with one query.
pub(crate) async fn references(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, AccountRef>, Error> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let models = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    models.into_iter().map(|model| Ok((model.id, reference(&model)?))).collect()
}

/// The reference to the account of a row, which may be deleted.
fn reference(model: &Model) -> Result<AccountRef, Error> {
    let username = if model.deleted_at.is_some() { None } else { Some(username(model)?) };
    let (name, picture) = (model.name.as_deref().map(DisplayName::stored), model.picture.map(PictureVersion::stored));
    Ok(AccountRef { id: AccountId(model.id), username, name, picture })
}

fn username(model: &Model) -> Result<Username, Error> {
    let broken = |_| Error::internal(format!("the account {} has a broken username", model.id));
    Username::parse(&model.username).map_err(broken)
}

/// What the status of a row is derived from.
pub(crate) fn lifecycle(model: &Model) -> AccountLifecycle {
    let [suspended_at, approved_at, ends_at, activate_by] =
        [model.suspended_at, model.approved_at, model.ends_at, model.activate_by]
            .map(|at| at.map(Timestamp::from_micros));
    AccountLifecycle { suspended_at, approved_at, ends_at, activate_by }
}

/// The change of the columns that the status is derived from, apart from the ends.
pub(crate) fn lifecycle_columns(lifecycle: AccountLifecycle, now: Timestamp) -> ActiveModel {
    ActiveModel {
        suspended_at: Set(lifecycle.suspended_at.map(Timestamp::as_micros)),
        approved_at: Set(lifecycle.approved_at.map(Timestamp::as_micros)),
        updated_at: Set(now.as_micros()),
        ..ActiveModel::default()
    }
}

/// The account of a row that is not deleted, with its status at `now`.
pub(crate) fn account(model: &Model, now: Timestamp) -> Result<Account, Error> {
    let broken = |what: &str| Error::internal(format!("the account {} has a broken {what}", model.id));
    let lifecycle = lifecycle(model);
    Ok(Account {
        id: AccountId(model.id),
        email: Email::stored(&model.email),
        username: username(model)?,
        name: model.name.as_deref().map(DisplayName::stored),
        picture: model.picture.map(PictureVersion::stored),
        role: model.role.parse().map_err(|_| broken("role"))?,
        created_at: Timestamp::from_micros(model.created_at),
        updated_at: Timestamp::from_micros(model.updated_at),
        last_active_at: model.last_active_at.map(Timestamp::from_micros),
        suspended_at: lifecycle.suspended_at,
        approved_at: lifecycle.approved_at,
        ends_at: lifecycle.ends_at,
        email_verified_at: model.email_verified_at.map(Timestamp::from_micros),
        activate_by: lifecycle.activate_by,
        status: lifecycle.status(now),
    })
}

/// Sets the columns of `change` on the account `id`.
pub(crate) async fn update(db: &impl ConnectionTrait, id: AccountId, mut change: ActiveModel) -> Result<(), DbErr> {
    change.id = NotSet;
    Entity::update_many().set(change).filter(Column::Id.eq(id.0)).exec(db).await.map(|_| ())
}

/// Records that the account `id` is active at `now`.
pub(crate) async fn set_active(db: &impl ConnectionTrait, id: AccountId, now: Timestamp) -> Result<(), DbErr> {
    let change = ActiveModel { last_active_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id.0)).filter(is_kept());
    update.exec(db).await.map(|_| ())
}

/// Gives an account its address, which is verified, so that it waits for nothing any more. It is locked, and the address is
/// free.
///
/// # Errors
/// [`Code::EmailTaken`] if a UNIQUE constraint refuses the row.
pub(crate) async fn verify(db: &impl ConnectionTrait, row: &Model, now: Timestamp) -> Result<(), Error> {
    let change = ActiveModel {
        email_folded: Set(Email::stored(&row.email).folded()),
        email_verified_at: Set(Some(now.as_micros())),
        activate_by: Set(None),
        updated_at: Set(now.as_micros()),
        ..ActiveModel::default()
    };
    update(db, AccountId(row.id), change).await.map_err(|error| unless_taken(error, &row.username))
}

/// Sets the password hash of the account `id`.
pub(crate) async fn set_password_hash(
    db: &impl ConnectionTrait,
    id: AccountId,
    hash: String,
    now: Timestamp,
) -> Result<(), DbErr> {
    let change = ActiveModel { password_hash: Set(hash), updated_at: Set(now.as_micros()), ..ActiveModel::default() };
    update(db, id, change).await
}

/// Words that make a password of this account easier to guess.
pub(crate) fn personal_words(account: &Model) -> Vec<String> {
    [Some(&account.email), Some(&account.username), account.name.as_ref()].into_iter().flatten().cloned().collect()
}
