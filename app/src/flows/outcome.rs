//! What a rule does.

use leptos::prelude::*;

use super::form::{GIVE, REFUSE, RuleForm};
use super::inputs::{Input, tick};
use super::text;
use crate::memberships::api as groups;
use crate::ui::LiveSearch;

/// The choice between giving and refusing, and what is given or said.
pub(super) fn outcome(rule: RuleForm) -> AnyView {
    let id = rule.id;
    let none = Signal::derive(|| None);
    let kinds = [(GIVE, text::GIVES), (REFUSE, text::REFUSES)].map(|(kind, words)| (kind.to_owned(), words.to_owned()));
    let marked = move |start: &'static str| Signal::derive(move || rule.errors.within(start).then(String::new));
    view! {
        {Input::new(format!("rule-outcome-{id}"), text::THEN, rule.outcome, none).needed().select(kinds.to_vec())}
        {move || {
            if rule.outcome.with(|outcome| outcome == REFUSE) {
                Input::new(format!("rule-refuse-{id}"), text::REFUSAL, rule.refuse, marked("then.refuse"))
                    .help(text::REFUSAL_HELP)
                    .needed()
                    .lines()
            } else {
                view! {
                    {tick(format!("rule-approval-{id}"), text::NEEDS_APPROVAL_TICK, text::NEEDS_APPROVAL_HELP, rule.approval)}
                    {group_names(rule)}
                    {Input::new(format!("rule-after-{id}"), text::AFTER, rule.after, marked("then.after"))
                        .help(text::RULE_AFTER_HELP)
                        .line()}
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}

/// Groups by their names, as a flow has them. Chosen ones stay in the list whatever is searched.
fn group_names(rule: RuleForm) -> AnyView {
    let q = RwSignal::new(String::new());
    let found = LocalResource::new(move || groups::choices(q.get()));
    let line = move |name: String| {
        let is_chosen = {
            let name = name.clone();
            move || rule.groups.with(|chosen| chosen.contains(&name))
        };
        let words = name.clone();
        let change = move |event| {
            rule.groups.update(|chosen| {
                chosen.retain(|other| *other != name);
                if event_target_checked(&event) {
                    chosen.push(name.clone());
                }
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=is_chosen on:change=change />
                <bdi>{words}</bdi>
            </label>
        }
        .into_any()
    };
    let list = move || {
        let found = found.get().and_then(Result::ok)?;
        // Not tracked: a box that is ticked stays where it is.
        let mut names: Vec<String> = rule.groups.get_untracked();
        for group in found {
            let name = group.name.to_string();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            return Some(view! { <p class="soft">{text::NO_GROUPS}</p> }.into_any());
        }
        Some(names.into_iter().map(line).collect_view().into_any())
    };
    let wrong = move || rule.errors.within("then.groups").then_some("true");
    view! {
        <fieldset class="field group-picker" aria-invalid=wrong>
            <legend class="label">{text::GROUPS} " " <span class="opt">{text::OPTIONAL}</span></legend>
            <LiveSearch
                id=format!("rule-groups-{}", rule.id)
                label=text::SEARCH_GROUPS
                placeholder=text::SEARCH_EXAMPLE
                q
            />
            <div class="group-choices">{list}</div>
            <p class="help">{text::GROUPS_HELP}</p>
        </fieldset>
    }
    .into_any()
}
