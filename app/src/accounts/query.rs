//! The list of members in the URL: filter, order and page, so that back, reload and a shared link agree.

use domain::accounts::{AccountFilter, AccountQuery, AccountSort, AccountStatus};
use domain::paging::{Cursor, Order, Paging};

use super::text;
use crate::ui::{aria_sort, url};

/// The list's path.
pub const PATH: &str = "/admin/members";
/// The path of the list as CSV.
pub const CSV_PATH: &str = "/admin/members.csv";

/// The query of a URL, whose parameters `get` returns, for a page. What is not valid is left out.
pub fn parse(get: impl Fn(&str) -> Option<String>, paging: Paging) -> AccountQuery {
    let sort: AccountSort = url::parsed(&get, "sort").unwrap_or_default();
    AccountQuery {
        filter: AccountFilter {
            q: get("q").map(|q| q.trim().to_owned()).filter(|q| !q.is_empty()),
            status: url::parsed(&get, "status"),
            role: url::parsed(&get, "role"),
            group: url::parsed(&get, "group"),
            inviter: url::parsed(&get, "inviter"),
            ends_soon: url::parsed(&get, "ends_soon"),
        },
        sort,
        order: url::parsed(&get, "order").unwrap_or_else(|| sort.first_order()),
        paging,
    }
}

/// What the URL has besides the search and the cursor.
pub fn filters(query: &AccountQuery) -> Vec<(&'static str, Option<String>)> {
    let AccountFilter { q: _, status, role, group, inviter, ends_soon } = &query.filter;
    vec![
        ("status", status.map(|status| status.as_str().to_owned())),
        ("role", role.map(|role| role.as_str().to_owned())),
        ("group", group.map(|group| group.to_string())),
        ("inviter", inviter.map(|inviter| inviter.to_string())),
        ("ends_soon", ends_soon.map(|what| what.as_str().to_owned())),
        ("sort", (query.sort != AccountSort::default()).then(|| query.sort.as_str().to_owned())),
        ("order", (query.order != query.sort.first_order()).then(|| query.order.as_str().to_owned())),
    ]
}

/// What the URL has besides the cursor.
pub fn state(query: &AccountQuery) -> Vec<(&'static str, Option<String>)> {
    std::iter::once(("q", query.filter.q.clone())).chain(filters(query)).collect()
}

/// The URL of a list, from `cursor`.
pub fn href(query: &AccountQuery, cursor: Option<Cursor>) -> String {
    let mut pairs = state(query);
    pairs.push(("cursor", cursor.map(|cursor| cursor.to_string())));
    url::with_query(PATH, &pairs)
}

/// The URL of the same list with another status.
pub fn with_status(query: &AccountQuery, status: Option<AccountStatus>) -> String {
    let filter = AccountFilter { status, ..query.filter.clone() };
    href(&AccountQuery { filter, ..query.clone() }, None)
}

/// The URL of the same list sorted by `sort`; in the other direction if it is already.
pub fn sorted_by(query: &AccountQuery, sort: AccountSort) -> String {
    let order = if query.sort == sort { query.order.reversed() } else { sort.first_order() };
    href(&AccountQuery { sort, order, ..query.clone() }, None)
}

/// The value of `aria-sort` if the list is sorted by `sort`.
pub fn sorted(query: &AccountQuery, sort: AccountSort) -> Option<&'static str> {
    (query.sort == sort).then(|| aria_sort(query.order))
}

const ORDERS: [(&str, AccountSort, Order); 6] = [
    (text::NEWEST_FIRST, AccountSort::Created, Order::Descending),
    (text::OLDEST_FIRST, AccountSort::Created, Order::Ascending),
    (text::BY_NAME, AccountSort::Name, Order::Ascending),
    (text::BY_NAME_BACKWARDS, AccountSort::Name, Order::Descending),
    (text::ACTIVE_FIRST, AccountSort::LastActive, Order::Descending),
    (text::INACTIVE_FIRST, AccountSort::LastActive, Order::Ascending),
];

/// Every order of the list: its label, the URL of the list in it, and whether it is the current one.
pub fn orders(query: &AccountQuery) -> Vec<(&'static str, String, bool)> {
    let link = |(label, sort, order)| {
        let chosen = (query.sort, query.order) == (sort, order);
        (label, href(&AccountQuery { sort, order, ..query.clone() }, None), chosen)
    };
    ORDERS.map(link).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_pairs(pairs: &[(&str, &str)]) -> AccountQuery {
        let get = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        parse(get, Paging::default())
    }

    #[test]
    fn a_url_is_read_as_it_was_written() {
        let id = "0199f0a5-0000-7d0e-9d6a-3f0e6c1b2a77";
        let asked = parse_pairs(&[
            ("q", " ma "),
            ("status", "pending"),
            ("role", "user"),
            ("group", id),
            ("inviter", id),
            ("ends_soon", "membership"),
            ("sort", "name"),
            ("order", "desc"),
        ]);
        let expected = format!(
            "/admin/members?q=ma&status=pending&role=user&group={id}&inviter={id}&ends_soon=membership&sort=name&order=desc"
        );
        assert_eq!(href(&asked, None), expected);
        assert!(asked.filter.is_narrow());
    }

    #[test]
    fn what_is_not_valid_is_left_out() {
        let wrong = ["status", "role", "group", "inviter", "ends_soon", "sort", "order"].map(|name| (name, "x"));
        assert_eq!(parse_pairs(&wrong), AccountQuery::default());
        assert_eq!(href(&AccountQuery::default(), None), PATH);
        assert!(!parse_pairs(&[("status", "ended")]).filter.is_narrow());
    }

    #[test]
    fn sorting_again_reverses_the_list_and_every_order_is_offered() {
        let query = AccountQuery::default();
        assert_eq!(sorted_by(&query, AccountSort::Created), "/admin/members?order=asc");
        assert_eq!(sorted_by(&query, AccountSort::Name), "/admin/members?sort=name");
        let by_name = parse_pairs(&[("sort", "name")]);
        assert_eq!(sorted(&by_name, AccountSort::Name), Some("ascending"));
        assert_eq!(sorted_by(&by_name, AccountSort::Name), "/admin/members?sort=name&order=desc");
        for sort in AccountSort::ALL {
            for order in [Order::Ascending, Order::Descending] {
                assert!(ORDERS.iter().any(|&(_, one, way)| (one, way) == (sort, order)), "{sort} {order}");
            }
        }
        assert_eq!(orders(&by_name).iter().filter(|(.., chosen)| *chosen).count(), 1);
    }
}
