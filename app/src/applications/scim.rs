//! The connection of an application by SCIM, as the form has it.

use domain::Patch;
use domain::applications::{ScimDraft, ScimTerms, TypedToken};
use leptos::prelude::*;

use super::connection::check;
use super::text;
use crate::ui::{Choice, TextField, Wrong};

const USER_NAMES: &[(&str, &str)] = &[("username", text::SCIM_BY_USERNAME), ("email", text::SCIM_BY_EMAIL)];

/// The connection as typed.
#[derive(Clone, Copy)]
pub(super) struct Scim {
    pub(super) is_chosen: RwSignal<bool>,
    /// Whether it has a token, which stays if none is typed.
    has_token: bool,
    url: RwSignal<String>,
    token: RwSignal<String>,
    user_name: RwSignal<String>,
    create: RwSignal<bool>,
    groups: RwSignal<bool>,
    deletes: RwSignal<bool>,
    adopt: RwSignal<bool>,
}

impl Scim {
    pub(super) fn new(terms: Option<ScimTerms>) -> Self {
        let has_token = terms.is_some();
        let of = terms.map(ScimDraft::from).unwrap_or_default();
        Self {
            is_chosen: RwSignal::new(has_token),
            has_token,
            url: RwSignal::new(of.url.unwrap_or_default()),
            token: RwSignal::new(String::new()),
            user_name: RwSignal::new(of.user_name.unwrap_or_else(|| USER_NAMES[0].0.to_owned())),
            create: RwSignal::new(of.create.unwrap_or(true)),
            groups: RwSignal::new(of.groups.unwrap_or_default()),
            deletes: RwSignal::new(of.on_removal.is_some_and(|what| what == "delete")),
            adopt: RwSignal::new(of.adopt.unwrap_or_default()),
        }
    }

    pub(super) fn draft(self) -> Patch<ScimDraft> {
        if !self.is_chosen.get_untracked() {
            return Patch::Clear;
        }
        let on_removal = if self.deletes.get_untracked() { "delete" } else { "deactivate" };
        Patch::Set(ScimDraft {
            url: Some(self.url.get_untracked()),
            token: Some(TypedToken(self.token.get_untracked())),
            user_name: Some(self.user_name.get_untracked()),
            create: Some(self.create.get_untracked()),
            groups: Some(self.groups.get_untracked()),
            on_removal: Some(on_removal.to_owned()),
            adopt: Some(self.adopt.get_untracked()),
        })
    }
}

/// What a connection by SCIM needs.
#[component]
pub(super) fn ScimFields(scim: Scim, wrong: Wrong) -> impl IntoView {
    view! {
        <TextField
            id="application-scim-url"
            name="scim.url"
            label=text::SCIM_URL
            value=scim.url
            wrong
            kind="url"
            placeholder=text::SCIM_URL_EXAMPLE
        />
        <TextField
            id="application-scim-token"
            name="scim.token"
            label=text::SCIM_TOKEN
            value=scim.token
            wrong
            kind="password"
            autocomplete="new-password"
            optional=scim.has_token
            help=if scim.has_token { text::SCIM_TOKEN_KEPT } else { text::SCIM_TOKEN_HELP }
        />
        <Choice name="application-scim-name" legend=text::SCIM_USER_NAME options=USER_NAMES value=scim.user_name />
        <fieldset class="field">
            <legend class="label">{text::BY_SCIM}</legend>
            {check("application-scim-create", scim.create, text::SCIM_CREATE, text::SCIM_CREATE_ABOUT)}
            {check("application-scim-groups", scim.groups, text::SCIM_GROUPS, "")}
            {check("application-scim-delete", scim.deletes, text::SCIM_DELETE, text::SCIM_DELETE_ABOUT)}
            {check("application-scim-adopt", scim.adopt, text::SCIM_ADOPT, text::SCIM_ADOPT_ABOUT)}
        </fieldset>
    }
}
