//! The frame of the search: a dialog. What is in it is downloaded when it is first opened.

use leptos::prelude::*;

use super::{QuickSearch, load_results, part, text};
use crate::ui::{Deferred, Dialog, drawing};

/// The dialog. Once on a page.
#[component]
pub fn SearchDialog() -> impl IntoView {
    let QuickSearch { open, .. } = QuickSearch::expect();
    let close = Callback::new(move |()| open.set(false));
    let draw = || drawing(part::draw);
    view! {
        <Dialog id="search-dialog" open close title=text::SEARCH.to_owned()>
            <Deferred load=load_results draw=draw() failed=text::NOT_LOADED />
        </Dialog>
    }
}
