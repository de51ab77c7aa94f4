//! Acts on several invites: the bar above the list, and the dialog that says what an act would do. The form in the dialog is a
//! part of the browser's program, downloaded when the dialog is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::invites::{BulkAction, BulkDraft, InviteQuery};
use domain::paging::Count;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use self::form::BulkForm;
use crate::ui::{Deferred, Dialog, Download, Drawn, Icon, IconName, Selection, SelectionBar, drawing};

mod form;
mod text;

/// The value of `data-prefetch` on a control that leads to the form.
pub const PREFETCH: &str = "invite-bulk";

/// What is selected in the list, and what is about to be done with it.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// The selected rows of the page.
    pub selection: Selection,
    /// Whether everything in the list is selected.
    every: RwSignal<bool>,
    /// The act whose dialog is open.
    changing: RwSignal<Option<BulkDraft>>,
}

impl Bulk {
    /// For one page. `asked` is what its list shows: what another list shows is not selected.
    pub fn new(asked: Memo<InviteQuery>) -> Self {
        let selection = Selection::new();
        let every = RwSignal::new(false);
        Effect::watch(move || asked.get(), move |_, _, _| selection.clear(), false);
        // Who selects rows one by one does not mean all of them any more.
        Effect::watch(move || selection.count(), move |_, _, _| every.set(false), false);
        Self { selection, every, changing: RwSignal::new(None) }
    }

    /// Opens the dialog of an act on what is selected.
    fn open(self, action: BulkAction, asked: &InviteQuery) {
        let (ids, matching) = if self.every.get_untracked() {
            let InviteQuery { q, status, .. } = asked.clone();
            (None, Some(InviteQuery { q, status, ..InviteQuery::default() }))
        } else {
            (Some(self.selection.ids().iter().filter_map(|id| id.parse().ok()).collect()), None)
        };
        self.changing.set(Some(BulkDraft { action, ids, matching, as_of: None, expires_at: None, days: None }));
    }
}

/// What can be done with the selected rows. Nothing while none is selected.
#[component]
pub fn BulkBar(
    /// What is selected.
    bulk: Bulk,
    /// What the list shows.
    asked: InviteQuery,
    /// The number of rows of the page.
    rows: usize,
    /// The number of rows of the list, if it has further pages; without a number where it is not counted.
    all: Option<Option<Count>>,
) -> impl IntoView {
    let Bulk { selection, every, .. } = bulk;
    let asked = StoredValue::new(asked);
    let instead = Signal::derive(move || every.get().then(|| text::all_selected(all.flatten())));
    let button = move |action: BulkAction, icon, words| {
        view! {
            <button
                type="button"
                class="btn btn-sm"
                id=format!("{action}-selected")
                data-prefetch=PREFETCH
                on:click=move |_| asked.with_value(|asked| bulk.open(action, asked))
            >
                <Icon name=icon />
                {words}
            </button>
        }
        .into_any()
    };
    view! {
        <SelectionBar selection words=text::selected instead>
            {move || {
                all.filter(|_| !every.get() && selection.count() == rows)
                    .map(|all| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-sm btn-quiet"
                                id="select-matching"
                                on:click=move |_| every.set(true)
                            >
                                {text::select_all(all)}
                            </button>
                        }.into_any()
                    })
            }}
            {button(BulkAction::Pause, IconName::Pause, text::PAUSE)}
            {button(BulkAction::Resume, IconName::Play, text::RESUME)}
            {button(BulkAction::Extend, IconName::Extend, text::EXTEND)}
            {button(BulkAction::Delete, IconName::Trash, text::DELETE)}
        </SelectionBar>
    }
}

#[wasm_split(invite_bulk, fallible, preload(preload_form))]
fn draw(draft: BulkDraft, close: Callback<()>, done: Callback<()>) -> Drawn {
    Ok(view! { <BulkForm draft close done /> }.into_any())
}

/// Downloads the form unless it is there.
pub fn load_form() -> Download {
    Box::pin(preload_form())
}

/// The dialog of an act, open while there is one.
#[component]
pub fn BulkDialog(
    /// What is selected.
    bulk: Bulk,
    /// Called when something was changed.
    changed: Callback<()>,
) -> impl IntoView {
    let Bulk { selection, changing: of, .. } = bulk;
    let close = Callback::new(move |()| of.set(None));
    let done = Callback::new(move |()| {
        selection.clear();
        changed.try_run(());
    });
    let title = Signal::derive(move || {
        of.with(|draft| draft.as_ref().map(|draft| text::title(draft.action).to_owned()).unwrap_or_default())
    });
    view! {
        <Dialog id="bulk-invites" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked()
                .map(|draft| {
                    let draw = drawing(move || draw(draft.clone(), close, done));
                    view! { <Deferred load=load_form draw /> }.into_any()
                })}
        </Dialog>
    }
}
