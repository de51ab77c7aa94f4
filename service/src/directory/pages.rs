//! Pages of lists in the order of ids, which is that of creation.

use domain::directory::{Listed, Window};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use uuid::Uuid;

use crate::Error;

/// The rows of a page, and the number of all rows.
pub(super) async fn read<E: EntityTrait>(
    db: &impl ConnectionTrait,
    select: Select<E>,
    id: E::Column,
    window: Window,
    id_of: impl Fn(&E::Model) -> Uuid,
) -> Result<Listed<E::Model>, Error>
where
    E::Model: FromQueryResult + Send + Sync,
{
    let total = select.clone().count(db).await?;
    let ordered = select.order_by_asc(id);
    let (count, page) = match window {
        Window::Index { start, count } => (count, ordered.offset(start.saturating_sub(1))),
        Window::Cursor { after: None, count } => (count, ordered),
        Window::Cursor { after: Some(after), count } => (count, ordered.filter(id.gt(after))),
    };
    if count == 0 {
        return Ok(Listed { items: Vec::new(), total, next: None });
    }
    // One more, which says that there is another page.
    let mut items = page.limit(count.saturating_add(1)).all(db).await?;
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    let has_more = items.len() > most;
    items.truncate(most);
    let next = items.last().filter(|_| has_more).map(id_of);
    Ok(Listed { items, total, next })
}
