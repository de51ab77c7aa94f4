//! The pages' programs: each is a file of its own, downloaded when its page is opened.
//!
//! `wasm-split-cli` cuts the program where a function says `wasm_split`; what several parts use and the shell does not
//! becomes a file of theirs. A part that is there once stays, and a download that failed is tried again the next time.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::ChooseView;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::text;
use crate::accounts::{self, AccountsPage, MemberPage};
use crate::applications::{self as apps, ApplicationPage, ApplicationsPage};
use crate::audit::AuditPage;
use crate::endings;
use crate::flows::{self, FlowImportPage, FlowPage, FlowsPage};
use crate::groups::{self, GroupPage, GroupsPage};
use crate::invitations::{InvitationsPage, MailingPage, NewInvitationsPage};
use crate::invites::{InvitePage, InvitesPage, OwnInvitePage, OwnInvitesPage, PREFETCH, load_acts};
use crate::mail::{self, MailPage};
use crate::me::{AccountPage, HomePage};
use crate::overview::OverviewPage;
use crate::redemptions::RedemptionsPage;
use crate::search;
use crate::settings::SettingsPage;
use crate::terms::{self, TermsListPage, TermsPage};
use crate::ui::{Download, Drawn, Icon, IconName, browser};
use crate::webhooks::{self as hooks, WebhookPage, WebhooksPage};

/// A page of the dashboard. The view of its route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `/admin`.
    Overview,
    /// `/admin/invites`.
    Invites,
    /// `/admin/invites/{id}`.
    Invite,
    /// `/admin/invitations`.
    Invitations,
    /// `/admin/invitations/new`.
    NewInvitations,
    /// `/admin/invitations/{id}`.
    Mailing,
    /// `/me/invites`.
    OwnInvites,
    /// `/me/invites/{id}`.
    OwnInvite,
    /// `/admin/redemptions`.
    Redemptions,
    /// `/admin/members`, formerly `/admin/accounts`.
    Accounts,
    /// `/admin/members/{id}`.
    Member,
    /// `/admin/groups`.
    Groups,
    /// `/admin/groups/{id}`.
    Group,
    /// `/admin/applications`.
    Applications,
    /// `/admin/applications/{id}`.
    Application,
    /// `/admin/webhooks`.
    Webhooks,
    /// `/admin/webhooks/{id}`.
    Webhook,
    /// `/admin/audit`.
    Audit,
    /// `/admin/settings`.
    Settings,
    /// `/admin/mail`.
    Mail,
    /// `/admin/flows`.
    Flows,
    /// `/admin/flows/import`.
    FlowImport,
    /// `/admin/flows/{id}`.
    Flow,
    /// `/admin/terms`.
    AllTerms,
    /// `/admin/terms/{id}`.
    Terms,
    /// `/me`.
    Home,
    /// `/me/account`.
    Account,
}

impl Part {
    /// Every page.
    pub const ALL: [Self; 27] = [
        Self::Overview,
        Self::Invites,
        Self::Invite,
        Self::Invitations,
        Self::NewInvitations,
        Self::Mailing,
        Self::OwnInvites,
        Self::OwnInvite,
        Self::Redemptions,
        Self::Accounts,
        Self::Member,
        Self::Groups,
        Self::Group,
        Self::Applications,
        Self::Application,
        Self::Webhooks,
        Self::Webhook,
        Self::Audit,
        Self::Settings,
        Self::Mail,
        Self::Flows,
        Self::FlowImport,
        Self::Flow,
        Self::AllTerms,
        Self::Terms,
        Self::Home,
        Self::Account,
    ];

