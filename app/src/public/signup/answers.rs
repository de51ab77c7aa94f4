//! The fields of a flow, each with the input that browsers have for its type.

use domain::Timestamp;
use domain::attributes::AttributeValue;
use domain::flows::{CHECKED, Choice, Field, FieldKind, FormField, Number};
use leptos::prelude::*;

use crate::html::escaped;
use crate::public::parts::{FieldError, Wrong, described_by};
use crate::public::text;
use crate::ui::{Icon, IconName};

/// As many choices are buttons of which one is pressed; more are a list.
const MAX_RADIOS: usize = 5;

/// The fields, in their order.
pub(super) fn answers(fields: &[FormField<'_>], wrong: &Wrong, now: Timestamp) -> Vec<AnyView> {
    fields.iter().map(|field| answer(field, wrong, now)).collect()
}

/// What surrounds every input.
struct Asked {
    name: String,
    label: String,
    help: Option<String>,
    error: Option<String>,
    is_required: bool,
    is_first_wrong: bool,
}

impl Asked {
    fn of(shown: &FormField<'_>, wrong: &Wrong) -> Self {
        let name = shown.name();
        let Field { label, help, required, kind, .. } = shown.field;
        let help = help.as_ref().map(ToString::to_string);
        let bounds = match kind {
            _ if shown.locked => Some(text::ATTRIBUTE_LOCKED.to_owned()),
            FieldKind::Choices { choices, min, max } => text::choices_help(*min as usize, *max as usize, choices.len()),
            _ => None,
        };
        Self {
            label: label.to_string(),
            help: match (help, bounds) {
                (Some(help), Some(bounds)) => Some(format!("{help} {bounds}")),
                (help, bounds) => help.or(bounds),
            },
            error: wrong.of(&name),
            is_required: *required,
            is_first_wrong: wrong.is_first(&name),
            name,
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    fn described(&self) -> Option<String> {
        described_by(&self.name, self.error.is_some(), self.help.is_some())
    }

    /// The label, and whether the field may be left empty.
    fn words(&self) -> impl IntoView + use<> {
        let optional = !self.is_required;
        view! {
            {self.label.clone()}
            {optional.then(|| view! { " " <span class="opt">{text::OPTIONAL}</span> })}
        }
    }

    /// The error and the help.
    fn below(&self) -> impl IntoView + use<> {
        let name = self.name.clone();
        let help_id = format!("{name}-help");
        view! {
            {self.error.clone().map(|error| view! { <FieldError of=name error=error /> })}
            {self.help.clone().map(|help| view! { <p class="help" id=help_id dir="auto">{help}</p> })}
        }
    }
}

fn answer(shown: &FormField<'_>, wrong: &Wrong, now: Timestamp) -> AnyView {
    let asked = Asked::of(shown, wrong);
    let value = shown.value.clone();
    if shown.locked {
        let value = shown.field.shown(&AttributeValue::stored(&value));
        return fixed(&asked, value, matches!(shown.field.kind, FieldKind::LongText { .. }));
    }
    match &shown.field.kind {
        FieldKind::Text { min, max } => {
            let bounds = Bounds { length: Some((*min, *max)), ..Bounds::of("text") };
            input(&asked, value, bounds)
        }
        FieldKind::Number { min, max, decimals } => {
            let steps = step(&value, *min, *decimals);
            // Keyboards of numbers alone have no minus on some phones.
            let is_natural = *decimals == 0 && min.is_some_and(|min| !min.to_string().starts_with('-'));
            let inputmode = is_natural.then_some("numeric");
            let (min, max) = (min.map(|min| min.to_string()), max.map(|max| max.to_string()));
            input(&asked, value, Bounds { min, max, step: Some(steps), inputmode, ..Bounds::of("number") })
        }
        FieldKind::Date { min, max } => {
            let (min, max) = (min.map(|min| min.first_day(now)), max.map(|max| max.last_day(now)));
            let (min, max) = (min.map(|min| min.to_string()), max.map(|max| max.to_string()));
            input(&asked, value, Bounds { min, max, ..Bounds::of("date") })
        }
        FieldKind::Url => input(&asked, value, Bounds::of("url")),
        FieldKind::LongText { min, max } => long_text(&asked, &value, (*min, *max)),
        FieldKind::Checkbox => checkbox(&asked, is_checked(&value)),
        FieldKind::Choice(choices) if choices.len() <= MAX_RADIOS => radios(&asked, choices, &value),
        FieldKind::Choice(choices) => list(&asked, choices, &value),
        FieldKind::Choices { choices, .. } => boxes(&asked, choices, &value),
    }
}

/// What the input itself holds people to.
#[derive(Default)]
struct Bounds {
    kind: &'static str,
    length: Option<(u32, u32)>,
    min: Option<String>,
    max: Option<String>,
    step: Option<String>,
    inputmode: Option<&'static str>,
}

impl Bounds {
    fn of(kind: &'static str) -> Self {
        Self { kind, ..Self::default() }
    }
}

/// Steps begin at the least number or else at the value, which may be what is wrong.
fn step(value: &str, min: Option<Number>, decimals: u8) -> String {
    let is_on = |number: Number| number.decimals() <= usize::from(decimals);
    let fits = match min {
        Some(min) => is_on(min),
        None => Number::parse(value).map_or(value.is_empty(), is_on),
    };
    match decimals {
        _ if !fits => "any".to_owned(),
        0 => "1".to_owned(),
        decimals => format!("0.{:0>width$}", 1, width = usize::from(decimals)),
    }
}

fn input(asked: &Asked, value: String, bounds: Bounds) -> AnyView {
    let Bounds { kind, length, min, max, step, inputmode } = bounds;
    let (least, most) = length.unzip();
    view! {
        <div class="field">
            <label class="label" for=asked.name.clone()>{asked.words()}</label>
            <input
                class="input"
                id=asked.name.clone()
                name=asked.name.clone()
                type=kind
                value=value
                inputmode=inputmode
                minlength=least.filter(|least| *least > 1)
                maxlength=most
                min=min
                max=max
                step=step
                required=asked.is_required
                autofocus=asked.is_first_wrong
                aria-invalid=asked.invalid()
                aria-describedby=asked.described()
            />
            {asked.below()}
        </div>
    }
    .into_any()
}

fn long_text(asked: &Asked, value: &str, (least, most): (u32, u32)) -> AnyView {
    // Browsers would show the comment markers of Leptos.
    let value = escaped(value);
    view! {
        <div class="field">
            <label class="label" for=asked.name.clone()>{asked.words()}</label>
            <textarea
                class="input"
                id=asked.name.clone()
                name=asked.name.clone()
                rows="4"
                minlength=(least > 1).then_some(least)
                maxlength=most
                required=asked.is_required
                autofocus=asked.is_first_wrong
                aria-invalid=asked.invalid()
                aria-describedby=asked.described()
                inner_html=value
            ></textarea>
            {asked.below()}
        </div>
    }
    .into_any()
}

/// A value that the invite fixes. It is not sent: what is not sent is what the invite says.
fn fixed(asked: &Asked, value: String, is_long: bool) -> AnyView {
    let id = asked.name.clone();
    let input = if is_long {
        view! {
            <textarea class="input" id=id rows="4" readonly aria-describedby=asked.described() inner_html=escaped(&value)></textarea>
        }
        .into_any()
    } else {
        view! { <input class="input" id=id value=value readonly aria-describedby=asked.described() /> }.into_any()
    };
    view! {
        <div class="field">
            <label class="label" for=asked.name.clone()>{asked.label.clone()}</label>
            {input}
            {asked.below()}
        </div>
    }
    .into_any()
}

/// What is sent of boxes and buttons of which none is chosen: that there is no answer, and not what was there before.
fn nothing(name: &str) -> impl IntoView + use<> {
    view! { <input type="hidden" name=name.to_owned() value="" /> }
}

fn checkbox(asked: &Asked, is_checked: bool) -> AnyView {
    view! {
        <div class="field">
            {nothing(&asked.name)}
            <label class="check">
                <input
                    type="checkbox"
                    id=asked.name.clone()
                    name=asked.name.clone()
                    value=CHECKED
                    checked=is_checked
                    required=asked.is_required
                    autofocus=asked.is_first_wrong
                    aria-invalid=asked.invalid()
                    aria-describedby=asked.described()
                />
                <span>{asked.label.clone()}</span>
            </label>
            {asked.below()}
        </div>
    }
    .into_any()
}

fn radios(asked: &Asked, choices: &[Choice], value: &str) -> AnyView {
    let chosen = choices.iter().position(|choice| is(choice, value));
    let none = (!asked.is_required).then(|| (String::new(), text::NO_ANSWER.to_owned(), chosen.is_none()));
    let of_choice =
        |(at, choice): (usize, &Choice)| (choice.value.to_string(), choice.label().to_owned(), chosen == Some(at));
    let options = none.into_iter().chain(choices.iter().enumerate().map(of_choice));
    let buttons = options
        .enumerate()
        .map(|(at, (value, label, is_checked))| {
            view! {
                <label class="check">
                    <input
                        type="radio"
                        name=asked.name.clone()
                        value=value
                        checked=is_checked
                        required=asked.is_required
                        autofocus=asked.is_first_wrong && (is_checked || (chosen.is_none() && at == 0))
                    />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class="field"
            role="radiogroup"
            aria-required=asked.is_required.then_some("true")
            aria-invalid=asked.invalid()
            aria-describedby=asked.described()
        >
            <legend class="label">{asked.words()}</legend>
            {nothing(&asked.name)}
            {buttons}
            {asked.below()}
        </fieldset>
    }
    .into_any()
}

fn list(asked: &Asked, choices: &[Choice], value: &str) -> AnyView {
    let options = choices
        .iter()
        .map(|choice| {
            view! {
                <option value=choice.value.to_string() selected=is(choice, value)>
                    {choice.label().to_owned()}
                </option>
            }
        })
        .collect_view();
    let none = if asked.is_required { text::CHOOSE } else { text::NO_ANSWER };
    view! {
        <div class="field">
            <label class="label" for=asked.name.clone()>{asked.words()}</label>
            <span class="select">
                <select
                    id=asked.name.clone()
                    name=asked.name.clone()
                    required=asked.is_required
                    autofocus=asked.is_first_wrong
                    aria-invalid=asked.invalid()
                    aria-describedby=asked.described()
                >
                    <option value="">{none}</option>
                    {options}
                </select>
                <Icon name=IconName::Down />
            </span>
            {asked.below()}
        </div>
    }
    .into_any()
}

fn boxes(asked: &Asked, choices: &[Choice], value: &str) -> AnyView {
    let chosen: Vec<&str> = value.split([',', '\n']).map(str::trim).collect();
    let boxes = choices
        .iter()
        .enumerate()
        .map(|(at, choice)| {
            view! {
                <label class="check">
                    <input
                        type="checkbox"
                        name=asked.name.clone()
                        value=choice.value.to_string()
                        checked=chosen.iter().any(|chosen| is(choice, chosen))
                        autofocus=asked.is_first_wrong && at == 0
                        aria-invalid=asked.invalid()
                    />
                    <span>{choice.label().to_owned()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" aria-describedby=asked.described()>
            <legend class="label">{asked.words()}</legend>
            {nothing(&asked.name)}
            {boxes}
            {asked.below()}
        </fieldset>
    }
    .into_any()
}

fn is(choice: &Choice, value: &str) -> bool {
    choice.value.as_str().eq_ignore_ascii_case(value.trim())
}

/// What an invite fills in may say it in other words (`Field::answer`).
fn is_checked(value: &str) -> bool {
    ["yes", "true", "on", "1"].iter().any(|yes| yes.eq_ignore_ascii_case(value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_numbers_let_in_what_the_server_lets_in() {
        let number = |text| Some(Number::parse(text).unwrap());
        for (value, min, decimals, step_of) in [
            ("", None, 0, "1"),
            ("", None, 2, "0.01"),
            ("", number("0"), 4, "0.0001"),
            ("1.5", None, 0, "any"),
            ("1.5", number("1"), 0, "1"),
            ("", number("0.5"), 0, "any"),
            ("many", None, 0, "any"),
        ] {
            assert_eq!(step(value, min, decimals), step_of, "{value} {min:?} {decimals}");
        }
    }

    #[test]
    fn boxes_are_checked_by_all_words_for_yes() {
        assert!(is_checked(" Yes") && is_checked("1") && is_checked(CHECKED));
        assert!(!is_checked("") && !is_checked("no"));
    }
}
