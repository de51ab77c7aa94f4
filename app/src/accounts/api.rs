//! The server functions of members.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::accounts::{Account, AccountDraft, AccountQuery, AccountRow, AccountStatus, NewAccountDraft};
#[cfg(feature = "ssr")]
use domain::approvals::NoteDraft;
use domain::approvals::{Decision, DecisionsDraft, DecisionsMade};
use domain::ids::AccountId;
use domain::members::{MemberDetail, MemberList};
use domain::paging::Page;
use domain::password_resets::ResetLink;
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

/// The list as its page shows it. One call, because each that a page makes adds kibibytes to what the browser downloads.
#[server(prefix = "/_fn", endpoint = "accounts/browse", input = Json, output = Json, client = Browser)]
pub async fn browse(query: AccountQuery) -> Result<MemberList, ServerFnError> {
    handle(async |ctx, actor| service::members::browse(&ctx, &actor, &query).await).await
}

/// One member.
#[server(prefix = "/_fn", endpoint = "accounts/get", input = Json, output = Json, client = Browser)]
pub async fn get(id: AccountId) -> Result<MemberDetail, ServerFnError> {
    handle(async |ctx, actor| service::members::get(&ctx, &actor, id).await).await
}

/// Creates an account.
#[server(prefix = "/_fn", endpoint = "accounts/create", input = Json, output = Json, client = Browser)]
pub async fn create(draft: NewAccountDraft) -> Result<Account, ServerFnError> {
    handle(async |ctx, actor| service::members::create(&ctx, &actor, draft.parse(ctx.now())?).await).await
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

/// Makes a link with which the password of a member can be set.
#[server(prefix = "/_fn", endpoint = "accounts/make-reset-link", input = Json, output = Json, client = Browser)]
pub async fn make_reset_link(id: AccountId) -> Result<ResetLink, ServerFnError> {
    handle(async |ctx, actor| service::password_resets::make(&ctx, &actor, id).await).await
}

/// Has the activation link of a member sent again. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/resend-activation", input = Json, output = Json, client = Browser)]
pub async fn resend_activation(id: AccountId) -> Result<AccountStatus, ServerFnError> {
    handle(async |ctx, actor| service::verification::resend_for(&ctx, &actor, id).await).await
}

/// Marks the address of a member as verified. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/mark-verified", input = Json, output = Json, client = Browser)]
pub async fn mark_verified(id: AccountId) -> Result<AccountStatus, ServerFnError> {
    handle(async |ctx, actor| service::verification::mark_verified(&ctx, &actor, id).await).await
}

/// Decides about an account that is pending approval. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/decide", input = Json, output = Json, client = Browser)]
pub async fn decide(id: AccountId, decision: Decision, note: Option<String>) -> Result<AccountStatus, ServerFnError> {
    let note = NoteDraft { note };
    handle(async |ctx, actor| service::approvals::decide(&ctx, &actor, id, decision, note.parse()?).await).await
}

/// Decides about several accounts.
#[server(prefix = "/_fn", endpoint = "accounts/decide-all", input = Json, output = Json, client = Browser)]
pub async fn decide_all(draft: DecisionsDraft) -> Result<DecisionsMade, ServerFnError> {
    handle(async |ctx, actor| {
        let (accounts, decision, note) = draft.parse()?;
        service::approvals::decide_all(&ctx, &actor, accounts, decision, note).await
    })
    .await
}

/// Takes back a decision: an approval that was just given, or a decline. Returns the status afterwards.
#[server(prefix = "/_fn", endpoint = "accounts/undo-decision", input = Json, output = Json, client = Browser)]
pub async fn undo_decision(id: AccountId, decision: Decision) -> Result<AccountStatus, ServerFnError> {
    handle(async |ctx, actor| service::approvals::undo(&ctx, &actor, id, decision).await).await
}
