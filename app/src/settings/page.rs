//! The settings page: each setting with what it changes, and a preview of what visitors see.

use domain::access::{Permission, Permissions, grantable};
use domain::accounts::Email;
use domain::settings::{
    DefaultRole, HttpsOrigin, RegistrationMode, Settings, SettingsDraft, SettingsView, WelcomeText,
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_meta::Title;

use super::members::{LimitFields, MemberInvites};
use super::{api, text};
use crate::access::{Choice, Picker};
use crate::pages;
use crate::ui::{
    Await, Banner, CopyButton, FormError, Icon, IconName, Load, Sending, Setting, TextArea, TextField, Toasts,
};
use crate::viewer::CurrentViewer;

const MODES: [(RegistrationMode, &str, &str); 3] = [
    (RegistrationMode::InviteOnly, text::INVITE_ONLY, text::INVITE_ONLY_ABOUT),
    (RegistrationMode::Open, text::OPEN, text::OPEN_ABOUT),
    (RegistrationMode::Closed, text::CLOSED, text::CLOSED_ABOUT),
];
const DEFAULT_ROLES: [(DefaultRole, &str, &str); 3] = [
    (DefaultRole::Pending, text::PENDING, text::PENDING_ABOUT),
    (DefaultRole::User, text::MEMBER, text::MEMBER_ABOUT),
    (DefaultRole::Refused, text::REFUSED, text::REFUSED_ABOUT),
];

/// The permissions that every member can be given here. Others are for roles and groups.
fn members_may() -> Permissions {
    Permission::InvitesCreate | Permission::InvitesCreateMulti
}

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let settings = Resource::new(|| (), |()| api::get());
    view! {
        <Title text=text::SETTINGS />
        <div class="page-head">
            <div>
                <h1>{text::SETTINGS}</h1>
                <p class="page-sub">{text::SETTINGS_ABOUT}</p>
            </div>
        </div>
        <Load
            from=settings
            children=|SettingsView { settings, undeclared_proxy, public_url, mail_from }| {
                view! {
                    {undeclared_proxy.map(|address| view! { <ProxyNotice address /> })}
                    <SettingsForm settings public_url mail_from />
                }
            }
        />
    }
}

/// Reports a reverse proxy that is not among the trusted proxies.
#[component]
fn ProxyNotice(address: String) -> impl IntoView {
    view! {
        <Banner tone="warn" icon=IconName::Alert>
            {text::undeclared_proxy(&address)}
        </Banner>
    }
}

/// The form as typed.
#[derive(Clone, Copy)]
struct Form {
    site_name: RwSignal<String>,
    mode: RwSignal<String>,
    default_role: RwSignal<String>,
    code_length: RwSignal<String>,
    ceiling: RwSignal<String>,
    welcome_text: RwSignal<String>,
    welcome_url: RwSignal<String>,
    welcome_label: RwSignal<String>,
    user_permissions: RwSignal<Permissions>,
    moderator_permissions: RwSignal<Permissions>,
    /// One on each line.
    allowed_origins: RwSignal<String>,
    limits: LimitFields,
    sign_in_alerts: RwSignal<bool>,
    verify_email: RwSignal<bool>,
}

impl Form {
    fn new(settings: &Settings) -> Self {
        let link = settings.welcome.link.as_ref();
        Self {
            site_name: RwSignal::new(settings.site_name.as_str().to_owned()),
            mode: RwSignal::new(settings.registration_mode.as_str().to_owned()),
            default_role: RwSignal::new(settings.default_role.as_str().to_owned()),
            code_length: RwSignal::new(settings.code_length.get().to_string()),
            ceiling: RwSignal::new(settings.invite_link_max_redemptions_limit.get().to_string()),
            welcome_text: RwSignal::new(
                settings.welcome.text.as_ref().map(WelcomeText::as_str).unwrap_or_default().to_owned(),
            ),
            welcome_url: RwSignal::new(link.map(|link| link.url.to_string()).unwrap_or_default()),
            welcome_label: RwSignal::new(
                link.and_then(|link| link.label.as_ref()).map(ToString::to_string).unwrap_or_default(),
            ),
            user_permissions: RwSignal::new(settings.role_permissions.user),
            moderator_permissions: RwSignal::new(settings.role_permissions.moderator),
            allowed_origins: RwSignal::new(
                settings.allowed_origins.iter().map(HttpsOrigin::as_str).collect::<Vec<_>>().join("\n"),
            ),
            limits: LimitFields::new(&settings.member_limits),
            sign_in_alerts: RwSignal::new(settings.sign_in_alerts),
            verify_email: RwSignal::new(settings.verify_email),
        }
    }

