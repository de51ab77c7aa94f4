//! The end of a preview: what would become of somebody who answers so.

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
