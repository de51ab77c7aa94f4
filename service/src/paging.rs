//! Keyset paging over a query.

use domain::invites::Order;
use domain::paging::{Cursor, Page, Paging, Towards};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// Orders `select` by `key`, then `id`, from the cursor on, with one row more than the page holds: that row tells
/// whether there is another page.
pub(crate) fn seek<E: EntityTrait>(
    select: Select<E>,
    key: SimpleExpr,
    id: SimpleExpr,
    order: Order,
    paging: Paging,
) -> Select<E> {
    let backwards = paging.cursor.is_some_and(|cursor| cursor.towards == Towards::Previous);
    let ascending = (order == Order::Ascending) != backwards;
    let select = match paging.cursor {
        None => select,
        Some(cursor) => {
            let row = Expr::tuple([key.clone(), id.clone()]);
            let place = Expr::tuple([Expr::value(cursor.key), Expr::value(cursor.id)]);
            select.filter(if ascending { row.gt(place) } else { row.lt(place) })
        }
    };
    let direction = if ascending { sea_orm::Order::Asc } else { sea_orm::Order::Desc };
    select.order_by(key, direction.clone()).order_by(id, direction).limit(u64::from(paging.limit.get()) + 1)
}

/// The page that [`seek`] found, in the list's order, with the cursors to its neighbours.
pub(crate) fn page<R>(mut rows: Vec<R>, paging: Paging, place: impl Fn(&R) -> (i64, Uuid)) -> Page<R> {
    let more = rows.len() > usize::from(paging.limit.get());
    rows.truncate(paging.limit.get().into());
    let (has_previous, has_next) = match paging.cursor.map(|cursor| cursor.towards) {
        None => (false, more),
        Some(Towards::Next) => (true, more),
        Some(Towards::Previous) => {
            rows.reverse();
            (more, true)
        }
    };
    let cursor = |row: Option<&R>, towards| {
        row.map(|row| {
            let (key, id) = place(row);
            Cursor { towards, key, id }
        })
    };
    let next_cursor = cursor(rows.last().filter(|_| has_next), Towards::Next);
    let previous_cursor = cursor(rows.first().filter(|_| has_previous), Towards::Previous);
    Page { items: rows, next_cursor, previous_cursor }
}

/// What someone looks for, folded, if they look for anything. No stored text holds a NUL, and PostgreSQL refuses to be
/// asked for one: what replaces it is not stored either.
pub(crate) fn search(q: Option<&str>) -> Option<String> {
    let q = q?.trim();
    (!q.is_empty()).then(|| q.to_lowercase().replace('\0', "\u{FFFD}"))
}

/// What follows every text that begins with `prefix`, in byte order.
pub(crate) fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}
