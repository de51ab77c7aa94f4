//! What most invites do without, in sections. Each says in a line what is chosen in it while it is closed. They are a part of
//! the browser's program: the form above them is complete without them.
// A form is a set of signals, which are indexes.
#![allow(clippy::large_types_passed_by_value)]
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::access::Permission;
use domain::accounts::Role;
use domain::applications::ApplicationRef;
use domain::flows::FlowRef;
use domain::invites::AccessOf;
use domain::text::isolated;
use domain::web::Destination;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::fields::EmailField;
use super::form::{DATE, DAYS, InviteForm, MANY, NONE, OTHER};
use super::{api, text};
use crate::access::{IfMay, may};
use crate::attributes::AttributeRows;
use crate::flows::api as flows;
use crate::memberships::GroupPicker;
use crate::ui::{
    Choice, Deferred, Drawn, Icon, IconName, Section, SelectField, SelectOption, TextArea, TextField, Wrong, drawing,
    fixed,
};

const ENDS_WHEN: &[(&str, &str)] = &[(DAYS, text::AFTER_DAYS), (DATE, text::ON_A_DATE)];

#[wasm_split(invite_sections, fallible, preload(preload_sections))]
fn draw(form: InviteForm, wrong: Wrong) -> Drawn {
    Ok(view! {
        <WhoCanUse form wrong />
        <Access form wrong />
        <SignUpPage form wrong />
        <Afterwards form wrong />
    }
    .into_any())
}

/// The sections, once their part is there.
#[component]
pub(super) fn DeferredSections(form: InviteForm, wrong: Wrong) -> impl IntoView {
    let draw = drawing(move || draw(form, wrong));
    view! { <Deferred load=|| Box::pin(preload_sections()) draw class="fold" /> }
}

