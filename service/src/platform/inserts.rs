//! Inserts that are sent to the database together.

use sea_orm::sea_query::{
    Alias, CommonTableExpression, InsertStatement, PostgresQueryBuilder, SqliteQueryBuilder, WithClause,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryTrait, Statement, Values};

/// Inserts into several tables, sent as one statement: one round trip to the database instead of one for each table.
///
/// A row may name rows that were added before it. An insert that waits for other transactions to change the same row does
/// not belong here: PostgreSQL makes them, and takes their locks, in no particular order.
#[derive(Debug, Default)]
pub(crate) struct Inserts(Vec<InsertStatement>);

impl Inserts {
    /// Adds rows of one table. Adds nothing if there are none.
    pub(crate) fn add<A: ActiveModelTrait>(&mut self, rows: impl IntoIterator<Item = A>) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_some() {
            self.0.push(A::Entity::insert_many(rows).into_query());
        }
    }

    /// Inserts the rows. If it fails, the transaction must be rolled back: some may have been inserted.
    pub(crate) async fn exec(self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let backend = db.get_database_backend();
        let statement = if backend == DbBackend::Postgres { self.into_expressions() } else { self.into_sequence() };
        match statement {
            Some((sql, values)) => {
                db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.map(|_| ())
            }
            None => Ok(()),
        }
    }

    /// For PostgreSQL, which prepares one statement at a time: all but the last are common table expressions of the last. Foreign
    /// keys are checked when all are done.
    fn into_expressions(mut self) -> Option<(String, Values)> {
        let mut last = self.0.pop()?;
        if !self.0.is_empty() {
            let mut others = WithClause::new();
            for (index, insert) in self.0.into_iter().enumerate() {
                let name = Alias::new(format!("insert_{index}"));
                others.cte(CommonTableExpression::new().table_name(name).query(insert).to_owned());
            }
            last.with_cte(others);
        }
        Some(last.build(PostgresQueryBuilder))
    }

    /// For SQLite, of which sqlx runs one after the other, with the values of all.
    fn into_sequence(self) -> Option<(String, Values)> {
        let (mut sql, mut values) = (String::new(), Vec::new());
        for insert in self.0 {
            let (one, of_one) = insert.build(SqliteQueryBuilder);
            if !sql.is_empty() {
                sql.push_str("; ");
            }
            sql.push_str(&one);
            values.extend(of_one);
        }
        (!sql.is_empty()).then_some((sql, Values(values)))
    }
}

#[cfg(test)]
mod tests {
    use domain::accounts::Role;
    use sea_orm::{ActiveValue::Set, IntoActiveModel, SqlErr};
    use uuid::Uuid;

    use super::*;
    use crate::memberships::{entity as membership, group};
    use crate::platform::tx;
    use crate::testing::{START, TestApp, on_both_databases};

    const ROWS: &str = "SELECT (SELECT COUNT(*) FROM groups) * 10 + (SELECT COUNT(*) FROM memberships)";

    fn group(id: u128, name: &str) -> group::ActiveModel {
        let now = START.as_micros();
        let (name, name_folded) = (name.to_owned(), name.to_lowercase());
        let id = Uuid::from_u128(id);
        group::Model {
            id,
            name,
            name_folded,
            description: None,
            permissions: String::new(),
            created_at: now,
            updated_at: now,
        }
        .into_active_model()
    }

    fn member(group: u128, account: Uuid) -> membership::ActiveModel {
        membership::ActiveModel {
            group_id: Set(Uuid::from_u128(group)),
            account_id: Set(account),
            is_manager: Set(false),
            ends_at: Set(None),
            reminded_of: Set(None),
            redemption_id: Set(None),
            created_at: Set(START.as_micros()),
        }
    }

    on_both_databases! {
        async fn rows_may_name_those_added_before_them(app: &TestApp) {
            let (ada, mateo) = (app.owner().await.id().0, app.account("mateo", Role::User).await.id().0);
            let mut inserts = Inserts::default();
            inserts.add([group(1, "Kiln"), group(2, "Wheel; DROP TABLE groups")]);
            inserts.add(Vec::<membership::ActiveModel>::new());
            inserts.add([member(1, ada), member(2, ada), member(2, mateo)]);
            inserts.exec(&app.ctx.db().write).await.unwrap();
            assert_eq!(app.number(ROWS).await, 23);
            let names = "SELECT COUNT(*) FROM groups WHERE name_folded = 'wheel; drop table groups'";
            assert_eq!(app.number(names).await, 1, "each value is in its place");
            Inserts::default().exec(&app.ctx.db().write).await.unwrap();
        }

        async fn what_is_violated_is_told_and_the_transaction_writes_nothing(app: &TestApp) {
            let ada = app.owner().await.id().0;
            let insert = async |inserts: Inserts| {
                let tx = tx::begin(&app.ctx).await.unwrap();
                let error = inserts.exec(&tx).await.unwrap_err().sql_err();
                drop(tx);
                assert_eq!(app.number(ROWS).await, 0);
                error
            };
            let mut twice = Inserts::default();
            twice.add([group(1, "Kiln")]);
            twice.add([member(1, ada)]);
            twice.add([group(2, "KILN")]);
            assert!(matches!(insert(twice).await, Some(SqlErr::UniqueConstraintViolation(_))));
            let mut missing = Inserts::default();
            missing.add([group(1, "Kiln")]);
            missing.add([member(2, ada)]);
            assert!(matches!(insert(missing).await, Some(SqlErr::ForeignKeyConstraintViolation(_))));
        }
    }
}
