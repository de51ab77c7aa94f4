//! What can be done with a group and its members.

use std::sync::Arc;

use domain::groups::{Group, GroupMember, MembersDraft};
use domain::ids::GroupId;
use domain::invites::InviteRef;
use domain::text::isolated;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{api, text};
use crate::ui::{Acting, IconName, MenuAct, Question, RowMenu};

/// Asks, with what it would do, then deletes the group and calls `gone`.
pub(super) fn delete(acting: Acting, group: &Group, gone: Callback<()>) {
    let (id, name) = (group.id, isolated(group.terms.name.as_str()));
    spawn_local(async move {
        let deletion = match api::deletion(id).await {
            Ok(deletion) => deletion,
            Err(fault) => return acting.toasts.fault(&fault),
        };
        let named: Vec<_> = deletion.invites.iter().map(InviteRef::title).map(isolated).collect();
        acting.ask(Question {
            title: text::delete_title(&name),
            text: text::delete_text(deletion.members, deletion.invite_count, &named),
            verb: text::DELETE_GROUP,
            danger: true,
            act: Arc::new(move || {
                let name = name.clone();
                spawn_local(async move {
                    match api::delete(id).await {
                        Ok(()) => {
                            acting.toasts.done(text::deleted(&name));
                            gone.run(());
                        }
                        Err(fault) => acting.toasts.fault(&fault),
                    }
                });
            }),
        });
    });
}

/// Asks, then removes accounts from a group.
pub(super) fn remove(acting: Acting, id: GroupId, title: String, accounts: Vec<String>) {
    acting.ask(Question {
        title,
        text: text::REMOVE_TEXT.to_owned(),
        verb: text::REMOVE_MEMBERS,
        danger: true,
        act: Arc::new(move || {
            let draft = MembersDraft { accounts: accounts.clone(), manager: None };
            acting.run(api::remove_members(id, draft), |done| text::removed(done.changed));
        }),
    });
}

/// The menu of acts on one member of a group, and the button that opens it.
#[component]
pub(super) fn MemberActs(group: Group, member: GroupMember, acting: Acting) -> impl IntoView {
    let name = isolated(member.account.display_name());
    let account = member.account.id;
    let (id, is_manager) = (group.id, member.is_manager);
    let group_name = isolated(group.terms.name.as_str());
    let change = {
        let name = name.clone();
        Callback::new(move |()| {
            let (name, manager) = (name.clone(), !is_manager);
            let draft = MembersDraft { accounts: vec![account.to_string()], manager: Some(manager) };
            acting.run(api::add_members(id, draft), move |_| {
                if manager { text::is_manager_now(&name) } else { text::is_no_manager_now(&name) }
            });
        })
    };
    let remove = {
        let title = text::remove_title(&name, &group_name);
        Callback::new(move |()| self::remove(acting, id, title.clone(), vec![account.to_string()]))
    };
    let words = if is_manager { text::MAKE_MEMBER } else { text::MAKE_MANAGER };
    let change = MenuAct { label: words, icon: IconName::Shield, danger: false, run: change };
    let remove = MenuAct { label: text::REMOVE, icon: IconName::Close, danger: true, run: remove };
    let may_remove = group.can_change || !is_manager;
    let acts = [(group.can_change, change), (may_remove, remove)];
    let acts = acts.into_iter().filter(|(may, _)| *may).map(|(_, act)| act).collect();
    view! { <RowMenu id=format!("member-menu-{account}") name=member.account.display_name().to_owned() acts /> }
}
