//! Server functions of the pages about flows.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

#[cfg(feature = "ssr")]
use domain::flows::FlowDraft;
use domain::flows::{FlowRef, FlowSummary, FlowVersion, ImportError, TermsRef};
use domain::groups::GroupRef;
use domain::ids::FlowId;
use domain::invites::InviteRef;
use domain::paging::Page;
use domain::text::TermsName;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::typed::Typed;
use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// What the page of a flow shows. One call, because each that a page makes adds kibibytes to what the browser downloads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The flow; `None` for a new one.
    pub flow: Option<FlowSummary>,
    /// The groups of its rules that nobody gets, because who saved it may not give them any more.
    pub withheld: Vec<GroupRef>,
    /// What is edited: the present version, or an earlier one.
    pub typed: Typed,
    /// The number of the version that is edited, if it is an earlier one.
    pub earlier: Option<u32>,
    /// Whether the viewer may save it.
    pub can_change: bool,
    /// The terms that it can ask for.
    pub terms: Vec<TermsRef>,
    /// The versions, newest first.
    pub versions: Vec<FlowVersion>,
    /// The newest invites that name it; `None` if the viewer does not see invites.
    pub used_by: Option<Page<InviteRef>>,
    /// The other flows, by name.
    pub others: Vec<FlowRef>,
}

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// A flow, which is created or changed unless this was a dry run.
    Flow {
        /// The flow.
        flow: FlowSummary,
        /// Whether it is created.
        is_new: bool,
        /// The names of the terms that are created with it.
        new_terms: Vec<TermsName>,
    },
    /// What is wrong with it.
    Wrong(Vec<ImportError>),
}

/// The list, and whether the viewer may change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The flows, by name.
    pub flows: Vec<FlowSummary>,
    /// Whether the viewer may create flows.
    pub can_change: bool,
}

/// All flows.
#[server(prefix = "/_fn", endpoint = "flows/list", input = Json, output = Json, client = Browser)]
pub async fn list() -> Result<Listed, ServerFnError> {
    handle(async |ctx, actor| {
        let flows = service::flows::list(&ctx, &actor).await?;
        Ok(Listed { flows, can_change: actor.permissions.contains(domain::access::Permission::SettingsChange) })
    })
    .await
}

/// The names of the flows that an invite can name, the default flow first.
#[server(prefix = "/_fn", endpoint = "flows/choices", input = Json, output = Json, client = Browser)]
pub async fn choices() -> Result<Vec<FlowRef>, ServerFnError> {
    handle(async |ctx, actor| service::flows::choices(&ctx, &actor).await).await
}

/// A flow to be edited, in its present version or an earlier one; without an id a new one.
#[server(prefix = "/_fn", endpoint = "flows/open", input = Json, output = Json, client = Browser)]
pub async fn open(id: Option<FlowId>, version: Option<u32>) -> Result<Opened, ServerFnError> {
    use domain::access::Permission;
    use domain::paging::Paging;

    handle(async |ctx, actor| {
        let all = service::flows::list(&ctx, &actor).await?;
        let others = all.into_iter().filter(|flow| Some(flow.id) != id);
        let others = others.map(|flow| FlowRef { id: flow.id, name: flow.name }).collect();
        let terms = service::terms::list(&ctx, &actor).await?.into_iter().map(|one| one.terms).collect();
        let mut opened = Opened {
            flow: None,
            withheld: Vec::new(),
            typed: Typed::default(),
            earlier: None,
            can_change: actor.permissions.contains(Permission::SettingsChange),
            terms,
            versions: Vec::new(),
            used_by: None,
            others,
        };
        let Some(id) = id else { return Ok(opened) };
        let details = service::flows::get(&ctx, &actor, id).await?;
        opened.earlier = version.filter(|number| *number != details.summary.version);
        opened.typed = match opened.earlier {
            Some(number) => (&service::flows::version(&ctx, &actor, id, number).await?).into(),
            None => (&details.flow).into(),
        };
        opened.withheld = details.withheld;
        opened.versions = service::flows::versions(&ctx, &actor, id).await?;
        if actor.permissions.contains(Permission::InvitesView) {
            opened.used_by = Some(service::flows::used_by(&ctx, &actor, id, Paging::default()).await?);
        }
        opened.flow = Some(details.summary);
        Ok(opened)
    })
    .await
}

/// Saves a new version of a flow; without an id a new flow. `edited_version` is the version that was edited, and `start_again` is
/// whether those who are filling in an earlier one have to start again.
#[server(prefix = "/_fn", endpoint = "flows/save", input = Json, output = Json, client = Browser)]
pub async fn save(
    id: Option<FlowId>,
    typed: Typed,
    edited_version: Option<u32>,
    start_again: bool,
) -> Result<FlowSummary, ServerFnError> {
    handle(async |ctx, actor| {
        let draft = FlowDraft { flow: typed.into(), edited_version, start_again };
        let saved = match id {
            Some(id) => service::flows::save(&ctx, &actor, id, draft).await,
            None => service::flows::create(&ctx, &actor, draft).await,
        };
        saved.map(|details| details.summary)
    })
    .await
}

/// Makes a flow the default.
#[server(prefix = "/_fn", endpoint = "flows/make-default", input = Json, output = Json, client = Browser)]
pub async fn make_default(id: FlowId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::flows::make_default(&ctx, &actor, id).await.map(drop)).await
}

/// Deletes a flow. Another takes its place, if one is named.
#[server(prefix = "/_fn", endpoint = "flows/delete", input = Json, output = Json, client = Browser)]
pub async fn delete(id: FlowId, replace_with: Option<FlowId>) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::flows::delete(&ctx, &actor, id, replace_with).await).await
}

/// Imports a flow from YAML or JSON; a dry run says what would be done.
#[server(prefix = "/_fn", endpoint = "flows/import", input = Json, output = Json, client = Browser)]
pub async fn import(text: String, dry_run: bool) -> Result<Found, ServerFnError> {
    use domain::flows::{ImportOutcome, Imported};

    handle(async |ctx, actor| {
        Ok(match service::flows::import(&ctx, &actor, &text, dry_run).await? {
            ImportOutcome::Imported(imported) => {
                let Imported { flow, is_new, new_terms } = *imported;
                Found::Flow { flow: flow.summary, is_new, new_terms }
            }
            ImportOutcome::Wrong(errors) => Found::Wrong(errors),
        })
    })
    .await
}