    /// The draft; `fixed` leaves out what the environment sets.
    fn draft(self, fixed: bool) -> SettingsDraft {
        // What is no number is outside of every bound, so that it is refused together with everything else that is wrong.
        let number = |text: String| text.trim().parse::<i64>().unwrap_or(0);
        self.limits.fill(SettingsDraft {
            site_name: Some(self.site_name.get_untracked()),
            registration_mode: (!fixed).then(|| self.mode.get_untracked()),
            default_role: Some(self.default_role.get_untracked()),
            code_length: Some(number(self.code_length.get_untracked())),
            invite_link_max_redemptions_limit: Some(number(self.ceiling.get_untracked())),
            welcome_text: Some(self.welcome_text.get_untracked()),
            welcome_url: Some(self.welcome_url.get_untracked()),
            welcome_label: Some(self.welcome_label.get_untracked()),
            user_permissions: Some(self.user_permissions.get_untracked()),
            moderator_permissions: Some(self.moderator_permissions.get_untracked()),
            allowed_origins: Some(
                self.allowed_origins.with_untracked(|typed| typed.split_whitespace().map(str::to_owned).collect()),
            ),
            sign_in_alerts: Some(self.sign_in_alerts.get_untracked()),
            verify_email: Some(self.verify_email.get_untracked()),
            ..SettingsDraft::default()
        })
    }
}

