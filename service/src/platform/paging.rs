//! Keyset paging over a query, and search in paged lists.

use domain::paging::{Count, Counts, Cursor, Direction, Order, Page, Paging};
use domain::{Code, Failure};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, LikeExpr, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};
use uuid::Uuid;

use crate::Error;
use crate::platform::search::{ByAge, Candidates, Search};

/// The number of rows that are scanned in list order for a search that may find many.
const SCAN_WINDOW: u64 = 10_000;

/// A keyset query: the order of a list, and the page to read.
#[derive(Clone, Debug)]
pub(crate) struct Seek {
    /// The sort key: a column or an expression that is indexed together with `id`.
    pub(crate) key: SimpleExpr,
    /// The tie-breaker for rows with the same sort key.
    pub(crate) id: SimpleExpr,
    /// Whether the sort key is the time of creation.
    pub(crate) by_age: bool,
    /// The sort value of the cursor's row, where it is a text and so not in the cursor.
    pub(crate) text: Option<String>,
    /// The order of the list.
    pub(crate) order: Order,
    /// The start and the length of the page.
    pub(crate) paging: Paging,
}

/// A page of rows by their name, folded, in `column`.
///
/// # Errors
/// [`Code::Invalid`] under `cursor` if its row was deleted meanwhile.
pub(crate) async fn by_name<E: EntityTrait>(
    db: &impl ConnectionTrait,
    select: Select<E>,
    paging: Paging,
    (name, id): (E::Column, E::Column),
    id_of: impl Fn(&E::Model) -> Uuid,
) -> Result<Page<E::Model>, Error> {
    let text = match paging.cursor {
        Some(Cursor { id: at, .. }) => {
            let row = E::find().select_only().column(name).filter(id.eq(at)).into_tuple::<String>().one(db).await?;
            let gone = || Failure::field(Code::Invalid, "cursor", Cursor::invalid().to_string());
            Some(row.ok_or_else(gone)?)
        }
        None => None,
    };
    let (key, id) = (Expr::col((E::default(), name)), Expr::col((E::default(), id)));
    let seek = Seek { key, id, by_age: false, text, order: Order::Ascending, paging };
    let rows = seek.rows(db, select, Search::Off).await?;
    Ok(page(rows, paging, |row| (0, id_of(row))))
}

/// The pattern of texts in lower case that contain `q`.
pub(crate) fn containing(q: &str) -> LikeExpr {
    let escape = |c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]);
    let escaped: String = q.to_lowercase().chars().flat_map(escape).collect();
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

impl Seek {
    /// The rows of the page, and one further row if there is one. The further row means that there is another page.
    ///
    /// The candidates of a search are read through its index and then sorted. If there are many, this would sort them all
    /// to return one page. In that case the first ones in list order are read before, because enough matches are probably
    /// among them. Only if they do not fill the page, all candidates are sorted.
    pub(crate) async fn rows<E: EntityTrait>(
        &self,
        db: &impl ConnectionTrait,
        list: Select<E>,
        search: Search,
    ) -> Result<Vec<E::Model>, DbErr> {
        let search = match search {
            Search::Off => return self.page(list).all(db).await,
            Search::Nothing => return Ok(Vec::new()),
            Search::Rows(search) => search,
        };
        for first in self.first_matches(&list, &search) {
            let matches = first.all(db).await?;
            if matches.len() as u64 == self.rows_to_read() {
                return Ok(matches);
            }
        }
        self.page(self.among(list, search.ids, search.matches)).all(db).await
    }

    /// Queries for those rows of the page that are among the first in list order, cheapest first. Their result is the page
    /// if it has as many rows as one.
    pub(crate) fn first_matches<E: EntityTrait>(&self, list: &Select<E>, search: &Candidates) -> Vec<Select<E>> {
        if !search.many {
            return Vec::new();
        }
        if let Some(by_age) = search.by_age.as_ref().filter(|_| self.by_age) {
            let [key, id] = ByAge::COLUMNS.map(Expr::col);
            let after = Condition::all().add_option(self.after(&key, &id));
            let first = |rows| {
                let first = |entries: &mut SelectStatement| {
                    entries.order_by_expr(key.clone(), self.direction()).order_by_expr(id.clone(), self.direction());
                    entries.limit(rows);
                };
                self.page(self.among(list.clone(), by_age.first(&after, first), search.matches.clone()))
            };
            // Half as many again as a page has, because filters may leave some out.
            return vec![first(self.rows_to_read() * 3 / 2), first(SCAN_WINDOW)];
        }
        let mut window = self.after_cursor(list.clone()).limit(SCAN_WINDOW);
        let window = QueryTrait::query(&mut window).take();
        let mut matches = self.page(E::find().filter(search.matches.clone()));
        QueryTrait::query(&mut matches).from_clear().from_subquery(window, E::default().table_name().to_owned());
        vec![matches]
    }

