//! The list of redemptions.

use domain::ids::InviteId;
use domain::paging::Cursor;
use domain::redemptions::RedemptionQuery;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::{RedemptionTable, api};
use crate::invites::api as invites;
use crate::ui::{Icon, IconName, Load, Skeleton, paging, url};

const PATH: &str = "/admin/redemptions";

/// The query of a URL.
fn parse(params: &ParamsMap) -> RedemptionQuery {
    RedemptionQuery {
        invite: params.get_str("invite").and_then(|invite| invite.parse().ok()),
        paging: paging(params),
        ..RedemptionQuery::default()
    }
}

/// The URL of a list.
fn href(path: &str, invite: Option<InviteId>, cursor: Option<Cursor>) -> String {
    let pairs =
        [("invite", invite.map(|invite| invite.to_string())), ("cursor", cursor.map(|cursor| cursor.to_string()))];
    url::with_query(path, &pairs)
}

/// The page: all redemptions, or those of one invite.
#[component]
pub fn RedemptionsPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(parse));
    let invite = Memo::new(move |_| asked.with(|asked| asked.invite));
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
                    href=move || href("/admin/redemptions.csv", invite.get(), None)
                    rel="external"
                    download=""
                >
                    <Icon name=IconName::Download />
                    "Export CSV"
                </a>
            </div>
        </div>
        <InviteFilter invite />
        <Load
            from=page
            skeleton=Skeleton::Table
            children=move |page| {
                let to = |cursor| href(PATH, invite.get_untracked(), Some(cursor));
                let newer = page.previous_cursor.map(to);
                let older = page.next_cursor.map(to);
                view! { <RedemptionTable rows=page.items newer older links=true /> }
            }
        />
    }
}

/// The filter by invite, which offers the newest ones.
#[component]
fn InviteFilter(invite: Memo<Option<InviteId>>) -> impl IntoView {
    let choices = Resource::new(|| (), |()| invites::list(domain::invites::InviteQuery::default()));
    let named = Resource::new(
        move || invite.get(),
        |invite| async move {
            match invite {
                Some(id) => invites::get(id).await.ok(),
                None => None,
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let chosen = named.await;
                let mut options: Vec<_> = choices
                    .await
                    .map(|page| page.items)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|invite| (invite.id, invite.title().to_owned()))
                    .collect();
                // An older or deleted invite is not among the newest, but it is the one that was asked for.
                if let Some(chosen) = chosen && !options.iter().any(|(id, _)| *id == chosen.id) {
                    options.insert(0, (chosen.id, chosen.title().to_owned()));
                }
                view! { <FilterForm options chosen=invite.get_untracked() /> }
            })}
        </Transition>
    }
}

#[component]
fn FilterForm(options: Vec<(InviteId, String)>, chosen: Option<InviteId>) -> impl IntoView {
    let navigate = leptos_router::hooks::use_navigate();
    let go = move |event| {
        let invite = event_target_value(&event).parse().ok();
        let options = leptos_router::NavigateOptions { scroll: false, ..leptos_router::NavigateOptions::default() };
        navigate(&href(PATH, invite, None), options);
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
            // Without scripts; with them, choosing is enough.
            <button class="btn without-script">"Show"</button>
        </form>
    }
}