#[component]
fn SettingsForm(settings: Settings, public_url: String, mail_from: Option<Email>) -> impl IntoView {
    let toasts = Toasts::expect();
    let CurrentViewer(viewer) = expect_context();
    let form = Form::new(&settings);
    let fixed = settings.registration_mode_fixed;
    let is_mailed = mail_from.is_some();
    let sending = Sending::new("settings");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || Ok(form.draft(fixed)),
            api::update,
            move |_| {
                // The shell shows the site name, and whether registration is closed.
                viewer.refetch();
                toasts.done(text::SAVED);
            },
        );
    };
    view! {
        <form class="card" id="settings" method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
            <Setting title=text::SITE_NAME about=text::SITE_NAME_ABOUT>
                <TextField id="settings-site-name" name="site_name" label=text::SITE_NAME value=form.site_name wrong />
            </Setting>
            <Setting title=text::REGISTRATION about=text::REGISTRATION_ABOUT>
                {fixed
                    .then(|| {
                        view! {
                            <Banner tone="act" icon=IconName::Lock>
                                {text::REGISTRATION_FIXED}
                            </Banner>
                        }.into_any()
                    })}
                <Options
                    name="registration_mode"
                    legend=text::MODE
                    options=MODES.map(|(mode, title, about)| (mode.as_str(), title, about)).to_vec()
                    value=form.mode
                    disabled=fixed
                />
            </Setting>
            <Setting title=text::DEFAULT_ROLE about=text::DEFAULT_ROLE_ABOUT>
                <Options
                    name="default_role"
                    legend=text::DEFAULT_ROLE
                    options=DEFAULT_ROLES.map(|(role, title, about)| (role.as_str(), title, about)).to_vec()
                    value=form.default_role
                    disabled=false
                />
            </Setting>
            <div id="verification">
                <Setting title=text::VERIFICATION about=text::VERIFICATION_ABOUT>
                    <Switch
                        id="settings-verify-email"
                        label=text::VERIFY_EMAIL
                        about=text::VERIFY_EMAIL_ABOUT
                        value=form.verify_email
                    />
                    {(!is_mailed)
                        .then(|| {
                            view! {
                                <Banner tone="act" icon=IconName::Info>
                                    {text::VERIFICATION_OFF_BEFORE}
                                    <a href=pages::MAIL.path>{text::SET_UP_EMAIL}</a>
                                </Banner>
                            }.into_any()
                        })}
                </Setting>
            </div>
            <Setting title=text::SIGN_UP_FORM about=text::SIGN_UP_FORM_ABOUT>
                <div class="row">
                    <a class="btn btn-sm" id="open-flows" href=pages::FLOWS.path>
                        <Icon name=IconName::Filter />
                        {text::OPEN_FLOWS}
                    </a>
                    <a class="btn btn-sm" id="open-terms" href=pages::TERMS.path>
                        <Icon name=IconName::Check />
                        {text::OPEN_TERMS}
                    </a>
                </div>
            </Setting>
            <Setting title=text::PREVIEW about=text::PREVIEW_ABOUT>
                <Preview form is_mailed />
            </Setting>
            <div id="welcome">
                <Setting title=text::WELCOME about=text::WELCOME_ABOUT>
                    <TextArea
                        id="settings-welcome-text"
                        name="welcome_text"
                        label=text::WELCOME_TEXT
                        value=form.welcome_text
                        wrong
                        help=text::WELCOME_TEXT_HELP
                    />
                    <TextField
                        id="settings-welcome-url"
                        name="welcome_url"
                        label=text::WELCOME_URL
                        value=form.welcome_url
                        wrong
                        kind="url"
                        optional=true
                        placeholder=text::WELCOME_URL_EXAMPLE
                        help=text::WELCOME_URL_HELP
                    />
                    <TextField
                        id="settings-welcome-label"
                        name="welcome_label"
                        label=text::WELCOME_LABEL
                        value=form.welcome_label
                        wrong
                        optional=true
                        help=text::WELCOME_LABEL_HELP
                    />
                </Setting>
            </div>
            <Setting title=text::NEW_INVITES about=text::NEW_INVITES_ABOUT>
                <div class="fields-2">
                    <TextField
                        id="settings-code-length"
                        name="code_length"
                        label=text::CODE_LENGTH
                        value=form.code_length
                        wrong
                        kind="number"
                        class="input input-num"
                        min="12"
                        max="64"
                        help=text::CODE_LENGTH_HELP
                    />
                    <TextField
                        id="settings-ceiling"
                        name="invite_link_max_redemptions_limit"
                        label=text::CEILING
                        value=form.ceiling
                        wrong
                        kind="number"
                        class="input input-num"
                        min="1"
                        max="1000000"
                        help=text::CEILING_HELP
                    />
                </div>
            </Setting>
            <div id="member-invites">
                <Setting title=text::MEMBER_INVITES about=text::MEMBER_INVITES_ABOUT>
                    <Await
                        from=viewer
                        children=move |viewer| {
                            let held = viewer.map(|viewer| viewer.permissions).unwrap_or_default();
                            view! {
                                <MemberInvites fields=form.limits permissions=form.user_permissions held wrong />
                            }
                        }
                    />
                </Setting>
            </div>
            <Setting title=text::EMAIL about=text::EMAIL_ABOUT>
                <EmailState from=mail_from />
            </Setting>
            <Setting title=text::SIGN_IN_ALERTS about=text::SIGN_IN_ALERTS_ABOUT>
                <Switch
                    id="settings-sign-in-alerts"
                    label=text::TELL_OF_SIGN_INS
                    about=text::TELL_OF_SIGN_INS_ABOUT
                    value=form.sign_in_alerts
                />
            </Setting>
            <Setting title=text::OTHER_SITES about=text::OTHER_SITES_ABOUT>
                <TextArea
                    id="settings-allowed-origins"
                    name="allowed_origins"
                    label=text::ALLOWED_ORIGINS
                    value=form.allowed_origins
                    wrong
                    help=text::ALLOWED_ORIGINS_HELP
                />
            </Setting>
            <Setting title=text::OWN_SITE about=text::OWN_SITE_ABOUT>
                <Snippet html=text::own_site_form(&public_url) />
            </Setting>
            <Setting title=text::ROLES about=text::ROLES_ABOUT>
                <Await
                    from=viewer
                    children=move |viewer| {
                        let held = viewer.map(|viewer| viewer.permissions).unwrap_or_default();
                        view! {
                            <Picker choice=Choice {
                                id: "user-permission",
                                legend: text::MEMBERS_MAY,
                                offered: members_may(),
                                held,
                                value: form.user_permissions,
                            } />
                            <Picker choice=Choice {
                                id: "moderator-permission",
                                legend: text::MODERATORS_MAY,
                                offered: grantable(),
                                held,
                                value: form.moderator_permissions,
                            } />
                        }
                    }
                />
            </Setting>
            <div class="card-foot settings-save">
                <FormError wrong />
                <button class="btn btn-primary push" aria-busy=move || busy.get().then_some("true")>
                    <Icon name=IconName::Check />
                    {text::SAVE}
                </button>
            </div>
        </form>
    }
}

