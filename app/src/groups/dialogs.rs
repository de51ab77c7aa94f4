//! The dialogs of groups. Their forms are a part of the browser's program, downloaded when a dialog is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::groups::Group;
use domain::ids::GroupId;
use domain::text::isolated;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::{AddMembersForm, AddToGroupForm, GroupForm, RemoveMembersForm};
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that leads to one of these forms.
pub const PREFETCH: &str = "group-forms";

/// A form, and what it needs.
#[derive(Clone)]
enum Form {
    Group { group: Option<Group>, close: Callback<()>, saved: Callback<Group> },
    AddMembers { group: Group, close: Callback<()>, added: Callback<()> },
    RemoveMembers { group: Group, close: Callback<()>, removed: Callback<()> },
    AddToGroup { of: AddToGroups, close: Callback<()>, added: Callback<()> },
}

#[wasm_split(group_forms, fallible, preload(preload_forms))]
fn draw(form: Form) -> Drawn {
    Ok(match form {
        Form::Group { group, close, saved } => view! { <GroupForm group close saved /> }.into_any(),
        Form::AddMembers { group, close, added } => view! { <AddMembersForm group close added /> }.into_any(),
        Form::RemoveMembers { group, close, removed } => view! { <RemoveMembersForm group close removed /> }.into_any(),
        Form::AddToGroup { of, close, added } => view! { <AddToGroupForm of close added /> }.into_any(),
    })
}

/// Downloads the forms unless they are there.
pub fn load_forms() -> Download {
    Box::pin(preload_forms())
}

fn deferred(form: Form) -> AnyView {
    let draw = drawing(move || draw(form.clone()));
    view! { <Deferred load=load_forms draw /> }.into_any()
}

/// The dialog that creates a group.
#[component]
pub(super) fn CreateDialog(open: RwSignal<bool>, saved: Callback<Group>) -> impl IntoView {
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog id="new-group" open=open close title=text::NEW_GROUP.to_owned()>
            {deferred(Form::Group { group: None, close, saved })}
        </Dialog>
    }
}

/// The dialog that changes a group, open while there is one.
#[component]
pub(super) fn EditDialog(of: RwSignal<Option<Group>>, saved: Callback<Group>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let form = move |group| Form::Group { group: Some(group), close, saved };
    view! { <OfGroup id="edit-group" of title=text::edit_title form=Callback::new(form) close /> }
}

/// The dialog that adds members to a group, open while there is one.
#[component]
pub(super) fn AddMembersDialog(of: RwSignal<Option<Group>>, added: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let form = move |group| Form::AddMembers { group, close, added };
    view! { <OfGroup id="add-members" of title=text::add_title form=Callback::new(form) close /> }
}

/// The dialog that removes members from a group by a list, open while there is one.
#[component]
pub(super) fn RemoveMembersDialog(of: RwSignal<Option<Group>>, removed: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let form = move |group| Form::RemoveMembers { group, close, removed };
    view! { <OfGroup id="remove-members" of title=text::remove_list_title form=Callback::new(form) close /> }
}

#[component]
fn OfGroup(
    id: &'static str,
    of: RwSignal<Option<Group>>,
    title: fn(&str) -> String,
    form: Callback<Group, Form>,
    close: Callback<()>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        of.with(|group| group.as_ref().map(|group| title(&isolated(group.terms.name.as_str()))).unwrap_or_default())
    });
    view! {
        <Dialog id open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|group| deferred(form.run(group)))}
        </Dialog>
    }
}

/// Accounts that are added to groups: those that are selected in a list, or one on its page.
#[derive(Clone, Default)]
pub struct AddToGroups {
    /// Their ids.
    pub accounts: Vec<String>,
    /// The isolated name, if it is one on its page.
    pub name: Option<String>,
    /// Groups that are not offered, because the one is a member.
    pub without: Vec<GroupId>,
}

/// The dialog that adds accounts to groups, open while there are some.
#[component]
pub fn AddToGroupDialog(
    /// The accounts.
    of: RwSignal<Option<AddToGroups>>,
    /// Called when they were added.
    added: Callback<()>,
) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let title = Signal::derive(move || of.with(|of| of.as_ref().map(text::add_to_groups_title).unwrap_or_default()));
    view! {
        <Dialog id="add-to-groups" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|of| deferred(Form::AddToGroup { of, close, added }))}
        </Dialog>
    }
}
