//! Queries over the attributes of accounts.

use std::collections::HashMap;

use domain::attributes::{Attribute, AttributeKey, AttributeValue};
use domain::ids::AccountId;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{ActiveModel, Column, Entity};
use crate::Error;

/// Replaces the attributes of an account. The caller has locked the row of the account, or created it.
pub(crate) async fn set(db: &impl ConnectionTrait, account: AccountId, attributes: &[Attribute]) -> Result<(), Error> {
    delete_of(db, account).await?;
    if attributes.is_empty() {
        return Ok(());
    }
    let rows = attributes.iter().map(|attribute| row(account, attribute));
    Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// The row of an attribute.
pub(crate) fn row(account: AccountId, attribute: &Attribute) -> ActiveModel {
    ActiveModel {
        account_id: Set(account.0),
        key: Set(attribute.key.as_str().to_owned()),
        value: Set(attribute.value.as_str().to_owned()),
    }
}

/// The attributes of an account, by key.
pub(crate) async fn of_account(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Attribute>, Error> {
    let rows = Entity::find().filter(Column::AccountId.eq(account.0)).order_by_asc(Column::Key).all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| Attribute { key: AttributeKey::stored(row.key), value: AttributeValue::stored(row.value) })
        .collect())
}

/// The attributes of some accounts, each by key, read with one query.
pub(crate) async fn of_accounts(
    db: &impl ConnectionTrait,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, Vec<Attribute>>, Error> {
    let ids: Vec<_> = accounts.into_iter().map(|account| account.0).collect();
    let mut attributes: HashMap<AccountId, Vec<Attribute>> = HashMap::new();
    if ids.is_empty() {
        return Ok(attributes);
    }
    let rows = Entity::find().filter(Column::AccountId.is_in(ids)).order_by_asc(Column::Key).all(db).await?;
    for row in rows {
        let attribute = Attribute { key: AttributeKey::stored(row.key), value: AttributeValue::stored(row.value) };
        attributes.entry(AccountId(row.account_id)).or_default().push(attribute);
    }
    Ok(attributes)
}

/// Deletes the attributes of an account.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, account: AccountId) -> Result<(), Error> {
    Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await?;
    Ok(())
}
