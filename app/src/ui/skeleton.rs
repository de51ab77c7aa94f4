//! Boxes that stand in while a page loads: the size of what comes, so that nothing jumps.

use leptos::prelude::*;

/// Stands in for a table.
#[component]
pub fn SkeletonTable() -> impl IntoView {
    view! {
        <div class="table-frame">
            <SkeletonList />
        </div>
    }
}

/// Stands in for a list.
#[component]
pub fn SkeletonList() -> impl IntoView {
    view! {
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
                    }
                })
                .collect_view()}
        </ul>
    }
}
