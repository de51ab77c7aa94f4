//! What can be done with a group and its members.

use domain::groups::{Group, GroupMember};
use domain::text::isolated;
use leptos::prelude::*;

use super::doing::{ACTS_PREFETCH, Does, remove_one, run};
use super::text;
use crate::endings::{EndsOf, OneMembership};
use crate::ui::{Acting, IconName, MenuAct, RowMenu};

/// The menu of acts on one member of a group, and the button that opens it.
#[component]
pub(super) fn MemberActs(
    group: Group,
    member: GroupMember,
    acting: Acting,
    ending: RwSignal<Option<EndsOf>>,
) -> impl IntoView {
    let name = isolated(member.account.display_name());
    let account = member.account.id;
    let (id, is_manager) = (group.id, member.is_manager);
    let change = {
        let name = name.clone();
        Callback::new(move |()| run(acting, id, Does::SetManager { account, name: name.clone(), manager: !is_manager }))
    };
    let set_end = {
        let (group, name, ends_at) = (group.reference(), name.clone(), member.ends_at);
        Callback::new(move |()| {
            let one = OneMembership { group: group.clone(), account, name: name.clone(), ends_at };
            ending.set(Some(EndsOf::Membership(one)));
        })
    };
    let remove = {
        let group = group.reference();
        Callback::new(move |()| remove_one(acting, &group, account, &name))
    };
    let words = if is_manager { text::MAKE_MEMBER } else { text::MAKE_MANAGER };
    let change = MenuAct { label: words, icon: IconName::Shield, danger: false, run: change };
    let set_end = MenuAct { label: text::SET_END_MORE, icon: IconName::Hourglass, danger: false, run: set_end };
    let remove = MenuAct { label: text::REMOVE, icon: IconName::Close, danger: true, run: remove };
    // Managers are for staff who manage all groups.
    let may = group.can_change || !is_manager;
    let acts = [(group.can_change, change), (may, set_end), (may, remove)];
    let acts = acts.into_iter().filter(|(may, _)| *may).map(|(_, act)| act).collect();
    view! {
        <div data-prefetch=ACTS_PREFETCH>
            <RowMenu id=format!("member-menu-{account}") name=member.account.display_name().to_owned() acts />
        </div>
    }
}
