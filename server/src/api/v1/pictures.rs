//! Operations on the pictures of accounts and applications.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use domain::ids::{AccountId, ApplicationId};
use domain::pictures::PictureOwner;
use service::pictures::{self, Of};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::extract::{Bearer, IdPath};
use crate::api::{Problem, problem};
use crate::body;

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default().routes(routes!(get, set, remove)).routes(routes!(
        get_of_application,
        set_of_application,
        remove_of_application
    ))
}

/// The bytes of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it documents what is not JSON")]
pub struct Picture(Vec<u8>);

/// Read the picture of an account
#[utoipa::path(
    get,
    path = "/admin/accounts/{id}/picture",
    operation_id = "get_account_picture",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "A square of 256 pixels: a JPEG, or a WebP if some of it is transparent.",
            content((Picture = "image/jpeg"), (Picture = "image/webp"))),
        problem::Always, problem::Guarded, problem::OnePicture,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<impl IntoResponse, Problem> {
    shown(&ctx, &actor, PictureOwner::Account(id)).await
}

async fn shown(
    ctx: &service::Ctx,
    actor: &service::Actor,
    owner: PictureOwner,
) -> Result<impl IntoResponse + use<>, Problem> {
    let picture = pictures::current(ctx, actor, owner).await?;
    Ok(([(CONTENT_TYPE, picture.media_type)], picture.bytes))
}

async fn received(ctx: &service::Ctx, actor: &service::Actor, of: Of, request: Request) -> Result<StatusCode, Problem> {
    let upload = pictures::admit(ctx, actor, of)?;
    let file = body::read_picture(request).await?;
    pictures::set(ctx, actor, of, file, upload).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set the picture of an account. It is encoded again from its pixels: the middle, as a square of 256 pixels
#[utoipa::path(
    put,
    path = "/admin/accounts/{id}/picture",
    operation_id = "set_account_picture",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    request_body(
        description = "A picture of at most 2 MiB, 8,000 pixels on each side and 32 megapixels.",
        content((Picture = "image/png"), (Picture = "image/jpeg"), (Picture = "image/webp")),
    ),
    responses(
        (status = 204, description = "The account has the picture."),
        problem::Always, problem::Guarded, problem::OneAccount, problem::File,
    ),
    security(("bearer" = [])),
)]
async fn set(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
    request: Request,
) -> Result<StatusCode, Problem> {
    received(&ctx, &actor, Of::Member(id), request).await
}

/// Remove the picture of an account, if it has one
#[utoipa::path(
    delete,
    path = "/admin/accounts/{id}/picture",
    operation_id = "delete_account_picture",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 204, description = "The account has no picture."),
        problem::Always, problem::Guarded, problem::OneAccount,
    ),
    security(("bearer" = [])),
)]
async fn remove(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<StatusCode, Problem> {
    pictures::remove(&ctx, &actor, Of::Member(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read the picture of an application
#[utoipa::path(
    get,
    path = "/admin/applications/{id}/picture",
    operation_id = "get_application_picture",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    responses(
        (status = 200, description = "A square of 256 pixels: a JPEG, or a WebP if some of it is transparent.",
            content((Picture = "image/jpeg"), (Picture = "image/webp"))),
        problem::Always, problem::Guarded, problem::OneApplicationPicture,
    ),
    security(("bearer" = [])),
)]
async fn get_of_application(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
) -> Result<impl IntoResponse, Problem> {
    shown(&ctx, &actor, PictureOwner::Application(id)).await
}

/// Set the picture of an application. It is encoded again from its pixels: the middle, as a square of 256 pixels
#[utoipa::path(
    put,
    path = "/admin/applications/{id}/picture",
    operation_id = "set_application_picture",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    request_body(
        description = "A picture of at most 2 MiB, 8,000 pixels on each side and 32 megapixels.",
        content((Picture = "image/png"), (Picture = "image/jpeg"), (Picture = "image/webp")),
    ),
    responses(
        (status = 204, description = "The application has the picture."),
        problem::Always, problem::Guarded, problem::OneApplication, problem::File,
    ),
    security(("bearer" = [])),
)]
async fn set_of_application(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
    request: Request,
) -> Result<StatusCode, Problem> {
    received(&ctx, &actor, Of::Application(id), request).await
}

/// Remove the picture of an application, if it has one
#[utoipa::path(
    delete,
    path = "/admin/applications/{id}/picture",
    operation_id = "delete_application_picture",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    responses(
        (status = 204, description = "The application has no picture."),
        problem::Always, problem::Guarded, problem::OneApplication,
    ),
    security(("bearer" = [])),
)]
async fn remove_of_application(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
) -> Result<StatusCode, Problem> {
    pictures::remove(&ctx, &actor, Of::Application(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
