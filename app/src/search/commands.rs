//! Pages and actions that are found by their words.

use domain::access::Permission;
use domain::viewer::Viewer;

use super::QuickSearch;
use super::item::{Does, Item};
use super::text::{self, PageText};
use crate::pages;
use crate::request::Theme;
use crate::ui::{IconName, browser};

/// A page that can be found.
struct Place {
    page: pages::Page,
    icon: IconName,
    text: PageText,
}

/// The reference of the API, for those who may have keys. The page itself is public.
const API_REFERENCE: pages::Page = pages::Page { path: "/api/docs", needs: Some(Permission::ApiKeysCreate) };

const PAGES: [Place; 17] = [
    Place { page: pages::OVERVIEW, icon: IconName::Overview, text: text::OVERVIEW },
    Place { page: pages::INVITES, icon: IconName::Invites, text: text::INVITES_PAGE },
    Place { page: pages::INVITATIONS, icon: IconName::Mail, text: text::INVITATIONS_PAGE },
    Place { page: pages::REDEMPTIONS, icon: IconName::Redemptions, text: text::REDEMPTIONS_PAGE },
    Place { page: pages::MEMBERS, icon: IconName::Members, text: text::MEMBERS_PAGE },
    Place { page: pages::GROUPS, icon: IconName::Groups, text: text::GROUPS_PAGE },
    Place { page: pages::APPLICATIONS, icon: IconName::Applications, text: text::APPLICATIONS_PAGE },
    Place { page: pages::WEBHOOKS, icon: IconName::Webhooks, text: text::WEBHOOKS_PAGE },
    Place { page: pages::AUDIT, icon: IconName::Audit, text: text::AUDIT },
    Place { page: pages::SETTINGS, icon: IconName::Settings, text: text::SETTINGS },
    Place { page: pages::MAIL, icon: IconName::Mail, text: text::MAIL },
    Place { page: pages::FLOWS, icon: IconName::Filter, text: text::FLOWS },
    Place { page: pages::TERMS, icon: IconName::Check, text: text::TERMS },
    Place { page: pages::HOME, icon: IconName::Overview, text: text::HOME },
    Place { page: pages::OWN_INVITES, icon: IconName::Invites, text: text::OWN_INVITES },
    Place { page: pages::ACCOUNT, icon: IconName::User, text: text::ACCOUNT },
    Place { page: API_REFERENCE, icon: IconName::Info, text: text::API_REFERENCE },
];

/// The pages that `typed` finds and the viewer may see; all of those if it is empty.
pub(super) fn pages(viewer: &Viewer, typed: &str) -> Vec<Item> {
    let offered = PAGES.iter().filter(|page| pages::is_offered(page.page, viewer));
    let item = |page: &Place| {
        let title = page.text.title.to_owned();
        let does = Does::Open { href: page.page.path.to_owned(), recent: Some(title.clone()) };
        Item { icon: page.icon, title, detail: None, verb: text::OPEN, does }
    };
    best_first(offered.map(|page| (&page.text, page)), typed).into_iter().map(item).collect()
}

/// An action that is about nothing that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    CreateInvite,
    /// The same on the page of the viewer's own invites.
    CreateOwnInvite,
    InviteByMail,
    CreateFlow,
    UseTheme(Theme),
    Shortcuts,
    SignOut,
}

const ACTIONS: [(PageText, Action); 9] = [
    (text::CREATE_INVITE, Action::CreateInvite),
    (text::CREATE_INVITE, Action::CreateOwnInvite),
    (text::INVITE_BY_MAIL, Action::InviteByMail),
    (text::CREATE_FLOW, Action::CreateFlow),
    (text::SHORTCUTS, Action::Shortcuts),
    (text::DARK, Action::UseTheme(Theme::Dark)),
    (text::LIGHT, Action::UseTheme(Theme::Light)),
    (text::SYSTEM, Action::UseTheme(Theme::System)),
    (text::SIGN_OUT, Action::SignOut),
];

impl Action {
    /// Whether it is offered to the viewer, who sees the dashboard in the colours of `theme`.
    fn is_offered(self, viewer: &Viewer, theme: Theme) -> bool {
        match self {
            Self::CreateInvite => {
                viewer.may(Permission::InvitesCreate) && pages::INVITES.is_open_to(viewer.permissions)
            }
            Self::CreateOwnInvite => viewer.may(Permission::InvitesCreate) && viewer.is_led_to_own_invites(),
            Self::InviteByMail => pages::invites_by_mail(viewer),
            Self::CreateFlow => viewer.may(Permission::SettingsChange) && pages::FLOWS.is_open_to(viewer.permissions),
            // All but two of the shortcuts are about pages of the staff.
            Self::Shortcuts => viewer.is_staff(),
            Self::UseTheme(other) => other != theme,
            Self::SignOut => true,
        }
    }

