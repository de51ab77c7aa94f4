//! One application: who may enter, and what to enter on its side.

use domain::applications::{Application, ApplicationWithSecret, ClientSecret, ClientType, ForwardAuthTerms, OidcTerms};
use domain::ids::ApplicationId;
use domain::text::isolated;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::api::Connected;
use super::dialogs::{EditDialog, PREFETCH};
use super::doing::{delete, rotate_secret};
use super::list::PATH;
use super::secret::fresh;
use super::{api, text};
use crate::pages;
use crate::pictures::{PictureButton, PictureDialog};
use crate::scim::ScimSection;
use crate::server_fn_error::ServerFnError;
use crate::ui::{
    Absent, Acting, Avatar, CopyButton, FreshSecret, Icon, IconName, Load, NamedHead, Pictured, SecretOnce, Time,
    TimeAs,
};

/// The page of the application whose id is in the path.
#[component]
pub fn ApplicationPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get_str("id").and_then(|id| id.parse::<ApplicationId>().ok()));
    let application = Resource::new(id, |id| async move {
        match id {
            Some(id) => api::get(id).await,
            None => Err(ServerFnError::respond(domain::Failure::not_found("application"))),
        }
    });
    let acting = Acting::new(move || application.refetch());
    let navigate = use_navigate();
    let gone = Callback::new(move |()| navigate(PATH, NavigateOptions::default()));
    let (editing, made, picturing) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
    let saved = Callback::new(move |saved: ApplicationWithSecret| {
        if saved.secret.is_some() {
            made.set(fresh(saved, false));
        }
        application.refetch();
    });
    view! {
        <Title text=text::APPLICATION />
        <Load
            from=application
            heading=text::APPLICATION
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (PATH, text::ALL_APPLICATIONS) }
            children=move |connected: Connected| {
                let Connected { application, issuer, settings, proxies } = connected;
                let connection = application.terms.oidc.clone();
                let proxied = application.terms.forward_auth.clone();
                let (id, is_told) = (application.id, application.terms.scim.is_some());
                view! {
                    <Heading application=application.clone() acting gone editing />
                    <div class="stack">
                        <SecretOnce made />
                        <Summary application=application.clone() picturing />
                        {connection
                            .map(|terms| {
                                view! { <Connection application=application.clone() terms issuer settings acting made /> }.into_any()
                            })}
                        {proxied.map(|terms| view! { <Proxied terms proxies /> }.into_any())}
                        {is_told.then(|| view! { <ScimSection id /> }.into_any())}
                    </div>
                }
            }
        />
        <EditDialog of=editing saved />
        <PictureDialog
            of=picturing
            path=pages::picture_of
            changed=Callback::new(move |()| application.refetch())
        />
    }
}

#[component]
fn Heading(
    application: Application,
    acting: Acting,
    gone: Callback<()>,
    editing: RwSignal<Option<Application>>,
) -> impl IntoView {
    let id = application.id;
    let name = application.terms.name.to_string();
    let of_question = isolated(&name);
    let description = application.terms.description.as_ref().map(ToString::to_string);
    let kept = StoredValue::new(application);
    view! {
        <NamedHead path=PATH list=text::APPLICATIONS name description>
                <button
                    type="button"
                    id="edit-application-opener"
                    class="btn btn-primary"
                    data-prefetch=PREFETCH
                    on:click=move |_| editing.set(Some(kept.get_value()))
                >
                    <Icon name=IconName::Pencil />
                    {text::EDIT}
                </button>
                <button
                    type="button"
                    id="delete-application"
                    class="btn btn-danger-quiet"
                    on:click=move |_| delete(acting, id, of_question.clone(), gone)
                >
                    <Icon name=IconName::Trash />
                    {text::DELETE}
                </button>
        </NamedHead>
    }
}

/// What members see of it, and who may enter.
#[component]
fn Summary(application: Application, picturing: RwSignal<Option<Pictured>>) -> impl IntoView {
    let of = Pictured::from(&application);
    let Application { terms, group_refs, created_at, .. } = application;
    view! {
        <section class="card connection" aria-label=text::APPLICATION>
            <div class="card-body stack">
                <div class="picture">
                    <Avatar of=of.clone() class="avatar avatar-app avatar-xl" />
                    <PictureButton of editing=picturing />
                </div>
                <dl class="facts">
                    <dt>{text::ADDRESS}</dt>
                    <dd>
                        {match terms.url {
                            Some(url) => {
                                view! {
                                    <a href=url.to_string() rel="external noreferrer">
                                        {url.to_string()}
                                    </a>
                                }
                                    .into_any()
                            }
                            None => view! { <span class="muted">{text::NO_ADDRESS}</span> }.into_any(),
                        }}
                    </dd>
                    {terms
                        .sign_in_url
                        .map(|url| {
                            view! {
                                <dt>{text::SIGN_IN_ADDRESS}</dt>
                                <dd>{url.to_string()}</dd>
                            }.into_any()
                        })}
                    <dt>{text::WHO_MAY_ENTER}</dt>
                    <dd>{text::who_may_enter(terms.groups.is_none(), &group_refs)}</dd>
                    <dt>{text::CONNECTED_BY}</dt>
                    <dd>{text::connected_by(terms.oidc.is_some(), terms.forward_auth.is_some(), terms.scim.is_some())}</dd>
                    <dt>{text::CREATED}</dt>
                    <dd>
                        <Time at=created_at show=TimeAs::Day />
                    </dd>
                </dl>
            </div>
        </section>
    }
}

