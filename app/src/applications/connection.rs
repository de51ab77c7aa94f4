//! How an application is connected, as the form has it: by OpenID Connect, by forward-auth, by SCIM, by several, or by none.
// A form is a set of signals, which are indexes.
#![allow(clippy::large_types_passed_by_value)]

use std::collections::BTreeMap;

use domain::Patch;
use domain::applications::{
    ApplicationTerms, ForwardAuthDraft, ForwardAuthTerms, OidcDraft, ScimDraft, SigningAlgorithm,
};
use leptos::prelude::*;

use super::scim::{Scim, ScimFields};
use super::text;
use crate::ui::{Choice, Icon, IconName, TextArea, TextField, Wrong};

const CLIENT_TYPES: &[(&str, &str)] = &[("confidential", text::CONFIDENTIAL), ("public", text::PUBLIC)];
const ALGORITHMS: &[(&str, &str)] = &[
    (SigningAlgorithm::Rs256.as_str(), text::RS256),
    (SigningAlgorithm::Es256.as_str(), text::ES256),
    (SigningAlgorithm::EdDsa.as_str(), text::EDDSA),
];
const SUBJECTS: &[(&str, &str)] = &[("public", text::SUBJECT_PUBLIC), ("pairwise", text::SUBJECT_PAIRWISE)];

/// The connections as typed.
#[derive(Clone, Copy)]
pub(super) struct Connections {
    by_oidc: RwSignal<bool>,
    by_proxy: RwSignal<bool>,
    pub(super) oidc: Oidc,
    proxied: Proxied,
    scim: Scim,
}

impl Connections {
    /// Those of an application; a new one is connected by OpenID Connect unless one says otherwise. `url` is its address as
    /// typed, whose site is that of the proxy until another is typed.
    pub(super) fn new(terms: Option<ApplicationTerms>, url: RwSignal<String>) -> Self {
        let by_oidc = terms.as_ref().is_none_or(|terms| terms.oidc.is_some());
        let (oidc, forward_auth, scim) =
            terms.map_or((None, None, None), |terms| (terms.oidc, terms.forward_auth, terms.scim));
        let by_proxy = RwSignal::new(forward_auth.is_some());
        let proxied =
            Proxied::new(forward_auth.unwrap_or_else(|| ForwardAuthTerms {
                sites: Vec::new(),
                headers: ForwardAuthTerms::default_headers(),
            }));
        Effect::watch(
            move || by_proxy.get(),
            move |by_proxy, _, _| {
                if *by_proxy && proxied.sites.with_untracked(String::is_empty) {
                    // Scheme, nothing, and the host.
                    proxied
                        .sites
                        .set(url.with_untracked(|url| url.trim().splitn(4, '/').take(3).collect::<Vec<_>>().join("/")));
                }
            },
            false,
        );
        Self {
            by_oidc: RwSignal::new(by_oidc),
            by_proxy,
            oidc: Oidc::new(oidc.map(OidcDraft::from).unwrap_or_default()),
            proxied,
            scim: Scim::new(scim),
        }
    }

    /// The connection by OpenID Connect.
    pub(super) fn oidc(self) -> Patch<OidcDraft> {
        if self.by_oidc.get_untracked() { Patch::Set(self.oidc.draft()) } else { Patch::Clear }
    }

    /// The connection by forward-auth.
    pub(super) fn forward_auth(self) -> Patch<ForwardAuthDraft> {
        if self.by_proxy.get_untracked() { Patch::Set(self.proxied.draft()) } else { Patch::Clear }
    }

    /// The connection by SCIM.
    pub(super) fn scim(self) -> Patch<ScimDraft> {
        self.scim.draft()
    }
}

/// The connection by OpenID Connect as typed.
#[derive(Clone, Copy)]
pub(super) struct Oidc {
    client_type: RwSignal<String>,
    pub(super) redirect_uris: RwSignal<String>,
    pub(super) after_logout: RwSignal<String>,
    pub(super) pkce: RwSignal<bool>,
    consent: RwSignal<bool>,
    signing: RwSignal<String>,
    subject: RwSignal<String>,
    pub(super) told_of_logout: RwSignal<String>,
    device_flow: RwSignal<bool>,
}

impl Oidc {
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
            told_of_logout: text(of.backchannel_logout_uri.value(), ""),
            device_flow: RwSignal::new(of.device_flow.unwrap_or(false)),
        }
    }

    fn draft(self) -> OidcDraft {
        OidcDraft {
            client_type: Some(self.client_type.get_untracked()),
            redirect_uris: Some(lines(self.redirect_uris)),
            post_logout_redirect_uris: Some(lines(self.after_logout)),
            pkce: Some(self.pkce.get_untracked()),
            consent: Some(self.consent.get_untracked()),
            signing: Some(self.signing.get_untracked()),
            subject: Some(self.subject.get_untracked()),
            backchannel_logout_uri: Patch::Set(self.told_of_logout.get_untracked()),
            device_flow: Some(self.device_flow.get_untracked()),
            // What the form does not have stays.
            ..OidcDraft::default()
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
        ForwardAuthDraft { sites: Some(lines(self.sites)), headers: Some(headers) }
    }
}

fn lines(typed: RwSignal<String>) -> Vec<String> {
    typed.get_untracked().lines().map(str::to_owned).collect()
}

/// The choice of connections, and what each needs.
#[component]
pub(super) fn ConnectionFields(connections: Connections, wrong: Wrong) -> impl IntoView {
    let Connections { by_oidc, by_proxy, oidc, proxied, scim } = connections;
    view! {
        <fieldset class="field">
            <legend class="label">{text::CONNECTED_BY}</legend>
            {check("application-oidc", by_oidc, text::BY_OIDC, text::BY_OIDC_ABOUT)}
            {check("application-forward-auth", by_proxy, text::BY_PROXY, text::BY_PROXY_ABOUT)}
            {check("application-scim", scim.is_chosen, text::BY_SCIM, text::BY_SCIM_ABOUT)}
        </fieldset>
        {move || by_oidc.get().then(|| view! { <OidcFields oidc wrong /> }.into_any())}
        {move || by_proxy.get().then(|| view! { <ProxyFields proxied wrong /> }.into_any())}
        {move || scim.is_chosen.get().then(|| view! { <ScimFields scim wrong /> }.into_any())}
    }
}

/// A choice that is made or not.
pub(super) fn check(id: &'static str, value: RwSignal<bool>, title: &'static str, about: &'static str) -> AnyView {
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
fn OidcFields(oidc: Oidc, wrong: Wrong) -> impl IntoView {
    let Oidc { client_type, redirect_uris, after_logout, pkce, consent, signing, subject, told_of_logout, device_flow } =
        oidc;
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
                <TextField
                    id="application-told"
                    name="oidc.backchannel_logout_uri"
                    label=text::TOLD_OF_LOGOUT
                    value=told_of_logout
                    wrong
                    kind="url"
                    optional=true
                    help=text::TOLD_OF_LOGOUT_HELP
                />
                {check("application-device", device_flow, text::DEVICE_FLOW, text::DEVICE_FLOW_ABOUT)}
            </div>
        </details>
    }
}
