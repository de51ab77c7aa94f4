//! Queries over the audit log.

use domain::audit::{AuditFilter, AuditQuery};
use domain::events::Action;
use domain::paging::Order;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Select};

use crate::audit::entity::{Column, Entity, Model};
use crate::platform::paging::Seek;

/// The rows of a page, and one further row if there is one.
pub(super) async fn page(db: &impl ConnectionTrait, query: &AuditQuery) -> Result<Vec<Model>, DbErr> {
    match select(query) {
        Some(select) => select.all(db).await,
        None => Ok(Vec::new()),
    }
}

/// The query of a page; `None` if no action is listed.
///
/// Several actions are read one by one, each by its index, and merged. Of one account, or of one thing, the rows with these
/// actions are searched instead.
pub(super) fn select(query: &AuditQuery) -> Option<Select<Entity>> {
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging: query.paging };
    let filter = &query.filter;
    let list = Entity::find().filter(of(filter));
    let with = |actions: &[Action]| {
        let names = actions.iter().map(|action| action.as_str());
        list.clone().filter(Column::Action.is_in(names))
    };
    Some(match filter.listed().as_deref() {
        None => seek.page(list),
        Some([]) => return None,
        Some([one]) => seek.page(list.filter(Column::Action.eq(one.as_str()))),
        Some(several) if filter.actor.is_some() || filter.subject.is_some() => seek.page(with(several)),
        Some(several) => seek.any_of(several.iter().map(|one| list.clone().filter(Column::Action.eq(one.as_str())))),
    })
}

/// The condition of a filter without its actions.
fn of(filter: &AuditFilter) -> Condition {
    Condition::all()
        .add_option(filter.actor.map(|actor| Column::ActorId.eq(actor.0)))
        .add_option(filter.subject.map(|subject| Column::SubjectId.eq(subject)))
        .add_option(filter.from.map(|from| Column::CreatedAt.gte(from.as_micros())))
        .add_option(filter.until.map(|until| Column::CreatedAt.lt(until.as_micros())))
}
