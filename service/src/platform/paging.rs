//! Keyset paging over a query, and search in paged lists.

use domain::invites::Order;
use domain::paging::{Count, Cursor, Direction, Page, Paging};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};
use uuid::Uuid;

use crate::Error;

/// The number of matches from which a search result is large.
const LARGE_RESULT: u64 = 1_000;
/// The number of rows that are scanned in list order for a search with a large result.
const SCAN_WINDOW: u64 = 10_000;

/// A keyset query: the order of a list, and the page to read.
#[derive(Clone, Debug)]
pub(crate) struct Seek {
    /// The sort key: a column or an expression that is indexed together with `id`.
    pub(crate) key: SimpleExpr,
    /// The tie-breaker for rows with the same sort key.
    pub(crate) id: SimpleExpr,
    /// The order of the list.
    pub(crate) order: Order,
    /// The start and the length of the page.
    pub(crate) paging: Paging,
}

impl Seek {
    /// The rows of the page, and one further row if there is one. The further row means that there is another page.
    ///
    /// The matches of a search are read through the index of the search and then sorted. For a large result this would
    /// sort every match to return one page. In that case the next [`SCAN_WINDOW`] rows of the list are scanned first,
    /// because enough matches are probably among them. Only if they do not fill the page, all matches are sorted.
    pub(crate) async fn rows<E: EntityTrait>(
        &self,
        db: &impl ConnectionTrait,
        list: Select<E>,
        search: Option<Condition>,
    ) -> Result<Vec<E::Model>, DbErr> {
        let Some(search) = search else { return self.page(list).all(db).await };
        if has_large_result::<E>(db, search.clone(), &self.id).await? {
            let mut window = self.after_cursor(list.clone()).limit(SCAN_WINDOW);
            let window = QueryTrait::query(&mut window).take();
            let mut matches = self.page(E::find().filter(search.clone()));
            QueryTrait::query(&mut matches).from_clear().from_subquery(window, E::default().table_name().to_owned());
            let matches = matches.all(db).await?;
            if matches.len() as u64 > u64::from(self.paging.limit.get()) {
                return Ok(matches);
            }
        }
        self.page(list.filter(search)).all(db).await
    }

    fn page<E: EntityTrait>(&self, list: Select<E>) -> Select<E> {
        self.after_cursor(list).limit(u64::from(self.paging.limit.get()) + 1)
    }

    /// The rows of the list after the cursor, in reading order.
    fn after_cursor<E: EntityTrait>(&self, list: Select<E>) -> Select<E> {
        let backwards = self.paging.cursor.is_some_and(|cursor| cursor.direction == Direction::Previous);
        let ascending = (self.order == Order::Ascending) != backwards;
        let list = match self.paging.cursor {
            None => list,
            Some(cursor) => {
                let row = Expr::tuple([self.key.clone(), self.id.clone()]);
                let position = Expr::tuple([Expr::value(cursor.key), Expr::value(cursor.id)]);
                list.filter(if ascending { row.gt(position) } else { row.lt(position) })
            }
        };
        let order = if ascending { sea_orm::Order::Asc } else { sea_orm::Order::Desc };
        list.order_by(self.key.clone(), order.clone()).order_by(self.id.clone(), order)
    }
}

async fn has_large_result<E: EntityTrait>(
    db: &impl ConnectionTrait,
    search: Condition,
    id: &SimpleExpr,
) -> Result<bool, DbErr> {
    let last = E::find().select_only().expr(id.clone()).filter(search).offset(LARGE_RESULT - 1).limit(1);
    Ok(last.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// The page of the rows that [`Seek::rows`] returned, in list order, with the cursors of the next and previous pages.
/// `position` returns the sort value and the id of a row.
pub(crate) fn page<R>(mut rows: Vec<R>, paging: Paging, position: impl Fn(&R) -> (i64, Uuid)) -> Page<R> {
    let more = rows.len() > usize::from(paging.limit.get());
    rows.truncate(paging.limit.get().into());
    let (has_previous, has_next) = match paging.cursor.map(|cursor| cursor.direction) {
        None => (false, more),
        Some(Direction::Next) => (true, more),
        Some(Direction::Previous) => {
            rows.reverse();
            (more, true)
        }
    };
    let cursor = |row: Option<&R>, direction| {
        row.map(|row| {
            let (key, id) = position(row);
            Cursor { direction, key, id }
        })
    };
    let next_cursor = cursor(rows.last().filter(|_| has_next), Direction::Next);
    let previous_cursor = cursor(rows.first().filter(|_| has_previous), Direction::Previous);
    Page { items: rows, next_cursor, previous_cursor }
}

/// Counts rows up to [`Count::BOUND`].
pub(crate) async fn count<E: EntityTrait>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<Count, Error> {
    let row = db.query_one(&bounded(rows)).await?.ok_or_else(|| Error::internal("a count returned no row"))?;
    Ok(Count::from_rows(row.try_get_by_index::<i64>(0)?.try_into().unwrap_or(0)))
}

/// The query of [`count`].
pub(crate) fn bounded<E: EntityTrait>(rows: Select<E>) -> SelectStatement {
    let rows = rows.select_only().expr(Expr::val(1)).limit(u64::from(Count::BOUND) + 1).into_query();
    Query::select().expr(Func::count(Expr::cust("*"))).from_subquery(rows, Alias::new("bounded")).take()
}

/// The search text, trimmed and in lower case; `None` if it is empty. NUL is replaced by U+FFFD, because PostgreSQL
/// refuses it in a query and no stored text contains either.
pub(crate) fn search(q: Option<&str>) -> Option<String> {
    let q = q?.trim();
    (!q.is_empty()).then(|| q.to_lowercase().replace('\0', "\u{FFFD}"))
}

/// The condition that `column` begins with `prefix`. The column must be sorted by bytes.
pub(crate) fn begins_with(column: impl ColumnTrait, prefix: &str) -> Condition {
    // Sorts after every text with this prefix.
    let end = format!("{prefix}\u{10FFFF}");
    Condition::all().add(column.gte(prefix)).add(column.lt(end))
}
