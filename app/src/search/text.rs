//! The texts of the search.

/// The button that opens the search, and its field.
pub(super) const SEARCH_OR_JUMP: &str = "Search or jump to…";
/// The name of the dialog.
pub(super) const SEARCH: &str = "Search";
/// The placeholder of the field for readers without the script.
pub(super) const SEARCH_INVITES: &str = "Search invites";
/// The shortcut where Control is held, and where Command is.
pub(super) const SHORTCUT: [&str; 2] = ["Ctrl K", "⌘K"];

/// When it did not arrive.
pub(super) const NOT_LOADED: &str = "Search could not be loaded. Check your connection, then try again.";
/// The button that tries again.
pub(super) const TRY_AGAIN: &str = "Try again";

/// The name of the list of results.
pub(super) const RESULTS: &str = "Results";
/// While the first results are read.
pub(super) const SEARCHING: &str = "Searching…";
/// What is searched, for those who may see the lists.
pub(super) const SEARCHED: &str = "Search looks through invites, members, groups, redemptions, pages and actions.";
/// What is searched for the others.
pub(super) const SEARCHED_BY_MEMBERS: &str = "Search looks through pages and actions.";

/// The headings of groups of results.
pub(super) const RECENT: &str = "Recent";
pub(super) const PAGES: &str = "Pages";
pub(super) const ACTIONS: &str = "Actions";
pub(super) const SUGGESTED: &str = "Suggested actions";
pub(super) const INVITES: &str = "Invites";
pub(super) const MEMBERS: &str = "Members";
pub(super) const GROUPS: &str = "Groups";
pub(super) const REDEMPTIONS: &str = "Redemptions";
pub(super) const MORE: &str = "Search in a list";

/// The button that empties the list of recent results.
pub(super) const CLEAR_RECENT: &str = "Clear recent";

/// What Enter does.
pub(super) const OPEN: &str = "Open";
pub(super) const RUN: &str = "Run";

/// The keys, below the results: what they do, and their names where Control and where Command is held.
pub(super) const KEYS: [(&str, [&str; 2]); 3] =
    [("to move", ["↑ ↓"; 2]), ("to choose", ["Enter"; 2]), ("for a new tab", ["Ctrl Enter", "⌘ Enter"])];

/// A page: its title and other words by which it is found.
pub(super) struct PageText {
    pub title: &'static str,
    pub words: &'static str,
}

pub(super) const OVERVIEW: PageText = PageText { title: "Overview", words: "dashboard statistics chart start" };
pub(super) const INVITES_PAGE: PageText = PageText { title: "Invites", words: "links codes" };
pub(super) const INVITATIONS_PAGE: PageText =
    PageText { title: "Invitations", words: "sent emails mailings recipients bounced" };
pub(super) const REDEMPTIONS_PAGE: PageText =
    PageText { title: "Redemptions", words: "uses sign-ups joined export csv" };
pub(super) const MEMBERS_PAGE: PageText =
    PageText { title: "Members", words: "accounts people users pending approval" };
pub(super) const GROUPS_PAGE: PageText = PageText { title: "Groups", words: "teams permissions managers" };
pub(super) const APPLICATIONS_PAGE: PageText =
    PageText { title: "Applications", words: "apps openid connect oidc sso single sign-on clients" };
pub(super) const WEBHOOKS_PAGE: PageText =
    PageText { title: "Webhooks", words: "events integrations deliveries notify" };
pub(super) const AUDIT: PageText = PageText { title: "Audit log", words: "history events changes activity security" };
pub(super) const SETTINGS: PageText =
    PageText { title: "Settings", words: "registration site name welcome preferences verification" };
pub(super) const MAIL: PageText = PageText { title: "E-mail", words: "email smtp server sender outgoing test" };
pub(super) const FLOWS: PageText =
    PageText { title: "Flows", words: "sign-up signup form fields questions steps rules import" };
pub(super) const TERMS: PageText = PageText { title: "Terms", words: "conduct conditions legal accept versions" };
pub(super) const HOME: PageText = PageText { title: "Home", words: "welcome me" };
pub(super) const OWN_INVITES: PageText = PageText { title: "Your invites", words: "links codes" };
pub(super) const ACCOUNT: PageText =
    PageText { title: "Account", words: "profile display name password sessions api keys me" };
