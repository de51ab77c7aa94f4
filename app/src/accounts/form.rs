//! The forms of a member: creating an account, and changing one.

use domain::Patch;
use domain::accounts::{Account, AccountDraft, NewAccountDraft, Role};
use domain::attributes::{AccountAttributeDraft, Attribute};
use domain::groups::GroupRef;
use domain::ids::AccountId;
use domain::text::{DisplayName, isolated};
use domain::viewer::Viewer;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{api, text};
use crate::access::may;
use crate::attributes::{AttributeRow, AttributeRows};
use crate::memberships::GroupPicker;
use crate::ui::{
    DialogFoot, FormError, IconName, InstantInput, Section, SelectField, Sending, TextField, Toasts, Wrong, browser,
    fixed, full,
};

/// What both forms have.
#[derive(Clone, Copy)]
struct Fields {
    email: RwSignal<String>,
    username: RwSignal<String>,
    name: RwSignal<String>,
    role: RwSignal<String>,
}

impl Fields {
    fn new(account: Option<&Account>) -> Self {
        let field = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
        Self {
            email: field(account.map(|account| account.email.to_string())),
            username: field(account.map(|account| account.username.to_string())),
            name: field(account.and_then(|account| account.name.as_ref()).map(DisplayName::to_string)),
            role: RwSignal::new(account.map_or(Role::User, |account| account.role).as_str().to_owned()),
        }
    }

    fn view(self, wrong: Wrong, email_help: &'static str) -> impl IntoView {
        let roles = Role::ALL.into_iter().filter(|role| *role != Role::Owner);
        view! {
            <TextField id="member-name" name="name" label=text::NAME value=self.name wrong optional=true autofocus=true />
            <TextField id="member-email" name="email" label=text::EMAIL value=self.email wrong kind="email" help=email_help />
            <TextField
                id="member-username"
                name="username"
                label=text::USERNAME
                value=self.username
                wrong
                help=text::USERNAME_HELP
            />
            <SelectField
                id="member-role"
                name="role"
                label=text::ROLE
                options=roles.map(|role| fixed((role.as_str(), role.title()))).collect()
                value=self.role
                wrong
            />
        }
    }
}

/// What a new account is given besides, in sections that unfold.
#[derive(Clone, Copy)]
struct Given {
    groups: RwSignal<Vec<GroupRef>>,
    attributes: RwSignal<Vec<AttributeRow>>,
    ends_at: InstantInput,
}

impl Given {
    fn nothing() -> Self {
        Self { groups: RwSignal::default(), attributes: RwSignal::default(), ends_at: InstantInput::new(None, false) }
    }

    fn view(self, wrong: Wrong) -> impl IntoView {
        let Self { groups, attributes, ends_at } = self;
        let adds_to_groups = may(Viewer::may_add_to_groups);
        let chosen = Signal::derive(move || {
            let names = groups.with(|groups| groups.iter().map(|group| isolated(group.name.as_str())).collect());
            text::chosen_groups(names)
        });
        let rows = Signal::derive(move || text::attributes(attributes.with(Vec::len)));
        let end = Signal::derive(move || {
            let end = ends_at.typed.with(|typed| browser::from_input(typed));
            end.map_or_else(|| text::NEVER.to_owned(), full)
        });
        view! {
            <div class="folds">
                {move || {
                    adds_to_groups
                        .get()
                        .then(|| {
                            view! {
                                <Section title=text::GROUPS summary=chosen fields=&["groups"] wrong>
                                    <GroupPicker id="member-group" value=groups help=text::GROUPS_HELP wrong />
                                </Section>
                            }.into_any()
                        })
                }}
                <Section title=crate::attributes::text::ATTRIBUTES summary=rows fields=&["attributes"] wrong>
                    <AttributeRows
                        rows=attributes
                        wrong
                        id="member-attributes"
                        help=text::ATTRIBUTES_HELP
                        lockable=false
                    />
                </Section>
                <Section title=text::ENDS summary=end fields=&["ends_at"] wrong>
                    <EndField ends_at wrong />
                </Section>
            </div>
        }
    }
}

/// The end of an account.
#[component]
fn EndField(ends_at: InstantInput, wrong: Wrong) -> impl IntoView {
    view! {
        <TextField
            id="member-ends"
            name="ends_at"
            label=text::ENDS
            value=ends_at.typed
            wrong
            kind="datetime-local"
            optional=true
            help=text::ENDS_HELP
        />
    }
}

