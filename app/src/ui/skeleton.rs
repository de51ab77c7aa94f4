//! Placeholders while a page loads, of the size of its content, so that nothing moves.

use leptos::prelude::*;

use super::text;

/// What is being loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skeleton {
    /// A list.
    List,
    /// A table in its frame.
    Table,
}

impl Skeleton {
    /// The placeholders.
    pub fn draw(self) -> impl IntoView {
        let lines = view! {
            <ul class="list" aria-busy="true" aria-label=text::LOADING>
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
