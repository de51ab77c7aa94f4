//! Fields are moved by dragging, too: by a handle, because what can be dragged as a whole cannot be selected as a text. The buttons
//! of a line do the same by keyboard and touch.

use leptos::ev::DragEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::form::{FieldForm, FlowForm, StepForm};
use super::text;
use crate::ui::{Icon, IconName};

/// What a field is dragged by.
pub(super) fn handle(form: FlowForm, field: FieldForm) -> AnyView {
    let start = move |event: DragEvent| {
        if let Some(data) = event.data_transfer() {
            // Some browsers drag only what has data.
            let _ = data.set_data("text/plain", &field.key.get_untracked());
            let handle = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            if let Some(line) = handle.and_then(|handle| handle.closest("li").ok().flatten()) {
                data.set_drag_image(&line, 8, 24);
            }
        }
        form.dragged.set(Some(field));
    };
    view! {
        <span
            class="flow-grip"
            draggable="true"
            aria-hidden="true"
            title=text::DRAG
            on:dragstart=start
            on:dragend=move |_| form.dragged.set(None)
        >
            <Icon name=IconName::Grip />
        </span>
    }
    .into_any()
}

/// Lets a field be dropped here.
pub(super) fn accept(form: FlowForm, event: &DragEvent) {
    if form.dragged.with_untracked(Option::is_some) {
        event.prevent_default();
    }
}

/// Puts the field that is dragged in this place of a step; what is there moves on.
pub(super) fn put(form: FlowForm, event: &DragEvent, (to, step_at): (StepForm, usize), at: usize) {
    let Some(field) = form.dragged.get_untracked() else { return };
    event.prevent_default();
    // The step around a line would put it at its end.
    event.stop_propagation();
    form.dragged.set(None);
    let steps = form.steps.get_untracked();
    let has_it = |step: &&StepForm| step.fields.with_untracked(|fields| fields.contains(&field));
    let Some(from) = steps.iter().find(has_it).copied() else { return };
    let before = from.fields.with_untracked(|fields| fields.iter().position(|other| *other == field));
    if from == to && (before == Some(at) || to.fields.with_untracked(Vec::len) == 1) {
        return;
    }
    from.fields.update(|fields| fields.retain(|other| *other != field));
    let mut place = (0, 0);
    to.fields.update(|fields| {
        let at = at.min(fields.len());
        fields.insert(at, field);
        place = (at + 1, fields.len());
    });
    let said = if from == to { text::moved(place.0, place.1) } else { text::moved_to_step(step_at + 1) };
    form.changed(said, &["field"], field.id);
}