/// Creates an account.
#[component]
pub(super) fn CreateForm(close: Callback<()>, created: Callback<Account>) -> impl IntoView {
    let toasts = Toasts::expect();
    let fields = Fields::new(None);
    let password = RwSignal::new(String::new());
    let given = Given::nothing();
    let sending = Sending::new("new-member");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            Ok(NewAccountDraft {
                email: fields.email.get_untracked(),
                username: fields.username.get_untracked(),
                name: Some(fields.name.get_untracked()),
                role: Some(fields.role.get_untracked()),
                password: password.get_untracked(),
                groups: Some(
                    given.groups.with_untracked(|groups| groups.iter().map(|group| group.id.to_string()).collect()),
                ),
                attributes: Some(typed(given.attributes)),
                ends_at: given.ends_at.read("ends_at")?.value(),
            })
        };
        sending.send(&event, read, api::create, move |account: Account| {
            close.try_run(());
            toasts.done(text::created(&isolated(account.display_name())));
            created.try_run(account);
        });
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                {fields.view(wrong, "")}
                <TextField
                    id="member-password"
                    name="password"
                    label=text::PASSWORD
                    value=password
                    wrong
                    kind="password"
                    autocomplete="new-password"
                    help=text::PASSWORD_HELP
                />
                {given.view(wrong)}
                <FormError wrong />
            </div>
            <DialogFoot verb=text::CREATE icon=IconName::Plus busy close />
        </form>
    }
}

/// Changes an account.
#[component]
pub(super) fn EditForm(account: Account, close: Callback<()>, saved: Callback<Account>) -> impl IntoView {
    let toasts = Toasts::expect();
    let fields = Fields::new(Some(&account));
    let (id, old) = (account.id, account.role);
    let ends_at = InstantInput::new(account.ends_at, true);
    let sending = Sending::new("edit-member");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            Ok(AccountDraft {
                email: Patch::Set(fields.email.get_untracked()),
                username: Patch::Set(fields.username.get_untracked()),
                name: Patch::Set(fields.name.get_untracked()),
                role: Patch::Set(fields.role.get_untracked()),
                ends_at: ends_at.read("ends_at")?,
                attributes: Patch::Keep,
            })
        };
        sending.send(
            &event,
            read,
            move |draft| api::update(id, draft),
            move |account: Account| {
                close.try_run(());
                toasts.done(text::saved(&isolated(account.display_name())));
                saved.try_run(account);
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                {fields.view(wrong, text::EMAIL_EDIT_HELP)}
                {move || {
                    let role = fields.role.with(|role| role.parse::<Role>().ok()).filter(|role| *role != old)?;
                    Some(view! { <p class="help" aria-live="polite">{text::role_changes(role.title())}</p> }.into_any())
                }}
                <EndField ends_at wrong />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::SAVE_CHANGES icon=IconName::Check busy close />
        </form>
    }
}

/// The attributes of these rows.
fn typed(rows: RwSignal<Vec<AttributeRow>>) -> Vec<AccountAttributeDraft> {
    rows.with_untracked(|rows| rows.iter().filter_map(|row| row.for_account()).collect())
}

/// Changes the attributes of an account.
#[component]
pub(super) fn AttributesForm(
    of: AccountId,
    attributes: Vec<Attribute>,
    close: Callback<()>,
    saved: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let rows = RwSignal::new(attributes.iter().map(AttributeRow::of_account).collect::<Vec<_>>());
    let sending = Sending::new("edit-attributes");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || Ok(AccountDraft { attributes: Patch::Set(typed(rows)), ..AccountDraft::default() });
        sending.send(
            &event,
            read,
            move |draft| api::update(of, draft),
            move |account: Account| {
                close.try_run(());
                toasts.done(text::saved(&isolated(account.display_name())));
                saved.try_run(());
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <AttributeRows rows wrong id="member-attributes" help=text::ATTRIBUTES_HELP lockable=false />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::SAVE_CHANGES icon=IconName::Check busy close />
        </form>
    }
}

/// Makes a member the owner.
#[component]
pub(super) fn OwnerForm(account: Account, close: Callback<()>, saved: Callback<()>) -> impl IntoView {
    let toasts = Toasts::expect();
    let (id, name) = (account.id, isolated(account.display_name()));
    let about = text::make_owner_text(&name);
    let password = RwSignal::new(String::new());
    let sending = Sending::new("make-owner");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let name = name.clone();
        sending.send(
            &event,
            move || Ok(password.get_untracked()),
            move |password| api::transfer_ownership(id, password),
            move |paused: u64| {
                close.try_run(());
                toasts.done(text::is_owner_now(&name, paused));
                saved.try_run(());
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <p>{about}</p>
                <TextField
                    id="make-owner-password"
                    name="password"
                    label=text::YOUR_PASSWORD
                    value=password
                    wrong
                    kind="password"
                    autocomplete="current-password"
                    autofocus=true
                />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::MAKE_OWNER_VERB icon=IconName::Key busy close />
        </form>
    }
}
