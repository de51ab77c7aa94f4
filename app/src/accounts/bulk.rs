//! Acts on several members: the bar above the list, and its dialogs. A part of the browser's program, downloaded when the first
//! row is selected.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::access::Permission;
use domain::accounts::{AccountQuery, AccountStatus};
use domain::approvals::Decision;
use domain::ids::AccountId;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::actions::Deciding;
use super::dialogs::DECISIONS_PREFETCH;
use super::text;
use crate::access::IfMay;
use crate::endings::{self, EndsDialog, EndsOf};
use crate::groups::{self, AddToGroupDialog, AddToGroups};
use crate::ui::{Deferred, Download, Drawn, Icon, IconName, Selection, SelectionBar, drawing};

/// What is selected in the list, and what the list does with it.
#[derive(Clone, Copy)]
pub(super) struct Bulk {
    /// The selected rows of the page.
    pub(super) selection: Selection,
    /// What the list shows.
    pub(super) asked: Memo<AccountQuery>,
    /// The accounts about which is decided in a dialog.
    pub(super) deciding: RwSignal<Option<Deciding>>,
    /// Called when something was changed.
    pub(super) changed: Callback<()>,
}

#[wasm_split(member_bulk, fallible, preload(preload_panel))]
fn draw(bulk: Bulk) -> Drawn {
    Ok(view! { <Panel bulk /> }.into_any())
}

fn load_panel() -> Download {
    Box::pin(preload_panel())
}

/// What can be done with the selected rows. Nothing while none is selected.
#[component]
pub(super) fn BulkActs(bulk: Bulk) -> impl IntoView {
    let any = Memo::new(move |_| bulk.selection.count() > 0);
    view! {
        <Show when=move || any.get()>
            {
                let draw = drawing(move || draw(bulk));
                view! { <Deferred load=load_panel draw failed=text::NOT_LOADED class="selection-bar" /> }.into_any()
            }
        </Show>
    }
}

#[component]
fn Panel(bulk: Bulk) -> impl IntoView {
    let Bulk { selection, asked, deciding, .. } = bulk;
    let adding = RwSignal::new(None);
    let ending = RwSignal::new(None);
    let are_pending = Memo::new(move |_| asked.with(|asked| asked.filter.status == Some(AccountStatus::Pending)));
    let decide = move |decision| {
        deciding.set(Some(Deciding { decision, accounts: chosen(selection), row: None }));
    };
    view! {
        <SelectionBar selection words=text::selected>
            {move || are_pending.get().then(|| view! { <Decisions decide /> }.into_any())}
            <IfMay permission=Permission::GroupsManage>
                <button
                    type="button"
                    class="btn btn-sm"
                    id="add-selected"
                    data-prefetch=groups::PREFETCH
                    on:click=move |_| adding.set(Some(AddToGroups { accounts: selection.ids(), ..AddToGroups::default() }))
                >
                    <Icon name=IconName::Groups />
                    {text::ADD_TO_GROUPS}
                </button>
            </IfMay>
            <IfMay permission=Permission::AccountsManage>
                <button
                    type="button"
                    class="btn btn-sm"
                    id="end-selected"
                    data-prefetch=endings::PREFETCH
                    on:click=move |_| ending.set(Some(EndsOf::Accounts(chosen(selection))))
                >
                    <Icon name=IconName::Hourglass />
                    {text::SET_END_MORE}
                </button>
            </IfMay>
        </SelectionBar>
        <AddToGroupDialog of=adding added=Callback::new(move |()| selection.done()) />
        <EndsDialog
            of=ending
            set=Callback::new(move |_| {
                bulk.changed.try_run(());
                selection.done();
            })
        />
    }
}

/// The selected accounts.
fn chosen(selection: Selection) -> Vec<AccountId> {
    selection.ids().iter().filter_map(|id| id.parse().ok()).collect()
}

/// The buttons that decide about the selected accounts.
#[component]
fn Decisions<F>(decide: F) -> impl IntoView
where
    F: Fn(Decision) + Copy + Send + Sync + 'static,
{
    let button = move |id, decision, icon, words| {
        view! {
            <button type="button" class="btn btn-sm" id=id data-prefetch=DECISIONS_PREFETCH on:click=move |_| decide(decision)>
                <Icon name=icon />
                {words}
            </button>
        }
        .into_any()
    };
    view! {
        <IfMay permission=Permission::ApprovalsDecide>
            {button("approve-selected", Decision::Approve, IconName::Check, text::APPROVE_SELECTED)}
            {button("decline-selected", Decision::Decline, IconName::Close, text::DECLINE)}
        </IfMay>
    }
}
