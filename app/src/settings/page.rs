//! The settings page: each setting with what it means.

use domain::settings::{DefaultRole, RegistrationMode, Settings, SettingsDraft, SettingsView};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api;
use crate::dashboard::CurrentViewer;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Banner, FormError, Icon, IconName, Load, Sending, TextField, Toasts};

const MODES: [(RegistrationMode, &str, &str); 3] = [
    (RegistrationMode::InviteOnly, "By invite only", "Every new account needs a key."),
    (RegistrationMode::Open, "Open", "Anyone. A key is optional; a wrong one is still refused."),
    (RegistrationMode::Closed, "Closed", "Nobody new, not even with a key. Links stay, and say so."),
];
const DEFAULT_ROLES: [(DefaultRole, &str, &str); 2] = [
    (DefaultRole::Pending, "Waiting for approval", "They can sign in; an admin has yet to say yes."),
    (DefaultRole::User, "Member", "They are in at once."),
];

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let settings = Resource::new(|| (), |()| api::get());
    view! {
        <Title text="Settings" />
        <div class="page-head">
            <div>
                <h1>"Settings"</h1>
                <p class="page-sub">"How this place lets people in."</p>
            </div>
        </div>
        <Load
            from=settings
            children=|SettingsView { settings, undeclared_proxy }| {
                view! {
                    {undeclared_proxy.map(|address| view! { <ProxyNotice address /> })}
                    <SettingsForm settings />
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
            {format!(
                "Requests from {address} have forwarding headers, but it is not a trusted proxy. All visitors behind it share one limit on failed attempts. If it is your reverse proxy, set LATCHKEY_TRUSTED_PROXIES={address} and restart the server. If it is not, ignore this message.",
            )}
        </Banner>
    }
}

/// What was typed.
#[derive(Clone, Copy)]
struct Form {
    site_name: RwSignal<String>,
    mode: RwSignal<String>,
    default_role: RwSignal<String>,
    code_length: RwSignal<String>,
    ceiling: RwSignal<String>,
}

impl Form {
    fn new(settings: &Settings) -> Self {
        Self {
            site_name: RwSignal::new(settings.site_name.as_str().to_owned()),
            mode: RwSignal::new(settings.registration_mode.as_str().to_owned()),
            default_role: RwSignal::new(settings.default_role.as_str().to_owned()),
            code_length: RwSignal::new(settings.code_length.get().to_string()),
            ceiling: RwSignal::new(settings.invite_link_max_redemptions_limit.get().to_string()),
        }
    }

    /// The draft; `fixed` leaves out what the environment decides.
    fn draft(self, fixed: bool) -> Result<SettingsDraft, ServerFnError> {
        let number = |field: &str, text: String| {
            text.trim().parse::<i64>().map_err(|_| {
                ServerFnError(domain::Failure::field(domain::Code::Invalid, field, "Enter a whole number."))
            })
        };
        Ok(SettingsDraft {
            site_name: Some(self.site_name.get_untracked()),
            registration_mode: (!fixed).then(|| self.mode.get_untracked()),
            default_role: Some(self.default_role.get_untracked()),
            code_length: Some(number("code_length", self.code_length.get_untracked())?),
            invite_link_max_redemptions_limit: Some(number(
                "invite_link_max_redemptions_limit",
                self.ceiling.get_untracked(),
            )?),
        })
    }
}

#[component]
fn SettingsForm(settings: Settings) -> impl IntoView {
    let toasts = Toasts::expect();
    let CurrentViewer(viewer) = expect_context();
    let form = Form::new(&settings);
    let fixed = settings.registration_mode_fixed;
    let sending = Sending::new("settings");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || form.draft(fixed),
            api::update,
            move |_| {
                // The name of the place stands in the shell too.
                viewer.refetch();
                toasts.done("Settings saved");
            },
        );
    };
    view! {
        <form class="card" id="settings" method="post" novalidate on:submit=submit>
            <Setting title="Name" about="What this place is called, on sign-up pages and here.">
                <TextField id="settings-site-name" name="site_name" label="Name of the place" value=form.site_name wrong />
            </Setting>
            <Setting title="Registration" about="Who may make an account.">
                {fixed
                    .then(|| {
                        view! {
                            <Banner tone="act" icon=IconName::Lock>
                                "Set by LATCHKEY_REGISTRATION_MODE where the server runs, so that it can’t be changed here."
                            </Banner>
                        }.into_any()
                    })}
                <Options
                    name="registration_mode"
                    legend="Registration mode"
                    options=MODES.map(|(mode, title, about)| (mode.as_str(), title, about)).to_vec()
                    value=form.mode
                    disabled=fixed
                />
            </Setting>
            <Setting title="Without a key" about="What an account becomes that came without one, where registration is open.">
                <Options
                    name="default_role"
                    legend="Without a key, one becomes"
                    options=DEFAULT_ROLES.map(|(role, title, about)| (role.as_str(), title, about)).to_vec()
                    value=form.default_role
                    disabled=false
                />
            </Setting>
            <Setting title="Links" about="What new links are made like. Those that exist stay as they are.">
                <div class="fields-2">
                    <TextField
                        id="settings-code-length"
                        name="code_length"
                        label="Length of codes"
                        value=form.code_length
                        wrong
                        kind="number"
                        class="input input-num"
                        min="12"
                        max="64"
                        help="Characters of a random code, 12 to 64."
                    />
                    <TextField
                        id="settings-ceiling"
                        name="invite_link_max_redemptions_limit"
                        label="Most people per link"
                        value=form.ceiling
                        wrong
                        kind="number"
                        class="input input-num"
                        min="1"
                        max="1000000"
                        help="The highest number a limited link can have."
                    />
                </div>
            </Setting>
            <div class="card-foot settings-save">
                <FormError wrong />
                <button class="btn btn-primary push" aria-busy=move || busy.get().then_some("true")>
                    <Icon name=IconName::Check />
                    "Save"
                </button>
            </div>
        </form>
    }
}

#[component]
fn Setting(title: &'static str, about: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="setting">
            <div>
                <h2>{title}</h2>
                <p>{about}</p>
            </div>
            <div class="stack">{children()}</div>
        </div>
    }
}

/// One of a few, each with what it means.
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
