//! The forms of a group: its name and permissions, and adding members.

use domain::access::{Permission, grantable};
use domain::groups::{Candidate, Group, GroupDraft, MembersDraft, split_list};
use domain::ids::GroupId;
use domain::text::isolated;
use domain::{Code, Failure, Patch};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::AddToGroups;
use super::people::PeoplePicker;
use super::{api, text};
use crate::access::{PermissionPicker, may};
use crate::memberships::GroupPicker;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Await, DialogFoot, FormError, IconName, InstantInput, Sending, TextArea, TextField, Toasts, Wrong};
use crate::viewer::CurrentViewer;

/// Creates a group, or changes one.
#[component]
pub(super) fn GroupForm(
    /// The group that is changed.
    group: Option<Group>,
    close: Callback<()>,
    /// Called with the group as it is then.
    saved: Callback<Group>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let CurrentViewer(viewer) = expect_context();
    let terms = group.as_ref().map(|group| group.terms.clone());
    let id = group.map(|group| group.id);
    let name = RwSignal::new(terms.as_ref().map(|terms| terms.name.to_string()).unwrap_or_default());
    let description = terms.as_ref().and_then(|terms| terms.description.as_ref().map(ToString::to_string));
    let description = RwSignal::new(description.unwrap_or_default());
    let permissions = RwSignal::new(terms.map(|terms| terms.permissions).unwrap_or_default());
    let sending = Sending::new(if id.is_some() { "edit-group" } else { "new-group" });
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            Ok(GroupDraft {
                name: Patch::Set(name.get_untracked()),
                description: Patch::Set(description.get_untracked()),
                permissions: Patch::Set(permissions.get_untracked()),
            })
        };
        let done = move |group: Group| {
            close.try_run(());
            let name = isolated(group.terms.name.as_str());
            toasts.done(if id.is_some() { text::saved(&name) } else { text::created(&name) });
            saved.try_run(group);
        };
        match id {
            Some(id) => sending.send(&event, read, |draft| api::update(id, draft), done),
            None => sending.send(&event, read, api::create, done),
        }
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <TextField
                    id="group-name"
                    name="name"
                    label=text::NAME
                    value=name
                    wrong
                    autofocus=true
                    placeholder=text::NAME_EXAMPLE
                />
                <TextArea
                    id="group-description"
                    name="description"
                    label=text::DESCRIPTION
                    value=description
                    wrong
                    help=text::DESCRIPTION_HELP
                />
                <Await
                    from=viewer
                    children=move |viewer| {
                        let held = viewer.map(|viewer| viewer.permissions).unwrap_or_default();
                        let legend = text::PERMISSIONS_LEGEND;
                        view! {
                            <PermissionPicker id="group-permission" legend offered=grantable() held value=permissions />
                        }
                    }
                />
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

/// Adds accounts to a group: those that a search finds, and a list of usernames and e-mail addresses. What is not found stays in
/// the field.
#[component]
pub(super) fn AddMembersForm(
    group: Group,
    close: Callback<()>,
    /// Called when somebody was added.
    added: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let id = group.id;
    let people = RwSignal::new(Vec::<Candidate>::new());
    let accounts = RwSignal::new(String::new());
    let searches = may(|viewer| viewer.may(Permission::AccountsView));
    let only_list = !searches.get_untracked();
    let managers = RwSignal::new(false);
    // Empty for members who are there already, too: it shows the end of none.
    let ends_at = InstantInput::new(None, true);
    let sending = Sending::new("add-members");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || {
                let chosen = people.with_untracked(|people| people.iter().map(id_of).collect::<Vec<_>>());
                Ok(MembersDraft {
                    accounts: [chosen, split_list(&accounts.get_untracked())].concat(),
                    manager: managers.get_untracked().then_some(true),
                    ends_at: ends_at.read("ends_at")?,
                })
            },
            move |draft| api::add_members(id, draft),
            move |done| {
                if done.changed + done.unchanged > 0 {
                    toasts.done(text::added(done.changed, done.unchanged));
                    added.try_run(());
                }
                if done.not_found.is_empty() {
                    close.try_run(());
                } else {
                    people.try_set(Vec::new());
                    keep_unknown(accounts, wrong, &done.not_found, text::not_found);
                }
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                {move || searches.get().then(|| view! { <PeoplePicker of=id value=people /> }.into_any())}
                <TextArea
                    id="member-accounts"
                    name="accounts"
                    label=text::ACCOUNTS
                    value=accounts
                    wrong
                    help=text::ACCOUNTS_HELP
                    needed=only_list
                />
                <TextField
                    id="member-ends-at"
                    name="ends_at"
                    label=text::ENDS
                    value=ends_at.typed
                    wrong
                    kind="datetime-local"
                    optional=true
                    help=text::ENDS_HELP
                />
                {group.can_change
                    .then(|| {
                        view! {
                            <label class="check">
                                <input
                                    type="checkbox"
                                    id="member-managers"
                                    prop:checked=move || managers.get()
                                    on:change=move |event| managers.set(event_target_checked(&event))
                                />
                                <span>{text::AS_MANAGERS} <small>{text::AS_MANAGERS_ABOUT}</small></span>
                            </label>
                        }.into_any()
                    })}
                <FormError wrong />
            </div>
            <DialogFoot verb=text::ADD_MEMBERS icon=IconName::Plus busy close />
        </form>
    }
}

