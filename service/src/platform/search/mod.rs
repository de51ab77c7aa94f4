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
pub(crate) use words::{Terms, Word};

/// The number of candidates from which sorting them all takes noticeable time.
pub(crate) const MANY: u64 = 1_000;
/// The number of different words up to which their rows are merged by age. Each is one more range of the index to read.
const MAX_MERGED: usize = 16;

/// The words by which an invite is found.
pub(crate) fn invite_words(label: Option<&str>) -> String {
    words::text(label)
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
        let mut ids = index.ids(word);
        let mut matches = Condition::any().add(index.matches(terms));
        if let Some(id) = also {
            ids.union(UnionType::All, Query::select().expr(Expr::val(id)).take());
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
    /// The ids of the first candidates in a list by age. `part` restricts the rows of one word, given the columns of the
    /// sort value and the id, to those of the list; `order` sorts and limits them.
    pub(crate) fn first(
        &self,
        part: impl Fn(&mut SelectStatement, [Expr; 2]),
        order: impl FnOnce(&mut SelectStatement, [Expr; 2]),
    ) -> SelectStatement {
        let columns = || ["created_at", "id"].map(Expr::col);
        let mut parts = self.words.iter().map(|word| {
            let mut rows = self.index.rows(Word::Exactly(word));
            part(&mut rows, columns());
            rows
        });
        let mut all = parts.next().unwrap_or_default();
        all.unions(parts.map(|part| (UnionType::All, part)));
        order(&mut all, columns());
        let mut ids = Query::select().column("id").from_subquery(all, "first").take();
        if let Some(id) = self.also {
            ids.union(UnionType::All, Query::select().expr(Expr::val(id)).take());
        }
        ids
    }
}
