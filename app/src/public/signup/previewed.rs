//! The end of a preview: what would become of somebody who answers so.

use domain::Failure;
use domain::flows::Admitted;
use domain::text::{GroupName, isolated};
use domain::web::Destination;
use leptos::prelude::*;

use super::form::{Entered, Step, carried};
use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{PageIcon, PublicLayout};
use crate::public::text;
use crate::ui::{Icon, IconName};

/// The content of the page.
#[derive(Clone)]
pub struct Previewed {
    /// What the flow decides.
    pub admitted: Admitted,
    /// The names of the groups that the account would join.
    pub groups: Vec<GroupName>,
    /// The form as typed.
    pub entered: Entered,
    /// The last step.
    pub step: Step,
}

/// The page, from which one can go back to what one answered.
#[must_use]
pub fn previewed(look: &Look, page: Previewed) -> String {
    render(look, Head { title: text::PREVIEW_END.to_owned(), about: None }, move || {
        let Previewed { admitted, groups, entered, step } = page;
        let verifies = step.flow.verify_email;
        let approval = if admitted.approval { text::PREVIEW_PENDING } else { text::PREVIEW_ACTIVE };
        let names: Vec<_> = groups.iter().map(|name| isolated(name.as_str())).collect();
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Check, "ok")
                heading=text::PREVIEW_END.to_owned()
                sentence=|| text::PREVIEW_END_TEXT
            >
                <ul class="entry-gets">
                    {verifies.then(|| line(IconName::Mail, text::PREVIEW_VERIFIES.to_owned()))}
                    {line(if admitted.approval { IconName::Hourglass } else { IconName::User }, approval.to_owned())}
                    {(!names.is_empty()).then(|| line(IconName::Groups, text::preview_joins(&names.join(", "))))}
                    {admitted.after.as_ref().map(Destination::as_str).map(|after| {
                        line(IconName::ArrowRight, text::preview_goes_to(after))
                    })}
                </ul>
                <form class="form" method="post" action=step.action()>
                    <input type="hidden" name="document" value=step.preview.clone() />
                    <input type="hidden" name="code" value=entered.code.clone() />
                    <input type="hidden" name="state" value=step.sealed.clone() />
                    {carried(&entered)}
                    <button class="btn btn-lg btn-block" name="go" value="again">
                        {text::CHANGE_ANSWERS}
                    </button>
                </form>
            </PublicLayout>
        }
    })
}

fn line(icon: IconName, words: String) -> AnyView {
    view! {
        <li>
            <Icon name=icon />
            <span>{words}</span>
        </li>
    }
    .into_any()
}

/// The page instead of a preview, for a flow that has errors. It says each, and where it is.
#[must_use]
pub fn not_previewed(look: &Look, failure: &Failure) -> String {
    let errors: Vec<_> = failure.fields.iter().map(|error| (place(&error.field), error.message.clone())).collect();
    render(look, Head { title: text::PREVIEW_FAILED.to_owned(), about: None }, move || {
        let error = |(place, message): (Option<String>, String)| {
            let words = place.map_or(message.clone(), |place| text::preview_error(&place, &message));
            line(IconName::Alert, words)
        };
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Alert, "warn")
                heading=text::PREVIEW_FAILED.to_owned()
                sentence=|| text::PREVIEW_FAILED_TEXT
            >
                <ul class="entry-gets">{errors.into_iter().map(error).collect_view()}</ul>
            </PublicLayout>
        }
    })
}

/// The place of a field of a flow, such as `steps.0.fields.1.label`, in words; `None` for what is of the whole flow.
fn place(field: &str) -> Option<String> {
    let mut words = field.split('.');
    let mut place = Vec::new();
    while let Some(of) = words.next() {
        let Some(at) = words.next().and_then(|number| number.parse::<usize>().ok()) else { break };
        match of {
            "steps" => place.push(text::step_number(at + 1)),
            "fields" => place.push(text::field_number(at + 1)),
            "rules" => place.push(text::rule_number(at + 1)),
            _ => break,
        }
    }
    (!place.is_empty()).then(|| place.join(", "))
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_place_is_said_as_the_editor_counts() {
        for (field, words) in [
            ("steps.0.fields.11.label", Some("Step 1, field 12")),
            ("steps.1.title", Some("Step 2")),
            ("rules.2.when.0.value", Some("Rule 3")),
            ("name", None),
            ("groups.0", None),
        ] {
            assert_eq!(place(field).as_deref(), words, "{field}");
        }
    }
}
