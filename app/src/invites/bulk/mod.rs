//! Acts on several invites: the bar above the list, and the dialog that says what an act would do. A part of the browser's
//! program, downloaded when the first row is selected.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::invites::{InviteList, InviteQuery};
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use self::panel::Panel;
use crate::ui::{Deferred, Download, Drawn, Selection, drawing};

mod form;
mod panel;
mod text;

/// What is selected, and of what.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// The selected rows of the page.
    pub selection: Selection,
    /// The ids of the rows of the page.
    rows: RwSignal<Vec<String>>,
    /// The number of rows of the list, if it has further pages; empty where they are not counted.
    all: RwSignal<Option<String>>,
}

impl Bulk {
    /// For one page.
    pub fn new() -> Self {
        Self { selection: Selection::new(), rows: RwSignal::new(Vec::new()), all: RwSignal::new(None) }
    }

    /// Called when the list is drawn. Rows that it no longer has cannot stay selected.
    pub fn show(self, asked: &InviteQuery, list: &InviteList) {
        let InviteList { page, counts } = list;
        let ids: Vec<_> = page.items.iter().map(|invite| invite.id.to_string()).collect();
        self.selection.keep(&ids);
        self.rows.set(ids);
        let has_others = page.next_cursor.is_some() || page.previous_cursor.is_some();
        let count = counts.as_ref().and_then(|counts| counts.of(asked.status));
        self.all.set(has_others.then(|| count.map(|count| count.to_string()).unwrap_or_default()));
    }
}

#[wasm_split(invite_bulk, fallible, preload(preload_panel))]
fn draw(bulk: Bulk, asked: Memo<InviteQuery>, changed: Callback<()>) -> Drawn {
    Ok(view! { <Panel bulk asked changed /> }.into_any())
}

fn load_panel() -> Download {
    Box::pin(preload_panel())
}

/// What can be done with the selected rows. Nothing while none is selected.
#[component]
pub fn BulkActs(
    /// What is selected.
    bulk: Bulk,
    /// What the list shows.
    asked: Memo<InviteQuery>,
    /// Called when something was changed.
    changed: Callback<()>,
) -> impl IntoView {
    let any = Memo::new(move |_| bulk.selection.count() > 0);
    view! {
        <Show when=move || any.get()>
            {
                let draw = drawing(move || draw(bulk, asked, changed));
                view! { <Deferred load=load_panel draw failed=text::NOT_LOADED class="selection-bar" /> }.into_any()
            }
        </Show>
    }
}
