//! Operations on invites, and the look-up of a code.

mod bulk;
mod invitation;
mod own;
mod terms;
mod wire;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::Failure;
use domain::ids::InviteId;
use domain::invites::InviteDraft;
use domain::signup::Lookup;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::invitation::Invitation;
pub use self::own::QuotaPeriod;
pub use self::wire::Invite;
pub use self::wire::NewInvite;
use self::wire::{InviteChange, Invites, InvitesParams};
use crate::api::extract::{Bearer, Client, CodePath, IdPath, Json, Query};
use crate::api::{PREFIX, Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(create, list))
        .routes(routes!(get, update, delete))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(bulk::change))
        .routes(routes!(lookup))
        .merge(own::routes())
}

/// Create an invite
#[utoipa::path(
    post,
    path = "/admin/invites",
    operation_id = "create_invite",
    tag = "invites",
    request_body = NewInvite,
    responses(
        (status = 201, description = "The invite.", body = Invite,
            headers(("Location" = String, description = "Where the invite is."))),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::CodeTaken,
        problem::Limits,
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<InviteDraft>,
) -> Result<impl IntoResponse, Problem> {
    let new = draft.parse(ctx.now())?;
    let invite = service::invites::create(&ctx, &actor, new).await?;
    let location = format!("{PREFIX}/admin/invites/{}", invite.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(Invite::from(invite))))
}

/// List invites, newest first unless sorted otherwise
#[utoipa::path(
    get,
    path = "/admin/invites",
    operation_id = "list_invites",
    tag = "invites",
    params(InvitesParams),
    responses(
        (status = 200, description = "One page of invites.", body = Invites),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<InvitesParams>,
) -> Result<axum::Json<Invites>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::invites::list(&ctx, &actor, &query).await?.into()))
}

/// Read one invite
#[utoipa::path(
    get,
    path = "/admin/invites/{id}",
    operation_id = "get_invite",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invite's id.")),
    responses(
        (status = 200, description = "The invite.", body = Invite),
        problem::Always, problem::Guarded, problem::OneInvite,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteId>,
) -> Result<axum::Json<Invite>, Problem> {
    Ok(axum::Json(service::invites::get(&ctx, &actor, id).await?.into()))
}

/// Change an invite
///
/// A change counts for those who use the invite from then on. Accounts that have used it keep their role, groups, attributes and
/// ends, also those that the invite no longer gives, and do not get those added later. Accounts pending approval stay pending,
/// and active ones active, whatever becomes of `approval`; addresses that the invite no longer admits keep their accounts. A
/// request to join that is open is granted with the groups and the end that the invite has when it is granted.
#[utoipa::path(
    patch,
    path = "/admin/invites/{id}",
    operation_id = "update_invite",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invite's id.")),
    request_body = InviteChange,
    responses(
        (status = 200, description = "The invite as it is now.", body = Invite),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneInvite, problem::Change,
        problem::Limits,
    ),
    security(("bearer" = [])),
)]
async fn update(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteId>,
    Json(draft): Json<InviteDraft>,
) -> Result<axum::Json<Invite>, Problem> {
    Ok(axum::Json(service::invites::update(&ctx, &actor, id, draft).await?.into()))
}

/// Delete an invite for good; its redemptions stay. Deleting it again is no error
#[utoipa::path(
    delete,
    path = "/admin/invites/{id}",
    operation_id = "delete_invite",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invite's id.")),
    responses(
        (status = 204, description = "It is deleted."),
        problem::Always, problem::Guarded, problem::OneInvite,
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteId>,
) -> Result<StatusCode, Problem> {
    service::invites::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pause an invite: it cannot be used until it is resumed. Pausing it again is no error
#[utoipa::path(
    post,
    path = "/admin/invites/{id}/pause",
    operation_id = "pause_invite",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invite's id.")),
    responses(
        (status = 200, description = "The invite as it is now.", body = Invite),
        problem::Always, problem::Guarded, problem::OneInvite, problem::Deleted,
    ),
    security(("bearer" = [])),
)]
async fn pause(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteId>,
) -> Result<axum::Json<Invite>, Problem> {
    Ok(axum::Json(service::invites::pause(&ctx, &actor, id).await?.into()))
}

/// Resume a paused invite. Resuming one that is not paused is no error
#[utoipa::path(
    post,
    path = "/admin/invites/{id}/resume",
    operation_id = "resume_invite",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invite's id.")),
    responses(
        (status = 200, description = "The invite as it is now.", body = Invite),
        problem::Always, problem::Guarded, problem::OneInvite, problem::Deleted,
    ),
    security(("bearer" = [])),
)]
async fn resume(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteId>,
) -> Result<axum::Json<Invite>, Problem> {
    Ok(axum::Json(service::invites::resume(&ctx, &actor, id).await?.into()))
}

/// Look up an invite code. Uses nothing
#[utoipa::path(
    get,
    path = "/invites/{code}",
    operation_id = "lookup_invite",
    tag = "signup",
    params(("code" = String, Path, description = "The invite's code.")),
    responses(
        (status = 200, description = "The code can be used now.", body = Invitation),
        problem::Always, problem::BadCode,
    ),
    security(()),
)]
async fn lookup(
    State(ctx): State<service::Ctx>,
    Client(client): Client,
    CodePath(code): CodePath,
) -> Result<axum::Json<Invitation>, Problem> {
    match service::invites::lookup(&ctx, &code, &client).await? {
        Lookup::Open(invitation) => Ok(axum::Json((*invitation).into())),
        // The sign-up page tells the holder of a real invite link the status; a program could try a million codes.
        Lookup::Unavailable { .. } | Lookup::Unknown => Err(Failure::invite_invalid().into()),
    }
}
