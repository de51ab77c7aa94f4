//! The bar with the buttons, and the dialog that they open.

use domain::invites::{BulkAction, BulkDraft, InviteQuery};
use leptos::prelude::*;

use super::form::BulkForm;
use super::{Bulk, text};
use crate::ui::{Dialog, Icon, IconName, SelectionBar};

#[component]
pub(super) fn Panel(bulk: Bulk, asked: Memo<InviteQuery>, changed: Callback<()>) -> impl IntoView {
    let Bulk { selection, rows, all } = bulk;
    // Whether everything in the list is selected.
    let every = RwSignal::new(false);
    // Who selects rows one by one, or looks at another list, does not mean all of them any more.
    Effect::watch(move || (selection.count(), asked.get()), move |_, _, _| every.set(false), false);
    let changing = RwSignal::new(None::<BulkDraft>);
    let open = move |action| {
        let (ids, matching) = if every.get_untracked() {
            let InviteQuery { q, status, .. } = asked.get_untracked();
            (None, Some(InviteQuery { q, status, ..InviteQuery::default() }))
        } else {
            (Some(selection.ids().iter().filter_map(|id| id.parse().ok()).collect()), None)
        };
        changing.set(Some(BulkDraft { action, ids, matching, as_of: None, expires_at: None, days: None }));
    };
    let instead = Signal::derive(move || every.get().then(|| text::all_selected(&all.get().unwrap_or_default())));
    let button = move |action: BulkAction, icon, words| {
        view! {
            <button type="button" class="btn btn-sm" id=format!("{action}-selected") on:click=move |_| open(action)>
                <Icon name=icon />
                {words}
            </button>
        }
        .into_any()
    };
    let more = move || {
        let rows = rows.get();
        if selection.count() < rows.len() {
            return Some(wider("select-page", text::SELECT_ALL.to_owned(), move || selection.select(rows.clone())));
        }
        let all = all.get().filter(|_| !every.get())?;
        Some(wider("select-matching", text::select_all(&all), move || every.set(true)))
    };
    view! {
        <SelectionBar selection words=text::selected instead>
            {more}
            {button(BulkAction::Pause, IconName::Pause, text::PAUSE)}
            {button(BulkAction::Resume, IconName::Play, text::RESUME)}
            {button(BulkAction::Extend, IconName::Extend, text::EXTEND)}
            {button(BulkAction::Delete, IconName::Trash, text::DELETE)}
        </SelectionBar>
        <ChangeDialog bulk of=changing changed />
    }
}

/// A button that selects more. On a phone it stands for the box above the rows, which cards do not have.
fn wider(id: &'static str, words: String, select: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="btn btn-sm btn-quiet" id=id on:click=move |_| select()>
            {words}
        </button>
    }
    .into_any()
}

/// The dialog of an act, open while there is one.
#[component]
fn ChangeDialog(bulk: Bulk, of: RwSignal<Option<BulkDraft>>, changed: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let done = Callback::new(move |()| {
        changed.try_run(());
        bulk.selection.done();
    });
    let title = Signal::derive(move || {
        of.with(|draft| draft.as_ref().map(|draft| text::title(draft.action).to_owned()).unwrap_or_default())
    });
    view! {
        <Dialog id="bulk-invites" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|draft| view! { <BulkForm draft close done /> }.into_any())}
        </Dialog>
    }
}
