//! The list of redemptions.

use domain::ids::InviteId;
use domain::paging::Cursor;
use domain::redemptions::RedemptionQuery;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::{RedemptionTable, api};
use crate::ui::{Empty, Icon, IconName, Load, SearchForm, Skeleton, paging, url};

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
    view! {
        <Title text="Redemptions" />
        <div class="page-head">
            <div>
                <h1>"Redemptions"</h1>
                <p class="page-sub">"Who signed up with which invite, and when. Kept when an invite is deleted."</p>
            </div>
            <div class="page-acts">
                <a
                    class="btn"
                    href=move || href("/admin/redemptions.csv", q.get(), invite.get(), None)
                    rel="external"
                    download=""
                >
                    <Icon name=IconName::Download />
                    "Export CSV"
                </a>
            </div>
        </div>
        <SearchForm
            path=PATH
            label="Search redemptions"
            placeholder="Member, e-mail or invite"
            q=Signal::derive(move || q.get().unwrap_or_default())
            keep=Signal::derive(move || vec![("invite", invite.get().map(|invite| invite.to_string()))])
        />
        <InviteFilter invite q />
        <Load
            from=page
            skeleton=Skeleton::Table
            children=move |page| {
                if page.items.is_empty() && q.with_untracked(Option::is_some) {
                    return view! { <NoMatches /> }.into_any();
                }
                let to = |cursor| href(PATH, q.get_untracked(), invite.get_untracked(), Some(cursor));
                let newer = page.previous_cursor.map(to);
                let older = page.next_cursor.map(to);
                view! { <RedemptionTable rows=page.items newer older links=true /> }.into_any()
            }
        />
    }
}

#[component]
fn NoMatches() -> impl IntoView {
    view! {
        <div class="card">
            <Empty
                title="No matching redemptions"
                text="Search finds words in the name, username or e-mail address of a member and in the name of an invite."
            >
                <a class="btn" href=PATH>
                    "Show all redemptions"
                </a>
            </Empty>
        </div>
    }
}

/// The filter by invite. Offers the newest ones.
#[component]
fn InviteFilter(invite: Memo<Option<InviteId>>, q: Memo<Option<String>>) -> impl IntoView {
    let choices = Resource::new(move || invite.get(), api::invites);
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let invites = choices.await.unwrap_or_default();
                let options = invites.into_iter().map(|invite| (invite.id, invite.title().to_owned())).collect();
                view! { <FilterForm options chosen=invite.get_untracked() q /> }
            })}
        </Transition>
    }
}

#[component]
fn FilterForm(options: Vec<(InviteId, String)>, chosen: Option<InviteId>, q: Memo<Option<String>>) -> impl IntoView {
    let navigate = leptos_router::hooks::use_navigate();
    let go = move |event| {
        let invite = event_target_value(&event).parse().ok();
        let options = leptos_router::NavigateOptions { scroll: false, ..leptos_router::NavigateOptions::default() };
        navigate(&href(PATH, q.get_untracked(), invite, None), options);
    };
    view! {
        <form class="toolbar" method="get" action=PATH>
            <label class="label" for="by-invite">
                "Invite"
            </label>
            <span class="select">
                <select id="by-invite" name="invite" on:change=go>
                    <option value="" selected=chosen.is_none()>
                        "All invites"
                    </option>
                    {options
                        .into_iter()
                        .map(|(id, title)| {
                            view! {
                                <option value=id.to_string() selected=chosen == Some(id)>
                                    {title}
                                </option>
                            }.into_any()
                        })
                        .collect_view()}
                </select>
                <Icon name=IconName::Down />
            </span>
            {move || q.get().map(|q| view! { <input type="hidden" name="q" value=q /> }.into_any())}
            // Without scripts; with them, choosing is enough.
            <button class="btn without-script">"Show"</button>
        </form>
    }
}
