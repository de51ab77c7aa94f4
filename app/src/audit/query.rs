//! The audit log in the URL: filter and page, so that back, reload and a shared link agree.

use domain::Timestamp;
use domain::audit::{AuditFilter, AuditQuery};
use domain::events::Action;
use domain::paging::{Cursor, Paging};

use crate::pages;
use crate::ui::url;

/// The list's path.
pub const PATH: &str = pages::AUDIT.path;
/// The path of the list as CSV.
pub const CSV_PATH: &str = "/admin/audit.csv";

/// The query of a URL, whose parameters `get` returns, for a page. What is not valid is left out, and so are actions that are not
/// of the chosen kind.
pub fn parse(get: impl Fn(&str) -> Option<String>, paging: Paging) -> AuditQuery {
    let kind = url::parsed(&get, "kind");
    let names = get("action").unwrap_or_default();
    let actions = names.split(',').filter_map(|name| name.parse::<Action>().ok());
    let actions = actions.filter(|action| kind.is_none_or(|kind| kind == action.subject_kind())).collect();
    let filter = AuditFilter {
        actor: url::parsed(&get, "actor"),
        actions,
        kind,
        subject: url::parsed(&get, "subject"),
        from: get("from").and_then(|day| first_instant(&day)),
        until: get("until").and_then(|day| first_instant(&day)).map(|at| Timestamp::from_day(at.day() + 1)),
    };
    AuditQuery { filter, paging }
}

/// The first instant of a day, such as `2026-11-21`, in UTC.
fn first_instant(day: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{day}T00:00:00Z"))
}

/// The day of an instant, as [`first_instant`] reads it.
fn day(at: Timestamp) -> String {
    at.to_rfc3339().chars().take_while(|c| *c != 'T').collect()
}

/// What the URL has besides the cursor.
pub fn state(filter: &AuditFilter) -> Vec<(&'static str, Option<String>)> {
    let AuditFilter { actor, actions, kind, subject, from, until } = filter;
    let names: Vec<_> = actions.iter().map(|action| action.as_str()).collect();
    vec![
        ("kind", kind.map(|kind| kind.as_str().to_owned())),
        ("action", (!names.is_empty()).then(|| names.join(","))),
        ("actor", actor.map(|actor| actor.to_string())),
        ("subject", subject.map(|subject| subject.to_string())),
        ("from", from.map(day)),
        // The last day, which is listed whole.
        ("until", until.map(|until| day(Timestamp::from_day(until.day() - 1)))),
    ]
}

/// The URL of a list, from `cursor`.
pub fn href(filter: &AuditFilter, cursor: Option<Cursor>) -> String {
    let mut pairs = state(filter);
    pairs.push(("cursor", cursor.map(|cursor| cursor.to_string())));
    url::with_query(PATH, &pairs)
}

#[cfg(test)]
mod tests {
    use domain::events::SubjectKind;

    use super::*;

    fn of(query: &[(&str, &str)]) -> AuditFilter {
        let get = |name: &str| query.iter().find(|pair| pair.0 == name).map(|pair| pair.1.to_owned());
        parse(get, Paging::default()).filter
    }

    #[test]
    fn a_filter_reads_back_from_its_url() {
        let query = [
            ("kind", "invite"),
            ("action", "invite.pause,invite.resume"),
            ("actor", "00000000-0000-0000-0000-000000000001"),
            ("subject", "00000000-0000-0000-0000-000000000002"),
            ("from", "2026-11-01"),
            ("until", "2026-11-30"),
        ];
        let filter = of(&query);
        assert_eq!(filter.actions, [Action::InvitePaused, Action::InviteResumed]);
        assert_eq!(filter.until, Timestamp::parse("2026-12-01T00:00:00Z"), "the last day is listed whole");
        let again: Vec<_> = state(&filter).into_iter().map(|(name, value)| (name, value.unwrap())).collect();
        assert_eq!(again.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>(), query);
    }

    #[test]
    fn what_is_not_valid_is_left_out() {
        assert_eq!(
            of(&[("kind", "door"), ("action", "a,b"), ("actor", "ada"), ("from", "yesterday")]),
            AuditFilter::default()
        );
        let of_another_kind = of(&[("kind", "group"), ("action", "invite.pause")]);
        assert_eq!(of_another_kind, AuditFilter { kind: Some(SubjectKind::Group), ..AuditFilter::default() });
    }
}
