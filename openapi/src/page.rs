//! Lists come in pages.

/// One page of a list, as every list answers it: the items, and where the next page starts.
pub trait Page {
    /// What the list holds.
    type Item;

    /// The items, and the cursor of the next page if there is one.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>);
}

/// The page size when `limit` is left out.
pub const DEFAULT_LIMIT: u32 = 25;
/// The largest page.
pub const MAX_LIMIT: u32 = 100;