/// A setting that is on or off.
#[component]
fn Switch(id: &'static str, label: &'static str, about: &'static str, value: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                role="switch"
                id=id
                checked=value.get_untracked()
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span>
                {label}
                <small>{about}</small>
            </span>
        </label>
    }
}

/// Whether e-mail is on, and the way to its page.
#[component]
fn EmailState(from: Option<Email>) -> impl IntoView {
    let lead = if from.is_some() { text::MANAGE_EMAIL } else { text::SET_UP_EMAIL };
    view! {
        <p>{from.map_or_else(|| text::EMAIL_OFF.to_owned(), |from| text::email_from(from.as_str()))}</p>
        <div>
            <a class="btn btn-sm" id="open-mail" href=pages::MAIL.path>
                <Icon name=IconName::Mail />
                {lead}
            </a>
        </div>
    }
}

/// HTML to copy.
#[component]
fn Snippet(html: String) -> impl IntoView {
    view! {
        <pre class="snippet" id="own-site-form">
            <code>{html.clone()}</code>
        </pre>
        <div>
            <CopyButton text=html label=text::COPY_HTML of=text::OWN_SITE done=text::HTML_COPIED />
        </div>
    }
}

/// The sign-up page in miniature, as the form stands.
#[component]
fn Preview(form: Form, is_mailed: bool) -> impl IntoView {
    let is = |signal: RwSignal<String>, value: &'static str| move || signal.with(|chosen| chosen == value);
    let open = is(form.mode, RegistrationMode::Open.as_str());
    let closed = is(form.mode, RegistrationMode::Closed.as_str());
    let pending = is(form.default_role, DefaultRole::Pending.as_str());
    let refused = is(form.default_role, DefaultRole::Refused.as_str());
    let site_name = move || form.site_name.with(|name| name.trim().to_owned());
    let heading = move || {
        if closed() {
            text::REGISTRATION_CLOSED
        } else if open() {
            text::CREATE_ACCOUNT
        } else {
            text::CODE_NEEDED
        }
    };
    let explanation = move || {
        if closed() {
            text::no_new_accounts(&site_name())
        } else if !open() {
            text::preview_invite_only(&site_name())
        } else if pending() {
            text::PREVIEW_PENDING.to_owned()
        } else if refused() {
            text::PREVIEW_REFUSED.to_owned()
        } else {
            text::PREVIEW_MEMBER.to_owned()
        }
    };
    let button = move || {
        if closed() {
            text::SIGN_IN.to_owned()
        } else if open() {
            text::join(&site_name())
        } else {
            text::CONTINUE.to_owned()
        }
    };
    view! {
        <div class="signup-preview">
            <p class="signup-preview-site" dir="auto">{site_name}</p>
            <p class="signup-preview-heading">{heading}</p>
            <p>{explanation}</p>
            {move || (is_mailed && form.verify_email.get() && !closed()).then_some(text::PREVIEW_VERIFIES)}
            <p class="signup-preview-button">{button}</p>
        </div>
    }
}

/// One of a few choices, each with what it changes.
#[component]
fn Options(
    name: &'static str,
    legend: &'static str,
    options: Vec<(&'static str, &'static str, &'static str)>,
    value: RwSignal<String>,
    disabled: bool,
) -> impl IntoView {
    view! {
        <fieldset disabled=disabled>
            <legend class="sr">{legend}</legend>
            <div class="choice">
                {options
                    .into_iter()
                    .map(|(option, title, about)| {
                        view! {
                            <label class="check">
                                <input
                                    type="radio"
                                    name=name
                                    value=option
                                    checked=value.with_untracked(|value| value == option)
                                    prop:checked=move || value.with(|value| value == option)
                                    on:change=move |_| value.set(option.to_owned())
                                />
                                <span>
                                    {title}
                                    <small>{about}</small>
                                </span>
                            </label>
                        }.into_any()
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}
