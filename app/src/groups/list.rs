//! The list of groups.

use domain::access::Permission;
use domain::groups::{Group, GroupQuery};
use domain::paging::{Cursor, Page};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

use super::dialogs::{CreateDialog, PREFETCH};
use super::{api, text};
use crate::access::IfMay;
use crate::ui::{Head, Icon, IconName, Listing, Load, SearchForm, Skeleton, Time, TimeAs, nothing, paging, url};

/// The path of the list.
pub(super) const PATH: &str = crate::pages::GROUPS.path;

fn parse(params: &ParamsMap) -> GroupQuery {
    let q = params.get("q").map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
    GroupQuery { q, paging: paging(params) }
}

fn href(q: Option<&str>, cursor: Option<Cursor>) -> String {
    url::with_query(PATH, &[("q", q.map(str::to_owned)), ("cursor", cursor.map(|cursor| cursor.to_string()))])
}

/// The page.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(parse));
    let page = Resource::new(move || asked.get(), api::list);
    let creating = RwSignal::new(false);
    let navigate = use_navigate();
    let saved = Callback::new(move |group: Group| {
        navigate(&super::page::href(group.id), NavigateOptions::default());
    });
    view! {
        <Title text=text::GROUPS />
        <div class="page-head">
            <div>
                <h1>{text::GROUPS}</h1>
                <p class="page-sub">{text::GROUPS_ABOUT}</p>
            </div>
            <IfMay permission=Permission::GroupsManage>
                <div class="page-acts">
                    <button
                        type="button"
                        id="create-group"
                        class="btn btn-primary"
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
            label=text::SEARCH_GROUPS
            placeholder=text::SEARCH_EXAMPLE
            q=Signal::derive(move || asked.with(|asked| asked.q.clone().unwrap_or_default()))
            keep=Signal::derive(Vec::new)
        />
        <Load
            from=page
            skeleton=Skeleton::Table
            children=move |page| view! { <GroupTable page asked=asked.get_untracked() /> }
        />
        <CreateDialog open=creating saved />
    }
}

#[component]
fn GroupTable(page: Page<Group>, asked: GroupQuery) -> impl IntoView {
    if page.items.is_empty() {
        let (title, words) = match asked.q {
            Some(_) => (text::NOT_FOUND, text::NOT_FOUND_TEXT),
            None => (text::NO_GROUPS, text::NO_GROUPS_TEXT),
        };
        return nothing(title, words, asked.q.map(|_| (PATH.to_owned(), text::SHOW_ALL)));
    }
    let to = move |cursor| href(asked.q.as_deref(), Some(cursor));
    let heads = view! {
        <Head label=text::GROUP />
        <Head label=text::MEMBERS />
        <Head label=text::PERMISSIONS />
        <Head label=text::CREATED class="cell-wide" />
    }
    .into_any();
    let row = |group| view! { <Row group /> }.into_any();
    view! {
        <Listing label=text::GROUPS heads page row total=text::groups href=to words=text::PREVIOUS_NEXT />
    }
    .into_any()
}

#[component]
fn Row(group: Group) -> impl IntoView {
    let granted = group.terms.permissions.len();
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <a class="cell-title clip" dir="auto" id=format!("group-{}", group.id) href=super::page::href(group.id)>
                    {group.terms.name.to_string()}
                </a>
                {group
                    .terms
                    .description
                    .map(|words| {
                        view! {
                            <span class="cell-sub clip" dir="auto">
                                {words.to_string()}
                            </span>
                        }.into_any()
                    })}
            </th>
            <td role="cell" data-label=text::MEMBERS class="cell-fit">
                {group.members.to_string()}
            </td>
            <td role="cell" data-label=text::PERMISSIONS class="cell-fit">
                {if granted == 0 {
                    view! { <span class="muted">{text::NO_PERMISSIONS}</span> }.into_any()
                } else {
                    text::permissions(granted).into_any()
                }}
            </td>
            <td role="cell" data-label=text::CREATED class="cell-fit cell-wide">
                <Time at=group.created_at show=TimeAs::Day />
            </td>
        </tr>
    }
}
