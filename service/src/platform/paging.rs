//! Keyset paging over a query, and searching in what is paged.

use domain::invites::Order;
use domain::paging::{Count, Cursor, Page, Paging, Towards};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};
use uuid::Uuid;

use crate::Error;

/// A search finds many from so many rows on.
const MANY: u64 = 1_000;
/// How many rows are looked through for what many have in common.
const STRETCH: u64 = 10_000;

/// Where in a list one is.
#[derive(Clone, Debug)]
pub(crate) struct Seek {
    /// What the list is ordered by: a column, or an expression, that has an index batcher with `id`.
    pub(crate) key: SimpleExpr,
    /// What orders the rows whose key is the same.
    pub(crate) id: SimpleExpr,
    /// In which direction the list goes.
    pub(crate) order: Order,
    /// Where one is, and how many rows one sees.
    pub(crate) paging: Paging,
}

impl Seek {
    /// The rows of the page, and one more where there is one: it tells whether there is another page.
    ///
    /// With a `search` it matters how many it finds. A few are fetched by their own index and sorted. Of many the index
    /// would bring all, to sort them for one page; but among many the next ones in the list's order are near, and the
    /// list itself is looked through for a stretch. Only what is common and yet far from here is sorted all the same.
    pub(crate) async fn rows<E: EntityTrait>(
        &self,
        db: &impl ConnectionTrait,
        list: Select<E>,
        search: Option<Condition>,
    ) -> Result<Vec<E::Model>, DbErr> {
        let Some(search) = search else { return self.page(list).all(db).await };
        if finds_many::<E>(db, search.clone(), &self.id).await? {
            let mut stretch = self.onwards(list.clone()).limit(STRETCH);
            let stretch = QueryTrait::query(&mut stretch).take();
            let mut near = self.page(E::find().filter(search.clone()));
            QueryTrait::query(&mut near).from_clear().from_subquery(stretch, E::default().table_name().to_owned());
            let near = near.all(db).await?;
            if near.len() as u64 > u64::from(self.paging.limit.get()) {
                return Ok(near);
            }
        }
        self.page(list.filter(search)).all(db).await
    }

    fn page<E: EntityTrait>(&self, list: Select<E>) -> Select<E> {
        self.onwards(list).limit(u64::from(self.paging.limit.get()) + 1)
    }

    /// The list from the cursor on.
    fn onwards<E: EntityTrait>(&self, list: Select<E>) -> Select<E> {
        let backwards = self.paging.cursor.is_some_and(|cursor| cursor.towards == Towards::Previous);
        let ascending = (self.order == Order::Ascending) != backwards;
        let list = match self.paging.cursor {
            None => list,
            Some(cursor) => {
                let row = Expr::tuple([self.key.clone(), self.id.clone()]);
                let place = Expr::tuple([Expr::value(cursor.key), Expr::value(cursor.id)]);
                list.filter(if ascending { row.gt(place) } else { row.lt(place) })
            }
        };
        let direction = if ascending { sea_orm::Order::Asc } else { sea_orm::Order::Desc };
        list.order_by(self.key.clone(), direction.clone()).order_by(self.id.clone(), direction)
    }
}

async fn finds_many<E: EntityTrait>(
    db: &impl ConnectionTrait,
    search: Condition,
    id: &SimpleExpr,
) -> Result<bool, DbErr> {
    let last = E::find().select_only().expr(id.clone()).filter(search).offset(MANY - 1).limit(1);
    Ok(last.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// The page that [`Seek::rows`] found, in the list's order, with the cursors to its neighbours.
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

/// Counts rows, but no further than [`Count::BOUND`].
pub(crate) async fn count<E: EntityTrait>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<Count, Error> {
    let row = db.query_one(&bounded(rows)).await?.ok_or_else(|| Error::internal("a count came back empty"))?;
    Ok(Count::from_rows(row.try_get_by_index::<i64>(0)?.try_into().unwrap_or(0)))
}

/// The query of [`count`].
pub(crate) fn bounded<E: EntityTrait>(rows: Select<E>) -> SelectStatement {
    let rows = rows.select_only().expr(Expr::val(1)).limit(u64::from(Count::BOUND) + 1).into_query();
    Query::select().expr(Func::count(Expr::cust("*"))).from_subquery(rows, Alias::new("bounded")).take()
}

/// What someone looks for, folded, if they look for anything. No stored text holds a NUL, and PostgreSQL refuses to be
/// asked for one: what replaces it is not stored either.
pub(crate) fn search(q: Option<&str>) -> Option<String> {
    let q = q?.trim();
    (!q.is_empty()).then(|| q.to_lowercase().replace('\0', "\u{FFFD}"))
}

/// The rows whose `column`, which is sorted by bytes, begins with `prefix`.
pub(crate) fn begins_with(column: impl ColumnTrait, prefix: &str) -> Condition {
    // What follows every text that begins so.
    let end = format!("{prefix}\u{10FFFF}");
    Condition::all().add(column.gte(prefix)).add(column.lt(end))
}
