//! The form of an application: what members see of it, who may enter, and how it is connected.

use std::collections::BTreeMap;

use domain::Patch;
use domain::applications::{
    Application, ApplicationDraft, ApplicationWithSecret, ForwardAuthDraft, ForwardAuthTerms, OidcDraft, SigningAlgorithm,
};
use domain::groups::GroupRef;
use domain::text::isolated;
use domain::web::WebUrl;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::guides::{GUIDES, Guide};
use super::{api, text};
use crate::memberships::GroupPicker;
use crate::ui::{
    Choice, DialogFoot, FormError, Icon, IconName, SelectField, Sending, TextArea, TextField, Toasts, Wrong,
};

/// The values of the choice of who may enter.
const EVERYONE: &str = "everyone";
const GROUPS: &str = "groups";
const ACCESS: &[(&str, &str)] = &[(EVERYONE, text::EVERYONE), (GROUPS, text::MEMBERS_OF_GROUPS)];

const CLIENT_TYPES: &[(&str, &str)] = &[("confidential", text::CONFIDENTIAL), ("public", text::PUBLIC)];
const ALGORITHMS: &[(&str, &str)] = &[
    (SigningAlgorithm::Rs256.as_str(), text::RS256),
    (SigningAlgorithm::Es256.as_str(), text::ES256),
    (SigningAlgorithm::EdDsa.as_str(), text::EDDSA),
];
const SUBJECTS: &[(&str, &str)] = &[("public", text::SUBJECT_PUBLIC), ("pairwise", text::SUBJECT_PAIRWISE)];

/// The connection as typed.
#[derive(Clone, Copy)]
struct Connection {
    client_type: RwSignal<String>,
    redirect_uris: RwSignal<String>,
    after_logout: RwSignal<String>,
    pkce: RwSignal<bool>,
    consent: RwSignal<bool>,
    signing: RwSignal<String>,
    subject: RwSignal<String>,
}

impl Connection {
    fn new(of: OidcDraft) -> Self {
        let text = |value: Option<String>, default: &str| RwSignal::new(value.unwrap_or_else(|| default.to_owned()));
        let lines = |value: Option<Vec<String>>| RwSignal::new(value.unwrap_or_default().join("\n"));
        Self {
            client_type: text(of.client_type, "confidential"),
            redirect_uris: lines(of.redirect_uris),
            after_logout: lines(of.post_logout_redirect_uris),
            pkce: RwSignal::new(of.pkce.unwrap_or(true)),
            consent: RwSignal::new(of.consent.unwrap_or(false)),
            signing: text(of.signing, "RS256"),
            subject: text(of.subject, "public"),
        }
    }

    fn draft(self) -> OidcDraft {
        OidcDraft {
            client_type: Some(self.client_type.get_untracked()),
            redirect_uris: lines(self.redirect_uris),
            post_logout_redirect_uris: lines(self.after_logout),
            pkce: Some(self.pkce.get_untracked()),
            consent: Some(self.consent.get_untracked()),
            signing: Some(self.signing.get_untracked()),
            subject: Some(self.subject.get_untracked()),
        }
    }
}

/// The connection by forward-auth as typed.
#[derive(Clone, Copy)]
struct Proxied {
    sites: RwSignal<String>,
    headers: RwSignal<String>,
}

impl Proxied {
    fn new(of: ForwardAuthTerms) -> Self {
        let ForwardAuthDraft { sites, headers } = of.into();
        let headers = headers.unwrap_or_default().into_iter().map(|(name, value)| format!("{name}: {value}"));
        Self {
            sites: RwSignal::new(sites.unwrap_or_default().join("\n")),
            headers: RwSignal::new(headers.collect::<Vec<_>>().join("\n")),
        }
    }

    fn draft(self) -> ForwardAuthDraft {
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for line in self.headers.get_untracked().lines().filter(|line| !line.trim().is_empty()) {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let told = headers.entry(name.trim().to_owned()).or_default();
            // What is given twice is refused, and not lost.
            *told = if told.is_empty() { value.trim().to_owned() } else { format!("{told}, {}", value.trim()) };
        }
        ForwardAuthDraft { sites: lines(self.sites), headers: Some(headers) }
    }
}

fn lines(typed: RwSignal<String>) -> Option<Vec<String>> {
    Some(typed.get_untracked().lines().map(str::to_owned).collect())
}

