//! The page of one flow: its form, what uses it, and its versions.

use domain::flows::{FlowSummary, FlowVersion};
use domain::ids::FlowId;
use domain::invites::InviteRef;
use domain::paging::{Count, Page};
use domain::text::isolated;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::api::{self, Opened};
use super::delete::DeleteDialog;
use super::editor::Editor;
use super::form::FlowForm;
use super::text;
use crate::pages;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Absent, Acting, Banner, Icon, IconName, Load, NamedHead, Time, TimeAs, Toasts, url};

/// What the path has in the place of an id for a new flow.
const NEW: &str = "new";

/// The page of the flow whose id is in the path, or of a new one.
#[component]
pub fn FlowPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let id = params.with(|params| match params.get_str("id") {
            Some(NEW) => Some(None),
            id => id.and_then(|id| id.parse::<FlowId>().ok()).map(Some),
        });
        let version = query.with(|query| query.get_str("version").and_then(|number| number.parse::<u32>().ok()));
        (id, version)
    });
    let opened = Resource::new(
        move || asked.get(),
        |(id, version)| async move {
            match id {
                Some(id) => api::open(id, version).await,
                None => Err(ServerFnError::respond(domain::Failure::not_found("flow"))),
            }
        },
    );
    let acting = Acting::new(move || opened.refetch());
    let toasts = Toasts::expect();
    let navigate = use_navigate();
    let to = StoredValue::new(navigate);
    let deleting = RwSignal::new(None::<Opened>);
    let saved = Callback::new(move |summary: FlowSummary| {
        toasts.done(text::saved(&isolated(summary.name.as_str()), summary.version));
        if asked.get_untracked() == (Some(Some(summary.id)), None) {
            opened.refetch();
        } else {
            let path = pages::flow(summary.id);
            to.with_value(|navigate| navigate(&path, NavigateOptions::default()));
        }
    });
    let gone = Callback::new(move |()| {
        to.with_value(|navigate| navigate(pages::FLOWS.path, NavigateOptions::default()));
    });
    view! {
        <Title text=text::FLOW />
        <Load
            from=opened
            heading=text::FLOW
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (pages::FLOWS.path, text::ALL_FLOWS) }
            children=move |opened: Opened| {
                let form = FlowForm::of(&opened.typed);
                view! {
                    {head(form, &opened, acting, deleting)}
                    <div class="stack flow-page">
                        {notices(&opened)}
                        <Editor form opened=opened.clone() saved />
                        {opened.flow.as_ref().and_then(|flow| used_by(flow, opened.used_by.clone()))}
                        {opened.flow.as_ref().map(|flow| history(flow, opened.versions.clone()))}
                    </div>
                }
            }
        />
        <DeleteDialog of=deleting gone />
    }
}

fn head(form: FlowForm, opened: &Opened, acting: Acting, deleting: RwSignal<Option<Opened>>) -> AnyView {
    let Some(flow) = &opened.flow else {
        return view! {
            <NamedHead path=pages::FLOWS.path list=text::FLOWS name=text::NEW.to_owned()>
                {preview(form)}
            </NamedHead>
        }
        .into_any();
    };
    let id = flow.id;
    let can_change = opened.can_change;
    let offers_default = can_change && !flow.is_default;
    let name = flow.name.to_string();
    let of_act = isolated(&name);
    let kept = StoredValue::new(opened.clone());
    view! {
        <NamedHead path=pages::FLOWS.path list=text::FLOWS name description=Some(text::describes(flow.version, flow.is_default))>
            {preview(form)}
            <a class="btn" id="export-flow" href=format!("{}/export", pages::flow(id)) rel="external" download="">
                <Icon name=IconName::Download />
                {text::EXPORT}
            </a>
            {offers_default
                .then(|| {
                    view! {
                        <button
                            type="button"
                            id="make-default"
                            class="btn"
                            on:click=move |_| {
                                let done = text::made_default(&of_act);
                                acting.run(api::make_default(id), move |()| done);
                            }
                        >
                            <Icon name=IconName::Check />
                            {text::MAKE_DEFAULT}
                        </button>
                    }.into_any()
                })}
            {can_change
                .then(|| {
                    view! {
                        <button
                            type="button"
                            id="delete-flow-opener"
                            data-prefetch=super::parts::DELETE_PREFETCH
                            class="btn btn-danger-quiet"
                            on:click=move |_| deleting.set(Some(kept.get_value()))
                        >
                            <Icon name=IconName::Trash />
                            {text::DELETE}
                        </button>
                    }.into_any()
                })}
        </NamedHead>
    }
    .into_any()
}

