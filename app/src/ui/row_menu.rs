//! The menu of what can be done with one row of a list, or with the object of a page.

use leptos::ev::Event;
use leptos::prelude::*;

use super::{Icon, IconName, text};

/// One item of the menu.
#[derive(Clone, Copy)]
pub struct MenuAct {
    /// The label.
    pub label: &'static str,
    /// The icon.
    pub icon: IconName,
    /// Whether it takes something away.
    pub danger: bool,
    /// Acts at once, or asks first.
    pub run: Callback<()>,
}

/// The button that opens the menu, and the menu. Nothing where there are neither acts nor a page to view.
#[component]
pub fn RowMenu(
    /// The id of the menu, unique on the page.
    id: String,
    /// The name of the object.
    name: String,
    /// The label and the URL of the object's page.
    #[prop(optional)]
    page: Option<(&'static str, String)>,
    /// The acts, the likely ones first.
    acts: Vec<MenuAct>,
) -> impl IntoView {
    if acts.is_empty() && page.is_none() {
        return ().into_any();
    }
    let opened = RwSignal::new(false);
    let menu = id.clone();
    let item = move |MenuAct { label, icon, danger, run }: MenuAct| {
        view! {
            <button
                type="button"
                class="menu-item"
                data-tone=danger.then_some("danger")
                popovertarget=menu.clone()
                popovertargetaction="hide"
                // The row may be drawn again while its menu closes.
                on:click=move |_| {
                    run.try_run(());
                }
            >
                <Icon name=icon />
                {label}
            </button>
        }
        .into_any()
    };
    view! {
        <button
            type="button"
            id=format!("{id}-opener")
            class="btn btn-quiet btn-icon btn-sm"
            popovertarget=id.clone()
            aria-label=text::more_for(&name)
        >
            <Icon name=IconName::More />
        </button>
        // The items are made when the menu is first opened: closed, the menus of a list outweigh its rows.
        <div class="menu" id=id popover="auto" on:beforetoggle=move |_: Event| opened.set(true)>
            <p class="menu-head sheet-only">
                <strong>
                    <bdi>{name}</bdi>
                </strong>
            </p>
            {page
                .map(|(label, href)| {
                    view! {
                        <a class="menu-item" href=href>
                            <Icon name=IconName::User />
                            {label}
                        </a>
                    }.into_any()
                })}
            {move || opened.get().then(|| acts.iter().copied().map(&item).collect_view().into_any())}
        </div>
    }
    .into_any()
}
