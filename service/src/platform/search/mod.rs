//! Search in lists. The words of a row are computed here, written with the row, and indexed by triggers (`docs/adr/0015`).

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

mod index;
#[cfg(test)]
mod tests;
mod upkeep;
mod words;

pub(crate) use index::{ACCOUNTS, INVITES, Index, number, rarest};
pub(crate) use upkeep::{forget, mismatches, update};
pub(crate) use words::Terms;

/// The number of candidates from which sorting them all takes noticeable time.
pub(crate) const MANY: u64 = 1_000;
/// The number of different words up to which their rows are merged by age. Each is one more range of the index to read.
const MAX_MERGED: usize = 16;

/// The words by which an invite is found.
pub(crate) fn invite_words(label: Option<&str>) -> String {
    words::text(label)
}

/// The key by which a list is sorted by name: the name without case and accents.
pub(crate) fn sort_key(name: &str) -> String {
    words::sort_key(name)
}

/// The words by which an account is found.
pub(crate) fn account_words(name: Option<&str>, username: &str, email: &str) -> String {
    words::text(name.into_iter().chain([username, email]))
}

/// What a list is searched for.
#[derive(Clone, Debug)]
pub(crate) enum Search {
    /// Nothing: the list has all its rows.
    Off,
    /// Something that no row has.
    Nothing,
    /// Something that rows may have.
    Rows(Box<Candidates>),
}

/// The rows that a search may find.
#[derive(Clone, Debug)]
pub(crate) struct Candidates {
    /// Selects the ids of all rows that match, and perhaps of others.
    pub(crate) ids: SelectStatement,
    /// The condition that a row matches.
    pub(crate) matches: Condition,
    /// Whether there are at least [`MANY`].
    pub(crate) many: bool,
    /// The same candidates in the order of their age, if the index has them in few pieces.
    pub(crate) by_age: Option<ByAge>,
}

/// Candidates that the index has in the order of their age.
#[derive(Clone, Debug)]
pub(crate) struct ByAge {
    index: &'static Index,
    words: Vec<String>,
    /// A further candidate.
    also: Option<Uuid>,
}

impl Search {
    /// The search for the rows of `index` that match all `terms`, and for the row `also`.
    pub(crate) async fn new(
        db: &impl ConnectionTrait,
        index: &'static Index,
        terms: &Terms,
        also: Option<Uuid>,
    ) -> Result<Self, DbErr> {
        let rarest = index::rarest(db, &[index], terms).await?;
        let Some((word, count)) = rarest.filter(|(_, count)| *count > 0) else {
            return Ok(also.map_or(Self::Nothing, |id| Self::only(index, id)));
        };
        let many = count >= MANY;
        let words = if many { index.words(db, word, MAX_MERGED).await? } else { None };
        let mut ids = if many { index.ids(word) } else { index.few_ids(word) };
        let mut matches = Condition::any().add(index.matches(terms));
        if let Some(id) = also {
            ids = with(ids, id);
            matches = matches.add(index.id().eq(id));
        }
        let by_age = words.map(|words| ByAge { index, words, also });
        Ok(Self::Rows(Box::new(Candidates { ids, matches, many, by_age })))
    }

    /// The search that finds this row.
    fn only(index: &Index, id: Uuid) -> Self {
        let ids = Query::select().expr(Expr::val(id)).take();
        let matches = Condition::all().add(index.id().eq(id));
        Self::Rows(Box::new(Candidates { ids, matches, many: false, by_age: None }))
    }
}

impl ByAge {
    /// The columns by which the entries of a word are sorted: the time of creation and the id of the row.
    pub(crate) const COLUMNS: [&str; 2] = ["created_at", "id"];

    /// The ids of the first candidates in a list by age that meet the condition. `first` sorts entries and limits them to
    /// the first of the list.
    pub(crate) fn first(&self, condition: &Condition, first: impl Fn(&mut SelectStatement)) -> SelectStatement {
        let entries = |word: &String| {
            let mut entries = self.index.entries(word);
            first(entries.cond_where(condition.clone()));
            entries
        };
        let all = match self.words.as_slice() {
            [word] => entries(word),
            words => {
                // Each part has its limit, so that PostgreSQL reads the index in order and does not sort all entries.
                let part = |word| Query::select().columns(Self::COLUMNS).from_subquery(entries(word), "part").take();
                let mut parts = words.iter().map(part);
                let mut all = parts.next().unwrap_or_default();
                all.unions(parts.map(|part| (UnionType::All, part)));
                first(&mut all);
                all
            }
        };
        match self.also {
            Some(id) => with(all, id),
            None => Query::select().column("id").from_subquery(all, "first").take(),
        }
    }
}

/// The ids that `rows` select, and one more. `rows` may be sorted and limited: they are a query of their own, because the
/// order of a UNION is that of the whole, in which SQLite knows only the columns of the result.
fn with(rows: SelectStatement, id: Uuid) -> SelectStatement {
    let also = Query::select().expr(Expr::val(id)).take();
    Query::select().column("id").from_subquery(rows, "found").union(UnionType::All, also).take()
}
