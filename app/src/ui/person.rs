//! People.

use domain::accounts::AccountRef;
use leptos::prelude::*;

/// Someone's initials on a tint picked by their id. It decorates: the name stands beside it.
#[component]
pub fn Avatar(
    /// Whose.
    of: AccountRef,
    /// Its classes.
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

/// Someone, with avatar, name and username.
#[component]
pub fn Person(
    /// Who.
    of: AccountRef,
) -> impl IntoView {
    view! {
        <span class="who">
            <Avatar of=of.clone() />
            <span>
                <span class="cell-title clip" dir="auto">
                    {of.display_name().to_owned()}
                </span>
                <span class="cell-sub clip">{format!("@{}", of.username)}</span>
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
