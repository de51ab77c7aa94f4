//! The list of invites.

use domain::invites::{Invite, InviteList, InviteQuery, InviteSort, InviteStatus};
use domain::paging::{Counts, Order, Page};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::actions::{ActMenu, Acts};
use super::bulk::{Bulk, BulkActs};
use super::dialogs::{ChangeDialog, CreateDialog};
use super::parts::{CodeTag, StatusBadge, Uses};
use super::{api, query, text};
use crate::access::IfAllowed;
use crate::pages;
use crate::ui::{
    Acting, Empty, FiltersNote, Head, Icon, IconName, Listing, Load, SearchForm, SelectAll, SelectRow, Selection,
    Skeleton, SortMenu, Time, TimeAs, browser, nothing, status_filters,
};

/// The page. `?new=1` opens the dialog that creates one.
#[component]
pub fn InvitesPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(query::parse));
    let page = Resource::new(move || asked.get(), api::browse);
    let reload = move || page.refetch();
    let acts = Acts::new(Acting::new(reload));
    let bulk = Bulk::new();

    let creating = Signal::derive(move || params.with(|params| params.get_str("new") == Some("1")));
    let close = {
        let navigate = use_navigate();
        Callback::new(move |()| {
            let list = asked.with_untracked(|asked| query::href(asked, asked.paging.cursor));
            navigate(&list, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        })
    };
    view! {
        <Title text=text::INVITES />
        <div class="page-head">
            <div>
                <h1>{text::INVITES}</h1>
                <p class="page-sub">{text::INVITES_ABOUT}</p>
            </div>
            <div class="page-acts">
                <IfAllowed is_allowed=pages::sees_invitations>
                    <a class="btn" id="invitations" href=pages::INVITATIONS.path>
                        <Icon name=IconName::Mail />
                        {text::BY_MAIL}
                    </a>
                </IfAllowed>
            </div>
        </div>
        <SearchForm
            path=query::PATH
            label=text::SEARCH
            placeholder=text::SEARCH_EXAMPLE
            q=Signal::derive(move || asked.with(|asked| asked.q.clone().unwrap_or_default()))
            keep=Signal::derive(move || asked.with(query::filters))
        />
        <BulkActs bulk asked changed=acts.acting.changed />
        <Load
            from=page
            skeleton=Skeleton::Table
            children=move |list| {
                let asked = asked.get_untracked();
                bulk.show(&asked, &list);
                let InviteList { page, counts } = list;
                view! {
                    {filters(&asked, counts)}
                    <InviteTable page asked acts selection=bulk.selection />
                }
            }
        />
        <ChangeDialog acts />
        <CreateDialog open=creating close created=Callback::new(move |()| reload()) />
    }
}

/// The list's filters, with how many each leads to, and what *All* leaves out. What a search would find is not counted.
fn filters(asked: &InviteQuery, counts: Option<Counts<InviteStatus>>) -> AnyView {
    let note = counts.as_ref().filter(|_| asked.status.is_none()).map(|counts| {
        text::total(counts.all, counts.of(Some(InviteStatus::Deleted)).filter(|deleted| deleted.counted > 0))
    });
    let href = |status| query::with_status(asked, status);
    let links = status_filters(InviteStatus::ALL, InviteStatus::title, asked.status, href, counts.as_ref());
    view! {
        <div class="filter-bar">
            {links}
            <SortMenu orders=query::orders(asked) />
        </div>
        <FiltersNote note />
    }
    .into_any()
}

#[component]
fn InviteTable(page: Page<Invite>, asked: InviteQuery, acts: Acts, selection: Selection) -> impl IntoView {
    if page.items.is_empty() {
        return view! { <NoInvites asked /> }.into_any();
    }
    // Runs in the browser alone, once the rows are there.
    Effect::new(browser::return_to_row);
    let newest_first = (asked.sort, asked.order) == (InviteSort::Created, Order::Descending);
    let words = if newest_first { text::NEWER_OLDER } else { text::PREVIOUS_NEXT };
    let sorting = |label, sort, class| {
        let href = (query::sorted_by(&asked, sort), sort.as_str());
        view! { <Head label href sorted=query::sorted(&asked, sort) class /> }.into_any()
    };
    // Nothing can be done with deleted ones.
    let selection = (asked.status != Some(InviteStatus::Deleted)).then_some(selection);
    let ids: Vec<_> = page.items.iter().map(|invite| invite.id.to_string()).collect();
    let heads = view! {
        {selection.map(|selection| view! { <SelectAll selection ids /> }.into_any())}
        <Head label=text::INVITE />
        <Head label=text::CODE />
        <Head label=text::STATUS />
        {sorting(text::USES, InviteSort::Used, "")}
        {sorting(text::EXPIRES, InviteSort::Expires, "")}
        {sorting(text::CREATED, InviteSort::Created, "cell-wide")}
        <Head label=text::ACTIONS unseen=true />
    }
    .into_any();
    let row = move |invite| view! { <InviteRow invite acts selection /> }.into_any();
    let to = move |cursor| query::href(&asked, Some(cursor));
    view! { <Listing label=text::INVITES heads page row total=text::invites href=to words /> }.into_any()
}

