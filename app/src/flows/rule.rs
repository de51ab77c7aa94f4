//! What can be edited of a rule.

use domain::flows::{FieldType, MAX_CONDITIONS};
use leptos::prelude::*;

use super::choices::{choices, has_choices};
use super::conditions::About;
use super::form::{ATTRIBUTE, ConditionForm, FlowForm, RuleForm};
use super::inputs::{Input, icon_button};
use super::{outcome, text};
use crate::ui::{Icon, IconName};

/// The body of an open rule.
pub(super) fn body(form: FlowForm, rule: RuleForm) -> AnyView {
    let is_full = move || rule.conditions.with(|conditions| conditions.len() >= MAX_CONDITIONS);
    let add = move |_| {
        let condition = form.make_condition();
        rule.conditions.update(|conditions| conditions.push(condition));
        form.changed(text::CONDITION_ADDED.to_owned(), &["condition-subject"], condition.id);
    };
    let conditions = move || {
        let all = rule.conditions.get();
        let count = all.len();
        all.into_iter().enumerate().map(|(at, one)| condition(form, rule, one, (at, count))).collect_view()
    };
    view! {
        <div class="stack flow-body">
            <fieldset class="field">
                <legend class="label">{text::WHEN_ALL}</legend>
                {conditions}
                <div>
                    <button
                        type="button"
                        id=format!("add-condition-{}", rule.id)
                        class="btn btn-sm"
                        disabled=is_full
                        on:click=add
                    >
                        <Icon name=IconName::Plus />
                        {text::ADD_CONDITION}
                    </button>
                </div>
            </fieldset>
            {outcome::outcome(rule)}
        </div>
    }
    .into_any()
}

fn condition(form: FlowForm, rule: RuleForm, condition: ConditionForm, (at, count): (usize, usize)) -> AnyView {
    let id = condition.id;
    // One that is alone has no number in its path. The words are below the sentence of the rule.
    let path = if count == 1 { "when.".to_owned() } else { format!("when.{at}.") };
    let wrong = Memo::new(move |_| rule.errors.within(&path));
    let marked = Signal::derive(move || wrong.get().then(String::new));
    let none = Signal::derive(|| None);
    let subjects = move || {
        let fields = form.fields().into_iter().map(|field| (field.id.to_string(), field.title()));
        let mut all: Vec<_> = fields.chain([(ATTRIBUTE.to_owned(), text::AN_ATTRIBUTE.to_owned())]).collect();
        if condition.about(form) == About::Nothing {
            all.insert(0, (condition.subject.get_untracked(), text::CHOOSE_FIELD.to_owned()));
        }
        let input = Input::new(format!("condition-subject-{id}"), text::FIELD, condition.subject, none).needed();
        input.select(all)
    };
    let attribute = move || {
        (condition.about(form) == About::Attribute).then(|| {
            Input::new(format!("condition-attribute-{id}"), text::ATTRIBUTE_KEY, condition.attribute, none)
                .class("input input-mono")
                .needed()
                .line()
        })
    };
    let tests = move || {
        let input = Input::new(format!("condition-test-{id}"), text::TEST, condition.test, none).needed();
        input.select(condition.tests(form))
    };
    let value = move || value(form, condition, marked);
    let remove = move || {
        rule.conditions.update(|all| all.retain(|other| *other != condition));
        form.changed(text::CONDITION_REMOVED.to_owned(), &["add-condition"], rule.id);
    };
    view! {
        <div class="flow-condition" role="group" aria-label=text::of_condition(at + 1)>
            {subjects}
            {attribute}
            {tests}
            {value}
            {icon_button(
                format!("condition-remove-{id}"),
                IconName::Trash,
                move || text::remove_condition(at + 1),
                move || count == 1,
                Box::new(remove),
            )}
        </div>
    }
    .into_any()
}

/// What is compared with: boxes for the choices of a field, or an input.
fn value(form: FlowForm, condition: ConditionForm, wrong: Signal<Option<String>>) -> AnyView {
    let id = condition.id;
    let input = || Input::new(format!("condition-value-{id}"), text::VALUE, condition.value, wrong).needed();
    match (condition.compares(), condition.about(form)) {
        (None, _) => ().into_any(),
        (Some(true), About::Field(field, kind)) if has_choices(kind) => {
            let offered = field.choices.with(|typed| choices(typed));
            let offered = offered.into_iter().map(|(value, label)| (value.clone(), label.unwrap_or(value)));
            boxes(condition, offered.collect(), wrong)
        }
        (Some(true), _) => input().help(text::VALUES_HELP).lines(),
        (Some(false), About::Field(_, FieldType::Date)) => input().help(text::DATE_HELP).line(),
        (Some(false), _) => input().line(),
    }
}

fn boxes(condition: ConditionForm, offered: Vec<(String, String)>, wrong: Signal<Option<String>>) -> AnyView {
    let chosen = move || condition.value.with(|lines| lines.lines().map(str::to_owned).collect::<Vec<_>>());
    // One that is no longer a choice can be taken away.
    let others = untrack(chosen).into_iter().filter(|value| !offered.iter().any(|(offered, _)| offered == value));
    let others: Vec<_> = others.map(|value| (value.clone(), value)).collect();
    let line = |(value, label): (String, String)| {
        let is_chosen = {
            let value = value.clone();
            move || chosen().contains(&value)
        };
        let change = move |event| {
            let mut values = untrack(chosen);
            values.retain(|other| *other != value);
            if event_target_checked(&event) {
                values.push(value.clone());
            }
            condition.value.set(values.join("\n"));
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=is_chosen on:change=change />
                <bdi>{label}</bdi>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="field" aria-invalid=move || wrong.with(Option::is_some).then_some("true")>
            <legend class="label">{text::ONE_OF}</legend>
            {offered.into_iter().chain(others).map(line).collect_view()}
        </fieldset>
    }
    .into_any()
}