/// A box to tick.
#[component]
fn Tick(id: &'static str, label: &'static str, about: &'static str, value: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                id=id
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

/// Who can use it: addresses, members, from when, and by which code.
#[component]
fn WhoCanUse(form: InviteForm, wrong: Wrong) -> impl IntoView {
    let may_skip_code = may(|viewer| viewer.may(Permission::SettingsChange));
    let skips_code = form.without_code.get_untracked();
    let summary = Signal::derive(move || {
        let starts = !form.starts_at.typed.with(String::is_empty);
        text::who(&form.domains.get(), starts, form.existing_members.get(), form.verify_email.get())
    });
    view! {
        <Section title=text::WHO summary fields=&["email", "email_domains", "starts_at", "code"] wrong>
            {move || {
                (form.had_email && form.kind.with(|kind| kind == MANY))
                    .then(|| view! { <EmailField form wrong /> }.into_any())
            }}
            <TextField
                id="invite-domains"
                name="email_domains"
                label=text::EMAIL_DOMAINS
                value=form.domains
                wrong
                optional=true
                placeholder=text::EMAIL_DOMAINS_EXAMPLE
                help=text::EMAIL_DOMAINS_HELP
            />
            {move || {
                // Who may not choose it may still take it away.
                ((may_skip_code.get() || skips_code) && form.kind.with(|kind| kind == MANY))
                    .then(|| view! {
                        <Tick
                            id="invite-without-code"
                            label=text::WITHOUT_CODE
                            about=text::WITHOUT_CODE_HELP
                            value=form.without_code
                        />
                    }.into_any())
            }}
            <div>
                <Tick
                    id="invite-verify"
                    label=text::VERIFY_EMAIL
                    about=text::VERIFY_EMAIL_HELP
                    value=form.verify_email
                />
                <p class="help" aria-live="polite">{move || form.is_for_addresses().then_some(text::VERIFY_EMAIL_IMPLIED)}</p>
            </div>
            <Tick
                id="invite-existing"
                label=text::EXISTING_MEMBERS
                about=text::EXISTING_MEMBERS_HELP
                value=form.existing_members
            />
            <TextField
                id="invite-starts"
                name="starts_at"
                label=text::STARTS
                value=form.starts_at.typed
                wrong
                optional=true
                kind="datetime-local"
                help=text::STARTS_HELP
            />
            {(!form.exists && form.bounds.is_none_or(|bounds| bounds.own_codes))
                .then(|| {
                    view! {
                        <TextField
                            id="invite-code"
                            name="code"
                            label=text::CODE
                            value=form.code
                            wrong
                            optional=true
                            class="input input-mono"
                            placeholder=text::CODE_EXAMPLE
                            help=text::CODE_HELP
                        />
                    }.into_any()
                })}
        </Section>
    }
}

/// What the accounts get: role, groups, whether approval is needed, and for how long.
#[component]
fn Access(form: InviteForm, wrong: Wrong) -> impl IntoView {
    let makes_admins = may(|viewer| viewer.may(Permission::AdminsManage));
    let summary = Signal::derive(move || {
        let role = form.role.with(|role| role.parse::<Role>().map_or("", Role::title));
        let groups = form.groups.with(|groups| groups.iter().map(|group| isolated(group.name.as_str())).collect());
        let ends = form.ends_of.with(|of| of != NONE);
        text::access(role, groups, form.approval.get(), ends)
    });
    let roles = move || {
        let offered =
            Role::ALL.into_iter().filter(|role| role.can_be_granted() && (*role != Role::Admin || makes_admins.get()));
        offered.map(|role| fixed((role.as_str(), role.title()))).collect::<Vec<_>>()
    };
    let ends_of = [
        (NONE, text::NO_END),
        (AccessOf::Groups.as_str(), text::GROUPS_END),
        (AccessOf::Account.as_str(), text::ACCOUNT_ENDS),
    ];
    let ends_of = ends_of.map(fixed).to_vec();
    view! {
        <Section title=text::ACCESS summary fields=&["role", "groups", "ends"] wrong>
            {move || {
                // Members give no other role than their own.
                form.bounds
                    .is_none_or(|bounds| bounds.own_codes)
                    .then(|| {
                        view! { <SelectField id="invite-role" name="role" label=text::ROLE options=roles() value=form.role wrong /> }
                            .into_any()
                    })
            }}
            <GroupPicker id="invite-group" value=form.groups wrong />
            <Tick id="invite-approval" label=text::APPROVAL about=text::APPROVAL_HELP value=form.approval />
            <div class="field-group">
                <SelectField id="invite-ends" name="ends" label=text::ENDS options=ends_of value=form.ends_of wrong />
                {move || (form.ends_of.with(|of| of != NONE)).then(|| view! { <EndsWhen form /> }.into_any())}
            </div>
        </Section>
    }
}

/// After how many days, or when.
#[component]
fn EndsWhen(form: InviteForm) -> impl IntoView {
    let none: Wrong = RwSignal::new(None);
    view! {
        <Choice name="ends-when" legend=text::ENDS_WHEN options=ENDS_WHEN value=form.ends_when />
        {move || {
            if form.ends_when.with(|when| when == DAYS) {
                view! {
                    <TextField
                        id="invite-ends-days"
                        name="ends"
                        label=text::DAYS_AFTER_SIGN_UP
                        value=form.ends_days
                        wrong=none
                        kind="number"
                        class="input input-num"
                        min="1"
                        max="3650"
                        help=text::ENDS_HELP
                    />
                }
                    .into_any()
            } else {
                view! {
                    <TextField
                        id="invite-ends-at"
                        name="ends"
                        label=text::END_OF_ACCESS
                        value=form.ends_at.typed
                        wrong=none
                        kind="datetime-local"
                        help=text::ENDS_AT_HELP
                    />
                }
                    .into_any()
            }
        }}
    }
}

/// What the sign-up page shows and asks.
#[component]
fn SignUpPage(form: InviteForm, wrong: Wrong) -> impl IntoView {
    let summary = Signal::derive(move || {
        let has_text = form.welcome_text.with(|text| !text.trim().is_empty());
        let has_flow = form.flow.with(|flow| flow != NONE);
        text::sign_up_page(has_flow, has_text, form.attributes.with(Vec::len), form.show_uses_left.get())
    });
    view! {
        <Section title=text::SIGN_UP_PAGE summary fields=&["flow_id", "welcome_text", "attributes"] wrong>
            // Members who invite do not see the flows.
            <IfMay permission=Permission::InvitesView>
                <Flow form wrong />
            </IfMay>
            <TextArea
                id="invite-welcome"
                name="welcome_text"
                label=text::WELCOME_TEXT
                value=form.welcome_text
                wrong
                help=text::WELCOME_TEXT_HELP
            />
            <Preview source=form.welcome_text />
            <AttributeRows
                rows=form.attributes
                wrong
                id="invite-attributes"
                help=text::ATTRIBUTES_HELP
                lockable=true
            />
            <Tick id="invite-uses-left" label=text::SHOW_USES_LEFT about=text::SHOW_USES_LEFT_HELP value=form.show_uses_left />
        </Section>
    }
}

/// The flow of the sign-up page, for those who may choose it.
#[component]
fn Flow(form: InviteForm, wrong: Wrong) -> impl IntoView {
    let choices = LocalResource::new(flows::choices);
    move || {
        let found = choices.get().and_then(Result::ok)?;
        let present = form.flow.get_untracked();
        // The first is the default.
        let default = found.first().map(|flow| text::default_flow(&isolated(flow.name.as_str()))).unwrap_or_default();
        // Naming the default is not the same as naming none: another may become the default.
        let others = found.into_iter().enumerate().filter(|(at, flow)| *at > 0 || flow.id.to_string() == present);
        let option = |FlowRef { id, name }: FlowRef| (id.to_string().into(), name.to_string().into());
        let named = others.map(|(_, flow)| option(flow));
        let options: Vec<SelectOption> = std::iter::once((NONE.into(), default.into())).chain(named).collect();
        Some(
            view! {
                <div>
                    <SelectField id="invite-flow" name="flow_id" label=text::FLOW options value=form.flow wrong />
                    <p class="help">{text::FLOW_HELP}</p>
                </div>
            }
            .into_any(),
        )
    }
}

/// The welcome as the page will show it, when asked for.
#[component]
fn Preview(source: RwSignal<String>) -> impl IntoView {
    let html = RwSignal::new(None::<Result<String, String>>);
    let show = Action::new(move |source: &String| {
        let source = source.clone();
        async move {
            let shown = api::preview(source).await;
            html.set(Some(shown.map_err(|error| error.of("welcome_text").unwrap_or_else(|| error.to_string()))));
        }
    });
    // What is shown is what was typed.
    Effect::new(move || {
        source.track();
        html.set(None);
    });
    view! {
        <div class="stack">
            {move || {
                (source.with(|source| !source.trim().is_empty()) && html.with(Option::is_none))
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-sm"
                                on:click=move |_| {
                                    show.dispatch(source.get_untracked());
                                }
                            >
                                <Icon name=IconName::Search />
                                {text::PREVIEW}
                            </button>
                        }.into_any()
                    })
            }}
            <div aria-live="polite">
                {move || match html.get() {
                    None => ().into_any(),
                    Some(Ok(html)) => view! { <div class="welcome-preview" inner_html=html></div> }.into_any(),
                    Some(Err(why)) => view! { <p class="error">{why}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// Where people go after they sign up.
#[component]
fn Afterwards(form: InviteForm, wrong: Wrong) -> impl IntoView {
    let choices = LocalResource::new(api::applications);
    // The one that is chosen already is a choice also for who may not choose it again; in a new invite, until the choices are
    // known.
    let present = form.goes_on.get_untracked();
    let applications = Memo::new(move |_| {
        let read = choices.get().and_then(Result::ok);
        let keeps_present = form.exists || read.is_none();
        let found = read.unwrap_or_default().into_iter();
        let option = |of: ApplicationRef| (String::from(Destination::of_application(of.id)), of.name.to_string());
        let mut found: Vec<_> = found.map(option).collect();
        let name = form.application.get().filter(|_| keeps_present);
        if let Some(name) = name.filter(|_| found.iter().all(|(path, _)| *path != present)) {
            found.insert(0, (present.clone(), name.to_string()));
        }
        found
    });
    // A duplicate leads to the account page instead of where its viewer may not send anybody.
    Effect::new(move || {
        if form.exists || !matches!(choices.get(), Some(Ok(_))) {
            return;
        }
        let goes_on = form.goes_on.get();
        let is_path = goes_on != NONE && goes_on != OTHER;
        if is_path && applications.with(|all| all.iter().all(|(path, _)| *path != goes_on)) {
            form.goes_on.set(NONE.to_owned());
        }
    });
    let summary = Signal::derive(move || {
        let goes_on = form.goes_on.get();
        match applications.with(|all| all.iter().find(|(path, _)| *path == goes_on).map(|(_, name)| name.clone())) {
            Some(name) => isolated(&name),
            None if goes_on == OTHER => text::afterwards(form.after.with(|after| after.trim().to_owned())),
            None => text::ACCOUNT_PAGE.to_owned(),
        }
    });
    let options = move || {
        let named = applications.get().into_iter().map(|(path, name)| (path.into(), name.into()));
        let options = std::iter::once(fixed((NONE, text::ACCOUNT_PAGE))).chain(named);
        options.chain([fixed((OTHER, text::OTHER_ADDRESS))]).collect::<Vec<SelectOption>>()
    };
    // What is wrong about an address is said where it is typed.
    let wrong_choice: Wrong = RwSignal::new(None);
    Effect::new(move || {
        let is_typed = form.goes_on.with_untracked(|goes_on| goes_on == OTHER);
        wrong_choice.set(wrong.get().filter(|_| !is_typed));
    });
    view! {
        <Section title=text::AFTERWARDS summary fields=&["after"] wrong>
            {move || {
                view! { <SelectField id="invite-goes-on" name="after" label=text::AFTER options=options() value=form.goes_on wrong=wrong_choice /> }
                    .into_any()
            }}
            {move || {
                (form.goes_on.with(|goes_on| goes_on == OTHER))
                    .then(|| {
                        view! {
                            <TextField
                                id="invite-after"
                                name="after"
                                label=text::OTHER_ADDRESS
                                value=form.after
                                wrong
                                placeholder=text::AFTER_EXAMPLE
                                help=text::AFTER_HELP
                            />
                        }.into_any()
                    })
            }}
        </Section>
    }
}
