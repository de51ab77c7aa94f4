//! Rows of a table that are selected, to do the same with all of them.

use leptos::prelude::*;

use super::{Icon, IconName, browser, text};

/// The ids of the selected rows.
#[derive(Clone, Copy)]
pub struct Selection(RwSignal<Vec<String>>);

impl Selection {
    /// Selects nothing.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// The ids.
    #[must_use]
    pub fn ids(self) -> Vec<String> {
        self.0.get_untracked()
    }

    /// How many.
    #[must_use]
    pub fn count(self) -> usize {
        self.0.with(Vec::len)
    }

    /// Selects these rows and no other.
    pub fn select(self, ids: Vec<String>) {
        self.0.set(ids);
    }

    /// Selects nothing any more.
    pub fn clear(self) {
        self.0.set(Vec::new());
    }

    /// Selects nothing any more, after an act on what was selected. The button that led to it is gone with the selection.
    pub fn done(self) {
        self.clear();
        request_animation_frame(|| {
            browser::focus("#main");
        });
    }

    /// Leaves out the rows that are not among `ids`, because the table no longer shows them.
    pub fn keep(self, ids: &[String]) {
        if self.0.with_untracked(|selected| selected.iter().any(|id| !ids.contains(id))) {
            self.0.update(|selected| selected.retain(|id| ids.contains(id)));
        }
    }

    fn set(self, id: &str, on: bool) {
        self.0.update(|selected| {
            selected.retain(|one| one != id);
            if on {
                selected.push(id.to_owned());
            }
        });
    }
}

impl Default for Selection {
    fn default() -> Self {
        Self::new()
    }
}

/// The column header with the box that selects every row of the page.
#[component]
pub fn SelectAll(
    /// The selection.
    selection: Selection,
    /// The ids of the rows of the page.
    ids: Vec<String>,
) -> impl IntoView {
    let count = ids.len();
    view! {
        <th scope="col" role="columnheader" class="cell-select">
            <input
                type="checkbox"
                id="select-all"
                aria-label=text::SELECT_ALL
                prop:checked=move || selection.0.with(|selected| selected.len() == count)
                prop:indeterminate=move || selection.0.with(|selected| !selected.is_empty() && selected.len() < count)
                on:change=move |event| {
                    selection.0.set(if event_target_checked(&event) { ids.clone() } else { Vec::new() });
                }
            />
        </th>
    }
}

/// The cell with the box that selects a row.
#[component]
pub fn SelectRow(
    /// The selection.
    selection: Selection,
    /// The id of the row.
    id: String,
    /// What the row is about.
    name: String,
) -> impl IntoView {
    let row = StoredValue::new(id.clone());
    view! {
        <td role="cell" class="cell-select">
            <input
                type="checkbox"
                id=format!("select-{id}")
                aria-label=text::label_of_row(text::SELECT, &name)
                // The row outlives what it belongs to while the next view of the table is made.
                prop:checked=move || {
                    selection.0.with(|ids| row.try_with_value(|id| ids.contains(id)).unwrap_or_default())
                }
                on:change=move |event| row.with_value(|id| selection.set(id, event_target_checked(&event)))
            />
        </td>
    }
}

/// What can be done with the selected rows. Nothing while none is selected.
#[component]
pub fn SelectionBar(
    /// The selection.
    selection: Selection,
    /// How many are selected, in words.
    words: fn(usize) -> String,
    /// What is said instead, while more is selected than rows of the page.
    #[prop(optional)]
    instead: Option<Signal<Option<String>>>,
    /// The buttons.
    children: ChildrenFn,
) -> impl IntoView {
    let any = Memo::new(move |_| selection.0.with(|selected| !selected.is_empty()));
    view! {
        <Show when=move || any.get()>
            <div class="selection-bar" role="toolbar" aria-label=text::SELECTED>
                <span aria-live="polite">
                    {move || instead.and_then(|instead| instead.get()).unwrap_or_else(|| words(selection.count()))}
                </span>
                {children()}
                <button
                    type="button"
                    class="btn btn-sm btn-quiet push"
                    id="clear-selection"
                    on:click=move |_| selection.clear()
                >
                    <Icon name=IconName::Close />
                    {text::CLEAR}
                </button>
            </div>
        </Show>
    }
}
