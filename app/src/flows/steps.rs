//! The steps of a flow, and their fields: each a line, which opens to be edited. A part of the browser's program, which the page
//! downloads after itself.

use domain::flows::{MAX_FIELDS, MAX_STEPS};
use domain::text::isolated;
use leptos::prelude::*;

use super::dragging;
use super::form::{FieldForm, FlowForm, StepForm};
use super::inputs::{Input, alert, icon_button, swap};
use super::{field as editing, text};
use crate::ui::{Icon, IconName};

/// The steps.
pub(super) fn steps(form: FlowForm, can_change: bool) -> AnyView {
    let is_full = move || form.steps.with(|steps| steps.len() >= MAX_STEPS);
    let add = move |_| {
        let step = form.make_step();
        form.steps.update(|steps| steps.push(step));
        form.changed(text::STEP_ADDED.to_owned(), &["step-title", "add-field"], step.id);
    };
    view! {
        <div class="stack">
            {alert("", form.errors.of("steps"))}
            {move || {
                let all = form.steps.get();
                let count = all.len();
                all.into_iter()
                    .enumerate()
                    .map(|(at, one)| step(form, one, (at, count), can_change))
                    .collect_view()
            }}
            {can_change
                .then(|| {
                    view! {
                        <div>
                            <button type="button" id="add-step" class="btn" disabled=is_full on:click=add>
                                <Icon name=IconName::Plus />
                                {text::ADD_STEP}
                            </button>
                        </div>
                    }.into_any()
                })}
        </div>
    }
    .into_any()
}

fn step(form: FlowForm, step: StepForm, (at, count): (usize, usize), can_change: bool) -> AnyView {
    let (id, is_last) = (step.id, at + 1 == count);
    let title = move || step.title.with(|title| text::step(at + 1, title.trim()));
    let lines = move || {
        let fields = step.fields.get();
        if fields.is_empty() {
            let words = if is_last { text::NO_FIELDS_LAST } else { text::NO_FIELDS };
            return view! { <li class="flow-line soft">{words}</li> }.into_any();
        }
        let count = fields.len();
        let line = |(place, one)| line(form, (step, at), one, (place, count), can_change);
        fields.into_iter().enumerate().map(line).collect_view().into_any()
    };
    view! {
        <section
            class="card flow-step"
            aria-labelledby=format!("step-{id}")
            on:dragover=move |event| dragging::accept(form, &event)
            on:drop=move |event| dragging::put(form, &event, (step, at), usize::MAX)
        >
            <div class="card-head">
                <h3 id=format!("step-{id}")>{title}</h3>
                {can_change.then(|| step_acts(form, step, (at, count)))}
            </div>
            {(can_change && count > 1)
                .then(|| {
                    view! {
                        <div class="card-body">
                            {Input::new(format!("step-title-{id}"), text::STEP_TITLE, step.title, step.errors.of("title"))
                                .line()}
                        </div>
                    }.into_any()
                })}
            <ul class="flow-lines">{lines}</ul>
            {is_last.then(|| view! { <p class="flow-note">{text::LAST_STEP}</p> }.into_any())}
            {alert("flow-note", step.errors.of("fields"))}
            {can_change.then(|| add_field(form, step))}
        </section>
    }
    .into_any()
}

fn add_field(form: FlowForm, step: StepForm) -> AnyView {
    let is_full = move || form.fields().len() >= MAX_FIELDS;
    let add = move |_| {
        let field = form.make_field();
        field.open.set(true);
        step.fields.update(|fields| fields.push(field));
        form.changed(text::FIELD_ADDED.to_owned(), &["field-label"], field.id);
    };
    view! {
        <div class="card-foot">
            <button
                type="button"
                id=format!("add-field-{}", step.id)
                class="btn btn-sm"
                disabled=is_full
                on:click=add
            >
                <Icon name=IconName::Plus />
                {text::ADD_FIELD}
            </button>
        </div>
    }
    .into_any()
}

