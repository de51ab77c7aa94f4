//! Acts on several invites: the bar above the list, and the dialog that says what an act would do. The form in the dialog is a
//! part of the browser's program, downloaded when the dialog is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::invites::{BulkAction, BulkDraft, InviteList, InviteQuery};
use domain::paging::Count;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use self::form::BulkForm;
use crate::ui::{Deferred, Dialog, Download, Drawn, Icon, IconName, Selection, SelectionBar, browser, drawing};

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
    shown: RwSignal<Shown>,
    /// The act whose dialog is open.
    changing: RwSignal<Option<BulkDraft>>,
}

/// What the list shows.
#[derive(Clone, Default)]
struct Shown {
    asked: InviteQuery,
    /// The ids of the rows of the page.
    ids: Vec<String>,
    /// Whether the list has further pages.
    has_others: bool,
    /// The number of rows of the list, where it is counted.
    count: Option<Count>,
}

impl Bulk {
    /// For one page. `asked` is what its list shows: what another list shows is not selected.
    pub fn new(asked: Memo<InviteQuery>) -> Self {
        let selection = Selection::new();
        let every = RwSignal::new(false);
        Effect::watch(move || asked.get(), move |_, _, _| selection.clear(), false);
        // Who selects rows one by one does not mean all of them any more.
        Effect::watch(move || selection.count(), move |_, _, _| every.set(false), false);
        Self { selection, every, shown: RwSignal::new(Shown::default()), changing: RwSignal::new(None) }
    }

    /// Called when the list is drawn. Rows that it no longer has cannot stay selected.
    pub fn show(self, asked: &InviteQuery, list: &InviteList) {
        let InviteList { page, counts } = list;
        let ids: Vec<_> = page.items.iter().map(|invite| invite.id.to_string()).collect();
        self.selection.keep(&ids);
        self.shown.set(Shown {
            asked: asked.clone(),
            ids,
            has_others: page.next_cursor.is_some() || page.previous_cursor.is_some(),
            count: counts.as_ref().and_then(|counts| counts.of(asked.status)),
        });
    }

    /// Opens the dialog of an act on what is selected.
    fn open(self, action: BulkAction) {
        let (ids, matching) = if self.every.get_untracked() {
            let InviteQuery { q, status, .. } = self.shown.with_untracked(|shown| shown.asked.clone());
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
) -> impl IntoView {
    let Bulk { selection, every, shown, .. } = bulk;
    let instead = Signal::derive(move || every.get().then(|| shown.with(|shown| text::all_selected(shown.count))));
    let button = move |action: BulkAction, icon, words| {
        view! {
            <button
                type="button"
                class="btn btn-sm"
                id=format!("{action}-selected")
                data-prefetch=PREFETCH
                on:click=move |_| bulk.open(action)
            >
                <Icon name=icon />
                {words}
            </button>
        }
        .into_any()
    };
    let wider = move || {
        let Shown { ids, has_others, count, .. } = shown.get();
        if selection.count() < ids.len() {
            Some(wider("select-page", text::SELECT_ALL.to_owned(), move || selection.select(ids.clone())))
        } else {
            let is_wider = has_others && !every.get();
            is_wider.then(|| wider("select-matching", text::select_all(count), move || every.set(true)))
        }
    };
    view! {
        <SelectionBar selection words=text::selected instead>
            {wider}
            {button(BulkAction::Pause, IconName::Pause, text::PAUSE)}
            {button(BulkAction::Resume, IconName::Play, text::RESUME)}
            {button(BulkAction::Extend, IconName::Extend, text::EXTEND)}
            {button(BulkAction::Delete, IconName::Trash, text::DELETE)}
        </SelectionBar>
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
        // The button that opened the dialog is gone with the selection.
        request_animation_frame(|| {
            browser::focus("#main");
        });
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
