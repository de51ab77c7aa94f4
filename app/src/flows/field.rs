//! What can be edited of a field.

use domain::flows::FieldType;
use leptos::prelude::*;

use super::choices::{has_bounds, has_choices};
use super::form::{FieldForm, FlowForm};
use super::inputs::{Input, tick};
use super::text;

/// The body of an open field.
pub(super) fn body(form: FlowForm, field: FieldForm) -> AnyView {
    let id = field.id;
    let named = move |name: &str| format!("{name}-{id}");
    let kinds = FieldType::ALL.map(|kind| (kind.to_string(), text::field_type(kind).to_owned()));
    let label = RwSignal::new(field.label.get_untracked());
    // The key follows the label until another is typed.
    Effect::watch(
        move || label.get(),
        move |now, before, _| {
            let before = before.map(|before| key_of(before)).unwrap_or_default();
            if field.key.with_untracked(|key| *key == before) {
                field.key.set(key_of(now));
            }
            field.label.set(now.clone());
        },
        false,
    );
    let error = move |name: &'static str| field.errors.of(name);
    let bounds = move || {
        let kind = field.field_type();
        if !has_bounds(kind) {
            return ().into_any();
        }
        let (min, max, help) = text::bounds(kind);
        let short = if kind == FieldType::Date { "input" } else { "input input-num" };
        view! {
            <div class="fields-2">
                {Input::new(named("field-min"), min, field.min, error("min")).help(help).class(short).line()}
                {Input::new(named("field-max"), max, field.max, error("max")).class(short).line()}
                {(kind == FieldType::Number)
                    .then(|| {
                        Input::new(named("field-decimals"), text::DECIMALS, field.decimals, error("decimals"))
                            .class("input input-num")
                            .line()
                    })}
            </div>
        }
        .into_any()
    };
    let choices = move || {
        let first = Signal::derive(move || {
            let all = field.errors.all();
            let wrong = all.into_iter().find(|error| error.field.starts_with("choices"))?;
            let number = wrong.field.strip_prefix("choices.").and_then(|number| number.parse::<usize>().ok());
            Some(number.map_or(wrong.message.clone(), |number| text::of_choice(number + 1, &wrong.message)))
        });
        has_choices(field.field_type()).then(|| {
            Input::new(named("field-choices"), text::CHOICES, field.choices, first)
                .help(text::CHOICES_HELP)
                .needed()
                .lines()
        })
    };
    let required = move || {
        let is_box = field.field_type() == FieldType::Checkbox;
        let label = if is_box { text::MUST_BE_CHECKED } else { text::REQUIRED };
        tick(named("field-required"), label, text::REQUIRED_HELP, field.required)
    };
    view! {
        <div class="stack flow-body">
            <div class="fields-2">
                {Input::new(named("field-label"), text::LABEL, label, error("label")).needed().line()}
                {Input::new(named("field-key"), text::KEY, field.key, error("key"))
                    .help(text::KEY_HELP)
                    .class("input input-mono")
                    .needed()
                    .line()}
            </div>
            {Input::new(named("field-type"), text::TYPE, field.kind, error("type")).needed().select(kinds.to_vec())}
            {choices}
            {bounds}
            {Input::new(named("field-help"), text::HELP, field.help, error("help")).help(text::HELP_HELP).line()}
            {required}
            {move || place(form, field)}
        </div>
    }
    .into_any()
}

/// The step that it is in; another one moves it to the end of that.
fn place(form: FlowForm, field: FieldForm) -> Option<AnyView> {
    let steps = form.steps.get();
    if steps.len() < 2 {
        return None;
    }
    let here = steps.iter().find(|step| step.fields.with(|fields| fields.contains(&field)))?.id;
    let options =
        steps.iter().enumerate().map(|(at, step)| (step.id.to_string(), text::step(at + 1, &step.title.get())));
    let chosen = RwSignal::new(here.to_string());
    Effect::watch(
        move || chosen.get(),
        move |to, _, _| {
            let steps = form.steps.get_untracked();
            let Some(number) = steps.iter().position(|step| step.id.to_string() == *to) else { return };
            for step in &steps {
                step.fields.update(|fields| fields.retain(|other| *other != field));
            }
            steps[number].fields.update(|fields| fields.push(field));
            form.changed(text::moved_to_step(number + 1), &["field-step"], field.id);
        },
        false,
    );
    let none = Signal::derive(|| None);
    let input = Input::new(format!("field-step-{}", field.id), text::STEP, chosen, none).needed();
    Some(input.select(options.collect()))
}

/// The key of a field with this label.
fn key_of(label: &str) -> String {
    let mut key = String::new();
    for letter in label.trim().to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => key.push(letter),
            _ if key.is_empty() || key.ends_with('_') => {}
            _ => key.push('_'),
        }
        if key.len() >= 40 {
            break;
        }
    }
    key.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_gives_a_key() {
        assert_eq!(key_of(" What is your T-shirt size? "), "what_is_your_t_shirt_size");
        assert_eq!(key_of("Größe"), "gr_e");
        assert_eq!(key_of("名前"), "");
        assert_eq!(key_of(&"ab ".repeat(40)).len(), 40);
    }
}
