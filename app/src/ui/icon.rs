//! Icons, from one sprite. The names are an enum, so that a missing icon does not compile.

use leptos::prelude::*;

use crate::request::Assets;

macro_rules! icons {
    ($($variant:ident = $id:literal),+ $(,)?) => {
        /// A symbol of `style/icons.svg`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IconName {
            $(#[doc = concat!("`", $id, "`")] $variant),+
        }

        impl IconName {
            /// Every icon.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The symbol's id in the sprite.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => concat!("i-", $id)),+ }
            }
        }
    };
}

icons! {
    Alert = "alert",
    Applications = "applications",
    ArrowDown = "arrow-down",
    ArrowRight = "arrow-right",
    ArrowUp = "arrow-up",
    Audit = "audit",
    Ban = "ban",
    Calendar = "calendar",
    Check = "check",
    Clock = "clock",
    Close = "x",
    Copy = "copy",
    Dot = "dot",
    Down = "down",
    Download = "download",
    Extend = "extend",
    Eye = "eye",
    Full = "full",
    Globe = "globe",
    Grip = "grip",
    Groups = "groups",
    Hourglass = "hourglass",
    Info = "info",
    Invites = "invites",
    Key = "key",
    Left = "left",
    Link = "link",
    Lock = "lock",
    Logout = "logout",
    Mail = "mail",
    Members = "members",
    Menu = "menu",
    More = "more",
    Overview = "overview",
    Pause = "pause",
    Pencil = "pencil",
    Play = "play",
    Plus = "plus",
    Redemptions = "redemptions",
    Refresh = "refresh",
    Right = "right",
    Search = "search",
    Settings = "settings",
    Share = "share",
    Shield = "shield",
    Filter = "filter",
    Sort = "sort",
    Trash = "trash",
    Undo = "undo",
    Upload = "upload",
    User = "user",
    Webhooks = "webhooks",
}

/// An icon. Decorative: the word beside it, or the control's accessible name, has its meaning.
#[component]
pub fn Icon(
    /// Which.
    name: IconName,
    /// Further classes, such as `icon-sm`.
    #[prop(default = "icon")]
    class: &'static str,
) -> impl IntoView {
    let href = format!("{}#{}", Assets::current().url("icons.svg"), name.id());
    view! {
        <svg class=class aria-hidden="true">
            <use href=href></use>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_symbol_and_every_symbol_has_a_name() {
        let sprite = include_str!("../../../style/icons.svg");
        for icon in IconName::ALL {
            assert!(sprite.contains(&format!("<symbol id=\"{}\"", icon.id())), "{icon:?}");
        }
        assert_eq!(sprite.matches("<symbol ").count(), IconName::ALL.len());
    }
}
