//! Whose events somebody hears of. Pure rules.

use rapport_contract::events::EventObjectType;

/// The kinds of objects that somebody may list, and of whose events they hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reach(Vec<EventObjectType>);

impl Reach {
    /// The kinds that `may` allows.
    pub(super) fn of(may: impl Fn(EventObjectType) -> bool) -> Self {
        Self(EventObjectType::ALL.into_iter().filter(|kind| may(*kind)).collect())
    }

    /// What it is.
    pub(super) fn kinds(&self) -> &[EventObjectType] {
        &self.0
    }
}
