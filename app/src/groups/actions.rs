//! What can be done with a group and its members.

use domain::groups::{Group, GroupMember};
use domain::text::isolated;
use leptos::prelude::*;

use super::doing::{ACTS_PREFETCH, Does, run};
use super::text;
use crate::ui::{Acting, IconName, MenuAct, RowMenu};

/// The menu of acts on one member of a group, and the button that opens it.
#[component]
pub(super) fn MemberActs(group: Group, member: GroupMember, acting: Acting) -> impl IntoView {
    let name = isolated(member.account.display_name());
    let account = member.account.id;
    let (id, is_manager) = (group.id, member.is_manager);
    let group_name = isolated(group.terms.name.as_str());
    let change = {
        let name = name.clone();
        Callback::new(move |()| run(acting, id, Does::SetManager { account, name: name.clone(), manager: !is_manager }))
    };
    let remove = {
        let title = text::remove_title(&name, &group_name);
        Callback::new(move |()| {
            run(acting, id, Does::Remove { title: title.clone(), accounts: vec![account.to_string()] });
        })
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
