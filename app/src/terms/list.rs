//! The list of terms.

use domain::flows::{TermsDetails, TermsSummary};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::api::{self, Listed};
use super::dialogs::{CreateDialog, PREFETCH};
use super::text;
use crate::pages;
use crate::ui::{Crumbs, Head, Icon, IconName, Load, Skeleton, Table, Time, TimeAs, nothing};

/// The page.
#[component]
pub fn TermsListPage() -> impl IntoView {
    let terms = Resource::new(|| (), |()| api::list());
    let creating = RwSignal::new(false);
    let navigate = StoredValue::new(use_navigate());
    let saved = Callback::new(move |created: TermsDetails| {
        let path = pages::terms(created.summary.terms.id);
        navigate.with_value(|navigate| navigate(&path, NavigateOptions::default()));
    });
    view! {
        <Title text=text::TERMS />
        <Crumbs path=pages::FLOWS.path list=text::FLOWS name=text::TERMS.to_owned() />
        <Load
            from=terms
            skeleton=Skeleton::Table
            heading=text::TERMS
            children=move |Listed { terms, can_change }| {
                view! {
                    <div class="page-head">
                        <div>
                            <h1>{text::TERMS}</h1>
                            <p class="page-sub">{text::ABOUT}</p>
                        </div>
                        <div class="page-acts">
                            {can_change
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            id="create-terms"
                                            class="btn btn-primary"
                                            data-prefetch=PREFETCH
                                            on:click=move |_| creating.set(true)
                                        >
                                            <Icon name=IconName::Plus />
                                            {text::CREATE}
                                        </button>
                                    }.into_any()
                                })}
                        </div>
                    </div>
                    {table(terms)}
                }
            }
        />
        <CreateDialog open=creating saved />
    }
}

fn table(terms: Vec<TermsSummary>) -> AnyView {
    if terms.is_empty() {
        return nothing(text::NO_TERMS, text::NO_TERMS_TEXT, None);
    }
    let heads = view! {
        <Head label=text::NAME />
        <Head label=text::PRESENT />
        <Head label=text::ACCEPTED_BY />
        <Head label=text::USED_BY />
    }
    .into_any();
    view! {
        <Table label=text::TERMS heads pager=()>
            {terms.into_iter().map(row).collect_view()}
        </Table>
    }
    .into_any()
}

fn row(terms: TermsSummary) -> AnyView {
    let TermsSummary { terms, version, published_at, used_by, accepted_by } = terms;
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <a class="cell-title clip" dir="auto" id=format!("terms-{}", terms.id) href=pages::terms(terms.id)>
                    {terms.name.to_string()}
                </a>
            </th>
            <td role="cell" data-label=text::PRESENT class="cell-fit">
                <div>
                    {text::version(version)}
                    <span class="cell-sub">
                        <Time at=published_at show=TimeAs::Day />
                    </span>
                </div>
            </td>
            <td role="cell" data-label=text::ACCEPTED_BY class="cell-fit">
                {text::members(accepted_by)}
            </td>
            <td role="cell" data-label=text::USED_BY class="cell-fit">
                {text::flows(used_by.len())}
            </td>
        </tr>
    }
    .into_any()
}
