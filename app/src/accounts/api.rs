//! The server functions of members.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::accounts::{
    Account, AccountDraft, AccountFilter, AccountQuery, AccountRow, AccountStatus, NewAccountDraft,
};
use domain::ids::AccountId;
use domain::members::{FilterChoices, MemberDetail};
use domain::paging::{self, Page};
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "accounts/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: AccountQuery) -> Result<Page<AccountRow>, ServerFnError> {
    handle(async |ctx, actor| service::members::list(&ctx, &actor, &query).await).await
}

/// The numbers of members by status.
#[server(prefix = "/_fn", endpoint = "accounts/counts", input = Json, output = Json, client = Browser)]
pub async fn counts() -> Result<paging::Counts<AccountStatus>, ServerFnError> {
    handle(async |ctx, actor| service::members::counts(&ctx, &actor).await).await
}

/// What the list can be narrowed to.
#[server(prefix = "/_fn", endpoint = "accounts/choices", input = Json, output = Json, client = Browser)]
pub async fn choices(filter: AccountFilter) -> Result<FilterChoices, ServerFnError> {
    handle(async |ctx, actor| service::members::filter_choices(&ctx, &actor, &filter).await).await
}

/// One member.
#[server(prefix = "/_fn", endpoint = "accounts/get", input = Json, output = Json, client = Browser)]
pub async fn get(id: AccountId) -> Result<MemberDetail, ServerFnError> {
    handle(async |ctx, actor| service::members::get(&ctx, &actor, id).await).await
}

/// Creates an account.
#[server(prefix = "/_fn", endpoint = "accounts/create", input = Json, output = Json, client = Browser)]
pub async fn create(draft: NewAccountDraft) -> Result<Account, ServerFnError> {
    handle(async |ctx, actor| service::members::create(&ctx, &actor, draft.parse()?).await).await
}

/// Changes who a member is, or their role.
#[server(prefix = "/_fn", endpoint = "accounts/update", input = Json, output = Json, client = Browser)]
pub async fn update(id: AccountId, draft: AccountDraft) -> Result<Account, ServerFnError> {
    handle(async |ctx, actor| service::members::update(&ctx, &actor, id, draft).await).await
}

/// Deletes a member for good.
#[server(prefix = "/_fn", endpoint = "accounts/delete", input = Json, output = Json, client = Browser)]
pub async fn delete(id: AccountId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::members::delete(&ctx, &actor, id).await).await
}

/// Makes a member the owner, and the viewer, who is one, an admin. Returns the number of the viewer's invites that were
/// paused.
#[server(prefix = "/_fn", endpoint = "accounts/transfer-ownership", input = Json, output = Json, client = Browser)]
pub async fn transfer_ownership(id: AccountId, password: String) -> Result<u64, ServerFnError> {
    handle(async |ctx, actor| service::members::transfer_ownership(&ctx, &actor, id, password).await).await
}

/// Suspends a member and pauses their invites. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/suspend", input = Json, output = Json, client = Browser)]
pub async fn suspend(id: AccountId) -> Result<AccountStatus, ServerFnError> {
    handle(async |ctx, actor| service::members::suspend(&ctx, &actor, id).await).await
}

/// Lifts a suspension, or puts a declined account back to pending approval. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/restore", input = Json, output = Json, client = Browser)]
pub async fn restore(id: AccountId) -> Result<AccountStatus, ServerFnError> {
    handle(async |ctx, actor| service::members::restore(&ctx, &actor, id).await).await
}

/// Approves an account. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/approve", input = Json, output = Json, client = Browser)]
pub async fn approve(id: AccountId) -> Result<AccountStatus, ServerFnError> {
    handle(async |ctx, actor| service::members::approve(&ctx, &actor, id).await).await
}

/// Takes back an approval that was just given. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/undo-approval", input = Json, output = Json, client = Browser)]
pub async fn undo_approval(id: AccountId) -> Result<AccountStatus, ServerFnError> {
    handle(async |ctx, actor| service::members::undo_approval(&ctx, &actor, id).await).await
}

/// Declines an account that is pending approval. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/decline", input = Json, output = Json, client = Browser)]
pub async fn decline(id: AccountId) -> Result<AccountStatus, ServerFnError> {
    handle(async |ctx, actor| service::members::decline(&ctx, &actor, id).await).await
}
