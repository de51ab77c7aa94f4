//! The tables that have the words of rows, sorted by word and then by age.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::words::{Terms, Word};
use super::{ByAge, MANY};

/// The index of the words of a table.
#[derive(Debug)]
pub(crate) struct Index {
    /// The table of words.
    pub(super) words: &'static str,
    /// The table whose rows have them.
    pub(super) of: &'static str,
    /// Its columns that they are the words of.
    pub(super) texts: &'static [&'static str],
    /// Its column that has the sort key of the first of these texts that is not empty, if it is listed by name.
    pub(super) sort: Option<&'static str>,
}

/// The index of invites.
pub(crate) static INVITES: Index = Index { words: "invite_words", of: "invites", texts: &["label"], sort: None };
/// The index of accounts.
pub(crate) static ACCOUNTS: Index =
    Index { words: "account_words", of: "accounts", texts: &["name", "username", "email"], sort: Some("name_sort") };

impl Index {
    /// The table whose rows have the words.
    pub(crate) fn table(&self) -> &'static str {
        self.of
    }

    /// The column `id` of the rows.
    pub(crate) fn id(&self) -> Expr {
        Expr::col((self.of, "id"))
    }

    /// The condition that a row matches all terms.
    pub(crate) fn matches(&self, terms: &Terms) -> Condition {
        terms.patterns().fold(Condition::all(), |all, pattern| all.add(self.has(pattern)))
    }

    /// The condition that the text of a row matches a pattern of [`Terms::patterns`].
    pub(crate) fn has(&self, pattern: String) -> Expr {
        Expr::col((self.of, "words")).like(pattern)
    }

    /// Selects the ids of the rows that have a word. A row that has several such words occurs several times.
    pub(crate) fn ids(&self, word: Word<'_>) -> SelectStatement {
        Query::select().column("id").from(self.words).cond_where(is(word)).take()
    }

    /// [`Self::ids`] of a word that fewer than [`MANY`] rows have. In the order of the index and with a limit, so that
    /// PostgreSQL reads these entries one by one, and looks up their rows, without an estimate of their number.
    pub(crate) fn few_ids(&self, word: Word<'_>) -> SelectStatement {
        self.ids(word).order_by("word", Order::Asc).limit(MANY).take()
    }

    /// Selects the creation times and the ids of the rows that have a word.
    pub(super) fn entries(&self, word: &str) -> SelectStatement {
        Query::select().columns(ByAge::COLUMNS).from(self.words).cond_where(is(Word::Exactly(word))).take()
    }

    /// All words of the index that begin with a word, or `None` if there are more than `most`. Reads one entry per word.
    pub(super) async fn words(
        &self,
        db: &impl ConnectionTrait,
        word: Word<'_>,
        most: usize,
    ) -> Result<Option<Vec<String>>, DbErr> {
        let word = match word {
            Word::Exactly(word) => return Ok(Some(vec![word.to_owned()])),
            Word::Beginning(word) => word,
        };
        let sql = format!(
            "WITH RECURSIVE found (word) AS (
                SELECT MIN(word) FROM {words} WHERE word >= $1 AND word < $2
                UNION ALL
                SELECT (SELECT MIN(word) FROM {words} WHERE word > found.word AND word < $2) FROM found
                WHERE found.word IS NOT NULL
            ) SELECT word FROM found WHERE word IS NOT NULL LIMIT {limit}",
            words = self.words,
            limit = most + 1,
        );
        let range = [word.into(), end(word).into()];
        let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, range)).await?;
        let words = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?;
        Ok(Some(words).filter(|words| words.len() <= most))
    }
}

/// The word of the search that the fewest rows have, and how many, counted up to [`MANY`] per index. `None` if the search
/// has no words.
pub(crate) async fn rarest<'t>(
    db: &impl ConnectionTrait,
    indexes: &[&Index],
    terms: &'t Terms,
) -> Result<Option<(Word<'t>, u64)>, DbErr> {
    let words = terms.words();
    if words.is_empty() {
        return Ok(None);
    }
    let mut counts = Query::select();
    for word in &words {
        for index in indexes {
            counts.expr(Expr::from(bounded(index.few_ids(*word))));
        }
    }
    let row = db.query_one(&counts).await?.ok_or_else(no_count)?;
    let mut rarest: Option<(Word<'t>, u64)> = None;
    for (place, word) in words.into_iter().enumerate() {
        let mut count = 0;
        for index in 0..indexes.len() {
            count += row.try_get_by_index::<i64>(place * indexes.len() + index)?.cast_unsigned();
        }
        // Of words that many rows have, the longest one narrows down most.
        let longer = |than: Word<'_>| word.as_str().len() > than.as_str().len();
        if rarest.is_none_or(|(best, least)| count < least || (count == least && longer(best))) {
            rarest = Some((word, count));
        }
    }
    Ok(rarest)
}

/// The number of rows, counted up to [`MANY`].
pub(crate) async fn number(db: &impl ConnectionTrait, rows: SelectStatement) -> Result<u64, DbErr> {
    let row = db.query_one(&bounded(rows)).await?.ok_or_else(no_count)?;
    Ok(row.try_get_by_index::<i64>(0)?.cast_unsigned())
}

fn no_count() -> DbErr {
    DbErr::RecordNotFound("a count returned no row".to_owned())
}

/// Counts rows up to [`MANY`].
fn bounded(mut rows: SelectStatement) -> SelectStatement {
    Query::select().expr(Func::count(Expr::cust("*"))).from_subquery(rows.limit(MANY).take(), "bounded").take()
}

/// The condition that an entry has a word.
fn is(word: Word<'_>) -> Condition {
    let column = || Expr::col("word");
    match word {
        Word::Exactly(word) => Condition::all().add(column().eq(word)),
        Word::Beginning(word) => Condition::all().add(column().gte(word)).add(column().lt(end(word))),
    }
}

/// A text that sorts after all words with this beginning. Words contain no U+10FFFF, which is not a character.
fn end(beginning: &str) -> String {
    format!("{beginning}\u{10FFFF}")
}