/// Creates an application, or changes one.
#[component]
pub(super) fn ApplicationForm(
    /// The application that is changed.
    application: Option<Application>,
    close: Callback<()>,
    /// Called with the application as it is then.
    saved: Callback<ApplicationWithSecret>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let id = application.as_ref().map(|application| application.id);
    let (terms, refs) = application.map_or((None, Vec::new()), |of| (Some(of.terms), of.group_refs));
    let of_terms = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let name = of_terms(terms.as_ref().map(|terms| terms.name.to_string()));
    let description = of_terms(terms.as_ref().and_then(|terms| terms.description.as_ref().map(ToString::to_string)));
    let url = of_terms(terms.as_ref().and_then(|terms| terms.url.as_ref().map(ToString::to_string)));
    let is_open = terms.as_ref().is_none_or(|terms| terms.groups.is_none());
    let access = RwSignal::new(if is_open { EVERYONE } else { GROUPS }.to_owned());
    let groups: RwSignal<Vec<GroupRef>> = RwSignal::new(refs);
    // A new one is connected by OpenID Connect unless one says otherwise.
    let by_oidc = RwSignal::new(terms.as_ref().is_none_or(|terms| terms.oidc.is_some()));
    let by_proxy = RwSignal::new(terms.as_ref().is_some_and(|terms| terms.forward_auth.is_some()));
    let (oidc, forward_auth) = terms.map_or((None, None), |terms| (terms.oidc, terms.forward_auth));
    let connection = Connection::new(oidc.map(OidcDraft::from).unwrap_or_default());
    let proxied = Proxied::new(forward_auth.unwrap_or_else(|| ForwardAuthTerms {
        sites: Vec::new(),
        headers: ForwardAuthTerms::default_headers(),
    }));
    // The site until another is typed is that of the address.
    Effect::watch(
        move || by_proxy.get(),
        move |by_proxy, _, _| {
            let typed = url.with_untracked(|url| WebUrl::parse(url).ok()).map(|url| url.origin());
            if *by_proxy && let Some(origin) = typed.filter(|_| proxied.sites.with_untracked(String::is_empty)) {
                proxied.sites.set(origin);
            }
        },
        false,
    );
    let sending = Sending::new(if id.is_some() { "edit-application" } else { "new-application" });
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let chosen = move || groups.get_untracked().into_iter().map(|group| group.id.to_string()).collect();
            let is_open = access.with_untracked(|access| access == EVERYONE);
            Ok(ApplicationDraft {
                name: Patch::Set(name.get_untracked()),
                description: Patch::Set(description.get_untracked()),
                url: Patch::Set(url.get_untracked()),
                groups: if is_open { Patch::Clear } else { Patch::Set(chosen()) },
                oidc: if by_oidc.get_untracked() { Patch::Set(connection.draft()) } else { Patch::Clear },
                forward_auth: if by_proxy.get_untracked() { Patch::Set(proxied.draft()) } else { Patch::Clear },
            })
        };
        let done = move |created: ApplicationWithSecret| {
            close.try_run(());
            let name = isolated(created.application.terms.name.as_str());
            toasts.done(if id.is_some() { text::saved(&name) } else { text::created(&name) });
            saved.try_run(created);
        };
        match id {
            Some(id) => sending.send(&event, read, |draft| api::update(id, draft), done),
            None => sending.send(&event, read, api::create, done),
        }
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                {id.is_none().then(|| view! { <Templates name url connection /> }.into_any())}
                <TextField
                    id="application-name"
                    name="name"
                    label=text::NAME
                    value=name
                    wrong
                    autofocus=true
                    placeholder=text::NAME_EXAMPLE
                />
                <TextField
                    id="application-url"
                    name="url"
                    label=text::ADDRESS
                    value=url
                    wrong
                    kind="url"
                    optional=true
                    placeholder=text::ADDRESS_EXAMPLE
                    help=text::ADDRESS_HELP
                />
                <TextField
                    id="application-description"
                    name="description"
                    label=text::DESCRIPTION
                    value=description
                    wrong
                    optional=true
                    help=text::DESCRIPTION_HELP
                />
                <Choice name="application-access" legend=text::WHO_MAY_ENTER options=ACCESS value=access />
                {move || {
                    access
                        .with(|access| access == GROUPS)
                        .then(|| {
                            view! {
                                <GroupPicker
                                    id="application-group"
                                    value=groups
                                    help=text::GROUPS_HELP
                                    needed=true
                                    wrong
                                />
                            }.into_any()
                        })
                }}
                <fieldset class="field">
                    <legend class="label">{text::CONNECTED_BY}</legend>
                    {check("application-oidc", by_oidc, text::BY_OIDC, text::BY_OIDC_ABOUT)}
                    {check("application-forward-auth", by_proxy, text::BY_PROXY, text::BY_PROXY_ABOUT)}
                </fieldset>
                {move || by_oidc.get().then(|| view! { <OidcFields connection wrong /> }.into_any())}
                {move || by_proxy.get().then(|| view! { <ProxyFields proxied wrong /> }.into_any())}
                <FormError wrong />
            </div>
            <DialogFoot
                verb=if id.is_some() { text::SAVE_CHANGES } else { text::CREATE }
                icon=if id.is_some() { IconName::Check } else { IconName::Plus }
                busy
                close
            />
        </form>
    }
}

