//! What can be done with a group and its members.

use std::sync::Arc;

use domain::groups::{Group, GroupMember, MembersDraft};
use domain::ids::GroupId;
use domain::invites::InviteRef;
use domain::text::isolated;
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{api, text};
use crate::ui::{Acting, Icon, IconName, Question};

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
    let menu = format!("member-menu-{account}");
    let (id, is_manager) = (group.id, member.is_manager);
    let group_name = isolated(group.terms.name.as_str());
    let opened = RwSignal::new(false);
    let item = {
        let menu = StoredValue::new(menu.clone());
        move |icon, words: &'static str, danger: bool, act: Callback<()>| {
            view! {
                <button
                    type="button"
                    class="menu-item"
                    data-tone=danger.then_some("danger")
                    popovertarget=menu.get_value()
                    popovertargetaction="hide"
                    on:click=move |_| act.run(())
                >
                    <Icon name=icon />
                    {words}
                </button>
            }
            .into_any()
        }
    };
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
    let may_remove = group.can_change || !is_manager;
    view! {
        <button
            type="button"
            id=format!("{menu}-opener")
            class="btn btn-quiet btn-icon btn-sm"
            popovertarget=menu.clone()
            aria-label=text::more_for(member.account.display_name())
        >
            <Icon name=IconName::More />
        </button>
        <div class="menu" id=menu popover="auto" on:beforetoggle=move |_: Event| opened.set(true)>
            <p class="menu-head sheet-only">
                <strong>
                    <bdi>{member.account.display_name().to_owned()}</bdi>
                </strong>
            </p>
            {move || {
                opened
                    .get()
                    .then(|| {
                        view! {
                            {group.can_change
                                .then(|| {
                                    let words = if is_manager { text::MAKE_MEMBER } else { text::MAKE_MANAGER };
                                    item(IconName::Shield, words, false, change)
                                })}
                            {may_remove.then(|| item(IconName::Close, text::REMOVE, true, remove))}
                        }.into_any()
                    })
            }}
        </div>
    }
}