    /// The page at a path; `None` where there is none, or one that needs no part.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let path = path.strip_prefix('/')?.trim_end_matches('/');
        Some(match *path.split('/').collect::<Vec<_>>() {
            ["admin"] => Self::Overview,
            ["admin", "invites"] => Self::Invites,
            ["admin", "invites", _] => Self::Invite,
            ["admin", "invitations"] => Self::Invitations,
            ["admin", "invitations", "new"] => Self::NewInvitations,
            ["admin", "invitations", _] => Self::Mailing,
            ["me", "invites"] => Self::OwnInvites,
            ["me", "invites", _] => Self::OwnInvite,
            ["admin", "redemptions"] => Self::Redemptions,
            ["admin", "members" | "accounts"] => Self::Accounts,
            ["admin", "members", _] => Self::Member,
            ["admin", "groups"] => Self::Groups,
            ["admin", "groups", _] => Self::Group,
            ["admin", "applications"] => Self::Applications,
            ["admin", "applications", _] => Self::Application,
            ["admin", "webhooks"] => Self::Webhooks,
            ["admin", "webhooks", _] => Self::Webhook,
            ["admin", "audit"] => Self::Audit,
            ["admin", "settings"] => Self::Settings,
            ["admin", "mail"] => Self::Mail,
            ["admin", "flows"] => Self::Flows,
            ["admin", "flows", "import"] => Self::FlowImport,
            ["admin", "flows", _] => Self::Flow,
            ["admin", "terms"] => Self::AllTerms,
            ["admin", "terms", _] => Self::Terms,
            ["me"] => Self::Home,
            ["me", "account"] => Self::Account,
            _ => return None,
        })
    }

    /// The name of the part, as the manifest of the bundle has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Invites => "invites",
            Self::Invite => "invite",
            Self::Invitations => "invitations",
            Self::NewInvitations => "new_invitations",
            Self::Mailing => "mailing",
            Self::OwnInvites => "own_invites",
            Self::OwnInvite => "own_invite",
            Self::Redemptions => "redemptions",
            Self::Accounts => "accounts",
            Self::Member => "member",
            Self::Groups => "groups",
            Self::Group => "group",
            Self::Applications => "applications",
            Self::Application => "application",
            Self::Webhooks => "webhooks",
            Self::Webhook => "webhook",
            Self::Audit => "audit",
            Self::Settings => "settings",
            Self::Mail => "mail",
            Self::Flows => "flows",
            Self::FlowImport => "flow_import",
            Self::Flow => "flow",
            Self::AllTerms => "all_terms",
            Self::Terms => "terms",
            Self::Home => "home",
            Self::Account => "account",
        }
    }

    /// Downloads the part unless it is there. On the server it always is.
    ///
    /// # Errors
    /// When a file of it did not arrive.
    pub async fn load(self) -> Result<(), SplitLoaderError> {
        match self {
            Self::Overview => load_overview().await,
            Self::Invites => load_invites().await,
            Self::Invite => load_invite().await,
            Self::Invitations => load_invitations().await,
            Self::NewInvitations => load_new_invitations().await,
            Self::Mailing => load_mailing().await,
            Self::OwnInvites => load_own_invites().await,
            Self::OwnInvite => load_own_invite().await,
            Self::Redemptions => load_redemptions().await,
            Self::Accounts => load_accounts().await,
            Self::Member => load_member().await,
            Self::Groups => load_groups().await,
            Self::Group => load_group().await,
            Self::Applications => load_applications().await,
            Self::Application => load_application().await,
            Self::Webhooks => load_webhooks().await,
            Self::Webhook => load_webhook().await,
            Self::Audit => load_audit().await,
            Self::Settings => load_settings().await,
            Self::Mail => load_mail().await,
            Self::Flows => load_flows().await,
            Self::FlowImport => load_flow_import().await,
            Self::Flow => load_flow().await,
            Self::AllTerms => load_all_terms().await,
            Self::Terms => load_terms().await,
            Self::Home => load_home().await,
            Self::Account => load_account().await,
        }
    }

    async fn draw(self) -> Drawn {
        match self {
            Self::Overview => overview().await,
            Self::Invites => invites().await,
            Self::Invite => invite().await,
            Self::Invitations => invitations().await,
            Self::NewInvitations => new_invitations().await,
            Self::Mailing => mailing().await,
            Self::OwnInvites => own_invites().await,
            Self::OwnInvite => own_invite().await,
            Self::Redemptions => redemptions().await,
            Self::Accounts => account_list().await,
            Self::Member => member().await,
            Self::Groups => group_list().await,
            Self::Group => group().await,
            Self::Applications => application_list().await,
            Self::Application => application().await,
            Self::Webhooks => webhook_list().await,
            Self::Webhook => webhook().await,
            Self::Audit => audit().await,
            Self::Settings => settings().await,
            Self::Mail => mail().await,
            Self::Flows => flow_list().await,
            Self::FlowImport => flow_import().await,
            Self::Flow => flow().await,
            Self::AllTerms => terms_list().await,
            Self::Terms => one_terms().await,
            Self::Home => home().await,
            Self::Account => account().await,
        }
    }
}

impl ChooseView for Part {
    async fn choose(self) -> AnyView {
        self.draw().await.unwrap_or_else(|_| view! { <NotLoaded /> }.into_any())
    }