/// Shows the flow as typed as a sign-up page, in another window.
fn preview(form: FlowForm) -> AnyView {
    let typed = NodeRef::<leptos::html::Input>::new();
    let fill = move |_| {
        if let (Some(typed), Ok(document)) = (typed.get_untracked(), serde_json::to_string(&form.typed())) {
            typed.set_value(&document);
        }
    };
    view! {
        <form method="post" action=pages::FLOW_PREVIEW target="_blank">
            <input type="hidden" name="document" node_ref=typed />
            <button id="preview-flow" class="btn" on:click=fill>
                <Icon name=IconName::Eye />
                {text::PREVIEW}
            </button>
        </form>
    }
    .into_any()
}

/// What has to be known before it is edited.
fn notices(opened: &Opened) -> Option<AnyView> {
    let flow = opened.flow.as_ref()?;
    let path = pages::flow(flow.id);
    let present = flow.version;
    let earlier = opened.earlier.map(|number| {
        view! {
            <Banner tone="act" icon=IconName::Info>
                {text::is_earlier(number, present)}
                " "
                <a href=path>{text::SHOW_PRESENT}</a>
            </Banner>
        }
        .into_any()
    });
    let names: Vec<_> = opened.withheld.iter().map(|group| isolated(group.name.as_str())).collect();
    let withheld = (!names.is_empty()).then(|| {
        view! {
            <Banner tone="warn" icon=IconName::Alert>
                {text::withheld(&names)}
            </Banner>
        }
        .into_any()
    });
    let fixed = (!opened.can_change).then(|| {
        view! {
            <Banner tone="act" icon=IconName::Lock>
                {text::READ_ONLY}
            </Banner>
        }
        .into_any()
    });
    Some(view! { {earlier} {withheld} {fixed} }.into_any())
}

/// The invites that name it, for those who see invites.
fn used_by(flow: &FlowSummary, invites: Option<Page<InviteRef>>) -> Option<AnyView> {
    let (items, count): (_, Count) = (invites?.items, flow.used_by);
    let (shown, is_default) = (items.len(), flow.is_default);
    let line = |invite: InviteRef| {
        view! {
            <li>
                <span class="grow">
                    <a class="clip" href=pages::invite(invite.id)>
                        <bdi>{invite.title().to_owned()}</bdi>
                    </a>
                </span>
            </li>
        }
        .into_any()
    };
    Some(
        view! {
            <section class="stack" aria-labelledby="used-by">
                <h2 id="used-by">{text::USED_BY}</h2>
                {is_default.then(|| view! { <p class="soft">{text::USED_AS_DEFAULT}</p> }.into_any())}
                {if shown == 0 {
                    view! { <p class="soft">{text::USED_BY_NONE}</p> }.into_any()
                } else {
                    view! {
                        <div class="card">
                            <ul class="list">{items.into_iter().map(line).collect_view()}</ul>
                        </div>
                        <p class="help">{text::used_by_shown(shown, count)}</p>
                    }
                        .into_any()
                }}
            </section>
        }
        .into_any(),
    )
}

/// Its versions, newest first. Each can be opened, and saved again.
fn history(flow: &FlowSummary, versions: Vec<FlowVersion>) -> AnyView {
    let (path, present) = (pages::flow(flow.id), flow.version);
    let line = move |FlowVersion { number, saved_at, saved_by }: FlowVersion| {
        let href = url::with_query(&path, &[("version", (number != present).then(|| number.to_string()))]);
        let by = saved_by.map(|account| {
            let name = account.display_name().to_owned();
            view! { " " {text::BY} " " <bdi>{name}</bdi> }.into_any()
        });
        view! {
            <li>
                <span class="grow">
                    <a href=href>{text::version(number)}</a>
                    {(number == present).then(|| view! { " " <span class="badge" data-status="live">{text::PRESENT}</span> }.into_any())}
                </span>
                <span class="end">
                    <Time at=saved_at show=TimeAs::Both />
                    {by}
                </span>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="versions">
            <div>
                <h2 id="versions">{text::VERSIONS}</h2>
                <p class="help">{text::VERSIONS_HELP}</p>
            </div>
            <div class="card">
                <ul class="list">{versions.into_iter().map(line).collect_view()}</ul>
            </div>
        </section>
    }
    .into_any()
}
