//! What a page reads from the server: a skeleton until it is there, and what went wrong if it did not come.

use std::pin::Pin;

use leptos::prelude::*;

use super::{ErrorBanner, Skeleton};
use crate::server_fn_error::ServerFnError;

/// A view that is yet to come. Boxed, here and in [`draw`], so that everything around it is compiled once instead of
/// once for whatever is read: it is a tenth of what the browser downloads.
type Coming = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// Shows what `from` holds; drawn anew whenever it is read anew. The focus stays where it was, as far as it can.
#[component]
pub fn Load<T, V, F>(
    /// What is read.
    from: Resource<Result<T, ServerFnError>>,
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
    let coming = move || -> Coming {
        let children = children.clone();
        Box::pin(async move {
            match from.await {
                Ok(read) => children(read).into_any(),
                Err(fault) => missing(heading, fault),
            }
        })
    };
    draw(Some(skeleton), Box::new(coming))
}

/// Shows what is made of what `from` holds, or of its failure; nothing until it is there.
#[component]
pub fn Await<T, V, F>(
    /// What is read.
    from: Resource<Result<T, ServerFnError>>,
    /// How it is shown, or what is shown instead.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(Result<T, ServerFnError>) -> V + Clone + Send + Sync + 'static,
{
    let coming = move || -> Coming {
        let children = children.clone();
        Box::pin(async move { children(from.await).into_any() })
    };
    draw(None, Box::new(coming))
}

fn draw(skeleton: Option<Skeleton>, coming: Box<dyn Fn() -> Coming + Send + Sync>) -> AnyView {
    let shown = move || {
        let coming = coming();
        Suspend::new(async move {
            let view = coming.await;
            #[cfg(feature = "hydrate")]
            super::browser::keep_focus();
            view
        })
    };
    view! { <Transition fallback=move || skeleton.map(Skeleton::draw)>{shown}</Transition> }.into_any()
}

/// What a page says when it has nothing to show.
fn missing(heading: Option<&'static str>, fault: ServerFnError) -> AnyView {
    view! {
        {heading.map(|heading| view! { <h1 class="sr">{heading}</h1> }.into_any())}
        <ErrorBanner fault />
    }
    .into_any()
}