    async fn preload(&self) {
        // What did not arrive is tried once more by `choose`, which says so if it fails again.
        let _ = self.load().await;
    }
}

#[wasm_split(overview, fallible, preload(load_overview))]
fn overview() -> Drawn {
    Ok(view! { <OverviewPage /> }.into_any())
}

#[wasm_split(invites, fallible, preload(load_invites))]
fn invites() -> Drawn {
    Ok(view! { <InvitesPage /> }.into_any())
}

#[wasm_split(invite, fallible, preload(load_invite))]
fn invite() -> Drawn {
    Ok(view! { <InvitePage /> }.into_any())
}

#[wasm_split(invitations, fallible, preload(load_invitations))]
fn invitations() -> Drawn {
    Ok(view! { <InvitationsPage /> }.into_any())
}

#[wasm_split(new_invitations, fallible, preload(load_new_invitations))]
fn new_invitations() -> Drawn {
    Ok(view! { <NewInvitationsPage /> }.into_any())
}

#[wasm_split(mailing, fallible, preload(load_mailing))]
fn mailing() -> Drawn {
    Ok(view! { <MailingPage /> }.into_any())
}

#[wasm_split(own_invites, fallible, preload(load_own_invites))]
fn own_invites() -> Drawn {
    Ok(view! { <OwnInvitesPage /> }.into_any())
}

#[wasm_split(own_invite, fallible, preload(load_own_invite))]
fn own_invite() -> Drawn {
    Ok(view! { <OwnInvitePage /> }.into_any())
}

#[wasm_split(redemptions, fallible, preload(load_redemptions))]
fn redemptions() -> Drawn {
    Ok(view! { <RedemptionsPage /> }.into_any())
}

#[wasm_split(accounts, fallible, preload(load_accounts))]
fn account_list() -> Drawn {
    Ok(view! { <AccountsPage /> }.into_any())
}

#[wasm_split(member, fallible, preload(load_member))]
fn member() -> Drawn {
    Ok(view! { <MemberPage /> }.into_any())
}

#[wasm_split(groups, fallible, preload(load_groups))]
fn group_list() -> Drawn {
    Ok(view! { <GroupsPage /> }.into_any())
}

#[wasm_split(group, fallible, preload(load_group))]
fn group() -> Drawn {
    Ok(view! { <GroupPage /> }.into_any())
}

#[wasm_split(applications, fallible, preload(load_applications))]
fn application_list() -> Drawn {
    Ok(view! { <ApplicationsPage /> }.into_any())
}

#[wasm_split(application, fallible, preload(load_application))]
fn application() -> Drawn {
    Ok(view! { <ApplicationPage /> }.into_any())
}

#[wasm_split(webhooks, fallible, preload(load_webhooks))]
fn webhook_list() -> Drawn {
    Ok(view! { <WebhooksPage /> }.into_any())
}

#[wasm_split(webhook, fallible, preload(load_webhook))]
fn webhook() -> Drawn {
    Ok(view! { <WebhookPage /> }.into_any())
}

#[wasm_split(audit, fallible, preload(load_audit))]
fn audit() -> Drawn {
    Ok(view! { <AuditPage /> }.into_any())
}

#[wasm_split(settings, fallible, preload(load_settings))]
fn settings() -> Drawn {
    Ok(view! { <SettingsPage /> }.into_any())
}

#[wasm_split(mail, fallible, preload(load_mail))]
fn mail() -> Drawn {
    Ok(view! { <MailPage /> }.into_any())
}

#[wasm_split(flows, fallible, preload(load_flows))]
fn flow_list() -> Drawn {
    Ok(view! { <FlowsPage /> }.into_any())
}

#[wasm_split(flow_import, fallible, preload(load_flow_import))]
fn flow_import() -> Drawn {
    Ok(view! { <FlowImportPage /> }.into_any())
}

#[wasm_split(flow, fallible, preload(load_flow))]
fn flow() -> Drawn {
    Ok(view! { <FlowPage /> }.into_any())
}

#[wasm_split(all_terms, fallible, preload(load_all_terms))]
fn terms_list() -> Drawn {
    Ok(view! { <TermsListPage /> }.into_any())
}

#[wasm_split(terms, fallible, preload(load_terms))]
fn one_terms() -> Drawn {
    Ok(view! { <TermsPage /> }.into_any())
}