fn step_acts(form: FlowForm, step: StepForm, (at, count): (usize, usize)) -> AnyView {
    let id = step.id;
    let name = move |verb: &'static str| move || step.title.with(|title| text::of_step(verb, at + 1, title.trim()));
    let up = move || {
        swap(form.steps, at, at.wrapping_sub(1));
        form.changed(text::moved(at, count), &["step-up", "step-down"], id);
    };
    let down = move || {
        swap(form.steps, at, at + 1);
        form.changed(text::moved(at + 2, count), &["step-down", "step-up"], id);
    };
    // Its fields are not lost with it.
    let remove = move || {
        let fields = step.fields.get_untracked();
        let mut all = form.steps.get_untracked();
        all.retain(|other| *other != step);
        let Some(heir) = all.get(at.saturating_sub(1)).copied() else { return };
        heir.fields.update(|kept| {
            let at = if at == 0 { 0 } else { kept.len() };
            drop(kept.splice(at..at, fields));
        });
        form.steps.set(all);
        form.changed(text::STEP_REMOVED.to_owned(), &["add-field"], heir.id);
    };
    view! {
        <div class="row">
            {icon_button(format!("step-up-{id}"), IconName::ArrowUp, name(text::MOVE_UP), move || at == 0, Box::new(up))}
            {icon_button(
                format!("step-down-{id}"),
                IconName::ArrowDown,
                name(text::MOVE_DOWN),
                move || at + 1 == count,
                Box::new(down),
            )}
            {icon_button(
                format!("step-remove-{id}"),
                IconName::Trash,
                name(text::REMOVE),
                move || count == 1,
                Box::new(remove),
            )}
        </div>
    }
    .into_any()
}

/// A field: what it is, and below that, while it is open, what can be edited.
fn line(
    form: FlowForm,
    (step, step_at): (StepForm, usize),
    field: FieldForm,
    (at, count): (usize, usize),
    can_change: bool,
) -> AnyView {
    let id = field.id;
    let says = move || {
        let required = field.required.get().then_some(text::REQUIRED_AFTER);
        view! {
            <bdi class="flow-title">{field.title()}</bdi>
            <span class="muted small">
                <code class="mono">{field.key.get()}</code>
                " "
                {text::field_type(field.field_type())}
                {required}
            </span>
            {field.errors.any().then(|| view! { <span class="badge" data-status="danger">{text::WRONG}</span> }.into_any())}
        }
        .into_any()
    };
    if !can_change {
        return view! { <li class="flow-line">{says}</li> }.into_any();
    }
    let name = move |verb: &'static str| move || text::of_field(verb, &isolated(&field.title()));
    // Above the first of a step is the end of the step before.
    let is_first = move || at == 0 && step_at == 0;
    let is_last = move || at + 1 == count && form.steps.with(|steps| step_at + 1 == steps.len());
    let up = move || {
        if at > 0 {
            swap(step.fields, at, at - 1);
            form.changed(text::moved(at, count), &["field-up", "field-down"], id);
        } else {
            to_step(form, (step, step_at.wrapping_sub(1)), field, &["field-up", "field-down"]);
        }
    };
    let down = move || {
        if at + 1 < count {
            swap(step.fields, at, at + 1);
            form.changed(text::moved(at + 2, count), &["field-down", "field-up"], id);
        } else {
            to_step(form, (step, step_at + 1), field, &["field-down", "field-up"]);
        }
    };
    let remove = move || {
        step.fields.update(|fields| fields.retain(|other| *other != field));
        form.changed(text::FIELD_REMOVED.to_owned(), &["add-field"], step.id);
    };
    view! {
        <li
            class:dragged=move || form.dragged.get() == Some(field)
            on:dragover=move |event| dragging::accept(form, &event)
            on:drop=move |event| dragging::put(form, &event, (step, step_at), at)
        >
            <div class="flow-line">
                {dragging::handle(form, field)}
                <button
                    type="button"
                    id=format!("field-{id}")
                    class="flow-open"
                        aria-expanded=move || field.open.get().to_string()
                    on:click=move |_| field.open.update(|open| *open = !*open)
                >
                    <Icon name=IconName::Right />
                    {says}
                </button>
                <div class="row">
                    {icon_button(format!("field-up-{id}"), IconName::ArrowUp, name(text::MOVE_UP), is_first, Box::new(up))}
                    {icon_button(format!("field-down-{id}"), IconName::ArrowDown, name(text::MOVE_DOWN), is_last, Box::new(down))}
                    {icon_button(format!("field-remove-{id}"), IconName::Trash, name(text::REMOVE), || false, Box::new(remove))}
                </div>
            </div>
            {move || field.open.get().then(|| editing::body(form, field))}
        </li>
    }
    .into_any()
}

/// Moves a field to another step: to its end if that is before, and to its beginning if it is after.
fn to_step(form: FlowForm, (from, to): (StepForm, usize), field: FieldForm, focus: &'static [&'static str]) {
    let steps = form.steps.get_untracked();
    let Some(step) = steps.get(to).copied() else { return };
    let is_after = steps.iter().position(|other| *other == from).is_some_and(|at| at < to);
    from.fields.update(|fields| fields.retain(|other| *other != field));
    step.fields.update(|fields| fields.insert(if is_after { 0 } else { fields.len() }, field));
    form.changed(text::moved_to_step(to + 1), focus, field.id);
}
