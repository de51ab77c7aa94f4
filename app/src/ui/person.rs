//! People: avatar, name and username.

use domain::accounts::AccountRef;
use domain::applications::{Application, ApplicationLink};
use domain::pictures::{PictureOwner, PictureVersion};
use leptos::prelude::*;

use crate::pages;

/// An account or an application, as its picture shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictured {
    /// What it is.
    pub owner: PictureOwner,
    /// The path of its picture, if it has one.
    pub path: Option<String>,
    name: String,
}

impl Pictured {
    fn new(owner: PictureOwner, picture: Option<PictureVersion>, name: &str) -> Self {
        Self { owner, path: picture.map(|version| pages::picture(owner, version)), name: name.to_owned() }
    }
}

impl From<AccountRef> for Pictured {
    fn from(account: AccountRef) -> Self {
        Self::new(PictureOwner::Account(account.id), account.picture, account.display_name())
    }
}

impl From<&Application> for Pictured {
    fn from(application: &Application) -> Self {
        Self::new(PictureOwner::Application(application.id), application.picture, application.terms.name.as_str())
    }
}

impl From<&ApplicationLink> for Pictured {
    fn from(application: &ApplicationLink) -> Self {
        Self::new(PictureOwner::Application(application.id), application.picture, application.name.as_str())
    }
}

/// The picture of an account or an application; without one, initials on a tint picked by its id. Decorative: the name stands
/// beside it.
#[component]
pub fn Avatar(
    /// The account or application.
    #[prop(into)]
    of: Pictured,
    /// The classes.
    #[prop(default = "avatar")]
    class: &'static str,
) -> impl IntoView {
    let tint = of.owner.id().as_bytes().iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) % 6 + 1;
    let inside = match of.path {
        Some(path) => view! { <img src=path alt="" loading="lazy" width="256" height="256" /> }.into_any(),
        None => initials(&of.name).into_any(),
    };
    view! {
        <span class=class data-tint=tint.to_string() aria-hidden="true">
            {inside}
        </span>
    }
}

/// A member, with avatar, name and username.
#[component]
pub fn Person(
    /// The account.
    of: AccountRef,
    /// Where the name leads.
    #[prop(optional)]
    href: Option<String>,
    /// What stands below the name beside the username.
    #[prop(optional)]
    beside: Option<AnyView>,
) -> impl IntoView {
    let (name, id) = (of.display_name().to_owned(), of.id);
    // A deleted account has no page.
    let name = match href.filter(|_| !of.is_deleted()) {
        Some(href) => view! {
            <a class="cell-title clip" dir="auto" id=format!("person-{id}") href=href>
                {name}
            </a>
        }
        .into_any(),
        None => view! {
            <span class="cell-title clip" dir="auto">
                {name}
            </span>
        }
        .into_any(),
    };
    view! {
        <span class="who">
            <Avatar of=of.clone() />
            <span>
                {name}
                {of.username.map(|username| view! { <span class="cell-sub clip">{format!("@{username}")}</span> }.into_any())}
                {beside}
            </span>
        </span>
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| c.is_whitespace() || c == '.' || c == '_').filter(|word| !word.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_of_names_of_any_length_and_script() {
        for (name, expected) in
            [("Ngozi Adeyemi-Oduya", "NA"), ("mateo", "M"), ("mateo.qh", "MQ"), ("小林 千晶", "小千"), ("", "")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