fn id_of(one: &Candidate) -> String {
    one.account.id.to_string()
}

/// Leaves in the field what names no account, and says so.
fn keep_unknown(accounts: RwSignal<String>, wrong: Wrong, unknown: &[String], why: fn(&[String]) -> String) {
    accounts.try_set(unknown.join("\n"));
    let why = Failure::field(Code::Invalid, "accounts", why(unknown));
    wrong.try_set(Some(ServerFnError::respond(why)));
}

/// Removes accounts from a group by a list of their usernames and e-mail addresses. What is not found stays in the field.
#[component]
pub(super) fn RemoveMembersForm(
    group: Group,
    close: Callback<()>,
    /// Called when somebody was removed.
    removed: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let id = group.id;
    let accounts = RwSignal::new(String::new());
    let sending = Sending::new("remove-members");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || Ok(MembersDraft { accounts: split_list(&accounts.get_untracked()), ..MembersDraft::default() }),
            move |draft| api::remove_members(id, draft),
            move |done| {
                if done.changed + done.unchanged > 0 {
                    toasts.done(text::removed_of(done.changed, done.unchanged));
                    removed.try_run(());
                }
                if done.not_found.is_empty() {
                    close.try_run(());
                } else {
                    keep_unknown(accounts, wrong, &done.not_found, text::not_found_to_remove);
                }
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <p class="soft">{text::REMOVE_TEXT}</p>
                <TextArea
                    id="remove-accounts"
                    name="accounts"
                    label=text::ACCOUNTS
                    value=accounts
                    wrong
                    help=text::ACCOUNTS_HELP
                    needed=true
                    autofocus=true
                />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::REMOVE_MEMBERS icon=IconName::Close busy close danger=true />
        </form>
    }
}

/// Adds accounts to groups that are chosen.
#[component]
pub(super) fn AddToGroupForm(
    of: AddToGroups,
    close: Callback<()>,
    /// Called when they were added.
    added: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let AddToGroups { accounts, name, without } = of;
    let help = if name.is_some() { text::JOINS_GROUPS_HELP } else { text::ADD_TO_GROUPS_HELP };
    let groups = RwSignal::new(Vec::new());
    let sending = Sending::new("add-to-groups");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let (accounts, name) = (accounts.clone(), name.clone());
        sending.send(
            &event,
            move || {
                let chosen = groups.get_untracked();
                if chosen.is_empty() {
                    let why = Failure::field(Code::Invalid, "groups", text::CHOOSE_ONE);
                    return Err(ServerFnError::respond(why));
                }
                Ok(chosen.into_iter().map(|group: domain::groups::GroupRef| group.id).collect::<Vec<GroupId>>())
            },
            move |chosen| async move {
                let count = chosen.len();
                let (mut changed, mut unchanged) = (0, 0);
                for id in chosen {
                    let done =
                        api::add_members(id, MembersDraft { accounts: accounts.clone(), ..MembersDraft::default() })
                            .await?;
                    changed = changed.max(done.changed);
                    unchanged = unchanged.max(done.unchanged);
                }
                Ok((count, changed, unchanged))
            },
            move |(count, changed, unchanged)| {
                close.try_run(());
                toasts.done(match name {
                    Some(name) => text::added_to(&name, count),
                    None => text::added(changed, unchanged),
                });
                added.try_run(());
            },
        );
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <GroupPicker id="add-group" value=groups help needed=true without wrong />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::ADD_TO_GROUPS icon=IconName::Plus busy close />
        </form>
    }
}
