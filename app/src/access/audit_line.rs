//! The link from the page of a thing to what the audit log has of it.

use domain::access::Permission;
use leptos::prelude::*;

use super::{IfMay, text};
use crate::pages;

/// A line of the facts about the thing with this id, for those who may see the audit log.
#[component]
pub fn AuditLine(
    /// The id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    view! {
        <IfMay permission=Permission::AuditView>
            <dt>{text::AUDIT_LOG}</dt>
            <dd>
                <a href=pages::audit_of(&id)>{text::SHOW_ENTRIES}</a>
            </dd>
        </IfMay>
    }
}
