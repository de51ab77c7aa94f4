//! The list of members.

use domain::access::Permission;
use domain::accounts::{AccountQuery, AccountRow, AccountSort, AccountStatus, Role};
use domain::members::MemberList;
use domain::paging::{Order, Page};
use domain::text::isolated;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::actions::{Acts, RowActs};
use super::badges::{AccountBadge, RoleBadge};
use super::bulk::{Bulk, BulkActs};
use super::dialogs::{CreateDialog, DecideDialog, NarrowDialog, PREFETCH};
use super::query::{self, PATH};
use super::{api, filters, text};
use crate::access::IfMay;
use crate::pages;
use crate::ui::{
    ExportLink, Head, Icon, IconName, Listing, Load, Online, Person, SearchForm, SelectAll, SelectRow, Selection,
    Skeleton, Time, TimeAs, nothing, paging, url,
};

/// The page.
#[component]
pub fn AccountsPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(|params| query::parse(|name| params.get(name), paging(params))));
    let page = Resource::new(move || asked.get(), api::browse);
    let selection = Selection::new();
    let deciding = RwSignal::new(None);
    let acts = Acts::new(move || page.refetch()).deciding(deciding);
    let bulk = Bulk { selection, asked, deciding, changed: acts.acting.changed };
    // What another list shows is not selected.
    Effect::watch(move || asked.get(), move |_, _, _| selection.clear(), false);
    let filtering = RwSignal::new(false);
    let creating = RwSignal::new(false);
    let csv = Signal::derive(move || asked.with(|asked| url::with_query(query::CSV_PATH, &query::state(asked))));
    view! {
        <Title text=text::MEMBERS />
        <div class="page-head">
            <div>
                <h1>{text::MEMBERS}</h1>
                <p class="page-sub">{text::MEMBERS_ABOUT}</p>
            </div>
            <div class="page-acts">
                <ExportLink href=csv />
                <IfMay permission=Permission::AccountsManage>
                    <button
                        type="button"
                        id="create-member"
                        class="btn"
                        data-prefetch=PREFETCH
                        on:click=move |_| creating.set(true)
                    >
                        <Icon name=IconName::Plus />
                        {text::CREATE}
                    </button>
                </IfMay>
            </div>
        </div>
        <SearchForm
            path=PATH
            label=text::SEARCH
            placeholder=text::SEARCH_EXAMPLE
            q=Signal::derive(move || asked.with(|asked| asked.filter.q.clone().unwrap_or_default()))
            keep=Signal::derive(move || asked.with(query::filters))
        />
        <BulkActs bulk />
        <Load
            from=page
            skeleton=Skeleton::Table
            children=move |MemberList { page, counts, names }| {
                let asked = asked.get_untracked();
                // Rows that the list no longer has cannot stay selected.
                selection.keep(&page.items.iter().map(|row| row.account.id.to_string()).collect::<Vec<_>>());
                view! {
                    {filters::filters(&asked, counts.as_ref(), names, filtering)}
                    <AccountTable page asked acts selection />
                }
            }
        />
        <CreateDialog
            open=creating
            created=Callback::new(move |_| page.refetch())
        />
        <DecideDialog
            of=deciding
            acts
            decided=Callback::new(move |()| {
                selection.clear();
                acts.changed();
            })
        />
        <NarrowDialog open=filtering asked />
    }
}

#[component]
fn AccountTable(page: Page<AccountRow>, asked: AccountQuery, acts: Acts, selection: Selection) -> impl IntoView {
    if page.items.is_empty() {
        return nothing(text::NOT_FOUND, text::NOT_FOUND_TEXT, Some((PATH.to_owned(), text::SHOW_ALL)));
    }
    let newest_first = (asked.sort, asked.order) == (AccountSort::Created, Order::Descending);
    let words = if newest_first { text::NEWER_OLDER } else { text::PREVIOUS_NEXT };
    let sorting = |label, sort, class| {
        let href = (query::sorted_by(&asked, sort), sort.as_str());
        view! { <Head label href sorted=query::sorted(&asked, sort) class /> }.into_any()
    };
    let ids: Vec<_> = page.items.iter().map(|row| row.account.id.to_string()).collect();
    let selection = page.items.iter().any(|row| row.can_group || row.can_decide || row.can_manage).then_some(selection);
    let heads = view! {
        {selection.map(|selection| view! { <SelectAll selection ids /> }.into_any())}
        {sorting(text::MEMBER, AccountSort::Name, "cell-name")}
        <Head label=text::EMAIL />
        <Head label=text::ROLE />
        <Head label=text::STATUS />
        <Head label=text::INVITE />
        {sorting(text::LAST_ACTIVE, AccountSort::LastActive, "cell-active")}
        {sorting(text::CREATED, AccountSort::Created, "cell-created")}
        <Head label=text::ACTIONS unseen=true />
    }
    .into_any();
    let row = move |row| view! { <Row row acts selection /> }.into_any();
    let to = move |cursor| query::href(&asked, Some(cursor));
    view! { <Listing label=text::MEMBERS heads page row total=text::members href=to words /> }.into_any()
}

#[component]
fn Row(row: AccountRow, acts: Acts, selection: Option<Selection>) -> impl IntoView {
    let account = row.account.clone();
    let name = account.display_name().to_owned();
    // Whom to ask about somebody who waits.
    let inviter = row.inviter.as_ref().filter(|_| account.status == AccountStatus::Pending);
    let inviter = inviter.map(|inviter| text::invited_by(&isolated(inviter.display_name())));
    view! {
        <tr role="row">
            {selection
                .map(|selection| view! { <SelectRow selection id=account.id.to_string() name /> }.into_any())}
            <th role="rowheader" scope="row" class="cell-main">
                <Person
                    of=account.reference()
                    href=pages::member(account.id)
                    beside=view! { <Online of=account.presence() /> }.into_any()
                />
            </th>
            <td role="cell" data-label=text::EMAIL class="cell-mail">
                <span class="clip soft">{account.email.to_string()}</span>
            </td>
            <td role="cell" data-label=text::ROLE class="cell-fit">
                <RoleBadge role=account.role />
            </td>
            <td role="cell" data-label=text::STATUS class="cell-fit">
                <AccountBadge status=account.status />
            </td>
            <td role="cell" data-label=text::INVITE>
                {match row.invite.clone() {
                    Some(invite) => {
                        view! {
                            <a class="cell-title clip" dir="auto" href=format!("/admin/invites/{}", invite.id)>
                                {invite.title().to_owned()}
                            </a>
                            {inviter.map(|name| view! { <span class="cell-sub clip">{name}</span> }.into_any())}
                        }
                            .into_any()
                    }
                    None if account.role == Role::Owner => view! { <span class="muted">{text::BY_SETUP}</span> }.into_any(),
                    None => view! { <span class="muted">{text::NO_INVITE}</span> }.into_any(),
                }}
            </td>
            <td role="cell" data-label=text::LAST_ACTIVE class="cell-fit cell-wide cell-active">
                {match account.last_active_at {
                    Some(at) => view! { <Time at show=TimeAs::Relative /> }.into_any(),
                    None => text::NEVER.into_any(),
                }}
            </td>
            <td role="cell" data-label=text::CREATED class="cell-fit cell-wide cell-created">
                <Time at=account.created_at show=TimeAs::Day />
            </td>
            <td role="cell" class="cell-acts">
                <RowActs row acts />
            </td>
        </tr>
    }
}
