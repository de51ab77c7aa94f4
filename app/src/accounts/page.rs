//! The list of members.

use domain::access::Permission;
use domain::accounts::{AccountQuery, AccountRow, AccountStatus, Role};
use domain::paging::{Counts, Cursor, Page};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::actions::{Acts, RowActs};
use super::badges::{AccountBadge, RoleBadge};
use super::dialogs::{CreateDialog, PREFETCH};
use super::{api, text};
use crate::access::IfMay;
use crate::groups::{self, AddToGroupDialog};
use crate::pages;
use crate::ui::{
    Empty, Head, Icon, IconName, Load, Online, Pager, Person, SearchForm, SelectAll, SelectRow, Selection,
    SelectionBar, Skeleton, Table, Time, TimeAs, paging, status_filters, url,
};

/// The path of the list.
pub(super) const PATH: &str = "/admin/members";

/// The query of a URL.
fn parse(params: &ParamsMap) -> AccountQuery {
    AccountQuery {
        q: params.get("q").map(|q| q.trim().to_owned()).filter(|q| !q.is_empty()),
        status: params.get_str("status").and_then(|status| status.parse().ok()),
        paging: paging(params),
    }
}

/// The URL of a list.
fn href(q: Option<&str>, status: Option<AccountStatus>, cursor: Option<Cursor>) -> String {
    let pairs = [
        ("q", q.map(str::to_owned)),
        ("status", status.map(|status| status.as_str().to_owned())),
        ("cursor", cursor.map(|cursor| cursor.to_string())),
    ];
    url::with_query(PATH, &pairs)
}

/// The page.
#[component]
pub fn AccountsPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(parse));
    let page = Resource::new(move || asked.get(), api::list);
    let counts = Resource::new(|| (), |()| api::counts());
    let acts = Acts::new(move || {
        page.refetch();
        counts.refetch();
    });
    let selection = Selection::new();
    // What another page of the list shows is not selected.
    Effect::watch(move || asked.get(), move |_, _, _| selection.clear(), false);
    let adding = RwSignal::new(Vec::new());
    let creating = RwSignal::new(false);
    view! {
        <Title text=text::MEMBERS />
        <div class="page-head">
            <div>
                <h1>{text::MEMBERS}</h1>
                <p class="page-sub">{text::MEMBERS_ABOUT}</p>
            </div>
            <IfMay permission=Permission::AccountsManage>
                <div class="page-acts">
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
                </div>
            </IfMay>
        </div>
        <SearchForm
            path=PATH
            label=text::SEARCH
            placeholder=text::SEARCH_EXAMPLE
            q=Signal::derive(move || asked.with(|asked| asked.q.clone().unwrap_or_default()))
            keep=Signal::derive(move || {
                vec![("status", asked.with(|asked| asked.status.map(|status| status.as_str().to_owned())))]
            })
        />
        <Transition fallback=move || asked.with_untracked(|asked| filters(asked, None))>
            {move || {
                let asked = asked.get();
                Suspend::new(async move { filters(&asked, counts.await.ok()) })
            }}
        </Transition>
        <SelectionBar selection words=text::selected>
            <button
                type="button"
                class="btn btn-sm"
                id="add-selected"
                data-prefetch=groups::PREFETCH
                on:click=move |_| adding.set(selection.ids())
            >
                <Icon name=IconName::Groups />
                {text::ADD_TO_GROUPS}
            </button>
        </SelectionBar>
        <Load
            from=page
            skeleton=Skeleton::Table
            children=move |page| view! { <AccountTable page asked=asked.get_untracked() acts selection /> }
        />
        <CreateDialog
            open=creating
            created=Callback::new(move |_| {
                page.refetch();
                counts.refetch();
            })
        />
        <AddToGroupDialog of=adding added=Callback::new(move |()| selection.clear()) />
    }
}

/// The list's filters, with how many each leads to. What a search would find is not counted.
fn filters(asked: &AccountQuery, counts: Option<Counts<AccountStatus>>) -> AnyView {
    let counts = counts.filter(|_| asked.q.is_none());
    let href = |status| href(asked.q.as_deref(), status, None);
    status_filters(AccountStatus::ALL, AccountStatus::title, asked.status, href, counts.as_ref())
}

#[component]
fn AccountTable(page: Page<AccountRow>, asked: AccountQuery, acts: Acts, selection: Selection) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <div class="card">
                <Empty title=text::NOT_FOUND text=text::NOT_FOUND_TEXT>
                    <a class="btn" href=PATH>
                        {text::SHOW_ALL}
                    </a>
                </Empty>
            </div>
        }
        .into_any();
    }
    let to = |cursor| href(asked.q.as_deref(), asked.status, Some(cursor));
    let pager = view! {
        <Pager
            count=page.items.len()
            total=text::members
            newer=page.previous_cursor.map(to)
            older=page.next_cursor.map(to)
        />
    };
    let ids: Vec<_> = page.items.iter().map(|row| row.account.id.to_string()).collect();
    let selection = page.items.iter().all(|row| row.can_group).then_some(selection);
    let heads = view! {
        {selection.map(|selection| view! { <SelectAll selection ids /> }.into_any())}
        <Head label=text::MEMBER />
        <Head label=text::EMAIL />
        <Head label=text::ROLE />
        <Head label=text::STATUS />
        <Head label=text::INVITE />
        <Head label=text::CREATED class="cell-wide cell-created" />
        <Head label=text::ACTIONS unseen=true />
    };
    view! {
        <Table label=text::MEMBERS heads pager>
            {page.items.into_iter().map(|row| view! { <Row row acts selection /> }.into_any()).collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn Row(row: AccountRow, acts: Acts, selection: Option<Selection>) -> impl IntoView {
    let account = row.account.clone();
    let name = account.display_name().to_owned();
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
                <AccountBadge status=account.status() />
            </td>
            <td role="cell" data-label=text::INVITE>
                {match row.invite.clone() {
                    Some(invite) => {
                        view! {
                            <a class="cell-title clip" dir="auto" href=format!("/admin/invites/{}", invite.id)>
                                {invite.title().to_owned()}
                            </a>
                        }
                            .into_any()
                    }
                    None if account.role == Role::Owner => view! { <span class="muted">{text::BY_SETUP}</span> }.into_any(),
                    None => view! { <span class="muted">{text::NO_INVITE}</span> }.into_any(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_as_it_was_written() {
        let params =
            [("q", "ma"), ("status", "pending")].into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        let asked = parse(&params);
        assert_eq!((asked.q.as_deref(), asked.status), (Some("ma"), Some(AccountStatus::Pending)));
        assert_eq!(href(asked.q.as_deref(), asked.status, None), "/admin/members?q=ma&status=pending");
    }
}
