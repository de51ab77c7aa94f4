//! The list of applications.

use domain::applications::{Application, ApplicationQuery, ApplicationWithSecret};
use domain::paging::{Cursor, Page};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

use super::dialogs::{CreateDialog, PREFETCH};
use super::secret::fresh;
use super::{api, text};
use crate::pages;
use crate::ui::{
    Avatar, Head, Icon, IconName, Listing, Load, Pictured, SearchForm, SecretOnce, Skeleton, Time, TimeAs, nothing,
    paging, url,
};

/// The path of the list.
pub(super) const PATH: &str = crate::pages::APPLICATIONS.path;

fn parse(params: &ParamsMap) -> ApplicationQuery {
    let q = params.get("q").map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
    ApplicationQuery { q, paging: paging(params) }
}

fn href(q: Option<&str>, cursor: Option<Cursor>) -> String {
    url::with_query(PATH, &[("q", q.map(str::to_owned)), ("cursor", cursor.map(|cursor| cursor.to_string()))])
}

/// The page.
#[component]
pub fn ApplicationsPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(parse));
    let page = Resource::new(move || asked.get(), api::list);
    let creating = RwSignal::new(false);
    let made = RwSignal::new(None);
    let navigate = use_navigate();
    let saved = Callback::new(move |created: ApplicationWithSecret| {
        if created.secret.is_some() {
            made.set(fresh(created, true));
            page.refetch();
        } else {
            navigate(&pages::application(created.application.id), NavigateOptions::default());
        }
    });
    view! {
        <Title text=text::APPLICATIONS />
        <div class="page-head">
            <div>
                <h1>{text::APPLICATIONS}</h1>
                <p class="page-sub">{text::ABOUT}</p>
            </div>
            <div class="page-acts">
                <button
                    type="button"
                    id="create-application"
                    class="btn btn-primary"
                    data-prefetch=PREFETCH
                    on:click=move |_| creating.set(true)
                >
                    <Icon name=IconName::Plus />
                    {text::CREATE}
                </button>
            </div>
        </div>
        <SecretOnce made />
        <SearchForm
            path=PATH
            label=text::SEARCH
            placeholder=text::SEARCH_EXAMPLE
            q=Signal::derive(move || asked.with(|asked| asked.q.clone().unwrap_or_default()))
            keep=Signal::derive(Vec::new)
        />
        <Load
            from=page
            skeleton=Skeleton::Table
            children=move |page| view! { <ApplicationTable page asked=asked.get_untracked() /> }
        />
        <CreateDialog open=creating saved />
    }
}

#[component]
fn ApplicationTable(page: Page<Application>, asked: ApplicationQuery) -> impl IntoView {
    if page.items.is_empty() {
        let (title, words) = match asked.q {
            Some(_) => (text::NOT_FOUND, text::NOT_FOUND_TEXT),
            None => (text::NO_APPLICATIONS, text::NO_APPLICATIONS_TEXT),
        };
        return nothing(title, words, asked.q.map(|_| (PATH.to_owned(), text::SHOW_ALL)));
    }
    let to = move |cursor| href(asked.q.as_deref(), Some(cursor));
    let heads = view! {
        <Head label=text::APPLICATION />
        <Head label=text::WHO_MAY_ENTER />
        <Head label=text::CONNECTED_BY />
        <Head label=text::CREATED class="cell-wide" />
    }
    .into_any();
    let row = |application| view! { <Row application /> }.into_any();
    view! {
        <Listing
            label=text::APPLICATIONS
            heads
            page
            row
            total=text::applications
            href=to
            words=text::PREVIOUS_NEXT
        />
    }
    .into_any()
}

#[component]
fn Row(application: Application) -> impl IntoView {
    let of = Pictured::from(&application);
    let Application { id, terms, group_refs, created_at, .. } = application;
    let sub = terms.url.map(String::from).or_else(|| terms.description.map(String::from));
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <span class="who">
                    <Avatar of class="avatar avatar-app" />
                    <span>
                        <a class="cell-title clip" dir="auto" id=format!("application-{id}") href=pages::application(id)>
                            {terms.name.to_string()}
                        </a>
                        {sub.map(|words| view! { <span class="cell-sub clip" dir="auto">{words}</span> }.into_any())}
                    </span>
                </span>
            </th>
            <td role="cell" data-label=text::WHO_MAY_ENTER>
                <span class="clip">{text::who_may_enter(terms.groups.is_none(), &group_refs)}</span>
            </td>
            <td role="cell" data-label=text::CONNECTED_BY class="cell-fit">
                {text::connected_by(terms.oidc.is_some(), terms.forward_auth.is_some(), terms.scim.is_some())}
            </td>
            <td role="cell" data-label=text::CREATED class="cell-fit cell-wide">
                <Time at=created_at show=TimeAs::Day />
            </td>
        </tr>
    }
}
