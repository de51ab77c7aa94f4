//! Messages above, or instead of, the content of a page.

use domain::Code;
use leptos::prelude::*;

use super::{Icon, IconName, text};
use crate::server_fn_error::ServerFnError;

/// A message with an icon.
#[component]
pub fn Banner(
    /// `warn`, `danger`, `good` or `act`.
    tone: &'static str,
    /// The icon.
    icon: IconName,
    /// The message.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="banner" data-tone=tone>
            <Icon name=icon />
            <div class="grow">{children()}</div>
        </div>
    }
}

/// Why a page has nothing to show, and what to do about it.
#[component]
pub fn ErrorBanner(
    /// The failure.
    fault: ServerFnError,
) -> impl IntoView {
    let next = match fault.code() {
        Code::Forbidden => Some(("/me", text::GO_HOME)),
        Code::NotFound => Some(("/admin", text::GO_TO_OVERVIEW)),
        _ => None,
    };
    view! {
        <div class="banner" data-tone="danger" role="alert">
            <Icon name=IconName::Alert />
            <div class="grow">{fault.to_string()}</div>
            <div class="row">
                {match next {
                    Some((href, words)) => view! { <a class="btn btn-sm" href=href>{words}</a> }.into_any(),
                    None => {
                        view! {
                            <a class="btn btn-sm" href="" rel="external">
                                <Icon name=IconName::Refresh />
                                {text::TRY_AGAIN}
                            </a>
                        }
                            .into_any()
                    }
                }}
            </div>
        </div>
    }
}

/// [`Empty`] in a frame, in the place of a table. `all` leads from a search without results to the whole list: its URL and
/// label.
pub fn nothing(title: &'static str, text: &'static str, all: Option<(String, &'static str)>) -> AnyView {
    let children = all.map(|(href, label)| -> Children {
        Box::new(move || view! { <a class="btn" href=href>{label}</a> }.into_any())
    });
    view! { <div class="card">{Empty(EmptyProps { title, text, children })}</div> }.into_any()
}

/// An empty list, and what to do about it.
#[component]
pub fn Empty(
    /// The heading.
    title: &'static str,
    /// The explanation.
    text: &'static str,
    /// Where to go next.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <svg class="scene" viewBox="0 0 136 120" aria-hidden="true">
                <path class="empty-light" d="M38 114V58a30 30 0 0 1 60 0v56Z"></path>
                <path class="empty-leaf" d="M38 114V58c0-13 8.5-24 20-28.3l11 5c4 1.8 6 4.8 6 9.3v70Z"></path>
                <circle class="empty-knob" cx="69" cy="80" r="2.2"></circle>
                <path class="empty-line" d="M14 114h108"></path>
            </svg>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="row">{children()}</div> }.into_any())}
        </div>
    }
}
