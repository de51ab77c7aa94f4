//! Computing the words of rows that were written without them, or by other rules, and checking the index.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use uuid::Uuid;

use super::index::{ACCOUNTS, INVITES, Index};
use super::words;

/// The number of rows that are read and written at a time.
const BATCH: u64 = 1_000;

/// Brings the index up to date: all of it if it was computed by other rules, as after a migration; otherwise rows without
/// words, which a process of an earlier version writes.
pub(crate) async fn update(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let version = words::version();
    if version_of(db).await?.as_deref() == Some(version.as_str()) {
        for index in [&INVITES, &ACCOUNTS] {
            index.compute(db, Rows::WithoutWords).await?;
        }
        return Ok(());
    }
    for index in [&INVITES, &ACCOUNTS] {
        db.execute_unprepared(&format!("DELETE FROM {}", index.words)).await?;
        index.compute(db, Rows::All).await?;
    }
    // Last, so that what was interrupted is repeated.
    forget(db).await?;
    execute(db, "INSERT INTO search_index (id, version) VALUES (1, $1)", vec![version.into()]).await
}

/// Makes the next [`update`] compute the whole index.
pub(crate) async fn forget(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    db.execute_unprepared("DELETE FROM search_index").await.map(|_| ())
}

/// The number of rows whose words are not those of their texts, and of entries of the index that are missing or that no
/// row has. Reads every row.
pub(crate) async fn mismatches(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let mut wrong = 0;
    for index in [&INVITES, &ACCOUNTS] {
        wrong += index.wrong_rows(db).await? + index.wrong_entries(db).await?;
    }
    Ok(wrong)
}

/// The rules by which the index was computed.
async fn version_of(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let row = db.query_one(Query::select().column("version").from("search_index")).await?;
    row.map(|row| row.try_get_by_index(0)).transpose()
}

async fn execute(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<(), DbErr> {
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.map(|_| ())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    All,
    WithoutWords,
}

impl Index {
    /// Computes the words of rows, from which the triggers fill the table of words.
    async fn compute(&self, db: &impl ConnectionTrait, rows: Rows) -> Result<(), DbErr> {
        let mut last = Uuid::nil();
        loop {
            let batch = self.batch(db, last, rows).await?;
            let Some(end) = batch.last() else { return Ok(()) };
            if rows == Rows::All {
                // What is already the same would not be entered again.
                let clear =
                    format!("UPDATE {} SET words = NULL WHERE id > $1 AND id <= $2 AND words IS NOT NULL", self.of);
                execute(db, &clear, vec![last.into(), end.id.into()]).await?;
            }
            last = end.id;
            let places = (0..batch.len()).map(|row| format!("(${}, ${}, ${})", 3 * row + 1, 3 * row + 2, 3 * row + 3));
            let places = places.collect::<Vec<_>>().join(", ");
            let values =
                batch.into_iter().flat_map(|row| [row.id.into(), row.computed.into(), row.sort_key.into()]).collect();
            let sort = self.sort.map(|sort| format!(", {sort} = computed.sort_key")).unwrap_or_default();
            let set = format!(
                "WITH computed (id, words, sort_key) AS (VALUES {places})
                UPDATE {of} SET words = computed.words{sort} FROM computed WHERE {of}.id = computed.id",
                of = self.of
            );
            execute(db, &set, values).await?;
        }
    }

    /// The next rows after the id `last`, by id.
    async fn batch(&self, db: &impl ConnectionTrait, last: Uuid, rows: Rows) -> Result<Vec<Row>, DbErr> {
        let mut next = Query::select();
        next.columns(["id", "words"]).columns(self.sort).columns(self.texts.iter().copied()).from(self.of);
        next.and_where(Expr::col("id").gt(last)).order_by("id", sea_orm::Order::Asc).limit(BATCH);
        if rows == Rows::WithoutWords {
            next.and_where(Expr::col("words").is_null());
        }
        db.query_all(&next).await?.iter().map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &QueryResult) -> Result<Row, DbErr> {
        let texts = self.texts.iter().map(|text| row.try_get::<Option<String>>("", text));
        let texts = texts.collect::<Result<Vec<_>, _>>()?;
        let computed = words::text(texts.iter().flatten().map(String::as_str));
        let sorted_by = texts.iter().flatten().find(|text| !text.is_empty());
        let sort_key = sorted_by.map(|text| words::sort_key(text)).unwrap_or_default();
        let stored_key = self.sort.map(|sort| row.try_get::<String>("", sort)).transpose()?;
        let sorts = stored_key.is_none_or(|stored| stored == sort_key);
        Ok(Row { id: row.try_get("", "id")?, stored: row.try_get("", "words")?, computed, sort_key, sorts })
    }

    async fn wrong_rows(&self, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let (mut wrong, mut last) = (0, Uuid::nil());
        loop {
            let batch = self.batch(db, last, Rows::All).await?;
            let Some(end) = batch.last() else { return Ok(wrong) };
            last = end.id;
            wrong += batch.iter().filter(|row| row.stored.as_ref() != Some(&row.computed) || !row.sorts).count() as u64;
        }
    }

    async fn wrong_entries(&self, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let expected = match db.get_database_backend() {
            DbBackend::Postgres => format!(
                "SELECT word COLLATE \"C\" AS word, created_at, id
                FROM {of}, unnest(string_to_array(substr(words, 2), ' ')) AS word WHERE words <> ''",
                of = self.of
            ),
            _ => format!(
                "SELECT value AS word, created_at, {of}.id
                FROM {of}, json_each('[\"' || replace(substr(words, 2), ' ', '\",\"') || '\"]') WHERE words <> ''",
                of = self.of
            ),
        };
        let entered = format!("SELECT word, created_at, id FROM {}", self.words);
        let sql = format!(
            "SELECT COUNT(*) FROM (
                SELECT * FROM ({expected} EXCEPT {entered}) AS missing
                UNION ALL SELECT * FROM ({entered} EXCEPT {expected}) AS unknown
            ) AS wrong"
        );
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
        row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0).map(i64::cast_unsigned))
    }
}

/// A row that is searched.
struct Row {
    id: Uuid,
    stored: Option<String>,
    computed: String,
    sort_key: String,
    /// Whether the stored sort key is that one.
    sorts: bool,
}
