//! The server functions that set ends.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::accounts::{AccountEndsDraft, AccountsChanged};
use domain::groups::{MembersChanged, MembershipEndsDraft};
use domain::ids::GroupId;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// Sets when several accounts end.
#[server(prefix = "/_fn", endpoint = "accounts/set-ends", input = Json, output = Json, client = Browser)]
pub async fn set_account_ends(draft: AccountEndsDraft) -> Result<AccountsChanged, ServerFnError> {
    handle(async |ctx, actor| {
        let (accounts, ends_at) = draft.parse(ctx.now())?;
        service::members::set_ends(&ctx, &actor, accounts, ends_at).await
    })
    .await
}

/// Sets when memberships of a group end.
#[server(prefix = "/_fn", endpoint = "groups/set-ends", input = Json, output = Json, client = Browser)]
pub async fn set_member_ends(id: GroupId, draft: MembershipEndsDraft) -> Result<MembersChanged, ServerFnError> {
    handle(async |ctx, actor| service::groups::set_member_ends(&ctx, &actor, id, draft).await).await
}