    /// The rows of the list that are among `ids` and match.
    pub(crate) fn among<E: EntityTrait>(&self, list: Select<E>, ids: SelectStatement, matches: Condition) -> Select<E> {
        list.filter(self.id.clone().in_subquery(ids)).filter(matches)
    }

    /// The page of the rows that are in any of some lists, which have no row in common: the first ones of each list are read
    /// in its order, and only those are sorted.
    pub(crate) fn any_of<E: EntityTrait>(&self, lists: impl IntoIterator<Item = Select<E>>) -> Select<E> {
        let table = || E::default().table_name().to_owned();
        // SQLite takes a limit in a part of a union only within a table of its own.
        let part =
            |list| Query::select().expr(Expr::cust("*")).from_subquery(self.page(list).into_query(), table()).take();
        let mut parts = lists.into_iter().map(part);
        let mut page = self.page(E::find());
        if let Some(mut first) = parts.next() {
            let union = parts.fold(&mut first, |all, part| all.union(UnionType::All, part)).take();
            QueryTrait::query(&mut page).from_clear().from_subquery(union, table());
        }
        page
    }

    /// The rows of a page, and the further one.
    fn rows_to_read(&self) -> u64 {
        u64::from(self.paging.limit.get()) + 1
    }

    /// The rows of a page of a list, and the further one.
    pub(crate) fn page<E: EntityTrait>(&self, list: Select<E>) -> Select<E> {
        self.after_cursor(list).limit(self.rows_to_read())
    }

    /// The rows of the list after the cursor, in reading order.
    fn after_cursor<E: EntityTrait>(&self, list: Select<E>) -> Select<E> {
        let list = match self.after(&self.key, &self.id) {
            None => list,
            Some(after) => list.filter(after),
        };
        list.order_by(self.key.clone(), self.direction()).order_by(self.id.clone(), self.direction())
    }

    /// The condition that a row with this sort key and id comes after the cursor, if there is one.
    fn after(&self, key: &SimpleExpr, id: &SimpleExpr) -> Option<SimpleExpr> {
        let Cursor { key: after_key, id: after_id, .. } = self.paging.cursor?;
        let row = Expr::tuple([key.clone(), id.clone()]);
        let after_key = self.text.clone().map_or_else(|| Expr::value(after_key), Expr::value);
        let position = Expr::tuple([after_key.clone(), Expr::value(after_id)]);
        let (row, near) = if self.is_ascending() {
            (row.gt(position), key.clone().gte(after_key))
        } else {
            (row.lt(position), key.clone().lte(after_key))
        };
        // SQLite finds a position by an index on columns, but not by one on an expression, only a value of it.
        Some(if matches!(key, Expr::Column(_)) { row } else { near.and(row) })
    }

    fn direction(&self) -> sea_orm::Order {
        if self.is_ascending() { sea_orm::Order::Asc } else { sea_orm::Order::Desc }
    }

    /// Whether the page is read in ascending order: in that of the list, or against it to the previous page.
    fn is_ascending(&self) -> bool {
        let backwards = self.paging.cursor.is_some_and(|cursor| cursor.direction == Direction::Previous);
        (self.order == Order::Ascending) != backwards
    }
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

/// Counts rows up to [`Count::FEW`], for what is shown beside something else.
pub(crate) async fn count_few<E: EntityTrait>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<Count, Error> {
    let row = db.query_one(&bounded_by(Count::FEW, rows)).await?;
    let row = row.ok_or_else(|| Error::internal("a count returned no row"))?;
    Ok(Count::up_to(Count::FEW, row.try_get_by_index::<i64>(0)?.try_into().unwrap_or(0)))
}

/// Counts the rows of a list, of each status and of all, each up to [`Count::BOUND`].
pub(crate) async fn counts<E: EntityTrait, S: Copy>(
    db: &impl ConnectionTrait,
    statuses: impl IntoIterator<Item = S>,
    rows: impl Fn(Option<S>) -> Select<E>,
) -> Result<Counts<S>, Error> {
    let mut by_status = Vec::new();
    for status in statuses {
        by_status.push((status, count(db, rows(Some(status))).await?));
    }
    Ok(Counts { all: count(db, rows(None)).await?, by_status })
}

/// The query of [`count`].
pub(crate) fn bounded<E: EntityTrait>(rows: Select<E>) -> SelectStatement {
    bounded_by(Count::BOUND, rows)
}

fn bounded_by<E: EntityTrait>(bound: u32, rows: Select<E>) -> SelectStatement {
    let rows = rows.select_only().expr(Expr::val(1)).limit(u64::from(bound) + 1).into_query();
    Query::select().expr(Func::count(Expr::cust("*"))).from_subquery(rows, Alias::new("bounded")).take()
}
