//! Operations on mail: the settings of the server that takes it, and the mails that were sent or wait.

mod wire;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::wire::MailSettings;
use self::wire::{Mail, MailId, MailLink, Mails, MailsParams, NewMailSettings};
use crate::api::extract::{Bearer, IdPath, Json, Query};
use crate::api::{PREFIX, Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(settings, configure, turn_off))
        .routes(routes!(send_test))
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(resend))
        .routes(routes!(copy_link))
}

/// Read the settings of mail. The password is never shown
#[utoipa::path(
    get,
    path = "/admin/mail/settings",
    operation_id = "get_mail_settings",
    tag = "mail",
    responses(
        (status = 200, description = "The settings.", body = MailSettings),
        problem::Always, problem::Guarded,
    ),
    security(("bearer" = [])),
)]
async fn settings(State(ctx): State<service::Ctx>, Bearer(actor): Bearer) -> Result<axum::Json<MailSettings>, Problem> {
    Ok(axum::Json(service::mail::view(&ctx, &actor).await?.into()))
}

/// Replace the settings of mail, and turn it on. What waits is sent with them
#[utoipa::path(
    put,
    path = "/admin/mail/settings",
    operation_id = "set_mail_settings",
    tag = "mail",
    request_body = NewMailSettings,
    responses(
        (status = 200, description = "The settings as they are now.", body = MailSettings),
        problem::Always, problem::Guarded, problem::Body, problem::MailSettings,
    ),
    security(("bearer" = [])),
)]
async fn configure(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(new): Json<NewMailSettings>,
) -> Result<axum::Json<MailSettings>, Problem> {
    Ok(axum::Json(service::mail::configure(&ctx, &actor, new.into()).await?.into()))
}

/// Turn mail off and delete its settings. What waits is kept until mail is on again
#[utoipa::path(
    delete,
    path = "/admin/mail/settings",
    operation_id = "delete_mail_settings",
    tag = "mail",
    responses(
        (status = 204, description = "Mail is off."),
        problem::Always, problem::Guarded, problem::MailFixed,
    ),
    security(("bearer" = [])),
)]
async fn turn_off(State(ctx): State<service::Ctx>, Bearer(actor): Bearer) -> Result<StatusCode, Problem> {
    service::mail::turn_off(&ctx, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a test mail to the account of the API key. It is tried at once
#[utoipa::path(
    post,
    path = "/admin/mail/test",
    operation_id = "send_test_mail",
    tag = "mail",
    responses(
        (status = 202, description = "The mail, which waits to be sent.", body = Mail,
            headers(("Location" = String, description = "Where the mail is."))),
        problem::Always, problem::Guarded, problem::MailOff,
    ),
    security(("bearer" = [])),
)]
async fn send_test(State(ctx): State<service::Ctx>, Bearer(actor): Bearer) -> Result<impl IntoResponse, Problem> {
    Ok(accepted(service::mail::send_test(&ctx, &actor).await?))
}

/// List mails, newest first
#[utoipa::path(
    get,
    path = "/admin/mails",
    operation_id = "list_mails",
    tag = "mail",
    params(MailsParams),
    responses(
        (status = 200, description = "One page of mails.", body = Mails),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<MailsParams>,
) -> Result<axum::Json<Mails>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::mail::list(&ctx, &actor, &query).await?.into()))
}

/// Read one mail
#[utoipa::path(
    get,
    path = "/admin/mails/{id}",
    operation_id = "get_mail",
    tag = "mail",
    params(("id" = Uuid, Path, description = "The mail's id.")),
    responses(
        (status = 200, description = "The mail.", body = Mail),
        problem::Always, problem::Guarded, problem::OneMail,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(MailId(id)): IdPath<MailId>,
) -> Result<axum::Json<Mail>, Problem> {
    Ok(axum::Json(service::mail::get(&ctx, &actor, id).await?.into()))
}

/// Send a mail again: one that is deferred or failed, which has all its attempts before it, or another like a sent one
#[utoipa::path(
    post,
    path = "/admin/mails/{id}/resend",
    operation_id = "resend_mail",
    tag = "mail",
    params(("id" = Uuid, Path, description = "The mail's id.")),
    responses(
        (status = 202, description = "The mail that waits to be sent: the same, or the new one.", body = Mail,
            headers(("Location" = String, description = "Where the mail is."))),
        problem::Always, problem::Guarded, problem::Resend,
    ),
    security(("bearer" = [])),
)]
async fn resend(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(MailId(id)): IdPath<MailId>,
) -> Result<impl IntoResponse, Problem> {
    Ok(accepted(service::mail::resend(&ctx, &actor, id).await?))
}

/// Get the link of a mail, to send it in another way: of a password reset a new one, instead of a mail that waits
#[utoipa::path(
    post,
    path = "/admin/mails/{id}/link",
    operation_id = "copy_mail_link",
    tag = "mail",
    params(("id" = Uuid, Path, description = "The mail's id.")),
    responses(
        (status = 200, description = "The link.", body = MailLink),
        problem::Always, problem::MailLink,
    ),
    security(("bearer" = [])),
)]
async fn copy_link(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(MailId(id)): IdPath<MailId>,
) -> Result<axum::Json<MailLink>, Problem> {
    Ok(axum::Json(service::mail_links::copy(&ctx, &actor, id).await?.into()))
}

/// The answer with a mail that waits, and where to look what becomes of it.
fn accepted(mail: domain::mail::Mail) -> impl IntoResponse {
    let location = format!("{PREFIX}/admin/mails/{}", mail.id);
    (StatusCode::ACCEPTED, [(header::LOCATION, location)], axum::Json(Mail::from(mail)))
}
