//! The form of an application: what members see of it, who may enter, and how it is connected.

use domain::Patch;
use domain::applications::{Application, ApplicationDraft, ApplicationWithSecret, OidcDraft, SigningAlgorithm};
use domain::groups::GroupRef;
use domain::text::isolated;
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

/// The values of the choice of how it is connected.
const OIDC: &str = "oidc";
const LINK: &str = "link";
const CONNECTIONS: &[(&str, &str)] = &[(OIDC, text::BY_OIDC), (LINK, text::BY_LINK)];

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
        let lines = |typed: RwSignal<String>| Some(typed.get_untracked().lines().map(str::to_owned).collect());
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
    let is_linked = terms.as_ref().is_some_and(|terms| terms.oidc.is_none());
    let by = RwSignal::new(if is_linked { LINK } else { OIDC }.to_owned());
    let connection = Connection::new(terms.and_then(|terms| terms.oidc).map(OidcDraft::from).unwrap_or_default());
    let sending = Sending::new(if id.is_some() { "edit-application" } else { "new-application" });
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let chosen = move || groups.get_untracked().into_iter().map(|group| group.id.to_string()).collect();
            let is_open = access.with_untracked(|access| access == EVERYONE);
            let is_linked = by.with_untracked(|by| by == LINK);
            Ok(ApplicationDraft {
                name: Patch::Set(name.get_untracked()),
                description: Patch::Set(description.get_untracked()),
                url: Patch::Set(url.get_untracked()),
                groups: if is_open { Patch::Clear } else { Patch::Set(chosen()) },
                oidc: if is_linked { Patch::Clear } else { Patch::Set(connection.draft()) },
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
                <Choice name="application-connection" legend=text::CONNECTED_BY options=CONNECTIONS value=by />
                {move || by.with(|by| by == OIDC).then(|| view! { <OidcFields connection wrong /> }.into_any())}
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

/// The connection by OpenID Connect.
#[component]
fn OidcFields(connection: Connection, wrong: Wrong) -> impl IntoView {
    let Connection { client_type, redirect_uris, after_logout, pkce, consent, signing, subject } = connection;
    let check = move |id: &'static str, value: RwSignal<bool>, title: &'static str, about: &'static str| {
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
    };
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
