//! What a page reads from the server: a placeholder until it arrives, and the failure if it does not.

use std::pin::Pin;

use domain::Code;
use leptos::prelude::*;

use super::{Empty, ErrorBanner, Skeleton};
use crate::server_fn_error::ServerFnError;

/// What was read, which draws its view. Boxed, here and in [`draw`], so that everything around it is compiled once instead of
/// once for whatever is read: it is a tenth of what the browser downloads.
type Ready = Box<dyn FnOnce() -> AnyView + Send>;
type Coming = Pin<Box<dyn Future<Output = Ready> + Send>>;

/// Shows what `from` holds, again whenever it is read again. The focus stays where it was, if possible.
#[component]
pub fn Load<T, V, F>(
    /// The data.
    from: Resource<Result<T, ServerFnError>>,
    /// The placeholder until it arrives.
    #[prop(default = Skeleton::List)]
    skeleton: Skeleton,
    /// The heading of a page that has none without its content.
    #[prop(optional)]
    heading: Option<&'static str>,
    /// Instead of the content, if it does not exist.
    #[prop(optional)]
    absent: Option<Absent>,
    /// The view of the data.
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
            let read = from.await;
            Box::new(move || match (read, absent) {
                (Ok(read), _) => children(read).into_any(),
                (Err(fault), Some(absent)) if fault.code() == Code::NotFound => absent.draw(),
                (Err(fault), _) => missing(heading, fault),
            }) as Ready
        })
    };
    draw(Some(skeleton), Box::new(coming))
}

/// What a page says whose content does not exist.
#[derive(Clone, Copy)]
pub struct Absent {
    /// The heading.
    pub title: &'static str,
    /// The explanation.
    pub text: &'static str,
    /// Where to go next: URL and label.
    pub to: (&'static str, &'static str),
}

impl Absent {
    fn draw(self) -> AnyView {
        let Self { title, text, to: (href, label) } = self;
        view! {
            <h1 class="sr">{title}</h1>
            <div class="card">
                <Empty title text>
                    <a class="btn" href=href>
                        {label}
                    </a>
                </Empty>
            </div>
        }
        .into_any()
    }
}

/// Shows what `from` holds, or its failure; nothing until it arrives.
#[component]
pub fn Await<T, V, F>(
    /// The data.
    from: Resource<Result<T, ServerFnError>>,
    /// The view of the data, or of the failure.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(Result<T, ServerFnError>) -> V + Clone + Send + Sync + 'static,
{
    let coming = move || -> Coming {
        let children = children.clone();
        Box::pin(async move {
            let read = from.await;
            Box::new(move || children(read).into_any()) as Ready
        })
    };
    draw(None, Box::new(coming))
}

fn draw(skeleton: Option<Skeleton>, coming: Box<dyn Fn() -> Coming + Send + Sync>) -> AnyView {
    let shown = move || {
        let (coming, depth) = (coming(), depth());
        Suspend::new(async move {
            let ready = coming.await;
            // What is around this may have been drawn again in the meantime, and this with it. What is left of the old view has no
            // contexts, and nobody sees it. Its depth tells, because `Transition` makes an owner of its own, which is cut off from
            // those above it when the view is replaced.
            if self::depth() < depth {
                return ().into_any();
            }
            let view = ready();
            #[cfg(feature = "hydrate")]
            super::browser::keep_focus();
            view
        })
    };
    view! { <Transition fallback=move || skeleton.map(Skeleton::draw)>{shown}</Transition> }.into_any()
}

/// The number of owners above the code that runs, up to the root or to one that is gone.
fn depth() -> usize {
    std::iter::successors(Owner::current(), Owner::parent).count()
}

/// The content of a page that has nothing to show.
fn missing(heading: Option<&'static str>, fault: ServerFnError) -> AnyView {
    view! {
        {heading.map(|heading| view! { <h1 class="sr">{heading}</h1> }.into_any())}
        <ErrorBanner fault />
    }
    .into_any()
}