#[wasm_split(home, fallible, preload(load_home))]
fn home() -> Drawn {
    Ok(view! { <HomePage /> }.into_any())
}

#[wasm_split(account, fallible, preload(load_account))]
fn account() -> Drawn {
    Ok(view! { <AccountPage /> }.into_any())
}

/// Stands in for a page whose part did not arrive. *Try again* loads the page again, which also helps when a newer server
/// no longer has the parts of the page that is open.
#[component]
fn NotLoaded() -> impl IntoView {
    view! {
        <Title text=text::NOT_LOADED />
        <h1 class="sr">{text::NOT_LOADED}</h1>
        <div class="banner" data-tone="danger" role="alert">
            <Icon name=IconName::Alert />
            <div class="grow">{text::NOT_LOADED_TEXT}</div>
            <div class="row">
                <a class="btn btn-sm" href="" rel="external">
                    <Icon name=IconName::Refresh />
                    {text::TRY_AGAIN}
                </a>
            </div>
        </div>
    }
}

/// Downloads the page of a link, or what is behind a control, that is pointed at or gets the focus, so that it is there when
/// the link is followed or the control is used.
pub fn prefetch() {
    Effect::new(|_: Option<()>| {
        let pointed = window_event_listener(leptos::ev::pointerover, |event| prefetch_of(&event));
        let focused = window_event_listener(leptos::ev::focusin, |event| prefetch_of(&event));
        on_cleanup(move || {
            pointed.remove();
            focused.remove();
        });
    });
}

fn prefetch_of(event: &web_sys::Event) {
    let href = browser::link_of(event).unwrap_or_default();
    let (path, query) = href.split_once('?').unwrap_or((&href, ""));
    let part = Part::at(path.split('#').next().unwrap_or_default());
    let control = browser::prefetch_of(event);
    let named = |name: &str| control.as_deref() == Some(name) || (query == NEW && name == PREFETCH);
    let loads = LATER.iter().find(|(name, _)| named(name)).map(|(_, load)| *load);
    if part.is_none() && loads.is_none() {
        return;
    }
    // What does not arrive is asked for again when it is needed.
    spawn_local(async move {
        if let Some(part) = part {
            let _ = part.load().await;
        }
        if let Some(load) = loads {
            let _ = load().await;
        }
    });
}

/// Downloads a part.
type Load = fn() -> Download;

/// What a control leads to that is downloaded when it is pointed at, by the value of its `data-prefetch`.
const LATER: [(&str, Load); 13] = [
    (PREFETCH, load_acts),
    (search::PREFETCH, search::load_results),
    (endings::PREFETCH, endings::load_form),
    (groups::PREFETCH, groups::load_forms),
    (groups::ACTS_PREFETCH, groups::load_acts),
    (accounts::PREFETCH, accounts::load_forms),
    (accounts::ACTS_PREFETCH, accounts::load_acts),
    (apps::PREFETCH, apps::load_forms),
    (hooks::PREFETCH, hooks::load_forms),
    (mail::PREFETCH, mail::load_form),
    (flows::DELETE_PREFETCH, flows::load_delete),
    (terms::PREFETCH, terms::load_forms),
    (accounts::DECISIONS_PREFETCH, accounts::load_decisions),
];

/// The query that opens the dialog for a new invite.
const NEW: &str = "new=1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_page() {
        for (path, part) in [
            ("/admin", Some(Part::Overview)),
            ("/admin/", Some(Part::Overview)),
            ("/admin/invites", Some(Part::Invites)),
            ("/admin/invites/01J", Some(Part::Invite)),
            ("/admin/invites/01J/more", None),
            ("/admin/invitations", Some(Part::Invitations)),
            ("/admin/invitations/new", Some(Part::NewInvitations)),
            ("/admin/invitations/01J", Some(Part::Mailing)),
            ("/me/invites", Some(Part::OwnInvites)),
            ("/me/invites/01J", Some(Part::OwnInvite)),
            ("/admin/redemptions.csv", None),
            ("/admin/mail", Some(Part::Mail)),
            ("/admin/flows/import", Some(Part::FlowImport)),
            ("/admin/flows/new", Some(Part::Flow)),
            ("/admin/terms/01J", Some(Part::Terms)),
            ("/me/account", Some(Part::Account)),
            ("/", None),
            ("", None),
            ("me", None),
        ] {
            assert_eq!(Part::at(path), part, "{path}");
        }
    }
}
