//! Operations on groups and their members.

mod wire;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::groups::{GroupDraft, MembersDraft, MembershipEndsDraft};
use domain::ids::{AccountId, GroupId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::wire::{
    AccountGroups, Group, GroupChange, GroupInvites, GroupMembers, GroupMembersParams, Groups, GroupsParams,
    MembersAdd, MembersChanged, MembersRemove, MembershipEnds, NewGroup,
};
use super::paging::PageParams;
use crate::api::extract::{Bearer, IdPath, Json, Query};
use crate::api::{PREFIX, Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(create, list))
        .routes(routes!(get, update, delete))
        .routes(routes!(invites))
        .routes(routes!(members))
        .routes(routes!(add_members))
        .routes(routes!(set_member_ends))
        .routes(routes!(remove_members))
        .routes(routes!(of_account))
}

/// Create a group
#[utoipa::path(
    post,
    path = "/admin/groups",
    operation_id = "create_group",
    tag = "groups",
    request_body = NewGroup,
    responses(
        (status = 201, description = "The group.", body = Group,
            headers(("Location" = String, description = "Where the group is."))),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::GroupName,
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<GroupDraft>,
) -> Result<impl IntoResponse, Problem> {
    let group = service::groups::create(&ctx, &actor, draft.parse()?).await?;
    let location = format!("{PREFIX}/admin/groups/{}", group.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(Group::from(group))))
}

/// List groups by name: all of them, or those that the account manages
#[utoipa::path(
    get,
    path = "/admin/groups",
    operation_id = "list_groups",
    tag = "groups",
    params(GroupsParams),
    responses(
        (status = 200, description = "One page of groups.", body = Groups),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<GroupsParams>,
) -> Result<axum::Json<Groups>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::groups::list(&ctx, &actor, &query).await?.into()))
}

/// Read one group
#[utoipa::path(
    get,
    path = "/admin/groups/{id}",
    operation_id = "get_group",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The group's id.")),
    responses(
        (status = 200, description = "The group.", body = Group),
        problem::Always, problem::Guarded, problem::OneGroup,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<GroupId>,
) -> Result<axum::Json<Group>, Problem> {
    Ok(axum::Json(service::groups::get(&ctx, &actor, id).await?.into()))
}

/// Change a group
#[utoipa::path(
    patch,
    path = "/admin/groups/{id}",
    operation_id = "update_group",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The group's id.")),
    request_body = GroupChange,
    responses(
        (status = 200, description = "The group as it is now.", body = Group),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneGroup, problem::GroupName,
    ),
    security(("bearer" = [])),
)]
async fn update(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<GroupId>,
    Json(draft): Json<GroupDraft>,
) -> Result<axum::Json<Group>, Problem> {
    Ok(axum::Json(service::groups::update(&ctx, &actor, id, draft).await?.into()))
}

/// Delete a group. Its members keep their accounts; invites that grant it are paused
///
/// `GET /api/v1/admin/groups/{id}/invites` lists these invites. An invite that is resumed no longer grants the group.
#[utoipa::path(
    delete,
    path = "/admin/groups/{id}",
    operation_id = "delete_group",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The group's id.")),
    responses(
        (status = 204, description = "It is deleted."),
        problem::Always, problem::Guarded, problem::OneGroup, problem::GroupUsed,
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<GroupId>,
) -> Result<StatusCode, Problem> {
    service::groups::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the invites that grant a group and can be used, now or later, newest first
///
/// They are the invites that deleting the group pauses, and those that are paused already and can be resumed.
#[utoipa::path(
    get,
    path = "/admin/groups/{id}/invites",
    operation_id = "list_group_invites",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The group's id."), PageParams),
    responses(
        (status = 200, description = "One page of invites.", body = GroupInvites),
        problem::Always, problem::Guarded, problem::Fields, problem::OneGroup,
    ),
    security(("bearer" = [])),
)]
async fn invites(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<GroupId>,
    Query(params): Query<PageParams>,
) -> Result<axum::Json<GroupInvites>, Problem> {
    let paging = params.parse()?;
    Ok(axum::Json(service::groups::invites(&ctx, &actor, id, paging).await?.into()))
}

/// List the members of a group, those who joined last first
#[utoipa::path(
    get,
    path = "/admin/groups/{id}/members",
    operation_id = "list_group_members",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The group's id."), GroupMembersParams),
    responses(
        (status = 200, description = "One page of members.", body = GroupMembers),
        problem::Always, problem::Guarded, problem::Fields, problem::OneGroup,
    ),
    security(("bearer" = [])),
)]
async fn members(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<GroupId>,
    Query(params): Query<GroupMembersParams>,
) -> Result<axum::Json<GroupMembers>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::groups::members(&ctx, &actor, id, &query).await?.into()))
}

/// Add accounts to a group, or change who manages it. Adding a member again is no error
#[utoipa::path(
    post,
    path = "/admin/groups/{id}/members/add",
    operation_id = "add_group_members",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The group's id.")),
    request_body = MembersAdd,
    responses(
        (status = 200, description = "What was done. Accounts that do not exist are listed.", body = MembersChanged),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneGroup,
    ),
    security(("bearer" = [])),
)]
async fn add_members(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<GroupId>,
    Json(draft): Json<MembersDraft>,
) -> Result<axum::Json<MembersChanged>, Problem> {
    Ok(axum::Json(service::groups::add_members(&ctx, &actor, id, draft).await?.into()))
}

/// Set when memberships of a group end. Accounts that are not members are not added
#[utoipa::path(
    post,
    path = "/admin/groups/{id}/members/set-ends",
    operation_id = "set_group_member_ends",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The group's id.")),
    request_body = MembershipEnds,
    responses(
        (status = 200, description = "What was done. Accounts that do not exist are listed.", body = MembersChanged),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneGroup,
    ),
    security(("bearer" = [])),
)]
async fn set_member_ends(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<GroupId>,
    Json(draft): Json<MembershipEndsDraft>,
) -> Result<axum::Json<MembersChanged>, Problem> {
    Ok(axum::Json(service::groups::set_member_ends(&ctx, &actor, id, draft).await?.into()))
}

/// Remove accounts from a group. Removing one that is not a member is no error
#[utoipa::path(
    post,
    path = "/admin/groups/{id}/members/remove",
    operation_id = "remove_group_members",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The group's id.")),
    request_body = MembersRemove,
    responses(
        (status = 200, description = "What was done. Accounts that do not exist are listed.", body = MembersChanged),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneGroup,
    ),
    security(("bearer" = [])),
)]
async fn remove_members(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<GroupId>,
    Json(MembersRemove { accounts }): Json<MembersRemove>,
) -> Result<axum::Json<MembersChanged>, Problem> {
    let draft = MembersDraft { accounts, ..MembersDraft::default() };
    Ok(axum::Json(service::groups::remove_members(&ctx, &actor, id, draft).await?.into()))
}

/// List the groups of an account, by name
#[utoipa::path(
    get,
    path = "/admin/accounts/{id}/groups",
    operation_id = "list_account_groups",
    tag = "groups",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "The groups of the account.", body = AccountGroups),
        problem::Always, problem::Guarded, problem::OneAccount,
    ),
    security(("bearer" = [])),
)]
async fn of_account(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<axum::Json<AccountGroups>, Problem> {
    Ok(axum::Json(service::groups::of_account(&ctx, &actor, id).await?.into()))
}