    fn item(self, title: &'static str, search: QuickSearch) -> Item {
        let act = |icon, run: fn()| Item::act(icon, title.to_owned(), text::RUN, run);
        match self {
            Self::CreateInvite | Self::CreateOwnInvite => {
                let page = if self == Self::CreateInvite { pages::INVITES } else { pages::OWN_INVITES };
                let href = format!("{}?new=1", page.path);
                let does = Does::Open { href, recent: None };
                Item { icon: IconName::Plus, title: title.to_owned(), detail: None, verb: text::OPEN, does }
            }
            Self::InviteByMail => {
                let does = Does::Open { href: pages::NEW_INVITATIONS.to_owned(), recent: None };
                Item { icon: IconName::Mail, title: title.to_owned(), detail: None, verb: text::OPEN, does }
            }
            Self::CreateFlow => {
                let does = Does::Open { href: pages::NEW_FLOW.to_owned(), recent: None };
                Item { icon: IconName::Plus, title: title.to_owned(), detail: None, verb: text::OPEN, does }
            }
            Self::Shortcuts => Item::act(IconName::Info, title.to_owned(), text::OPEN, move || search.show_shortcuts()),
            // What the account menu offers is done by its own controls, so that they agree with what was chosen.
            Self::UseTheme(Theme::Dark) => act(IconName::Settings, || browser::click("#user-menu [value=dark]")),
            Self::UseTheme(Theme::Light) => act(IconName::Settings, || browser::click("#user-menu [value=light]")),
            Self::UseTheme(Theme::System) => act(IconName::Settings, || browser::click("#user-menu [value=system]")),
            Self::SignOut => act(IconName::Logout, || browser::click("#sign-out")),
        }
    }
}

/// The actions that `typed` finds and the viewer may do; all of those if it is empty.
pub(super) fn actions(viewer: &Viewer, theme: Theme, search: QuickSearch, typed: &str) -> Vec<Item> {
    let offered = ACTIONS.iter().filter(|(_, action)| action.is_offered(viewer, theme));
    let found = best_first(offered.map(|(text, action)| (text, (text.title, *action))), typed);
    found.into_iter().map(|(title, action)| action.item(title, search)).collect()
}

/// Those whose words `typed` finds, before the others those that it finds by their title.
fn best_first<'a, T>(all: impl Iterator<Item = (&'a PageText, T)>, typed: &str) -> Vec<T> {
    let wanted = wanted(typed);
    if wanted.is_empty() && !typed.is_empty() {
        return Vec::new();
    }
    let finds = |words: &[String]| wanted.iter().all(|one| words.iter().any(|word| word.starts_with(one.as_str())));
    let (mut by_title, mut by_others) = (Vec::new(), Vec::new());
    for (text, one) in all {
        let mut words = words(text.title);
        if finds(&words) {
            by_title.push(one);
            continue;
        }
        words.extend(self::words(text.words));
        if finds(&words) {
            by_others.push(one);
        }
    }
    by_title.append(&mut by_others);
    by_title
}

/// The words that are looked for: all that were typed, but not that something shall be opened.
fn wanted(typed: &str) -> Vec<String> {
    let all = words(typed);
    let name = all.iter().position(|word| !text::GO_WORDS.contains(&word.as_str()));
    name.map_or(all.clone(), |first| all[first..].to_vec())
}

/// The words of a text, in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The titles that `typed` finds among the pages.
    fn found(typed: &str) -> Vec<&'static str> {
        best_first(PAGES.iter().map(|page| (&page.text, page.text.title)), typed)
    }

    #[test]
    fn pages_are_found_by_the_beginnings_of_their_words() {
        assert_eq!(found("").len(), PAGES.len());
        assert_eq!(found("SETT"), ["Settings"]);
        assert_eq!(found("ref api"), ["API reference"]);
        // By title before by other words.
        assert_eq!(found("me"), ["Members", "Home", "Account"]);
        assert_eq!(found("password"), ["Account"]);
        assert_eq!(found("ettings"), [] as [&str; 0]);
        assert_eq!(found("settings of mateo"), [] as [&str; 0]);
        assert_eq!(found("…"), [] as [&str; 0]);
    }

    #[test]
    fn open_and_go_to_are_not_looked_for() {
        assert_eq!(found("open settings"), ["Settings"]);
        assert_eq!(found("go to members"), ["Members"]);
        // Alone they are the beginning of something else: of OpenID and OpenAPI.
        assert_eq!(found("open"), ["Applications", "API reference"]);
    }
}
