//! Statements whose text never changes, and which Diesel prepares anew at each call all the same: it can't know that of an
//! `UPDATE`, whose columns may depend on its values.

use diesel::{
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    result::QueryResult,
};

/// A statement that Postgres parses once for each connection, and may plan once.
#[derive(Debug, Clone, Copy)]
pub struct Prepared<Q>(Q);

/// For statements whose text does not depend on their values: a connection keeps every text for as long as it lives.
pub trait Prepare: Sized {
    /// Has it prepared at the first call on a connection, and found there by its text after that.
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<Q: QueryFragment<Pg>> Prepare for Q {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}
