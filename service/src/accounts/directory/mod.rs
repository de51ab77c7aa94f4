//! What a directory calls accounts: queries below both [`crate::directory`] and [`crate::members`], which deletes them.
//! The row of the account is locked by the caller.

use std::collections::HashMap;

use domain::accounts::Username;
use domain::ids::AccountId;
use domain::text::{DirectoryName, ExternalId};
use domain::{Code, Failure};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait, SqlErr,
};
use uuid::Uuid;

use self::entity::{ActiveModel, Column, Entity, Model};
use super::entity as accounts;
use crate::Error;

mod entity;

/// What a directory calls an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Its identifier there.
    pub(crate) external_id: Option<ExternalId>,
    /// Its name there; `None` if that is the username.
    pub(crate) user_name: Option<DirectoryName>,
}

impl From<Model> for Known {
    fn from(row: Model) -> Self {
        Self {
            external_id: row.external_id.map(ExternalId::stored),
            user_name: row.user_name.map(DirectoryName::stored),
        }
    }
}

/// What a directory calls this account.
pub(crate) async fn find(db: &impl ConnectionTrait, account: AccountId) -> Result<Known, DbErr> {
    Ok(Entity::find_by_id(account.0).one(db).await?.map(Known::from).unwrap_or_default())
}

/// What a directory calls these accounts, read with one query.
pub(crate) async fn find_all(
    db: &impl ConnectionTrait,
    accounts: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Known>, DbErr> {
    let rows = Entity::find().filter(Column::AccountId.is_in(accounts)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.into())).collect())
}

/// Records what a directory calls an account since.
///
/// # Errors
/// [`Code::ExternalIdTaken`]; [`Code::UsernameTaken`] under `userName`.
pub(crate) async fn set(db: &impl ConnectionTrait, account: AccountId, known: &Known) -> Result<(), Error> {
    let user_name = known.user_name.as_ref();
    let row = ActiveModel {
        account_id: Set(account.0),
        external_id: Set(known.external_id.as_ref().map(ToString::to_string)),
        user_name: Set(user_name.map(ToString::to_string)),
        user_name_folded: Set(user_name.map(DirectoryName::folded)),
    };
    let on_conflict = OnConflict::column(Column::AccountId)
        .update_columns([Column::ExternalId, Column::UserName, Column::UserNameFolded])
        .to_owned();
    let written = Entity::insert(row).on_conflict(on_conflict).exec_without_returning(db).await;
    written.map(|_| ()).map_err(|error| {
        Error::of_statement(error, |violated| match violated {
            SqlErr::UniqueConstraintViolation(what) if what.contains("external_id") => {
                Some(external_id_taken("account"))
            }
            SqlErr::UniqueConstraintViolation(_) => Some(user_name_taken()),
            _ => None,
        })
    })
}

/// Refuses a name or an identifier that another account has. [`set`] checks this again.
///
/// # Errors
/// [`Code::ExternalIdTaken`]; [`Code::UsernameTaken`] under `userName`.
pub(crate) async fn refuse_taken(db: &impl ConnectionTrait, known: &Known) -> Result<(), Error> {
    let folded = known.user_name.as_ref().map(DirectoryName::folded);
    let either = Condition::any()
        .add_option(known.external_id.as_ref().map(|id| Column::ExternalId.eq(id.as_str())))
        .add_option(folded.as_deref().map(|name| Column::UserNameFolded.eq(name)));
    if either.is_empty() {
        return Ok(());
    }
    let rows = Entity::find().filter(either).all(db).await?;
    if rows.iter().any(|row| folded.is_some() && row.user_name_folded == folded) {
        return Err(user_name_taken().into());
    }
    if rows.is_empty() { Ok(()) } else { Err(external_id_taken("account").into()) }
}

/// Forgets what a directory calls an account.
pub(crate) async fn forget(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_by_id(account.0).exec(db).await.map(|_| ())
}

/// The condition that a directory identifies an account by this.
pub(crate) fn identified_by(external_id: &str) -> Condition {
    in_accounts(known().filter(Column::ExternalId.eq(external_id)).into_query())
}

/// The condition that a directory has an identifier for an account.
pub(crate) fn is_identified() -> Condition {
    in_accounts(known().filter(Column::ExternalId.is_not_null()).into_query())
}

/// The condition that a directory calls an account this: it is the username, unless that was derived from another name.
pub(crate) fn is_named(name: &str) -> Condition {
    let Ok(username) = Username::parse(name) else {
        return in_accounts(known().filter(Column::UserNameFolded.eq(name.to_lowercase())).into_query());
    };
    let (of, account) = (Alias::new("directory_accounts"), (accounts::Entity, accounts::Column::Id));
    let other_name = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((of.clone(), Column::AccountId)).equals(account))
        .and_where(Expr::col((of, Column::UserName)).is_not_null())
        .take();
    Condition::all().add(accounts::Column::UsernameFolded.eq(username.folded())).add(Expr::exists(other_name).not())
}

/// The failure for an identifier that another account or group has.
pub(crate) fn external_id_taken(what: &str) -> Failure {
    let why = format!("Another {what} has this externalId. Find it by a filter, and change it instead.");
    Failure::field(Code::ExternalIdTaken, "externalId", why)
}

fn user_name_taken() -> Failure {
    Failure::field(Code::UsernameTaken, "userName", "Another account has this userName.")
}

fn known() -> sea_orm::Select<Entity> {
    Entity::find().select_only().column(Column::AccountId)
}

fn in_accounts(ids: SelectStatement) -> Condition {
    Condition::all().add(accounts::Column::Id.in_subquery(ids))
}
