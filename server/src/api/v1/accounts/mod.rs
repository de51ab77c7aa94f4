//! Operations on accounts.

mod wire;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::accounts::{AccountDraft, AccountEndsDraft, NewAccountDraft};
use domain::approvals::{Decision, DecisionsDraft, NoteDraft};
use domain::ids::AccountId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::wire::{
    Account, AccountChange, AccountDetail, AccountEnds, AccountState, Accounts, AccountsChanged, AccountsExportParams,
    AccountsParams, DecisionNote, Decisions, DecisionsMade, NewAccount, ResetLink,
};
use crate::api::extract::{Bearer, IdPath, Json, Query};
use crate::api::{PREFIX, Problem, problem};
use crate::csv;

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(create, list))
        .routes(routes!(export))
        .routes(routes!(get, update, delete))
        .routes(routes!(approve))
        .routes(routes!(decline))
        .routes(routes!(decide))
        .routes(routes!(set_ends))
        .routes(routes!(suspend))
        .routes(routes!(restore))
        .routes(routes!(make_reset_link))
        .routes(routes!(verify))
        .routes(routes!(resend_activation))
}

/// Create an account that needs no invite and no approval
///
/// It is created with its groups, attributes and end, or not at all.
#[utoipa::path(
    post,
    path = "/admin/accounts",
    operation_id = "create_account",
    tag = "accounts",
    request_body = NewAccount,
    responses(
        (status = 201, description = "The account.", body = Account,
            headers(("Location" = String, description = "Where the account is."))),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::Taken,
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<NewAccountDraft>,
) -> Result<impl IntoResponse, Problem> {
    let account = service::members::create(&ctx, &actor, draft.parse(ctx.now())?).await?;
    let location = format!("{PREFIX}/admin/accounts/{}", account.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(Account::from(account))))
}

/// List accounts, newest first unless sorted otherwise
#[utoipa::path(
    get,
    path = "/admin/accounts",
    operation_id = "list_accounts",
    tag = "accounts",
    params(AccountsParams),
    responses(
        (status = 200, description = "One page of accounts.", body = Accounts),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<AccountsParams>,
) -> Result<axum::Json<Accounts>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::members::list(&ctx, &actor, &query).await?.into()))
}

/// Export accounts as CSV, newest first unless sorted otherwise
///
/// All that the list has, on all of its pages, with their groups. A cell that a spreadsheet would run as a formula begins with an
/// apostrophe. The response is streamed; it is aborted if the list could not be read completely.
#[utoipa::path(
    get,
    path = "/admin/accounts.csv",
    operation_id = "export_accounts",
    tag = "accounts",
    params(AccountsExportParams),
    responses(
        (status = 200, description = "The accounts: id, name, username, email, role, status, groups, invite, created_at, \
            last_active_at, ends_at (RFC 4180, in UTF-8).", content_type = "text/csv", body = String,
            headers(("Content-Disposition" = String, description = "An attachment that is named by the time."))),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn export(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<AccountsExportParams>,
) -> Result<Response, Problem> {
    Ok(csv::accounts::download(ctx, actor, params.parse()?).await?)
}

/// Read one account
#[utoipa::path(
    get,
    path = "/admin/accounts/{id}",
    operation_id = "get_account",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "The account.", body = AccountDetail),
        problem::Always, problem::Guarded, problem::OneAccount,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<axum::Json<AccountDetail>, Problem> {
    Ok(axum::Json(service::members::get(&ctx, &actor, id).await?.into()))
}

/// Change an account. Another role ends its sessions; one with fewer permissions pauses its invites
#[utoipa::path(
    patch,
    path = "/admin/accounts/{id}",
    operation_id = "update_account",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    request_body = AccountChange,
    responses(
        (status = 200, description = "The account as it is now.", body = Account),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneAccount, problem::Taken,
    ),
    security(("bearer" = [])),
)]
async fn update(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
    Json(draft): Json<AccountDraft>,
) -> Result<axum::Json<Account>, Problem> {
    Ok(axum::Json(service::members::update(&ctx, &actor, id, draft).await?.into()))
}

/// Delete an account: its names, sessions, API keys and memberships are erased, and its invites are paused
///
/// Redemptions keep its id. Can't be undone.
#[utoipa::path(
    delete,
    path = "/admin/accounts/{id}",
    operation_id = "delete_account",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 204, description = "It is deleted."),
        problem::Always, problem::Guarded, problem::OneAccount,
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<StatusCode, Problem> {
    service::members::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Approve an account that is pending approval
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/approve",
    operation_id = "approve_account",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    request_body = DecisionNote,
    responses(
        (status = 200, description = "The status of the account now.", body = AccountState),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneAccount, problem::Decided,
    ),
    security(("bearer" = [])),
)]
async fn approve(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
    Json(draft): Json<NoteDraft>,
) -> Result<axum::Json<AccountState>, Problem> {
    let status = service::approvals::decide(&ctx, &actor, id, Decision::Approve, draft.parse()?).await?;
    Ok(axum::Json(status.into()))
}