/// What to enter on the side of the application.
#[component]
fn Connection(
    application: Application,
    terms: OidcTerms,
    issuer: String,
    /// The name of the application by its template, and what to enter there.
    settings: Option<(String, String)>,
    acting: Acting,
    made: RwSignal<Option<FreshSecret>>,
) -> impl IntoView {
    let Application { id, secrets, terms: all, .. } = application;
    let name = isolated(all.name.as_str());
    let line = |label: &'static str, value: String| {
        view! {
            <dt>{label}</dt>
            <dd class="row row-nowrap">
                <code class="mono clip">{value.clone()}</code>
                <CopyButton text=value label=text::COPY of=label done=text::COPIED />
            </dd>
        }
        .into_any()
    };
    let is_confidential = terms.client_type == ClientType::Confidential;
    view! {
        <section class="card connection" aria-labelledby="connection">
            <div class="card-head">
                <div>
                    <h2 id="connection">{text::CONNECTION}</h2>
                    <p class="card-note">{text::CONNECTION_NOTE}</p>
                </div>
                {is_confidential
                    .then(|| {
                        let rotate = move |_| rotate_secret(acting, id, &name, made);
                        view! {
                            <button type="button" id="rotate-secret" class="btn btn-sm" on:click=rotate>
                                <Icon name=IconName::Refresh />
                                {text::ROTATE}
                            </button>
                        }.into_any()
                    })}
            </div>
            <div class="card-body">
                <dl class="facts">
                    {line(text::ISSUER, issuer.clone())}
                    {line(text::DISCOVERY, format!("{issuer}/.well-known/openid-configuration"))}
                    {line(text::CLIENT_ID, id.to_string())}
                    <dt>{text::CLIENT_SECRET}</dt>
                    <dd>
                        {if is_confidential {
                            secrets.into_iter().map(|secret| view! { <Secret secret /> }.into_any()).collect_view().into_any()
                        } else {
                            view! { <span class="muted">{text::NO_SECRET}</span> }.into_any()
                        }}
                    </dd>
                    <dt>{text::REDIRECT_URIS}</dt>
                    <dd>{blocks(terms.redirect_uris.into_iter().map(String::from).collect())}</dd>
                    {(!terms.post_logout_redirect_uris.is_empty())
                        .then(|| {
                            view! {
                                <dt>{text::AFTER_LOGOUT}</dt>
                                <dd>{blocks(terms.post_logout_redirect_uris.into_iter().map(String::from).collect())}</dd>
                            }.into_any()
                        })}
                    <dt>{text::SIGNING}</dt>
                    <dd>{terms.signing.as_str()}</dd>
                    <dt>{text::CONSENT_FACT}</dt>
                    <dd>{if terms.consent { text::ASKED_ONCE } else { text::NOT_ASKED }}</dd>
                </dl>
            </div>
            {settings
                .map(|(name, settings)| {
                    view! {
                        <div class="card-body guide">
                            <div class="row row-between">
                                <h3>{text::settings_of(&name)}</h3>
                                <CopyButton text=settings.clone() label=text::COPY of=name done=text::COPIED />
                            </div>
                            <pre class="mono" tabindex="0">{settings}</pre>
                        </div>
                    }.into_any()
                })}
        </section>
    }
}

/// Each value on a line of its own.
fn blocks(values: Vec<String>) -> Vec<AnyView> {
    values.into_iter().map(|value| view! { <code class="mono block">{value}</code> }.into_any()).collect()
}

/// What to enter in the configuration of the reverse proxy.
#[component]
fn Proxied(terms: ForwardAuthTerms, proxies: Vec<(String, String)>) -> impl IntoView {
    view! {
        <section class="card connection" aria-labelledby="proxy">
            <div class="card-head">
                <div>
                    <h2 id="proxy">{text::PROXY}</h2>
                    <p class="card-note">{text::PROXY_NOTE}</p>
                </div>
            </div>
            <div class="card-body">
                <dl class="facts">
                    <dt>{text::SITES}</dt>
                    <dd>{blocks(terms.sites.into_iter().map(String::from).collect())}</dd>
                    <dt>{text::HEADERS}</dt>
                    <dd>
                        {blocks(terms.headers.into_iter().map(|(name, value)| format!("{name}: {value}")).collect())}
                    </dd>
                </dl>
            </div>
            {proxies
                .into_iter()
                .map(|(name, configuration)| {
                    view! {
                        <details class="more card-body guide">
                            <summary>
                                <Icon name=IconName::Right />
                                {name.clone()}
                            </summary>
                            <CopyButton text=configuration.clone() label=text::COPY of=name done=text::COPIED />
                            <pre class="mono" tabindex="0">{configuration}</pre>
                        </details>
                    }.into_any()
                })
                .collect_view()}
        </section>
    }
}

#[component]
fn Secret(secret: ClientSecret) -> impl IntoView {
    view! {
        <div>
            <code class="mono">{format!("{}…", secret.hint)}</code>
            " "
            <span class="muted small">
                {match secret.expires_at {
                    Some(at) => view! { {text::WORKS_UNTIL_BEFORE} <Time at /> }.into_any(),
                    None => view! { {text::CREATED_BEFORE} <Time at=secret.created_at /> }.into_any(),
                }}
            </span>
        </div>
    }
}