pub(super) const API_REFERENCE: PageText =
    PageText { title: "API reference", words: "docs documentation rest openapi" };

pub(super) const CREATE_INVITE: PageText = PageText { title: "Create invite", words: "new add link code" };
pub(super) const INVITE_BY_MAIL: PageText =
    PageText { title: "Invite by e-mail", words: "send invitations email csv list addresses bulk" };
pub(super) const CREATE_FLOW: PageText = PageText { title: "Create flow", words: "new sign-up form fields add" };
pub(super) const SHORTCUTS: PageText = PageText { title: "Keyboard shortcuts", words: "keys help" };
pub(super) const SIGN_OUT: PageText = PageText { title: "Sign out", words: "log out logout leave" };
pub(super) const DARK: PageText = PageText { title: "Switch to dark", words: "theme colours colors night mode" };
pub(super) const LIGHT: PageText = PageText { title: "Switch to light", words: "theme colours colors day mode" };
pub(super) const SYSTEM: PageText =
    PageText { title: "Use the system’s colours", words: "theme colors dark light mode switch" };

/// Words that may stand before the name of a page: `open settings`, `go to members`.
pub(super) const GO_WORDS: [&str; 3] = ["open", "go", "to"];

/// The acts on a found invite: the verb by which it is found, and the label with the invite's title.
pub(super) const COPY_LINK: &str = "Copy link";
pub(super) const PAUSE: &str = "Pause";
pub(super) const RESUME: &str = "Resume";

/// `Copy link of “Open evening”`.
pub(super) fn copy_link_of(title: &str) -> String {
    format!("{COPY_LINK} of “{title}”")
}

/// `Pause “Open evening”`.
pub(super) fn act_on_invite(verb: &str, title: &str) -> String {
    format!("{verb} “{title}”")
}

/// `Suspend Mateo Quispe…`, from the label of the act and the member's name.
pub(super) fn act_on_member(label: &str, name: &str) -> String {
    let (verb, asks) = label.strip_suffix('…').map_or((label, ""), |verb| (verb, "…"));
    // After a verb of several words the name would read as part of it.
    let colon = if verb.contains(' ') { ":" } else { "" };
    format!("{verb}{colon} {name}{asks}")
}

/// The words that may stand between *copy* and the title of an invite.
pub(super) const COPY_WORDS: [&str; 2] = ["link", "of"];

/// An invite without a name among the recent results.
pub(super) const UNNAMED_INVITE: &str = "Unnamed invite";

/// The status of an active invite while registration is closed.
pub(super) const ON_HOLD: &str = "On hold";

/// `Active, 3 of 10 uses`.
pub(super) fn invite(status: &str, used: u32, max_uses: Option<u32>) -> String {
    match max_uses {
        Some(max) => format!("{status}, {used} of {max} uses"),
        None if used == 1 => format!("{status}, 1 use"),
        None => format!("{status}, {used} uses"),
    }
}

/// `@mateo, Member, Active`.
pub(super) fn member(username: &str, role: &str, status: &str) -> String {
    format!("@{username}, {role}, {status}")
}

/// `Redemptions of “Open evening”`.
pub(super) fn redemptions_of(invite: &str) -> String {
    format!("Redemptions of “{invite}”")
}

/// `Signed up with “Open evening”`.
pub(super) fn signed_up_with(invite: &str) -> String {
    format!("Signed up with “{invite}”")
}

/// `Search invites for “open”`.
pub(super) fn search_invites_for(typed: &str) -> String {
    format!("Search invites for “{typed}”")
}

/// `Search members for “open”`.
pub(super) fn search_members_for(typed: &str) -> String {
    format!("Search members for “{typed}”")
}

/// `No results for “open”.`
pub(super) fn no_results_for(typed: &str) -> String {
    format!("No results for “{typed}”.")
}

/// What a screen reader says when there are results.
pub(super) fn count(results: usize) -> String {
    match results {
        0 => "No results".to_owned(),
        1 => "1 result".to_owned(),
        many => format!("{many} results"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_names_its_member() {
        assert_eq!(act_on_member("Suspend…", "Mateo"), "Suspend Mateo…");
        assert_eq!(act_on_member("Approve", "Mateo"), "Approve Mateo");
        assert_eq!(act_on_member("Move to pending approval", "Mateo"), "Move to pending approval: Mateo");
    }
}
