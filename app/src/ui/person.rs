//! People: avatar, name and username.

use domain::accounts::AccountRef;
use leptos::prelude::*;

/// Initials on a tint picked by the account's id. Decorative: the name stands beside it.
#[component]
pub fn Avatar(
    /// The account.
    of: AccountRef,
    /// The classes.
    #[prop(default = "avatar")]
    class: &'static str,
) -> impl IntoView {
    let tint = of.id.0.as_bytes().iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) % 6 + 1;
    view! {
        <span class=class data-tint=tint.to_string() aria-hidden="true">
            {initials(of.display_name())}
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
