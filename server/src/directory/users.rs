//! `/Users`: accounts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LOCATION, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use domain::directory::{User, user_terms};
use domain::ids::AccountId;
use serde_json::{Map, Value};
use service::Ctx;
use service::directory::users;

use super::projection::Projection;
use super::query::{Query, list as listed};
use super::refusal::{Kind, Refusal};
use super::request::{Caller, Id, Object};
use super::{MEDIA_TYPE, resources};

/// Lists accounts.
pub async fn list(State(ctx): State<Ctx>, Caller(actor): Caller, query: Query) -> Result<Response, Refusal> {
    let terms = user_terms(&query.filter()?).map_err(Refusal::unparsed(Kind::Filter))?;
    let (window, projection) = (query.window()?, query.projection()?);
    let page = users::list(&ctx, &actor, &terms, window).await?;
    let users = page.items.into_iter().map(|user| projection.apply(resources::user(ctx.public_url(), user)));
    Ok(json(StatusCode::OK, &listed(users.collect(), page.total, window, page.next)))
}

/// Answers one account.
pub async fn get(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    Id(id): Id<AccountId>,
    query: Query,
) -> Result<Response, Refusal> {
    let projection = query.projection()?;
    Ok(one(&ctx, StatusCode::OK, &projection, users::get(&ctx, &actor, id).await?))
}

/// Creates an account.
pub async fn create(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    query: Query,
    Object(body): Object,
) -> Result<Response, Refusal> {
    let projection = query.projection()?;
    let new = resources::user_draft(&body)?.parse()?;
    Ok(one(&ctx, StatusCode::CREATED, &projection, users::create(&ctx, &actor, new).await?))
}

/// Replaces an account.
pub async fn replace(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    Id(id): Id<AccountId>,
    query: Query,
    Object(body): Object,
) -> Result<Response, Refusal> {
    let projection = query.projection()?;
    let draft = resources::user_draft(&body)?;
    resources::refuse_password(draft.password.is_some())?;
    let change = draft.replacement()?;
    Ok(one(&ctx, StatusCode::OK, &projection, users::change(&ctx, &actor, id, change).await?))
}

/// Changes an account.
pub async fn change(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    Id(id): Id<AccountId>,
    query: Query,
    Object(body): Object,
) -> Result<Response, Refusal> {
    let projection = query.projection()?;
    let change = resources::user_changes(&body)?.change()?;
    Ok(one(&ctx, StatusCode::OK, &projection, users::change(&ctx, &actor, id, change).await?))
}

/// Deletes an account.
pub async fn delete(State(ctx): State<Ctx>, Caller(actor): Caller, Id(id): Id<AccountId>) -> Result<Response, Refusal> {
    users::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn one(ctx: &Ctx, status: StatusCode, projection: &Projection, user: User) -> Response {
    let location = resources::location(ctx.public_url(), "Users", user.account.id);
    resource(status, projection, location, resources::user(ctx.public_url(), user))
}

/// The answer with one resource, and its address.
pub fn resource(
    status: StatusCode,
    projection: &Projection,
    location: String,
    resource: Map<String, Value>,
) -> Response {
    let header = if status == StatusCode::CREATED { LOCATION } else { CONTENT_LOCATION };
    ([(header, location)], json(status, &projection.apply(resource))).into_response()
}

/// The answer with a document.
pub fn json(status: StatusCode, document: &Value) -> Response {
    (status, [(CONTENT_TYPE, MEDIA_TYPE)], document.to_string()).into_response()
}
