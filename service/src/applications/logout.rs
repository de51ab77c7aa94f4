//! Applications as targets of the outbox: those that are told when a session ends (OpenID Connect Back-Channel Logout
//! 1.0).

use domain::applications::ApplicationTerms;
use domain::web::WebUrl;
use domain::{Code, Failure, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};

use super::entity::Model;
use crate::grants::logout::{self, KIND};
use crate::platform::http;
use crate::{Ctx, outbox};

/// Where an application is told that a session has ended.
pub(super) fn address(terms: &ApplicationTerms) -> Option<&WebUrl> {
    terms.oidc.as_ref()?.backchannel_logout_uri.as_ref()
}

/// Refuses an address that nothing is sent to.
///
/// # Errors
/// [`Code::Invalid`] under `oidc.backchannel_logout_uri`.
pub(super) fn check(ctx: &Ctx, terms: &ApplicationTerms) -> Result<(), Failure> {
    let Some(uri) = address(terms) else { return Ok(()) };
    let checked = http::check(uri.as_str(), ctx.webhooks_to_private_networks());
    let refuse =
        |refused: http::Refused| Failure::field(Code::Invalid, "oidc.backchannel_logout_uri", refused.to_string());
    checked.map(|_| ()).map_err(refuse)
}

/// The row with a target if it has an address, and without one if it has none. Without it, the application forgets the
/// sessions that it knew, and what waits to be sent to it is deleted.
pub(super) async fn with_target(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    row: Model,
    now: Timestamp,
) -> Result<Model, DbErr> {
    let logout_target_id = match (&row.backchannel_logout_uri, row.logout_target_id) {
        (Some(_), None) => {
            let id = ctx.randomness().uuid(now);
            outbox::store::add_target(db, id, KIND, now).await?;
            Some(id)
        }
        (None, Some(_)) => {
            remove_target(db, &row).await?;
            None
        }
        (_, target) => target,
    };
    Ok(Model { logout_target_id, ..row })
}

/// Deletes the target of an application that has one.
pub(super) async fn remove_target(db: &impl ConnectionTrait, row: &Model) -> Result<(), DbErr> {
    let Some(target) = row.logout_target_id else { return Ok(()) };
    // First what it knows, as those do who tell it that a session has ended.
    logout::forget(db, target).await?;
    outbox::store::delete_target(db, target).await
}