/// What is known of an application fills in the form.
#[component]
fn Templates(name: RwSignal<String>, url: RwSignal<String>, connection: Connection) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let guide = move || chosen.with(|chosen| GUIDES.iter().find(|guide| guide.key == chosen));
    let other = ("", text::OTHER_APPLICATION);
    let options: Vec<_> = std::iter::once(other).chain(GUIDES.iter().map(|guide| (guide.key, guide.name))).collect();
    let wrong = RwSignal::new(None);
    // The name until another is typed, and the address to which it returns, for as long as its own address changes.
    Effect::watch(
        move || (chosen.get(), url.get()),
        move |(key, url), before, _| {
            let Some(guide) = GUIDES.iter().find(|guide| guide.key == key) else { return };
            if before.is_none_or(|(before, _)| before != key) {
                name.set(guide.name.to_owned());
                connection.pkce.set(guide.pkce);
            }
            connection.redirect_uris.set(guide.redirect_uris(url));
        },
        false,
    );
    view! {
        <SelectField id="application-template" name="template" label=text::TEMPLATE options value=chosen wrong />
        {move || guide().map(|guide: &Guide| view! { <p class="help">{guide.about}</p> }.into_any())}
    }
}

/// A choice that is made or not.
fn check(id: &'static str, value: RwSignal<bool>, title: &'static str, about: &'static str) -> AnyView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                id=id
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span>{title} <small>{about}</small></span>
        </label>
    }
    .into_any()
}

/// The connection by forward-auth.
#[component]
fn ProxyFields(proxied: Proxied, wrong: Wrong) -> impl IntoView {
    view! {
        <TextArea
            id="application-sites"
            name="forward_auth.sites"
            label=text::SITES
            value=proxied.sites
            wrong
            needed=true
            help=text::SITES_HELP
        />
        <TextArea
            id="application-headers"
            name="forward_auth.headers"
            label=text::HEADERS
            value=proxied.headers
            wrong
            help=text::HEADERS_HELP
        />
    }
}

/// The connection by OpenID Connect.
#[component]
fn OidcFields(connection: Connection, wrong: Wrong) -> impl IntoView {
    let Connection { client_type, redirect_uris, after_logout, pkce, consent, signing, subject } = connection;
    view! {
        <TextArea
            id="application-redirects"
            name="oidc.redirect_uris"
            label=text::REDIRECT_URIS
            value=redirect_uris
            wrong
            needed=true
            help=text::REDIRECT_URIS_HELP
        />
        <Choice name="application-client" legend=text::CLIENT_TYPE options=CLIENT_TYPES value=client_type />
        {check("application-consent", consent, text::CONSENT, text::CONSENT_ABOUT)}
        <details class="more">
            <summary>
                <Icon name=IconName::Right />
                {text::ADVANCED}
            </summary>
            <div class="stack">
                <TextArea
                    id="application-after-logout"
                    name="oidc.post_logout_redirect_uris"
                    label=text::AFTER_LOGOUT
                    value=after_logout
                    wrong
                    help=text::AFTER_LOGOUT_HELP
                />
                {move || {
                    client_type
                        .with(|kind| kind == "confidential")
                        .then(|| check("application-pkce", pkce, text::PKCE, text::PKCE_ABOUT))
                }}
                <Choice name="application-signing" legend=text::SIGNING options=ALGORITHMS value=signing />
                <Choice name="application-subject" legend=text::SUBJECT options=SUBJECTS value=subject />
            </div>
        </details>
    }
}
