//! The field, and the results below it: a listbox whose options are chosen from the field (WAI-ARIA APG, *combobox*).

#![allow(
    clippy::large_types_passed_by_value,
    reason = "the state is a group of signals, which are copied; large on the server only"
)]

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::item::{Does, Item};
use super::results::State;
use super::{QuickSearch, text};
use crate::ui::{Icon, IconName, browser};

/// The element id of the list of results.
const LIST: &str = "search-results";

/// The element id of the option at a place.
pub(super) fn option_id(at: usize) -> String {
    format!("search-option-{at}")
}

/// The field, the results, what is said about them, and the keys.
#[component]
pub(super) fn Combobox(state: State) -> impl IntoView {
    let QuickSearch { open, typed, ready, .. } = state.search;
    ready.set(true);
    on_cleanup(move || {
        ready.try_set(false);
    });
    // A dialog focuses its content when it opens. The first time that was before the content came.
    request_animation_frame(focus_field);
    // A click beside the dialog: what is in it covers it.
    let beside = window_event_listener(leptos::ev::click, move |event| {
        if event.target().is_some_and(|target| target.has_type::<HtmlDialogElement>()) {
            open.set(false);
        }
    });
    on_cleanup(move || beside.remove());
    view! {
        <div class="search-head">
            <Icon name=IconName::Search />
            <input
                type="text"
                role="combobox"
                autofocus
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="go"
                maxlength="200"
                placeholder=text::SEARCH_OR_JUMP
                aria-label=text::SEARCH_OR_JUMP
                aria-autocomplete="list"
                aria-expanded="true"
                aria-controls=LIST
                aria-activedescendant=move || state.active()
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=move |event| state.press(&event)
            />
        </div>
        <div class="search-body">
            {move || note(state)}
            <div
                class="search-list"
                role="listbox"
                id=LIST
                aria-label=text::RESULTS
                aria-busy=move || state.lookup.busy.get().then_some("true")
            >
                {move || groups(state)}
            </div>
        </div>
        <div class="search-foot">
            {move || state.shows_recent().then(|| view! { <ClearRecent state /> }.into_any())}
            {keys()}
        </div>
        <p class="sr" role="status">
            {move || state.announcement()}
        </p>
    }
}

fn focus_field() {
    browser::focus("#search-dialog input");
}

/// Why there is nothing, or not everything.
fn note(state: State) -> AnyView {
    if let Some(fault) = state.lookup.found.with(|found| found.failure.clone()) {
        return view! {
            <p class="search-note" role="alert">
                {fault.to_string()}
                <button type="button" class="btn btn-sm" on:click=move |_| state.try_again()>
                    <Icon name=IconName::Refresh />
                    {text::TRY_AGAIN}
                </button>
            </p>
        }
        .into_any();
    }
    let typed = state.typed();
    if typed.is_empty() || state.results() > 0 {
        return ().into_any();
    }
    if state.lookup.busy.get() {
        return view! { <p class="search-note">{text::SEARCHING}</p> }.into_any();
    }
    let searched = if state.is_staff() { text::SEARCHED } else { text::SEARCHED_BY_MEMBERS };
    view! {
        <p class="search-note">
            <strong>{text::no_results_for(&typed)}</strong>
            " "
            {searched}
        </p>
    }
    .into_any()
}

fn groups(state: State) -> AnyView {
    let mut next = 0;
    let groups = state.groups.get().into_iter().map(|group| {
        let first = next;
        next += group.items.len();
        let id = format!("search-group-{first}");
        let options = group.items.into_iter().enumerate().map(|(at, item)| option(state, first + at, item));
        view! {
            <div role="group" aria-labelledby=id>
                <p class="search-group" id=id.clone() role="presentation">
                    {group.title}
                </p>
                {options.collect_view()}
            </div>
        }
        .into_any()
    });
    groups.collect_view().into_any()
}

fn option(state: State, at: usize, item: Item) -> AnyView {
    let Item { icon, title, detail, verb, does } = item;
    let inside = view! {
        <Icon name=icon />
        <span class="search-words">
            <span class="search-title" dir="auto">
                {title}
            </span>
            {detail.map(|detail| view! { <span class="search-detail">{detail}</span> }.into_any())}
        </span>
        <span class="search-verb">
            {verb}
            <span class="kbd" aria-hidden="true">
                "↵"
            </span>
        </span>
    };
    let selected = move || (state.at.get() == at).to_string();
    // Not when it comes under a pointer that rests.
    let point = move |_| {
        if state.at.get_untracked() != at {
            state.move_to(at);
        }
    };
    // The focus stays in the field.
    let keep_focus = |event: MouseEvent| event.prevent_default();
    match does {
        Does::Open { href, recent } => {
            // The API reference is a document of its own, not a page of the dashboard.
            let external = href.starts_with("/api/");
            let to = href.clone();
            let follow = move |event: MouseEvent| state.follow(&event, &to, recent.clone());
            view! {
                <a
                    class="search-option"
                    role="option"
                    id=option_id(at)
                    tabindex="-1"
                    href=href
                    rel=external.then_some("external")
                    aria-selected=selected
                    on:pointermove=point
                    on:mousedown=keep_focus
                    on:auxclick=follow.clone()
                    on:click=follow
                >
                    {inside}
                </a>
            }
            .into_any()
        }
        Does::Run(act) => view! {
            <div
                class="search-option"
                role="option"
                id=option_id(at)
                aria-selected=selected
                on:pointermove=point
                on:mousedown=keep_focus
                on:click=move |_| state.run(&*act)
            >
                {inside}
            </div>
        }
        .into_any(),
    }
}

#[component]
fn ClearRecent(state: State) -> impl IntoView {
    let clear = move |_| {
        state.forget();
        // The button goes with what it cleared.
        focus_field();
    };
    view! {
        <button type="button" class="btn btn-quiet btn-sm" on:click=clear>
            {text::CLEAR_RECENT}
        </button>
    }
}

/// What the keys do, for those who see them; the listbox says it to others.
fn keys() -> AnyView {
    let command_key = usize::from(browser::has_command_key());
    let keys = text::KEYS.map(|(does, names)| {
        let keys = names[command_key].split(' ').map(|key| view! { <span class="kbd">{key}</span> });
        view! {
            <span class="search-key">
                {keys.collect_view()}
                {does}
            </span>
        }
    });
    view! {
        <p class="search-keys only-desk" aria-hidden="true">
            {keys.into_iter().collect_view()}
        </p>
    }
    .into_any()
}
