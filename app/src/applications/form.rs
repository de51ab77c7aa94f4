//! The form of an application: what members see of it, who may enter, and how it is connected.

use domain::Patch;
use domain::applications::{Application, ApplicationDraft, ApplicationWithSecret};
use domain::groups::GroupRef;
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::connection::{ConnectionFields, Connections, Oidc};
use super::guides::{GUIDES, Guide};
use super::{api, text};
use crate::memberships::GroupPicker;
use crate::ui::{Choice, DialogFoot, FormError, IconName, SelectField, Sending, TextField, Toasts, Wrong, fixed};

/// The values of the choice of who may enter.
const EVERYONE: &str = "everyone";
const GROUPS: &str = "groups";
const ACCESS: &[(&str, &str)] = &[(EVERYONE, text::EVERYONE), (GROUPS, text::MEMBERS_OF_GROUPS)];

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
    let sign_in_url = of_terms(terms.as_ref().and_then(|terms| terms.sign_in_url.as_ref().map(ToString::to_string)));
    let is_open = terms.as_ref().is_none_or(|terms| terms.groups.is_none());
    let access = RwSignal::new(if is_open { EVERYONE } else { GROUPS }.to_owned());
    let groups: RwSignal<Vec<GroupRef>> = RwSignal::new(refs);
    let connections = Connections::new(terms, url);
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
                sign_in_url: Patch::Set(sign_in_url.get_untracked()),
                groups: if is_open { Patch::Clear } else { Patch::Set(chosen()) },
                oidc: connections.oidc(),
                forward_auth: connections.forward_auth(),
                scim: connections.scim(),
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
                {id.is_none().then(|| view! { <Templates name url sign_in_url oidc=connections.oidc /> }.into_any())}
                <TextField
                    id="application-name"
                    name="name"
                    label=text::NAME
                    value=name
                    wrong
                    autofocus=true
                    placeholder=text::NAME_EXAMPLE
                />
                <Addresses url sign_in_url wrong />
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
                <ConnectionFields connections wrong />
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

/// Where it opens.
#[component]
fn Addresses(url: RwSignal<String>, sign_in_url: RwSignal<String>, wrong: Wrong) -> impl IntoView {
    view! {
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
            id="application-sign-in-url"
            name="sign_in_url"
            label=text::SIGN_IN_ADDRESS
            value=sign_in_url
            wrong
            kind="url"
            optional=true
            help=text::SIGN_IN_ADDRESS_HELP
        />
    }
}

/// What is known of an application fills in the form.
#[component]
fn Templates(
    name: RwSignal<String>,
    url: RwSignal<String>,
    sign_in_url: RwSignal<String>,
    oidc: Oidc,
) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let guide = move || chosen.with(|chosen| GUIDES.iter().find(|guide| guide.key == chosen));
    let other = ("", text::OTHER_APPLICATION);
    let options: Vec<_> =
        std::iter::once(other).chain(GUIDES.iter().map(|guide| (guide.key, guide.name))).map(fixed).collect();
    let wrong = RwSignal::new(None);
    // The name until another is typed, and the address to which it returns, for as long as its own address changes.
    Effect::watch(
        move || (chosen.get(), url.get()),
        move |(key, url), before, _| {
            let Some(guide) = GUIDES.iter().find(|guide| guide.key == key) else { return };
            if before.is_none_or(|(before, _)| before != key) {
                name.set(guide.name.to_owned());
                oidc.pkce.set(guide.pkce);
            }
            oidc.redirect_uris.set(guide.redirect_uris(url));
            oidc.after_logout.set(guide.after_logout(url));
            oidc.told_of_logout.set(guide.told_of_logout(url));
            sign_in_url.set(guide.sign_in_url(url));
        },
        false,
    );
    view! {
        <SelectField id="application-template" name="template" label=text::TEMPLATE options value=chosen wrong />
        {move || guide().map(|guide: &Guide| view! { <p class="help">{guide.about}</p> }.into_any())}
    }
}
