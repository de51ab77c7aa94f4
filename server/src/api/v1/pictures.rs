//! Operations on the pictures of accounts.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use domain::ids::AccountId;
use service::pictures::{self, Of};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::extract::{Bearer, IdPath};
use crate::api::{Problem, problem};
use crate::body;

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default().routes(routes!(get, set, remove))
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
    let picture = pictures::current(&ctx, &actor, id).await?;
    Ok(([(CONTENT_TYPE, picture.media_type)], picture.bytes))
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
    let of = Of::Member(id);
    let upload = pictures::admit(&ctx, &actor, of)?;
    let file = body::read_picture(request).await?;
    pictures::set(&ctx, &actor, of, file, upload).await?;
    Ok(StatusCode::NO_CONTENT)
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
