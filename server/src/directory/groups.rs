//! `/Groups`: groups, and who is in them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::{Group, group_terms};
use domain::ids::GroupId;
use serde_json::{Map, Value};
use service::Ctx;
use service::directory::groups;

use super::projection::Projection;
use super::query::Query;
use super::refusal::{Kind, Refusal};
use super::request::{Caller, Id, Object};
use super::{answer, resources};

/// The attribute that is read only if it is answered, because there can be many.
const MEMBERS: &str = "members";

/// Lists groups.
pub async fn list(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    query: Query,
    projection: Projection,
) -> Result<Response, Refusal> {
    let terms = group_terms(&query.filter()?).map_err(Refusal::unparsed(Kind::Filter))?;
    let window = query.window()?;
    let page = groups::list(&ctx, &actor, &terms, window, projection.wants(MEMBERS)).await?;
    let groups = page.items.into_iter().map(|group| answered(&ctx, &projection, group));
    let groups = groups.map(|group| projection.apply(group)).collect();
    Ok(answer::list(groups, page.total, window, page.next))
}

/// Answers one group.
pub async fn get(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    Id(id): Id<GroupId>,
    projection: Projection,
) -> Result<Response, Refusal> {
    let group = groups::get(&ctx, &actor, id, projection.wants(MEMBERS)).await?;
    Ok(one(&ctx, StatusCode::OK, &projection, group))
}

/// Creates a group.
pub async fn create(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    projection: Projection,
    Object(body): Object,
) -> Result<Response, Refusal> {
    let new = resources::group_draft(&body)?.parse()?;
    let group = groups::create(&ctx, &actor, new, projection.wants(MEMBERS)).await?;
    Ok(one(&ctx, StatusCode::CREATED, &projection, group))
}

/// Replaces a group, and who is in it.
pub async fn replace(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    Id(id): Id<GroupId>,
    projection: Projection,
    Object(body): Object,
) -> Result<Response, Refusal> {
    let change = resources::group_draft(&body)?.replacement()?;
    let group = groups::change(&ctx, &actor, id, change, projection.wants(MEMBERS)).await?;
    Ok(one(&ctx, StatusCode::OK, &projection, group))
}

/// Changes a group. It is answered only if attributes are asked for (RFC 7644, section 3.5.2), because it can have many
/// members.
pub async fn change(
    State(ctx): State<Ctx>,
    Caller(actor): Caller,
    Id(id): Id<GroupId>,
    projection: Projection,
    Object(body): Object,
) -> Result<Response, Refusal> {
    let change = resources::group_changes(&body)?.change()?;
    let is_answered = projection.is_chosen();
    let group = groups::change(&ctx, &actor, id, change, is_answered && projection.wants(MEMBERS)).await?;
    Ok(if is_answered { one(&ctx, StatusCode::OK, &projection, group) } else { answer::no_content() })
}

/// Deletes a group. Its members keep their accounts.
pub async fn delete(State(ctx): State<Ctx>, Caller(actor): Caller, Id(id): Id<GroupId>) -> Result<Response, Refusal> {
    groups::delete(&ctx, &actor, id).await?;
    Ok(answer::no_content())
}

fn one(ctx: &Ctx, status: StatusCode, projection: &Projection, group: Group) -> Response {
    let location = answer::location(ctx.public_url(), "Groups", group.id);
    answer::resource(status, projection, location, answered(ctx, projection, group))
}

fn answered(ctx: &Ctx, projection: &Projection, group: Group) -> Map<String, Value> {
    resources::group(ctx.public_url(), group, projection.names(MEMBERS, "display"))
}
