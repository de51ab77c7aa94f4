//! Boxes that stand in while a page loads: the size of what comes, so that nothing jumps.

use leptos::prelude::*;

/// What is about to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skeleton {
    /// Lines of a list.
    List,
    /// A table in its frame.
    Table,
}

impl Skeleton {
    /// The boxes.
    pub fn draw(self) -> impl IntoView {
        let lines = view! {
            <ul class="list" aria-busy="true" aria-label="Loading">
                {["l", "m", "l", "m", "l"]
                    .map(|width| {
                        view! {
                            <li>
                                <span class="skeleton skeleton-dot"></span>
                                <span class="grow grid">
                                    <span class="skeleton" data-w=width></span>
                                    <span class="skeleton" data-w="s"></span>
                                </span>
                            </li>
                        }.into_any()
                    })
                    .collect_view()}
            </ul>
        };
        view! { <div class=(self == Self::Table).then_some("table-frame")>{lines}</div> }
    }
}
