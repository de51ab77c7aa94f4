//! The connections of applications by SCIM. The application is the target of what is sent to it.

use std::collections::HashMap;

use domain::Timestamp;
use domain::applications::{ScimTerms, ScimToken};
use domain::ids::ApplicationId;
use domain::web::WebUrl;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::resource;
use crate::notices::connection::{Column, Entity, Model};
use crate::notices::scim::KIND;
use crate::{Ctx, Error, outbox};

/// Connects an application, changes its connection, or removes it. Its target must be locked. What is known to be at
/// another address is forgotten; what is there stays as it is.
pub(super) async fn set(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    id: ApplicationId,
    terms: Option<&ScimTerms>,
    now: Timestamp,
) -> Result<(), Error> {
    let current = find(db, id).await?;
    let Some(terms) = terms else {
        return if current.is_some() { Ok(remove(db, id).await?) } else { Ok(()) };
    };
    let seal = |token: &ScimToken| ctx.keyring().seal_scim_token(id.0, token.expose(), ctx.randomness().bytes());
    let sealed =
        terms.token.as_ref().map(|token| Ok::<_, Error>((token.hint().to_owned(), seal(token)?))).transpose()?;
    let (token_hint, token_sealed) = match (sealed, &current) {
        (Some(sealed), _) => sealed,
        (None, Some(current)) => (current.token_hint.clone(), current.token_sealed.clone()),
        (None, None) => return Err(Error::internal("a connection by SCIM has no token")),
    };
    let row = Model {
        application_id: id.0,
        url: terms.url.to_string(),
        user_name: terms.user_name.as_str().to_owned(),
        create_accounts: terms.create,
        groups: terms.groups,
        on_removal: terms.on_removal.as_str().to_owned(),
        adopt: terms.adopt,
        token_hint,
        token_sealed,
        updated_at: now.as_micros(),
    };
    if let Some(current) = current {
        if current.url != row.url {
            resource::forget_all(db, id.0).await?;
        }
        Entity::update(row.into_active_model().reset_all()).exec(db).await?;
        // Failures of the connection as it was are no reason to wait.
        outbox::store::release(db, ctx, id.0, now).await?;
    } else {
        outbox::store::add_target(db, id.0, KIND, now).await?;
        Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Removes the connection of an application, and everything that waits for it. Its target must be locked.
pub(super) async fn remove(db: &impl ConnectionTrait, id: ApplicationId) -> Result<(), DbErr> {
    // First the connection, which waits for those who are about to write a message to it.
    if Entity::delete_by_id(id.0).exec(db).await?.rows_affected > 0 {
        outbox::store::delete_target(db, id.0).await?;
    }
    Ok(())
}

/// The connection of an application.
pub(crate) async fn find(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(db).await
}

/// What is chosen about the connections of some applications, read with one query.
pub(super) async fn of_applications(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, ScimTerms>, Error> {
    let rows = Entity::find().filter(Column::ApplicationId.is_in(ids)).all(db).await?;
    rows.iter().map(|row| Ok((row.application_id, terms(row)?))).collect()
}

/// What is chosen about the connection of a row.
pub(crate) fn terms(row: &Model) -> Result<ScimTerms, Error> {
    let parsed = || {
        Some(ScimTerms {
            url: WebUrl::parse(&row.url).ok()?,
            user_name: row.user_name.parse().ok()?,
            create: row.create_accounts,
            groups: row.groups,
            on_removal: row.on_removal.parse().ok()?,
            adopt: row.adopt,
            token: None,
        })
    };
    parsed().ok_or_else(|| Error::internal(format!("the application {} has broken terms of SCIM", row.application_id)))
}
