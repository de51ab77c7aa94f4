//! Server functions of the pages about groups.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::groups::{
    Candidate, Group, GroupDeletion, GroupDraft, GroupMember, GroupMemberQuery, GroupQuery, GroupRef, MembersChanged,
    MembersDraft,
};
use domain::ids::GroupId;
use domain::paging::{Limit, Page};
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "groups/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: GroupQuery) -> Result<Page<Group>, ServerFnError> {
    handle(async |ctx, actor| service::groups::list(&ctx, &actor, &query).await).await
}

/// The names of the first groups that a search finds.
#[server(prefix = "/_fn", endpoint = "groups/find", input = Json, output = Json, client = Browser)]
pub async fn find(q: String, limit: Limit) -> Result<Vec<GroupRef>, ServerFnError> {
    handle(async |ctx, actor| service::groups::find(&ctx, &actor, &q, limit).await).await
}

/// One group.
#[server(prefix = "/_fn", endpoint = "groups/get", input = Json, output = Json, client = Browser)]
pub async fn get(id: GroupId) -> Result<Group, ServerFnError> {
    handle(async |ctx, actor| service::groups::get(&ctx, &actor, id).await).await
}

/// Creates a group.
#[server(prefix = "/_fn", endpoint = "groups/create", input = Json, output = Json, client = Browser)]
pub async fn create(draft: GroupDraft) -> Result<Group, ServerFnError> {
    handle(async |ctx, actor| service::groups::create(&ctx, &actor, draft.parse()?).await).await
}

/// Changes a group.
#[server(prefix = "/_fn", endpoint = "groups/update", input = Json, output = Json, client = Browser)]
pub async fn update(id: GroupId, draft: GroupDraft) -> Result<Group, ServerFnError> {
    handle(async |ctx, actor| service::groups::update(&ctx, &actor, id, draft).await).await
}

/// What deleting a group would do.
#[server(prefix = "/_fn", endpoint = "groups/deletion", input = Json, output = Json, client = Browser)]
pub async fn deletion(id: GroupId) -> Result<GroupDeletion, ServerFnError> {
    handle(async |ctx, actor| service::groups::deletion(&ctx, &actor, id).await).await
}

/// Deletes a group.
#[server(prefix = "/_fn", endpoint = "groups/delete", input = Json, output = Json, client = Browser)]
pub async fn delete(id: GroupId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::groups::delete(&ctx, &actor, id).await).await
}

/// One page of the members of a group.
#[server(prefix = "/_fn", endpoint = "groups/members", input = Json, output = Json, client = Browser)]
pub async fn members(id: GroupId, query: GroupMemberQuery) -> Result<Page<GroupMember>, ServerFnError> {
    handle(async |ctx, actor| service::groups::members(&ctx, &actor, id, &query).await).await
}

/// The accounts that a search for new members finds.
#[server(prefix = "/_fn", endpoint = "groups/candidates", input = Json, output = Json, client = Browser)]
pub async fn candidates(id: GroupId, q: String) -> Result<Vec<Candidate>, ServerFnError> {
    handle(async |ctx, actor| service::groups::candidates(&ctx, &actor, id, &q).await).await
}

/// Adds accounts to a group, or changes who manages it.
#[server(prefix = "/_fn", endpoint = "groups/add-members", input = Json, output = Json, client = Browser)]
pub async fn add_members(id: GroupId, draft: MembersDraft) -> Result<MembersChanged, ServerFnError> {
    handle(async |ctx, actor| service::groups::add_members(&ctx, &actor, id, draft).await).await
}

/// Removes accounts from a group.
#[server(prefix = "/_fn", endpoint = "groups/remove-members", input = Json, output = Json, client = Browser)]
pub async fn remove_members(id: GroupId, draft: MembersDraft) -> Result<MembersChanged, ServerFnError> {
    handle(async |ctx, actor| service::groups::remove_members(&ctx, &actor, id, draft).await).await
}
