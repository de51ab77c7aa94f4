//! The list of invites in the address: filter, order and page are in the URL, so that back, reload and a sent link agree.

use domain::invites::{InviteQuery, InviteSort, InviteStatus};
use domain::paging::{Cursor, Order};
use leptos_router::params::ParamsMap;

use super::text;
use crate::ui::{aria_sort, paging, url};

/// The list's path.
pub const PATH: &str = "/admin/invites";

/// What the address asks for. What it says wrongly is left out: a list is a better answer than an error.
pub fn parse(params: &ParamsMap) -> InviteQuery {
    let sort = params.get_str("sort").and_then(|sort| sort.parse().ok()).unwrap_or_default();
    InviteQuery {
        q: params.get("q").map(|q| q.trim().to_owned()).filter(|q| !q.is_empty()),
        status: params.get_str("status").and_then(|status| status.parse().ok()),
        sort,
        order: params.get_str("order").and_then(|order| order.parse().ok()).unwrap_or_else(|| sort.first_order()),
        paging: paging(params),
    }
}

/// What the address says besides the search, of a list that starts from its beginning.
pub fn filters(query: &InviteQuery) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("status", query.status.map(|status| status.as_str().to_owned())),
        ("sort", (query.sort != InviteSort::default()).then(|| query.sort.as_str().to_owned())),
        ("order", (query.order != query.sort.first_order()).then(|| query.order.as_str().to_owned())),
    ]
}

/// The address of the list that `query` asks for, from `cursor`.
pub fn href(query: &InviteQuery, cursor: Option<Cursor>) -> String {
    let mut pairs = vec![("q", query.q.clone())];
    pairs.extend(filters(query));
    pairs.push(("cursor", cursor.map(|cursor| cursor.to_string())));
    url::with_query(PATH, &pairs)
}

/// The address of the same list with another filter.
pub fn with_status(query: &InviteQuery, status: Option<InviteStatus>) -> String {
    href(&InviteQuery { status, ..query.clone() }, None)
}

/// The address of the same list sorted by `sort`; the other way round if it is already.
pub fn sorted_by(query: &InviteQuery, sort: InviteSort) -> String {
    let order = if query.sort == sort { query.order.reversed() } else { sort.first_order() };
    href(&InviteQuery { sort, order, ..query.clone() }, None)
}

/// What the list can be sorted by, as the menu of a phone offers it.
const ORDERS: [(&str, InviteSort, Order); 6] = [
    (text::NEWEST_FIRST, InviteSort::Created, Order::Descending),
    (text::OLDEST_FIRST, InviteSort::Created, Order::Ascending),
    (text::SOONEST_FIRST, InviteSort::Expires, Order::Ascending),
    (text::LATEST_FIRST, InviteSort::Expires, Order::Descending),
    (text::MOST_USED_FIRST, InviteSort::Used, Order::Descending),
    (text::LEAST_USED_FIRST, InviteSort::Used, Order::Ascending),
];

/// Every order of the list: its label, the address of the list in it, and whether it is the present one.
pub fn orders(query: &InviteQuery) -> Vec<(&'static str, String, bool)> {
    let link = |(label, sort, order)| {
        let chosen = (query.sort, query.order) == (sort, order);
        (label, href(&InviteQuery { sort, order, ..query.clone() }, None), chosen)
    };
    ORDERS.map(link).into()
}

/// The value of `aria-sort` if the list is sorted by `sort`.
pub fn sorted(query: &InviteQuery, sort: InviteSort) -> Option<&'static str> {
    (query.sort == sort).then(|| aria_sort(query.order))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs.iter().map(|&(name, value)| (name, value.to_owned())).collect()
    }

    #[test]
    fn an_address_says_what_it_was_made_from() {
        let cursor = "n00000000000000010000000000000000000000000000abcd";
        let query = parse(&params(&[
            ("q", " open "),
            ("status", "paused"),
            ("sort", "used"),
            ("order", "asc"),
            ("cursor", cursor),
        ]));
        assert_eq!(query.q.as_deref(), Some("open"));
        assert_eq!(
            href(&query, query.paging.cursor),
            format!("/admin/invites?q=open&status=paused&sort=used&order=asc&cursor={cursor}")
        );
    }

    #[test]
    fn what_the_address_says_wrongly_is_left_out() {
        let query = parse(&params(&[("status", "x"), ("sort", "x"), ("order", "x"), ("cursor", "x"), ("q", " ")]));
        assert_eq!(query, InviteQuery { paging: query.paging, ..InviteQuery::default() });
        assert_eq!(query.paging.cursor, None);
        assert_eq!(href(&query, None), PATH);
    }

    #[test]
    fn sorting_again_turns_the_list_round_and_starts_from_its_beginning() {
        let query = InviteQuery::default();
        assert_eq!(sorted_by(&query, InviteSort::Created), "/admin/invites?order=asc");
        assert_eq!(sorted_by(&query, InviteSort::Used), "/admin/invites?sort=used");
        assert_eq!(sorted_by(&query, InviteSort::Expires), "/admin/invites?sort=expires");
        assert_eq!(sorted(&query, InviteSort::Created), Some("descending"));
        assert_eq!(sorted(&query, InviteSort::Used), None);
    }

    #[test]
    fn every_order_is_offered_and_one_is_the_present_one() {
        let query = parse(&params(&[("q", "open"), ("sort", "used")]));
        let orders = orders(&query);
        let chosen: Vec<_> = orders.iter().filter(|(_, _, chosen)| *chosen).map(|(label, ..)| *label).collect();
        assert_eq!(chosen, ["Most used first"]);
        assert_eq!(orders[0].1, "/admin/invites?q=open");
        assert_eq!(orders[5].1, "/admin/invites?q=open&sort=used&order=asc");
        for sort in InviteSort::ALL {
            for order in [Order::Ascending, Order::Descending] {
                assert!(ORDERS.iter().any(|&(_, one, way)| (one, way) == (sort, order)), "{sort} {order:?}");
            }
        }
    }

    #[test]
    fn what_expires_soonest_comes_first_unless_asked_otherwise() {
        let soonest = parse(&params(&[("sort", "expires")]));
        assert_eq!(sorted(&soonest, InviteSort::Expires), Some("ascending"));
        let latest = sorted_by(&soonest, InviteSort::Expires);
        assert_eq!(latest, "/admin/invites?sort=expires&order=desc");
        let latest = parse(&params(&[("sort", "expires"), ("order", "desc")]));
        assert_eq!(sorted_by(&latest, InviteSort::Expires), "/admin/invites?sort=expires");
    }
}
