//! The list of flows.

use domain::flows::FlowSummary;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{self, Listed};
use super::text;
use crate::pages;
use crate::ui::{Crumbs, Head, Icon, IconName, Load, Skeleton, Table, Time, TimeAs};

/// The page.
#[component]
pub fn FlowsPage() -> impl IntoView {
    let flows = Resource::new(|| (), |()| api::list());
    view! {
        <Title text=text::FLOWS />
        <Crumbs path=pages::SETTINGS.path list=text::SETTINGS name=text::FLOWS.to_owned() />
        <Load
            from=flows
            skeleton=Skeleton::Table
            heading=text::FLOWS
            children=|Listed { flows, can_change }| {
                let is_plain = flows.iter().all(|flow| flow.fields == 0 && flow.rules == 0);
                view! {
                    <div class="page-head">
                        <div>
                            <h1>{text::FLOWS}</h1>
                            <p class="page-sub">{text::ABOUT}</p>
                        </div>
                        <div class="page-acts">
                            {can_change.then(acts)}
                            <a class="btn" id="open-terms" href=pages::TERMS.path>
                                <Icon name=IconName::Check />
                                {text::TERMS}
                            </a>
                        </div>
                    </div>
                    {table(flows)}
                    {is_plain
                        .then(|| {
                            view! {
                                <p class="muted small flow-hint" id="flows-hint">
                                    {text::NOTHING_ASKED}
                                </p>
                            }.into_any()
                        })}
                }
            }
        />
    }
}

fn acts() -> AnyView {
    view! {
        <a class="btn btn-primary" id="create-flow" href=pages::NEW_FLOW>
            <Icon name=IconName::Plus />
            {text::CREATE}
        </a>
        <a class="btn" id="import-flow" href=pages::IMPORT_FLOW>
            <Icon name=IconName::Upload />
            {text::IMPORT}
        </a>
    }
    .into_any()
}

fn table(flows: Vec<FlowSummary>) -> AnyView {
    let heads = view! {
        <Head label=text::FLOW />
        <Head label=text::CONTENTS />
        <Head label=text::USED_BY />
        <Head label=text::SAVED class="cell-wide" />
    }
    .into_any();
    view! {
        <Table label=text::FLOWS heads pager=()>
            {flows.into_iter().map(row).collect_view()}
        </Table>
    }
    .into_any()
}

fn row(flow: FlowSummary) -> AnyView {
    let FlowSummary { id, name, is_default, version, steps, fields, rules, used_by, changed_at, .. } = flow;
    let href = pages::flow(id);
    let words = text::uses(used_by);
    let uses = if used_by.counted > 0 {
        view! { <a href=format!("{href}#used-by")>{words}</a> }.into_any()
    } else {
        words.into_any()
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <a class="cell-title clip" dir="auto" id=format!("flow-{id}") href=href>
                    {name.to_string()}
                </a>
                {is_default.then(|| view! { " " <span class="badge" data-status="live">{text::DEFAULT}</span> }.into_any())}
            </th>
            <td role="cell" data-label=text::CONTENTS>
                {text::contents(steps, fields, rules)}
            </td>
            <td role="cell" data-label=text::USED_BY class="cell-fit">
                {uses}
            </td>
            <td role="cell" data-label=text::SAVED class="cell-fit cell-wide">
                <div>
                    <Time at=changed_at show=TimeAs::Day />
                    <span class="cell-sub">{text::version(version)}</span>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
