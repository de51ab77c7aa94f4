//! The rules of a flow: each a sentence, which opens to be edited. A part of the browser's program, which the page downloads
//! after itself.

use domain::flows::MAX_RULES;
use leptos::prelude::*;

use super::form::{FlowForm, RuleForm};
use super::inputs::{alert, icon_button, swap};
use super::{rule, text};
use crate::ui::{Icon, IconName, error_line};

/// The rules.
pub(super) fn rules(form: FlowForm, can_change: bool) -> AnyView {
    let is_full = move || form.rules.with(|rules| rules.len() >= MAX_RULES);
    let add = move |_| {
        let rule = form.make_rule();
        let condition = form.make_condition();
        if let Some(field) = untrack(|| form.fields()).first() {
            condition.subject.set(field.id.to_string());
        }
        rule.conditions.set(vec![condition]);
        rule.open.set(true);
        form.rules.update(|rules| rules.push(rule));
        form.changed(text::RULE_ADDED.to_owned(), &["rule"], rule.id);
    };
    let lines = move || {
        let all = form.rules.get();
        let count = all.len();
        if count == 0 {
            return view! { <p class="flow-note">{text::NO_RULES}</p> }.into_any();
        }
        let line = |(at, rule)| line(form, rule, (at, count), can_change);
        view! { <ol class="flow-lines">{all.into_iter().enumerate().map(line).collect_view()}</ol> }.into_any()
    };
    view! {
        <div class="card">
            {lines}
            {alert("flow-note", form.errors.of("rules"))}
            {can_change
                .then(|| {
                    view! {
                        <div class="card-foot">
                            <button
                                type="button"
                                id="add-rule"
                                class="btn btn-sm"
                                disabled=is_full
                                on:click=add
                            >
                                <Icon name=IconName::Plus />
                                {text::ADD_RULE}
                            </button>
                        </div>
                    }.into_any()
                })}
        </div>
    }
    .into_any()
}

fn line(form: FlowForm, rule: RuleForm, (at, count): (usize, usize), can_change: bool) -> AnyView {
    let id = rule.id;
    let says = move || rule.sentence(form);
    if !can_change {
        return view! { <li class="flow-line">{says}</li> }.into_any();
    }
    let name = move |verb: &'static str| move || text::of_rule(verb, at + 1);
    let up = move || {
        swap(form.rules, at, at.wrapping_sub(1));
        form.changed(text::moved(at, count), &["rule-up", "rule-down"], id);
    };
    let down = move || {
        swap(form.rules, at, at + 1);
        form.changed(text::moved(at + 2, count), &["rule-down", "rule-up"], id);
    };
    let remove = move || {
        form.rules.update(|rules| rules.retain(|other| *other != rule));
        form.sending.typed();
        form.said.set(text::RULE_REMOVED.to_owned());
        request_animation_frame(|| {
            crate::ui::browser::focus("#add-rule");
        });
    };
    // What is wrong with a part of it is said here, whichever part that is.
    let wrong = move || {
        let all = rule.errors.all();
        (!all.is_empty()).then(|| {
            view! {
                <div class="flow-note" id=format!("rule-{id}-error") role="alert">
                    {all.into_iter().map(|error| error_line(None, error.message)).collect_view()}
                </div>
            }
            .into_any()
        })
    };
    view! {
        <li>
            <div class="flow-line">
                <button
                    type="button"
                    id=format!("rule-{id}")
                    class="flow-open"
                    aria-expanded=move || rule.open.get().to_string()
                    on:click=move |_| rule.open.update(|open| *open = !*open)
                >
                    <Icon name=IconName::Right />
                    <span>{says}</span>
                </button>
                <div class="row">
                    {icon_button(format!("rule-up-{id}"), IconName::ArrowUp, name(text::MOVE_UP), move || at == 0, Box::new(up))}
                    {icon_button(
                        format!("rule-down-{id}"),
                        IconName::ArrowDown,
                        name(text::MOVE_DOWN),
                        move || at + 1 == count,
                        Box::new(down),
                    )}
                    {icon_button(format!("rule-remove-{id}"), IconName::Trash, name(text::REMOVE), || false, Box::new(remove))}
                </div>
            </div>
            {wrong}
            {move || rule.open.get().then(|| rule::body(form, rule))}
        </li>
    }
    .into_any()
}