/// The row of an invite.
#[component]
pub(super) fn InviteRow(invite: Invite, acts: Acts, selection: Option<Selection>) -> impl IntoView {
    let title = invite.title().to_owned();
    let gone = invite.status == InviteStatus::Deleted;
    let (id, copied) = (invite.id, invite.clone());
    let link = format!("row-{id}");
    let leave = {
        let link = link.clone();
        move |_| browser::leave_by_row(link.clone())
    };
    view! {
        <tr role="row" class=gone.then_some("is-gone")>
            {selection
                .map(|selection| {
                    view! { <SelectRow selection id=id.to_string() name=title.clone() /> }.into_any()
                })}
            <th role="rowheader" scope="row" class="cell-main">
                <a class="cell-title clip" dir="auto" id=link href=format!("{}/{id}", acts.path) on:click=leave>
                    {title.clone()}
                </a>
                <span class="cell-sub clip">{text::grants(invite.terms.role.title(), &invite.group_refs)}</span>
            </th>
            <td role="cell" data-label=text::CODE class="cell-fit cell-lead">
                <CodeTag code=invite.code.clone() deleted=invite.deleted_at.is_some() />
            </td>
            <td role="cell" data-label=text::STATUS class="cell-fit cell-tail">
                <StatusBadge status=invite.status />
            </td>
            <td role="cell" data-label=text::USES class="cell-fit">
                <Uses invite=invite.clone() />
            </td>
            <td role="cell" data-label=text::EXPIRES class="cell-fit">
                {match invite.terms.expires_at {
                    // Nothing will happen to it then.
                    Some(at) if gone => view! { <Time at show=TimeAs::Day /> }.into_any(),
                    Some(at) => {
                        view! {
                            <span>
                                <Time at show=TimeAs::Relative />
                                <span class="cell-sub" aria-hidden="true">
                                    <Time at show=TimeAs::Day />
                                </span>
                            </span>
                        }
                            .into_any()
                    }
                    None => text::NEVER.into_any(),
                }}
            </td>
            <td role="cell" data-label=text::CREATED class="cell-fit cell-wide">
                <span>
                    <Time at=invite.created_at show=TimeAs::Day />
                    <span class="cell-sub" dir="auto">{invite.created_by.display_name().to_owned()}</span>
                </span>
            </td>
            <td role="cell" class="cell-acts">
                <div>
                    {(!gone)
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-quiet btn-icon btn-sm"
                                    id=format!("copy-{id}")
                                    aria-label=text::label_of_row(text::COPY_LINK, &title)
                                    aria-keyshortcuts="y"
                                    title=text::COPY_LINK
                                    on:click=move |_| acts.copy_link(&copied)
                                >
                                    <Icon name=IconName::Link />
                                </button>
                            }.into_any()
                        })}
                    <ActMenu id=format!("menu-{id}") invite acts />
                </div>
            </td>
        </tr>
    }
}

#[component]
fn NoInvites(asked: InviteQuery) -> impl IntoView {
    if asked.q.is_none() && asked.status.is_none() {
        view! {
            <div class="card">
                <Empty
                    title=text::NO_INVITES
                    text=text::NO_INVITES_TEXT
                >
                    <a class="btn btn-primary" href="/admin/invites?new=1">
                        <Icon name=IconName::Plus />
                        {text::CREATE_INVITE}
                    </a>
                </Empty>
            </div>
        }
        .into_any()
    } else {
        nothing(text::NOT_FOUND, text::NOT_FOUND_TEXT, Some((query::PATH.to_owned(), text::SHOW_ALL)))
    }
}