/// Decline an account that is pending approval: it can't sign in, and the use of its invite is given back
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/decline",
    operation_id = "decline_account",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    request_body = DecisionNote,
    responses(
        (status = 200, description = "The status of the account now.", body = AccountState),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneAccount, problem::Decided,
    ),
    security(("bearer" = [])),
)]
async fn decline(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
    Json(draft): Json<NoteDraft>,
) -> Result<axum::Json<AccountState>, Problem> {
    let status = service::approvals::decide(&ctx, &actor, id, Decision::Decline, draft.parse()?).await?;
    Ok(axum::Json(status.into()))
}

/// Approve or decline several accounts; those that cannot be changed are left as they are
#[utoipa::path(
    post,
    path = "/admin/accounts/decide",
    operation_id = "decide_accounts",
    tag = "accounts",
    request_body = Decisions,
    responses(
        (status = 200, description = "How many accounts were decided about.", body = DecisionsMade),
        problem::Always, problem::Guarded, problem::Body, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn decide(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<DecisionsDraft>,
) -> Result<axum::Json<DecisionsMade>, Problem> {
    let (accounts, decision, note) = draft.parse()?;
    Ok(axum::Json(service::approvals::decide_all(&ctx, &actor, accounts, decision, note).await?.into()))
}

/// Set when several accounts end; those that cannot be changed are left as they are
#[utoipa::path(
    post,
    path = "/admin/accounts/set-ends",
    operation_id = "set_account_ends",
    tag = "accounts",
    request_body = AccountEnds,
    responses(
        (status = 200, description = "How many accounts were changed.", body = AccountsChanged),
        problem::Always, problem::Guarded, problem::Body, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn set_ends(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<AccountEndsDraft>,
) -> Result<axum::Json<AccountsChanged>, Problem> {
    let (accounts, ends_at) = draft.parse(ctx.now())?;
    Ok(axum::Json(service::members::set_ends(&ctx, &actor, accounts, ends_at).await?.into()))
}

/// Suspend an account that is active or unverified: its sessions and API keys end, and its invites are paused
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/suspend",
    operation_id = "suspend_account",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "The status of the account now. One that was neither keeps its status.",
            body = AccountState),
        problem::Always, problem::Guarded, problem::OneAccount,
    ),
    security(("bearer" = [])),
)]
async fn suspend(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<axum::Json<AccountState>, Problem> {
    Ok(axum::Json(service::members::suspend(&ctx, &actor, id).await?.into()))
}

/// Lift a suspension, or put a declined account back to pending approval
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/restore",
    operation_id = "restore_account",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "The status of the account now.", body = AccountState),
        problem::Always, problem::Guarded, problem::OneAccount, problem::UsedUp,
    ),
    security(("bearer" = [])),
)]
async fn restore(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<axum::Json<AccountState>, Problem> {
    Ok(axum::Json(service::members::restore(&ctx, &actor, id).await?.into()))
}

/// Make a link with which the password of an active account can be set, once, within an hour
///
/// Anyone who opens it can set the password: send it to the person alone. An earlier link becomes invalid. Only for accounts
/// with fewer permissions than the account of the API key.
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/reset-link",
    operation_id = "make_reset_link",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 201, description = "The link. It can't be read again.", body = ResetLink),
        problem::Always, problem::Guarded, problem::OneAccount,
    ),
    security(("bearer" = [])),
)]
async fn make_reset_link(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<impl IntoResponse, Problem> {
    let link = service::password_resets::make(&ctx, &actor, id).await?;
    Ok((StatusCode::CREATED, axum::Json(ResetLink::from(link))))
}

/// Mark the e-mail address of an unverified account as verified
///
/// Other accounts that claim the same address and are unverified are deleted.
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/verify",
    operation_id = "verify_account",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "The status of the account now. One that was not unverified keeps its status.",
            body = AccountState),
        problem::Always, problem::Guarded, problem::OneAccount, problem::AddressTaken,
    ),
    security(("bearer" = [])),
)]
async fn verify(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<axum::Json<AccountState>, Problem> {
    Ok(axum::Json(service::verification::mark_verified(&ctx, &actor, id).await?.into()))
}

/// Send the activation link of an unverified account again
///
/// The link before works until the new one is sent.
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/resend-activation",
    operation_id = "resend_activation",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "The status of the account, to which a link is sent.", body = AccountState),
        problem::Always, problem::Guarded, problem::OneAccount, problem::MailOff,
    ),
    security(("bearer" = [])),
)]
async fn resend_activation(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<axum::Json<AccountState>, Problem> {
    Ok(axum::Json(service::verification::resend_for(&ctx, &actor, id).await?.into()))
}
