//! What can be done with a group and its members.

use domain::groups::{Group, GroupMember};
use domain::text::isolated;
use leptos::prelude::*;

use super::doing::{ACTS_PREFETCH, Does, remove_one, run};
use super::text;
use crate::ui::{Acting, IconName, MenuAct, RowMenu};

/// The menu of acts on one member of a group, and the button that opens it.
#[component]
pub(super) fn MemberActs(group: Group, member: GroupMember, acting: Acting) -> impl IntoView {
    let name = isolated(member.account.display_name());
    let account = member.account.id;
    let (id, is_manager) = (group.id, member.is_manager);
    let change = {
        let name = name.clone();
        Callback::new(move |()| run(acting, id, Does::SetManager { account, name: name.clone(), manager: !is_manager }))
    };
    let remove = {
        let group = group.reference();
        Callback::new(move |()| remove_one(acting, &group, account, &name))
    };
    let words = if is_manager { text::MAKE_MEMBER } else { text::MAKE_MANAGER };
    let change = MenuAct { label: words, icon: IconName::Shield, danger: false, run: change };
    let remove = MenuAct { label: text::REMOVE, icon: IconName::Close, danger: true, run: remove };
    let may_remove = group.can_change || !is_manager;
    let acts = [(group.can_change, change), (may_remove, remove)];
    let acts = acts.into_iter().filter(|(may, _)| *may).map(|(_, act)| act).collect();
    view! {
        <div data-prefetch=ACTS_PREFETCH>
            <RowMenu id=format!("member-menu-{account}") name=member.account.display_name().to_owned() acts />
        </div>
    }
}
