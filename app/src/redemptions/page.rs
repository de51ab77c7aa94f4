//! The list of redemptions.

use domain::ids::InviteId;
use domain::paging::Cursor;
use domain::redemptions::RedemptionQuery;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::{RedemptionTable, api, text};
use crate::ui::{ExportLink, FilterForm, FilterSelect, FiltersNote, Load, SearchForm, Skeleton, nothing, paging, url};

const PATH: &str = "/admin/redemptions";

/// The query of a URL.
fn parse(params: &ParamsMap) -> RedemptionQuery {
    RedemptionQuery {
        q: params.get("q").map(|q| q.trim().to_owned()).filter(|q| !q.is_empty()),
        invite: params.get_str("invite").and_then(|invite| invite.parse().ok()),
        account: None,
        paging: paging(params),
    }
}

/// The URL of a list.
fn href(path: &str, q: Option<String>, invite: Option<InviteId>, cursor: Option<Cursor>) -> String {
    let pairs = [
        ("q", q),
        ("invite", invite.map(|invite| invite.to_string())),
        ("cursor", cursor.map(|cursor| cursor.to_string())),
    ];
    url::with_query(path, &pairs)
}

/// The page: all redemptions, or those of one invite.
#[component]
pub fn RedemptionsPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(parse));
    let invite = Memo::new(move |_| asked.with(|asked| asked.invite));
    let q = Memo::new(move |_| asked.with(|asked| asked.q.clone()));
    let page = Resource::new(move || asked.get(), api::list);
    let count = Resource::new(move || invite.get(), api::count);
    let csv = Signal::derive(move || href("/admin/redemptions.csv", q.get(), invite.get(), None));
    view! {
        <Title text=text::REDEMPTIONS />
        <div class="page-head">
            <div>
                <h1>{text::REDEMPTIONS}</h1>
                <p class="page-sub">{text::REDEMPTIONS_ABOUT}</p>
            </div>
            <div class="page-acts">
                <ExportLink href=csv />
            </div>
        </div>
        <SearchForm
            path=PATH
            label=text::SEARCH
            placeholder=text::SEARCH_EXAMPLE
            q=Signal::derive(move || q.get().unwrap_or_default())
            keep=Signal::derive(move || vec![("invite", invite.get().map(|invite| invite.to_string()))])
        />
        <InviteFilter invite q />
        <Transition>
            {move || {
                let searching = q.with(Option::is_some);
                Suspend::new(async move {
                    let count = count.await.ok().filter(|_| !searching);
                    view! { <FiltersNote note=count.map(text::total) /> }
                })
            }}
        </Transition>
        <Load
            from=page
            skeleton=Skeleton::Table
            children=move |page| {
                if page.items.is_empty() && q.with_untracked(Option::is_some) {
                    return nothing(text::NOT_FOUND, text::NOT_FOUND_TEXT, Some((PATH.to_owned(), text::SHOW_ALL)));
                }
                let to = |cursor| href(PATH, q.get_untracked(), invite.get_untracked(), Some(cursor));
                let newer = page.previous_cursor.map(to);
                let older = page.next_cursor.map(to);
                view! { <RedemptionTable rows=page.items newer older links=true /> }.into_any()
            }
        />
    }
}

/// The filter by invite. Offers the newest ones.
#[component]
fn InviteFilter(invite: Memo<Option<InviteId>>, q: Memo<Option<String>>) -> impl IntoView {
    let choices = Resource::new(move || invite.get(), api::invites);
    view! {
        <Transition>
            {move || {
                let q = q.get();
                Suspend::new(async move {
                let invites = choices.await.unwrap_or_default();
                let options = invites.into_iter().map(|invite| (invite.id.to_string(), invite.title().to_owned())).collect();
                let selects = vec![FilterSelect { name: "invite", label: text::INVITE, all: text::ALL_INVITES, options }];
                let chosen = invite.get_untracked().map(|invite| invite.to_string());
                let state = vec![("q", q), ("invite", chosen)];
                view! { <FilterForm path=PATH state=Signal::stored(state) selects /> }
            })}}
        </Transition>
    }
}
