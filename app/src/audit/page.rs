//! The page of the audit log.

use domain::access::{Permission, Permissions};
use domain::audit::{AuditEntry, AuditFilter, Originator, OriginatorKind};
use domain::paging::Page;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::detail::Detail;
use super::filters::{Filters, chips};
use super::query::{self, PATH};
use super::sentence::sentence;
use super::{api, text};
use crate::pages;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Avatar, ExportLink, Head, Listing, Load, Skeleton, Time, nothing, paging, url};
use crate::viewer::CurrentViewer;

/// The page: all entries, or those that a filter lists.
#[component]
pub fn AuditPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(|params| query::parse(|name| params.get(name), paging(params))));
    let filter = Memo::new(move |_| asked.with(|asked| asked.filter.clone()));
    let CurrentViewer(viewer) = expect_context();
    // Both at once: what is drawn when one arrives would be drawn in what the other has replaced.
    let read = Resource::new(
        move || asked.get(),
        move |asked| async move {
            let page = api::list(asked).await?;
            let permissions = viewer.await?.permissions;
            Ok::<_, ServerFnError>((page, permissions))
        },
    );
    let csv = Signal::derive(move || filter.with(|filter| url::with_query(query::CSV_PATH, &query::state(filter))));
    view! {
        <Title text=text::AUDIT_LOG />
        <div class="page-head">
            <div>
                <h1>{text::AUDIT_LOG}</h1>
                <p class="page-sub">{text::ABOUT}</p>
            </div>
            <div class="page-acts">
                <ExportLink href=csv />
            </div>
        </div>
        <Filters filter />
        <Load
            from=read
            skeleton=Skeleton::Table
            children=move |(page, permissions): (Page<AuditEntry>, Permissions)| {
                let filter = filter.get_untracked();
                view! {
                    {chips(&filter, &page.items)}
                    <Entries page permissions filter />
                }
            }
        />
    }
}

#[component]
fn Entries(page: Page<AuditEntry>, permissions: Permissions, filter: AuditFilter) -> impl IntoView {
    if page.items.is_empty() {
        if filter == AuditFilter::default() {
            return nothing(text::EMPTY, text::EMPTY_TEXT, None);
        }
        return nothing(text::NOT_FOUND, text::NOT_FOUND_TEXT, Some((PATH.to_owned(), text::SHOW_ALL)));
    }
    let heads = view! {
        <Head label=text::WHEN sorted=Some("descending") />
        <Head label=text::WHO />
        <Head label=text::WHAT />
        <Head label=text::WHERE />
    }
    .into_any();
    let row = {
        let filter = filter.clone();
        move |entry| view! { <Row entry permissions filter=filter.clone() /> }.into_any()
    };
    let to = move |cursor| query::href(&filter, Some(cursor));
    view! { <Listing label=text::AUDIT_LOG heads page row total=text::entries href=to /> }.into_any()
}

#[component]
fn Row(entry: AuditEntry, permissions: Permissions, filter: AuditFilter) -> impl IntoView {
    let client_ip = entry.client_ip.clone().unwrap_or_else(|| text::NOWHERE.to_owned());
    view! {
        <tr role="row">
            <td role="cell" data-label=text::WHEN class="cell-fit">
                <Time at=entry.created_at />
            </td>
            <td role="cell" data-label=text::WHO>
                <Who of=entry.originator.clone() linked=permissions.contains(Permission::AccountsView) />
            </td>
            <th role="rowheader" scope="row" class="cell-main">
                <span class="audit-sentence">{sentence(&entry, permissions)}</span>
                <Detail entry filter />
            </th>
            <td role="cell" data-label=text::WHERE class="cell-fit">
                <span class="mono small">{client_ip}</span>
            </td>
        </tr>
    }
}

/// An account, by name and how it came; or what has none.
#[component]
fn Who(of: Originator, linked: bool) -> impl IntoView {
    let Some(account) = of.account.filter(|_| of.kind != OriginatorKind::Operator) else {
        return view! { <span class="cell-title">{text::originator(of.kind)}</span> }.into_any();
    };
    let name = account.display_name().to_owned();
    let name = if linked && !account.is_deleted() {
        view! {
            <a class="cell-title clip" dir="auto" href=pages::member(account.id)>
                {name}
            </a>
        }
        .into_any()
    } else {
        view! {
            <span class="cell-title clip" dir="auto">
                {name}
            </span>
        }
        .into_any()
    };
    let key = (of.kind == OriginatorKind::ApiKey).then(|| text::originator(of.kind));
    view! {
        <span class="who">
            <Avatar of=account.clone() />
            <span>
                {name}
                {key.map(|words| view! { <span class="cell-sub">{words}</span> }.into_any())}
            </span>
        </span>
    }
    .into_any()
}
