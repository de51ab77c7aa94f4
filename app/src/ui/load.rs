//! What a page reads from the server: a skeleton until it is there, and what went wrong if it did not come.

use leptos::prelude::*;

use super::{FaultBanner, Skeleton};
use crate::fault::Fault;

/// Shows what `from` holds; drawn anew whenever it is read anew. The focus stays where it was, as far as it can.
#[component]
pub fn Load<T, V, F>(
    /// What is read.
    from: Resource<Result<T, Fault>>,
    /// What stands in until it is there.
    #[prop(default = Skeleton::List)]
    skeleton: Skeleton,
    /// The heading of a page that has none without its content.
    #[prop(optional)]
    heading: Option<&'static str>,
    /// How it is shown.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
{
    let shown = move || {
        let children = children.clone();
        Suspend::new(async move {
            let read = from.await;
            #[cfg(feature = "hydrate")]
            super::browser::keep_focus();
            match read {
                Ok(read) => children(read).into_any(),
                Err(fault) => {
                    let heading = heading.map(|heading| view! { <h1 class="sr">{heading}</h1> });
                    view! {
                        {heading}
                        <FaultBanner fault />
                    }
                    .into_any()
                }
            }
        })
    };
    view! { <Transition fallback=move || skeleton.draw()>{shown}</Transition> }
}
