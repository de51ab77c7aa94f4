//! The selects by which a list is filtered. A plain form, so that it works without scripts; with them, choosing is enough.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{Icon, IconName, text, url};

/// One select.
#[derive(Clone, Debug)]
pub struct FilterSelect {
    /// The name in the query of the URL.
    pub name: &'static str,
    /// The label.
    pub label: &'static str,
    /// The label of no choice.
    pub all: &'static str,
    /// The values and their labels.
    pub options: Vec<(String, String)>,
}

/// The selects of a list.
#[component]
pub fn FilterForm(
    /// The list's path.
    path: &'static str,
    /// What the query of the list's URL has, without its cursor: the chosen values, and what choosing others keeps.
    #[prop(into)]
    state: Signal<Vec<(&'static str, Option<String>)>>,
    /// The selects.
    selects: Vec<FilterSelect>,
) -> impl IntoView {
    let navigate = use_navigate();
    let choose = Callback::new(move |(name, value): (&'static str, String)| {
        let mut pairs = state.get_untracked();
        for pair in &mut pairs {
            if pair.0 == name {
                pair.1 = (!value.is_empty()).then(|| value.clone());
            }
        }
        navigate(&url::with_query(path, &pairs), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let kept = state.with_untracked(|state| {
        let is_kept = |name| selects.iter().all(|select| select.name != name);
        state.iter().filter(|(name, _)| is_kept(*name)).cloned().collect::<Vec<_>>()
    });
    let select = |FilterSelect { name, label, all, options }: FilterSelect| {
        let chosen =
            state.with_untracked(|state| state.iter().find(|pair| pair.0 == name).and_then(|pair| pair.1.clone()));
        let id = format!("by-{name}");
        let option = |(value, words): (String, String)| {
            let is_chosen = chosen.as_ref() == Some(&value);
            view! {
                <option value=value selected=is_chosen>
                    {words}
                </option>
            }
            .into_any()
        };
        let options: Vec<_> = std::iter::once((String::new(), all.to_owned())).chain(options).map(option).collect();
        view! {
            <label class="label" for=id.clone()>
                {label}
            </label>
            <span class="select">
                <select id=id name=name on:change=move |event| choose.run((name, event_target_value(&event)))>
                    {options}
                </select>
                <Icon name=IconName::Down />
            </span>
        }
        .into_any()
    };
    view! {
        <form class="toolbar" method="get" action=path>
            {selects.into_iter().map(select).collect_view()}
            {kept
                .into_iter()
                .filter_map(|(name, value)| value.map(|value| view! { <input type="hidden" name=name value=value /> }.into_any()))
                .collect_view()}
            <button class="btn without-script">{text::SHOW}</button>
        </form>
    }
}
