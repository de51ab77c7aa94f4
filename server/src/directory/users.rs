//! `/Users`: accounts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::{User, user_terms};
use domain::ids::AccountId;
use service::Ctx;
use service::directory::users;

use super::projection::Projection;
use super::query::Query;
use super::refusal::{Kind, Refusal};
use super::request::{Caller, Id, Object};
use super::{answer, resources};

/// Lists accounts.
pub async fn list(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    query: Query,
    projection: Projection,
) -> Result<Response, Refusal> {
    let terms = user_terms(&query.filter()?).map_err(Refusal::unparsed(Kind::Filter))?;
    let window = query.window()?;
    let page = users::list(&ctx, &actor, &terms, window).await?;
    let users = page.items.into_iter().map(|user| projection.apply(resources::user(ctx.public_url(), user)));
    Ok(answer::list(users.collect(), page.total, window, page.next))
}

/// Answers one account.
pub async fn get(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    Id(id): Id<AccountId>,
    projection: Projection,
) -> Result<Response, Refusal> {
    Ok(one(&ctx, StatusCode::OK, &projection, users::get(&ctx, &actor, id).await?))
}

/// Creates an account.
pub async fn create(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    projection: Projection,
    Object(body): Object,
) -> Result<Response, Refusal> {
    let new = resources::user_draft(&body)?.parse()?;
    Ok(one(&ctx, StatusCode::CREATED, &projection, users::create(&ctx, &actor, new).await?))
}

/// Replaces an account.
pub async fn replace(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    Id(id): Id<AccountId>,
    projection: Projection,
    Object(body): Object,
) -> Result<Response, Refusal> {
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
    projection: Projection,
    Object(body): Object,
) -> Result<Response, Refusal> {
    let change = resources::user_changes(&body)?.change()?;
    Ok(one(&ctx, StatusCode::OK, &projection, users::change(&ctx, &actor, id, change).await?))
}

/// Deletes an account.
pub async fn delete(State(ctx): State<Ctx>, Caller(actor): Caller, Id(id): Id<AccountId>) -> Result<Response, Refusal> {
    users::delete(&ctx, &actor, id).await?;
    Ok(answer::no_content())
}

fn one(ctx: &Ctx, status: StatusCode, projection: &Projection, user: User) -> Response {
    let location = answer::location(ctx.public_url(), "Users", user.account.id);
    answer::resource(status, projection, location, resources::user(ctx.public_url(), user))
}
