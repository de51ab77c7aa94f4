//! What an account opened last from the search, kept in the browser: paths and titles that the dashboard shows anyway.

use domain::ids::AccountId;
use serde::{Deserialize, Serialize};

use super::recent_key;
use crate::ui::browser;

/// How many are kept.
const KEPT: usize = 8;

/// Something that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recent {
    /// Its path and query.
    pub href: String,
    /// Its title.
    pub title: String,
}

impl Recent {
    /// Whether it is a page of the staff: an account may have lost a role since it was opened.
    pub fn is_for_staff(&self) -> bool {
        !self.href.starts_with("/me")
    }
}

/// What the account opened last, newest first.
pub(super) fn read(account: AccountId) -> Vec<Recent> {
    browser::remembered(&recent_key(account)).map(|text| parse(&text)).unwrap_or_default()
}

/// Records that the account opened something.
pub(super) fn record(account: AccountId, opened: Recent) {
    let recent = with(read(account), opened);
    if let Ok(text) = serde_json::to_string(&recent) {
        browser::remember(&recent_key(account), &text);
    }
}

/// What can be read of what the browser kept. Anything on this site could have written it, so links must be paths of the
/// dashboard.
fn parse(text: &str) -> Vec<Recent> {
    let mut recent: Vec<Recent> = serde_json::from_str(text).unwrap_or_default();
    recent.retain(|one| is_path(&one.href));
    recent.truncate(KEPT);
    recent
}

fn is_path(href: &str) -> bool {
    ["/admin", "/me", "/api/docs"].iter().any(|root| {
        href.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with('?'))
    })
}

/// The list with `opened` at its head, and not a second time.
fn with(mut recent: Vec<Recent>, opened: Recent) -> Vec<Recent> {
    recent.retain(|one| one.href != opened.href);
    recent.insert(0, opened);
    recent.truncate(KEPT);
    recent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recent(n: usize) -> Recent {
        Recent { href: format!("/admin/invites/{n}"), title: n.to_string() }
    }

    #[test]
    fn the_last_eight_are_kept_each_once() {
        let list = (0..10).map(recent).fold(Vec::new(), with);
        assert_eq!(
            list.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(),
            ["9", "8", "7", "6", "5", "4", "3", "2"]
        );
        let list = with(list, Recent { title: "renamed".to_owned(), ..recent(5) });
        assert_eq!((list.len(), list[0].title.as_str()), (8, "renamed"));
        assert!(!list[1..].iter().any(|one| one.href == recent(5).href));
    }

    #[test]
    fn only_paths_of_the_dashboard_are_read() {
        let kept = |href: &str| {
            let text = serde_json::to_string(&[Recent { href: href.to_owned(), title: "x".to_owned() }]).unwrap();
            !parse(&text).is_empty()
        };
        for href in ["/admin", "/admin/invites?q=x", "/me/account", "/api/docs"] {
            assert!(kept(href), "{href}");
        }
        for href in
            ["javascript:alert(1)", "//evil.example", "https://evil.example/admin", "/administer", "/logout", ""]
        {
            assert!(!kept(href), "{href}");
        }
        assert!(parse("not json").is_empty());
    }
}
