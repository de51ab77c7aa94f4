//! The server function of the audit log.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::audit::{AuditEntry, AuditQuery};
use domain::paging::Page;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// One page of the log.
#[server(prefix = "/_fn", endpoint = "audit/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: AuditQuery) -> Result<Page<AuditEntry>, ServerFnError> {
    handle(async |ctx, actor| service::audit_log::list(&ctx, &actor, &query).await).await
}
